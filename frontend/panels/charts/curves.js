// @ts-check
/** What a chart shows: functions from the trajectories to curves. */

/**
 * @typedef {import("../../session/buffer.js").Trajectory} Trajectory
 * @typedef {{caption: string, note: string, log: boolean, range: [number, number], values: (trajectory: Trajectory) => Float64Array,
 *            shown: (value: number) => number, unit: string, held?: boolean, least?: number, share?: boolean, beside?: (trajectory: Trajectory) => Beside[]}} Curves
 *   `shown` turns a value into what is drawn: on a log scale a loss of 0 has no place; `held`: a value stays until the next
 *   step, and the curve is a staircase; `least`: everything smaller is drawn there; `share`: a number from 0 to 1
 * @typedef {{name: string, values: Float64Array, average: import("../../session/buffer.js").Average | null, pen: import("../../draw/ink.js").Pen}} Beside
 *   a finer line that goes with a descent's curve; `average`: whose entries the values are, rather than the steps'
 */

export const smallest = 1e-12;
const unknown = new Float64Array(10_001).fill(NaN);
const [batchPen, testPen, averagePen] = [{width: 0.9, dash: [], alpha: 0.45}, {width: 1.8, dash: [1.5, 3.5]}, {width: 4.4, dash: [], gap: 1.8}];

/** The kinds of lines there are, each with a sample for the legend. @type {Array<{name: string, pen: import("../../draw/ink.js").Pen}>} */
export const besides = [{name: "mini-batch", pen: batchPen}, {name: "test", pen: testPen}, {name: "average", pen: averagePen}];

/** @param {string} name @param {Float64Array | null} values @param {import("../../session/buffer.js").Average | null} [average] @returns {Beside[]} */
function line(name, values, average = null) {
  const kind = besides.find((one) => one.name === name);
  return values && kind ? [{name, values, average, pen: kind.pen}] : [];
}

/**
 * The loss: what lies above the known minimum, on a log scale; as it is where there is no such thing.
 * @param {import("../../session/buffer.js").Buffer} buffer @param {number | null} floor @returns {Curves}
 */
export function lossCurves(buffer, floor) {
  const values = (/** @type {Trajectory} */ trajectory) => trajectory.loss;
  // The batches of several descents together are no darker than those of one: the curves stand before them.
  const alpha = batchPen.alpha / Math.max(1, buffer.trajectories.filter(({batch_loss}) => batch_loss).length);
  const batches = (/** @type {Trajectory} */ one) => line("mini-batch", above(one.batch_loss, one.length, floor)).map((drawn) => ({...drawn, pen: {...drawn.pen, alpha}}));
  const beside = (/** @type {Trajectory} */ one) => [...batches(one), ...line("test", one.test_loss), ...line("average", one.average && one.average.loss, one.average)];
  // A descent that blows up would flatten all others: the scale leaves it at the border, where its head says so.
  const start = Math.max(...buffer.trajectories.filter(({length}) => length).map(({loss}) => loss[0]));
  const kept = buffer.trajectories.filter(({lost, length}) => !lost && length);
  const [least, most] = extent(kept.length ? kept : buffer.trajectories, values, kept.length ? Infinity : 8);
  const others = kept.flatMap(span).filter((value) => floor === null || value > floor);
  const [low, high] = [Math.min(least, ...others), Math.max(most, ...others)];
  if (floor === null) {
    const top = Math.max(high, start);
    const margin = (top - low) * 0.06 || 1;
    return {caption: "Loss", note: "", log: false, range: [low - margin, top + margin], values, beside, shown: (value) => value, unit: "loss"};
  }
  const shown = (/** @type {number} */ value) => Math.max(value - floor, smallest);
  const top = Math.log10(Math.min(Math.max(shown(high), shown(start)), shown(start) * 1e4));
  const bottom = Math.min(Math.log10(shown(low)), top - 1);
  const margin = (top - bottom) * 0.05;
  return {
    caption: "Loss", note: floor === 0 ? "" : "above the minimum", log: true, range: [bottom - margin, top + margin], values, beside, shown,
    unit: floor === 0 ? "loss" : "loss − min",
  };
}

