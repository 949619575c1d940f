// @ts-check
/** Curves over the steps. A chart is a function from state to figure; what moves is drawn over it. */

import {Axes} from "../../draw/axes.js";
import {endings, plant} from "../../draw/endings.js";
import {Ink, Sheet} from "../../draw/ink.js";
import {trace} from "../../draw/marks.js";
import {options} from "../../draw/plotly.js";
import {element} from "../../kit/dom.js";
import {besides} from "./curves.js";
import {figure} from "./figure.js";

/**
 * @typedef {import("./curves.js").Curves} Curves
 * @typedef {{i: number, x: Float64Array, y: Float64Array, reach: (position: number) => number, pen: import("../../draw/ink.js").Pen}} Line
 *   `reach`: the entry that it is drawn up to at a position
 */

const pen = {width: 2.2};

/** Each value twice, so that it holds until the next. @param {Float64Array} values @param {number} length @param {0 | 1} late */
function staircase(values, length, late) {
  const column = new Float64Array(Math.max(0, 2 * length - 1));
  for (let corner = 0; corner < column.length; corner++) column[corner] = values[(corner + late) >> 1];
  return column;
}

/** A line as it looks, for the legend. @param {import("../../draw/ink.js").Pen} look */
function sample({width, dash = [], gap = 0, alpha = 1}) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 22 8");
  svg.setAttribute("aria-hidden", "true");
  for (const [stroke, across] of /** @type {Array<[string, number]>} */ ([["currentcolor", width], ["var(--card)", gap]])) {
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    path.setAttribute("d", "M1 4h20");
    path.style.cssText = `stroke: ${stroke}; stroke-width: ${across}; stroke-dasharray: ${dash.join(" ") || "none"}; opacity: ${alpha}`;
    svg.append(path);
  }
  return svg;
}

