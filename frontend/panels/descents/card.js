// @ts-check
/** The card of a descent: optimizer, learning rate, schedule and everything else that the schema declares of them. */

import {glyph} from "../../draw/marks.js";
import {element} from "../../kit/dom.js";
import {about, fill, menu, numberBox, paragraphs, sentence, words} from "../../kit/fields.js";
import {lettered, spelled} from "../../kit/notation.js";
import {rate as rounded, short} from "../../kit/numbers.js";
import {besides, form, fresh, from, hint, leading, led} from "../../kit/rates.js";
import {verdict} from "../../session/tracks.js";
import {Ticks} from "./landmarks.js";
import {Midrun} from "./midrun.js";
import {Preview} from "./preview.js";

/** The learning-rate slider's ends, as powers of ten. */
const [lowest, highest] = [-6, 1];

export class Card {
  /** @param {import("./descents.js").Descents} list @param {number} i */
  constructor(list, i) {
    this.list = list;
    this.i = i;
    const {schema} = list;
    /** @type {Array<() => void>} */ this.shows = [];
    /** @type {Array<{name: string, refuse: import("../../kit/fields.js").Control["refuse"]}>} */ this.forms = [];
    /** @type {import("../../kit/rates.js").Context} */ this.context = {schema, steps: () => list.state.experiment.steps ?? list.state.filled?.steps ?? 1};
    this.preview = new Preview();
    this.optimizer = menu("Optimizer", schema.optimizers, (kind) => this.#optimizer(kind));
    this.schedule = menu("Schedule", schema.schedules, (kind) => this.#schedule(kind));
    this.slider = element("input", {type: "range", min: String(lowest), max: String(highest), step: "0.05", "aria-label": "Learning rate"});
    this.box = numberBox("Learning rate, number", (value) => value !== undefined && this.#rate(value));
    this.now = element("span", {className: "now", hidden: true});
    this.ticks = new Ticks((value) => this.#rate(value));
    this.midrun = new Midrun(this);
    this.pace = element("p", {className: "pace", hidden: true});
    this.verdict = element("p", {className: "verdict"});
    this.more = element("div", {className: "more", hidden: !list.open.has(i)});
    const toggle = element("button", {type: "button", className: "plain", textContent: "⋯", "aria-label": "Details", "aria-expanded": String(!this.more.hidden), title: "All parameters"});
    toggle.addEventListener("click", () => {
      this.more.hidden = !this.more.hidden;
      toggle.setAttribute("aria-expanded", String(!this.more.hidden));
      if (this.more.hidden) list.open.delete(i);
      else list.open.add(i);
      this.show();
      this.report();
    });
    const remove = element("button", {type: "button", className: "plain", textContent: "✕", "aria-label": "Remove", title: "Remove", onclick: () => list.remove(i)});
    remove.disabled = list.state.experiment.descents.length < 2;
    this.slider.addEventListener("input", () => this.#rate(rounded(Number(this.slider.value))));
    this.element = element("li", {className: "descent"},
      element("div", {className: "row"}, glyph(i), this.optimizer, this.schedule, remove),
      element("div", {className: "rate"}, element("label", {textContent: spelled("α"), title: "Learning rate"}), element("div", {className: "track"}, this.slider, this.ticks.lines, this.now), this.box, this.midrun.button, toggle),
      this.ticks.words, this.midrun.element,
      this.pace, this.verdict, this.more,
    );
    this.element.style.setProperty("--colour", `var(--path-${i % 8})`);
    this.#details();
    this.show();
  }

  get descent() {
    return this.list.state.experiment.descents[this.i];
  }

  get filled() {
    return this.list.state.filled?.descents[this.i];
  }

  /** @param {(descent: import("../../session/state.js").Descent) => void} change @param {import("../../session/state.js").Manner} [manner] */
  #edit(change, manner = "in place") {
    this.list.state.edit(({descents}) => change(descents[this.i]), manner);
  }

  /** @param {string} kind */
  #optimizer(kind) {
    const {state, schema} = this.list;
    const recommended = schema.recommended(state.experiment.surface, {kind});
    this.#edit((descent) => {
      descent.optimizer = {kind};
      delete descent.label;
      if (state.tuned[this.i]) return;
      descent.learning_rate = led(schema, descent.learning_rate, recommended);
    });
  }

  /** @param {string} kind */
  #schedule(kind) {
    const {peak} = this;
    this.#edit((descent) => (descent.learning_rate = fresh(this.context, kind, peak)));
  }

