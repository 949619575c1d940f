// @ts-check
/** The law of large numbers, seen: gradients of mini-batches around the gradient of all examples, with the size of a batch as a dial. */

import {around, clipped, frame, stroke} from "../../draw/handmade-axes.js";
import {Sheet} from "../../draw/ink.js";
import {element} from "../../kit/dom.js";
import {power, short} from "../../kit/numbers.js";
import {Problem, server, Unreachable} from "../../server/api.js";
import {Latest} from "../../server/latest.js";

/** @typedef {{full: [number, number], gradients: Array<[number, number]>, spread: number, expected: number, examples: number, size: number}} Gradients */

/** How many mini-batches are drawn. */
const count = 200;
const words = new Intl.NumberFormat("en");
/** Of the example in numbers: a model's parameters, its examples, the share of them in a mini-batch. */
const [parameters, examples, share] = [1e4, 1e6, 0.01];

export class Cloud {
  /** @param {HTMLDialogElement} dialog @param {import("../../session/state.js").State} state @param {import("../../session/schema.js").Schema} schema @param {import("../../session/clock.js").Clock} clock @param {import("../../draw/theme.js").Theme} theme */
  constructor(dialog, state, schema, clock, theme) {
    this.dialog = dialog;
    this.schema = schema;
    this.state = state;
    this.clock = clock;
    this.theme = theme;
    /** @type {HTMLInputElement} Made when it is first opened. */ this.dial;
    this.size = 8;
    /** What has been measured at this iterate, by the size of a batch. @type {Map<number, number>} */ this.measured = new Map();
    /** @type {Gradients | null} */ this.shown = null;
    /** @type {Array<Gradients["full"]>} the cloud of the smallest batches, to whose extent the axes are fitted */ this.widest = [];
    this.latest = new Latest((question, signal) => this.#ask(question, signal));
    dialog.classList.add("cloud");
    dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
    theme.changed.push(() => dialog.open && this.#draw());
  }

  open() {
    if (!this.dialog.childElementCount) this.#make();
    this.clock.pause();
    const {buffer, chosen} = this.state;
    const trajectory = buffer?.trajectories[chosen];
    if (!buffer || !trajectory?.length) return;
    const step = Math.min(Math.floor(this.clock.position), trajectory.last);
    this.experiment = buffer.experiment;
    this.size = buffer.experiment.descents[chosen].gradient?.size ?? this.size;
    this.point = [trajectory.x[step], trajectory.y[step]];
    this.place = `${trajectory.label} at step ${step}`;
    this.measured.clear();
    this.widest = [];
    this.shown = null;
    this.dialog.showModal();
    this.#request([1, this.size]);
  }

  #make() {
    const canvas = (/** @type {string} */ name) => element("canvas", {"aria-hidden": "true", className: name});
    const [cloud, curve] = [canvas("clouds"), canvas("spreads")];
    this.clouds = new Sheet(cloud, () => this.#draw());
    this.spreads = new Sheet(curve, () => this.#draw());
    this.cloudFigure = element("div", {className: "stage", role: "img"}, cloud);
    this.curveFigure = element("div", {className: "stage", role: "img"}, curve);
    this.dial = element("input", {type: "range", min: "0", max: "1", step: "any", "aria-label": "Batch size B", oninput: () => this.#turn()});
    this.marks = element("div", {className: "marks", "aria-hidden": "true"});
    this.said = element("output", {className: "number"});
    this.numbers = element("p", {className: "number", "aria-live": "polite"});
    const bar = (/** @type {string} */ name, /** @type {number} */ part, /** @type {string} */ text) => element("div", {className: "bar"},
      element("span", {textContent: name}), element("i", {style: `--part: ${part}`, "aria-hidden": "true"}), element("b", {textContent: text}));
    this.dialog.append(
      element("div", {className: "head"}, element("h2", {id: "cloud-title", textContent: "Gradients of mini-batches"}),
        element("button", {type: "button", className: "icon", textContent: "×", title: "Close", "aria-label": "Close", onclick: () => this.dialog.close()})),
      element("p", {className: "about", textContent: "Each dot is the gradient of a batch of B examples drawn at random; the cross is the gradient of all of them. Batches are right on average, and four times as many examples halve the spread: it falls as 1/√B."}),
      element("div", {className: "field dial"}, element("label", {htmlFor: "batch-size", textContent: "batch size B"}), element("div", {}, this.dial, this.marks), this.said),
      this.numbers,
      element("div", {className: "figures"},
        element("figure", {"aria-label": "Gradients"}, element("figcaption", {textContent: "Gradients"}), this.cloudFigure),
        element("figure", {"aria-label": "Spread"}, element("figcaption", {textContent: "Spread against B, and σ/√B as a line"}), this.curveFigure)),
      element("section", {className: "costs", "aria-label": "What it costs"},
        element("h3", {textContent: `What it saves: ${words.format(parameters)} parameters, ${words.format(examples)} examples`}),
        bar("all examples", 1, `${power(Math.log10(parameters * examples))} derivatives`),
        bar("a batch of 1 %", share, `${power(Math.log10(parameters * examples * share))} derivatives`),
        element("p", {className: "about", textContent: "A hundredth of the work, and a spread only ten times as large: √100 = 10."})),
    );
    this.dial.id = "batch-size";
  }

  /** The largest batch: all that is there. */
  get #most() {
    return this.shown?.examples ?? 1;
  }

  #turn() {
    this.size = Math.max(1, Math.min(this.#most, Math.round(this.#most ** Number(this.dial.value))));
    this.#request([this.size]);
    this.#say();
  }

  /** @param {number[]} sizes */
  #request(sizes) {
    this.latest.request({experiment: this.experiment, point: this.point, sizes});
  }

  /** @param {{experiment: import("../../session/state.js").Experiment, point: [number, number], sizes: number[]}} question @param {AbortSignal} signal */
  async #ask({experiment, point, sizes}, signal) {
    try {
      for (const size of sizes) {
        const most = this.shown?.examples ?? Infinity;
        const answer = await server.gradients({experiment, point, size: Math.min(size, most), count}, signal);
        this.shown = {...answer, size: Math.min(size, most)};
        this.measured.set(Math.min(size, most), answer.spread);
        if (!this.widest.length) this.widest = [...answer.gradients, answer.full];
      }
    } catch (error) {
      if (!(error instanceof Problem || error instanceof Unreachable)) throw error;
      if (this.numbers) this.numbers.textContent = error.message;
      return;
    }
    this.size = Math.min(this.size, this.#most);
    this.#mark();
    this.#say();
    this.#draw();
  }

  /** The dial with its marks, on a log scale: 1, 2, 5, 10, ... and all. */
  #mark() {
    const {dial, marks} = this;
    if (!dial || !marks) return;
    const most = this.#most;
    const position = (/** @type {number} */ size) => (most > 1 ? Math.log(size) / Math.log(most) : 0);
    const sizes = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000].filter((size) => position(size) < 0.92).concat(most);
    marks.replaceChildren(...sizes.map((size) => element("span", {style: `--at: ${position(size)}`, textContent: String(size)})));
    if (document.activeElement !== dial) dial.value = String(position(this.size));
  }

  #say() {
    const {dial, said, numbers, shown, cloudFigure, curveFigure} = this;
    if (!dial || !said || !numbers || !shown || !cloudFigure || !curveFigure) return;
    const spread = this.measured.get(this.size);
    said.textContent = `${this.size} of ${shown.examples}`;
    dial.setAttribute("aria-valuetext", said.textContent);
    if (spread === undefined) return;
    numbers.textContent = `${this.place}: spread ${short(spread)}, expected σ/√B = ${short(shown.expected)}; full gradient (${shown.full.map((value) => short(value)).join(", ")})`;
    cloudFigure.setAttribute("aria-label", `${shown.gradients.length} gradients of batches of ${this.size}, at a distance of ${short(spread)} from that of all examples`);
    curveFigure.setAttribute("aria-label", `Measured spreads: ${[...this.measured].sort(([a], [b]) => a - b).map(([size, value]) => `${short(value)} for ${size}`).join(", ")}`);
  }

  #draw() {
    const {shown} = this;
    if (!shown || !this.dialog.open || !this.clouds?.width) return;
    this.#cloud(shown);
    this.#curve(shown);
  }

