// @ts-check
/**
 * The learning rate of a descent: a number, or a schedule that may hold further ones. A rate is never changed in place:
 * whoever edits a part of it makes a new one.
 *
 * @typedef {number | import("../session/state.js").Component | null | undefined} Rate
 * @typedef {import("../session/schema.js").Parameter} Parameter
 * @typedef {import("./fields.js").Control} Control
 * @typedef {{schema: import("../session/schema.js").Schema, steps: () => number}} Context
 */

import {element} from "./dom.js";
import {control, fill, label, menu, numberBox, refusable} from "./fields.js";
import {plain, short} from "./numbers.js";

/** So deep can schedules in schedules be edited; what lies deeper stays as it is. */
const deepest = 3;

/** @param {unknown} value @returns {value is Record<string, any>} */
const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/** @param {any} holder @param {string} name @param {any} value undefined takes it out */
export function changed(holder, name, value) {
  const copy = {...holder, [name]: value};
  if (value === undefined) delete copy[name];
  return copy;
}

/** Which parameter of a schedule holds the rate that a slider drives. @param {import("../session/schema.js").Schema} schema @param {Record<string, any>} rate */
function lead(schema, rate) {
  const parameters = schema.schedules.find(({kind}) => kind === rate.kind)?.parameters ?? [];
  return parameters.find(leads) ?? parameters.find(({type}) => type === "rate") ?? parameters.find((one) => inner(one));
}

/** @param {Parameter} parameter */
const leads = ({name, type}) => name === "learning_rate" && type === "number";

/** The rate of each part, where a parameter has parts. @param {Parameter} parameter */
const inner = ({type, parameters}) => (type === "parts" ? parameters.find((one) => one.type === "rate") : undefined);

/** @param {Parameter} parameter @param {any} value */
const parts = (parameter, value) => /** @type {any[]} */ (Array.isArray(value) ? value : parameter.initial ?? []);

/**
 * The number that a slider drives: the rate itself, a schedule's initial or peak rate, or that of what it holds first.
 * @param {import("../session/schema.js").Schema} schema @param {any} rate
 * @returns {number | undefined | null} undefined: the optimizer's own; null: there is no such number
 */
export function leading(schema, rate) {
  if (!isObject(rate)) return typeof rate === "number" ? rate : undefined;
  const holder = lead(schema, rate);
  if (!holder) return null;
  const within = inner(holder);
  return leading(schema, within ? parts(holder, rate[holder.name])[0]?.[within.name] : rate[holder.name]);
}

/** What the slider of a rate drives, in words. @param {import("../session/schema.js").Schema} schema @param {any} rate */
export function hint(schema, rate) {
  const holder = isObject(rate) ? lead(schema, rate) : undefined;
  if (!holder) return "Learning rate";
  return leads(holder) ? holder.description : inner(holder) ? "The rate of the first part" : `The rate of “${label(holder)}”`;
}

/** The same rate with another such number. @param {import("../session/schema.js").Schema} schema @param {any} rate @param {number | undefined} value @returns {any} */
export function led(schema, rate, value) {
  if (!isObject(rate)) return value;
  const holder = lead(schema, rate);
  if (!holder) return rate;
  const within = inner(holder);
  if (!within) return changed(rate, holder.name, led(schema, rate[holder.name], value));
  const [first, ...rest] = parts(holder, rate[holder.name]);
  return changed(rate, holder.name, [changed(first, within.name, led(schema, first?.[within.name], value)), ...rest]);
}

/** A schedule just chosen; the one that never changes is a number. @param {Context} context @param {string} kind @param {number | undefined} value @returns {any} */
export function fresh({schema, steps}, kind, value) {
  if (kind === schema.constant?.kind) return value;
  const rate = led(schema, {kind}, value);
  const holder = lead(schema, rate);
  const parameters = schema.schedules.find((one) => one.kind === kind)?.parameters ?? [];
  // A formula that begins with a number begins with this one.
  const text = !holder && value ? parameters.find(({type, initial}) => type === "string" && /^\d/.test(initial ?? "")) : undefined;
  if (text) return changed(rate, text.name, text.initial.replace(/^\d+(\.\d+)?/, String(plain(value ?? 1))));
  // A single part would be no change at all.
  return holder && inner(holder) ? changed(rate, holder.name, appended(schema, holder, rate[holder.name], steps())) : rate;
}

/** The parts and one more, a quarter of the steps later at a tenth of the rate. @param {import("../session/schema.js").Schema} schema @param {Parameter} parameter @param {any[]} list @param {number} steps */
function appended(schema, parameter, list, steps) {
  const last = list.at(-1);
  const part = Object.fromEntries(parameter.parameters.flatMap(({name, type, initial}) => {
    const value = type === "integer" ? (last?.[name] ?? 0) + Math.max(1, Math.round(steps / 4)) : type === "rate" ? leading(schema, last?.[name]) : initial;
    return value === undefined || value === null ? [] : [[name, type === "rate" ? plain(value / 10) : value]];
  }));
  return [...list, part];
}

/**
 * The controls of one component.
 * @param {Context} context @param {Parameter[]} parameters @param {(component: any) => void} change @param {number} [depth] @returns {Control}
 */
