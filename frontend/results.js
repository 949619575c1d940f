// @ts-check
/** What came of every descent, as a table. */

import {endings} from "./endings.js";
import {element} from "./fields.js";
import {glyph} from "./marks.js";
import {gap, short} from "./numbers.js";

/**
 * @param {import("./buffer.js").Buffer} buffer @param {number | null} floor @returns {HTMLTableElement}
 */
export function table(buffer, floor) {
  const number = (/** @type {number} */ loss) => (floor === null ? short(loss) : gap(loss - floor));
  const head = ["Descent", "Final", "Best", "Steps", "Evals", "Status"];
  const long = ["Descent", "Loss at the last step", "Smallest loss of all steps", "Steps made", "Evaluations of the loss or its gradient", "How it ended"];
  const rows = buffer.trajectories.map((trajectory, i) => {
    const {label, length, loss, last, evaluations, end} = trajectory;
    const best = loss.subarray(0, length).reduce((low, value) => Math.min(low, value), Infinity);
    const cells = length ? [number(loss[last]), number(best), String(end?.steps ?? last), short(evaluations[last], 6)] : ["", "", "", ""];
    return element("tr", {},
      element("th", {scope: "row", title: label}, glyph(i), label),
      ...cells.map((textContent) => element("td", {textContent})),
      element("td", {className: trajectory.lost ? "bad" : "", title: end?.reason ?? "", textContent: end?.status ?? "…"}),
    );
  });
  const shifted = floor !== null && floor !== 0;
  return element("table", {},
    element("caption", {textContent: shifted ? "Results (loss above the minimum)" : "Results"}),
    element("thead", {}, element("tr", {}, ...head.map((textContent, i) => element("th", {scope: "col", textContent, title: long[i], "aria-label": long[i]})))),
    element("tbody", {}, ...rows),
  );
}

/** Why descents ended early, in words. @param {import("./buffer.js").Buffer} buffer @returns {HTMLElement[]} */
function reasons(buffer) {
  const ended = endings(buffer);
  if (!ended.length) return [];
  return [element("ul", {className: "endings", "aria-label": "Ended early"}, ...ended.map(({trajectory, i}) => element("li", {className: trajectory.lost ? "bad" : ""}, glyph(i), element("span", {textContent: trajectory.end?.reason ?? trajectory.end?.status ?? ""}))))];
}

export class Results {
  /** @param {HTMLElement} card @param {import("./state.js").State} state @param {import("./schema.js").Schema} schema */
  constructor(card, state, schema) {
    let timer = 0;
    const show = () => {
      timer = 0;
      if (!state.buffer) return;
      card.replaceChildren(table(state.buffer, schema.floor(state.buffer.experiment.surface)), ...reasons(state.buffer));
      const named = card.querySelector("table");
      named?.setAttribute("aria-label", "Results");
    };
    // Frames come faster than anybody reads.
    const later = () => (timer ||= setTimeout(show, state.manner === "dragging" ? 300 : 60));
    state.on("answer", later);
    state.on("frames", later);
  }
}
