// @ts-check
/**
 * What moves over the surface: paths with their shadows, heads with their names, the tangent plane. It is drawn over
 * Plotly's picture, since Plotly would build the whole surface anew for every step of a path.
 */

import {Sheet} from "../../draw/ink.js";
import {gather, spread} from "../../draw/labels.js";
import {trace} from "../../draw/marks.js";
import {place, tracks} from "../../session/tracks.js";
import {Line, line} from "./paths3d.js";
import {square} from "./tangent.js";

/**
 * @typedef {import("../../draw/axes.js").Perspective} Perspective
 * @typedef {import("../../session/tracks.js").Track} Track
 * @typedef {import("./mesh.js").Mesh} Mesh
 * @typedef {{i: number, px: number, py: number, hidden: boolean, inside: boolean, text: string, lost: boolean, average: boolean, shadow: [number, number] | null, tail: number[] | null}} Head
 *   `shadow`: where it falls, if that is seen; `tail`: where its path's last whole entry is drawn
 * @typedef {{descent: number, step: number, gradient: [number, number], rise: number}} Touch where the plane touches, how steep
 */

const radius = 7;
/** How many strips the tangent plane is cut into. */
const strips = 20;

/** Where the plane all but lies on the surface it is not to flicker. @param {import("./mesh.js").Place} place @returns {import("./mesh.js").Place} */
const raised = ([x, y, z]) => [x, y, z + 0.02];

export class Overlay3d {
  /** @param {HTMLCanvasElement} trails @param {HTMLCanvasElement} heads @param {import("../../draw/theme.js").Theme} theme @param {() => void} wake asks for a frame */
  constructor(trails, heads, theme, wake) {
    this.theme = theme;
    this.trails = new Sheet(trails, wake);
    this.sheet = new Sheet(heads, wake);
    /** @type {Line[]} */ this.lines = [];
    /** @type {Head[]} */ this.heads = [];
    /** What to clear before the next frame. @type {number[][]} */ this.dirty = [];
    /** @type {Map<string, number>} */ this.widths = new Map();
    this.font = "";
    this.key = "";
    this.seenFrom = "";
  }

  /**
   * @param {Perspective} eye @param {Mesh} mesh @param {import("../../session/buffer.js").Buffer} buffer @param {number} position
   * @param {boolean} rest whether the clock stands still @param {Touch | null} touch @param {number} chosen the descent that is looked at closely
   */
  draw(eye, mesh, buffer, position, rest, touch, chosen) {
    const shown = tracks(buffer, position);
    this.lines = shown.map((track, k) => (this.lines[k]?.follows(mesh, track) ? this.lines[k] : new Line(mesh, track)));
    const key = [eye.key, this.trails.edition, this.theme.casing, shown.length, rest ? position : ""].join("|");
    if (key !== this.key || this.lines.some((one, k) => !one.projected || one.beyond(shown[k].at))) {
      this.trails.clear();
      for (const one of this.lines) one.restart(eye.key !== this.seenFrom);
      this.key = key;
      this.seenFrom = eye.key;
    }
    shown.forEach((track, k) => {
      this.lines[k].project(eye, track);
      this.lines[k].extend(this.trails.context, this.theme, track.at);
    });
    for (const [x, y, width, height] of this.dirty) this.sheet.context.clearRect(x, y, width, height);
    this.dirty = [];
    if (touch) this.#plane(eye, mesh, buffer.trajectories[touch.descent], touch);
    this.heads = shown.flatMap((track, k) => this.#head(eye, mesh, track, this.lines[k]) ?? []);
    for (const head of this.heads) this.#thread(head);
    // In a low picture names would hide it; the map beside it has them.
    const fates = gather(this.heads, chosen);
    if (eye.height > 330) this.#labels(eye, fates);
    this.heads.forEach((head, k) => this.#mark(head, fates[k].ring));
  }

  clear() {
    this.trails.clear();
    this.sheet.clear();
    this.key = "";
  }

  /** @param {number} x0 @param {number} y0 @param {number} x1 @param {number} y1 @param {number} margin */
  #soil(x0, y0, x1, y1, margin) {
    this.dirty.push([Math.min(x0, x1) - margin, Math.min(y0, y1) - margin, Math.abs(x1 - x0) + 2 * margin, Math.abs(y1 - y0) + 2 * margin]);
  }

  /** @param {Perspective} eye @param {Mesh} mesh @param {Track} track @param {Line} path @returns {Head | null} */
  #head(eye, mesh, track, path) {
    const {i, label, said, lost, average} = track;
    const [across, along] = mesh.across(...place(track, track.at));
    const [x, y] = [across, along].map((value, k) => Math.max(-mesh.sides[k] / 2, Math.min(value, mesh.sides[k] / 2)));
    const inside = x === across && y === along;
    const height = mesh.height(x, y);
    const z = Number.isFinite(height) ? height : mesh.sides[2] / 2;
    const [px, py] = eye.at(x, y, z);
    if (!Number.isFinite(px + py)) return null;
    const last = path.drawn - 1;
    return {
      i, px, py, inside, lost, average, text: [label, said || (inside ? "" : "off the map")].filter(Boolean).join(" · "),
      hidden: mesh.hides(x, y, z + 0.004, eye.eye),
      shadow: inside && !mesh.hides(x, y, mesh.floor, eye.eye) ? eye.at(x, y, mesh.floor) : null,
      tail: inside && last >= 0 && path.drape.when[last] < track.at ? Array.from(path.points.subarray(4 * last, 4 * last + 2)) : null,
    };
  }

