// @ts-check
/** What the stream has brought so far: one trajectory per descent, in columns of a fixed length. */

export const columns = /** @type {const} */ (["x", "y", "loss", "learning_rate", "gradient_norm", "evaluations"]);
/** What only some surfaces and gradients bring. */
export const extras = /** @type {const} */ (["batch_loss", "test_loss", "accuracy", "test_accuracy"]);
const averaged = /** @type {const} */ (["step", "x", "y", "loss"]);

/** A second path: the average of a descent's iterates, an entry for each that was taken. */
export class Average {
  /** @param {number} capacity */
  constructor(capacity) {
    /** How many averages are known. */ this.length = 0;
    this.step = new Float64Array(capacity);
    this.x = new Float64Array(capacity);
    this.y = new Float64Array(capacity);
    this.loss = new Float64Array(capacity);
  }

  get last() {
    return this.length - 1;
  }

  /** @param {any} line columns to append */
  append(line) {
    for (const column of averaged) {
      for (let i = 0; i < line.step.length; i++) this[column][this.length + i] = line[column][i] ?? NaN;
    }
    this.length += line.step.length;
  }

  /** Where it is at a position in the steps, as an index with fractions; −1 before the first. @param {number} position */
  at(position) {
    let [low, high] = [-1, this.last];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.step[middle] <= position) low = middle;
      else high = middle - 1;
    }
    // Between averages that are far apart nobody knows better than the last one.
    const next = low >= 0 && low < this.last && this.step[low + 1] - this.step[low] === 1;
    return next ? low + position - this.step[low] : low;
  }
}

export class Trajectory {
  /** @param {string} label @param {number} capacity steps + 1 @param {number | null} [perEpoch] @param {[number, number] | null} [start] where that is known */
  constructor(label, capacity, perEpoch = null, start = null) {
    this.label = label;
    this.capacity = capacity;
    /** Updates in which every example is seen once; null where there are no examples. */ this.stepsPerEpoch = perEpoch;
    /** @type {Average | null} */ this.average = null;
    /** The loss of each step's mini-batch. @type {Float64Array | null} */ this.batch_loss = null;
    /** @type {Float64Array | null} */ this.test_loss = null;
    /** @type {Float64Array | null} */ this.accuracy = null;
    /** @type {Float64Array | null} */ this.test_accuracy = null;
    /** How many iterates are known. */ this.length = 0;
    /** @type {{status: string, reason: string | null, steps: number} | null} */ this.end = null;
    this.x = new Float64Array(capacity);
    this.y = new Float64Array(capacity);
    this.loss = new Float64Array(capacity);
    this.learning_rate = new Float64Array(capacity);
    this.gradient_norm = new Float64Array(capacity);
    this.evaluations = new Float64Array(capacity);
    // A descent that ends where it begins has no entry, but a place.
    if (start) [this.x[0], this.y[0]] = start;
  }

  get last() {
    return this.length - 1;
  }

  /** @param {Float64Array} column @param {number} step @param {Array<number | null>} values */
  take(column, step, values) {
    // A null would become 0, a place that was never visited.
    for (let i = 0; i < values.length; i++) column[step + i] = values[i] ?? NaN;
  }

  /** Whether it went the whole way, rather than stopping for a reason one must be told. */
  get lost() {
    return this.end !== null && (this.end.status === "diverged" || this.end.status === "escaped");
  }
}

export class Buffer {
  /** @param {any} start the stream's first line */
  constructor(start) {
    this.experiment = start.experiment;
    this.key = start.key;
    /** @type {Trajectory[]} */
    this.trajectories = start.labels.map((/** @type {string} */ label, /** @type {number} */ i) => new Trajectory(label, start.experiment.steps + 1, start.steps_per_epoch?.[i] ?? null, start.experiment.descents?.[i]?.start ?? null));
    /** Where it shows a plane through many weights. @type {{weights: number, explained: [number, number] | null} | null} */
    this.plane = start.plane ?? null;
    this.complete = false;
  }

  /** @param {any} line of a trajectory or of the plane; others say nothing that is kept */
  accept(line) {
    if (line.type === "plane") this.plane = {weights: line.weights, explained: line.explained};
    const trajectory = this.trajectories[line.descent];
    if (!trajectory) return;
    if (line.type === "end") {
      trajectory.end = {status: line.status, reason: line.reason, steps: line.steps};
      this.complete = this.trajectories.every((one) => one.end);
    } else if (line.type === "frames") {
      for (const column of columns) trajectory.take(trajectory[column], line.step, line[column]);
      for (const column of extras) {
        if (line[column]) trajectory.take(trajectory[column] ??= new Float64Array(trajectory.capacity).fill(NaN), line.step, line[column]);
      }
      trajectory.length = line.step + line.x.length;
    } else if (line.type === "average") {
      (trajectory.average ??= new Average(trajectory.capacity)).append(line);
    }
  }

  /** No more will come: the user has cancelled it. */
  cut() {
    for (const one of this.trajectories) one.end ??= {status: "cancelled", reason: `${one.label} was cancelled after step ${one.last}.`, steps: one.last};
    this.complete = true;
  }

  /** The last step that every descent has reached or ended before: the clock may go so far. */
  get available() {
    const running = this.trajectories.filter((one) => !one.end);
    return Math.max(0, running.length ? Math.min(...running.map((one) => one.last)) : this.longest);
  }

  get longest() {
    return Math.max(0, ...this.trajectories.map((one) => one.last));
  }

  /** The length of the timeline. */
  get steps() {
    return this.complete ? this.longest : this.experiment.steps;
  }
}

/** @param {Buffer} buffer */
export const hasEpochs = ({trajectories}) => trajectories.some(({stepsPerEpoch}) => stepsPerEpoch !== null);

/** How often the examples have been seen by now, in words; nothing where there are none. @param {Buffer} buffer @param {number} step */
export function epochs({trajectories}, step) {
  const counts = trajectories.flatMap(({stepsPerEpoch, last}) => (stepsPerEpoch === null ? [] : [Math.max(0, Math.min(step, last)) / stepsPerEpoch]));
  if (!counts.length) return "";
  const [least, most] = [Math.min(...counts), Math.max(...counts)].map((count) => count.toFixed(count % 1 ? 1 : 0));
  return least === most ? `epoch ${least}` : `epochs ${least} to ${most}`;
}
