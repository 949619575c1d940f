// @ts-check
/** What moves on the map: trails that grow, heads with their names. */

import {Ink, Sheet} from "../../draw/ink.js";
import {gather, spread} from "../../draw/labels.js";
import {trace} from "../../draw/marks.js";
import {place, tracks} from "../../session/tracks.js";

const radius = 7.5;
export const pen = {width: 2.6, casing: 5.5, dots: true};
/** A double line, which no descent has. */
export const averagePen = {width: 5, casing: 7.5, gap: 2, dash: []};

/**
 * @typedef {import("../../session/tracks.js").Track} Track
 * @typedef {{i: number, x: number, y: number, px: number, py: number, inside: boolean, text: string, lost: boolean, average: boolean, width: number}} Head
 *   x, y: where it is; px, py: where it is drawn, at the border if it has left the map
 */

export class Overlay {
  /**
   * @param {HTMLElement} stage @param {import("../../draw/axes.js").Axes} axes @param {import("../../session/state.js").State} state
   * @param {import("../../session/clock.js").Clock} clock @param {import("../../draw/theme.js").Theme} theme
   */
  constructor(stage, axes, state, clock, theme) {
    this.axes = axes;
    this.state = state;
    this.clock = clock;
    this.theme = theme;
    const canvas = (/** @type {string} */ name) => /** @type {HTMLCanvasElement} */ (stage.querySelector(`.${name}`));
    this.trails = new Ink(new Sheet(canvas("trails"), () => clock.wake()));
    this.sheet = new Sheet(canvas("heads"), () => clock.wake());
    /** What to clear before the next frame: only a full redraw costs much. @type {number[][]} */ this.dirty = [];
    /** Heights of the labels, which glide to where there is room. @type {number[]} */ this.heights = [];
    /** @type {Head[]} */ this.heads = [];
    /** @type {Map<string, number>} */ this.widths = new Map();
    this.edition = 0;
    state.on("answer", () => (this.edition += 1));
    theme.changed.push(() => clock.wake());
    clock.draw.push((seconds) => this.draw(seconds));
  }

  /** @param {number} seconds since the last frame @returns {boolean} whether labels are still gliding */
  draw(seconds) {
    const {buffer} = this.state;
    const projection = this.axes.read();
    if (!buffer || !projection) return false;
    const {position} = this.clock;
    const {context} = this.sheet;
    const shown = tracks(buffer, position);
    const paths = shown.map(({i, x, y, at, average}) => ({i, x, y, to: Math.floor(at), pen: average ? averagePen : pen}));
    // While it plays the trails grow by pieces, which overlap where they join: at rest a step has one picture, however one came there.
    const what = `${this.edition} ${this.clock.playing ? "" : position}`;
    this.trails.draw(projection, paths, this.theme, what);

    for (const [x, y, width, height] of this.dirty) context.clearRect(x, y, width, height);
    this.dirty = [];
    this.#tips(projection, shown);
    this.heads = shown.map((track) => this.#head(projection, track));
    const fates = gather(this.heads, this.state.chosen);
    const gliding = this.#labels(projection, seconds, fates);
    this.#drawHeads(fates);
    return gliding;
  }

  /** The part of each path since its last whole entry. @param {import("../../draw/axes.js").Projection} projection @param {Track[]} shown */
  #tips(projection, shown) {
    const {context} = this.sheet;
    context.save();
    context.beginPath();
    context.rect(projection.left, projection.top, projection.width, projection.height);
    context.clip();
    context.lineCap = "round";
    for (const track of shown) {
      const step = Math.floor(track.at);
      if (step === track.at) continue;
      const [x0, y0] = [projection.x(track.x[step]), projection.y(track.y[step])];
      const [x, y] = place(track, track.at);
      const [x1, y1] = [projection.x(x), projection.y(y)];
      const {width, casing} = track.average ? averagePen : pen;
      /** @type {Array<[number, string]>} */
      const strokes = [[casing, this.theme.casing], [width, this.theme.paths[track.i % 8]], ...(track.average ? /** @type {Array<[number, string]>} */ ([[averagePen.gap, this.theme.card]]) : [])];
      for (const [width, colour] of strokes) {
        context.lineWidth = width;
        context.strokeStyle = colour;
        context.beginPath();
        context.moveTo(x0, y0);
        context.lineTo(x1, y1);
        context.stroke();
      }
      this.#soil(x0, y0, x1, y1, 5);
    }
    context.restore();
  }

