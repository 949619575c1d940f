// @ts-check
/**
 * One control for each parameter that the schema declares.
 *
 * @typedef {import("../server/api.js").FieldError} FieldError
 * @typedef {{element: HTMLElement, show: (value: any, filled?: any) => void, refuse: (refusals: FieldError[]) => FieldError[]}} Control
 *   `show` puts a value into the control: undefined where the document leaves it out, then `filled` is what the server took;
 *   `refuse` says what was refused of it, paths counted from here, and gives back what has no place here
 */

import {element} from "./dom.js";
import {spelled} from "./notation.js";
import {plain, short} from "./numbers.js";

/** A menu of kinds. @param {string} name @param {import("../session/schema.js").Kind[]} kinds @param {(kind: string) => void} change @param {boolean} [grouped] */
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

/** What a component is, in paragraphs: its documentation without the formulas, which are typeset elsewhere. @param {{description: string} | undefined} kind */
export const paragraphs = (kind) => (kind?.description ?? "").replace(/\$\$[^]*?\$\$/g, "").replaceAll("``", "").split(/\n\s*\n/)
  .map((text) => text.replace(/\s+/g, " ").trim()).filter(Boolean);

/** The first of them. @param {{description: string} | undefined} kind */
export const sentence = (kind) => paragraphs(kind)[0] ?? "";

/** A parameter's name with its letter, "decay ρ". @param {{name: string, title: string}} parameter */
export function label({name, title}) {
  const words = name.replaceAll("_", " ");
  return words.endsWith(title.toLowerCase()) ? words : `${words} ${spelled(title)}`;
}

/** The words of refusals. @param {FieldError[]} refusals */
export const words = (refusals) => refusals.map(({message, column}) => (column ? `Column ${column}: ${message}` : message)).join("\n");

let count = 0;

/**
 * Give a field a place for what is refused of it.
 * @param {HTMLElement} field @param {HTMLElement[]} boxes what is invalid then @returns {(refusals: FieldError[]) => FieldError[]}
 */
export function refusable(field, ...boxes) {
  const said = element("span", {className: "refusal", id: `refusal-${(count += 1)}`, role: "alert"});
  field.append(said);
  for (const box of boxes) box.setAttribute("aria-describedby", said.id);
  return (refusals) => {
    const text = words(refusals);
    if (said.textContent === text) return [];
    said.textContent = text;
    for (const box of boxes) box.setAttribute("aria-invalid", String(text !== ""));
    return [];
  };
}

/** @param {import("../session/schema.js").Parameter} parameter @param {(value: any) => void} change undefined takes the value out of the document @returns {Control | null} */
export function control(parameter, change) {
  const {type, initial, description} = parameter;
  const title = label(parameter);
  const name = element("span", {textContent: title});
  /** @param {"label" | "div"} tag @param {HTMLElement} box @param {Array<HTMLElement>} children */
  const field = (tag, box, ...children) => {
    const whole = element(tag, {className: "field", title: description}, ...children);
    return {element: whole, refuse: refusable(whole, box)};
  };
  if (type === "boolean") {
    const box = element("input", {type: "checkbox", "aria-label": title, onchange: () => change(box.checked)});
    const made = field("label", box, box, name);
    made.element.classList.add("check");
    return {...made, show: (value) => (box.checked = value ?? initial ?? false)};
  }
  if (type === "choice") {
    const select = element("select", {"aria-label": title, onchange: () => change(select.value)}, ...parameter.choices.map((value) => element("option", {value, textContent: value})));
    // Something of one's own in place of a choice is made elsewhere, and only named here.
    const own = element("option", {value: "", textContent: "your own", disabled: true});
    return {...field("label", select, name, select), show: (value) => {
      const isOwn = typeof value === "object" && value !== null;
      if (isOwn) select.append(own);
      else own.remove();
      select.value = isOwn ? "" : value ?? initial;
    }};
  }
  if (type === "string") {
    const box = textBox(title, (text) => change(text || undefined));
    return {...field("label", box, name, box), show: (value, filled) => fill(box, value, filled ?? initial)};
  }
  if (type === "words") {
    const box = textBox(title, (text) => change(text.split(/[\s,;]+/).filter(Boolean)));
    return {...field("label", box, name, box), show: (value, filled) => fill(box, value?.join(", "), (filled ?? initial)?.join(", "))};
  }
  if (type === "list") {
    const join = (/** @type {any} */ values) => (Array.isArray(values) ? values.join(", ") : undefined);
    // So many cannot be edited in a line, nor can what comes packed.
    const large = (/** @type {any} */ values) => (Array.isArray(values) ? values.length > 60 : typeof values === "object" && values !== null);
    const box = textBox(title, (text) => {
      const parts = text.split(/[\s,;]+/).filter(Boolean);
      const wrong = parts.find((part) => !/^-?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(part));
      own = wrong === undefined ? [] : [{path: [], column: null, message: `numbers with commas between them are wanted here, such as ${join(initial) || "1, 2, 3"}; “${wrong.length > 20 ? `${wrong.slice(0, 19)}…` : wrong}” is none`}];
      made.refuse(own);
      if (!own.length) change(parts.length ? parts.map(Number) : undefined);
    });
    /** @type {FieldError[]} what the server has not even been asked */
    let own = [];
    /** @type {string | undefined} */
    let before;
    const made = field("label", box, name, box);
    return {
      ...made,
      show: (value, filled) => {
        box.readOnly = large(value ?? filled ?? initial);
        if (box.readOnly) {
          fill(box, `${(value ?? filled ?? initial).length ?? "many"} numbers`);
          return;
        }
        // What cannot be read stays to be mended, until the document changes under it.
        if (own.length && join(value) === before) return;
        own = [];
        before = join(value);
        fill(box, before, join(filled ?? initial));
      },
      refuse: (refusals) => made.refuse(own.length ? own : refusals),
    };
  }
  if (type !== "number" && type !== "integer") return null;
  const box = numberBox(title, change, type === "integer");
  box.title = description;
  const scale = sliding(parameter);
  if (!scale || type === "integer") {
    return {...field("label", box, name, box), show: (value, filled) => fill(box, value, filled ?? initial)};
  }
  const slider = element("input", {type: "range", min: "0", max: "1", step: "0.002", "aria-label": title, title: description});
  slider.addEventListener("input", () => {
    const value = plain(scale.value(Number(slider.value)));
    box.value = String(value);
    slider.setAttribute("aria-valuetext", short(value));
    change(value);
  });
  const made = field("div", box, name, slider, box);
  made.element.classList.add("slider");
  return {
    ...made,
    show: (value, filled) => {
      fill(box, value ?? initial, filled);
      if (document.activeElement !== slider) slider.value = String(scale.position(value ?? initial));
      slider.setAttribute("aria-valuetext", short(value ?? initial));
    },
  };
}

