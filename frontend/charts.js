// @ts-check
/** Curves over the steps. A chart is a function from state to figure; what moves is drawn over it. */

import {Axes} from "./axes.js";
import {endings, plant} from "./endings.js";
import {Ink, Sheet} from "./ink.js";
import {dash, trace} from "./marks.js";
import {power, short} from "./numbers.js";
import {options} from "./plotly.js";

/**
 * @typedef {{caption: string, note: string, log: boolean, range: [number, number], values: (trajectory: import("./buffer.js").Trajectory) => Float64Array,
 *            shown: (value: number) => number, unit: string, held?: boolean, least?: number}} Curves
 *   `shown` turns a value into what is drawn: on a log scale a loss of 0 has no place; `held`: a value stays until the next
 *   step, and the curve is a staircase; `least`: everything smaller is drawn there
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

/** The learning rates. @param {import("./buffer.js").Buffer} buffer @returns {Curves} */
export function rateCurves(buffer) {
  const values = (/** @type {import("./buffer.js").Trajectory} */ trajectory) => trajectory.learning_rate;
  const begun = buffer.trajectories.filter(({length}) => length);
  const peaks = begun.map((one) => extent([one], values)[1]).filter((peak) => peak > 0);
  const top = Math.log10(Math.max(...peaks, 1e-12));
  // What a schedule falls to in its very last steps leaves the scale, rather than stretching it without end.
  const usual = Math.min(...begun.map((one) => lasting(values(one).subarray(0, one.length))));
  const lowest = Math.min(usual, ...begun.map((one) => values(one).subarray(0, one.length).reduce((least, rate) => (rate > 0 && rate < least ? rate : least), Infinity)));
  const peak = Math.log10(Math.min(...peaks, 10 ** top));
  const [floor] = extent(begun, values);
  let bottom = Math.min(top, Math.max(Math.log10(lowest * 10 > usual ? lowest : usual), peak - 6));
  const below = begun.length > 0 && Math.log10(floor) < bottom - 0.01;
  if (below) bottom = Math.min(bottom, peak - 1);
  const margin = Math.max(0.15, (top - bottom) * 0.06);
  const least = 10 ** (bottom - (below ? margin : 0));
  return {
    caption: "Learning rate", note: "", log: true, range: [bottom - 2 * margin, top + margin], values, held: true,
    least: below ? least : 0, shown: (value) => Math.max(value, least), unit: "rate",
  };
}

/** The lowest rate above 0 that is not just passed through: all but a twentieth are higher. @param {Float64Array} rates */
function lasting(rates) {
  const positive = rates.filter((rate) => rate > 0).sort();
  return positive[Math.floor(positive.length / 20)] ?? Infinity;
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

/** Why a descent ended. @param {import("./buffer.js").Trajectory} trajectory */
const why = ({end}) => `%{fullData.name}<br>${literal(end?.reason ?? end?.status ?? "")}<extra></extra>`;

/** What is said at each point of a curve; at the last one why it is the last. @param {Curves} curves @param {import("./buffer.js").Trajectory} trajectory @param {boolean} ended */
function hover({unit}, trajectory, ended) {
  const usual = `%{fullData.name}<br>step %{x}: ${unit} %{y:.3~g}<extra></extra>`;
  return ended ? Array.from({length: trajectory.length}, (_, step) => (step < trajectory.last ? usual : why(trajectory))) : usual;
}

/** The ticks of a log axis: powers of ten, few enough to be read, or 1, 2 and 5 where those are too few. @param {Curves} curves */
function ticks({range: [low, high], least = 0}) {
  const stride = Math.max(1, Math.ceil((high - low) / 6));
  /** @type {Array<[number, string]>} */
  const marks = [];
  if (high - low < 2) {
    for (let n = Math.floor(low); n <= high; n++) {
      for (const digit of high - low < 1.2 ? [1, 2, 5] : [1, 3]) marks.push([digit * 10 ** n, short(digit * 10 ** n)]);
    }
  } else {
    for (let n = Math.ceil(low / stride) * stride; n <= high; n += stride) marks.push([10 ** n, 10 ** n <= smallest ? `≤${power(n)}` : power(n)]);
  }
  const inside = marks.filter(([value]) => Math.log10(value) >= low && Math.log10(value) <= high && (!least || Math.log10(value / least) > (high - low) * 0.11));
  if (least) inside.unshift([least, "→ 0"]);
  return {tickmode: "array", tickvals: inside.map(([value]) => value), ticktext: inside.map(([, text]) => text)};
}

/**
 * @param {Curves} curves @param {import("./buffer.js").Buffer} buffer @param {import("./theme.js").Theme} theme
 * @returns {{data: object[], layout: object}}
 */
export function figure(curves, buffer, theme) {
  const {family, size} = theme.font;
  const font = {family, size: size * 0.92, color: theme.dim};
  const ended = endings(buffer);
  const axis = {gridcolor: theme.line, gridwidth: 1, zeroline: false, tickfont: font, showline: false, fixedrange: true};
  return {
    data: [
      ...buffer.trajectories.map((trajectory, i) => ({
        type: "scatter", mode: "lines", name: literal(trajectory.label), showlegend: false, opacity: 0.34,
        y: Array.from(curves.values(trajectory).subarray(0, trajectory.length), curves.shown),
        line: {color: theme.paths[i % 8], width: 1.6, shape: curves.held ? "hv" : "linear", dash: dash(i).length ? dash(i).map((n) => `${n}px`).join() : "solid"},
        hovertemplate: hover(curves, trajectory, ended.some((one) => one.i === i)),
      })),
      // The flags are drawn over it; what is here is for the pointer, which asks why.
      ...ended.map(({trajectory, i}) => ({
        type: "scatter", mode: "markers", name: literal(trajectory.label), showlegend: false, x: [trajectory.last],
        y: [within(curves, curves.shown(curves.values(trajectory)[trajectory.last]))],
        marker: {color: theme.paths[i % 8], size: 12, opacity: 0}, hovertemplate: why(trajectory),
      })),
    ],
    layout: {
      margin: {l: size * 3.9, r: size * 1.2, t: 6, b: size * 1.9, autoexpand: false}, paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)",
      font, dragmode: false, hovermode: "closest", hoverdistance: 12, showlegend: false,
      hoverlabel: {bgcolor: theme.card, bordercolor: theme.line, font: {family, size, color: theme.ink}},
      xaxis: {...axis, range: [0, Math.max(1, buffer.steps)], showgrid: false, ticks: "outside", ticklen: 4, tickcolor: theme.line, nticks: 6},
      yaxis: {...axis, type: curves.log ? "log" : "linear", range: curves.range, nticks: 5, ...(curves.log ? ticks(curves) : {tickformat: ".4~g"})},
    },
  };
}