  /** @param {number} x0 @param {number} y0 @param {number} x1 @param {number} y1 @param {number} margin */
  #soil(x0, y0, x1, y1, margin) {
    this.dirty.push([Math.min(x0, x1) - margin, Math.min(y0, y1) - margin, Math.abs(x1 - x0) + 2 * margin, Math.abs(y1 - y0) + 2 * margin]);
  }

  /** @param {import("../../draw/axes.js").Projection} projection @param {Track} track @returns {Head} */
  #head(projection, track) {
    const {i, label, said, lost, average} = track;
    const [x, y] = place(track, track.at);
    const [px, py] = [projection.x(x), projection.y(y)];
    const inside = projection.holds(px, py, 1);
    const text = [label, said || (inside ? "" : "off the map")].filter(Boolean).join(" · ");
    const clamp = (/** @type {number} */ value, /** @type {number} */ low, /** @type {number} */ high) => Math.max(low, Math.min(value, high));
    return {
      i, x, y, inside, text, lost, average,
      px: clamp(px, projection.left + 6, projection.left + projection.width - 6),
      py: clamp(py, projection.top + 6, projection.top + projection.height - 6),
      width: this.#width(text),
    };
  }

  /** @param {string} text */
  #width(text) {
    const {family, size} = this.theme.font;
    const font = `600 ${size * 0.94}px ${family}`;
    const key = font + text;
    if (this.sheet.context.font !== font) this.sheet.context.font = font;
    if (!this.widths.has(key)) this.widths.set(key, this.sheet.context.measureText(text).width);
    return /** @type {number} */ (this.widths.get(key));
  }

  /**
   * Draw each label beside its head, moved up or down where others are in the way, with a line to the head then.
   * @param {import("../../draw/axes.js").Projection} projection @param {number} seconds @param {ReturnType<typeof gather>} fates of the heads @returns {boolean}
   */
  #labels(projection, seconds, fates) {
    const {context} = this.sheet;
    const height = this.theme.font.size * 1.55;
    const boxes = this.heads.flatMap((head, k) => {
      const {named, more} = fates[k];
      if (!named) return [];
      const text = more ? `${head.text} + ${more} more` : head.text;
      const width = (more ? this.#width(text) : head.width) + 12;
      const right = head.px + 16 + width < projection.left + projection.width;
      const x = right ? head.px + 16 : Math.max(projection.left, head.px - 16 - width);
      return [{head, k, text, width, x, y: head.py, right}];
    });
    spread(boxes, height + 2, projection.top + height / 2, projection.top + projection.height - height / 2);
    let gliding = false;
    const heights = this.heights;
    this.heights = [];
    boxes.forEach(({head, k, text, width, x, y, right}) => {
      const before = heights[k] ?? y;
      let now = seconds && Math.abs(y - before) < 200 ? before + (y - before) * (1 - Math.exp(-14 * seconds)) : y;
      if (Math.abs(y - now) < 0.5) now = y;
      gliding ||= now !== y;
      this.heights[k] = now;
      const edge = right ? x : x + width;
      if (Math.abs(now - head.py) > 3) {
        context.strokeStyle = this.theme.paths[head.i % 8];
        context.lineWidth = 1.5;
        context.beginPath();
        context.moveTo(head.px, head.py);
        context.lineTo(edge, now);
        context.stroke();
      }
      context.fillStyle = this.theme.pill;
      context.beginPath();
      context.roundRect(x, now - height / 2, width, height, 5);
      context.fill();
      context.strokeStyle = head.lost ? this.theme.alarm : this.theme.paths[head.i % 8];
      context.lineWidth = 1.5;
      context.stroke();
      context.fillStyle = head.lost ? this.theme.alarm : this.theme.ink;
      context.textBaseline = "middle";
      context.fillText(text, x + 6, now + 0.5);
      this.#soil(x, now - height / 2, x + width, now + height / 2, 3);
      this.#soil(head.px, head.py, edge, now, 3);
    });
    return gliding;
  }

  /** Heads that lie upon each other become rings, so that none is hidden. @param {ReturnType<typeof gather>} fates */
  #drawHeads(fates) {
    const {context} = this.sheet;
    this.heads.forEach((head, k) => {
      const {ring} = fates[k];
      if (ring < 0) return;
      const size = head.inside ? radius + 3.2 * ring : 5;
      const colour = this.theme.paths[head.i % 8];
      trace(context, head.i, head.px, head.py, size);
      context.lineWidth = head.average ? 6 : 4;
      context.lineJoin = "round";
      context.strokeStyle = this.theme.casing;
      context.stroke();
      context.fillStyle = head.average ? this.theme.card : colour;
      context.fill();
      context.lineWidth = head.average ? 3 : 1.4;
      context.strokeStyle = head.average ? colour : this.theme.ink;
      context.stroke();
      if (head.lost) {
        context.beginPath();
        for (const s of [-1, 1]) {
          context.moveTo(head.px - 4, head.py - 4 * s);
          context.lineTo(head.px + 4, head.py + 4 * s);
        }
        context.lineWidth = 2;
        context.stroke();
      }
      this.#soil(head.px, head.py, head.px, head.py, size * 1.3 + 4);
    });
  }
}
