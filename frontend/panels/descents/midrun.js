// @ts-check
/** A rate changed in the middle of a run: the document keeps what held before and from which step on the new one holds. */

import {element} from "../../kit/dom.js";
import {plain} from "../../kit/numbers.js";
import {changed, leading, led, rated} from "../../kit/rates.js";

/**
 * The schedule that is one rate after another, and what its parts are called.
 * @param {import("../../session/schema.js").Schema} schema @returns {{kind: string, parts: string, from: string, rate: string, most: number} | null}
 */
function pieces(schema) {
  for (const {kind, parameters} of schema.schedules) {
    const parts = parameters.find(({type}) => type === "parts");
    const from = parts?.parameters.find(({type}) => type === "integer");
    const rate = parts?.parameters.find(({type}) => type === "rate");
    if (parts && from && rate) return {kind, parts: parts.name, from: from.name, rate: rate.name, most: parts.high};
  }
  return null;
}

/** The parts of such a rate; null for any other. @param {import("../../session/schema.js").Schema} schema @param {any} rate @returns {Array<{from: number, rate: any}> | null} */
export function partsOf(schema, rate) {
  const named = pieces(schema);
  if (!named || rate?.kind !== named.kind || !Array.isArray(rate[named.parts])) return null;
  return rate[named.parts].map((/** @type {any} */ part) => ({from: part[named.from] ?? 0, rate: part[named.rate]}));
}

/** What a rate was until a step, and a number from there on. @param {import("../../session/schema.js").Schema} schema @param {any} rate @param {number} step @param {number} value @returns {any} */
export function broken(schema, rate, step, value) {
  const named = pieces(schema);
  if (!named) return value;
  const before = (partsOf(schema, rate) ?? [{from: 0, rate}]).filter(({from}) => from < step).slice(0, named.most - 1);
  const part = (/** @type {{from: number, rate: any}} */ one) => ({[named.from]: one.from, ...(one.rate === undefined ? {} : {[named.rate]: one.rate})});
  return {kind: named.kind, [named.parts]: [...before, {from: step, rate: value}].map(part)};
}

/** The same with another number in the part that begins at a step. @param {import("../../session/schema.js").Schema} schema @param {any} rate @param {number} step @param {number} value @returns {any} */
export function turned(schema, rate, step, value) {
  const named = pieces(schema);
  if (!named) return rate;
  return changed(rate, named.parts, rate[named.parts].map((/** @type {any} */ part) => (part[named.from] === step ? changed(part, named.rate, led(schema, part[named.rate], value)) : part)));
}

/** Each part in words, "0.01", "from step 120 on 0.001". @param {import("../../session/schema.js").Schema} schema @param {Array<{from: number, rate: any}>} parts @param {any} [filled] the rate as the server filled it in */
function words(schema, parts, filled) {
  const whole = partsOf(schema, filled);
  return parts.map(({from, rate}, k) => `${k ? `from step ${from} on ` : ""}${rated(schema, rate ?? whole?.[k]?.rate).rateText || "its own"}`);
}

/** What a card shows of it: a button beside the rate, and the words below with the way back. */
export class Midrun {
  /** @param {import("./card.js").Card} card */
  constructor(card) {
    this.card = card;
    this.step = 0;
    /** @type {number | undefined} */ this.shownSince = -1;
    this.button = element("button", {type: "button", className: "plain", textContent: "↦", "aria-label": "From here on", title: "From here on: another rate from this step of the run", disabled: true, onclick: () => this.#begin()});
    this.text = element("span");
    this.back = element("button", {type: "button", textContent: "back to one rate", onclick: () => this.#end()});
    this.element = element("p", {className: "midrun", hidden: true}, this.text, this.back);
    this.button.hidden = !pieces(card.list.schema);
  }

  /** Since which step the slider drives the rate, where that is not the start. @returns {number | undefined} */
  get since() {
    const {list, i, descent} = this.card;
    const step = list.since.get(i);
    return partsOf(list.schema, descent.learning_rate)?.some(({from}) => from === step) ? step : undefined;
  }

  /** The number that the slider drives then. */
  get number() {
    const {list: {schema}, descent} = this.card;
    const part = partsOf(schema, descent.learning_rate)?.find(({from}) => from === this.since);
    return part && leading(schema, part.rate);
  }

  /** @param {any} rate @param {number} value @returns {any} */
  led(rate, value) {
    const {schema} = this.card.list;
    return this.since === undefined ? led(schema, rate, value) : turned(schema, rate, this.since, value);
  }

  #begin() {
    const {list, i, filled} = this.card;
    const trajectory = list.state.buffer?.trajectories[i];
    if (!trajectory?.length || this.button.disabled) return;
    const {step} = this;
    const now = plain(trajectory.learning_rate[Math.min(step, trajectory.last)]);
    list.since.set(i, step);
    list.state.tuned[i] = true;
    list.state.edit(({descents}) => (descents[i].learning_rate = broken(list.schema, descents[i].learning_rate ?? filled?.learning_rate, step, now)), "in place");
    list.cards[i]?.slider.focus();
  }

  #end() {
    const {list, i} = this.card;
    list.since.delete(i);
    list.state.edit(({descents}) => {
      const [first] = partsOf(list.schema, descents[i].learning_rate) ?? [];
      if (first?.rate === undefined) delete descents[i].learning_rate;
      else descents[i].learning_rate = first.rate;
    }, "in place");
    list.cards[i]?.slider.focus();
  }

  show() {
    const {list, descent, filled} = this.card;
    const parts = partsOf(list.schema, descent.learning_rate);
    this.element.hidden = !parts;
    if (!parts) return;
    const said = words(list.schema, parts, filled?.learning_rate);
    if (this.text.textContent === said.join(", ") && this.shownSince === this.since) return;
    this.shownSince = this.since;
    // What the slider turns stands out.
    const turns = this.since === undefined ? 0 : parts.findIndex(({from}) => from === this.since);
    this.text.replaceChildren(...said.flatMap((text, k) => [k ? ", " : "", k === turns ? element("b", {textContent: text, title: "This is what the slider turns"}) : text]));
  }

  /** @param {number} position */
  follow(position) {
    const trajectory = this.card.list.state.buffer?.trajectories[this.card.i];
    this.step = Math.floor(position);
    const disabled = !trajectory || this.step < 1 || this.step >= trajectory.last;
    if (this.button.disabled !== disabled) this.button.disabled = disabled;
  }
}
