// @ts-check
/** The relief that is drawn of a loss: heights on a scale that shows bowls, ravines and egg boxes alike, and their colours. */

import {power, short} from "../kit/numbers.js";

/**
 * @typedef {{rows: Float32Array[], low: number, high: number, rise: (loss: number) => number, ticks: Array<{z: number, text: string}>, title: string}} Relief
 *   `rise`: how much the height grows with the loss, where the loss is what is given
 * @typedef {{x: ArrayLike<number>, y: ArrayLike<number>, loss: ArrayLike<number>}} Grid
 */

/** How many bands of colour there are between the lowest and the highest point. */
export const levels = 22;

/**
 * Heights z = log10(loss − floor + ε): the larger ε, the closer to the loss itself. ε is at least what the grid cannot
 * resolve, how far a valley's floor may lie below the nearest grid point: smaller, and a ravine would be drawn as a string
 * of beads. It is larger where that shows more: dimples in a high plain are lost on a log scale.
 *
 * @param {Grid} grid @param {number | null} known the known smallest loss; null where there is none
 * @param {import("../session/state.js").Window} [window] the part of the grid to whose heights the scale is fitted
 * @param {number} [care] 1 to show nothing that the grid cannot resolve; less where shape is all
 * @returns {Relief}
 */
export function relief(grid, known, window, care = 1) {
  const part = window ? cut(grid, window) : grid;
  const [columns, rows] = [part.x.length, part.y.length];
  const {loss} = part;
  const finite = Float64Array.from(Array.from(loss).filter(Number.isFinite)).sort();
  let [lowest, highest] = [finite[0] ?? 0, finite[finite.length - 1] ?? 0];
  const floor = known === null || lowest < known - 1e-6 * (highest - known) ? null : known;
  const atRim = floor === null && atBorder(loss, lowest, columns, rows);
  if (floor === null && finite.length) {
    // Next to a pole there is no end to the heights: the scale is for the rest of the ground.
    const [low, high] = [0.05, 0.95].map((share) => finite[Math.floor(share * (finite.length - 1))]);
    lowest = Math.max(lowest, low - 10 * (high - low));
    highest = Math.min(highest, high + 10 * (high - low));
    if (lowest >= highest) [lowest, highest] = [finite[0], finite[finite.length - 1]];
  }
  const base = floor === null ? lowest : Math.min(floor, lowest);
  const span = highest - base;
  const valleys = floors(part);
  let epsilon = Math.max(care * valleys.depth, 1e-6 * Math.abs(base), 1e-9 * span, 1e-300);
  // With no known minimum and the lowest place at the border there is no bottom to look at closely: nearly linear heights.
  if (atRim) epsilon = Math.max(epsilon, (finite[finite.length >> 1] ?? 0) - base);
  epsilon = revealing(blocks(part), base, span, epsilon);
  const least = Math.min(care * valleys.jitter, span / 10);
  const height = (/** @type {number} */ value) => Math.log10(Math.max(least, value - base) + epsilon);
  const lines = Array.from({length: grid.y.length}, (_, row) => {
    const line = new Float32Array(grid.x.length);
    for (let column = 0; column < line.length; column++) line[column] = height(grid.loss[row * line.length + column]);
    return line;
  });
  const [low, high] = [height(lowest), Math.max(height(highest), height(lowest) + 1e-6)];
  const origin = floor === null ? 0 : base;
  return {
    rows: lines, low, high, rise: (value) => 1 / (Math.LN10 * (Math.max(least, value - base) + epsilon)), title: origin ? "loss<br>− min" : "loss",
    ticks: ticks((value) => height(value + origin), low, high, lowest - origin, highest - origin, floor === null || epsilon > span / 30),
  };
}

/** The grid's points in a window; all of them where there are few. @param {Grid} grid @param {import("../session/state.js").Window} window @returns {Grid} */
function cut(grid, window) {
  const inside = (/** @type {ArrayLike<number>} */ values, /** @type {[number, number]} */ [low, high]) => {
    const all = Array.from(values, (_, i) => i);
    const kept = all.filter((i) => values[i] >= low && values[i] <= high);
    return kept.length >= 0.2 * values.length ? kept : all;
  };
  const [columns, rows] = [inside(grid.x, window.x), inside(grid.y, window.y)];
  const loss = new Float64Array(columns.length * rows.length);
  rows.forEach((row, j) => columns.forEach((column, i) => (loss[j * columns.length + i] = grid.loss[row * grid.x.length + column])));
  return {x: columns.map((i) => grid.x[i]), y: rows.map((j) => grid.y[j]), loss};
}

/**
 * The smallest and largest loss of each of about 20 × 20 parts, the lowest parts first.
 * @param {Grid} grid @returns {Array<[number, number]>}
 */
