// @ts-check
/** Inside an optimizer: the update that leaves the clock's step, in arrows, pictures, equations and, part by part, in words. */

import {glyph} from "../../draw/marks.js";
import {element} from "../../kit/dom.js";
import {choices, key as lettersKey, letter, roles, spelled} from "../../kit/notation.js";
import {short} from "../../kit/numbers.js";
import {Problem, server, Unreachable} from "../../server/api.js";
import {Latest} from "../../server/latest.js";
import {Arrows, swatch} from "./arrows.js";
import {equations} from "./equations.js";
import {chain, squares} from "./pictures.js";
import {everything, here, story, velocity, whole} from "./story.js";

/** @typedef {import("./story.js").Update} Update */

/** While it plays or a start is dragged, an update is asked for no more often than this, in milliseconds. */
const pause = 200;
const nothing = {questions: 0, memory: false, divisor: false, step: false};

export class Inside {
  choice = element("select", {"aria-label": "Descent looked into", onchange: () => this.state.choose(Number(this.choice.value))});
  mark = element("span", {className: "mark"});
  back = element("button", {type: "button", textContent: "Previous", "aria-label": "Previous sub-step", title: "Previous sub-step (,)", onclick: () => this.move(-1)});
  next = element("button", {type: "button", className: "primary", textContent: "Next sub-step", title: "Next sub-step (.)", onclick: () => this.move(1)});
  count = element("span", {className: "number"});
  all = element("button", {type: "button", className: "plain", textContent: "whole", title: "Show the whole update", "aria-label": "Whole update", onclick: () => this.#tell(null)});
  overview = element("p", {className: "overview"});
  sentence = element("p", {className: "sentence", "aria-live": "polite"});
  note = element("p", {className: "note", hidden: true});
  lines = element("div", {className: "equations", tabIndex: 0, role: "group", "aria-label": "Equations of the update"});
  pictures = element("div", {className: "pictures"});
  legend = element("ul", {className: "arrows", "aria-label": "Arrows on the map"});
  /** @type {Array<[import("../../kit/notation.js").Role, HTMLSelectElement]>} */
  letters = roles.map((role) => [role, element("select", {
    "aria-label": `Letter of the ${role}`, onchange: () => this.state.look({notation: Object.fromEntries(this.letters.map(([name, select]) => [name, select.value]))}),
  }, ...choices[role].map((one) => element("option", {textContent: one})))]);
  body = element("div", {className: "body"}, this.lines, this.pictures);
  key = element("div", {className: "inside-key", hidden: true}, this.legend);

  /**
   * @param {HTMLElement} region @param {import("../map/map.js").LandscapeMap} map @param {import("../../session/state.js").State} state @param {import("../../session/schema.js").Schema} schema
   * @param {import("../../session/clock.js").Clock} clock @param {import("../../draw/theme.js").Theme} theme
   */
  constructor(region, map, state, schema, clock, theme) {
    this.region = region;
    this.map = map;
    this.state = state;
    this.schema = schema;
    this.clock = clock;
    this.arrows = new Arrows(map.stage, map.axes, clock, theme);
    this.latest = new Latest((question, signal) => this.#ask(question, signal));
    /** What was asked for last, and what is shown. */ this.asked = "";
    this.shown = "";
    this.since = 0;
    /** @type {ReturnType<typeof setTimeout> | undefined} */ this.timer = undefined;
    /** @type {{update: Update, parts: import("./story.js").Part[], descent: number} | null} */ this.told = null;
    /** Which part of the update is being told; null for the whole. @type {number | null} */ this.part = null;
    /** The step that telling goes on to. @type {number | null} */ this.goes = null;
    this.step = -1;
    /** Whether there is anything to take away when it is closed. */ this.drawn = false;
    this.button = element("button", {
      type: "button", textContent: "Inside", title: "What an optimizer does in one update (I)", "aria-expanded": "false", "aria-controls": region.id,
      onclick: () => this.toggle(),
    });
    map.stage.append(this.key);
    region.append(
      element("div", {className: "front"},
        element("div", {className: "head"}, element("h2", {textContent: "Inside"}), this.mark, this.choice,
          element("button", {type: "button", className: "icon", textContent: "×", title: "Close (Escape)", "aria-label": "Close", onclick: () => this.toggle()})),
        element("div", {className: "walk"}, this.back, this.next, this.count, this.all),
        this.overview, this.sentence),
      this.note, this.body,
      element("div", {className: "letters", role: "group", "aria-label": "Letters"}, ...this.letters.map(([role, select]) => element("label", {}, role, select))),
    );
    for (const topic of /** @type {const} */ (["experiment", "answer", "frames", "chosen", "view"])) state.on(topic, () => this.#show());
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.defaultPrevented || !this.open || document.querySelector("dialog[open]")) return;
      event.preventDefault();
      this.toggle();
    });
    clock.draw.push(() => this.#draw());
  }

  get open() {
    return this.state.view.panel === "inside";
  }

  /** Whether it shows what is asked for. */
  get still() {
    return !this.open || this.clock.playing || (!this.latest.current && this.shown === this.asked);
  }

  /** What it shows: a look inside for tests and curious people. */
  get seen() {
    const {told, part, arrows} = this;
    if (!this.open || !told) return null;
    return {step: told.update.step, descent: told.descent, part, parts: told.parts.length, update: told.update, ...arrows.seen};
  }

  toggle() {
    const within = this.region.contains(document.activeElement);
    this.part = null;
    this.state.look({panel: this.open ? null : "inside"});
    if (this.open) this.next.focus({preventScroll: true});
    else if (within) this.button.focus();
  }

  /** Tell the next part of the update, or the one before; beyond these it goes on to the neighbouring step. @param {1 | -1} by */
  move(by) {
    const {told, clock} = this;
    if (!this.open || !told) return;
    if (clock.playing) clock.pause();
    const {step} = told.update;
    if (this.part === null) {
      if (clock.position !== step) clock.seek(step);
      this.#tell(by > 0 ? 0 : told.parts.length - 1);
    } else if (told.parts[this.part + by]) {
      this.#tell(this.part + by);
    } else if (step + by >= 0 && step + by < this.#updates) {
      this.goes = step + by;
      this.part = by > 0 ? 0 : Infinity;
      clock.move(by);
    } else {
      this.sentence.textContent = by > 0 ? this.#ending : "This is the first update.";
    }
  }

  get #trajectory() {
    return this.state.buffer?.trajectories[this.state.chosen];
  }

  /** How many updates the chosen descent has made. */
  get #updates() {
    return Math.max(0, this.#trajectory?.last ?? 0);
  }

  get #ending() {
    const {end, label} = this.#trajectory ?? {};
    return end ? `${label} makes no further update: ${end.reason ?? end.status}.` : "Nothing further has been computed.";
  }

