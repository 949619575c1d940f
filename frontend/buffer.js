// @ts-check
/** What the stream has brought so far: one trajectory per descent, in columns of a fixed length. */

export const columns = /** @type {const} */ (["x", "y", "loss", "learning_rate", "gradient_norm", "evaluations"]);

export class Trajectory {
  /** @param {string} label @param {number} capacity steps + 1 */
  constructor(label, capacity) {
    this.label = label;
    /** How many iterates are known. */ this.length = 0;
    /** @type {{status: string, reason: string | null, steps: number} | null} */ this.end = null;
    this.x = new Float64Array(capacity);
    this.y = new Float64Array(capacity);
    this.loss = new Float64Array(capacity);
    this.learning_rate = new Float64Array(capacity);
    this.gradient_norm = new Float64Array(capacity);
    this.evaluations = new Float64Array(capacity);
  }

  get last() {
    return this.length - 1;
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
    this.trajectories = start.labels.map((/** @type {string} */ label) => new Trajectory(label, start.experiment.steps + 1));
    this.complete = false;
  }

  /** @param {any} line frames or an end; other lines say nothing about trajectories */
  accept(line) {
    const trajectory = this.trajectories[line.descent];
    if (!trajectory) return;
    if (line.type === "end") {
      trajectory.end = {status: line.status, reason: line.reason, steps: line.steps};
      this.complete = this.trajectories.every((one) => one.end);
    } else if (line.type === "frames") {
      for (const column of columns) {
        const values = line[column];
        // A null would become 0, a place that was never visited.
        for (let i = 0; i < values.length; i++) trajectory[column][line.step + i] = values[i] ?? NaN;
      }
      trajectory.length = line.step + line.x.length;
    }
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
