// @ts-check
/** Which loss the map shows: that of the training or of the held-out examples; and over it that of one batch. */

import {clipped} from "../../draw/handmade-axes.js";
import {Sheet} from "../../draw/ink.js";
import {relief} from "../../draw/relief.js";
import {isolines} from "../../draw/shading.js";
import {element} from "../../kit/dom.js";
import {Problem, server, Unreachable} from "../../server/api.js";
import {Latest} from "../../server/latest.js";
import {beyond, received} from "../../session/landscape.js";
import {segments} from "./picture.js";

const resolution = 60;
const lines = 9;
/** While it plays, a batch's contour is asked for no more often than this, in milliseconds. */
const pause = 120;

/** @typedef {{key: string, step: number, contours: number[][], lowest: [number, number] | null}} Contour `contours`: pieces of lines, the lowest level first; `lowest`: null beyond the window */

/** Where a landscape is lowest within a window; null at its border. @param {import("../../session/landscape.js").Landscape} landscape @param {import("../../session/state.js").Window} window @returns {[number, number] | null} */
function lowest({x, y, loss, points}, window) {
  const least = Array.from(loss).reduce((best, value, at) => (value < loss[best] ? at : best), 0);
  const found = points.find(({type}) => type === "minimum") ?? {x: x[least % x.length], y: y[Math.floor(least / x.length)]};
  const within = (/** @type {number} */ value, /** @type {[number, number]} */ [low, high]) => value > low && value < high;
  return within(found.x, window.x) && within(found.y, window.y) ? [found.x, found.y] : null;
}

export class Ground {
  /**
   * @param {import("../map/map.js").LandscapeMap} map @param {import("../../session/state.js").State} state @param {import("../../session/schema.js").Schema} schema
   * @param {import("../../session/clock.js").Clock} clock @param {import("../../draw/theme.js").Theme} theme
   */
  constructor(map, state, schema, clock, theme) {
    this.map = map;
    this.state = state;
    this.schema = schema;
    this.clock = clock;
    this.theme = theme;
    const canvas = element("canvas", {className: "batch", "aria-hidden": "true"});
    map.stage.querySelector(".trails")?.before(canvas);
    this.sheet = new Sheet(canvas, () => clock.wake());
    this.switch = element("button", {
      type: "button", textContent: "Contour of this batch", "aria-pressed": "false", title: "Lines of the loss on the examples of this step's batch alone; the cross is its lowest place",
      onclick: () => this.#turn(!this.on),
    });
    this.said = element("span", {className: "number", role: "note"});
    this.losses = /** @type {const} */ (["train", "test"]).map((ground) => element("button", {
      type: "button", textContent: ground === "train" ? "Training loss" : "Test loss", onclick: () => this.#show(ground),
    }));
    this.choice = element("div", {className: "choice", role: "group", "aria-label": "Loss shown"}, ...this.losses);
    this.bar = element("div", {className: "grounds"}, this.choice, element("span", {}, this.switch, this.said));
    map.stage.append(this.bar);
    /** Whether the batch's contour is wanted. */ this.on = false;
    /** @type {Contour | null} */ this.contour = null;
    this.asked = "";
    this.since = 0;
    this.drawn = "";
    this.latest = new Latest((question, signal) => this.#ask(question, signal));
    for (const topic of /** @type {const} */ (["experiment", "answer", "frames", "chosen", "ground"])) state.on(topic, () => this.#offer());
    theme.changed.push(() => {
      this.drawn = "";
      clock.wake();
    });
    clock.draw.push(() => this.#draw());
    this.#offer();
  }

  /** Whether the lines are drawn as they are known. */
  get still() {
    return !this.latest.current;
  }

  /** The batch's contour that is drawn: its step, and where it is lowest. */
  get seen() {
    const {on, contour} = this;
    return on && contour ? {step: contour.step, lowest: contour.lowest} : null;
  }

  /** Whether the chosen descent uses batches. */
  get #batches() {
    const {buffer, chosen} = this.state;
    return Boolean(buffer?.trajectories[chosen]?.batch_loss);
  }

  /** Whether there are held-out examples. */
  get #held() {
    const {buffer, experiment: {surface}} = this.state;
    return (this.schema.facts(surface).data === true && surface.test > 0) || Boolean(buffer?.trajectories.some((one) => one.test_loss));
  }

  #offer() {
    const {state} = this;
    const held = this.#held;
    const batches = this.#batches;
    if (!held && state.ground === "test" && state.buffer?.complete) this.#show("train");
    this.choice.hidden = !held;
    this.losses.forEach((button, i) => button.setAttribute("aria-pressed", String((state.ground === "test") === (i === 1))));
    this.switch.hidden = !batches;
    this.said.hidden = !batches || !this.on;
    this.bar.hidden = !held && !batches;
    this.clock.wake();
  }

