// @ts-check
/** An update as arrows on the map, told apart by their lines and their words as much as by their colours. */

import {clipped} from "../../draw/handmade-axes.js";
import {Sheet} from "../../draw/ink.js";
import {spread} from "../../draw/labels.js";
import {element} from "../../kit/dom.js";
import {here, velocity} from "./story.js";

/**
 * @typedef {import("./story.js").Update} Update
 * @typedef {import("./story.js").Point} Point
 * @typedef {import("../../draw/axes.js").Projection} Projection
 * @typedef {"gradient" | "velocity" | "step" | "asked"} Look
 * @typedef {{look: Look, from: Point, to: Point, name: string}} Arrow in pixels of the stage; that to where a gradient was asked ends in a hollow dot
 * @typedef {{step: number, gradient: number | null}} Scales how many times longer than on the map a step is drawn, and how long a gradient in units
 *   of the step; null where only its direction counts
 */

/** Lengths in pixels: a shorter step is drawn longer, but not beyond the second; what a gradient may measure on the step's scale; what it measures otherwise. */
const [legible, stretched, least, most, usual] = [40, 100, 14, 240, 84];

/** @type {Record<Look, {width: number, dash: number[], head: "open" | "filled" | "dot"}>} */
const looks = {
  step: {width: 4.6, dash: [], head: "filled"},
  velocity: {width: 2.6, dash: [7, 5], head: "filled"},
  gradient: {width: 2.2, dash: [], head: "open"},
  asked: {width: 1.8, dash: [2, 4], head: "dot"},
};

/** The last 1, 2 or 5 times a power of ten up to a value. @param {number} value */
function round(value) {
  const unit = 10 ** Math.floor(Math.log10(value));
  return [5, 2, 1].map((n) => n * unit).find((n) => n <= value) ?? unit;
}

/**
 * The arrows of as much of an update as has happened.
 * @param {Update} update @param {import("./story.js").Reached} reached @param {Projection} projection
 * @returns {{arrows: Arrow[], dots: Point[], scales: Scales}} `dots`: where else the loss was tried
 */
export function arrows(update, reached, projection) {
  const {w, next, questions, learning_rate: rate} = update;
  const place = (/** @type {Point} */ [x, y]) => /** @type {Point} */ ([projection.x(x), projection.y(y)]);
  const turned = (/** @type {Point} */ [x, y]) => /** @type {Point} */ ([x * projection.scaleX, -y * projection.scaleY]);
  const length = (/** @type {Point} */ vector) => Math.hypot(...turned(vector));
  const minus = (/** @type {Point} */ a, /** @type {Point} */ b) => /** @type {Point} */ ([a[0] - b[0], a[1] - b[1]]);
  const origin = place(w);
  const beyond = (/** @type {Point} */ from, /** @type {Point} */ vector, /** @type {number} */ by) => {
    const [dx, dy] = turned(vector);
    return /** @type {Point} */ ([from[0] + by * dx, from[1] + by * dy]);
  };

  const elsewhere = questions.filter((question) => !here(update, question));
  const longest = Math.max(length(minus(next, w)), ...elsewhere.map(({at}) => length(minus(at, w))));
  const stretch = longest > 0 && longest < legible ? round(Math.min(stretched, 0.3 * projection.width, 0.3 * projection.height) / longest) : 1;
  const total = velocity(update);
  const slopes = questions.length > 3 ? questions.slice(0, 1) : questions;
  const steepest = Math.max(...slopes.map(({gradient}) => length(gradient)), total ? length(total.value) : 0);
  const measured = rate * stretch * steepest;
  const fits = measured >= least && measured <= most;
  const unit = fits ? rate * stretch : steepest > 0 ? usual / steepest : 0;

  /** @type {Arrow[]} */
  const drawn = [];
  if (reached.step) drawn.push({look: "step", from: origin, to: beyond(origin, minus(next, w), stretch), name: "step"});
  if (reached.memory && total) drawn.push({look: "velocity", from: origin, to: beyond(origin, total.value, -unit), name: `−${total.letter}`});
  /** @type {Point[]} */
  const dots = [];
  questions.slice(0, reached.questions).forEach((question, i) => {
    const own = here(update, question);
    const from = own ? origin : beyond(origin, minus(question.at, w), stretch);
    if (!own && i < slopes.length) drawn.push({look: "asked", from: origin, to: from, name: ""});
    if (i < slopes.length) drawn.push({look: "gradient", from, to: beyond(from, question.gradient, -unit), name: "−∇f"});
    else dots.push(from);
  });
  return {arrows: drawn, dots, scales: {step: stretch, gradient: fits ? rate : null}};
}