/** A box for a word or a formula, taken up as soon as the typing pauses. @param {string} name @param {(text: string) => void} change */
function textBox(name, change) {
  let timer = 0;
  let taken = "";
  const box = element("input", {type: "text", "aria-label": name, spellcheck: false, autocomplete: "off", maxLength: 1000});
  const take = () => {
    clearTimeout(timer);
    timer = 0;
    if (box.isConnected && box.value !== taken) change((taken = box.value).trim());
  };
  box.addEventListener("focus", () => (taken = box.value));
  box.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(take, 200);
  });
  box.addEventListener("change", take);
  return box;
}

/** A box for a number; what is no number is taken out. @param {string} name @param {(value: number | undefined) => void} change @param {boolean} [whole] */
export function numberBox(name, change, whole = false) {
  const box = element("input", {type: "number", step: whole ? "1" : "any", "aria-label": name, autocomplete: "off"});
  let touched = false;
  box.addEventListener("input", () => {
    touched = true;
    if (box.value !== "" && Number.isFinite(box.valueAsNumber)) change(box.valueAsNumber);
  });
  // Empty while it is typed in, a box asks for nothing yet. A change is not told where the text is as it was at the start.
  const leave = () => {
    if (touched && box.isConnected && box.value === "" && !box.validity.badInput) change(undefined);
    touched = false;
  };
  box.addEventListener("change", leave);
  box.addEventListener("blur", leave);
  return box;
}

/** Put a value into a box in which nobody types at the moment. @param {HTMLInputElement} box @param {any} value @param {any} [placeholder] */
export function fill(box, value, placeholder) {
  box.placeholder = placeholder === null || placeholder === undefined ? "" : String(typeof placeholder === "number" ? plain(placeholder) : placeholder);
  if (document.activeElement !== box) box.value = value === null || value === undefined ? "" : String(value);
}

/**
 * How a slider covers an interval: by powers of ten where it spans several of them, not at all where it has no end.
 * @param {import("../session/schema.js").Parameter} parameter
 * @returns {{value: (position: number) => number, position: (value: number) => number} | null}
 */
export function sliding({low, high, open, excluded, initial}) {
  // A bound of 10³⁰⁰ is there for the arithmetic only.
  if (!Number.isFinite(low) || !Number.isFinite(high) || high > 1e100) return null;
  if (low >= 0 && high >= 1000 * Math.max(low, 1)) {
    const from = Math.log10(low || (initial || 1) / 100);
    const to = Math.min(Math.log10(high), Math.log10(Math.max(initial || 1, 1)) + 4);
    return {
      value: (position) => 10 ** (from + position * (to - from)),
      position: (value) => (Math.log10(Math.max(value, 1e-300)) - from) / (to - from),
    };
  }
  if (initial > 0 && initial < (high - low) / 1000) return null;
  const edge = (high - low) * 0.001;
  const [from, to] = [open ? low + edge : low, excluded ? high - edge : high];
  return {value: (position) => from + position * (to - from), position: (value) => (value - from) / (to - from)};
}

/** The words about one field among what was refused. @param {import("../server/api.js").FieldError[]} refusals @param {Array<string | number>} path */
export function about(refusals, path) {
  const start = path.join("/");
  return refusals.filter((refusal) => `${refusal.path.join("/")}/`.startsWith(`${start}/`));
}
