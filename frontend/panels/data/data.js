// @ts-check
/** The panel of the data: the examples, and what the models of the descents make of them while they are trained. */

import {Sheet} from "../../draw/ink.js";
import {glyph} from "../../draw/marks.js";
import {element} from "../../kit/dom.js";
import {short} from "../../kit/numbers.js";
import {batchAt, Models, predicted} from "./model.js";
import {boundary, curve, extents, rings, still} from "./picture.js";
import {examplesTable} from "./table.js";

/** @param {number} share */
const percent = (share) => `${short(100 * share)} %`;

/** @param {Element} node @param {string} text */
function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

export class DataPanel {
  /**
   * @param {HTMLElement} region @param {HTMLDialogElement} dialog @param {import("../../session/state.js").State} state @param {import("../../session/schema.js").Schema} schema
   * @param {import("../../session/clock.js").Clock} clock @param {import("../../draw/theme.js").Theme} theme @param {() => void} openBatches
   */
  constructor(region, dialog, state, schema, clock, theme, openBatches) {
    this.region = region;
    this.state = state;
    this.schema = schema;
    this.clock = clock;
    this.theme = theme;
    const canvas = (/** @type {string} */ name) => element("canvas", {className: name, "aria-hidden": "true"});
    const [field, ground, live] = ["tones", "points", "moving"].map(canvas);
    this.picture = element("div", {className: "stage", role: "img", tabIndex: 0}, field, ground, live);
    this.choice = element("select", {"aria-label": "Shown descent", onchange: () => state.choose(Number(this.choice.value))});
    this.legend = element("ul", {className: "legend"});
    this.batch = element("p", {className: "number"});
    this.trained = element("span", {className: "number"});
    this.tested = element("span", {className: "number"});
    this.accuracy = element("p", {className: "accuracy"}, this.trained, this.tested);
    this.note = element("p", {className: "note", hidden: true});
    this.batches = element("button", {type: "button", textContent: "Batches…", title: "Gradients of mini-batches around that of all examples", "aria-haspopup": "dialog", onclick: openBatches});
    region.append(this.picture, this.note, element("div", {className: "side"},
      element("div", {className: "head"}, element("h2", {textContent: "Data"}), this.choice), this.batch, this.accuracy, this.legend,
      element("div", {className: "actions"}, this.batches, element("button", {
        type: "button", textContent: "Table…", title: "The examples as a table", "aria-label": "Table of the examples", "aria-haspopup": "dialog",
        onclick: () => this.models.any && examplesTable(dialog, this.models, state, clock),
      }))));
    const resized = () => {
      this.drawn = "";
      clock.wake();
    };
    this.field = new Sheet(field, resized);
    this.ground = new Sheet(ground, resized);
    this.live = new Sheet(live, resized);
    /** @type {import("../../draw/axes.js").Projection | null} */ this.projection = null;
    /** What the picture shows: the same is not drawn twice. */ this.drawn = "";
    /** The same of what stands still in it. */ this.grounded = "";
    this.edition = 0;
    this.models = new Models(state, clock, (surface) => schema.facts(surface).data === true, () => {
      this.edition += 1;
      clock.wake();
    });
    for (const topic of /** @type {const} */ (["experiment", "answer"])) state.on(topic, () => this.#show());
    state.on("chosen", () => {
      this.choice.value = String(state.chosen);
      resized();
    });
    theme.changed.push(() => {
      this.grounded = "";
      resized();
    });
    clock.turned.push(() => clock.wake());
    clock.draw.push(() => this.draw());
  }

  /** Whether everything is drawn that is asked for. */
  get still() {
    return this.region.hidden || this.models.settled;
  }

  /** What the picture shows, in units of the data: a look inside for tests and curious people. */
  get seen() {
    const {models, state: {chosen}, clock: {position}} = this;
    const model = models.any;
    if (this.region.hidden || !model) return null;
    const curves = models.shown.map((i) => ({i, one: models.at(i, position)})).filter(({one}) => one?.width);
    return {
      task: model.task, examples: model.train.y.length, held: model.test?.y.length ?? 0, batch: this.#batch(position)?.batch ?? null,
      predictions: curves.map(({i, one}) => ({descent: i, inputs: one?.inputs, outputs: one && Array.from(predicted(one, position))})),
      chosen, frame: this.projection && {x: this.projection.across.range, y: this.projection.up.range},
    };
  }

  /** Whether the surface is made of examples. */
  #used() {
    return this.schema.facts(this.state.experiment.surface).data === true;
  }

