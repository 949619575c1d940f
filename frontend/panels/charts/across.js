// @ts-check
/** What the charts count along their horizontal axes, chosen once for all of them. */

import {element} from "../../kit/dom.js";
import {hasEpochs} from "../../session/buffer.js";

/**
 * @typedef {import("../../session/buffer.js").Trajectory} Trajectory
 * @typedef {import("../../session/buffer.js").Buffer} Buffer
 * @typedef {{axis: string, name: string, one: string, column: (trajectory: Trajectory) => Float64Array}} Unit
 */

const steps = Float64Array.from({length: 10_001}, (_, step) => step);

/** A pass over all examples counts 1, and so does the loss of a surface without any. @param {Trajectory} trajectory */
const passes = ({stepsPerEpoch}) => stepsPerEpoch ?? 1;

/** @type {Unit[]} */
const units = [
  {axis: "steps", name: "steps", one: "step", column: () => steps},
  {axis: "epochs", name: "epochs", one: "epoch", column: (one) => steps.subarray(0, one.capacity).map((step) => step / passes(one))},
  {axis: "evaluations", name: "gradient evaluations", one: "evaluation", column: (one) => one.evaluations.map((count) => count / passes(one))},
];

export class Across {
  /** @param {import("../../session/state.js").State} state */
  constructor(state) {
    /** @type {Array<() => void>} */ this.changed = [];
    this.chosen = units[0];
    this.select = element("select", {"aria-label": "Horizontal axis", onchange: () => state.look({axis: units[this.select.selectedIndex].axis})}, ...units.map(({name}) => element("option", {textContent: name})));
    this.label = element("label", {}, "over ", this.select);
    for (const topic of /** @type {const} */ (["experiment", "view"])) state.on(topic, () => this.#take(state.view.axis));
    this.select.title = "What the charts count. With mini-batches, an evaluation counts as the share of the examples that it sees.";
  }

  /** @type {WeakMap<Trajectory, {length: number, column: Float64Array}>} */ #columns = new WeakMap();

  /** @param {unknown} axis as the scene has it, which anybody may have typed */
  #take(axis) {
    const unit = units.find((one) => one.axis === axis) ?? units[0];
    if (unit === this.chosen) return;
    this.chosen = unit;
    this.#columns = new WeakMap();
    for (const listener of this.changed) listener();
  }

  /** @param {Buffer} buffer @returns {Unit} what is chosen, or steps where there are no epochs */
  unit(buffer) {
    return this.chosen === units[1] && !hasEpochs(buffer) ? units[0] : this.chosen;
  }

  /** Offer what there is. @param {Buffer} buffer */
  show(buffer) {
    this.select.options[1].disabled = !hasEpochs(buffer);
    this.select.selectedIndex = units.indexOf(this.unit(buffer));
  }

  /** Where each step lies on the axis. @param {Buffer} buffer @param {Trajectory} trajectory */
  column(buffer, trajectory) {
    const unit = this.unit(buffer);
    if (unit === units[0]) return steps;
    const kept = this.#columns.get(trajectory);
    if (kept && kept.length === trajectory.length) return kept.column;
    const column = unit.column(trajectory);
    this.#columns.set(trajectory, {length: trajectory.length, column});
    return column;
  }

  /** Where a position between steps lies. @param {Buffer} buffer @param {Trajectory} trajectory @param {number} position */
  at(buffer, trajectory, position) {
    const column = this.column(buffer, trajectory);
    const step = Math.floor(position);
    return step === position ? column[step] : column[step] + (position - step) * (column[step + 1] - column[step]);
  }

  /** The step nearest to a value on the axis. @param {Buffer} buffer @param {Trajectory} trajectory @param {number} value */
  step(buffer, trajectory, value) {
    const column = this.column(buffer, trajectory);
    let [low, high] = [0, Math.max(0, trajectory.last)];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (column[middle] <= value) low = middle;
      else high = middle;
    }
    return value - column[low] < column[high] - value ? low : high;
  }

  /** How long the axis is. @param {Buffer} buffer */
  end(buffer) {
    const {steps: all, trajectories} = buffer;
    if (this.unit(buffer) === units[0]) return Math.max(1, all);
    // Where it is not known how far a descent will go, epochs are: evaluations grow with what comes.
    const ends = trajectories.map((one) => this.column(buffer, one)[this.unit(buffer) === units[1] && !one.end ? all : Math.max(0, one.last)]);
    return Math.max(...ends) || 1;
  }
}
