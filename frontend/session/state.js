// @ts-check
/**
 * What happened: the scene as the user left it, and what the server answered. Nothing here draws or asks.
 *
 * @typedef {{kind: string, [parameter: string]: any}} Component
 * @typedef {{label?: string, optimizer?: Component, learning_rate?: number | Component, gradient?: Component, average?: Component,
 *            start?: [number, number] | "random"}} Descent
 * @typedef {{version?: number, surface: Component, descents: Descent[], steps?: number, seed?: number, stop?: object}} Experiment
 * @typedef {{question: string, choices: string[], answer: number}} Predict
 * @typedef {{title?: string, text?: string, predict?: Predict, look_for?: string, try?: string, experiment: Experiment, view?: View}} Scene
 * @typedef {{speed?: number, step?: number, [what: string]: any}} View what is shown, never what is computed; it may come from a link, unchecked
 * @typedef {{x: [number, number], y: [number, number]}} Window
 * @typedef {"experiment" | "answer" | "frames" | "landscape" | "window" | "refusal" | "busy" | "theme" | "chosen" | "ground" | "view" | "opened" | "revealed"} Topic
 * @typedef {"start over" | "in place" | "dragging"} Manner how the picture takes up a changed experiment
 */

/**
 * A document with the words that another writes in its own way; itself if there are none.
 * @template T @param {T} written @param {any} filled the same with its defaults @returns {T}
 */
function rewritten(written, filled) {
  if (typeof written === "string" && typeof filled === "string") return /** @type {T} */ (filled);
  if (!written || !filled || typeof written !== "object" || typeof filled !== "object") return written;
  const parts = Object.entries(written).map(([name, part]) => [name, rewritten(part, filled[name])]);
  if (parts.every(([name, part]) => part === /** @type {any} */ (written)[name])) return written;
  return /** @type {T} */ (Array.isArray(written) ? parts.map(([, part]) => part) : Object.fromEntries(parts));
}

export class State {
  /** @type {Scene} */ scene = {experiment: {surface: {kind: ""}, descents: []}};
  /** The experiment with every default filled in, as the server answered it. @type {Experiment | null} */ filled = null;
  /** @type {import("./buffer.js").Buffer | null} */ buffer = null;
  /** @type {import("./landscape.js").Landscape | null} */ landscape = null;
  /** The part of the plane the map shows. @type {Window | null} */ window = null;
  /** The part of it that is worth showing, as the schema or the server knows it. @type {Window | null} */ domain = null;
  /** Which descents' rates the user has set himself, so that no recommendation replaces them. @type {boolean[]} */ tuned = [];
  /** What the server refused, by field. @type {import("../server/api.js").FieldError[]} */ refusals = [];
  /** Which examples' loss the map shows. @type {"train" | "test"} */ ground = "train";
  /** @type {Manner} */ manner = "start over";
  /** Set once anything differs from the scene that was opened. */ edited = false;
  /** Where in the lectures the scene is, "lecture/scene". @type {string | null} */ place = null;
  /** Whether somebody can read a scene's question. */ asks = true;
  /** Whether the scene's question is still to be answered: nothing moves before. */ waiting = false;
  /** The step at which a scene that was opened wants to be seen, rather than to play. @type {number | null} */ first = null;

  /** @type {Map<Topic, Array<() => void>>} */ #listeners = new Map();

  /** @param {Topic} topic @param {() => void} listener */
  on(topic, listener) {
    this.#listeners.set(topic, [...(this.#listeners.get(topic) ?? []), listener]);
  }

  /** @param {Topic} topic */
  tell(topic) {
    for (const listener of this.#listeners.get(topic) ?? []) listener();
  }

  /** @param {Scene} scene @param {string | null} [place] */
  open(scene, place = null) {
    this.scene = scene;
    this.place = place;
    this.waiting = this.asks && Boolean(scene.predict);
    this.first = scene.view?.step ?? null;
    this.tuned = scene.experiment.descents.map(() => false);
    this.window = null;
    this.ground = "train";
    this.edited = false;
    this.manner = "start over";
    this.tell("opened");
    this.tell("experiment");
  }

  /** The question has been answered, or passed over. */
  reveal() {
    if (!this.waiting) return;
    this.waiting = false;
    this.tell("revealed");
  }

  /**
   * Change the experiment; everybody who shows or computes it hears of it.
   * @param {(experiment: Experiment) => void} change works on a copy
   * @param {Manner} manner
   */
  edit(change, manner) {
    const experiment = structuredClone(this.scene.experiment);
    change(experiment);
    const {kind, domain} = this.experiment.surface;
    const moved = experiment.surface.kind !== kind || String([domain?.x, domain?.y]) !== String([experiment.surface.domain?.x, experiment.surface.domain?.y]);
    const {window, ...rest} = this.view;
    const view = moved ? rest : this.view;
    if (moved) this.window = null;
    if (experiment.surface.kind !== kind || (this.experiment.surface.test && !experiment.surface.test)) this.ground = "train";
    // A scene's words are about its surface; a lecture's say themselves what to try instead.
    const kept = experiment.surface.kind === kind || this.place;
    this.scene = kept ? {...this.scene, experiment, view} : {experiment, view};
    this.edited = true;
    this.manner = manner;
    this.tell("experiment");
  }

  /** Take over what the server wrote in its own way: formulas that were pasted. @param {Experiment} filled */
  rewrite(filled) {
    const experiment = rewritten(this.experiment, filled);
    if (experiment === this.experiment) return;
    this.scene = {...this.scene, experiment};
    this.tell("view");
  }

  /** The index of the descent that is looked at closely. */
  get chosen() {
    const {descent} = this.view;
    return Number.isInteger(descent) ? Math.max(0, Math.min(descent, this.experiment.descents.length - 1)) : 0;
  }

  /** @param {number} descent */
  choose(descent) {
    this.look({descent});
    this.tell("chosen");
  }

  /** @returns {View} */
  get view() {
    return this.scene.view ?? {};
  }

  /** Change what is shown. @param {View} change */
  look(change) {
    this.scene = {...this.scene, view: {...this.view, ...change}};
    this.edited = true;
    this.tell("view");
  }

  get experiment() {
    return this.scene.experiment;
  }
}
