// @ts-check
/** What the map and the charts show, as a table: for those who cannot see them, and for everybody who wants the numbers. */

import {early} from "../../draw/endings.js";
import {glyph} from "../../draw/marks.js";
import {element, save} from "../../kit/dom.js";
import {short} from "../../kit/numbers.js";
import {server} from "../../server/api.js";

/**
 * @typedef {{i: number, average: boolean, name: string, said: string, last: number, columns: string[], values: (step: number) => number[]}} Group
 *   the columns of a descent or of an average of it; `last`: the step it has got to; `values`: none before an average begins
 */

/** Each how many steps a row may be, and how many rows of a descent are shown at most: all are in the file. */
const strides = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];
const [usual, most] = [30, 2500];

/** @param {import("../../session/buffer.js").Buffer} buffer @returns {Group[]} */
function groups(buffer) {
  return buffer.trajectories.flatMap((one, i) => {
    const {label, last, average, end} = one;
    const said = early(one, buffer.experiment.steps) ? end?.reason ?? end?.status ?? "" : "";
    const own = {i, average: false, name: label, said, last, columns: ["x", "y", "loss", "learning rate"], values: (/** @type {number} */ step) => [one.x, one.y, one.loss, one.learning_rate].map((column) => column[step])};
    if (!average?.length) return [own];
    const averaged = (/** @type {number} */ step) => {
      const entry = Math.floor(average.at(step));
      return entry < 0 ? [] : [average.x, average.y, average.loss].map((column) => column[entry]);
    };
    return [own, {...own, average: true, name: `${label} average`, said: "", columns: ["x", "y", "loss"], values: averaged}];
  });
}

/** The steps that have a row: every so many, where the clock is, and the last of each. @param {Group[]} shown @param {number} stride @param {number} now */
function rows(shown, stride, now) {
  const longest = Math.max(0, ...shown.map(({last}) => last));
  const steps = new Set([...shown.map(({last}) => last), Math.min(now, longest)]);
  for (let step = 0; step <= longest; step += stride) steps.add(step);
  return [...steps].filter((step) => step >= 0).sort((a, b) => a - b);
}

/** @param {Group[]} shown @param {number} stride @param {number} now */
function table(shown, stride, now) {
  const head = element("thead", {},
    element("tr", {}, element("th", {scope: "col", rowSpan: 2, textContent: "Step"}), ...shown.map(({i, average, name, said, columns}) => {
      const mark = glyph(i);
      mark.classList.toggle("hollow", average);
      return element("th", {scope: "colgroup", colSpan: columns.length}, mark, name, ...(said ? [element("small", {textContent: said})] : []));
    })),
    element("tr", {}, ...shown.flatMap(({columns}) => columns.map((textContent) => element("th", {scope: "col", textContent})))));
  const body = element("tbody", {}, ...rows(shown, stride, now).map((step) => {
    const cells = shown.flatMap(({last, columns, values}) => {
      const numbers = step <= last ? values(step) : [];
      return columns.map((_, k) => element("td", {textContent: k < numbers.length ? short(numbers[k], 5) : ""}));
    });
    return element("tr", step === now ? {"aria-current": "step"} : {}, element("th", {scope: "row", textContent: String(step)}), ...cells);
  }));
  return element("table", {}, element("caption", {className: "visually-hidden", textContent: "Paths, losses and learning rates by step"}), head, body);
}

export class Listing {
  /**
   * @param {HTMLDialogElement} dialog @param {HTMLElement} caption of the chart that has the button
   * @param {import("../../session/state.js").State} state @param {import("../../session/clock.js").Clock} clock
   */
  constructor(dialog, caption, state, clock) {
    this.dialog = dialog;
    this.state = state;
    this.clock = clock;
    this.who = element("select", {"aria-label": "Descents shown", onchange: () => this.#show()});
    this.every = element("select", {"aria-label": "Steps between rows", onchange: () => this.#show()});
    this.room = element("div", {className: "wide", tabIndex: 0, role: "group", "aria-label": "Data, scrollable"});
    this.refusal = element("p", {className: "refusal", role: "alert"});
    caption.append(element("button", {type: "button", className: "as-table", textContent: "Table", "aria-label": "Data as a table", "aria-haspopup": "dialog", title: "Paths, losses and learning rates as a table", onclick: () => this.open()}));
    dialog.append(
      element("h2", {id: "listing-title", textContent: "Data as a table"}),
      element("div", {className: "choices"},
        element("label", {}, element("span", {textContent: "Show"}), this.who),
        element("label", {}, element("span", {textContent: "Every"}), this.every, element("span", {textContent: "steps"}))),
      this.room, this.refusal,
      element("div", {className: "actions"},
        element("button", {type: "button", textContent: "All steps (CSV)", onclick: () => this.#download()}),
        element("button", {type: "button", className: "primary", textContent: "Close", onclick: () => dialog.close()})),
    );
  }

  open() {
    const {buffer} = this.state;
    if (!buffer) return;
    this.refusal.textContent = "";
    this.who.replaceChildren(element("option", {value: "", textContent: "all descents"}), ...buffer.trajectories.map(({label}, i) => element("option", {value: String(i), textContent: label})));
    this.every.replaceChildren();
    this.#show();
    this.dialog.showModal();
  }

  #show() {
    const {buffer} = this.state;
    if (!buffer) return;
    const shown = groups(buffer).filter(({i, last}) => last >= 0 && (this.who.value === "" || i === Number(this.who.value)));
    const longest = Math.max(1, ...shown.map(({last}) => last));
    const possible = strides.filter((stride) => (longest / stride) * shown.length <= most && (stride === 1 || stride <= longest));
    const wanted = Number(this.every.value) || possible.find((stride) => longest / stride <= usual) || possible[possible.length - 1];
    this.every.replaceChildren(...possible.map((stride) => element("option", {value: String(stride), textContent: String(stride)})));
    this.every.value = String(possible.includes(wanted) ? wanted : possible[0]);
    this.room.replaceChildren(table(shown, Number(this.every.value), Math.floor(this.clock.position)));
  }

  async #download() {
    try {
      save(await server.csv(this.state.experiment), "trajectories.csv");
    } catch (error) {
      this.refusal.textContent = /** @type {Error} */ (error).message;
    }
  }
}