  /** @param {number | null} part */
  #tell(part) {
    this.part = part;
    this.#part();
    this.clock.wake();
  }

  /** The controls as the view has them. */
  #show() {
    const {state, open} = this;
    this.region.hidden = !open;
    this.button.setAttribute("aria-expanded", String(open));
    if (open) {
      const labels = state.buffer?.trajectories.map(({label}) => label) ?? [];
      if (labels.join("\n") !== [...this.choice.options].map(({text}) => text).join("\n")) this.choice.replaceChildren(...labels.map((label, i) => element("option", {value: String(i), textContent: label})));
      this.choice.value = String(state.chosen);
      this.mark.replaceChildren(glyph(state.chosen));
      for (const [role, select] of this.letters) select.value = letter(role);
    }
    this.#draw();
    this.clock.wake();
  }

  #draw() {
    const {state, clock, told} = this;
    const {buffer, chosen} = state;
    if (!this.open) {
      this.#close();
      return;
    }
    this.drawn = true;
    const step = Math.min(Math.floor(clock.position), this.#updates - 1);
    if (step !== this.step || clock.playing) {
      if (step !== this.goes) this.#leave();
      this.step = step;
      this.goes = null;
    }
    if (buffer) this.#want(`${buffer.key} ${chosen} ${step}`, step);
    const reached = told && this.part !== null ? told.parts[Math.min(this.part, told.parts.length - 1)].reached : told ? everything(told.update) : nothing;
    this.arrows.draw(told?.update ?? null, reached, told?.descent ?? 0, this.shown + lettersKey());
    if (told) this.#legend(told.update);
  }

  /** Nothing is left of what was shown; once, for the frames go on. */
  #close() {
    if (!this.drawn) return;
    this.drawn = false;
    clearTimeout(this.timer);
    if (this.asked) this.latest.cancel();
    [this.asked, this.shown, this.told, this.part] = ["", "", null, null];
    this.key.hidden = true;
    this.arrows.draw(null, nothing, 0, "");
  }

  /** The clock went on by itself: the whole update is shown again. */
  #leave() {
    if (this.part === null) return;
    this.part = null;
    this.#part();
  }

  /** @param {string} key @param {number} step */
  #want(key, step) {
    const {buffer, chosen, manner} = this.state;
    const words = `${key} ${lettersKey()}`;
    if (words === this.asked || !buffer) return;
    if (step < 0) {
      if (!buffer.complete) return;
      this.asked = this.shown = words;
      this.told = null;
      this.#say(this.#ending);
      return;
    }
    const left = pause - (performance.now() - this.since);
    if ((this.clock.playing || manner === "dragging") && left > 0) {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.clock.wake(), left);
      return;
    }
    this.asked = words;
    this.since = performance.now();
    this.latest.request({buffer, descent: chosen, step, words});
  }

  /** @param {{buffer: import("../../session/buffer.js").Buffer, descent: number, step: number, words: string}} question @param {AbortSignal} signal */
  async #ask({buffer, descent, step, words}, signal) {
    try {
      const update = await server.update({experiment: buffer.experiment, descent, step}, signal);
      if (!this.open) return;
      this.told = {update, parts: story(update), descent};
      if (this.part !== null) this.part = Math.min(this.part, this.told.parts.length - 1);
      this.#say("");
      this.#fill(this.told.update);
    } catch (error) {
      if (!(error instanceof Problem || error instanceof Unreachable)) throw error;
      this.told = null;
      this.#say(error instanceof Problem ? error.message : "The server cannot be reached.");
    }
    this.shown = words;
    this.#part();
    this.clock.wake();
  }

  /** Something in the place of an update. @param {string} text */
  #say(text) {
    this.note.hidden = !text;
    this.note.textContent = text;
    this.body.hidden = Boolean(text);
    this.key.hidden = Boolean(text);
  }

  /** @param {Update} update */
  #fill(update) {
    const names = this.schema.letters(this.state.experiment.surface) ?? ["x", "y"];
    const projection = this.map.axes.read();
    const stretch = projection ? projection.scaleY / projection.scaleX : 1;
    // What is left beside the names, in letters of that size.
    const room = this.lines.clientWidth / (0.6 * parseFloat(getComputedStyle(this.lines).fontSize)) - 15;
    this.lines.replaceChildren(...equations(update, names, Math.max(20, room)));
    const pictures = /** @type {HTMLElement[]} */ ([squares(update, names), chain(update, names, stretch)].filter(Boolean));
    if (!pictures.length && !Object.keys(update.next_state).length) pictures.push(element("p", {className: "hint", textContent: "Nothing is remembered from one step to the next."}));
    this.pictures.replaceChildren(...pictures);
  }

  /** Which arrow is which, and how long it is. @param {Update} update */
  #legend(update) {
    const {step, gradient} = this.arrows.seen?.scales ?? {step: 1, gradient: null};
    const total = velocity(update);
    const times = gradient === null ? "" : spelled("α");
    const entries = /** @type {Array<[import("./arrows.js").Look, string, string]>} */ ([
      ["step", `var(--path-${this.state.chosen % 8})`, step === 1 ? "step" : step > 1e4 ? "step (direction)" : `step, ${short(step)} × as long`],
      ["gradient", "var(--ink)", `downhill, −${times}∇f${times ? "" : " (direction)"}`],
      ...(total ? [["velocity", "var(--accent)", `memory, −${times}${total.letter}`]] : []),
      ...(update.questions.some((question) => !here(update, question)) ? [["asked", "var(--ink)", "∇f asked there"]] : []),
    ]);
    const written = entries.flat().join();
    if (written === this.legend.dataset.written) return;
    this.legend.dataset.written = written;
    this.legend.replaceChildren(...entries.map(([look, colour, words]) => element("li", {}, swatch(look, colour), words)));
  }

  /** The part that is told. */
  #part() {
    const {told, part} = this;
    const one = told && part !== null ? told.parts[part] : null;
    this.count.textContent = one ? `${(part ?? 0) + 1} of ${told?.parts.length}` : "";
    this.all.hidden = !one;
    this.overview.textContent = told && !one ? `${Math.floor(this.clock.position) > told.update.step && !this.clock.playing ? `${this.#ending} ` : ""}${whole(told.update)}` : "";
    if (this.sentence.textContent !== (one?.sentence ?? "")) this.sentence.textContent = one?.sentence ?? "";
    [...this.lines.children].forEach((line, i) => {
      const current = one?.line === i;
      line.classList.toggle("current", current);
      if (current) line.setAttribute("aria-current", "step");
      else line.removeAttribute("aria-current");
      line.setAttribute("data-mark", current ? one.mark : "");
      // The numbers of what has not happened yet are not there yet.
      line.classList.toggle("ahead", Boolean(one && !told?.parts.some((each, k) => k <= (part ?? 0) && each.line === i && each.mark === "line")));
    });
    const gathered = one?.reached.memory && part && !told?.parts[part - 1].reached.memory;
    this.pictures.querySelector(".squares")?.classList.toggle("current", one?.mark === "divisor");
    this.pictures.querySelector(".chain")?.classList.toggle("current", Boolean(gathered));
    for (const current of [...this.body.querySelectorAll(".current")].reverse()) current.scrollIntoView({block: "nearest"});
  }
}
