// @ts-check
/** When a descent ends before its last step: the rules of the experiment, out of sight until somebody wants them. */

import {element} from "../../kit/dom.js";
import {short} from "../../kit/numbers.js";
import {form, from} from "../../kit/rates.js";

export class StopForm {
  /** @param {import("../../session/state.js").State} state @param {import("../../session/schema.js").Schema} schema */
  constructor(state, schema) {
    const parameter = schema.experiment.find(({name}) => name === "stop");
    this.active = element("small");
    this.element = element("details", {className: "stop"}, element("summary", {title: parameter?.description ?? ""}, "Stop early", this.active));
    if (!parameter) {
      this.element.hidden = true;
      return;
    }
    const rules = parameter.parameters;
    this.form = form({schema, steps: () => 1}, rules, (stop) => state.edit((experiment) => {
      if (Object.keys(stop).length) experiment.stop = stop;
      else delete experiment.stop;
    }, "in place"));
    this.element.append(this.form.element);
    const show = () => {
      const own = /** @type {Record<string, any>} */ (state.experiment.stop ?? {});
      this.form?.show(own);
      const on = rules.filter(({name, initial}) => typeof own[name] === "number" && own[name] !== initial);
      this.active.textContent = on.map(({name}) => `${name.replaceAll("_", " ")} ${short(own[name])}`).join(", ");
    };
    state.on("experiment", () => state.manner === "dragging" || show());
  }

  /** @param {import("../../kit/fields.js").FieldError[]} refusals @returns {import("../../kit/fields.js").FieldError[]} those that are not about the rules */
  refuse(refusals) {
    const left = this.form?.refuse(from(refusals, "stop")) ?? [];
    const others = refusals.filter(({path}) => path[0] !== "stop");
    // Behind a closed lid nobody would see why.
    return this.element.open ? [...others, ...left.map((one) => ({...one, path: ["stop", ...one.path]}))] : refusals;
  }
}
