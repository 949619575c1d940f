// @ts-check
/** Curves over the steps. A chart is a function from state to figure; what moves is drawn over it. */

import {Axes} from "./axes.js";
import {Ink, Sheet} from "./ink.js";
import {dash, trace} from "./marks.js";
import {power} from "./numbers.js";
import {options} from "./plotly.js";

/**
 * @typedef {{caption: string, note: string, log: boolean, range: [number, number], values: (trajectory: import("./buffer.js").Trajectory) => Float64Array,
 *            shown: (value: number) => number, unit: string}} Curves
 *   `shown` turns a value into what is drawn: on a log scale a loss of 0 has no place
 */

const smallest = 1e-12;

/**
 * The loss: what lies above the known minimum, on a log scale; as it is where there is no such thing.
 * @param {import("./buffer.js").Buffer} buffer @param {number | null} floor @returns {Curves}
 */
export function lossCurves(buffer, floor) {
  const values = (/** @type {import("./buffer.js").Trajectory} */ trajectory) => trajectory.loss;
  // A descent that blows up would flatten all others: the scale leaves it at the border, where its head says so.
  const start = Math.max(...buffer.trajectories.filter(({length}) => length).map(({loss}) => loss[0]));
  const kept = buffer.trajectories.filter(({lost, length}) => !lost && length);
  const [low, high] = extent(kept.length ? kept : buffer.trajectories, (t) => t.loss, kept.length ? Infinity : 8);
  if (floor === null) {
    const top = Math.max(high, start);
    const margin = (top - low) * 0.06 || 1;
    return {caption: "Loss", note: "", log: false, range: [low - margin, top + margin], values, shown: (value) => value, unit: "loss"};
  }
  const shown = (/** @type {number} */ value) => Math.max(value - floor, smallest);
  const top = Math.log10(Math.min(Math.max(shown(high), shown(start)), shown(start) * 1e4));
  const bottom = Math.min(Math.log10(shown(low)), top - 1);
  const margin = (top - bottom) * 0.05;
  return {
    caption: "Loss", note: floor === 0 ? "" : "above the minimum", log: true, range: [bottom - margin, top + margin], values, shown,
    unit: floor === 0 ? "loss" : "loss − min",
  };
}

/** The learning rates; linear where a log scale would show nothing but one line. @param {import("./buffer.js").Buffer} buffer @returns {Curves} */
export function rateCurves(buffer) {
  const values = (/** @type {import("./buffer.js").Trajectory} */ trajectory) => trajectory.learning_rate;
  const peaks = buffer.trajectories.filter(({length}) => length).map((one) => extent([one], values)[1]).filter((peak) => peak > 0);
  const top = Math.log10(Math.max(...peaks, 1e-12));
  const [lowest] = extent(buffer.trajectories, values);
  // A schedule that falls to 0 leaves the scale at the bottom rather than stretching it without end.
  const bottom = Math.max(Math.log10(Math.max(lowest, 1e-300)), Math.log10(Math.min(...peaks, 10 ** top)) - 1.5);
  const margin = Math.max(0.15, (top - bottom) * 0.06);
  return {
    caption: "Learning rate", note: "", log: true, range: [bottom - margin, top + margin], values,
    shown: (value) => Math.max(value, 1e-300), unit: "rate",
  };
}

/**
 * @param {import("./buffer.js").Trajectory[]} trajectories @param {(trajectory: import("./buffer.js").Trajectory) => Float64Array} values
 * @param {number} [first] how many entries at most @returns {[number, number]}
 */
function extent(trajectories, values, first = Infinity) {
  let [low, high] = [Infinity, -Infinity];
  for (const trajectory of trajectories) {
    const column = values(trajectory);
    for (let i = 0; i < Math.min(trajectory.length, first); i++) {
      if (column[i] < low) low = column[i];
      if (column[i] > high) high = column[i];
    }
  }
  return low <= high ? [low, high] : [0, 1];
}

/** Plotly takes some HTML in names: ours are text. @param {string} text */
const literal = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** Powers of ten, few enough to be read. @param {[number, number]} range */
function decades([low, high]) {
  const stride = Math.max(1, Math.ceil((high - low) / 6));
  const exponents = [];
  for (let n = Math.ceil(low / stride) * stride; n <= high; n += stride) exponents.push(n);
  return {tickmode: "array", tickvals: exponents.map((n) => 10 ** n), ticktext: exponents.map((n) => (10 ** n <= smallest ? `≤${power(n)}` : power(n)))};
}

/**
 * @param {Curves} curves @param {import("./buffer.js").Buffer} buffer @param {import("./theme.js").Theme} theme
 * @returns {{data: object[], layout: object}}
 */
