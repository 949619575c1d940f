// @ts-check
/** What the models of the descents predict as they are trained: fetched at some steps ahead, and exactly where the clock rests. */

import {decode, Problem, server, Unreachable} from "../../server/api.js";
import {Latest} from "../../server/latest.js";

/**
 * @typedef {{x: number[] | number[][], y: number[]}} Examples x: a number per example, or a row of them
 * @typedef {{task: "curve" | "boundary" | "none", names: string[], train: Examples, test: Examples | null, steps: number[],
 *            inputs: number[], grid: {x: number[], y: number[]} | null, outputs: Float32Array | Float64Array, width: number,
 *            batches: number[][], accuracy: number[] | null}} Model
 *   `names`: of the inputs, and last of what is predicted; `outputs`: `width` predictions for each of `steps`, at the inputs of a curve or
 *   on the grid of a boundary, row by row; `batches`: the examples that the update at each step uses
 */

/** @param {any} answer @returns {Model} */
export function received(answer) {
  const curve = Array.isArray(answer.inputs) || answer.inputs?.bdata;
  const outputs = answer.outputs ? decode(answer.outputs) : new Float32Array();
  const numbers = (/** @type {any} */ array) => Array.from(decode(array));
  return {
    ...answer, outputs, width: answer.steps.length ? outputs.length / answer.steps.length : 0, inputs: curve ? numbers(answer.inputs) : [],
    grid: answer.inputs && !curve ? {x: numbers(answer.inputs.x), y: numbers(answer.inputs.y)} : null, batches: answer.batches ?? [], accuracy: answer.accuracy ?? null,
  };
}