function blocks({x, y, loss}) {
  const [columns, rows] = [x.length, y.length];
  const side = Math.max(2, Math.round(Math.min(columns, rows) / 20));
  /** @type {Array<[number, number]>} */
  const found = [];
  for (let top = 0; top < rows; top += side) {
    for (let left = 0; left < columns; left += side) {
      let [low, high] = [Infinity, -Infinity];
      for (let row = top; row < Math.min(rows, top + side); row++) {
        for (let at = row * columns + left; at < row * columns + Math.min(columns, left + side); at++) {
          if (loss[at] < low) low = loss[at];
          if (loss[at] > high) high = loss[at];
        }
      }
      if (low <= high) found.push([low, high]);
    }
  }
  return found.sort(([a], [b]) => a - b);
}

/**
 * The ε that shows most: the contour lines are to reach all parts of the ground, the lowest fifth of them as well as the
 * highest. The log scale is left only where that is worth it, and no further than needed.
 * @param {Array<[number, number]>} parts @param {number} base @param {number} span @param {number} least
 */
function revealing(parts, base, span, least) {
  const score = (/** @type {number} */ epsilon) => {
    const band = Math.log((span + epsilon) / epsilon) / levels;
    const shares = [0, 0, 0, 0, 0];
    parts.forEach(([low, high], i) => {
      const [bottom, top] = [Math.max(0, low - base), Math.max(0, Math.min(span, high - base))];
      const crossed = Math.log((top + epsilon) / (bottom + epsilon)) / band;
      shares[Math.floor((5 * i) / parts.length)] += Math.min(1, crossed / 1.5) / parts.length;
    });
    return shares.reduce((sum, share) => sum + Math.sqrt(share), 0);
  };
  const candidates = [least, ...[1e-4, 1e-3, 0.01, 0.03, 0.1, 0.3, 1, 3].map((share) => share * span).filter((epsilon) => epsilon > 2 * least)];
  const scores = candidates.map(score);
  const most = Math.max(...scores);
  return candidates[scores.findIndex((one) => one >= 0.95 * most)] ?? least;
}

/** @param {ArrayLike<number>} loss @param {number} lowest @param {number} columns @param {number} rows */
function atBorder(loss, lowest, columns, rows) {
  for (let i = 0; i < columns; i++) if (loss[i] === lowest || loss[(rows - 1) * columns + i] === lowest) return true;
  for (let j = 0; j < rows; j++) if (loss[j * columns] === lowest || loss[(j + 1) * columns - 1] === lowest) return true;
  return false;
}

/**
 * What the grid cannot tell of the floors of valleys. How far they may lie below the grid points next to them: ½ κ (h/2)²,
 * with κ h² the second difference across the floor, for nearly all floor points; six times that, since floors also run
 * between the grid's rows. And how much they seem to go up and down only because the grid meets them here and misses them there.
 * @param {Grid} grid
 */
function floors({x, y, loss}) {
  const [columns, rows] = [x.length, y.length];
  const depths = [];
  const jitters = [];
  for (let row = 1; row < rows - 1; row++) {
    for (let column = 1; column < columns - 1; column++) {
      const at = row * columns + column;
      for (const [across, along] of [[1, columns], [columns, 1]]) {
        const here = loss[at];
        if (!(here <= loss[at - across] && here <= loss[at + across])) continue;
        depths.push((loss[at - across] + loss[at + across] - 2 * here) / 8);
        const next = (/** @type {number} */ i) => Math.min(loss[i - across], loss[i], loss[i + across]);
        jitters.push(Math.abs(next(at - along) + next(at + along) - 2 * here) / 2);
      }
    }
  }
  const nearly = (/** @type {number[]} */ values) => values.sort((a, b) => a - b)[Math.floor(values.length * 0.95)] || 0;
  return {depth: 6 * nearly(depths), jitter: nearly(jitters)};
}

/**
 * Round losses to label, none too close to the next.
 * @param {(loss: number) => number} height @param {number} low @param {number} high @param {number} lowest @param {number} highest
 * @param {boolean} even at even distances; otherwise powers of ten
 */
function ticks(height, low, high, lowest, highest, even) {
  /** @type {Array<{z: number, text: string}>} */
  const candidates = [];
  if (even) {
    const step = 10 ** Math.floor(Math.log10((highest - lowest) / 4 || 1));
    const nice = [1, 2, 5, 10].map((n) => n * step).find((n) => (highest - lowest) / n <= 8) ?? 10 * step;
    for (let value = Math.ceil(lowest / nice) * nice; value <= highest; value += nice) {
      candidates.push({z: height(value), text: short(Math.abs(value) < nice / 1e6 ? 0 : value, Math.abs(value) < 1e6 ? 3 : 2)});
    }
  } else {
    const decades = Math.log10(highest) - low;
    for (let exponent = Math.floor(low); exponent <= Math.ceil(high); exponent++) {
      for (const n of decades < 2.5 ? [1, 2, 5] : [1]) {
        const text = Math.abs(exponent) >= 3 ? (n === 1 ? power(exponent) : `${n}·${power(exponent)}`) : short(n * 10 ** exponent);
        candidates.push({z: height(n * 10 ** exponent), text});
      }
    }
  }
  const kept = [];
  let last = -Infinity;
  for (const tick of candidates) {
    if (tick.z < low || tick.z > high || tick.z - last < 0.07 * (high - low)) continue;
    kept.push(tick);
    last = tick.z;
  }
  return kept;
}
