// @ts-check
/** The card of the surface: which one, its parameters, its formula. */

import {element} from "../../kit/dom.js";
import {about, control, menu, numberBox, fill, sentence} from "../../kit/fields.js";
import {typeset} from "../../kit/mathml.js";
import {led} from "../../kit/rates.js";
import {Problem, server} from "../../server/api.js";
import {Latest} from "../../server/latest.js";
import {pointsInWords, question} from "../../session/landscape.js";
import {Importer} from "./importer.js";
import {Picker} from "./picker.js";

export class SurfaceForm {
  /**
   * @param {HTMLElement} card @param {HTMLElement} typesetting where the formula is shown @param {import("../../session/state.js").State} state
   * @param {import("../../session/schema.js").Schema} schema @param {HTMLDialogElement} dialog @param {HTMLDialogElement} ownDialog @param {import("../../draw/theme.js").Theme} theme
   * @param {import("../../app/retries.js").Retries} retries
   */
  constructor(card, typesetting, state, schema, dialog, ownDialog, theme, retries) {
    this.state = state;
    this.schema = schema;
    this.typesetting = typesetting;
    this.retries = retries;
    this.menu = menu("Surface", schema.surfaces, (kind) => this.#choose(kind), true);
    this.picker = new Picker(dialog, schema, theme, (kind) => kind !== this.surface.kind && this.#choose(kind));
    this.importer = new Importer(ownDialog, state, schema, (surface) => this.#take(surface));
    const pick = element("button", {
      type: "button", className: "icon", textContent: "▦", title: "Choose a surface", "aria-label": "Choose a surface", "aria-haspopup": "dialog",
      onclick: () => this.picker.open(this.surface.kind),
    });
    this.formula = element("input", {type: "text", "aria-label": "Formula", "aria-describedby": "formula-refusal", spellcheck: false, autocomplete: "off", maxLength: 500});
    this.mark = element("div", {className: "mark", "aria-hidden": "true"});
    this.refusal = element("p", {className: "refusal", id: "formula-refusal", role: "alert"});
    this.offer = element("button", {type: "button", hidden: true});
    this.formulaBox = element("div", {className: "formula-box"}, this.formula, this.mark);
    this.examples = element("span", {className: "number"});
    this.examplesRow = element("div", {className: "own"}, this.examples,
      element("button", {type: "button", textContent: "Your data…", title: "Paste a table or choose a file", "aria-haspopup": "dialog", onclick: () => this.importer.open()}));
    this.fields = element("div");
    this.about = element("p", {className: "about"});
    this.points = element("p", {className: "about"});
    card.append(
      element("div", {className: "head"}, element("h2", {textContent: "Surface"}), this.menu, pick),
      this.formulaBox, this.examplesRow, this.refusal, this.offer, this.fields, this.about, this.points,
    );
    this.menu.style.flex = "2";
    /** @type {Array<() => void>} */ this.shows = [];
    this.shape = "";
    this.checks = new Latest((formula, signal) => this.#check(formula, signal));
    this.formula.addEventListener("input", () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.checks.request(this.formula.value), 70);
    });
    this.formula.addEventListener("scroll", () => (this.mark.scrollLeft = this.formula.scrollLeft));
    this.formula.addEventListener("blur", () => this.refusal.textContent || this.show());
    state.on("experiment", () => state.manner === "dragging" || this.show());
    state.on("view", () => state.manner === "dragging" || this.show());
    state.on("refusal", () => this.#refused(about(state.refusals, ["surface"])));
    state.on("landscape", () => {
      this.#typeset();
      // The server may just have chosen the domain.
      if (state.manner !== "dragging") this.show();
    });
  }

  /** @type {ReturnType<typeof setTimeout> | undefined} */ timer;

  get surface() {
    return this.state.experiment.surface;
  }

  /** @param {string} kind */
  #choose(kind) {
    const before = this.surface;
    const formula = this.#text();
    this.#take(kind === this.schema.typed?.kind ? this.#typed(formula, before) : {kind});
  }

  /** Begin anew on another surface. @param {import("../../session/state.js").Component} surface */
  #take(surface) {
    this.retries.over(this.checks);
    this.#refused([]);
    this.state.window = null;
    this.state.edit((experiment) => {
      experiment.surface = surface;
      experiment.descents.forEach((descent, i) => {
        delete descent.start;
        if (!this.schema.sources(surface).some(({kind}) => kind === descent.gradient?.kind)) delete descent.gradient;
        if (this.state.tuned[i] || !descent.optimizer) return;
        const rate = this.schema.recommended(experiment.surface, descent.optimizer);
        descent.learning_rate = led(this.schema, descent.learning_rate, rate);
      });
    }, "start over");
  }

  /** What the formula box says of the surface. */
  #text() {
    return this.surface.formula ?? this.schema.facts(this.surface).formula ?? "x**2 + y**2";
  }