  #show() {
    this.region.hidden = !this.#used();
    if (this.region.hidden) return;
    const labels = this.state.buffer?.trajectories.map(({label}) => label) ?? [];
    const options = labels.map((textContent, i) => element("option", {value: String(i), textContent}));
    this.choice.replaceChildren(...options);
    this.choice.value = String(this.state.chosen);
    this.choice.hidden = labels.length < 2;
    this.edition += 1;
    this.clock.wake();
  }

  draw() {
    const {models, state, theme, clock: {position}} = this;
    const model = models.any;
    if (this.region.hidden || !this.live.width) return;
    const drawn = [this.edition, position, state.chosen, this.ground.edition].join();
    if (drawn === this.drawn) return;
    const anew = drawn.split(",")[0] !== this.drawn.split(",")[0];
    this.drawn = drawn;
    this.field.clear();
    this.live.clear();
    const none = !model || model.task === "none";
    this.note.hidden = !none || !model;
    this.picture.hidden = none && Boolean(model);
    if (!model) {
      this.ground.clear();
      this.grounded = "";
      return;
    }
    if (none) {
      write(this.note, `The examples have ${model.names.length - 1} inputs: too many for a picture.`);
    } else {
      if (anew || !this.projection) this.#still(model);
      this.#models(model, position);
    }
    this.#words(model, position);
  }

  /** Axes and examples; of many examples only once. @param {import("./model.js").Model} model */
  #still(model) {
    const {models, ground, theme} = this;
    const range = extents([model, ...models.sampled.filter((one) => one !== undefined && one !== model)]);
    const grounded = [models.surface, ...range.x, ...range.y, ground.edition].join();
    this.#legend(model);
    if (grounded === this.grounded) return;
    this.grounded = grounded;
    this.projection = still(ground, model, range, theme);
  }

  /** @param {import("./model.js").Model} model @param {number} position */
  #models(model, position) {
    const {projection, models, theme, state} = this;
    if (!projection) return;
    if (model.task === "boundary") boundary(this.field.context, projection, models.at(state.chosen, position) ?? model, position, state.chosen, theme);
    else for (const i of [...models.shown].reverse()) {
      const one = models.at(i, position);
      if (one?.width) curve(this.live.context, projection, one, position, i, theme);
    }
    const used = this.#batch(position);
    if (used) rings(this.live.context, projection, model, used.batch, theme);
  }

  /** The examples that the chosen descent's update at this position uses; null where these are all. @param {number} position */
  #batch(position) {
    const {models, state: {chosen}} = this;
    const step = Math.floor(position);
    const model = models.precise[chosen]?.steps[0] === step ? models.precise[chosen] : models.sampled[chosen];
    return model ? batchAt(model, step) : null;
  }

  /** @param {import("./model.js").Model} model */
  #legend(model) {
    const entry = (/** @type {Node | string} */ mark, /** @type {string} */ text) => element("li", {}, mark, text);
    const sign = (/** @type {string} */ name) => element("i", {className: name, "aria-hidden": "true"});
    const {length} = model.train.y;
    const held = model.test ? [entry(sign("hollow"), `${model.test.y.length} held out`)] : [];
    if (model.task === "boundary") {
      const marks = [0, 1].map((label) => {
        const mark = glyph(label ? 2 : 0);
        mark.style.setProperty("--colour", `var(--class-${label})`);
        return entry(mark, `${model.names.at(-1)} ${label}`);
      });
      this.legend.replaceChildren(...marks, ...held);
    } else {
      this.legend.replaceChildren(entry(sign("filled"), `${length} example${length === 1 ? "" : "s"}`), ...held);
    }
    if (model.batches.some(({length: used}) => used)) this.legend.append(entry(sign("batched"), "this step's batch"));
  }

  /** @param {import("./model.js").Model} model @param {number} position */
  #words(model, position) {
    const {state: {chosen, buffer}} = this;
    const trajectory = buffer?.trajectories[chosen];
    const count = model.train.y.length;
    const used = this.#batch(position);
    const step = Math.min(Math.floor(position), trajectory?.last ?? 0);
    const where = used && used.step !== step ? `step ${used.step}: ` : "";
    write(this.batch, used ? `${where}batch of ${used.batch.length} of ${count}` : `all ${count} examples at every step`);
    this.live.canvas.dataset.batch = used ? used.batch.join() : "";
    const accuracy = trajectory?.accuracy?.[step] ?? NaN;
    const tested = trajectory?.test_accuracy?.[step] ?? NaN;
    write(this.trained, Number.isFinite(accuracy) ? `accuracy ${percent(accuracy)}` : "");
    write(this.tested, Number.isFinite(tested) ? `held out ${percent(tested)}` : "");
    if (!this.clock.playing) this.#describe(model, position, used?.batch.length);
  }

  /** The picture in words. @param {import("./model.js").Model} model @param {number} position @param {number} [batch] */
  #describe(model, position, batch) {
    const {models, state: {chosen, buffer}} = this;
    const inputs = model.names.slice(0, -1).join(" and ");
    const known = models.at(chosen, position) ?? model;
    const heights = model.task === "curve" && known.width ? predicted(known, position) : null;
    const label = buffer?.trajectories[chosen]?.label ?? "";
    const text = [
      `${model.train.y.length} examples of ${model.names.at(-1)} by ${inputs}${model.test ? `, and ${model.test.y.length} held out` : ""}.`,
      heights ? `At step ${Math.floor(position)} ${label} predicts ${short(heights[0])} at ${inputs} ${short(model.inputs[0])} and ${short(heights[heights.length - 1])} at ${short(model.inputs[model.inputs.length - 1])}.` : "",
      model.task === "boundary" ? `The line where ${label} is undecided at step ${Math.floor(position)}; ${this.trained.textContent}.` : "",
      batch ? `${batch} of them are this step's batch.` : "",
    ].filter(Boolean).join(" ");
    if (this.picture.getAttribute("aria-label") !== text) this.picture.setAttribute("aria-label", text);
  }
}
