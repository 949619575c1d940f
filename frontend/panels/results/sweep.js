// @ts-check
/** Which rate suits each descent: a small sweep with the same budget for all of them. */

import {glyph} from "../../draw/marks.js";
import {element} from "../../kit/dom.js";
import {gap, plain, short} from "../../kit/numbers.js";
import {leading, led} from "../../kit/rates.js";
import {patient, Problem, server, Unreachable} from "../../server/api.js";
import {least, within} from "../../session/measure.js";
import {picture} from "./sweep-chart.js";

/**
 * @typedef {{rate: number, loss: number, lost: boolean, status: string, soon: number}} Run `loss`: at the end; `soon`: steps until little of the start's height was left
 * @typedef {{i: number, label: string, runs: Run[], best: Run | null, kind: string, why: string}} Swept `why`: what was swept nothing for
 */

/** Rates on each side of the recommended one, two a decade. */
const side = 6;
/** More steps than this would make the user wait; the sweep says so. */
const longest = 2000;

/** @param {number} middle @returns {number[]} */
export const ladder = (middle) => Array.from({length: 2 * side + 1}, (_, k) => Number((middle * 10 ** ((k - side) / 2)).toPrecision(2)));

/** The run that ends lowest; among equals the one that came there first. @param {Run[]} runs @param {number | null} floor @returns {Run | null} */
export function best(runs, floor) {
  // Heights below 10⁻¹² are rounding.
  const end = (/** @type {Run} */ {loss}) => (floor === null ? loss : Math.max(loss - floor, 1e-12));
  const [first = null] = runs.filter(({lost}) => !lost).sort((a, b) => end(a) - end(b) || a.soon - b.soon || 0);
  return first;
}

