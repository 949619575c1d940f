// @ts-check
/** The cards of the descents: optimizer, learning rate, schedule and everything else that the schema declares of them. */

import {about, control, element, fill, menu, numberBox, sentence} from "./fields.js";
import {glyph} from "./marks.js";
import {rate as rounded, short} from "./numbers.js";
import {verdict} from "./overlay.js";

/** The learning-rate slider's ends, as powers of ten. */
const [lowest, highest] = [-6, 1];
const most = 16;

class Card {
  /** @param {Descents} list @param {number} i */
  constructor(list, i) {
    this.list = list;
    this.i = i;
    const {schema} = list;
    /** @type {Array<() => void>} */ this.shows = [];
    this.optimizer = menu("Optimizer", schema.optimizers, (kind) => this.#optimizer(kind));
    this.schedule = menu("Schedule", schema.schedules, (kind) => this.#schedule(kind));
    this.slider = element("input", {type: "range", min: String(lowest), max: String(highest), step: "0.05", "aria-label": "Learning rate"});
    this.box = numberBox("Learning rate, number", (value) => value !== undefined && this.#rate(value));
    this.now = element("span", {className: "now", hidden: true});
    this.verdict = element("p", {className: "verdict"});
    this.more = element("div", {className: "more", hidden: !list.open.has(i)});
    const toggle = element("button", {type: "button", className: "plain", textContent: "⋯", "aria-label": "Details", "aria-expanded": String(!this.more.hidden), title: "All parameters"});
    toggle.addEventListener("click", () => {
      this.more.hidden = !this.more.hidden;
      toggle.setAttribute("aria-expanded", String(!this.more.hidden));
      if (this.more.hidden) list.open.delete(i);
      else list.open.add(i);
    });
    const remove = element("button", {type: "button", className: "plain", textContent: "✕", "aria-label": "Remove", title: "Remove", onclick: () => list.remove(i)});
    remove.disabled = list.state.experiment.descents.length < 2;
    this.slider.addEventListener("input", () => this.#rate(rounded(Number(this.slider.value))));
    this.element = element("li", {className: "descent"},
      element("div", {className: "row"}, glyph(i), this.optimizer, this.schedule, remove),
      element("div", {className: "rate"}, element("label", {textContent: "α", title: "Learning rate"}), element("div", {className: "track"}, this.slider, this.now), this.box, toggle),
      this.verdict, this.more,
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

  /** @param {(descent: import("./state.js").Descent) => void} change @param {import("./state.js").Manner} [manner] */
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
      if (typeof descent.learning_rate === "object") descent.learning_rate.learning_rate = recommended;
      else descent.learning_rate = recommended;
    });
  }

  /** @param {string} kind */
  #schedule(kind) {
    const peak = this.peak;
    this.#edit((descent) => (descent.learning_rate = kind === this.list.schema.constant?.kind ? peak : {kind, learning_rate: peak}));
  }

  /** @param {number} value */
  #rate(value) {
    this.list.state.tuned[this.i] = true;
    this.#edit((descent) => {
      if (typeof descent.learning_rate === "object") descent.learning_rate.learning_rate = value;
      else descent.learning_rate = value;
    });
  }

  /** The constant rate, or the highest of the schedule. @returns {number} */
  get peak() {
    const {schema, state} = this.list;
    const rate = this.descent.learning_rate ?? this.filled?.learning_rate;
    const number = typeof rate === "object" ? rate.learning_rate : rate;
    return number ?? schema.recommended(state.experiment.surface, this.descent.optimizer ?? {kind: ""});
  }

  /** What makes it necessary to build the card anew. @param {import("./state.js").Descent} descent */
  static shape({optimizer, learning_rate: rate, gradient}) {
    return [optimizer?.kind, typeof rate === "object" ? rate.kind : "", gradient?.kind].join();
  }

  #details() {
    const {schema} = this.list;
    const {optimizer, learning_rate: rate, gradient} = this.descent;
    const rule = schema.optimizer(optimizer ?? schema.optimizers[0]);
    this.more.append(element("p", {className: "about", textContent: sentence(rule)}));
    this.#fields(rule, (descent) => (descent.optimizer ??= {kind: schema.optimizers[0].kind}));
    if (typeof rate === "object") {
      const schedule = schema.schedules.find(({kind}) => kind === rate.kind);
      this.more.append(element("h3", {textContent: schedule?.title ?? ""}), element("p", {className: "about", textContent: sentence(schedule)}));
      this.#fields(schedule, (descent) => /** @type {any} */ (descent.learning_rate));
    }
    const source = menu("Gradient", schema.gradients, (kind) => this.#edit((descent) => (descent.gradient = {kind})));
    source.value = gradient?.kind ?? schema.gradients[0]?.kind;
    this.more.append(element("label", {className: "field"}, element("span", {textContent: "gradient"}), source));
    this.#fields(schema.gradients.find(({kind}) => kind === gradient?.kind), (descent) => /** @type {any} */ (descent.gradient));
    this.#start();
    const name = element("input", {type: "text", maxLength: 100, autocomplete: "off", onchange: () => this.#edit((descent) => {
      if (name.value.trim()) descent.label = name.value.trim();
      else delete descent.label;
    })});
    this.more.append(element("label", {className: "field"}, element("span", {textContent: "name"}), name));
    this.shows.push(() => fill(name, this.descent.label, this.filled?.label));
  }

  /** @param {import("./schema.js").Kind | undefined} kind @param {(descent: any) => any} within the component in the document */
  #fields(kind, within) {
    for (const parameter of kind?.parameters ?? []) {
      if (parameter.name === "learning_rate") continue;
      const one = control(parameter, (value) => this.#edit((descent) => {
        if (value === undefined) delete within(descent)[parameter.name];
        else within(descent)[parameter.name] = value;
      }));
      if (!one) continue;
      this.more.append(one.element);
      this.shows.push(() => {
        const own = within(structuredClone(this.descent));
        const full = this.filled && within(structuredClone(this.filled));
        one.show(own?.[parameter.name], full?.kind === own?.kind ? full?.[parameter.name] : undefined);
      });
    }
  }

  #start() {
    const boxes = [0, 1].map((axis) => numberBox(`Start ${"xy"[axis]}`, (value) => this.#edit((descent) => {
      const [x, y] = /** @type {[number, number]} */ (this.filled?.start ?? [0, 0]);
      if (value === undefined) delete descent.start;
      else descent.start = axis ? [x, value] : [value, y];
    }, "start over")));
    this.more.append(element("div", {className: "field", role: "group", "aria-label": "Start"},
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
    this.schedule.value = typeof rate === "object" ? rate.kind : schema.constant?.kind ?? "";
    const adjustable = typeof rate !== "object" || schema.schedules.find(({kind}) => kind === rate.kind)?.parameters.some(({name}) => name === "learning_rate");
    this.slider.disabled = this.box.disabled = !adjustable;
    fill(this.box, peak);
    const exponent = Math.log10(Math.max(peak, 1e-300));
    this.slider.min = String(Math.min(lowest, Math.floor(Math.max(exponent, -12))));
    this.slider.max = String(Math.max(highest, Math.ceil(Math.min(exponent, 6))));
    if (document.activeElement !== this.slider || Math.abs(Number(this.slider.value) - exponent) > 0.06) this.slider.value = String(exponent);
    this.slider.setAttribute("aria-valuetext", short(peak));
    this.now.hidden = typeof rate !== "object";
    for (const show of this.shows) show();
  }

  /** What has become of it, and what was refused of it. */
  report() {
    const {state} = this.list;
    const refusals = about(state.refusals, ["descents", this.i]);
    const trajectory = state.buffer?.trajectories[this.i];
    const sad = trajectory?.lost && !refusals.length ? trajectory.end?.reason ?? verdict(trajectory, Infinity) : "";
    const text = refusals.map(({path, message}) => `${String(path.at(-1)).replaceAll("_", " ")}: ${message}`).join("\n") || sad;
    if (this.verdict.textContent !== text) this.verdict.textContent = text;
  }

  /** Show where the schedule has brought the rate. @param {number} position */
  follow(position) {
    const trajectory = this.list.state.buffer?.trajectories[this.i];
    if (!trajectory?.length || this.now.hidden) return;
    const rate = trajectory.learning_rate[Math.min(Math.floor(position), trajectory.last)];
    const [low, high] = [Number(this.slider.min), Number(this.slider.max)];
    const share = (Math.log10(Math.max(rate, 1e-300)) - low) / (high - low);
    this.now.style.setProperty("--now", Math.max(0, Math.min(1, share)).toFixed(3));
  }
}