  /** What a head hangs on: the rest of its path, and the line down to its shadow. @param {Head} head */
  #thread({i, px, py, hidden, shadow, tail}) {
    const {context} = this.sheet;
    const colour = this.theme.paths[i % 8];
    if (tail && Number.isFinite(tail[0])) {
      const rest = new Path2D();
      rest.moveTo(tail[0], tail[1]);
      rest.lineTo(px, py);
      context.globalAlpha = hidden ? 0.32 : 1;
      context.lineCap = "round";
      line(context, rest, colour, 2.6);
      this.#soil(tail[0], tail[1], px, py, 5);
    }
    if (shadow) {
      const down = new Path2D();
      down.moveTo(px, py);
      down.lineTo(...shadow);
      context.globalAlpha = 0.7;
      context.setLineDash([2, 4]);
      line(context, down, colour, 1.3);
      context.setLineDash([]);
      context.beginPath();
      context.ellipse(...shadow, 4.5, 2.6, 0, 0, 7);
      context.globalAlpha = 1;
      context.fillStyle = colour;
      context.fill();
      context.strokeStyle = this.theme.casing;
      context.lineWidth = 1.2;
      context.stroke();
      this.#soil(px, py, ...shadow, 8);
    }
    context.globalAlpha = 1;
  }

  /** @param {string} text */
  #width(text) {
    const key = this.font + text;
    if (!this.widths.has(key)) this.widths.set(key, this.sheet.context.measureText(text).width);
    return /** @type {number} */ (this.widths.get(key));
  }

  /** @param {Perspective} eye @param {ReturnType<typeof gather>} fates of the heads */
  #labels(eye, fates) {
    const {context} = this.sheet;
    const {family, size} = this.theme.font;
    const height = size * 1.55;
    context.font = this.font = `600 ${size * 0.94}px ${family}`;
    context.textBaseline = "middle";
    const boxes = this.heads.flatMap((head, k) => {
      const {named, more} = fates[k];
      if (!named) return [];
      const text = more ? `${head.text} + ${more} more` : head.text;
      const width = this.#width(text) + 12;
      const right = head.px + 16 + width < eye.width - 4;
      return [{head, text, width, x: right ? head.px + 16 : Math.max(4, head.px - 16 - width), y: head.py, right}];
    });
    spread(boxes, height + 2, 4 + height / 2, eye.height - 4 - height / 2);
    for (const {head, text, width, x, y, right} of boxes) {
      const edge = right ? x : x + width;
      const colour = head.lost ? this.theme.alarm : this.theme.paths[head.i % 8];
      if (Math.abs(y - head.py) > 3) {
        const leader = new Path2D();
        leader.moveTo(head.px, head.py);
        leader.lineTo(edge, y);
        line(context, leader, this.theme.paths[head.i % 8], 1.5);
      }
      const pill = new Path2D();
      pill.roundRect(x, y - height / 2, width, height, 5);
      context.fillStyle = this.theme.pill;
      context.fill(pill);
      line(context, pill, colour, 1.5);
      context.fillStyle = head.lost ? this.theme.alarm : this.theme.ink;
      context.fillText(text, x + 6, y + 0.5);
      this.#soil(x, y - height / 2, x + width, y + height / 2, 3);
      this.#soil(head.px, head.py, edge, y, 3);
    }
  }

  /** Heads that lie upon each other become rings, so that none is hidden; behind a hill they are hollow. @param {Head} head @param {number} ring */
  #mark({i, px, py, hidden, inside, average}, ring) {
    if (ring < 0) return;
    const {context} = this.sheet;
    const size = inside ? radius + 3.2 * ring : 5;
    const colour = this.theme.paths[i % 8];
    const hollow = hidden || average;
    trace(context, i, px, py, size);
    context.lineJoin = "round";
    context.lineWidth = hollow ? 6 : 4;
    context.strokeStyle = this.theme.casing;
    context.stroke();
    context.fillStyle = hollow ? this.theme.card : colour;
    context.globalAlpha = hidden ? 0.6 : 1;
    context.fill();
    context.globalAlpha = 1;
    context.lineWidth = hollow ? 2.6 : 1.4;
    context.strokeStyle = hollow ? colour : this.theme.ink;
    context.stroke();
    this.#soil(px, py, px, py, size * 1.3 + 4);
  }

  /** @param {Perspective} eye @param {Mesh} mesh @param {import("../../session/buffer.js").Trajectory} trajectory @param {Touch} touch */
  #plane(eye, mesh, {x, y}, {descent, step, gradient, rise}) {
    const plane = square(mesh, mesh.across(x[step], y[step]), gradient, rise);
    if (!plane) return;
    const {context} = this.sheet;
    const colour = this.theme.paths[descent % 8];
    const pixel = (/** @type {number} */ s, /** @type {number} */ t) => eye.at(...plane.at(s, t));
    const [open, covered] = [new Path2D(), new Path2D()];
    // In strips, each of them cut where it goes into the ground.
    const side = 2 / strips;
    for (let t = -1; t < 1 - side / 2; t += side) {
      /** @type {Path2D | null} */ let before = null;
      let from = -1;
      for (let i = 0; i <= strips; i++) {
        const s = -1 + i * side;
        const path = i < strips ? (mesh.hides(...raised(plane.at(s + side / 2, t + side / 2)), eye.eye) ? covered : open) : null;
        if (path === before) continue;
        if (before) {
          before.moveTo(...pixel(from, t));
          for (const corner of [pixel(s, t), pixel(s, t + side), pixel(from, t + side)]) before.lineTo(...corner);
        }
        [before, from] = [path, s];
      }
    }
    context.fillStyle = colour;
    for (const [path, alpha] of /** @type {Array<[Path2D, number]>} */ ([[open, 0.42], [covered, 0.14]])) {
      context.globalAlpha = alpha;
      context.fill(path);
    }
    const corners = [[-1, -1], [1, -1], [1, 1], [-1, 1]].map(([s, t]) => pixel(s, t));
    const rim = new Path2D();
    for (const corner of corners) rim.lineTo(...corner);
    rim.closePath();
    context.globalAlpha = 0.85;
    context.lineJoin = "round";
    line(context, rim, colour, 1.4);
    context.globalAlpha = 1;
    if (plane.steep) {
      // Straight downhill: where minus the gradient points.
      const arrow = new Path2D();
      arrow.moveTo(...pixel(0, 0));
      arrow.lineTo(...pixel(1.25, 0));
      for (const t of [-0.16, 0.16]) {
        arrow.moveTo(...pixel(1.02, t));
        arrow.lineTo(...pixel(1.25, 0));
      }
      context.lineCap = "round";
      line(context, arrow, this.theme.casing, 5);
      line(context, arrow, this.theme.ink, 2);
    }
    const [xs, ys] = [0, 1].map((k) => [...corners, pixel(1.3, 0)].map((corner) => corner[k]));
    this.#soil(Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys), 8);
  }
}
