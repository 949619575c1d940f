// @ts-check
/** Lines on a canvas that only grow: what has been drawn is drawn again only after a jump back or a change of view. */

import {dash} from "./marks.js";

/** A canvas as large as its element, in the screen's own pixels. */
export class Sheet {
  /** @param {HTMLCanvasElement} canvas @param {() => void} resized */
  constructor(canvas, resized) {
    this.canvas = canvas;
    this.context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    this.width = 0;
    this.height = 0;
    /** Grows with every clearing by a resize. */ this.edition = 0;
    // Also told when it begins to observe; to measure here would lay out the page for every canvas that is made.
    new ResizeObserver(() => {
      this.#fit();
      resized();
    }).observe(canvas);
  }

  #fit() {
    const ratio = devicePixelRatio || 1;
    this.width = this.canvas.clientWidth;
    this.height = this.canvas.clientHeight;
    this.canvas.width = Math.round(this.width * ratio);
    this.canvas.height = Math.round(this.height * ratio);
    this.context.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.edition += 1;
  }

  clear() {
    this.context.clearRect(0, 0, this.width, this.height);
  }
}

/** So long a step, in pixels, can be told from the next. */
export const longStep = 9;

/** Beyond this many pixels a canvas' coordinates lose their precision. */
const far = 4000;

/**
 * The part of a segment that is near the screen (Liang and Barsky 1984).
 * @param {number} x0 @param {number} y0 @param {number} x1 @param {number} y1 @returns {number[] | null}
 */
export function clip(x0, y0, x1, y1) {
  let from = 0;
  let to = 1;
  const dx = x1 - x0;
  const dy = y1 - y0;
  for (const [p, q] of [[-dx, x0 + far], [dx, far - x0], [-dy, y0 + far], [dy, far - y0]]) {
    if (p === 0 && q < 0) return null;
    if (p < 0) from = Math.max(from, q / p);
    if (p > 0) to = Math.min(to, q / p);
  }
  return from < to ? [x0 + from * dx, y0 + from * dy, x0 + to * dx, y0 + to * dy] : null;
}

/**
 * @typedef {{x: ArrayLike<number>, y: ArrayLike<number>, to: number, i: number, pen: Pen}} Path
 *   `to`: the entry up to which it is drawn; `i`: whose it is
 * @typedef {{paths: string[], casing: string, card: string}} Colours
 * @typedef {{x: (value: number) => number, y: (value: number) => number, key: string,
 *            left: number, top: number, width: number, height: number}} Projecting
 * @typedef {{width: number, casing?: number, dots?: boolean, dash?: number[], alpha?: number, gap?: number}} Pen
 *   `dash`: instead of that of the descent; `gap`: the width of what makes it a double line
 */

export class Ink {
  /** @param {Sheet} sheet */
  constructor(sheet) {
    this.sheet = sheet;
    this.key = "";
    /** Up to which step each path is drawn. @type {number[]} */ this.drawn = [];
    /** Their lengths in pixels, so that dashes go on where they ended. @type {number[]} */ this.run = [];
  }

  /**
   * @param {Projecting} projection @param {Path[]} paths @param {Colours} theme @param {string} what changes with the paths' values
   */
  draw(projection, paths, theme, what) {
    const {context} = this.sheet;
    const key = `${projection.key}|${this.sheet.edition}|${theme.casing}|${paths.length}|${what}`;
    if (key !== this.key || paths.some(({to}, k) => to < this.drawn[k])) {
      this.sheet.clear();
      this.key = key;
      this.drawn = paths.map(() => 0);
      this.run = paths.map(() => 0);
    }
    context.save();
    context.beginPath();
    context.rect(projection.left, projection.top, projection.width, projection.height);
    context.clip();
    context.lineJoin = "round";
    paths.forEach((path, k) => {
      if (path.to > this.drawn[k]) this.#extend(projection, path, k, theme);
    });
    context.restore();
  }

  /** @param {Projecting} projection @param {Path} path @param {number} k its place among the paths @param {Colours} theme */
  #extend(projection, path, k, theme) {
    const {context} = this.sheet;
    const {to, i, pen} = path;
    const line = new Path2D();
    const dots = new Path2D();
    let x0 = projection.x(path.x[this.drawn[k]]);
    let y0 = projection.y(path.y[this.drawn[k]]);
    let travelled = 0;
    line.moveTo(x0, y0);
    for (let step = this.drawn[k] + 1; step <= to; step++) {
      const x1 = projection.x(path.x[step]);
      const y1 = projection.y(path.y[step]);
      if (Math.max(Math.abs(x0), Math.abs(y0), Math.abs(x1), Math.abs(y1)) < far) {
        line.lineTo(x1, y1);
        const length = Math.hypot(x1 - x0, y1 - y0);
        travelled += length;
        // Where steps are long enough to be told apart, each iterate is a dot: the path is steps, not a curve.
        if (pen.dots && length > longStep) {
          dots.moveTo(x1 + 2.6, y1);
          dots.arc(x1, y1, 2.6, 0, 7);
        }
      } else {
        const near = clip(x0, y0, x1, y1);
        if (near) {
          line.moveTo(near[0], near[1]);
          line.lineTo(near[2], near[3]);
        }
        line.moveTo(x1, y1);
      }
      x0 = x1;
      y0 = y1;
    }
    const colour = theme.paths[i % theme.paths.length];
    const dashes = pen.dash ?? dash(i);
    context.globalAlpha = pen.alpha ?? 1;
    context.lineCap = "butt";
    if (pen.casing) {
      context.strokeStyle = theme.casing;
      context.lineWidth = pen.casing;
      context.stroke(line);
    }
    context.strokeStyle = colour;
    context.lineWidth = pen.width;
    context.setLineDash(dashes);
    context.lineDashOffset = this.run[k];
    if (!dashes.length) context.lineCap = "round";
    context.stroke(line);
    context.setLineDash([]);
    if (pen.gap) {
      context.strokeStyle = theme.card;
      context.lineWidth = pen.gap;
      context.stroke(line);
    }
    context.fillStyle = colour;
    context.strokeStyle = theme.casing;
    context.lineWidth = 1;
    context.fill(dots);
    context.stroke(dots);
    context.globalAlpha = 1;
    this.run[k] += travelled;
    this.drawn[k] = to;
  }
}