export class Chart {
  /**
   * @param {HTMLElement} figure @param {(buffer: import("../../session/buffer.js").Buffer) => Curves[]} describe all that it can show, the usual first
   * @param {import("../../session/state.js").State} state @param {import("../../session/clock.js").Clock} clock @param {import("../../draw/theme.js").Theme} theme
   * @param {import("./across.js").Across} across @param {HTMLElement} [chooser] what chooses the horizontal axis, in one of the charts
   */
  constructor(figure, describe, state, clock, theme, across, chooser) {
    this.element = figure;
    this.describe = describe;
    this.state = state;
    this.clock = clock;
    this.theme = theme;
    this.across = across;
    this.stage = /** @type {HTMLElement} */ (figure.querySelector(".stage"));
    this.plot = /** @type {any} */ (figure.querySelector(".plot"));
    this.axes = new Axes(this.plot);
    const canvas = (/** @type {string} */ name) => /** @type {HTMLCanvasElement} */ (figure.querySelector(`.${name}`));
    this.ink = new Ink(new Sheet(canvas("trails"), () => clock.wake()));
    this.sheet = new Sheet(canvas("heads"), () => clock.wake());
    this.title = element("span");
    this.menu = element("select", {"aria-label": "Vertical axis", hidden: true, onchange: () => {
      this.chosen = this.menu.value;
      this.#changed(0);
    }});
    this.note = element("small");
    this.legend = element("p", {className: "legend"});
    figure.querySelector("figcaption")?.append(this.title, this.menu, this.note, ...(chooser ? [chooser] : []));
    this.stage.append(this.legend);
    this.chosen = "";
    /** @type {any} */ this.plotly = null;
    /** @type {Curves | null} */ this.curves = null;
    this.edition = 0;
    /** @type {{edition: number, lines: Line[]}} */ this.kept = {edition: -1, lines: []};
    this.timer = 0;
    this.since = 0;
    state.on("answer", () => this.#changed());
    state.on("frames", () => this.#changed());
    across.changed.push(() => this.#changed(0));
    theme.changed.push(() => this.#settle());
    clock.draw.push(() => this.draw());
    new ResizeObserver(() => this.#settle()).observe(this.stage);
    this.stage.addEventListener("pointerdown", (event) => this.#scrub(event));
    this.stage.addEventListener("pointermove", (event) => event.buttons === 1 && this.#scrub(event));
  }

  /** @param {any} plotly */
  attach(plotly) {
    this.plotly = plotly;
    return this.#settle();
  }

  /** Whether the curves are drawn as they are. */
  get still() {
    return !this.stage.clientWidth || (this.axes.fits && !this.timer && !this.plot.classList.contains("stale"));
  }

  /** The curves at rest are Plotly's; while they change, only the canvas keeps up. @param {number} [rest] milliseconds without a change after which they are at rest */
  #changed(rest = 120) {
    this.plot.classList.add("stale");
    this.edition += 1;
    const now = performance.now();
    if (!this.timer) this.since = now;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#settle(), Math.max(0, Math.min(rest, this.since + 600 - now)));
  }

  async #settle() {
    clearTimeout(this.timer);
    this.timer = 0;
    const {buffer} = this.state;
    if (!buffer?.trajectories.some(({length}) => length) || !this.stage.clientWidth) return;
    const all = this.describe(buffer);
    const curves = all.find(({caption}) => caption === this.chosen) ?? all[0];
    if (this.curves?.caption !== curves.caption) this.edition += 1;
    this.curves = curves;
    this.#caption(all, curves, buffer);
    const {data, layout} = figure(curves, buffer, this.across, this.theme, this.stage.clientHeight);
    Object.assign(layout, {width: this.stage.clientWidth, height: this.stage.clientHeight});
    const {margin} = /** @type {any} */ (layout);
    this.axes.planned = {margin, across: {type: "linear", range: [0, this.across.end(buffer)]}, up: {type: curves.log ? "log" : "linear", range: curves.range}};
    if (this.plotly) {
      await this.plotly.react(this.plot, data, layout, options);
      if (!this.timer) this.plot.classList.remove("stale");
    }
    this.clock.wake();
  }

  /** @param {Curves[]} all @param {Curves} curves @param {import("../../session/buffer.js").Buffer} buffer */
  #caption(all, {caption, note, beside, share}, buffer) {
    this.element.setAttribute("aria-label", caption);
    this.across.show(buffer);
    const names = all.map((one) => one.caption);
    if (String(Array.from(this.menu.options, ({value}) => value)) !== String(names)) {
      this.menu.replaceChildren(...names.map((textContent) => element("option", {textContent})));
    }
    this.menu.value = caption;
    this.menu.hidden = all.length < 2;
    this.title.hidden = all.length > 1;
    this.title.textContent = caption;
    const {name} = this.across.unit(buffer);
    const words = [note, this.element.querySelector("figcaption label") || name === "steps" ? "" : `over ${name}`].filter(Boolean).join(", ");
    this.note.textContent = words && ` ${words}`;
    const there = new Set(buffer.trajectories.flatMap((one) => beside?.(one).map((line) => line.name) ?? []));
    this.legend.hidden = !there.size;
    // A loss falls away from the upper corner, an accuracy rises into it.
    this.legend.classList.toggle("low", share ?? false);
    this.legend.replaceChildren(...besides.filter((one) => there.has(one.name)).map((one) => element("span", {}, sample(one.pen), one.name)));
  }

  /** The lines to draw, those of the descents last, upon the others. @param {Curves} curves @param {import("../../session/buffer.js").Buffer} buffer @returns {Line[]} */
  #lines({values, held, beside}, buffer) {
    const {across} = this;
    const whole = (/** @type {number} */ last) => (/** @type {number} */ position) => Math.max(0, Math.min(Math.floor(position), last));
    return [
      ...buffer.trajectories.flatMap((one, i) => (beside?.(one) ?? []).map((line) => {
        const {average} = line;
        if (!average) return {i, x: across.column(buffer, one), y: line.values, reach: whole(one.last), pen: line.pen};
        const x = average.step.subarray(0, average.length).map((step) => across.at(buffer, one, step));
        return {i, x, y: line.values, reach: (/** @type {number} */ position) => Math.max(0, Math.floor(average.at(position))), pen: line.pen};
      })),
      ...buffer.trajectories.map((one, i) => {
        const [x, y] = [across.column(buffer, one), values(one)];
        if (!held) return {i, x, y, reach: whole(one.last), pen};
        return {i, x: staircase(x, one.length, 1), y: staircase(y, one.length, 0), reach: (/** @type {number} */ position) => 2 * whole(one.last)(position), pen};
      }),
    ];
  }

  draw() {
    const {buffer} = this.state;
    const axes = this.axes.read();
    const {across, curves, sheet: {context}} = this;
    this.sheet.clear();
    if (!buffer || !axes || !curves) return;
    const {position} = this.clock;
    const projection = {...axes, x: (/** @type {number} */ x) => axes.x(x), y: (/** @type {number} */ y) => axes.y(curves.shown(y))};
    if (this.kept.edition !== this.edition) this.kept = {edition: this.edition, lines: this.#lines(curves, buffer)};
    const paths = this.kept.lines.map(({i, x, y, reach, pen: look}) => ({i, x, y, to: reach(position), pen: look}));
    this.ink.draw(projection, paths, this.theme, `${this.edition}`);
    this.#cursors(axes, buffer, position);
    const bound = (/** @type {number} */ height) => Math.max(axes.top, Math.min(height, axes.top + axes.height));
    plant(context, axes, this.theme, endings(buffer).map(({trajectory, i}) => ({
      trajectory, i, x: axes.x(across.at(buffer, trajectory, trajectory.last)), y: bound(projection.y(curves.values(trajectory)[trajectory.last])), reached: position >= trajectory.last,
    })));
    buffer.trajectories.forEach((trajectory, i) => {
      const {last} = trajectory;
      if (last < 0) return;
      const at = Math.min(position, last);
      const y = curves.values(trajectory);
      const [before, after] = [y[Math.floor(at)], y[Math.min(last, Math.ceil(at))]];
      const height = projection.y(before) + (curves.held ? 0 : at % 1) * (projection.y(after) - projection.y(before));
      trace(context, i, axes.x(across.at(buffer, trajectory, at)), bound(height), 4.5);
      context.fillStyle = this.theme.paths[i % 8];
      context.fill();
      context.strokeStyle = this.theme.card;
      context.lineWidth = 1.2;
      context.stroke();
    });
  }

  /** Where the clock is: one place on the axis, or one for each pace at which descents go along it. @param {import("../../draw/axes.js").Projection} axes @param {import("../../session/buffer.js").Buffer} buffer @param {number} position */
  #cursors(axes, buffer, position) {
    const {context} = this.sheet;
    const places = this.across.unit(buffer).name === "steps" ? [position]
      : buffer.trajectories.filter(({length}) => length).map((one) => this.across.at(buffer, one, Math.min(position, one.last)));
    context.fillStyle = this.theme.dim;
    for (const place of new Set(places.map((value) => Math.floor(axes.x(value))))) context.fillRect(place, axes.top, 1, axes.height);
  }

  /** Point at a step to go there: that of the nearest curve. @param {PointerEvent} event */
  #scrub(event) {
    const axes = this.axes.read();
    const {buffer} = this.state;
    if (!axes || !buffer || !this.curves || event.button > 0) return;
    this.clock.playing = false;
    const {left, top} = this.stage.getBoundingClientRect();
    const [value] = axes.at(event.clientX - left, 0);
    this.clock.seek(this.across.unit(buffer).name === "steps" ? Math.round(value) : this.#nearest(axes, buffer, this.curves, value, event.clientY - top));
  }

  /** @param {import("../../draw/axes.js").Projection} axes @param {import("../../session/buffer.js").Buffer} buffer @param {Curves} curves @param {number} value @param {number} py */
  #nearest(axes, buffer, curves, value, py) {
    const steps = buffer.trajectories.filter(({length}) => length).map((one) => {
      const step = this.across.step(buffer, one, value);
      const across = axes.x(this.across.at(buffer, one, step)) - axes.x(value);
      return {step, away: Math.hypot(across, axes.y(curves.shown(curves.values(one)[step])) - py)};
    });
    return steps.reduce((best, one) => (one.away < best.away ? one : best)).step;
  }
}
