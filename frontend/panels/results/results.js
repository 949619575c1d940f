// @ts-check
/** What came of every descent, as a table beside the charts; all that can be compared is in a dialog. */

import {endings} from "../../draw/endings.js";
import {glyph} from "../../draw/marks.js";
import {element} from "../../kit/dom.js";
import {rated} from "../../kit/rates.js";
import {measured} from "../../session/measure.js";
import {Minima} from "../../session/minima.js";
import {Compare, floorOf, lossWords} from "./compare.js";
import {Sweep} from "./sweep.js";
import {Table} from "./table.js";

/** Why descents ended early, in words. @param {import("../../session/buffer.js").Buffer} buffer @returns {HTMLElement[]} */
function reasons(buffer) {
  const ended = endings(buffer);
  if (!ended.length) return [];
  return [element("ul", {className: "endings", "aria-label": "Ended early"}, ...ended.map(({trajectory, i}) => element("li", {className: trajectory.lost ? "bad" : ""}, glyph(i), element("span", {textContent: trajectory.end?.reason ?? trajectory.end?.status ?? ""}))))];
}

export class Results {
  /**
   * @param {HTMLElement} card @param {import("../../session/state.js").State} state @param {import("../../session/schema.js").Schema} schema
   * @param {HTMLDialogElement} compareDialog @param {HTMLDialogElement} sweepDialog
   */
  constructor(card, state, schema, compareDialog, sweepDialog) {
    const minima = new Minima(state, schema);
    const sweep = new Sweep(sweepDialog, state, schema, minima);
    const compare = new Compare(compareDialog, state, schema, minima, () => sweep.open());
    const unit = element("small");
    const short = new Table("Results", ["label", "final", "best", "within", "evaluations", "status"], () => show());
    const ends = element("div");
    card.append(
      element("div", {className: "results-head"}, element("h2", {textContent: "Results"}), unit,
        element("button", {type: "button", textContent: "Compare", "aria-haspopup": "dialog", title: "All that can be compared, by steps or by evaluations", onclick: () => compare.open()}),
        element("button", {type: "button", textContent: "Find good rates", "aria-haspopup": "dialog", title: "Find a good rate for each descent: a small sweep with the same budget for all", onclick: () => sweep.open()})),
      short.element, ends,
    );
    let timer = 0;
    const show = () => {
      timer = 0;
      const {buffer} = state;
      if (!buffer) return;
      const {surface} = buffer.experiment;
      const {floor} = floorOf(buffer, minima);
      const {share, text} = compare.tolerance;
      const known = schema.floor(surface);
      unit.textContent = known !== null && known !== 0 ? "loss − min" : "";
      const rows = measured(buffer, {floor, tolerance: share, minima: minima.of(surface)}, (rate) => rated(schema, rate));
      short.show(rows, {loss: lossWords(known), tolerance: text, loud: false});
      ends.replaceChildren(...reasons(buffer));
      compare.show(rows);
    };
    compare.changed = show;
    // Frames come faster than anybody reads.
    const later = () => (timer ||= setTimeout(show, state.manner === "dragging" ? 300 : 60));
    state.on("answer", later);
    state.on("frames", later);
    state.on("landscape", later);
  }
}
