// @ts-check
/** The loss on a grid, and the relief that is drawn of it: heights on a scale that shows bowls and ravines alike. */

import {decode} from "./api.js";
import {power, short} from "./numbers.js";

/**
 * @typedef {{surface: import("./state.js").Component, x: number[], y: number[], loss: ArrayLike<number>, mathml: {loss: string | null, gradient: string | null} | null,
 *            points: Array<{x: number, y: number, loss: number, type: string}> | null}} Landscape
 * @typedef {{rows: Float32Array[], low: number, high: number, ticks: Array<{z: number, text: string}>, title: string}} Relief
 */

/** @param {any} answer @param {import("./state.js").Component} surface @returns {Landscape} */
export function received(answer, surface) {
  return {
    surface,
    x: Array.from(decode(answer.x)),
    y: Array.from(decode(answer.y)),
    loss: decode(answer.loss),
    mathml: answer.mathml ?? null,
    points: answer.stationary_points ?? null,
  };
}

/** The loss at a point by bilinear interpolation; NaN outside. @param {Landscape} landscape @param {number} x @param {number} y */
export function lossAt({x: xs, y: ys, loss}, x, y) {
  const across = ((x - xs[0]) / (xs[xs.length - 1] - xs[0])) * (xs.length - 1);
  const up = ((y - ys[0]) / (ys[ys.length - 1] - ys[0])) * (ys.length - 1);
  const column = Math.min(Math.floor(across), xs.length - 2);
  const row = Math.min(Math.floor(up), ys.length - 2);
  if (!(column >= 0 && row >= 0 && across <= xs.length - 1 && up <= ys.length - 1)) return NaN;
  const at = row * xs.length + column;
  const [s, t] = [across - column, up - row];
  return (1 - t) * ((1 - s) * loss[at] + s * loss[at + 1]) + t * ((1 - s) * loss[at + xs.length] + s * loss[at + xs.length + 1]);
}

/**
 * Heights z = log10(loss − floor + ε). ε is as large as what the grid cannot resolve: how far a valley's floor may lie
 * below the nearest grid point. Smaller, and a ravine would be drawn as a string of beads.
 *
 * @param {Landscape} landscape @param {number | null} floor the known smallest loss; null where there is none
 * @returns {Relief}
 */
export function relief({x, y, loss}, floor) {
  const [columns, rows] = [x.length, y.length];
  const finite = Float64Array.from(Array.from(loss).filter(Number.isFinite)).sort();
  if (!finite.length) finite.fill(0);
  const [lowest, highest] = [finite[0] ?? 0, finite[finite.length - 1] ?? 0];
  const middle = finite[finite.length >> 1] ?? 0;
  const base = floor === null ? lowest : Math.min(floor, lowest);
  let epsilon = Math.max(unresolved(loss, columns, rows), 1e-6 * Math.abs(base), 1e-9 * (highest - lowest), 1e-300);
  // With no known minimum and the lowest place at the border there is no bottom to look at closely: nearly linear heights.
  if (floor === null && atBorder(loss, lowest, columns, rows)) epsilon = Math.max(epsilon, middle - base);
  const height = (/** @type {number} */ value) => Math.log10(Math.max(0, value - base) + epsilon);
  const grid = Array.from({length: rows}, (_, row) => {
    const line = new Float32Array(columns);
    for (let column = 0; column < columns; column++) line[column] = height(loss[row * columns + column]);
    return line;
  });
  const [low, high] = [height(lowest), Math.max(height(highest), height(lowest) + 1e-6)];
  const shift = floor !== null && base !== 0;
  return {rows: grid, low, high, ticks: ticks(height, low, high, lowest, highest, floor === null ? null : base), title: shift ? "loss − min" : "loss"};
}

/** @param {ArrayLike<number>} loss @param {number} lowest @param {number} columns @param {number} rows */
function atBorder(loss, lowest, columns, rows) {
  for (let i = 0; i < columns; i++) if (loss[i] === lowest || loss[(rows - 1) * columns + i] === lowest) return true;
  for (let j = 0; j < rows; j++) if (loss[j * columns] === lowest || loss[(j + 1) * columns - 1] === lowest) return true;
  return false;
}

/**
 * How far the floor of a valley may lie below the grid points next to it: ½ κ (h/2)², with κ h² the second difference
 * across the floor, for nearly all floor points; six times that, since floors also run between the grid's rows.
 * @param {ArrayLike<number>} loss @param {number} columns @param {number} rows
 */
function unresolved(loss, columns, rows) {
  const depths = [];
  for (let row = 1; row < rows - 1; row++) {
    for (let column = 1; column < columns - 1; column++) {
      const at = row * columns + column;
      for (const stride of [1, columns]) {
        const [before, here, after] = [loss[at - stride], loss[at], loss[at + stride]];
        if (here <= before && here <= after) depths.push((before + after - 2 * here) / 8);
      }
    }
  }
  depths.sort((a, b) => a - b);
  return 6 * depths[Math.floor(depths.length * 0.95)] || 0;
}

/**
 * Round losses to label, none too close to the next.
 * @param {(loss: number) => number} height @param {number} low @param {number} high @param {number} lowest @param {number} highest
 * @param {number | null} base where the smallest loss is known, labels are what lies above it, in powers of ten
 */
function ticks(height, low, high, lowest, highest, base) {
  /** @type {Array<{z: number, text: string}>} */
  const candidates = [];
  if (base === null) {
    const step = 10 ** Math.floor(Math.log10((highest - lowest) / 4 || 1));
    const nice = [1, 2, 5, 10].map((n) => n * step).find((n) => (highest - lowest) / n <= 8) ?? 10 * step;
    for (let value = Math.ceil(lowest / nice) * nice; value <= highest; value += nice) {
      candidates.push({z: height(value), text: short(Math.abs(value) < nice / 1e6 ? 0 : value)});
    }
  } else {
    const decades = Math.log10(highest - base) - low;
    for (let exponent = Math.floor(low); exponent <= Math.ceil(high); exponent++) {
      for (const n of decades < 2.5 ? [1, 2, 5] : [1]) {
        const text = Math.abs(exponent) >= 3 ? (n === 1 ? power(exponent) : `${n}·${power(exponent)}`) : short(n * 10 ** exponent);
        candidates.push({z: height(base + n * 10 ** exponent), text});
      }
    }
  }
  const kept = [];
  let last = low;
  for (const tick of candidates) {
    if (tick.z < low || tick.z > high || tick.z - last < 0.07 * (high - low)) continue;
    kept.push(tick);
    last = tick.z;
  }
  return kept;
}

/**
 * The part of the plane that shows a domain in a frame, with equal units in x and y where that wastes little:
 * the gradient then stands at right angles on the contour lines.
 * @param {import("./state.js").Window} domain @param {number} width @param {number} height
 * @returns {import("./state.js").Window}
 */
export function fit(domain, width, height) {
  const across = domain.x[1] - domain.x[0];
  const up = domain.y[1] - domain.y[0];
  const ratio = (across / width) / (up / height);
  const stretch = Math.max(ratio, 1 / ratio) > 2.2 ? 1 : ratio;
  return {x: widen(domain.x, Math.max(1, 1 / stretch)), y: widen(domain.y, Math.max(1, stretch))};
}

/** @param {[number, number]} interval @param {number} factor @returns {[number, number]} */
export function widen([low, high], factor) {
  const more = ((factor - 1) * (high - low)) / 2;
  return [low - more, high + more];
}