  /** @param {"train" | "test"} ground */
  #show(ground) {
    if (ground === this.state.ground) return;
    this.state.ground = ground;
    this.state.tell("ground");
  }

  /** @param {boolean} on */
  #turn(on) {
    this.on = on;
    this.switch.setAttribute("aria-pressed", String(on));
    this.#offer();
  }

  #draw() {
    const {state: {buffer, window, chosen}, clock} = this;
    const on = this.on && this.#batches && buffer?.complete && window;
    if (on) {
      const step = Math.min(Math.floor(clock.position), Math.max(0, buffer.trajectories[chosen].last - 1));
      const key = [buffer.key, chosen, ...window.x, ...window.y].join();
      const asked = `${key} ${step}`;
      const now = performance.now();
      if (asked !== this.asked && (!clock.playing || now - this.since > pause)) {
        this.asked = asked;
        this.since = now;
        this.latest.request({buffer, descent: chosen, step, window, key});
      }
    }
    const projection = this.map.axes.read();
    const contour = on ? this.contour : null;
    const drawn = `${projection?.key} ${contour?.key} ${contour?.step} ${this.sheet.edition}`;
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    this.sheet.clear();
    this.said.textContent = contour ? `step ${contour.step}` : "";
    if (contour && projection) this.#lines(contour, projection);
  }

  /** @param {Contour} contour @param {import("../../draw/axes.js").Projection} projection */
  #lines({contours, lowest}, projection) {
    const {sheet: {context}, theme} = this;
    clipped(context, projection);
    context.lineCap = "round";
    contours.forEach((line, level) => {
      for (const [width, colour] of /** @type {Array<[number, string]>} */ ([[3.4, theme.casing], [1.5, theme.accent]])) {
        context.globalAlpha = (colour === theme.casing ? 0.5 : 1) * (1 - (0.6 * level) / lines);
        context.lineWidth = width;
        context.strokeStyle = colour;
        segments(context, projection, line);
      }
    });
    context.globalAlpha = 1;
    if (lowest) this.#cross(projection.x(lowest[0]), projection.y(lowest[1]));
    context.restore();
  }

  /** @param {number} x @param {number} y */
  #cross(x, y) {
    const {sheet: {context}, theme} = this;
    for (const [width, colour] of /** @type {Array<[number, string]>} */ ([[6, theme.casing], [2.6, theme.accent]])) {
      context.lineWidth = width;
      context.strokeStyle = colour;
      context.beginPath();
      for (const s of [-1, 1]) {
        context.moveTo(x - 7, y - 7 * s);
        context.lineTo(x + 7, y + 7 * s);
      }
      context.stroke();
    }
  }

  /** @param {{buffer: import("../../session/buffer.js").Buffer, descent: number, step: number, window: import("../../session/state.js").Window, key: string}} question @param {AbortSignal} signal */
  async #ask({buffer, descent, step, window, key}, signal) {
    try {
      const {experiment} = buffer;
      const landscape = received(await server.contour({experiment, batch: {descent, step}, window: beyond(window), resolution}, signal), {surface: experiment.surface});
      const heights = relief(landscape, null, window);
      const grid = {x: landscape.x, y: landscape.y, loss: heights.rows.flatMap((row) => [...row])};
      const contours = Array.from({length: lines}, (_, i) => isolines(grid, heights.low + ((i + 0.5) / lines) * (heights.high - heights.low)));
      this.contour = {key, step, contours, lowest: lowest(landscape, window)};
      this.clock.wake();
    } catch (error) {
      if (!(error instanceof Problem || error instanceof Unreachable)) throw error;
      this.contour = null;
    }
  }
}
