// @ts-check
/** A field of starts: one descent from all over the map, drawn as thin paths under the others. */

import {Sheet, clip} from "../../draw/ink.js";
import {patient, Problem, server, Unreachable} from "../../server/api.js";
import {Latest} from "../../server/latest.js";
import {lossAt} from "../../session/landscape.js";

const [across, up] = [12, 8];
const batch = 16;
/** What is drawn so thinly need not go on for ever. */
const longest = 1000;

/** @typedef {{x: number[], y: number[], lost: boolean}} Path */

export class Field {
  /** @param {import("../../session/state.js").State} state @param {import("../../session/clock.js").Clock} clock @param {() => void} changed */
  constructor(state, clock, changed) {
    this.state = state;
    this.clock = clock;
    this.changed = changed;
    /** @type {Path[]} */ this.paths = [];
    this.owner = 0;
    this.share = 0;
    this.words = "";
    this.key = "";
    this.latest = new Latest((question, signal) => this.#ask(question, signal), 0);
    state.on("experiment", () => this.clear());
  }

  /** Where it is drawn. @param {HTMLElement} stage @param {import("../../draw/axes.js").Axes} axes @param {import("../../draw/theme.js").Theme} theme */
  attach(stage, axes, theme) {
    const canvas = document.createElement("canvas");
    canvas.className = "field";
    canvas.setAttribute("aria-hidden", "true");
    stage.querySelector(".trails")?.before(canvas);
    this.sheet = new Sheet(canvas, () => this.clock.wake());
    this.clock.draw.push(() => this.#draw(axes, theme));
    theme.changed.push(() => this.clock.wake());
  }

  get busy() {
    return this.latest.current !== null;
  }

  get shown() {
    return this.paths.length > 0;
  }

  /** @param {number} descent */
  request(descent) {
    this.latest.request(descent);
    this.changed();
  }

  clear() {
    this.latest.cancel();
    if (!this.paths.length && !this.words) return;
    this.paths = [];
    this.words = "";
    this.clock.wake();
    this.changed();
  }

  /** The middles of the cells of a grid over the window, where there is a loss. @returns {Array<[number, number]>} */
  #points() {
    const {window, landscape} = this.state;
    if (!window) return [];
    const {x, y} = window;
    const at = ([low, high] = [0, 1], /** @type {number} */ k, /** @type {number} */ n) => Number((low + ((k + 0.5) / n) * (high - low)).toPrecision(6));
    return Array.from({length: across * up}, (_, k) => /** @type {[number, number]} */ ([at(x, k % across, across), at(y, Math.floor(k / across), up)]))
      .filter(([px, py]) => !landscape || Number.isFinite(lossAt(landscape, px, py)));
  }

  /** @param {number} descent @param {AbortSignal} signal */
  async #ask(descent, signal) {
    const experiment = structuredClone(this.state.experiment);
    const {label = this.state.buffer?.trajectories[descent]?.label ?? "", average: _, ...one} = experiment.descents[descent];
    const stop = /** @type {any} */ (experiment.stop ?? {});
    const limited = {...experiment, stop: {...stop, evaluations: Math.min(stop.evaluations ?? longest, longest)}};
    let left = this.#points();
    const total = left.length;
    this.owner = descent;
    this.paths = [];
    this.share = 0;
    this.words = `${total} starts…`;
    this.changed();
    try {
      while (left.length) {
        const some = left.slice(0, batch);
        left = left.slice(batch);
        this.paths.push(...await this.#run(limited, one, some, signal));
        this.share = 1 - left.length / total;
        this.clock.wake();
        this.changed();
      }
      const lost = this.paths.filter((path) => path.lost).length;
      this.words = `${label} from ${this.paths.length} starts${lost ? `; ${lost} diverged` : ""}.`;
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof Problem || error instanceof Unreachable)) throw error;
      this.words = error instanceof Problem ? error.message : "The server cannot be reached.";
    } finally {
      // The answer is there before the question is no longer under way.
      setTimeout(() => this.changed());
    }
  }

  /**
   * Paths from some points; those from which there is no way are left out.
   * @param {import("../../session/state.js").Experiment} experiment @param {import("../../session/state.js").Descent} descent @param {Array<[number, number]>} points @param {AbortSignal} signal
   * @returns {Promise<Path[]>}
   */
  async #run(experiment, descent, points, signal) {
    if (!points.length) return [];
    try {
      const {trajectories} = await patient(() => server.run({...experiment, descents: points.map((start) => ({...descent, label: undefined, start}))}, signal), signal);
      return trajectories.map((/** @type {any} */ {x, y, status}) => ({x, y, lost: status === "diverged" || status === "escaped"}));
    } catch (error) {
      const wrong = error instanceof Problem ? error.errors.map(({path}) => (path[0] === "descents" && path[2] === "start" ? Number(path[1]) : NaN)) : [];
      if (!wrong.length || wrong.some(Number.isNaN)) throw error;
      return this.#run(experiment, descent, points.filter((_, i) => !wrong.includes(i)), signal);
    }
  }

  /** @param {import("../../draw/axes.js").Axes} axes @param {import("../../draw/theme.js").Theme} theme */
  #draw(axes, theme) {
    const projection = axes.read();
    const {sheet} = this;
    if (!sheet || !projection) return;
    const key = `${projection.key}|${sheet.edition}|${this.paths.length}|${this.owner}|${theme.casing}`;
    if (key === this.key) return;
    this.key = key;
    const {context, canvas} = sheet;
    sheet.clear();
    canvas.dataset.paths = String(this.paths.length);
    context.save();
    context.beginPath();
    context.rect(projection.left, projection.top, projection.width, projection.height);
    context.clip();
    context.lineJoin = "round";
    for (const path of this.paths) {
      const line = new Path2D();
      for (let step = 1; step < path.x.length; step++) {
        const near = clip(projection.x(path.x[step - 1]), projection.y(path.y[step - 1]), projection.x(path.x[step]), projection.y(path.y[step]));
        if (!near) continue;
        line.moveTo(near[0], near[1]);
        line.lineTo(near[2], near[3]);
      }
      const [px, py] = [projection.x(path.x[0]), projection.y(path.y[0])];
      const start = new Path2D();
      start.arc(px, py, 2, 0, 7);
      context.globalAlpha = 0.6;
      context.strokeStyle = context.fillStyle = path.lost ? theme.alarm : theme.paths[this.owner % 8];
      context.lineWidth = 1;
      context.stroke(line);
      context.fill(start);
    }
    context.restore();
  }
}