export class Arrows {
  /**
   * @param {HTMLElement} stage @param {import("../../draw/axes.js").Axes} axes @param {import("../../session/clock.js").Clock} clock
   * @param {import("../../draw/theme.js").Theme} theme
   */
  constructor(stage, axes, clock, theme) {
    this.axes = axes;
    this.theme = theme;
    const canvas = element("canvas", {className: "inside-arrows", "aria-hidden": "true"});
    stage.querySelector(".heads")?.after(canvas);
    this.sheet = new Sheet(canvas, () => clock.wake());
    /** What is drawn: the same is not drawn twice. */ this.drawn = "";
    /** @type {ReturnType<typeof arrows> | null} */ this.seen = null;
    theme.changed.push(() => (this.drawn = ""));
  }

  /**
   * @param {Update | null} update @param {import("./story.js").Reached} reached @param {number} descent
   * @param {string} edition changes with the update
   */
  draw(update, reached, descent, edition) {
    const projection = this.axes.read();
    const drawn = update && projection ? [edition, projection.key, this.sheet.edition, descent, ...Object.values(reached)].join() : "none";
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    this.sheet.clear();
    this.seen = update && projection ? arrows(update, reached, projection) : null;
    if (this.seen && projection) this.#show(this.seen, projection, descent);
  }

  /** @param {ReturnType<typeof arrows>} seen @param {Projection} projection @param {number} descent */
  #show({arrows: all, dots}, projection, descent) {
    const {sheet: {context}, theme} = this;
    clipped(context, projection);
    for (const dot of dots) this.#dot(dot, 3.5);
    for (const arrow of all) arrowed(context, arrow, this.#colour(arrow.look, descent), theme.casing);
    for (const {look, to} of all) if (looks[look].head === "dot") this.#dot(to, 5.5);
    context.restore();
    this.#names(all.filter(({name, from, to}) => name && Math.hypot(to[0] - from[0], to[1] - from[1]) > 6), projection, descent);
  }

  /** @param {Look} look @param {number} descent */
  #colour(look, descent) {
    const {theme} = this;
    return look === "step" ? theme.paths[descent % 8] : look === "velocity" ? theme.accent : theme.ink;
  }

  /** @param {Point} at @param {number} radius */
  #dot([x, y], radius) {
    const {sheet: {context}, theme} = this;
    context.setLineDash([]);
    context.beginPath();
    context.arc(x, y, radius, 0, 7);
    context.fillStyle = theme.card;
    context.fill();
    context.lineWidth = 2;
    context.strokeStyle = theme.ink;
    context.stroke();
  }

  /** The arrows' names beyond their tips. @param {Arrow[]} named @param {Projection} projection @param {number} descent */
  #names(named, projection, descent) {
    const {sheet: {context}, theme} = this;
    const size = theme.font.size * 0.9;
    const height = size * 1.5;
    context.font = `600 ${size}px ${theme.font.family}`;
    context.textAlign = "left";
    context.textBaseline = "middle";
    const inside = (/** @type {number} */ value, /** @type {number} */ low, /** @type {number} */ high) => Math.max(low, Math.min(value, high));
    const boxes = named.map(({name, look, from, to}) => {
      const width = context.measureText(name).width + 8;
      const far = Math.hypot(to[0] - from[0], to[1] - from[1]);
      const [ux, uy] = [(to[0] - from[0]) / far, (to[1] - from[1]) / far];
      return {
        name, look, width,
        x: inside(to[0] + 8 * ux + (ux - 1) * (width / 2), projection.left, projection.left + projection.width - width),
        y: inside(to[1] + (8 + height / 2) * uy, projection.top + height / 2, projection.top + projection.height - height / 2),
      };
    });
    spread(boxes, height + 2, projection.top + height / 2, projection.top + projection.height - height / 2);
    for (const {name, look, x, y, width} of boxes) {
      context.fillStyle = theme.pill;
      context.beginPath();
      context.roundRect(x, y - height / 2, width, height, 4);
      context.fill();
      context.strokeStyle = this.#colour(look, descent);
      context.lineWidth = 1;
      context.stroke();
      context.fillStyle = theme.ink;
      context.fillText(name, x + 4, y + 0.5);
    }
  }
}

