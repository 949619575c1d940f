// @ts-check
/** The loss on a grid, as the server answers it, and the window of the plane it is asked for. */

import {decode} from "./api.js";

/**
 * @typedef {{surface: import("./state.js").Component, x: number[], y: number[], loss: ArrayLike<number>, mathml: {loss: string | null, gradient: string | null} | null,
 *            points: Array<{x: number, y: number, loss: number, type: string}>, lowest: number | null}} Landscape
 *   `lowest`: the smallest loss of the whole surface where it is known
 */

/** @param {any} answer @param {import("./state.js").Component} surface @returns {Landscape} */
export function received(answer, surface) {
  return {
    surface,
    x: Array.from(decode(answer.x)),
    y: Array.from(decode(answer.y)),
    loss: decode(answer.loss),
    mathml: answer.mathml ?? null,
    points: answer.stationary_points ?? [],
    lowest: answer.lowest ?? null,
  };
}

/** The lowest of the minima. @param {Landscape["points"]} points @returns {number | null} */
export function lowestMinimum(points) {
  const minima = points.filter(({type}) => type === "minimum").map(({loss}) => loss);
  return minima.length ? Math.min(...minima) : null;
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

/** The grid reaches beyond the window on every side, so that a pan shows ground at once. */
const beyond = 1.25;
const resolution = 250;

/** What is asked of the server. @param {import("./state.js").Component} surface @param {import("./state.js").Window} window */
export const question = (surface, window) => ({surface, window: {x: widen(window.x, beyond), y: widen(window.y, beyond)}, resolution});