export class Sweep {
  /** @param {HTMLDialogElement} dialog @param {import("../../session/state.js").State} state @param {import("../../session/schema.js").Schema} schema @param {import("../../session/minima.js").Minima} minima */
  constructor(dialog, state, schema, minima) {
    this.dialog = dialog;
    this.state = state;
    this.schema = schema;
    this.minima = minima;
    /** @type {Swept[]} */ this.swept = [];
    /** @type {AbortController | null} */ this.current = null;
    this.plan = element("p");
    this.bar = element("progress", {max: 1});
    this.doing = element("span");
    this.cancel = element("button", {type: "button", textContent: "Cancel", onclick: () => this.current?.abort()});
    this.work = element("div", {className: "work"}, this.bar, this.doing, this.cancel);
    this.said = element("p", {className: "refusal", role: "alert"});
    this.chart = element("div", {className: "sweep-chart"});
    this.found = element("ul", {className: "found", "aria-label": "Best rates"});
    this.use = element("button", {type: "button", className: "primary", textContent: "Use these rates", onclick: () => this.#use()});
    this.close = element("button", {type: "button", textContent: "Close", onclick: () => dialog.close()});
    this.done = element("p", {className: "visually-hidden", role: "status"});
    dialog.append(element("h2", {id: "sweep-title", textContent: "A good rate for each"}), this.plan, this.work, this.said, this.chart, this.found, this.done,
      element("div", {className: "actions"}, this.use, this.close));
    dialog.addEventListener("close", () => this.current?.abort());
  }

  open() {
    this.dialog.showModal();
    this.#sweep();
  }

  async #sweep() {
    const {state, schema} = this;
    const experiment = structuredClone(state.experiment);
    const {descents} = experiment;
    const asked = experiment.steps ?? state.filled?.steps ?? 300;
    const steps = Math.min(asked, longest);
    const labels = descents.map((one, i) => one.label ?? state.filled?.descents[i]?.label ?? state.buffer?.trajectories[i]?.label ?? `Descent ${i + 1}`);
    const budget = /** @type {any} */ (experiment.stop)?.evaluations;
    this.plan.textContent = `${2 * side + 1} rates for each descent, two a decade around the rate recommended for its optimizer. Every run gets the same: `
      + `${budget ? `${short(budget, 6)} evaluations in at most ` : ""}${short(steps, 6)} steps${asked > steps ? ` (rather than ${short(asked, 6)}, to be quick)` : ""}, from its descent’s own start.`;
    this.said.textContent = this.done.textContent = "";
    this.swept = [];
    this.use.disabled = true;
    this.work.hidden = false;
    const current = new AbortController();
    this.current = current;
    this.#draw();
    try {
      for (const [i, descent] of descents.entries()) {
        this.bar.value = i / descents.length;
        this.doing.textContent = `${labels[i]}, ${i + 1} of ${descents.length}`;
        this.swept.push(await this.#one({...experiment, steps}, descent, i, labels[i], current.signal));
        this.#draw();
      }
    } catch (error) {
      if (current.signal.aborted) this.said.textContent = "Cancelled.";
      else if (error instanceof Problem || error instanceof Unreachable) this.said.textContent = error instanceof Problem ? error.message : "The server cannot be reached.";
      else throw error;
    } finally {
      if (this.current === current) {
        this.current = null;
        this.work.hidden = true;
        this.use.disabled = !this.swept.some(({best}) => best);
        this.done.textContent = this.swept.length ? `Swept ${this.swept.length} of ${descents.length} descents.` : "";
      }
    }
  }

  /**
   * All rates of one descent.
   * @param {import("../../session/state.js").Experiment} experiment @param {import("../../session/state.js").Descent} descent @param {number} i @param {string} label @param {AbortSignal} signal
   * @returns {Promise<Swept>}
   */
  async #one(experiment, descent, i, label, signal) {
    const {schema, state} = this;
    const kind = typeof descent.learning_rate === "object" ? schema.schedules.find((one) => one.kind === /** @type {any} */ (descent.learning_rate)?.kind)?.title ?? "" : "";
    if (leading(schema, descent.learning_rate) === null) return {i, label, runs: [], best: null, kind, why: "its schedule has no rate of its own to turn"};
    const rates = ladder(schema.recommended(state.experiment.surface, descent.optimizer ?? schema.optimizers[0]));
    const {label: _, average: __, ...bare} = descent;
    const asked = {...experiment, descents: rates.map((rate) => ({...bare, learning_rate: led(schema, descent.learning_rate, rate)}))};
    const {trajectories} = await patient(() => server.run(asked, signal), signal);
    const floor = this.#floor(trajectories);
    const runs = trajectories.map((/** @type {any} */ {loss, status}, /** @type {number} */ k) => ({
      rate: rates[k], loss: loss.at(-1), status, lost: status === "diverged" || status === "escaped",
      soon: within(loss, loss.length, {floor, tolerance: 1e-6, minima: []}),
    }));
    return {i, label, runs, best: best(runs, schema.floor(state.experiment.surface)), kind, why: "every run diverged"};
  }

  /** @param {Array<{loss: number[]}>} trajectories */
  #floor(trajectories) {
    const reached = Math.min(...trajectories.map(({loss}) => least(Float64Array.from(loss), loss.length)));
    return Math.min(this.minima.lowest(this.state.experiment.surface) ?? Infinity, reached);
  }

  #draw() {
    const floor = this.schema.floor(this.state.experiment.surface);
    this.chart.replaceChildren(...(this.swept.some(({runs}) => runs.length) ? [picture(this.swept, floor, Math.max(280, this.chart.clientWidth))] : []));
    this.found.replaceChildren(...this.swept.map((one) => element("li", {}, glyph(one.i), element("span", {}, element("b", {textContent: one.label}), `: ${this.#words(one, floor)}`))));
  }

  /** @param {Swept} swept @param {number | null} floor */
  #words({runs, best: found, kind, why}, floor) {
    if (!found) return `none: ${why}`;
    const edge = found.rate === runs[0].rate || found.rate === runs[runs.length - 1].rate;
    const lost = runs.filter(({lost}) => lost);
    const fate = new Set(lost.map(({status}) => status));
    return `${short(found.rate)}${kind ? ` (${kind})` : ""}, to ${floor === null ? `a loss of ${short(found.loss)}` : `${gap(found.loss - floor)} above the minimum`}`
      + `${edge ? "; the last rate tried on this side, so one beyond it may be better" : ""}${lost.length ? `; ${lost.length} of ${runs.length} ${[...fate].join(" or ")}` : ""}`;
  }

  #use() {
    const {state, schema} = this;
    const found = this.swept.filter(({best, i}) => best && i < state.experiment.descents.length);
    this.dialog.close();
    state.edit(({descents}) => {
      for (const {i, best} of found) {
        descents[i].learning_rate = led(schema, descents[i].learning_rate, plain(/** @type {Run} */ (best).rate));
        state.tuned[i] = true;
      }
    }, "start over");
  }
}
