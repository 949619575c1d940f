// @ts-check
/**
 * Paths in three dimensions: on the surface, and their shadows in the plane below it. What the surface hides shows through
 * it faintly.
 */

import {dash} from "../../draw/marks.js";
import {Drape} from "./mesh.js";

/** @typedef {{width: number, casing: number, hidden: number, alpha: number, gap?: number}} Pen `hidden`: how much of it shows through the surface */

const pen = {width: 2.6, casing: 5.5, hidden: 0.42, alpha: 1};
const shadowPen = {width: 2, casing: 0, hidden: 0, alpha: 0.8};
/** A double line, which no descent has. */
const averagePen = {width: 5, casing: 7.5, hidden: 0.2, alpha: 1, gap: 2};

export class Line {
  /** @param {import("./mesh.js").Mesh} mesh @param {import("../../session/tracks.js").Track} track */
  constructor(mesh, track) {
    this.mesh = mesh;
    this.x = track.x;
    this.i = track.i;
    this.average = track.average;
    this.drape = new Drape(mesh);
    /** Pixels of each place: x and y on the surface, x and y of its shadow. */ this.points = new Float32Array(0);
    /** 1: the place is seen, 2: its shadow is. */ this.seen = new Uint8Array(0);
    /** How many places are projected. */ this.projected = 0;
    /** How many are drawn, and how long that is in pixels, so that dashes go on where they ended. */ this.drawn = 0;
    this.run = [0, 0];
  }

  /** Whether it is the line of a track. @param {import("./mesh.js").Mesh} mesh @param {import("../../session/tracks.js").Track} track */
  follows(mesh, track) {
    return this.mesh === mesh && this.x === track.x && this.average === track.average;
  }

  /** Draw it anew; seen from elsewhere it is also to be projected anew. @param {boolean} elsewhere */
  restart(elsewhere) {
    if (elsewhere) this.projected = 0;
    this.drawn = 0;
    this.run = [0, 0];
  }

  /** Whether it is drawn farther than an entry. @param {number} at */
  beyond(at) {
    return this.drawn > 1 && this.drape.when[this.drawn - 1] > at;
  }

  /** @param {import("../../draw/axes.js").Perspective} eye @param {import("../../session/tracks.js").Track} track */
  project(eye, track) {
    const {drape, mesh} = this;
    drape.extend(track);
    const {places, when} = drape;
    if (this.points.length < 4 * when.length) {
      const room = Math.max(256, 2 * when.length);
      const [points, seen] = [new Float32Array(4 * room), new Uint8Array(room)];
      points.set(this.points);
      seen.set(this.seen);
      [this.points, this.seen] = [points, seen];
    }
    for (; this.projected < when.length; this.projected++) {
      const k = this.projected;
      const [x, y, z] = [places[3 * k], places[3 * k + 1], places[3 * k + 2]];
      this.points.set(eye.at(x, y, z), 4 * k);
      this.points.set(eye.at(x, y, mesh.floor), 4 * k + 2);
      this.seen[k] = Number.isNaN(z) ? 0 : Number(!mesh.hides(x, y, z, eye.eye)) + 2 * Number(!mesh.hides(x, y, mesh.floor, eye.eye));
    }
  }

  /** Go on with it to an entry. @param {CanvasRenderingContext2D} context @param {import("../../draw/theme.js").Theme} theme @param {number} at */
  extend(context, theme, at) {
    const {when} = this.drape;
    let to = this.drawn;
    while (to < this.projected && when[to] <= at) to += 1;
    if (to > this.drawn && to > 1) {
      this.#stroke(context, theme, to, 1, shadowPen);
      this.#stroke(context, theme, to, 0, this.average ? averagePen : pen);
    }
    this.drawn = to;
  }

  /** @param {CanvasRenderingContext2D} context @param {import("../../draw/theme.js").Theme} theme @param {number} to @param {0 | 1} layer on the surface, in the plane @param {Pen} pen */
  #stroke(context, theme, to, layer, pen) {
    const {points, seen} = this;
    const [open, covered, dots] = [new Path2D(), new Path2D(), new Path2D()];
    let [travelled, since] = [0, Infinity];
    /** Which of the two the pen is on. @type {Path2D | null} */ let on = null;
    for (let k = Math.max(1, this.drawn); k < to; k++) {
      const [x0, y0, x1, y1] = [points[4 * k - 4 + 2 * layer], points[4 * k - 3 + 2 * layer], points[4 * k + 2 * layer], points[4 * k + 1 + 2 * layer]];
      const length = Math.hypot(x1 - x0, y1 - y0);
      if (Number.isNaN(this.drape.places[3 * k - 1]) || Number.isNaN(this.drape.places[3 * k + 2])) {
        on = null;
        continue;
      }
      const bit = 1 + layer;
      const path = seen[k - 1] & seen[k] & bit ? open : covered;
      if (on !== path) path.moveTo(x0, y0);
      path.lineTo(x1, y1);
      on = path;
      travelled += length;
      since += length;
      // Where steps are long enough to be told apart, each iterate is a dot: the path is steps, not a curve.
      if (!layer && Number.isInteger(this.drape.when[k]) && since > 9 && seen[k] & 1) {
        dots.moveTo(x1 + 2.6, y1);
        dots.arc(x1, y1, 2.6, 0, 7);
        since = 0;
      }
    }
    const colour = theme.paths[this.i % theme.paths.length];
    const dashes = this.average ? [] : dash(this.i);
    context.lineJoin = "round";
    context.lineCap = "butt";
    context.globalAlpha = pen.alpha;
    if (pen.casing) line(context, open, theme.casing, pen.casing);
    context.setLineDash(dashes);
    context.lineDashOffset = this.run[layer];
    if (!dashes.length) context.lineCap = "round";
    line(context, open, colour, pen.width);
    if (pen.hidden) {
      context.globalAlpha = pen.hidden;
      line(context, covered, colour, pen.width * 0.8);
      context.globalAlpha = pen.alpha;
    }
    context.setLineDash([]);
    if (pen.gap) line(context, open, theme.card, pen.gap);
    else if (!layer) {
      context.fillStyle = colour;
      context.fill(dots);
      line(context, dots, theme.casing, 1);
    }
    context.globalAlpha = 1;
    this.run[layer] += travelled;
  }

  /** The entry nearest to a pixel among those that are seen. @param {number} px @param {number} py @param {number} within pixels @returns {{distance: number, step: number} | null} */
  nearest(px, py, within) {
    let [distance, step] = [within, -1];
    for (let k = 0; k < this.drawn; k++) {
      if (!(this.seen[k] & 1) || !Number.isInteger(this.drape.when[k])) continue;
      const away = Math.hypot(this.points[4 * k] - px, this.points[4 * k + 1] - py);
      if (away < distance) [distance, step] = [away, this.drape.when[k]];
    }
    return step < 0 ? null : {distance, step};
  }
}

/** @param {CanvasRenderingContext2D} context @param {Path2D} path @param {string} colour @param {number} width */
export function line(context, path, colour, width) {
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.stroke(path);
}
