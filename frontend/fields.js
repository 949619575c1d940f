// @ts-check
/**
 * One control for each parameter that the schema declares.
 *
 * @typedef {{element: HTMLElement, show: (value: any, filled?: any) => void}} Control
 *   `show` puts a value into the control: undefined where the document leaves it out, then `filled` is what the server took
 */

import {plain, short} from "./numbers.js";

/** @template {keyof HTMLElementTagNameMap} T @param {T} tag @param {Record<string, any>} [properties] @param {Array<Node | string>} children */
export function element(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.includes("-") || name === "role") node.setAttribute(name, value);
    else Object.assign(node, {[name]: value});
  }
  node.append(...children);
  return node;
}

/** A menu of kinds. @param {string} name @param {import("./schema.js").Kind[]} kinds @param {(kind: string) => void} change @param {boolean} [grouped] */
export function menu(name, kinds, change, grouped = false) {
  const select = element("select", {"aria-label": name, onchange: () => change(select.value)});
  /** @type {Map<string, HTMLElement>} */
  const groups = new Map();
  for (const {kind, title, facts} of kinds) {
    const option = element("option", {value: kind, textContent: title});
    if (!grouped || !facts.group) {
      select.append(option);
      continue;
    }
    const group = groups.get(facts.group) ?? element("optgroup", {label: facts.group});
    groups.set(facts.group, group);
    group.append(option);
    select.append(group);
  }
  return select;
}

/** What a component is, in a sentence: its documentation up to the first blank line. @param {{description: string} | undefined} kind */
export const sentence = (kind) => (kind?.description ?? "").split(/\n\s*\n/)[0].replaceAll("\n", " ");

/** A parameter's name with its letter, "decay ρ". @param {{name: string, title: string}} parameter */
export function label({name, title}) {
  const words = name.replaceAll("_", " ");
  return title.toLowerCase() === words ? words : `${words} ${title}`;
}

/** @param {import("./schema.js").Parameter} parameter @param {(value: any) => void} change undefined takes the value out of the document @returns {Control | null} */
export function control(parameter, change) {
  const {type, initial, description} = parameter;
  const title = label(parameter);
  const name = element("span", {textContent: title});
  if (type === "boolean") {
    const box = element("input", {type: "checkbox", onchange: () => change(box.checked)});
    return {element: element("label", {className: "field check", title: description}, box, name), show: (value) => (box.checked = value ?? initial ?? false)};
  }
  if (type === "choice") {
    const select = element("select", {onchange: () => change(select.value)}, ...parameter.choices.map((value) => element("option", {value, textContent: value})));
    return {element: element("label", {className: "field", title: description}, name, select), show: (value) => (select.value = value ?? initial)};
  }
  if (type === "string") {
    const box = element("input", {type: "text", spellcheck: false, autocomplete: "off", onchange: () => change(box.value || undefined)});
    return {element: element("label", {className: "field", title: description}, name, box), show: (value, filled) => fill(box, value, filled ?? initial)};
  }
  if (type !== "number" && type !== "integer") return null;
  const box = numberBox(title, change, type === "integer");
  box.title = description;
  const scale = sliding(parameter);
  if (!scale || type === "integer") {
    return {element: element("label", {className: "field", title: description}, name, box), show: (value, filled) => fill(box, value, filled ?? initial)};
  }
  const slider = element("input", {type: "range", min: "0", max: "1", step: "0.002", "aria-label": title, title: description});
  slider.addEventListener("input", () => {
    const value = plain(scale.value(Number(slider.value)));
    box.value = String(value);
    slider.setAttribute("aria-valuetext", short(value));
    change(value);
  });
  return {
    element: element("div", {className: "field slider"}, name, slider, box),
    show: (value, filled) => {
      fill(box, value ?? initial, filled);
      if (document.activeElement !== slider) slider.value = String(scale.position(value ?? initial));
      slider.setAttribute("aria-valuetext", short(value ?? initial));
    },
  };
}

/** A box for a number; what is no number is taken out. @param {string} name @param {(value: number | undefined) => void} change @param {boolean} [whole] */
export function numberBox(name, change, whole = false) {
  const box = element("input", {type: "number", step: whole ? "1" : "any", "aria-label": name, autocomplete: "off"});
  box.addEventListener("input", () => box.value !== "" && Number.isFinite(box.valueAsNumber) && change(box.valueAsNumber));
  box.addEventListener("change", () => box.value === "" && !box.validity.badInput && change(undefined));
  return box;
}

/** Put a value into a box in which nobody types at the moment. @param {HTMLInputElement} box @param {any} value @param {any} [placeholder] */
export function fill(box, value, placeholder) {
  box.placeholder = placeholder === null || placeholder === undefined ? "" : String(typeof placeholder === "number" ? plain(placeholder) : placeholder);
  if (document.activeElement !== box) box.value = value === null || value === undefined ? "" : String(value);
}

/**
 * How a slider covers an interval: by powers of ten where it spans several of them, not at all where it has no end.
 * @param {import("./schema.js").Parameter} parameter
 * @returns {{value: (position: number) => number, position: (value: number) => number} | null}
 */
export function sliding({low, high, excluded, initial}) {
  if (!Number.isFinite(low) || !Number.isFinite(high)) return null;
  if (low >= 0 && high >= 1000 * Math.max(low, 1)) {
    const from = Math.log10(low || (initial || 1) / 100);
    const to = Math.min(Math.log10(high), Math.log10(Math.max(initial || 1, 1)) + 4);
    return {
      value: (position) => 10 ** (from + position * (to - from)),
      position: (value) => (Math.log10(Math.max(value, 1e-300)) - from) / (to - from),
    };
  }
  if (initial > 0 && initial < (high - low) / 1000) return null;
  const top = excluded ? high - (high - low) * 0.001 : high;
  return {value: (position) => low + position * (top - low), position: (value) => (value - low) / (top - low)};
}

/** The words about one field among what was refused. @param {import("./api.js").FieldError[]} refusals @param {Array<string | number>} path */
export function about(refusals, path) {
  const start = path.join("/");
  return refusals.filter((refusal) => `${refusal.path.join("/")}/`.startsWith(`${start}/`));
}