export function form(context, parameters, change, depth = 1) {
  /** @type {any} */
  let own = {};
  const controls = parameters.flatMap((parameter) => {
    const take = (/** @type {any} */ value) => change(changed(own, parameter.name, value));
    const one = parameter.type === "rate" ? rateField(context, parameter, take, depth)
      : parameter.type === "parts" ? partsField(context, parameter, take, depth) : control(parameter, take);
    return one ? [{...one, name: parameter.name}] : [];
  });
  return {
    element: element("div", {className: "fields"}, ...controls.map((one) => one.element)),
    show: (value, filled) => {
      own = value ?? {};
      for (const {name, show} of controls) show(own[name], filled?.kind === own.kind ? filled?.[name] : undefined);
    },
    refuse: (refusals) => [
      ...controls.flatMap(({name, refuse}) => refuse(from(refusals, name)).map((one) => ({...one, path: [name, ...one.path]}))),
      ...refusals.filter(({path}) => !controls.some(({name}) => name === path[0])),
    ],
  };
}

/** The parameters of a component, but for the rate that is driven from elsewhere. @param {import("../session/schema.js").Kind} kind */
export const besides = ({parameters}) => parameters.filter((one) => !leads(one));

/** What was refused within a part, seen from there. @param {import("./fields.js").FieldError[]} refusals @param {string | number} name */
export const from = (refusals, name) => refusals.filter(({path}) => path[0] === name).map((one) => ({...one, path: one.path.slice(1)}));

/** A rate within a schedule: a number or a schedule again. @param {Context} context @param {Parameter} parameter @param {(value: any) => void} change @param {number} depth @returns {Control} */
function rateField(context, parameter, change, depth) {
  const {schema} = context;
  const title = parameter.name === "learning_rate" ? parameter.title : label(parameter);
  /** @type {any} */
  let own;
  let shown = "";
  /** @type {Control | null} */
  let fields = null;
  const box = numberBox(`${title}: rate`, (value) => change(led(schema, own, value)));
  const kinds = menu(`${title}: kind`, schema.schedules, (kind) => change(fresh(context, kind, leading(schema, own) ?? (box.placeholder ? Number(box.placeholder) : undefined))));
  kinds.disabled = depth >= deepest;
  const nest = element("div", {className: "nest"});
  const whole = element("div", {className: "field", title: parameter.description, role: "group", "aria-label": title},
    element("span", {textContent: title}), element("div", {className: "pair"}, box, kinds));
  const refuse = refusable(whole, box);
  whole.append(nest);
  return {
    element: whole,
    show: (value, filled) => {
      own = value;
      const component = isObject(value) ? value : null;
      kinds.value = component?.kind ?? schema.constant?.kind ?? "";
      if (shown !== (component?.kind ?? "")) {
        shown = component?.kind ?? "";
        const kind = depth < deepest && schema.schedules.find((one) => one.kind === shown);
        fields = kind ? form(context, besides(kind), change, depth + 1) : null;
        nest.replaceChildren(...(fields ? [fields.element] : []));
      }
      fields?.show(component, filled);
      const number = leading(schema, value);
      box.disabled = number === null;
      fill(box, number, leading(schema, filled));
    },
    refuse: (refusals) => {
      const here = refusals.filter(({path}) => !fields || !path.length || (path.length === 1 && path[0] === "learning_rate"));
      refuse(here);
      return fields?.refuse(refusals.filter((one) => !here.includes(one))) ?? [];
    },
  };
}

/** A list of parts, each with its own fields. @param {Context} context @param {Parameter} parameter @param {(value: any) => void} change @param {number} depth @returns {Control} */
function partsField(context, parameter, change, depth) {
  /** @type {any[]} */
  let own = [];
  /** @type {Array<Control & {remove: HTMLButtonElement}>} */
  let rows = [];
  const list = element("div", {className: "parts"});
  const add = element("button", {type: "button", textContent: "Add part", onclick: () => change(appended(context.schema, parameter, own, context.steps()))});
  const whole = element("div", {className: "field wide", title: parameter.description, role: "group", "aria-label": label(parameter)}, list, add);
  const refuse = refusable(whole, list);
  const row = (/** @type {number} */ i) => {
    const fields = form(context, parameter.parameters, (part) => change(own.map((one, j) => (j === i ? part : one))), depth);
    const remove = element("button", {type: "button", className: "plain", textContent: "✕", title: "Remove this part", "aria-label": `Take out part ${i + 1}`});
    remove.addEventListener("click", () => {
      change(own.filter((_, j) => j !== i));
      add.focus();
    });
    const group = element("div", {className: "part", role: "group", "aria-label": `Part ${i + 1}`}, element("div", {className: "head"}, element("span", {textContent: `Part ${i + 1}`}), remove), fields.element);
    return {...fields, element: group, remove};
  };
  return {
    element: whole,
    show: (value, filled) => {
      own = parts(parameter, value);
      if (rows.length !== own.length) {
        rows = own.map((_, i) => rows[i] ?? row(i));
        list.replaceChildren(...rows.map((one) => one.element));
      }
      rows.forEach((one, i) => {
        one.remove.disabled = rows.length < 2;
        one.show(own[i], filled?.[i]);
      });
      add.disabled = own.length >= parameter.high;
    },
    refuse: (refusals) => {
      refuse(refusals.filter(({path}) => !(Number(path[0]) in rows)));
      return rows.flatMap((one, i) => one.refuse(from(refusals, i)).map((left) => ({...left, path: [i, ...left.path]})));
    },
  };
}

/** A learning rate in a word or two. @param {import("../session/schema.js").Schema} schema @param {any} rate */
export function rated(schema, rate) {
  const number = leading(schema, rate) ?? NaN;
  const title = schema.schedules.find(({kind}) => kind === rate?.kind)?.title ?? "";
  return {rate: number, rateText: [Number.isNaN(number) ? "" : short(number), title].filter(Boolean).join(" ")};
}
