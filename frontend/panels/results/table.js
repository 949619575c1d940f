// @ts-check
/** A table of the descents whose headers sort it. */

import {glyph} from "../../draw/marks.js";
import {element} from "../../kit/dom.js";
import {short} from "../../kit/numbers.js";

/**
 * @typedef {import("../../session/measure.js").Measured} Measured
 * @typedef {{loss: (value: number) => string, tolerance: string, loud: boolean}} Words `loud`: the reason stands in place of the status, where there is more to say
 * @typedef {{key: keyof Measured, head: string | ((words: Words) => string), long: string, text: (one: Measured, words: Words) => string}} Column
 */

const whole = (/** @type {number} */ value) => (Number.isNaN(value) ? "–" : short(value, 6));

/** @type {Column[]} */
const columns = [
  {key: "label", head: "Descent", long: "the name of the descent", text: ({label}) => label},
  {key: "final", head: "Final", long: "loss at the last step", text: ({final}, {loss}) => loss(final)},
  {key: "best", head: "Best", long: "smallest loss of all steps", text: ({best}, {loss}) => loss(best)},
  {key: "distance", head: "Distance", long: "how far from the last iterate the nearest known minimum is", text: ({distance}) => short(distance)},
  {key: "within", head: ({tolerance}) => `To ${tolerance}`, long: "steps until so much of the start’s height above the lowest known loss is left", text: ({within, average}) => (average ? "" : whole(within))},
  {key: "steps", head: "Steps", long: "steps made", text: ({steps, average}) => (average ? "" : whole(steps))},
  {key: "evaluations", head: "Evals", long: "evaluations of the loss or its gradient", text: ({evaluations, average}) => (average ? "" : whole(evaluations))},
  {key: "rate", head: "Rate", long: "learning rate, or the one that leads its schedule", text: ({rateText}) => rateText},
  {key: "status", head: "Status", long: "how it ended", text: ({status, reason}, {loud}) => (loud && reason && status !== "finished" ? reason : status)},
];

export class Table {
  /** @param {string} name @param {Array<keyof Measured>} keys the columns @param {(table: Table) => void} turned called when the order has changed */
  constructor(name, keys, turned) {
    this.columns = columns.filter(({key}) => keys.includes(key));
    /** @type {{key: keyof Measured, down: boolean} | null} */ this.order = null;
    this.heads = this.columns.map(({key, long}) => {
      const button = element("button", {type: "button", className: "sort", title: `Sort by ${long}`, onclick: () => {
        // Upwards, downwards, and as the descents are listed.
        this.order = this.order?.key !== key ? {key, down: false} : this.order.down ? null : {key, down: true};
        turned(this);
      }});
      return {key, button, long, head: element("th", {scope: "col", "data-column": key}, button)};
    });
    this.body = element("tbody");
    this.element = element("table", {"aria-label": name}, element("thead", {}, element("tr", {}, ...this.heads.map(({head}) => head))), this.body);
  }

  /** @param {Measured[]} rows @param {Words} words */
  show(rows, words) {
    this.columns.forEach(({head}, k) => {
      const {key, button, long, head: cell} = this.heads[k];
      const text = typeof head === "string" ? head : head(words);
      if (button.textContent !== text) {
        button.textContent = text;
        button.setAttribute("aria-label", `${text}: ${long}`);
      }
      if (this.order?.key === key) cell.setAttribute("aria-sort", this.order.down ? "descending" : "ascending");
      else cell.removeAttribute("aria-sort");
    });
    this.body.replaceChildren(...this.#sorted(rows).map((one) => element("tr", {}, ...this.columns.map((column) => this.#cell(column, one, words)))));
  }

  /** @param {Column} column @param {Measured} one @param {Words} words */
  #cell({key, text}, one, words) {
    if (key === "label") {
      const mark = glyph(one.i);
      mark.classList.toggle("hollow", one.average > 0);
      return element("th", {scope: "row", title: one.label}, mark, element("span", {textContent: one.label}));
    }
    const status = key === "status";
    return element("td", {"data-column": key, className: status && one.lost ? "bad" : "", title: status ? one.reason : "", textContent: text(one, words)});
  }

  /** What there is nothing to say of comes last, whichever the way. @param {Measured[]} rows */
  #sorted(rows) {
    const {order} = this;
    if (!order) return rows;
    const way = order.down ? -1 : 1;
    const empty = (/** @type {any} */ value) => Number(typeof value === "number" && Number.isNaN(value));
    return [...rows].sort((a, b) => {
      const [one, other] = /** @type {any[]} */ ([a[order.key], b[order.key]]);
      return empty(one) - empty(other) || way * (typeof one === "string" ? one.localeCompare(other) : one - other || 0);
    });
  }
}