export function figure(curves, buffer, theme) {
  const {family, size} = theme.font;
  const font = {family, size: size * 0.92, color: theme.dim};
  const few = curves.log && curves.range[1] - curves.range[0] < 2;
  const axis = {gridcolor: theme.line, gridwidth: 1, zeroline: false, tickfont: font, showline: false, fixedrange: true};
  return {
    data: buffer.trajectories.map((trajectory, i) => ({
      type: "scatter", mode: "lines", name: literal(trajectory.label), showlegend: false, opacity: 0.34,
      y: Array.from(curves.values(trajectory).subarray(0, trajectory.length), curves.shown),
      line: {color: theme.paths[i % 8], width: 1.6, dash: dash(i).length ? dash(i).map((n) => `${n}px`).join() : "solid"},
      hovertemplate: `%{fullData.name}<br>step %{x}: ${curves.unit} %{y:.3~g}<extra></extra>`,
    })),
    layout: {
      margin: {l: size * 3.9, r: size * 1.2, t: 6, b: size * 1.9, autoexpand: false}, paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)",
      font, dragmode: false, hovermode: "closest", hoverdistance: 12, showlegend: false,
      hoverlabel: {bgcolor: theme.card, bordercolor: theme.line, font: {family, size, color: theme.ink}},
      xaxis: {...axis, range: [0, Math.max(1, buffer.steps)], showgrid: false, ticks: "outside", ticklen: 4, tickcolor: theme.line, nticks: 6},
      yaxis: {...axis, type: curves.log ? "log" : "linear", range: curves.range, nticks: 5, ...(curves.log && !few ? decades(curves.range) : {tickformat: ".4~g", ...(few ? {dtick: "D2"} : {})})},
    },
  };
}

/** The step as a column, for all paths. */
const steps = Float64Array.from({length: 10_001}, (_, step) => step);

export class Chart {
  /**
   * @param {HTMLElement} element @param {(buffer: import("./buffer.js").Buffer) => Curves} describe
   * @param {import("./state.js").State} state @param {import("./clock.js").Clock} clock @param {import("./theme.js").Theme} theme
   */
  constructor(element, describe, state, clock, theme) {
    this.describe = describe;
    this.state = state;
    this.clock = clock;
    this.theme = theme;
    this.caption = /** @type {HTMLElement} */ (element.querySelector("figcaption"));
    this.stage = /** @type {HTMLElement} */ (element.querySelector(".stage"));
    this.plot = /** @type {any} */ (element.querySelector(".plot"));
    this.axes = new Axes(this.plot);
    const canvas = (/** @type {string} */ name) => /** @type {HTMLCanvasElement} */ (element.querySelector(`.${name}`));
    this.ink = new Ink(new Sheet(canvas("trails"), () => clock.wake()), {width: 2.2, casing: 0, dots: false});
    this.sheet = new Sheet(canvas("heads"), () => clock.wake());
    /** @type {any} */ this.plotly = null;
    /** @type {Curves | null} */ this.curves = null;
    this.edition = 0;
    this.timer = 0;
    this.since = 0;
    state.on("answer", () => this.#changed());
    state.on("frames", () => this.#changed());
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

  /** The curves at rest are Plotly's; while they change, only the canvas keeps up. */
  #changed() {
    this.plot.classList.add("stale");
    this.edition += 1;
    const now = performance.now();
    if (!this.timer) this.since = now;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#settle(), Math.max(0, Math.min(120, this.since + 600 - now)));
  }

  async #settle() {
    clearTimeout(this.timer);
    this.timer = 0;
    const {buffer} = this.state;
    if (!buffer?.trajectories.some(({length}) => length) || !this.stage.clientWidth) return;
    this.curves = this.describe(buffer);
    const {caption, note, range, log} = this.curves;
    const small = document.createElement("small");
    small.textContent = note && ` ${note}`;
    this.caption.replaceChildren(caption, small);
    const {data, layout} = figure(this.curves, buffer, this.theme);
    Object.assign(layout, {width: this.stage.clientWidth, height: this.stage.clientHeight});
    const {margin} = /** @type {any} */ (layout);
    this.axes.planned = {margin, across: {type: "linear", range: [0, Math.max(1, buffer.steps)]}, up: {type: log ? "log" : "linear", range}};
    if (this.plotly) {
      await this.plotly.react(this.plot, data, layout, options);
      if (!this.timer) this.plot.classList.remove("stale");
    }
    this.clock.wake();
  }

  draw() {
    const {buffer} = this.state;
    const axes = this.axes.read();
    const {curves, sheet: {context}} = this;
    this.sheet.clear();
    if (!buffer || !axes || !curves) return;
    const {position} = this.clock;
    const projection = {...axes, x: (/** @type {number} */ x) => axes.x(x), y: (/** @type {number} */ y) => axes.y(curves.shown(y))};
    const paths = buffer.trajectories.map((trajectory) => ({x: steps, y: curves.values(trajectory), last: trajectory.last}));
    this.ink.draw(projection, paths, position, this.theme, `${this.edition}`);
    const now = axes.x(position);
    context.fillStyle = this.theme.dim;
    context.fillRect(Math.round(now) - 0.5, axes.top, 1, axes.height);
    paths.forEach(({y, last}, i) => {
      if (last < 0) return;
      const at = Math.min(position, last);
      const [before, after] = [y[Math.floor(at)], y[Math.min(last, Math.ceil(at))]];
      const height = projection.y(before) + (at % 1) * (projection.y(after) - projection.y(before));
      const inside = Math.max(axes.top, Math.min(height, axes.top + axes.height));
      trace(context, i, axes.x(at), inside, 4.5);
      context.fillStyle = this.theme.paths[i % 8];
      context.fill();
      context.strokeStyle = this.theme.card;
      context.lineWidth = 1.2;
      context.stroke();
    });
  }

  /** Point at a step to go there. @param {PointerEvent} event */
  #scrub(event) {
    const axes = this.axes.read();
    if (!axes || event.button > 0) return;
    this.clock.playing = false;
    const [step] = axes.at(event.clientX - this.stage.getBoundingClientRect().left, 0);
    this.clock.seek(Math.round(step));
  }
}

