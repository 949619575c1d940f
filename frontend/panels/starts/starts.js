// @ts-check
/** Where descents start: from one place, each from its own, at random, from many places, from everywhere. */

import {element} from "../../kit/dom.js";
import {plain, short} from "../../kit/numbers.js";
import {lossAt} from "../../session/landscape.js";
import {Field} from "./field.js";

const most = 16;

/** @typedef {[number, number]} Point */

export class Starts {
  /**
   * @param {HTMLElement} card of the descents @param {import("../map/map.js").LandscapeMap} map @param {import("../../session/state.js").State} state
   * @param {import("../../session/schema.js").Schema} schema @param {import("../../session/clock.js").Clock} clock @param {import("../../draw/theme.js").Theme} theme
   */
  constructor(card, map, state, schema, clock, theme) {
    this.state = state;
    this.schema = schema;
    this.field = new Field(state, clock, () => this.show());
    this.field.attach(map.stage, map.axes, theme);
    this.summary = element("span");
    this.own = element("select", {"aria-label": "Starts", onchange: () => (this.own.selectedIndex ? this.#each() : this.#same(this.#start(state.chosen)))},
      element("option", {textContent: "all from one start"}), element("option", {textContent: "each from its own"}));
    this.which = element("select", {"aria-label": "Descent to repeat", onchange: () => {
      state.choose(this.which.selectedIndex);
    }});
    this.count = element("select", {"aria-label": "How many random starts"}, ...[4, 8, 12, most].map((n) => element("option", {value: String(n), textContent: String(n)})));
    this.count.value = "8";
    const button = (/** @type {string} */ textContent, /** @type {string} */ title, /** @type {() => void} */ onclick) => element("button", {type: "button", textContent, title, onclick});
    this.random = button("Random start", "A point drawn anew in the window, the same for all descents", () => this.#same(this.#draw()));
    this.many = button("Many random starts", "Repeat the chosen descent from so many random points", () => this.#many());
    this.back = button("Back to the descents before", "Take back the random starts", () => this.#back());
    this.everywhere = button("From everywhere", "Paths of the chosen descent from all over the map", () => this.#everywhere());
    this.said = element("span", {role: "status"});
    this.bar = element("progress", {max: 1, hidden: true, "aria-label": "Starts done"});
    this.element = element("details", {className: "starts-form"}, element("summary", {}, "Starts", this.summary),
      element("div", {className: "line"}, this.own, this.random),
      element("div", {className: "line"}, element("span", {textContent: "Repeat"}), this.which, this.everywhere),
      element("div", {className: "line"}, this.many, this.count),
      element("div", {className: "line said"}, this.bar, this.said, this.back),
    );
    card.querySelector(".stop")?.before(this.element);
    /** What stood there before the many. @type {{descents: import("../../session/state.js").Descent[], tuned: boolean[], now: string} | null} */ this.before = null;
    for (const topic of /** @type {const} */ (["experiment", "answer", "chosen"])) state.on(topic, () => state.manner === "dragging" || this.show());
  }

  /** @param {number} i @returns {Point} */
  #start(i) {
    const {state, schema} = this;
    const trajectory = state.buffer?.trajectories[i];
    const start = state.experiment.descents[i]?.start ?? state.filled?.descents[i]?.start;
    if (Array.isArray(start)) return start;
    return trajectory?.length ? [trajectory.x[0], trajectory.y[0]] : schema.facts(state.experiment.surface).start;
  }

  /** A random point of the window where there is a loss, away from the buttons at its edges. @returns {Point} */
  #draw() {
    const {window, landscape} = this.state;
    const {x, y} = window ?? this.schema.domain(this.state.experiment.surface) ?? {x: [-1, 1], y: [-1, 1]};
    const between = (/** @type {number[]} */ [low, high]) => plain(Number((low + (0.12 + 0.76 * Math.random()) * (high - low)).toPrecision(4)));
    for (let tries = 0; ; tries++) {
      /** @type {Point} */
      const point = [between(x), between(y)];
      if (!landscape || tries > 200 || Number.isFinite(lossAt(landscape, ...point))) return point;
    }
  }

  /** @param {Point} start */
  #same(start) {
    this.state.edit(({descents}) => descents.forEach((one) => (one.start = [...start])), "start over");
  }

  #each() {
    this.state.edit(({descents}) => descents.forEach((one) => (one.start = this.#draw())), "start over");
  }

  #many() {
    const {state} = this;
    const {descents} = state.experiment;
    const {label, ...chosen} = structuredClone(descents[state.chosen]);
    const tuned = state.tuned[state.chosen] ?? false;
    const title = this.schema.optimizer(chosen.optimizer ?? this.schema.optimizers[0])?.title ?? "";
    // The server would name them by their starts, which is too long for so many.
    const copies = Array.from({length: Number(this.count.value)}, (_, k) => ({...structuredClone(chosen), label: `${title} ${k + 1}`, start: this.#draw()}));
    const before = this.before?.now === JSON.stringify(descents) ? this.before : {descents: structuredClone(descents), tuned: [...state.tuned]};
    this.before = {...before, now: JSON.stringify(copies)};
    state.tuned = copies.map(() => tuned);
    state.look({descent: 0});
    state.edit((experiment) => (experiment.descents = copies), "start over");
    state.tell("chosen");
  }

  #back() {
    const {state, before} = this;
    if (!before) return;
    this.before = null;
    state.tuned = before.tuned;
    state.edit((experiment) => (experiment.descents = before.descents), "start over");
    this.many.focus();
  }

  #everywhere() {
    if (this.field.busy || this.field.shown) this.field.clear();
    else this.field.request(this.state.chosen);
    this.show();
  }

  show() {
    const {state, field} = this;
    const {descents} = state.experiment;
    const places = new Set(descents.map((_, i) => String(this.#start(i))));
    this.own.selectedIndex = places.size > 1 ? 1 : 0;
    const [x, y] = this.#start(0);
    this.summary.textContent = places.size > 1 ? `${places.size} places` : `x ${short(x)}, y ${short(y)}`;
    const labels = descents.map(({label}, i) => label ?? state.filled?.descents[i]?.label ?? state.buffer?.trajectories[i]?.label ?? `Descent ${i + 1}`);
    if (String(labels) !== String([...this.which.options].map(({textContent}) => textContent))) this.which.replaceChildren(...labels.map((textContent) => element("option", {textContent})));
    this.which.selectedIndex = state.chosen;
    this.own.disabled = descents.length < 2;
    this.back.hidden = this.before?.now !== JSON.stringify(descents);
    this.everywhere.textContent = field.busy ? "Cancel" : field.shown ? "Clear the field" : "From everywhere";
    this.bar.hidden = !field.busy;
    this.bar.value = field.share;
    if (this.said.textContent !== field.words) this.said.textContent = field.words;
  }
}
