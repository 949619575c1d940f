// @ts-check
/** Rates that mean something on a surface: where plain steps begin to overshoot, and which is best in a quadratic bowl. */

import {element} from "../../kit/dom.js";
import {plain, short} from "../../kit/numbers.js";
import {Problem, server, Unreachable} from "../../server/api.js";
import {Latest} from "../../server/latest.js";
import {Minima} from "../../session/minima.js";

/** @typedef {{rate: number, name: string, why: string}} Landmark */
/** @typedef {{stable: number | null, eigenvalues: number[] | null, x: number, y: number, where: string}} Curvature */

/** Only for those whose rate multiplies the gradient does curvature bound the rate. @param {import("../../session/schema.js").Kind | undefined} kind */
const multiplies = (kind) => kind?.facts.scale === "gradient";

/** A surface whose curvature is the same everywhere is a quadratic. @param {Array<number[] | null>} eigenvalues */
const same = (eigenvalues) => eigenvalues.every((one) => one && eigenvalues[0] && one.every((value, k) => Number.isFinite(value) && Math.abs(value - /** @type {number[]} */ (eigenvalues[0])[k]) <= 1e-9 * Math.abs(/** @type {number[]} */ (eigenvalues[0])[1])));

export class Landmarks {
  /** @param {import("../../session/state.js").State} state @param {import("../../session/schema.js").Schema} schema @param {() => void} changed */
  constructor(state, schema, changed) {
    this.state = state;
    this.schema = schema;
    this.changed = changed;
    this.minima = new Minima(state, schema);
    /** For each descent. @type {Landmark[][]} */ this.known = [];
    this.asked = "";
    this.latest = new Latest((question, signal) => this.#ask(question, signal));
    const ask = () => state.manner === "dragging" || this.#request();
    state.on("answer", ask);
    state.on("frames", ask);
    state.on("landscape", ask);
  }

  /** @param {number} i @returns {Landmark[]} */
  of(i) {
    return this.known[i] ?? [];
  }

  #request() {
    const {state, schema, minima} = this;
    const {buffer} = state;
    /** @type {string[]} */
    const kinds = (buffer?.experiment.descents ?? []).map((/** @type {import("../../session/state.js").Descent} */ {optimizer}) => optimizer?.kind ?? "");
    // The curvature of a slice is not that of all the weights.
    if (!buffer?.complete || schema.placing(buffer.experiment) || !kinds.some((kind) => multiplies(schema.optimizer({kind})))) {
      this.#take("", []);
      return;
    }
    const {surface} = buffer.experiment;
    const known = minima.of(surface);
    const places = buffer.trajectories.map(({x, y, last}) => {
      const away = (/** @type {import("../../session/minima.js").Minimum} */ point) => Math.hypot(point.x - x[last], point.y - y[last]);
      const nearest = known.length ? known.reduce((best, point) => (away(point) < away(best) ? point : best)) : null;
      return {start: [x[0], y[0]], minimum: nearest && [nearest.x, nearest.y], beside: [x[0] + 0.31, y[0] - 0.17]};
    });
    const question = JSON.stringify([surface, places, kinds]);
    if (question === this.asked) return;
    this.asked = question;
    this.latest.request({question, surface, places, kinds});
  }

  /** @param {string} question @param {Landmark[][]} known */
  #take(question, known) {
    this.asked = question;
    if (!known.flat().length && !this.known.flat().length) return;
    this.known = known;
    this.changed();
  }

  /** @param {{question: string, surface: any, places: Array<{start: number[], minimum: number[] | null, beside: number[]}>, kinds: string[]}} asked @param {AbortSignal} signal */
  async #ask({question, surface, places, kinds}, signal) {
    const points = places.flatMap(({start, minimum, beside}) => [start, minimum ?? start, beside]);
    try {
      const {eigenvalues, largest_stable_learning_rate: stable} = await server.evaluate({surface, points}, signal);
      this.#take(question, places.map(({minimum}, i) => this.#marks(this.schema.optimizer({kind: kinds[i]}), minimum !== null, eigenvalues.slice(3 * i, 3 * i + 3), stable.slice(3 * i, 3 * i + 2))));
    } catch (error) {
      // Without an answer there are no marks; the run itself says what is wrong.
      if (!(error instanceof Problem || error instanceof Unreachable)) throw error;
      this.#take("", []);
    }
  }

  /** @param {import("../../session/schema.js").Kind | undefined} kind of the optimizer @param {boolean} minimum @param {Array<number[] | null>} eigenvalues @param {Array<number | null>} stable at the start and at the minimum @returns {Landmark[]} */
  #marks(kind, minimum, eigenvalues, [start, bottom]) {
    if (!multiplies(kind)) return [];
    const marks = [];
    const [low, high] = eigenvalues[1] ?? [0, 0];
    const gain = kind?.facts.gain ?? 1;
    if (same(eigenvalues) && low > 0) marks.push({rate: 2 / (low + high), name: "best constant", why: `2/(λmin + λmax): in this quadratic bowl no other constant rate brings plain gradient steps down faster${gain === 1 ? "" : "; with a memory of earlier steps another one may be better"}`});
    const limit = bottom ?? start;
    if (limit) {
      const where = minimum && bottom ? "the nearest minimum" : "the start";
      marks.push({rate: limit, name: "stable below", why: `2/λmax at ${where}: with a higher rate plain gradient steps overshoot more and more there${gain === 1 ? "" : "; a memory of earlier steps moves this limit"}`});
    }
    return marks;
  }
}

/** The marks of a descent at its slider. */
export class Ticks {
  /** @param {(rate: number) => void} set */
  constructor(set) {
    this.set = set;
    this.lines = element("div", {className: "ticks", "aria-hidden": "true"});
    this.words = element("div", {className: "tick-words", hidden: true});
    this.shown = "";
  }

  /** @param {Landmark[]} marks @param {number} low @param {number} high the ends of the slider, as powers of ten @param {boolean} fixed whether there is no rate to set */
  show(marks, low, high, fixed) {
    const shown = JSON.stringify([marks, low, high, fixed]);
    if (shown === this.shown) return;
    this.shown = shown;
    this.words.hidden = !marks.length;
    this.lines.replaceChildren(...marks.flatMap(({rate}) => {
      const share = (Math.log10(rate) - low) / (high - low);
      const line = element("span", {onclick: () => fixed || this.set(plain(rate))});
      line.style.setProperty("--at", share.toFixed(4));
      return share >= 0 && share <= 1 ? [line] : [];
    }));
    this.words.replaceChildren(...marks.map(({rate, name, why}) => element("button", {
      type: "button", disabled: fixed, title: `${name} ${short(rate)}: ${why}`, textContent: `${name} ${short(rate)}`, onclick: () => this.set(plain(rate)),
    })));
  }
}
