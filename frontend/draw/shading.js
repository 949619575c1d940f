// @ts-check
/** A relief as a picture: bands of colour and the lines between them. */

import {levels} from "./relief.js";

/** @typedef {import("./relief.js").Relief} Relief */
/** @typedef {Array<[number, string]>} Scale colours from the lowest to the highest level */

/** The band of every pixel. @param {Relief} relief @param {number} width @param {number} height */
function bands({rows, low, high}, width, height) {
  const found = new Int8Array(width * height);
  const [across, up] = [(rows[0].length - 1) / (width - 1), (rows.length - 1) / (height - 1)];
  for (let j = 0; j < height; j++) {
    const bottom = Math.min(Math.floor(j * up), rows.length - 2);
    const t = j * up - bottom;
    const [below, above] = [rows[bottom], rows[bottom + 1]];
    for (let i = 0; i < width; i++) {
      const left = Math.min(Math.floor(i * across), below.length - 2);
      const s = i * across - left;
      const z = (1 - t) * ((1 - s) * below[left] + s * below[left + 1]) + t * ((1 - s) * above[left] + s * above[left + 1]);
      const band = Math.floor(((z - low) / (high - low)) * levels);
      found[(height - 1 - j) * width + i] = band >= 0 || band < 0 ? Math.max(0, Math.min(levels - 1, band)) : -1;
    }
  }
  return found;
}

/** @param {Relief} relief @param {Scale} scale @param {number} width @param {number} height */
export function picture(relief, scale, width, height) {
  const image = new ImageData(width, height);
  const palette = new Uint32Array(Uint8ClampedArray.from(shades(scale).flat()).buffer);
  const pixels = new Uint32Array(image.data.buffer);
  bands(relief, width, height).forEach((band, at) => band >= 0 && (pixels[at] = palette[band]));
  return image;
}

/** The contour lines alone, as the address of a picture. @param {Relief} relief @param {string} colour */
export function lines(relief, colour) {
  const [width, height] = [3 * relief.rows[0].length, 3 * relief.rows.length];
  const [r, g, b, opacity = 1] = numbers(colour);
  const image = new ImageData(width, height);
  const found = bands(relief, width, height);
  for (let at = 0; at < found.length - width; at++) {
    if (found[at] !== found[at + 1] || found[at] !== found[at + width]) image.data.set([r, g, b, 255 * opacity], 4 * at);
  }
  const canvas = document.createElement("canvas");
  Object.assign(canvas, {width, height});
  /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d")).putImageData(image, 0, 0);
  return canvas.toDataURL();
}

/** How often contour lines cross the lines of the grid: what it costs to follow them. @param {Relief} relief */
export function crossings({rows, low, high}) {
  const band = (/** @type {number} */ z) => Math.floor(((Math.min(z, high) - low) / (high - low)) * levels);
  let [count, atEdge] = [0, 0];
  rows.forEach((row, j) => {
    for (let i = 1; i < row.length; i++) {
      const crossed = Math.abs(band(row[i]) - band(row[i - 1])) || 0;
      count += crossed;
      if (!j || j === rows.length - 1) atEdge += crossed;
      if (j) count += Math.abs(band(row[i]) - band(rows[j - 1][i])) || 0;
    }
  });
  return {count, atEdge};
}

/** A scale whose colours change at the levels only. @param {Scale} scale */
export const banded = (scale) => shades(scale).flatMap((colour, i) => [i, i + 1].map((at) => [at / levels, `rgb(${colour.slice(0, 3).map(Math.round).join()})`]));

/**
 * Where a grid's values cross a level, in straight pieces, one or two for each of its cells.
 * @param {import("./relief.js").Grid} grid @param {number} level @returns {number[]} x and y of where a piece begins and ends, four numbers each
 */
export function isolines({x, y, loss}, level) {
  const columns = x.length;
  /** @type {number[]} */
  const found = [];
  for (let row = 0; row < y.length - 1; row++) {
    for (let column = 0; column < columns - 1; column++) {
      const at = row * columns + column;
      const heights = [loss[at], loss[at + 1], loss[at + columns + 1], loss[at + columns]];
      if (!(Math.min(...heights) < level && Math.max(...heights) >= level)) continue;
      const corners = [[x[column], y[row]], [x[column + 1], y[row]], [x[column + 1], y[row + 1]], [x[column], y[row + 1]]];
      // A saddle is cut on all four sides: neighbouring cuts are joined.
      corners.forEach(([px, py], i) => {
        const j = (i + 1) % 4;
        if ((heights[i] < level) === (heights[j] < level)) return;
        const part = (level - heights[i]) / (heights[j] - heights[i]);
        found.push(px + part * (corners[j][0] - px), py + part * (corners[j][1] - py));
      });
    }
  }
  return found;
}

/** @param {string} colour as the browser computes it */
export const numbers = (colour) => (colour.match(/[\d.]+/g) ?? []).map(Number);

/** The colours of the levels. @param {Scale} scale */
function shades(scale) {
  const stops = scale.map(([at, colour]) => ({at, rgb: numbers(colour).slice(0, 3)}));
  return Array.from({length: levels}, (_, level) => {
    const at = (level + 0.5) / levels;
    const next = Math.max(1, stops.findIndex((stop) => stop.at >= at));
    const [a, b] = [stops[next - 1], stops[next]];
    const part = (at - a.at) / (b.at - a.at);
    return [...a.rgb.map((value, i) => value + part * (b.rgb[i] - value)), 255];
  });
}
