// @ts-check
/** The examples and what the models make of them, drawn: what stands still, and what follows the iterates. */

import {around, clipped, frame} from "../../draw/handmade-axes.js";
import {dash, trace} from "../../draw/marks.js";
import {isolines, numbers} from "../../draw/shading.js";
import {predicted} from "./model.js";

/**
 * @typedef {import("./model.js").Model} Model
 * @typedef {import("../../draw/theme.js").Theme} Theme
 * @typedef {import("../../draw/axes.js").Projection} Projection
 * @typedef {Array<{x: number, y: number, label: number | null}>} Points `label`: the class, null where there are none
 */

/** Round for label 0, three-cornered for label 1: the shapes of the marks of the descents. */
const shapes = [0, 2];

/** The examples as points of the picture. @param {Model} model @param {import("./model.js").Examples | null} examples @returns {Points} */
export function points({task}, examples) {
  return (examples?.y ?? []).map((y, i) => {
    const x = /** @type {any} */ (examples).x[i];
    return task === "boundary" ? {x: x[0], y: x[1], label: y > 0.5 ? 1 : 0} : {x: Array.isArray(x) ? x[0] : x, y, label: null};
  });
}

/**
 * The part of the plane that holds the examples, and as much of the curves as leaves them large enough.
 * @param {Array<Model | undefined>} all of the same examples, the first of them known @returns {import("../../session/state.js").Window}
 */
export function extents(all) {
  const models = /** @type {Model[]} */ (all.filter(Boolean));
  const [model] = models;
  if (model.grid) {
    const {x, y} = model.grid;
    return {x: /** @type {[number, number]} */ ([x[0], x[x.length - 1]]), y: /** @type {[number, number]} */ ([y[0], y[y.length - 1]])};
  }
  const [low, high] = around(model.train.y.concat(model.test?.y ?? []), 0.08);
  const most = (high - low) * 0.35;
  const last = models.flatMap(({outputs, width}) => Array.from(outputs.slice(-width || outputs.length))).filter(Number.isFinite);
  const [least, greatest] = last.length ? around(last, 0.04) : [low, high];
  return {
    x: /** @type {[number, number]} */ ([model.inputs[0], model.inputs[model.inputs.length - 1]]),
    y: /** @type {[number, number]} */ ([Math.max(low - most, Math.min(low, least)), Math.min(high + most, Math.max(high, greatest))]),
  };
}

/** The more there are, the smaller they are. @param {number} count */
const radius = (count) => Math.max(1.4, Math.min(4.6, 4.6 * (24 / Math.max(1, count)) ** 0.18));

/**
 * Axes and examples: those held out are hollow.
 * @param {import("../../draw/ink.js").Sheet} sheet @param {Model} model @param {import("../../session/state.js").Window} range @param {Theme} theme @returns {Projection}
 */
export function still(sheet, model, range, theme) {
  const {names} = model;
  sheet.clear();
  const projection = frame(sheet, theme, {range: range.x, title: names[0]}, {range: range.y, title: names[1]});
  clipped(sheet.context, projection);
  const size = radius(model.train.y.length + (model.test?.y.length ?? 0));
  for (const [examples, held] of /** @type {Array<[import("./model.js").Examples | null, boolean]>} */ ([[model.train, false], [model.test, true]])) {
    for (const point of points(model, examples)) example(sheet.context, projection, point, size, theme, held);
  }
  sheet.context.restore();
  return projection;
}

/** @param {CanvasRenderingContext2D} context @param {Projection} projection @param {Points[number]} point @param {number} size @param {Theme} theme @param {boolean} held */
function example(context, projection, {x, y, label}, size, theme, held) {
  const colour = label === null ? theme.ink : theme.classes[label];
  trace(context, shapes[label ?? 0], projection.x(x), projection.y(y), size);
  context.lineWidth = held ? 1.4 : 0.6;
  context.fillStyle = held ? theme.card : colour;
  context.strokeStyle = held ? colour : theme.card;
  context.fill();
  context.stroke();
}

/**
 * The examples of a batch, each with a ring around it.
 * @param {CanvasRenderingContext2D} context @param {Projection} projection @param {Model} model @param {number[]} batch @param {Theme} theme
 */
