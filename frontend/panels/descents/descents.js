// @ts-check
/** The list of the descents' cards, and what is the same for all of them. */

import {element} from "../../kit/dom.js";
import {control} from "../../kit/fields.js";
import {key as letters} from "../../kit/notation.js";
import {Card} from "./card.js";
import {Landmarks} from "./landmarks.js";
import {StopForm} from "./stop.js";

const most = 16;

export class Descents {
  /** @param {HTMLElement} card @param {import("../../session/state.js").State} state @param {import("../../session/schema.js").Schema} schema @param {import("../../session/clock.js").Clock} clock */
  constructor(card, state, schema, clock) {
    this.state = state;
    this.schema = schema;
    /** Which cards show their details. @type {Set<number>} */ this.open = new Set();
    /** From which step on the slider drives a rate that was changed in mid-run. @type {Map<number, number>} */ this.since = new Map();
    this.landmarks = new Landmarks(state, schema, () => this.cards.forEach((one) => one.show()));
    /** @type {Card[]} */ this.cards = [];
    this.shape = "";
    this.list = element("ul", {className: "descents", "aria-label": "Descents"});
    this.add = element("button", {type: "button", textContent: "Add descent", onclick: () => this.#add()});
    this.refusal = element("p", {className: "refusal", role: "alert"});
    const common = element("div", {className: "pair"});
    this.common = ["steps", "seed"].map((name) => {
      const parameter = schema.experiment.find((one) => one.name === name);
      if (!parameter) return () => {};
      const one = control({...parameter, type: "integer"}, (value) => state.edit((experiment) => {
        if (value === undefined) delete /** @type {any} */ (experiment)[name];
        else /** @type {any} */ (experiment)[name] = value;
      }, "in place"));
      common.append(/** @type {import("../../kit/fields.js").Control} */ (one).element);
      return () => one?.show(/** @type {any} */ (state.experiment)[name]);
    });
    this.stops = new StopForm(state, schema);
    card.append(
      element("div", {className: "head"}, element("h2", {textContent: "Descents"}), this.add),
      this.list, this.refusal, common, this.stops.element,
    );
    // While a start is dragged nothing else changes, and the cards would cost more than the paths.
    state.on("experiment", () => state.manner === "dragging" || this.show());
    state.on("view", () => this.show());
    state.on("answer", () => this.#report(state.manner !== "dragging"));
    state.on("frames", () => this.#report(false));
    state.on("refusal", () => this.#report(false));
    let before = 0;
    clock.draw.push((seconds) => {
      // The rates' marks move in the form: a few times a second is enough, and cheaper than every frame.
      before += seconds;
      if (clock.playing && before < 0.1) return;
      before = 0;
      for (const one of this.cards) one.follow(clock.position);
    });
  }

  show() {
    const {descents} = this.state.experiment;
    const sources = this.schema.sources(this.state.experiment.surface).length;
    const shape = [letters(), sources, ...descents.map(Card.shape)].join("|");
    if (shape !== this.shape) {
      // The control just used exists anew afterwards: the keyboard must not lose its place.
      const focused = /** @type {HTMLElement | null} */ (document.activeElement?.closest(".descent") ? document.activeElement : null);
      const where = this.cards.findIndex((one) => one.element.contains(focused));
      this.shape = shape;
      this.cards = descents.map((_, i) => new Card(this, i));
      this.list.replaceChildren(...this.cards.map((one) => one.element));
      const name = focused?.getAttribute("aria-label");
      if (name) /** @type {HTMLElement | null} */ (this.cards[where]?.element.querySelector(`[aria-label="${CSS.escape(name)}"]`))?.focus();
    } else {
      for (const one of this.cards) one.show();
    }
    for (const show of this.common) show();
    this.add.disabled = descents.length >= most;
  }

  /** @param {boolean} filled */
  #report(filled) {
    for (const one of this.cards) {
      if (filled) one.show();
      one.report();
    }
    const own = this.stops.refuse(this.state.refusals.filter(({path}) => path[0] !== "surface" && !(path[0] === "descents" && path.length > 1)));
    this.refusal.textContent = own.map(({path, message}) => [path.join(" "), message].filter(Boolean).join(": ")).join("\n");
  }

  /** One more, with the first optimizer that is not there yet. */
  #add() {
    const {surface, descents} = this.state.experiment;
    const there = new Set(descents.map(({optimizer}) => optimizer?.kind));
    const {kind} = this.schema.optimizers.find((one) => !there.has(one.kind)) ?? this.schema.optimizers[0];
    const [first] = descents;
    const added = {optimizer: {kind}, learning_rate: this.schema.recommended(surface, {kind}), ...(first.start ? {start: structuredClone(first.start)} : {})};
    this.state.tuned.push(false);
    this.state.edit((experiment) => experiment.descents.push(added), "in place");
    this.cards.at(-1)?.element.scrollIntoView({block: "nearest"});
    this.cards.at(-1)?.optimizer.focus();
  }

  /** @param {number} i */
  remove(i) {
    this.state.tuned.splice(i, 1);
    this.open.delete(i);
    this.since.clear();
    this.state.edit(({descents}) => descents.splice(i, 1), "in place");
    this.add.focus();
  }
}
