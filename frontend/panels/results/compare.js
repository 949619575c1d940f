// @ts-check
/** The dialog that compares descents in the open: everything measured, and what was made equal for all of them. */

import {element} from "../../kit/dom.js";
import {gap, short} from "../../kit/numbers.js";
import {leading} from "../../kit/rates.js";
import {least, tolerances} from "../../session/measure.js";
import {Table} from "./table.js";

/** How a loss is said: above its known minimum where there is one. @param {number | null} floor @returns {(loss: number) => string} */
export const lossWords = (floor) => (loss) => (floor === null || Number.isNaN(loss) ? short(loss) : gap(loss - floor));

/**
 * The lowest loss that is known: of the surface, or of all steps of all descents.
 * @param {import("../../session/buffer.js").Buffer} buffer @param {import("../../session/minima.js").Minima} minima
 */
export function floorOf({experiment, trajectories}, minima) {
  const known = minima.lowest(experiment.surface);
  const reached = Math.min(...trajectories.flatMap(({loss, length, average}) => [least(loss, length), ...(average ? [least(average.loss, average.length)] : [])]));
  return {floor: Math.min(known ?? Infinity, reached), known: known !== null};
}

/** From the fewest to the most, "300" or "180 to 300". @param {number[]} counts */
function range(counts) {
  const [low, high] = [Math.min(...counts), Math.max(...counts)];
  return low === high ? short(low, 6) : `${short(low, 6)} to ${short(high, 6)}`;
}

export class Compare {
  /**
   * @param {HTMLDialogElement} dialog @param {import("../../session/state.js").State} state @param {import("../../session/schema.js").Schema} schema
   * @param {import("../../session/minima.js").Minima} minima @param {() => void} findRates
   */
  constructor(dialog, state, schema, minima, findRates) {
    this.dialog = dialog;
    this.state = state;
    this.schema = schema;
    this.minima = minima;
    this.tolerance = tolerances[0];
    /** Called when something is measured in another way. */ this.changed = () => {};
    /** @type {import("../../session/measure.js").Measured[]} */ this.rows = [];
    this.table = new Table("Comparison", ["label", "final", "best", "distance", "within", "steps", "evaluations", "rate", "status"], () => this.#draw());
    const tolerance = element("select", {"aria-label": "Tolerance", onchange: () => {
      this.tolerance = tolerances[tolerance.selectedIndex];
      this.changed();
    }}, ...tolerances.map(({text}) => element("option", {textContent: text})));
    this.equal = element("select", {"aria-label": "Equal", onchange: () => this.#equalize(this.equal.selectedIndex === 1)},
      element("option", {textContent: "steps"}), element("option", {textContent: "gradient evaluations"}));
    this.fair = element("p", {className: "fair", role: "status"});
    this.note = element("p", {className: "about"});
    dialog.append(
      element("h2", {id: "compare-title", textContent: "Compare"}),
      element("div", {className: "choices"},
        element("label", {}, element("span", {textContent: "Equal"}), this.equal),
        element("label", {title: "The step by which the loss has come within this share of the start’s height above the lowest known loss"}, element("span", {textContent: "Steps to within"}), tolerance, element("span", {textContent: "of the start’s height"}))),
      this.fair,
      element("div", {className: "wide", tabIndex: 0, role: "group", "aria-label": "Comparison, scrollable"}, this.table.element),
      this.note,
      element("div", {className: "actions"},
        element("button", {type: "button", textContent: "Find a good rate for each…", "aria-haspopup": "dialog", onclick: () => {
          dialog.close();
          findRates();
        }}),
        element("button", {type: "button", className: "primary", textContent: "Close", onclick: () => dialog.close()})),
    );
    state.on("experiment", () => this.#draw());
  }

  open() {
    this.dialog.showModal();
    this.changed();
  }

  /** @param {import("../../session/measure.js").Measured[]} rows */
  show(rows) {
    this.rows = rows;
    this.#draw();
  }

  #draw() {
    const {state, schema, minima} = this;
    if (!this.dialog.open || !state.buffer) return;
    const {surface} = state.buffer.experiment;
    const known = schema.floor(surface);
    this.equal.selectedIndex = this.#budget === null ? 0 : 1;
    const fair = this.#fair();
    if (this.fair.textContent !== fair) this.fair.textContent = fair;
    this.table.show(this.rows, {loss: lossWords(known), tolerance: this.tolerance.text, loud: true});
    const lowest = floorOf(state.buffer, minima);
    const count = minima.of(surface).length;
    this.note.textContent = [
      `Heights are measured from ${lowest.known ? "the lowest known loss" : "the lowest loss that any descent has found"}, ${short(lowest.floor)}.`,
      known !== null && known !== 0 ? "Losses are those above it." : "",
      count ? "" : "No minimum is known here, so there is no distance to one.",
    ].filter(Boolean).join(" ");
  }

  /** How many evaluations each descent may make; null where steps are what is equal. @returns {number | null} */
  get #budget() {
    return /** @type {any} */ (this.state.experiment.stop)?.evaluations ?? null;
  }

  /** With as many evaluations as there are steps no descent runs out of steps first. @param {boolean} evaluations */
  #equalize(evaluations) {
    const steps = this.state.experiment.steps ?? this.state.filled?.steps ?? 300;
    this.state.edit((experiment) => {
      const stop = /** @type {Record<string, any>} */ ({...experiment.stop});
      delete stop.evaluations;
      if (evaluations) stop.evaluations = steps;
      if (Object.keys(stop).length) experiment.stop = stop;
      else delete experiment.stop;
    }, "in place");
  }

  /** What was made equal, in words, and what it came to. */
  #fair() {
    const {buffer, experiment} = this.state;
    const steps = experiment.steps ?? buffer?.experiment.steps ?? 0;
    const ended = (buffer?.trajectories ?? []).filter(({end, length, lost}) => end && length && !lost);
    const used = ended.map(({evaluations, last}) => evaluations[last]);
    const made = ended.map(({last}) => last);
    const budget = this.#budget;
    if (budget === null) {
      const asked = used.length ? `and asked for the loss or its gradient ${range(used)} times for them` : "however often it asks for the loss or its gradient";
      return `Every descent may make the same ${short(steps, 6)} steps, ${asked}. An optimizer that asks more often in a step has the advantage.`;
    }
    const enough = ended.filter(({end}) => end?.status === "finished").map(({last}) => last);
    return [
      `Every descent may ask for the loss or its gradient the same ${short(budget, 6)} times${enough.length ? `, which was enough for ${range(enough)} steps` : ""}.`,
      used.some((count) => count > budget) ? "A step that is begun is finished, so some have used a few more." : "",
      made.some((count, k) => count >= steps && used[k] < budget) ? `Some made all ${short(steps, 6)} steps without using them up.` : "",
    ].filter(Boolean).join(" ");
  }
}