export function rings(context, projection, model, batch, theme) {
  const {train, test} = model;
  const size = radius(train.y.length + (test?.y.length ?? 0)) + 3;
  const some = points(model, {x: batch.map((i) => /** @type {any[]} */ (train.x)[i]), y: batch.map((i) => train.y[i])});
  clipped(context, projection);
  for (const [width, colour] of /** @type {Array<[number, string]>} */ ([[4.5, theme.casing], [2, theme.accent]])) {
    context.lineWidth = width;
    context.strokeStyle = colour;
    for (const {x, y} of some) {
      context.beginPath();
      context.arc(projection.x(x), projection.y(y), size, 0, 7);
      context.stroke();
    }
  }
  context.restore();
}

/**
 * The curve of a descent's model, in the descent's colour and dashes.
 * @param {CanvasRenderingContext2D} context @param {Projection} projection @param {Model} model @param {number} position @param {number} i @param {Theme} theme
 */
export function curve(context, projection, model, position, i, theme) {
  const heights = predicted(model, position);
  const far = 4 * projection.height;
  clipped(context, projection);
  context.lineJoin = "round";
  for (const [width, colour] of /** @type {Array<[number, string]>} */ ([[5, theme.casing], [2.4, theme.paths[i % 8]]])) {
    context.lineWidth = width;
    context.strokeStyle = colour;
    context.setLineDash(colour === theme.casing ? [] : dash(i));
    context.beginPath();
    model.inputs.forEach((x, at) => {
      if (Number.isFinite(heights[at])) context.lineTo(projection.x(x), Math.max(-far, Math.min(projection.y(heights[at]), far)));
    });
    context.stroke();
  }
  context.setLineDash([]);
  context.restore();
}

/** A small picture that is stretched over the field. */
const small = document.createElement("canvas");

/**
 * The probability of label 1 as two tones that fade where the model is unsure, and the line where it is one half.
 * @param {CanvasRenderingContext2D} context @param {Projection} projection @param {Model} model @param {number} position @param {number} i @param {Theme} theme
 */
export function boundary(context, projection, model, position, i, theme) {
  if (!model.grid || !model.width) return;
  const {x, y} = model.grid;
  const values = predicted(model, position);
  const [columns, rows] = [x.length, y.length];
  Object.assign(small, {width: columns, height: rows});
  const image = new ImageData(columns, rows);
  const tones = theme.classes.map((colour) => numbers(colour));
  values.forEach((p, at) => {
    const [column, row] = [at % columns, Math.floor(at / columns)];
    image.data.set([...tones[p > 0.5 ? 1 : 0].slice(0, 3), Math.min(1, Math.abs(2 * p - 1)) * 105], 4 * ((rows - 1 - row) * columns + column));
  });
  /** @type {CanvasRenderingContext2D} */ (small.getContext("2d")).putImageData(image, 0, 0);
  clipped(context, projection);
  // The outermost predictions are at the middle of their pixels.
  const [half, tall] = [(x[1] - x[0]) / 2, (y[1] - y[0]) / 2];
  const [left, top] = [projection.x(x[0] - half), projection.y(y[rows - 1] + tall)];
  context.drawImage(small, left, top, projection.x(x[columns - 1] + half) - left, projection.y(y[0] - tall) - top);
  const line = isolines({x, y, loss: values}, 0.5);
  for (const [width, colour] of /** @type {Array<[number, string]>} */ ([[5.5, theme.casing], [2.6, theme.paths[i % 8]]])) {
    context.lineWidth = width;
    context.strokeStyle = colour;
    context.lineCap = "round";
    segments(context, projection, line);
  }
  context.restore();
}

/** @param {CanvasRenderingContext2D} context @param {Projection} projection @param {number[]} line from and to, from and to, ... */
export function segments(context, projection, line) {
  context.beginPath();
  for (let at = 0; at < line.length; at += 4) {
    context.moveTo(projection.x(line[at]), projection.y(line[at + 1]));
    context.lineTo(projection.x(line[at + 2]), projection.y(line[at + 3]));
  }
  context.stroke();
}