  /** @param {number} value */
  #rate(value) {
    this.list.state.tuned[this.i] = true;
    this.#edit((descent) => (descent.learning_rate = this.midrun.led(descent.learning_rate, value)));
  }

  /** The rate that the slider drives; where there is none, the highest that was used. @returns {number} */
  get peak() {
    const {schema, state} = this.list;
    const number = this.midrun.number ?? leading(schema, this.descent.learning_rate) ?? leading(schema, this.filled?.learning_rate);
    if (number !== undefined && number !== null) return number;
    const used = state.buffer?.trajectories[this.i];
    const highest = number === null && used?.length ? Math.max(...used.learning_rate.subarray(0, Math.min(used.length, 1000))) : 0;
    return highest || schema.recommended(state.experiment.surface, this.descent.optimizer ?? {kind: ""});
  }

  /** What makes it necessary to build the card anew. @param {import("../../session/state.js").Descent} descent */
  static shape({optimizer, learning_rate: rate, gradient, average}) {
    return [optimizer?.kind, typeof rate === "object" ? rate?.kind : "", gradient?.kind, average?.kind].join();
  }

  #details() {
    const {schema, state} = this.list;
    const {optimizer, learning_rate: rate, gradient, average} = this.descent;
    const rule = schema.optimizer(optimizer ?? schema.optimizers[0]);
    this.#about(rule);
    this.#form("optimizer", rule);
    if (typeof rate === "object" && rate) {
      const schedule = schema.schedules.find(({kind}) => kind === rate?.kind);
      this.more.append(element("h3", {}, schedule?.title ?? "", this.preview.words), this.preview.element);
      this.#about(schedule);
      this.#form("learning_rate", schedule);
    }
    this.#choice("gradient", schema.sources(state.experiment.surface), gradient?.kind ?? schema.gradients[0]?.kind);
    if (schema.averages.length) this.#choice("average", [{kind: "", title: "None", description: "", parameters: [], facts: {}}, ...schema.averages], average?.kind ?? "");
    const fields = element("div", {className: "fields"});
    this.more.append(fields);
    this.#start(fields);
    const name = element("input", {type: "text", maxLength: 100, autocomplete: "off", onchange: () => this.#edit((descent) => {
      if (name.value.trim()) descent.label = name.value.trim();
      else delete descent.label;
    })});
    fields.append(element("label", {className: "field"}, element("span", {textContent: "name"}), name));
    this.shows.push(() => fill(name, this.descent.label, this.filled?.label));
  }

  /** One of several, each with its parameters. @param {"gradient" | "average"} name @param {import("../../session/schema.js").Kind[]} kinds @param {string} chosen */
  #choice(name, kinds, chosen) {
    const box = menu(`${name[0].toUpperCase()}${name.slice(1)}`, kinds, (kind) => this.#edit((descent) => {
      if (kind) descent[name] = {kind};
      else delete descent[name];
    }));
    box.value = chosen;
    const kind = kinds.find((one) => one.kind === chosen);
    box.title = sentence(kind);
    this.more.append(element("div", {className: "fields"}, element("label", {className: "field"}, element("span", {textContent: name}), box)));
    this.#form(name, kind);
  }

  /** A component in words, with its formula between the first paragraph and the rest. @param {import("../../session/schema.js").Kind | undefined} kind */
  #about(kind) {
    const [first, ...rest] = paragraphs(kind).map((textContent) => element("p", {className: "about", textContent}));
    const {update, default: shorter = update} = kind?.facts.mathml ?? {};
    if (first) this.more.append(first);
    if (update) {
      const shown = element("div", {className: "update", tabIndex: 0, role: "group", "aria-label": `Update of ${kind?.title}`});
      let source = "";
      this.more.append(shown);
      this.shows.push(() => {
        // What a parameter that is 0 by default adds is shown once it is not 0.
        const {optimizer} = this.descent;
        const added = kind?.parameters.some(({name, initial}) => !initial && optimizer?.[name]);
        const now = added ? update : shorter;
        if (now === source) return;
        source = now;
        const math = lettered(source);
        shown.replaceChildren(...(math ? [math] : []));
      });
    }
    this.more.append(...rest);
  }

  /** @param {"optimizer" | "learning_rate" | "gradient" | "average"} name @param {import("../../session/schema.js").Kind | undefined} kind */
  #form(name, kind) {
    if (!kind?.parameters.length) return;
    const {schema, state} = this.list;
    const made = form(this.context, besides(kind), (component) => {
      const before = this.descent[name];
      // A recommendation must not replace what the user has set himself.
      if (name === "learning_rate" && leading(schema, before) !== leading(schema, component)) state.tuned[this.i] = true;
      this.#edit((descent) => Object.assign(descent, {[name]: {...component, kind: kind.kind}}));
    });
    this.more.append(made.element);
    this.forms.push({name, refuse: made.refuse});
    this.shows.push(() => made.show(this.descent[name], this.filled?.[name]));
  }

  /** @param {HTMLElement} fields */
  #start(fields) {
    const boxes = [0, 1].map((axis) => numberBox(`Start ${"xy"[axis]}`, (value) => this.#edit((descent) => {
      const [x, y] = /** @type {[number, number]} */ (this.filled?.start ?? [0, 0]);
      if (value === undefined) delete descent.start;
      else descent.start = axis ? [x, value] : [value, y];
    }, "start over")));
    fields.append(element("div", {className: "field", role: "group", "aria-label": "Start"},
      element("span", {textContent: "start"}), element("div", {className: "pair"}, ...boxes)));
    this.shows.push(() => boxes.forEach((box, axis) => {
      const start = Array.isArray(this.descent.start) ? this.descent.start[axis] : undefined;
      fill(box, start, /** @type {any} */ (this.filled?.start)?.[axis]);
    }));
  }

  show() {
    const {schema, state} = this.list;
    const {optimizer, learning_rate: rate} = this.descent;
    const {peak} = this;
    this.optimizer.value = optimizer?.kind ?? schema.optimizers[0].kind;
    this.schedule.value = (typeof rate === "object" && rate?.kind) || (schema.constant?.kind ?? "");
    const adjustable = leading(schema, rate) !== null;
    this.slider.disabled = this.box.disabled = !adjustable;
    this.slider.title = this.box.title = adjustable ? (this.midrun.since === undefined ? hint(schema, rate) : `The rate from step ${this.midrun.since} on`) : "This schedule has no rate of its own to turn: see its details (⋯).";
    fill(this.box, adjustable ? peak : undefined, peak);
    const exponent = Math.log10(Math.max(peak, 1e-300));
    this.slider.min = String(Math.min(lowest, Math.floor(Math.max(exponent, -12))));
    this.slider.max = String(Math.max(highest, Math.ceil(Math.min(exponent, 6))));
    if (document.activeElement !== this.slider || Math.abs(Number(this.slider.value) - exponent) > 0.06) this.slider.value = String(exponent);
    this.slider.setAttribute("aria-valuetext", short(peak));
    this.now.hidden = typeof rate !== "object";
    this.ticks.show(this.list.landmarks.of(this.i), Number(this.slider.min), Number(this.slider.max), !adjustable);
    this.midrun.show();
    for (const show of this.shows) show();
    if (!this.more.hidden) this.preview.show(state.buffer?.trajectories[this.i], state.buffer?.experiment.steps ?? 1);
  }

  /** What has become of it, and what was refused of it. */
  report() {
    const {state} = this.list;
    const refusals = about(state.refusals, ["descents", this.i]).map((one) => ({...one, path: one.path.slice(2)}));
    const unplaced = [
      ...this.forms.flatMap(({name, refuse}) => refuse(from(refusals, name)).map((one) => ({...one, path: [name, ...one.path]}))),
      ...refusals.filter(({path}) => !this.forms.some(({name}) => name === path[0])),
    ];
    const trajectory = state.buffer?.trajectories[this.i];
    const updates = trajectory?.stepsPerEpoch ?? null;
    this.pace.hidden = updates === null;
    this.pace.textContent = updates === null ? "" : `${updates} ${updates === 1 ? "update" : "updates"} per epoch`;
    const sad = trajectory?.lost && !refusals.length ? trajectory.end?.reason ?? verdict(trajectory, Infinity) : "";
    // What a field says for itself need not be said twice, as long as it can be seen.
    const said = this.more.hidden ? refusals : unplaced;
    const text = said.map((one) => `${String(one.path.at(-1) ?? "descent").replaceAll("_", " ")}: ${words([one])}`).join("\n") || sad;
    if (this.verdict.textContent !== text) this.verdict.textContent = text;
  }

  /** Show where the schedule has brought the rate. @param {number} position */
  follow(position) {
    this.midrun.follow(position);
    const trajectory = this.list.state.buffer?.trajectories[this.i];
    if (!trajectory?.length || this.now.hidden) return;
    const rate = trajectory.learning_rate[Math.min(Math.floor(position), trajectory.last)];
    const [low, high] = [Number(this.slider.min), Number(this.slider.max)];
    const share = (Math.log10(Math.max(rate, 1e-300)) - low) / (high - low);
    this.now.style.setProperty("--now", Math.max(0, Math.min(1, share)).toFixed(3));
  }
}
