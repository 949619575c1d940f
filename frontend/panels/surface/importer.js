// @ts-check
/** One's own examples: a table is pasted, chosen or dropped, and becomes the data of a surface. */

import {element} from "../../kit/dom.js";
import {control, words} from "../../kit/fields.js";
import {short} from "../../kit/numbers.js";
import {Problem, server, Unreachable} from "../../server/api.js";
import {Latest} from "../../server/latest.js";
import {fits} from "../../server/link.js";
import {question} from "../../session/landscape.js";

/** @typedef {import("../../session/state.js").Component} Component */
/** @typedef {{columns: Record<string, number[]>, rows: number, left_out: Array<{column: string, reason: string}>}} Table */

/** So many rows are shown, so many columns that are left out, so much of their names; so many bytes the server reads. */
const preview = 4;
const listed = 5;
const longest = 40;
const largest = 2 * 2 ** 20;

/** The words of a refusal in a table, with the name of the column. @param {import("../../server/api.js").FieldError} refusal */
function placed({path, message}) {
  const name = path.includes("rows") && path.length > 2 ? String(path[path.length - 1]) : "";
  const text = message.includes(name) ? message : `column ${name}: ${message}`;
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** The text of a file: Unicode as it says of itself, or as older spreadsheets write it. @param {ArrayBuffer} bytes */
function decoded(bytes) {
  const [first, second] = new Uint8Array(bytes);
  if (first === 0xff && second === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  try {
    return new TextDecoder("utf-8", {fatal: true}).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}

/** A column that is left out, and why. @param {{column: string, reason: string}} one */
function leftOut({column, reason}) {
  const name = column.length > longest ? `${column.slice(0, longest - 1)}…` : column;
  return element("li", {}, ...(column ? [element("b", {textContent: name, title: column}), `: ${reason}`] : [reason]));
}

export class Importer {
  /**
   * @param {HTMLDialogElement} dialog @param {import("../../session/state.js").State} state @param {import("../../session/schema.js").Schema} schema
   * @param {(surface: Component) => void} take
   */
  constructor(dialog, state, schema, take) {
    this.dialog = dialog;
    this.state = state;
    this.schema = schema;
    this.take = take;
    /** @type {Table | null} */ this.table = null;
    /** What the chosen model is given besides the examples. @type {Record<string, any>} */ this.given = {};
    this.reads = new Latest((text, signal) => this.#read(text, signal));
    // Made when it is first opened.
    /** @type {HTMLTextAreaElement} */ this.text;
    /** @type {HTMLInputElement} */ this.file;
    /** @type {HTMLParagraphElement} */ this.refusal;
    /** @type {HTMLDivElement} */ this.rows;
    /** @type {HTMLSelectElement} */ this.model;
    /** @type {HTMLDivElement} */ this.inputs;
    /** @type {HTMLSelectElement} */ this.target;
    /** @type {HTMLDivElement} */ this.fields;
    /** @type {HTMLInputElement} */ this.share;
    /** @type {HTMLSpanElement} */ this.held;
    /** @type {HTMLParagraphElement} */ this.warning;
    /** @type {HTMLButtonElement} */ this.use;
    /** @type {HTMLDivElement} */ this.choices;
    /** @type {HTMLDivElement} */ this.leftOut;
    dialog.classList.add("importer");
  }

  /** @type {ReturnType<typeof setTimeout> | undefined} */ timer;

  open() {
    if (!this.dialog.childElementCount) this.#make();
    const {surface} = this.state.experiment;
    this.given = structuredClone(surface);
    this.model.value = (this.schema.models.find(({kind}) => kind === surface.kind) ?? this.schema.models[0]).kind;
    this.share.value = String(surface.test ?? 0);
    this.text.value = this.#current();
    this.#changed();
    this.#parameters();
    this.dialog.showModal();
    this.text.focus();
    this.text.select();
    this.text.scrollTop = 0;
  }

  #make() {
    this.text = element("textarea", {"aria-label": "Table", spellcheck: false, placeholder: "x,y\n0.5,0.2\n2.5,0.9", "aria-describedby": "import-refusal", oninput: () => this.#changed()});
    this.file = element("input", {type: "file", accept: ".csv,.txt,text/csv,text/plain", hidden: true, onchange: () => {
      this.#load(this.file.files?.[0]);
      this.file.value = "";
    }});
    this.refusal = element("p", {className: "refusal", id: "import-refusal", role: "alert"});
    this.rows = element("div", {className: "rows", tabIndex: 0, role: "group", "aria-label": "First rows, scrollable"});
    this.leftOut = element("div", {className: "left-out", role: "status"});
    this.model = element("select", {"aria-label": "Model", onchange: () => {
      this.#parameters();
      this.#shape();
    }}, ...this.schema.models.map(({kind, title}) => element("option", {value: kind, textContent: title})));
    this.inputs = element("div", {className: "inputs"});
    this.target = element("select", {"aria-label": "Target", onchange: () => this.#weigh()});
    this.fields = element("div", {className: "asked"});
    this.share = element("input", {type: "range", min: "0", max: "0.5", step: "0.05", "aria-label": "Held out", oninput: () => this.#weigh()});
    this.held = element("span", {className: "number"});
    this.warning = element("p", {className: "about"});
    this.use = element("button", {type: "button", className: "primary", textContent: "Use", onclick: () => this.#use()});
    const row = (/** @type {string} */ name, /** @type {Node[]} */ ...boxes) => element("div", {className: "field"}, element("span", {textContent: name}), ...boxes);
    this.choices = element("div", {className: "choices"}, row("model", this.model), this.inputs, row("target", this.target), this.fields,
      element("div", {className: "field slider"}, element("span", {textContent: "held out"}), this.share, this.held));
    this.dialog.append(
      element("h2", {id: "import-title", textContent: "Your data"}),
      element("p", {className: "about", textContent: "A table with names in its first line and numbers below, separated by commas, semicolons or tabs. Paste it, drop a file here, or choose one."}),
      this.text, this.file, this.refusal, this.rows, this.leftOut, this.choices, this.warning,
      element("div", {className: "actions"}, this.use,
        element("button", {type: "button", textContent: "Choose a file…", onclick: () => this.file.click()}),
        element("button", {type: "button", textContent: "Cancel", onclick: () => this.dialog.close()})),
    );
    // Browsers take minutes to paste very many lines, and no time to set them.
    this.text.addEventListener("paste", (event) => {
      const pasted = event.clipboardData?.getData("text") ?? "";
      if (pasted.length < 20_000) return;
      event.preventDefault();
      this.text.setRangeText(pasted, this.text.selectionStart, this.text.selectionEnd, "end");
      this.#changed();
    });
    this.dialog.addEventListener("dragover", (event) => event.preventDefault());
    this.dialog.addEventListener("drop", (event) => {
      if (!event.dataTransfer?.files.length) return;
      event.preventDefault();
      this.#load(event.dataTransfer.files[0]);
    });
  }

  /** @param {File | undefined} file */
  async #load(file) {
    if (!file) return;
    if (file.size > largest) {
      this.#refuse([`${file.name} has ${short(file.size / 2 ** 20)} MB; up to 2 are read.`]);
      return;
    }
    this.text.value = decoded(await file.arrayBuffer());
    this.#changed();
  }

  /** The examples that are shown now, as a table; nothing where they are not numbers in columns. */
  #current() {
    const {filled, experiment: {surface}} = this.state;
    const shown = filled?.surface.kind === surface.kind ? filled.surface : surface;
    const names = /** @type {string[]} */ (this.schema.facts(surface).lists ?? []);
    const columns = names.map((name) => shown[name]);
    if (!columns.length || !columns.every(Array.isArray)) return "";
    return [names.join(), ...columns[0].map((/** @type {number} */ _, /** @type {number} */ row) => columns.map((column) => column[row]).join())].join("\n");
  }

  #changed() {
    clearTimeout(this.timer);
    // An answer about the text as it was must not make it usable.
    this.reads.cancel();
    this.use.disabled = true;
    this.timer = setTimeout(() => this.reads.request(this.text.value), 200);
  }

  /** @param {string} text @param {AbortSignal} signal */
  async #read(text, signal) {
    this.table = null;
    if (text.trim()) {
      try {
        this.table = await server.table(text, signal);
        this.#refuse([]);
      } catch (error) {
        if (signal.aborted) return;
        const refused = error instanceof Problem && error.refused;
        this.#refuse(refused ? (error.errors.length ? error.errors.map(placed) : [error.message]) : ["The server cannot be reached."]);
      }
    } else {
      this.#refuse([]);
    }
    if (!signal.aborted) this.#shape();
  }

  /** @param {string[]} said */
  #refuse(said) {
    this.refusal.textContent = said.join("\n");
    this.text.setAttribute("aria-invalid", String(said.length > 0));
  }

  /** The chosen model. */
  get #kind() {
    return this.schema.models.find(({kind}) => kind === this.model.value) ?? this.schema.models[0];
  }

  /** Where a model takes examples of any number of inputs. */
  get #holder() {
    return this.#kind.facts.lists ? undefined : this.#kind.parameters.find(({examples}) => examples);
  }

  /** What the chosen model asks for in words or a choice: the rest has its place in the card of the surface. */
  #parameters() {
    const {lists = []} = this.#kind.facts;
    const asked = this.#holder ? [] : this.#kind.parameters.filter(({name, type}) => !lists.includes(name) && ["string", "words", "choice"].includes(type));
    const shown = asked.flatMap((parameter) => {
      const {name} = parameter;
      const one = control(parameter, (value) => {
        if (value === undefined) delete this.given[name];
        else this.given[name] = value;
      });
      if (!one) return [];
      const known = parameter.type !== "choice" || parameter.choices.includes(this.given[name]);
      one.show(known ? this.given[name] : undefined);
      return [{name, ...one}];
    });
    this.controls = shown;
    this.fields.replaceChildren(...shown.map(({element: field}) => field));
  }

  /** @type {Array<import("../../kit/fields.js").Control & {name: string}>} */ controls = [];

  /** Bring everything below the text up to date. */
  #shape() {
    const {table} = this;
    this.choices.hidden = this.rows.hidden = !table;
    this.leftOut.hidden = !table?.left_out.length;
    this.use.disabled = !table;
    this.warning.textContent = "";
    if (!table) return;
    const names = Object.keys(table.columns);
    const before = {inputs: this.#chosen(), target: this.target.value};
    const target = names.includes(before.target) ? before.target : names[names.length - 1];
    const kept = before.inputs.filter((name) => names.includes(name));
    const inputs = kept.length ? kept : [names.find((name) => name !== target) ?? names[0]];
    const option = (/** @type {string} */ name) => element("option", {value: name, textContent: name});
    this.target.replaceChildren(...names.map(option));
    this.target.value = target;
    if (this.#holder) {
      const boxes = names.map((name) => element("label", {className: "check"}, element("input", {
        type: "checkbox", name: "input", value: name, checked: kept.length > 1 ? kept.includes(name) : name !== target, onchange: () => this.#weigh(),
      }), name));
      this.inputs.replaceChildren(element("div", {className: "field", role: "group", "aria-label": "Inputs"}, element("span", {textContent: "inputs"}), element("div", {className: "checks"}, ...boxes)));
    } else {
      const select = element("select", {"aria-label": "Input", name: "input", onchange: () => this.#weigh()}, ...names.map(option));
      select.value = inputs[0];
      this.inputs.replaceChildren(element("div", {className: "field"}, element("span", {textContent: "input"}), select));
    }
    const head = element("tr", {}, ...names.map((name) => element("th", {scope: "col", textContent: name})));
    const body = Array.from({length: Math.min(preview, table.rows)}, (_, row) => element("tr", {}, ...names.map((name) => element("td", {textContent: short(table.columns[name][row], 6)}))));
    this.rows.replaceChildren(element("table", {}, element("caption", {textContent: `${table.rows} examples${table.rows > preview ? `, the first ${preview}:` : ":"}`}), element("thead", {}, head), element("tbody", {}, ...body)));
    const shown = table.left_out.slice(0, listed).map(leftOut);
    const more = table.left_out.length - shown.length;
    this.leftOut.replaceChildren("Left out:", element("ul", {}, ...shown, ...(more ? [element("li", {textContent: `and ${more} more ${more > 1 ? "columns" : "column"}`})] : [])));
    this.#weigh();
  }

  /** The names of the columns chosen as inputs. @returns {string[]} */
  #chosen() {
    return [.../** @type {NodeListOf<HTMLInputElement>} */ (this.inputs.querySelectorAll("[name=input]"))].filter((box) => box.checked || box.localName === "select").map(({value}) => value);
  }

  /** The surface that all this makes. @returns {Component} */
  #surface() {
    const {columns} = /** @type {Table} */ (this.table);
    const kind = this.#kind;
    const holder = this.#holder;
    const target = columns[this.target.value];
    const inputs = this.#chosen().map((name) => columns[name]);
    const kept = kind.parameters.filter(({name}) => name in this.given && name !== "domain" && !kind.facts.lists?.includes(name) && (this.given.kind === kind.kind || this.controls.some((one) => one.name === name)));
    const surface = /** @type {Component} */ ({kind: kind.kind, ...Object.fromEntries(kept.map(({name}) => [name, this.given[name]]))});
    const share = Number(this.share.value);
    if (share) surface.test = share;
    else delete surface.test;
    if (holder) return {...surface, [holder.name]: {x: target.map((_, row) => inputs.map((column) => column[row])), y: target}};
    const [first, second] = kind.facts.lists;
    return {...surface, [first]: inputs[0], [second]: target};
  }

  /** Say how the examples are divided, and whether the scene is still small enough for a link. */
  #weigh() {
    const {table} = this;
    if (!table) return;
    const held = Math.round(Number(this.share.value) * table.rows);
    this.held.textContent = held ? `${held} of ${table.rows}` : "none";
    this.share.setAttribute("aria-valuetext", this.held.textContent);
    const {descents, ...rest} = this.state.experiment;
    const small = fits({...this.state.scene, experiment: {...rest, descents, surface: this.#surface()}});
    this.warning.textContent = small ? "" : "So many examples do not fit in a link: save the scene as a file with Export to keep or share it.";
  }

  /** Say what was refused at the field it is about. @param {import("../../server/api.js").FieldError[]} refusals @returns {string[]} the words that have no such place */
  #place(refusals) {
    for (const {name, refuse} of this.controls) refuse(refusals.filter(({path}) => path.includes(name)));
    const rest = refusals.filter(({path}) => !this.controls.some(({name}) => path.includes(name)));
    return rest.length ? [words(rest)] : [];
  }

  async #use() {
    const surface = this.#surface();
    if (this.#holder && !this.#chosen().length) {
      this.#refuse(["Choose at least one column as an input."]);
      return;
    }
    this.use.disabled = true;
    try {
      const {experiment} = this.state;
      await server.contour({...question({experiment: {...experiment, surface}, window: null, ground: "train"}, this.schema), resolution: 20});
    } catch (error) {
      if (!(error instanceof Problem || error instanceof Unreachable)) throw error;
      this.#refuse(error instanceof Problem && error.errors.length ? this.#place(error.errors) : [error.message]);
      return;
    } finally {
      this.use.disabled = false;
    }
    this.#place([]);
    this.dialog.close();
    this.take(surface);
  }
}