/** @param {CanvasRenderingContext2D} context @param {Arrow} arrow @param {string} colour @param {string} casing */
function arrowed(context, {look, from: [x0, y0], to: [x1, y1]}, colour, casing) {
  const {width, dash, head} = looks[look];
  const length = Math.hypot(x1 - x0, y1 - y0);
  if (!(length > 0.5)) return;
  const [ux, uy] = [(x1 - x0) / length, (y1 - y0) / length];
  const size = Math.min(length, 5 + 2.2 * width);
  const wing = (/** @type {number} */ side) => /** @type {const} */ ([x1 - ux * size - side * uy * size * 0.5, y1 - uy * size + side * ux * size * 0.5]);
  // A thick line must not show beyond its pointed head.
  const neck = head === "filled" ? size * 0.8 : 0;
  for (const [extra, stroke] of /** @type {Array<[number, string]>} */ ([[3.4, casing], [0, colour]])) {
    context.strokeStyle = context.fillStyle = stroke;
    context.lineWidth = width + extra;
    context.lineCap = extra || head === "dot" ? "round" : "butt";
    context.lineJoin = "round";
    context.setLineDash(extra ? [] : dash);
    context.beginPath();
    context.moveTo(x0, y0);
    context.lineTo(x1 - ux * neck, y1 - uy * neck);
    context.stroke();
    context.setLineDash([]);
    if (head === "dot") continue;
    context.beginPath();
    context.moveTo(...wing(1));
    context.lineTo(x1, y1);
    context.lineTo(...wing(-1));
    if (head === "filled") {
      context.closePath();
      context.fill();
      context.lineWidth = extra;
    }
    if (head === "open" || extra) context.stroke();
  }
}

/** An arrow as it looks on the map, for the legend. @param {Look} look @param {string} colour a CSS colour */
export function swatch(look, colour) {
  const {width, dash, head} = looks[look];
  const svg = svgElement("svg", {viewBox: "0 0 34 12", class: "swatch", "aria-hidden": "true"});
  const size = 4 + 1.6 * width;
  svg.append(svgElement("path", {d: `M1 6H${head === "filled" ? 33 - size : head === "dot" ? 25 : 32}`, "stroke-width": width, "stroke-dasharray": dash.join(" "), style: `stroke: ${colour}`}));
  const wings = `M${33 - size} ${6 - size / 2}L33 6L${33 - size} ${6 + size / 2}`;
  if (head === "open") svg.append(svgElement("path", {d: wings, "stroke-width": width, style: `stroke: ${colour}`}));
  if (head === "filled") svg.append(svgElement("path", {d: `${wings}z`, style: `fill: ${colour}`}));
  if (head === "dot") svg.append(svgElement("circle", {cx: 28, cy: 6, r: 4, "stroke-width": 1.8, style: `stroke: ${colour}`}));
  return svg;
}

/** @param {string} tag @param {Record<string, string | number>} attributes @param {Array<Node>} children */
export function svgElement(tag, attributes, ...children) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name !== "style") node.setAttribute(name, String(value));
    else node.style.cssText = String(value);
  }
  node.append(...children);
  return node;
}
