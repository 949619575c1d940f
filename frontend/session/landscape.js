// @ts-check
/** The loss on a grid, as the server answers it, and the window of the plane it is asked for. */

import {decode} from "../server/api.js";

/**
 * @typedef {{surface: import("./state.js").Component, x: number[], y: number[], loss: ArrayLike<number>, mathml: {loss: string | null, gradient: string | null} | null,
 *            points: Array<{x: number, y: number, loss: number, type: string}>, missing: string | null, lowest: number | null, data: "train" | "test", key: string}} Landscape
 *   `missing`: why not all points without slope are among the points; `lowest`: the smallest loss of the whole surface where it is known; `data`: on which examples; `key`: the same for all parts of one plane
 * @typedef {{surface?: import("./state.js").Component, experiment?: import("./state.js").Experiment, window?: import("./state.js").Window,
 *            resolution: number, data?: "test"}} Question
 */

/** @param {any} answer @param {{surface?: import("./state.js").Component, experiment?: import("./state.js").Experiment, data?: Landscape["data"]}} question @returns {Landscape} */
export function received(answer, {surface, experiment, data = "train"}) {
  return {
    surface: surface ?? experiment?.surface ?? {kind: ""}, data, key: JSON.stringify(experiment ?? surface),
    x: Array.from(decode(answer.x)),
    y: Array.from(decode(answer.y)),
    loss: decode(answer.loss),
    mathml: answer.mathml ?? null,
    points: answer.stationary_points ?? [],
    missing: answer.stationary?.words ?? null,
    lowest: answer.lowest ?? null,
  };
}

/** The lowest of the minima. @param {Landscape["points"]} points @returns {number | null} */
export function lowestMinimum(points) {
  const minima = points.filter(({type}) => type === "minimum").map(({loss}) => loss);
  return minima.length ? Math.min(...minima) : null;
}

/** How several of a kind of point are called. @type {Record<string, string>} */
const several = {minimum: "minima", saddle: "saddles", maximum: "maxima", flat: "flat points"};

/** What is known of the points without slope, and what is not, in a sentence or two. @param {Landscape} landscape */
export function pointsInWords({points, missing}) {
  const counted = Object.entries(several).flatMap(([kind, name]) => {
    const count = points.filter(({type}) => type === kind).length;
    return count ? [`${count} ${count > 1 ? name : kind === "flat" ? "flat point" : kind}`] : [];
  });
  if (!counted.length) return missing ? `Points without slope: ${missing}.` : "On and around the map there is no point without slope.";
  return `On and around the map: ${counted.join(", ")}.${missing ? ` Perhaps not all: ${missing}.` : ""}`;
}

/** The loss at a point by bilinear interpolation; NaN outside. @param {Pick<Landscape, "x" | "y" | "loss">} grid @param {number} x @param {number} y */
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

/** How many times as long a unit of y is drawn as one of x. @param {import("./state.js").Window} window @param {number} width @param {number} height */
export const stretched = ({x, y}, width, height) => (height / (y[1] - y[0])) / (width / (x[1] - x[0]));

/** @param {[number, number]} interval @param {number} factor @returns {[number, number]} */
export function widen([low, high], factor) {
  const more = ((factor - 1) * (high - low)) / 2;
  return [low - more, high + more];
}

/** The grid reaches beyond the window on every side, so that a pan shows ground at once. @param {import("./state.js").Window} window @returns {import("./state.js").Window} */
export const beyond = ({x, y}) => ({x: widen(x, 1.25), y: widen(y, 1.25)});

/** Of a map; of one whose every point is a loss on very many examples, or that of a model with many weights; of a first look, to learn where to look. */
const resolutions = {map: 250, costly: 81, look: 60};
const many = 500;

/**
 * What is asked of the server. Where nobody knows yet which part of the plane is worth showing, it chooses.
 * @param {{experiment: import("./state.js").Experiment, window: import("./state.js").Window | null, ground: "train" | "test"}} state
 * @param {import("./schema.js").Schema} schema @returns {Question}
 */
export function question({experiment, window, ground}, schema) {
  const placing = schema.placing(experiment);
  return {
    ...(placing ? {experiment: placing} : {surface: experiment.surface}),
    ...(window ? {window: beyond(window)} : {}),
    resolution: placing || schema.examples(experiment.surface) > many ? resolutions.costly : window ? resolutions.map : resolutions.look,
    ...(ground === "test" ? {data: "test"} : {}),
  };
}
