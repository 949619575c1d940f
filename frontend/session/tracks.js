// @ts-check
/** The paths at a position of the clock: how far each has come, and what became of it. */

/**
 * Where a path is between two of its entries.
 * @param {{x: Float64Array, y: Float64Array, last: number}} path @param {number} position @returns {[number, number]}
 */
export function place({x, y, last}, position) {
  const at = Math.max(0, Math.min(position, last));
  const step = Math.floor(at);
  const part = at - step;
  if (!part) return [x[step], y[step]];
  return [x[step] + part * (x[step + 1] - x[step]), y[step] + part * (y[step + 1] - y[step])];
}

/** What is said at a head, once it has got there. @param {import("./buffer.js").Trajectory} trajectory @param {number} position */
export function verdict(trajectory, position) {
  if (!trajectory.end || position < trajectory.last || trajectory.end.status === "finished") return "";
  // The iterate that was too far is the one after the last that is listed.
  return trajectory.lost ? `${trajectory.end.status} at step ${trajectory.length}` : trajectory.end.status;
}

/**
 * @typedef {{i: number, x: Float64Array, y: Float64Array, last: number, at: number, label: string, said: string, lost: boolean, average: boolean}} Track
 *   a trajectory or the average of its iterates; `at`: the entry reached, with fractions; `said`: what became of it
 */

/** All paths on the map at a position, first those of the descents. @param {import("./buffer.js").Buffer} buffer @param {number} position @returns {Track[]} */
export function tracks({trajectories}, position) {
  return [
    ...trajectories.map((one, i) => {
      const said = verdict(one, position);
      return {i, x: one.x, y: one.y, last: one.last, at: Math.max(0, Math.min(position, one.last)), label: one.label, said, lost: one.lost && said !== "", average: false};
    }),
    ...trajectories.flatMap(({average, label}, i) => {
      const at = average?.at(position) ?? -1;
      return average && at >= 0 ? [{i, x: average.x, y: average.y, last: average.last, at, label: `${label} average`, said: "", lost: false, average: true}] : [];
    }),
  ];
}