/** The last of the ascending steps that is not after a position. @param {number[]} steps @param {number} position */
function before(steps, position) {
  let [low, high] = [0, steps.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (steps[middle] <= position) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The predictions at a position, between two known steps in proportion. @param {Model} model @param {number} position @returns {Float32Array} */
export function predicted({steps, outputs, width}, position) {
  const row = before(steps, position);
  const next = Math.min(row + 1, steps.length - 1);
  const part = next > row ? Math.max(0, Math.min(1, (position - steps[row]) / (steps[next] - steps[row]))) : 0;
  return Float32Array.from({length: width}, (_, i) => (1 - part) * outputs[row * width + i] + (part && part * outputs[next * width + i]));
}

/** The examples of a step's batch, or of the last known before it. @param {Model} model @param {number} position @returns {{step: number, batch: number[]} | null} */
export function batchAt({steps, batches}, position) {
  if (!steps.length) return null;
  const row = before(steps, position);
  return batches[row]?.length ? {step: steps[row], batch: batches[row]} : null;
}

/** @param {number} last @param {number} most @returns {number[]} whole steps from 0 to the last, evenly spaced */
function spaced(last, most) {
  const count = Math.min(last, most - 1);
  return count < 1 ? [0] : Array.from({length: count + 1}, (_, i) => Math.round((i * last) / count));
}

export class Models {
  /** How many steps are fetched ahead. */ static ahead = 60;

  /** @param {import("../../session/state.js").State} state @param {import("../../session/clock.js").Clock} clock @param {(surface: import("../../session/state.js").Component) => boolean} wanted @param {() => void} changed */
  constructor(state, clock, wanted, changed) {
    this.state = state;
    this.clock = clock;
    this.wanted = wanted;
    this.changed = changed;
    /** Of each descent at some of its steps. @type {Array<Model | undefined>} */ this.sampled = [];
    /** Of each descent where the clock last rested. @type {Array<Model | undefined>} */ this.precise = [];
    /** What the answers are about: other data make all of them worthless. */ this.key = "";
    this.surface = "";
    this.ahead = new Latest((question, signal) => this.#ask(question, signal));
    this.here = new Latest((question, signal) => this.#ask(question, signal));
    this.place = "";
    for (const topic of /** @type {const} */ (["answer", "frames", "chosen"])) state.on(topic, () => this.refresh());
    clock.draw.push(() => this.#arrive());
  }

  /** Whether all that was asked has been answered. */
  get settled() {
    return !this.ahead.current && !this.here.current;
  }

  /** The descents whose predictions are shown: all curves find room in one picture, one boundary does. */
  get shown() {
    const {buffer, chosen} = this.state;
    const all = buffer?.trajectories.map((_, i) => i) ?? [];
    return this.sampled[chosen]?.task === "curve" ? [chosen, ...all.filter((i) => i !== chosen)] : [chosen];
  }

  /** The chosen descent's model, or any other of the same data. @returns {Model | undefined} */
  get any() {
    return this.sampled[this.state.chosen] ?? this.sampled.find(Boolean);
  }

  /** Ask again where another experiment has been run to its end. */
  refresh() {
    const {buffer, chosen} = this.state;
    if (!buffer || !this.wanted(buffer.experiment.surface)) {
      this.#forget("");
      return;
    }
    if (!buffer.complete) return;
    const surface = JSON.stringify(buffer.experiment.surface);
    if (surface !== this.surface) this.#forget(surface);
    const key = `${buffer.key} ${this.any?.task === "curve" ? "" : chosen}`;
    if (key === this.key) return;
    this.key = key;
    this.precise = [];
    this.place = "";
    const dragging = this.state.manner === "dragging";
    this.ahead.request({buffer, into: "sampled", steps: dragging ? [buffer.longest] : spaced(buffer.longest, Models.ahead)});
  }

  /** @param {string} surface */
  #forget(surface) {
    this.surface = surface;
    this.key = "";
    this.sampled = [];
    this.precise = [];
  }

  /** The clock rests, or goes so slowly that every step is looked at: what is shown there is to be exact. */
  #arrive() {
    const {buffer} = this.state;
    if (!buffer?.complete || !this.any || (this.clock.playing && this.clock.speed > 8)) return;
    const step = Math.floor(this.clock.position);
    const place = `${buffer.key} ${step} ${this.state.chosen}`;
    if (place === this.place || (!this.clock.playing && step !== this.clock.position)) return;
    this.place = place;
    this.here.request({buffer, into: "precise", steps: [step]});
  }

  /** @param {{buffer: import("../../session/buffer.js").Buffer, into: "sampled" | "precise", steps: number[]}} question @param {AbortSignal} signal */
  async #ask({buffer, into, steps}, signal) {
    const last = buffer.trajectories.length;
    const chosen = Math.min(this.state.chosen, last - 1);
    this[into].length = Math.min(this[into].length, last);
    try {
      const first = await this.#one(buffer, chosen, steps, into, signal);
      // With very many examples an answer is large: the other curves are near enough between two known steps.
      if (first.task !== "curve" || (into === "precise" && first.train.y.length > 2000)) return;
      for (let i = 0; i < last; i++) if (i !== chosen) await this.#one(buffer, i, steps, into, signal);
    } catch (error) {
      // Whatever is wrong with the experiment, the descents' own call says so.
      if (!(error instanceof Problem || error instanceof Unreachable)) throw error;
      this.key = "";
      if (!(error instanceof Problem && error.refused)) setTimeout(() => this.refresh(), 1000 * (error instanceof Problem ? error.wait || 3 : 3));
    }
  }

  /** @param {import("../../session/buffer.js").Buffer} buffer @param {number} descent @param {number[]} steps @param {"sampled" | "precise"} into @param {AbortSignal} signal */
  async #one(buffer, descent, steps, into, signal) {
    const answer = received(await server.model({experiment: buffer.experiment, descent, steps}, signal));
    // Meanwhile it may be about other data, or about none.
    if (this.surface !== JSON.stringify(buffer.experiment.surface)) return answer;
    this[into][descent] = answer;
    this.changed();
    return answer;
  }

  /** The model that knows most about a position. @param {number} descent @param {number} position @returns {Model | undefined} */
  at(descent, position) {
    const precise = this.precise[descent];
    return precise?.steps[0] === position ? precise : this.sampled[descent];
  }
}
