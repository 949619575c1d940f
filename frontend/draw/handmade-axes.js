// @ts-check
/** Axes drawn by hand, for pictures that change too often for Plotly. */

import {power, short} from "../kit/numbers.js";
import {Projection} from "./axes.js";

/**
 * @typedef {import("./theme.js").Theme} Theme
 * @typedef {{range: [number, number], title: string, log?: boolean}} Scale a log scale's range is in powers of ten, as Plotly's
 */

/** Round numbers in an interval, about as many as asked for. @param {[number, number]} interval @param {number} count */
export function rounds([low, high], count) {
  const least = (high - low) / Math.max(1, count);
  const unit = 10 ** Math.floor(Math.log10(least));
  const step = [1, 2, 5, 10].map((n) => n * unit).find((n) => n >= least * 0.999) ?? 10 * unit;
  const found = [];
  for (let n = Math.ceil(low / step - 1e-9); n * step <= high + step * 1e-9; n++) found.push(n * step);
  return found;
}

/** Numbers with their texts, in as many digits as tell them apart. @param {number[]} values @returns {Array<[number, string]>} */
export function told(values) {
  const texts = [3, 4, 5, 6, 8, 10, 12, 15].map((digits) => values.map((value) => short(value, digits)));
  const apart = texts.find((some) => new Set(some).size === some.length) ?? texts[0];
  return values.map((value, i) => [value, apart[i]]);
}

/** @param {Scale} scale @param {number} room in pixels @param {number} each the room of one label @returns {Array<[number, string]>} */
function ticks({range, log}, room, each) {
  if (!log) return told(rounds(range, room / each));
  const stride = Math.max(1, Math.ceil(((range[1] - range[0]) * each) / room));
  const exponents = Array.from({length: Math.floor(range[1]) - Math.ceil(range[0]) + 1}, (_, i) => Math.ceil(range[0]) + i);
  const kept = exponents.filter((n) => n % stride === 0);
  if (kept.length > 1) return kept.map((n) => [10 ** n, Math.abs(n) < 4 ? short(10 ** n) : power(n)]);
  return exponents.concat(Math.floor(range[0])).flatMap((n) => [1, 2, 5].map((digit) => digit * 10 ** n))
    .filter((value) => Math.log10(value) >= range[0] && Math.log10(value) <= range[1]).sort((a, b) => a - b).map((value) => [value, short(value)]);
}

/** A little more than from the lowest to the highest. @param {number[]} values @param {number} share @returns {[number, number]} */
export function around(values, share) {
  const low = values.reduce((least, value) => Math.min(least, value), Infinity);
  const high = values.reduce((most, value) => Math.max(most, value), -Infinity);
  if (!(low <= high)) return [0, 1];
  const more = (high - low) * share || Math.max(1, Math.abs(low)) / 2;
  return [low - more, high + more];
}

/** The same length for a unit in x and in y. @param {[number, number]} x @param {[number, number]} y @param {number} width @param {number} height @returns {[[number, number], [number, number]]} */
export function equal(x, y, width, height) {
  const unit = Math.max((x[1] - x[0]) / width, (y[1] - y[0]) / height);
  const stretch = (/** @type {[number, number]} */ [low, high], /** @type {number} */ room) => /** @type {[number, number]} */ (
    [(low + high - unit * room) / 2, (low + high + unit * room) / 2]);
  return [stretch(x, width), stretch(y, height)];
}

/**
 * Draw axes with ticks and titles around the whole of a sheet.
 * @param {import("./ink.js").Sheet} sheet @param {Theme} theme @param {Scale} across @param {Scale} up
 * @param {boolean} [square] whether units are made equal in x and y
 * @returns {Projection} where a point of the data lies
 */
export function frame({context, width, height}, theme, across, up, square = false) {
  const {family, size: type} = theme.font;
  const size = type * 0.92;
  context.font = `${size}px ${family}`;
  const [top, right, bottom] = [6, 10, size * 1.6 + size * 1.35];
  const tall = Math.max(20, height - top - bottom);
  const words = ticks(up, tall, size * 2.6).map(([, text]) => context.measureText(text).width);
  const left = Math.ceil(Math.max(size, ...words) + size * 1.5 + 10);
  const wide = Math.max(20, width - left - right);
  const [x, y] = square ? equal(across.range, up.range, wide, tall) : [across.range, up.range];
  const projection = new Projection(left, top, wide, tall, {type: across.log ? "log" : "linear", range: x}, {type: up.log ? "log" : "linear", range: y});
  context.strokeStyle = theme.line;
  context.fillStyle = theme.dim;
  context.lineWidth = 1;
  context.textAlign = "center";
  context.textBaseline = "top";
  for (const [value, text] of ticks({...across, range: x}, wide, size * 4)) {
    const at = Math.round(projection.x(value)) + 0.5;
    stroke(context, at, top, at, top + tall + 4);
    context.fillText(text, at, top + tall + 6);
  }
  context.textAlign = "right";
  context.textBaseline = "middle";
  for (const [value, text] of ticks({...up, range: y}, tall, size * 2.6)) {
    const at = Math.round(projection.y(value)) + 0.5;
    stroke(context, left - 4, at, left + wide, at);
    context.fillText(text, left - 7, at);
  }
  context.strokeRect(left + 0.5, top + 0.5, wide - 1, tall - 1);
  context.textAlign = "center";
  context.textBaseline = "bottom";
  context.fillText(fitted(context, across.title, wide), left + wide / 2, height - 1);
  context.save();
  context.translate(1, top + tall / 2);
  context.rotate(-Math.PI / 2);
  context.textBaseline = "top";
  context.fillText(fitted(context, up.title, tall), 0, 0);
  context.restore();
  return projection;
}

/** As much of a text as there is room for. @param {CanvasRenderingContext2D} context @param {string} text @param {number} room */
function fitted(context, text, room) {
  let shown = text;
  while (shown.length > 1 && context.measureText(shown).width > room) shown = `${shown.replace(/…$/, "").slice(0, -1)}…`;
  return shown;
}

/** @param {CanvasRenderingContext2D} context @param {number} x0 @param {number} y0 @param {number} x1 @param {number} y1 */
export function stroke(context, x0, y0, x1, y1) {
  context.beginPath();
  context.moveTo(x0, y0);
  context.lineTo(x1, y1);
  context.stroke();
}

/** Draw only within the axes from now on, until the context is restored. @param {CanvasRenderingContext2D} context @param {Projection} projection */
export function clipped(context, {left, top, width, height}) {
  context.save();
  context.beginPath();
  context.rect(left, top, width, height);
  context.clip();
}
