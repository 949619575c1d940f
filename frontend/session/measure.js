// @ts-check
/** What came of every descent, in numbers that can be compared. */

/**
 * @typedef {{i: number, label: string, average: number, final: number, best: number, distance: number, within: number, steps: number,
 *            evaluations: number, rate: number, rateText: string, status: string, reason: string, lost: boolean}} Measured
 *   NaN where there is nothing to say; `average`: of how many iterates, 0 for the descent itself; `within`: steps until the loss was within the
 *   tolerance; `rate`: the rate, or the one that leads a schedule
 * @typedef {{floor: number, tolerance: number, minima: import("./minima.js").Minimum[]}} Measure `floor`: the lowest loss that is known
 */

/** How near to the floor counts, as a share of the start's height above it. */
export const tolerances = [{share: 0.01, text: "1 %"}, {share: 0.001, text: "0.1 %"}, {share: 1e-6, text: "10⁻⁶"}];

/** The first step whose loss is so near to the floor; NaN if there is none. @param {ArrayLike<number>} loss @param {number} length @param {Measure} measure */
export function within(loss, length, {floor, tolerance}) {
  const enough = tolerance * (loss[0] - floor);
  for (let step = 0; step < length; step++) if (loss[step] - floor <= enough) return step;
  return NaN;
}

/** @param {import("./minima.js").Minimum[]} minima @param {number} x @param {number} y */
const nearest = (minima, x, y) => (minima.length ? Math.min(...minima.map((point) => Math.hypot(point.x - x, point.y - y))) : NaN);

/** The smallest loss of a path. @param {Float64Array} loss @param {number} length */
export const least = (loss, length) => loss.subarray(0, length).reduce((low, value) => Math.min(low, value), Infinity);

/**
 * @param {import("./buffer.js").Buffer} buffer @param {Measure} measure
 * @param {(rate: any) => {rate: number, rateText: string}} rated @returns {Measured[]}
 */
export function measured({trajectories, experiment}, measure, rated) {
  const {minima} = measure;
  return trajectories.flatMap((trajectory, i) => {
    const {label, length, last, end, lost, average} = trajectory;
    const there = length > 0;
    const own = {
      i, label, average: 0, lost, status: end?.status ?? "…", reason: end?.reason ?? "", ...rated(experiment.descents[i]?.learning_rate),
      final: there ? trajectory.loss[last] : NaN, best: there ? least(trajectory.loss, length) : NaN,
      distance: there ? nearest(minima, trajectory.x[last], trajectory.y[last]) : NaN, within: there ? within(trajectory.loss, length, measure) : NaN,
      steps: there ? end?.steps ?? last : NaN, evaluations: there ? trajectory.evaluations[last] : NaN,
    };
    if (!average?.length) return [own];
    return [own, {
      ...own, label: `${label} average`, average: average.length, lost: false, status: `mean of ${average.length}`, reason: "", rate: NaN, rateText: "",
      final: average.loss[average.last], best: least(average.loss, average.length),
      distance: nearest(minima, average.x[average.last], average.y[average.last]), within: NaN, steps: NaN, evaluations: NaN,
    }];
  });
}