  /** @param {Gradients} shown */
  #cloud({full, gradients}) {
    const {theme} = this;
    const sheet = /** @type {Sheet} */ (this.clouds);
    const {context} = sheet;
    sheet.clear();
    const letters = this.schema.letters(this.state.experiment.surface) ?? ["x", "y"];
    const [x, y] = [0, 1].map((axis) => around(this.widest.map((one) => one[axis]).concat(0), 0.06));
    const projection = frame(sheet, theme, {range: x, title: `∂L/∂${letters[0]}`}, {range: y, title: `∂L/∂${letters[1]}`}, true);
    clipped(context, projection);
    const at = (/** @type {[number, number]} */ [gx, gy]) => /** @type {[number, number]} */ ([projection.x(gx), projection.y(gy)]);
    const [zero, mean] = [at([0, 0]), at(full)];
    context.strokeStyle = theme.dim;
    context.lineWidth = 1.5;
    stroke(context, ...zero, ...mean);
    context.fillStyle = theme.paths[this.state.chosen % 8];
    context.globalAlpha = 0.55;
    for (const gradient of gradients) {
      context.beginPath();
      context.arc(...at(gradient), 2.6, 0, 7);
      context.fill();
    }
    context.globalAlpha = 1;
    for (const [width, colour] of /** @type {Array<[number, string]>} */ ([[6, theme.casing], [2.6, theme.ink]])) {
      context.lineWidth = width;
      context.strokeStyle = colour;
      stroke(context, mean[0] - 8, mean[1], mean[0] + 8, mean[1]);
      stroke(context, mean[0], mean[1] - 8, mean[0], mean[1] + 8);
    }
    context.beginPath();
    context.arc(...zero, 3.5, 0, 7);
    context.fillStyle = theme.card;
    context.fill();
    context.lineWidth = 1.5;
    context.stroke();
    context.restore();
  }

  /** @param {Gradients} shown */
  #curve(shown) {
    const {theme, measured} = this;
    const sheet = /** @type {Sheet} */ (this.spreads);
    const {context} = sheet;
    sheet.clear();
    const most = Math.max(2, shown.examples);
    const sigma = shown.expected * Math.sqrt(shown.size);
    const heights = [sigma, sigma / Math.sqrt(most), ...measured.values()].filter((value) => value > 0).map(Math.log10);
    if (!heights.length) return;
    const projection = frame(sheet, theme, {range: [-0.08, Math.log10(most) + 0.08], title: "batch size B", log: true}, {range: around(heights, 0.1), title: "spread", log: true});
    clipped(context, projection);
    context.strokeStyle = theme.dim;
    context.lineWidth = 2;
    context.setLineDash([6, 4]);
    stroke(context, projection.x(1), projection.y(sigma), projection.x(most), projection.y(sigma / Math.sqrt(most)));
    context.setLineDash([]);
    for (const [size, spread] of measured) {
      context.beginPath();
      context.arc(projection.x(size), projection.y(spread), size === this.size ? 6 : 4, 0, 7);
      context.fillStyle = theme.paths[this.state.chosen % 8];
      context.fill();
      context.strokeStyle = size === this.size ? theme.ink : theme.card;
      context.lineWidth = 1.5;
      context.stroke();
    }
    context.restore();
  }
}