export class Descents {
  /** @param {HTMLElement} card @param {import("./state.js").State} state @param {import("./schema.js").Schema} schema @param {import("./clock.js").Clock} clock */
  constructor(card, state, schema, clock) {
    this.state = state;
    this.schema = schema;
    /** Which cards show their details. @type {Set<number>} */ this.open = new Set();
    /** @type {Card[]} */ this.cards = [];
    this.shape = "";
    this.list = element("ul", {className: "descents", "aria-label": "Descents"});
    this.add = element("button", {type: "button", textContent: "Add descent", onclick: () => this.#add()});
    this.refusal = element("p", {className: "refusal", role: "alert"});
    const common = element("div", {className: "pair"});
    this.common = ["steps", "seed"].map((name) => {
      const parameter = schema.experiment.find((one) => one.name === name);
      if (!parameter) return () => {};
      const one = control({...parameter, type: "integer"}, (value) => state.edit((experiment) => {
        if (value === undefined) delete /** @type {any} */ (experiment)[name];
        else /** @type {any} */ (experiment)[name] = value;
      }, "in place"));
      common.append(/** @type {import("./fields.js").Control} */ (one).element);
      return () => one?.show(/** @type {any} */ (state.experiment)[name]);
    });
    card.append(
      element("div", {className: "head"}, element("h2", {textContent: "Descents"}), this.add),
      this.list, this.refusal, common,
    );
    // While a start is dragged nothing else changes, and the cards would cost more than the paths.
    state.on("experiment", () => state.manner === "dragging" || this.show());
    state.on("answer", () => this.#report(state.manner !== "dragging"));
    state.on("frames", () => this.#report(false));
    state.on("refusal", () => this.#report(false));
    let before = 0;
    clock.draw.push((seconds) => {
      // The rates' marks move in the form: a few times a second is enough, and cheaper than every frame.
      before += seconds;
      if (clock.playing && before < 0.1) return;
      before = 0;
      for (const one of this.cards) one.follow(clock.position);
    });
  }

  show() {
    const {descents} = this.state.experiment;
    const shape = descents.map(Card.shape).join("|");
    if (shape !== this.shape) {
      // The control just used exists anew afterwards: the keyboard must not lose its place.
      const focused = /** @type {HTMLElement | null} */ (document.activeElement?.closest(".descent") ? document.activeElement : null);
      const where = this.cards.findIndex((one) => one.element.contains(focused));
      this.shape = shape;
      this.cards = descents.map((_, i) => new Card(this, i));
      this.list.replaceChildren(...this.cards.map((one) => one.element));
      const name = focused?.getAttribute("aria-label");
      if (name) /** @type {HTMLElement | null} */ (this.cards[where]?.element.querySelector(`[aria-label="${CSS.escape(name)}"]`))?.focus();
    } else {
      for (const one of this.cards) one.show();
    }
    for (const show of this.common) show();
    this.add.disabled = descents.length >= most;
  }

  /** @param {boolean} filled */
  #report(filled) {
    for (const one of this.cards) {
      if (filled) one.show();
      one.report();
    }
    const own = this.state.refusals.filter(({path}) => path[0] !== "surface" && !(path[0] === "descents" && path.length > 1));
    this.refusal.textContent = own.map(({path, message}) => [path.join(" "), message].filter(Boolean).join(": ")).join("\n");
  }

  /** One more, with the first optimizer that is not there yet. */
  #add() {
    const {surface, descents} = this.state.experiment;
    const there = new Set(descents.map(({optimizer}) => optimizer?.kind));
    const {kind} = this.schema.optimizers.find((one) => !there.has(one.kind)) ?? this.schema.optimizers[0];
    const [first] = descents;
    const added = {optimizer: {kind}, learning_rate: this.schema.recommended(surface, {kind}), ...(first.start ? {start: structuredClone(first.start)} : {})};
    this.state.tuned.push(false);
    this.state.edit((experiment) => experiment.descents.push(added), "in place");
    this.cards.at(-1)?.element.scrollIntoView({block: "nearest"});
    this.cards.at(-1)?.optimizer.focus();
  }

  /** @param {number} i */
  remove(i) {
    this.state.tuned.splice(i, 1);
    this.open.delete(i);
    this.state.edit(({descents}) => descents.splice(i, 1), "in place");
    this.add.focus();
  }
}