/** A value, or the end of the axis that it is beyond. @param {Curves} curves @param {number} value */
function within({range: [low, high], log}, value) {
  return log ? Math.max(10 ** low, Math.min(value, 10 ** high)) : Math.max(low, Math.min(value, high));
}

/** The step as a column, for all paths; and for staircases, whose corners are points too. */
const steps = Float64Array.from({length: 10_001}, (_, step) => step);
const corners = Float64Array.from({length: 20_001}, (_, corner) => Math.ceil(corner / 2));

/** Each value twice, so that it holds until the next. @param {Float64Array} values @param {number} length */
function staircase(values, length) {
  const column = new Float64Array(Math.max(0, 2 * length - 1));
  for (let corner = 0; corner < column.length; corner++) column[corner] = values[corner >> 1];
  return column;
}

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
    /** @type {{edition: number, columns: Float64Array[]}} */ this.stairs = {edition: -1, columns: []};
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
    if (this.stairs.edition !== this.edition) {
      this.stairs = {edition: this.edition, columns: buffer.trajectories.map((one) => (curves.held ? staircase(curves.values(one), one.length) : curves.values(one)))};
    }
    const paths = buffer.trajectories.map(({last}, i) => ({x: curves.held ? corners : steps, y: this.stairs.columns[i], last: curves.held ? 2 * last : last}));
    this.ink.draw(projection, paths, curves.held ? 2 * Math.floor(position) : position, this.theme, `${this.edition}`);
    const now = axes.x(position);
    context.fillStyle = this.theme.dim;
    context.fillRect(Math.round(now) - 0.5, axes.top, 1, axes.height);
    const bound = (/** @type {number} */ height) => Math.max(axes.top, Math.min(height, axes.top + axes.height));
    plant(context, axes, this.theme, endings(buffer).map(({trajectory, i}) => ({
      trajectory, i, x: axes.x(trajectory.last), y: bound(projection.y(curves.values(trajectory)[trajectory.last])), reached: position >= trajectory.last,
    })));
    buffer.trajectories.forEach((trajectory, i) => {
      const {last} = trajectory;
      if (last < 0) return;
      const at = Math.min(position, last);
      const y = curves.values(trajectory);
      const [before, after] = [y[Math.floor(at)], y[Math.min(last, Math.ceil(at))]];
      const height = projection.y(before) + (curves.held ? 0 : at % 1) * (projection.y(after) - projection.y(before));
      trace(context, i, axes.x(at), bound(height), 4.5);
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