  /** A typed surface that begins where another one is. @param {string} formula @param {import("../../session/state.js").Component} from */
  #typed(formula, from) {
    const {domain} = this.schema.facts(from);
    const kind = this.schema.surfaces.find((one) => one.kind === from.kind);
    const own = kind === this.schema.typed;
    const parameters = own ? from.parameters : Object.fromEntries((kind?.parameters ?? [])
      .filter(({name, type}) => type === "number" && new RegExp(`\\b${name}\\b`).test(formula))
      .map(({name, initial}) => [name, from[name] ?? initial]));
    const surface = /** @type {import("../../session/state.js").Component} */ ({kind: this.schema.typed?.kind ?? "", formula});
    if (own ? from.domain : domain) surface.domain = structuredClone(own ? from.domain : domain);
    if (parameters && Object.keys(parameters).length) surface.parameters = parameters;
    return surface;
  }

  /** What is typed becomes the surface only once it is a formula: until then the last one stays. @param {string} formula @param {AbortSignal} signal */
  async #check(formula, signal) {
    const surface = this.#typed(formula, this.surface);
    try {
      // What the map will ask for next, so that its answer is there already.
      const {experiment, window, ground} = this.state;
      await server.landscape(question({experiment: {...experiment, surface}, window, ground}, this.schema), signal);
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof Problem && error.refused) {
        this.retries.over(this.checks);
        this.#refused(about(error.errors, ["surface"]));
      } else {
        this.retries.later(this.checks, error, () => this.checks.current || this.checks.request(formula));
      }
      return;
    }
    this.retries.over(this.checks);
    this.#refused([]);
    this.state.edit((experiment) => (experiment.surface = surface), "start over");
  }

  /** @param {import("../../server/api.js").FieldError[]} refusals */
  #refused(refusals) {
    const [first] = refusals;
    this.refusal.textContent = refusals.map(({message, column}) => (column ? `Column ${column}: ${message}` : message)).join("\n");
    this.formula.setAttribute("aria-invalid", String(refusals.some(({path}) => path.length < 2 || path.at(-1) === "formula")));
    this.mark.replaceChildren();
    this.offer.hidden = true;
    if (!first?.column) return;
    const text = this.formula.value;
    const name = /^[A-Za-z]\w*(?!\w*\s*\()/.exec(text.slice(first.column - 1))?.[0] ?? "";
    this.mark.append(text.slice(0, first.column - 1), element("i", {textContent: text.slice(first.column - 1, first.column - 1 + Math.max(1, name.length)) || " "}));
    this.mark.scrollLeft = this.formula.scrollLeft;
    if (!/^[a-wzA-WZ]$/.test(name)) return;
    this.offer.hidden = false;
    this.offer.textContent = `Make ${name} a parameter`;
    this.offer.onclick = () => {
      const surface = this.#typed(text, this.surface);
      surface.parameters = {...surface.parameters, [name]: 1};
      this.#refused([]);
      this.state.edit((experiment) => (experiment.surface = surface), "start over");
    };
  }

  /** Bring the card up to date; controls are made anew only for another kind of surface. */
  show() {
    const kind = this.schema.surfaces.find((one) => one.kind === this.surface.kind);
    this.menu.value = this.surface.kind;
    if (document.activeElement !== this.formula) this.formula.value = this.#text();
    const {data, formula} = this.schema.facts(this.surface);
    this.formulaBox.hidden = !(this.surface.formula ?? formula) && kind !== this.schema.typed;
    this.examplesRow.hidden = data !== true;
    const count = this.schema.examples(this.surface);
    this.examples.textContent = count ? `${count} examples` : "";
    const shape = JSON.stringify([this.surface.kind, Object.keys(this.surface.parameters ?? {})]);
    if (shape !== this.shape) {
      this.shape = shape;
      this.shows = [];
      this.fields.replaceChildren();
      for (const parameter of kind?.parameters ?? []) this.#field(parameter);
      this.about.textContent = sentence(kind);
    }
    for (const show of this.shows) show();
  }

  /** @param {import("../../session/schema.js").Parameter} parameter */
  #field(parameter) {
    const {name} = parameter;
    if (name === "formula" || this.schema.facts(this.surface).lists?.includes(name)) return;
    if (name === "domain") {
      this.#domain();
      return;
    }
    if (name === "parameters") {
      for (const letter of Object.keys(this.surface.parameters ?? {})) {
        const reach = 2 * Math.max(1, Math.abs(this.surface.parameters[letter]));
        this.#add({...parameter, name: letter, title: letter, type: "number", low: -reach, high: reach, excluded: false, initial: 0}, (surface) => surface.parameters ??= {}, letter);
      }
      return;
    }
    this.#add(parameter, (surface) => surface, name);
  }

  /** @param {import("../../session/schema.js").Parameter} parameter @param {(surface: import("../../session/state.js").Component) => Record<string, any>} within @param {string} name */
  #add(parameter, within, name) {
    const one = control(parameter, (value) => this.state.edit(({surface}) => {
      if (value === undefined) delete within(surface)[name];
      else within(surface)[name] = value;
    }, "in place"));
    if (!one) return;
    this.fields.append(one.element);
    this.shows.push(() => one.show(within(structuredClone(this.surface))[name]));
  }

  /** The domain, or what is shown in place of one that nobody has set. */
  get #shown() {
    const shown = this.schema.domain(this.surface) ?? this.state.domain;
    if (this.surface.domain || !shown) return shown;
    const round = (/** @type {[number, number]} */ ends) => /** @type {[number, number]} */ (ends.map((end) => Number(end.toPrecision(3))));
    return {x: round(shown.x), y: round(shown.y)};
  }

  #domain() {
    const row = element("div", {className: "field", role: "group", "aria-label": "Domain"}, element("span", {textContent: "domain"}));
    const boxes = element("div", {className: "pair"});
    for (const axis of /** @type {const} */ (["x", "y"])) {
      for (const end of [0, 1]) {
        const box = numberBox(`${axis} ${end ? "to" : "from"}`, (value) => value !== undefined && this.state.edit(({surface}) => {
          surface.domain = structuredClone(this.#shown);
          surface.domain[axis][end] = value;
        }, "in place"));
        box.title = `${axis} ${end ? "to" : "from"}`;
        boxes.append(box);
        this.shows.push(() => fill(box, this.#shown?.[axis][end]));
      }
    }
    row.append(boxes);
    this.fields.append(row);
  }

  #typeset() {
    const {mathml, surface} = this.state.landscape ?? {};
    const letters = surface && this.schema.letters(surface);
    const name = letters ? "L" : "f";
    const parts = [[`${name}(${(letters ?? ["x", "y"]).join(", ")}) =`, mathml?.loss], [`∇${name} =`, mathml?.gradient]].flatMap(([title, source]) => {
      const math = source && typeset(source);
      return math ? [element("span", {}, element("i", {textContent: `${title} `}), math)] : [];
    });
    this.typesetting.replaceChildren(...parts);
    const {landscape} = this.state;
    this.points.textContent = landscape && landscape.data === "train" ? pointsInWords(landscape) : "";
    this.points.classList.toggle("kept", Boolean(landscape?.missing));
  }
}