/** A batch may do better than all examples at their best: a log scale has no place for that. @param {Float64Array | null} losses @param {number} length @param {number | null} floor */
const above = (losses, length, floor) => (losses && floor !== null ? losses.slice(0, length).map((loss) => (loss > floor ? loss : NaN)) : losses);

/** Where the lines beside a descent's loss lie: batches but for the luckiest and the worst tenth. @param {Trajectory} trajectory */
function span({length, batch_loss: batch, test_loss: test, average}) {
  const sorted = batch?.slice(0, length).filter(Number.isFinite).sort() ?? [];
  const usual = [0.1, 0.9].map((share) => sorted[Math.floor(share * (sorted.length - 1))]).filter((value) => value !== undefined);
  const ends = (/** @type {Float64Array | null} */ values, /** @type {number} */ count) => {
    const finite = values?.subarray(0, count).filter(Number.isFinite) ?? [];
    return finite.length ? [Math.min(...finite), Math.max(...finite)] : [];
  };
  return [...usual, ...ends(test, length), ...(average ? ends(average.loss, average.length) : [])];
}

/** The shares of examples that are told right, where there is such a thing. @param {import("../../session/buffer.js").Buffer} buffer @returns {Curves[]} */
export function accuracyCurves(buffer) {
  if (!buffer.trajectories.every(({accuracy}) => accuracy)) return [];
  const values = (/** @type {Trajectory} */ trajectory) => trajectory.accuracy ?? unknown;
  const beside = (/** @type {Trajectory} */ one) => line("test", one.test_accuracy);
  const lowest = buffer.trajectories.flatMap((one) => [values, (/** @type {Trajectory} */ {test_accuracy: test}) => test ?? values(one)].map((column) => extent([one], column)[0]));
  return [{caption: "Accuracy", note: "", log: false, range: [Math.max(-0.02, Math.min(0.45, ...lowest) - 0.03), 1.03], values, beside, shown: (value) => value, unit: "accuracy", share: true}];
}

/** The learning rates. @param {import("../../session/buffer.js").Buffer} buffer @returns {Curves} */
export function rateCurves(buffer) {
  const values = (/** @type {Trajectory} */ trajectory) => trajectory.learning_rate;
  const begun = buffer.trajectories.filter(({length}) => length);
  const peaks = begun.map((one) => extent([one], values)[1]).filter((peak) => peak > 0);
  const top = Math.log10(Math.max(...peaks, 1e-12));
  // What a schedule falls to in its very last steps leaves the scale, rather than stretching it without end.
  const usual = Math.min(...begun.map((one) => lasting(values(one).subarray(0, one.length))));
  const lowest = Math.min(usual, ...begun.map((one) => values(one).subarray(0, one.length).reduce((least, rate) => (rate > 0 && rate < least ? rate : least), Infinity)));
  const peak = Math.log10(Math.min(...peaks, 10 ** top));
  const [floor] = extent(begun, values);
  let bottom = Math.min(top, Math.max(Math.log10(lowest * 10 > usual ? lowest : usual), peak - 6));
  const below = begun.length > 0 && Math.log10(floor) < bottom - 0.01;
  if (below) bottom = Math.min(bottom, peak - 1);
  const margin = Math.max(0.15, (top - bottom) * 0.06);
  const least = 10 ** (bottom - (below ? margin : 0));
  return {
    caption: "Learning rate", note: "", log: true, range: [bottom - 2 * margin, top + margin], values, held: true,
    least: below ? least : 0, shown: (value) => Math.max(value, least), unit: "rate",
  };
}

/** The lowest rate above 0 that is not just passed through: all but a twentieth are higher. @param {Float64Array} rates */
function lasting(rates) {
  const positive = rates.filter((rate) => rate > 0).sort();
  return positive[Math.floor(positive.length / 20)] ?? Infinity;
}

/**
 * @param {Trajectory[]} trajectories @param {(trajectory: Trajectory) => Float64Array} values
 * @param {number} [first] how many entries at most @returns {[number, number]}
 */
function extent(trajectories, values, first = Infinity) {
  let [low, high] = [Infinity, -Infinity];
  for (const trajectory of trajectories) {
    const column = values(trajectory);
    for (let i = 0; i < Math.min(trajectory.length, first); i++) {
      if (column[i] < low) low = column[i];
      if (column[i] > high) high = column[i];
    }
  }
  return low <= high ? [low, high] : [0, 1];
}
