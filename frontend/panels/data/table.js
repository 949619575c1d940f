// @ts-check
/** The examples in rows, for those who cannot see the picture or want the numbers. */

import {element} from "../../kit/dom.js";
import {short} from "../../kit/numbers.js";
import {lossAt} from "../../session/landscape.js";
import {batchAt, predicted} from "./model.js";

/** So many rows can be read; all are in the document. */
const most = 500;

/**
 * What a model predicts for an example.
 * @param {import("./model.js").Model} model @param {ArrayLike<number>} outputs at one step @param {number | number[]} x
 */
function prediction({inputs, grid}, outputs, x) {
  if (grid) return Array.isArray(x) ? lossAt({...grid, loss: outputs}, x[0], x[1]) : NaN;
  const value = Array.isArray(x) ? x[0] : x;
  const right = inputs.findIndex((input) => input >= value);
  if (right < 1) return right < 0 ? NaN : outputs[0];
  const part = (value - inputs[right - 1]) / (inputs[right] - inputs[right - 1]);
  return (1 - part) * outputs[right - 1] + part * outputs[right];
}

/**
 * @param {HTMLDialogElement} dialog @param {import("./model.js").Models} models @param {import("../../session/state.js").State} state
 * @param {import("../../session/clock.js").Clock} clock
 */
export function examplesTable(dialog, models, state, clock) {
  const step = Math.floor(clock.position);
  const model = models.at(state.chosen, step) ?? models.any;
  if (!model) return;
  const outputs = model.width ? predicted(model, step) : null;
  const used = new Set(batchAt(model, step)?.batch ?? []);
  const label = state.buffer?.trajectories[state.chosen]?.label ?? "";
  const rows = [[model.train, "training"], [model.test, "held out"]].flatMap(([examples, part]) => {
    const {x, y} = /** @type {import("./model.js").Examples} */ (examples ?? {x: [], y: []});
    return y.map((target, i) => ({x: x[i], target, part: part === "training" && used.has(i) ? "this batch" : String(part)}));
  });
  const cell = (/** @type {number | string} */ value) => element("td", {textContent: typeof value === "number" ? short(value, 4) : value});
  const heads = [...model.names, ...(outputs ? ["predicted"] : []), "used for"];
  const body = rows.slice(0, most).map(({x, target, part}, i) => element("tr", {}, element("th", {scope: "row", textContent: String(i + 1)}),
    ...[x].flat().map(cell), cell(target), ...(outputs ? [cell(prediction(model, outputs, x))] : []), cell(part)));
  const table = element("table", {}, element("caption", {textContent: `${rows.length} examples; predicted by ${label} at step ${step}${rows.length > most ? `; the first ${most}` : ""}`}),
    element("thead", {}, element("tr", {}, ...["no.", ...heads].map((textContent) => element("th", {scope: "col", textContent})))), element("tbody", {}, ...body));
  dialog.classList.add("examples");
  dialog.replaceChildren(
    element("div", {className: "head"}, element("h2", {id: "data-title", textContent: "Examples"}),
      element("button", {type: "button", className: "icon", textContent: "×", title: "Close", "aria-label": "Close", onclick: () => dialog.close()})),
    element("div", {className: "rows", tabIndex: 0, role: "group", "aria-label": "Examples, scrollable"}, table),
  );
  dialog.showModal();
}
