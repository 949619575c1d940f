// @ts-check
/** What moves on the map: trails that grow, heads with their names. */

import {Ink, Sheet} from "./ink.js";
import {trace} from "./marks.js";

const radius = 7.5;

/**
 * Where a trajectory is at a position between two steps.
 * @param {import("./buffer.js").Trajectory} trajectory @param {number} position @returns {[number, number]}
 */
export function place(trajectory, position) {
  const at = Math.max(0, Math.min(position, trajectory.last));
  const step = Math.floor(at);
  const part = at - step;
  if (!part) return [trajectory.x[step], trajectory.y[step]];
  return [
    trajectory.x[step] + part * (trajectory.x[step + 1] - trajectory.x[step]),
    trajectory.y[step] + part * (trajectory.y[step + 1] - trajectory.y[step]),
  ];
}

/** What is said at a head, once it has got there. @param {import("./buffer.js").Trajectory} trajectory @param {number} position */
export function verdict(trajectory, position) {
  if (!trajectory.end || position < trajectory.last || trajectory.end.status === "finished") return "";
  // The iterate that was too far is the one after the last that is listed.
  return trajectory.lost ? `${trajectory.end.status} at step ${trajectory.end.steps + 1}` : trajectory.end.status;
}

/**
 * @typedef {{i: number, x: number, y: number, px: number, py: number, inside: boolean, text: string, lost: boolean, width: number}} Head
 *   x, y: where it is; px, py: where it is drawn, at the border if it has left the map
 */

export class Overlay {
  /**
   * @param {HTMLElement} stage @param {import("./axes.js").Axes} axes @param {import("./state.js").State} state
   * @param {import("./clock.js").Clock} clock @param {import("./theme.js").Theme} theme
   */
  constructor(stage, axes, state, clock, theme) {
    this.axes = axes;
    this.state = state;
    this.clock = clock;
    this.theme = theme;
    const canvas = (/** @type {string} */ name) => /** @type {HTMLCanvasElement} */ (stage.querySelector(`.${name}`));
    this.trails = new Ink(new Sheet(canvas("trails"), () => clock.wake()), {width: 2.6, casing: 5.5, dots: true});
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
    const paths = buffer.trajectories.map(({x, y, last}) => ({x, y, last}));
    this.trails.draw(projection, paths, position, this.theme, String(this.edition));

    for (const [x, y, width, height] of this.dirty) context.clearRect(x, y, width, height);
    this.dirty = [];
    this.#tips(projection, buffer, position);
    this.heads = buffer.trajectories.map((trajectory, i) => this.#head(projection, trajectory, i, position));
    const gliding = this.#labels(projection, seconds);
    this.#drawHeads();
    return gliding;
  }

  /**
   * The part of each path since its last whole step.
   * @param {import("./axes.js").Projection} projection @param {import("./buffer.js").Buffer} buffer @param {number} position
   */
  #tips(projection, buffer, position) {
    const {context} = this.sheet;
    context.save();
    context.beginPath();
    context.rect(projection.left, projection.top, projection.width, projection.height);
    context.clip();
    context.lineCap = "round";
    buffer.trajectories.forEach((trajectory, i) => {
      const step = Math.floor(position);
      if (step >= trajectory.last || step === position) return;
      const [x0, y0] = [projection.x(trajectory.x[step]), projection.y(trajectory.y[step])];
      const [x, y] = place(trajectory, position);
      const [x1, y1] = [projection.x(x), projection.y(y)];
      for (const [width, colour] of /** @type {Array<[number, string]>} */ ([[5.5, this.theme.casing], [2.6, this.theme.paths[i % 8]]])) {
        context.lineWidth = width;
        context.strokeStyle = colour;
        context.beginPath();
        context.moveTo(x0, y0);
        context.lineTo(x1, y1);
        context.stroke();
      }
      this.#soil(x0, y0, x1, y1, 4);
    });
    context.restore();
  }

  /** @param {number} x0 @param {number} y0 @param {number} x1 @param {number} y1 @param {number} margin */
  #soil(x0, y0, x1, y1, margin) {
    this.dirty.push([Math.min(x0, x1) - margin, Math.min(y0, y1) - margin, Math.abs(x1 - x0) + 2 * margin, Math.abs(y1 - y0) + 2 * margin]);
  }

  /**
   * @param {import("./axes.js").Projection} projection @param {import("./buffer.js").Trajectory} trajectory
   * @param {number} i @param {number} position @returns {Head}
   */
  #head(projection, trajectory, i, position) {
    const [x, y] = place(trajectory, position);
    const [px, py] = [projection.x(x), projection.y(y)];
    const inside = projection.holds(px, py, 1);
    const said = verdict(trajectory, position);
    const text = [trajectory.label, said || (inside ? "" : "off the map")].filter(Boolean).join(" · ");
    const clamp = (/** @type {number} */ value, /** @type {number} */ low, /** @type {number} */ high) => Math.max(low, Math.min(value, high));
    return {
      i, x, y, inside, text, lost: trajectory.lost && said !== "",
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
   * @param {import("./axes.js").Projection} projection @param {number} seconds @returns {boolean}
   */
  #labels(projection, seconds) {
    const {context} = this.sheet;
    const height = this.theme.font.size * 1.55;
    const boxes = this.heads.map((head) => {
      const width = head.width + 12;
      const right = head.px + 16 + width < projection.left + projection.width;
      return {head, width, x: right ? head.px + 16 : head.px - 16 - width, y: head.py, right};
    });
    spread(boxes, height + 2, projection.top + height / 2, projection.top + projection.height - height / 2);
    let gliding = false;
    for (const {head, width, x, y, right} of boxes) {
      const before = this.heights[head.i] ?? y;
      let now = seconds && Math.abs(y - before) < 200 ? before + (y - before) * (1 - Math.exp(-14 * seconds)) : y;
      if (Math.abs(y - now) < 0.5) now = y;
      gliding ||= now !== y;
      this.heights[head.i] = now;
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
      context.fillText(head.text, x + 6, now + 0.5);
      this.#soil(x, now - height / 2, x + width, now + height / 2, 3);
      this.#soil(head.px, head.py, edge, now, 3);
    }
    return gliding;
  }

  /** Heads that lie upon each other become rings, so that none is hidden. */
  #drawHeads() {
    const {context} = this.sheet;
    this.heads.forEach((head, rank) => {
      const above = this.heads.filter((other, i) => i > rank && Math.hypot(other.px - head.px, other.py - head.py) < 6).length;
      const size = head.inside ? radius + 3.2 * above : 5;
      trace(context, head.i, head.px, head.py, size);
      context.lineWidth = 4;
      context.lineJoin = "round";
      context.strokeStyle = this.theme.casing;
      context.stroke();
      context.fillStyle = this.theme.paths[head.i % 8];
      context.fill();
      context.lineWidth = 1.4;
      context.strokeStyle = this.theme.ink;
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

/**
 * Move boxes apart vertically: those that would overlap share the room around the middle of where they want to be.
 * @param {Array<{x: number, y: number, width: number}>} boxes changed in place @param {number} height
 * @param {number} top @param {number} bottom the first and the last y allowed
 */
function spread(boxes, height, top, bottom) {
  let groups = boxes.map((box) => ({boxes: [box], wanted: box.y, left: box.x, right: box.x + box.width}));
  const middle = (/** @type {typeof groups[number]} */ group) => {
    const half = ((group.boxes.length - 1) * height) / 2;
    return Math.max(top + half, Math.min(group.wanted, bottom - half));
  };
  for (let merged = true; merged;) {
    merged = false;
    outer: for (let i = 0; i < groups.length; i++) {
      for (let j = i + 1; j < groups.length; j++) {
        const [a, b] = [groups[i], groups[j]];
        const apart = ((a.boxes.length + b.boxes.length) * height) / 2;
        if (a.right < b.left || b.right < a.left || Math.abs(middle(a) - middle(b)) >= apart - 0.01) continue;
        const all = [...a.boxes, ...b.boxes];
        const wanted = (a.wanted * a.boxes.length + b.wanted * b.boxes.length) / all.length;
        groups = groups.filter((group) => group !== a && group !== b);
        groups.push({boxes: all, wanted, left: Math.min(a.left, b.left), right: Math.max(a.right, b.right)});
        merged = true;
        break outer;
      }
    }
  }
  for (const group of groups) {
    // Rounded, so that labels whose heads are level do not change places from frame to frame.
    group.boxes.sort((a, b) => Math.round((a.y - b.y) / 6) || boxes.indexOf(a) - boxes.indexOf(b));
    group.boxes.forEach((box, rank) => (box.y = middle(group) + (rank - (group.boxes.length - 1) / 2) * height));
  }
}
