// @ts-check
/** Whether the landscape is seen as a map, as a surface in three dimensions, or as both; the surface is loaded when it is first wanted. */

import {element} from "../../kit/dom.js";

/** @typedef {"2d" | "3d" | "both"} View */

/** @type {Array<[View, string]>} */
const choices = [["2d", "2-D"], ["3d", "3-D"], ["both", "both"]];

/** Whether the browser can draw in three dimensions. */
function capable() {
  const context = document.createElement("canvas").getContext("webgl");
  context?.getExtension("WEBGL_lose_context")?.loseContext();
  return context !== null;
}

/** The eye of a link, which anybody may have typed. @param {any} eye @returns {import("./figure3d.js").Eye | null} */
function checked(eye) {
  const ends = [eye?.x, eye?.y, eye?.z];
  return ends.every((value) => typeof value === "number" && Math.abs(value) <= 10) && Math.hypot(...ends) > 0.05 ? {x: ends[0], y: ends[1], z: ends[2]} : null;
}

export class Views {
  /**
   * @param {HTMLElement} region of the map @param {import("../map/map.js").LandscapeMap} map @param {import("../../session/state.js").State} state
   * @param {import("../../session/clock.js").Clock} clock @param {import("../../draw/theme.js").Theme} theme @param {import("../../session/schema.js").Schema} schema
   */
  constructor(region, map, state, clock, theme, schema) {
    this.map = map;
    this.state = state;
    this.clock = clock;
    this.theme = theme;
    this.schema = schema;
    this.room = /** @type {HTMLElement} */ (region.querySelector(".views"));
    /** @type {View} */ this.chosen = "2d";
    /** @type {any} */ this.plotly = null;
    /** @type {import("./surface3d.js").Surface3d | null} */ this.surface = null;
    /** @type {boolean | null} */ this.able = null;
    this.loading = false;
    /** The camera that was asked for last. */ this.seenFrom = "null";
    this.radios = choices.map(([value]) => element("input", {type: "radio", name: "view", value, checked: value === "2d", onchange: () => this.choose(value)}));
    this.note = element("p", {className: "unable", role: "status"});
    this.pane = element("section", {className: "surface3d", "aria-label": "Loss surface in 3-D", hidden: true});
    this.room.append(this.pane, this.note);
    region.querySelector(".tools")?.prepend(
      element("fieldset", {className: "view", title: "Map, surface, or both (3)"}, element("legend", {className: "visually-hidden", textContent: "Map"}),
        ...choices.map(([, name], i) => element("label", {}, this.radios[i], element("span", {textContent: name})))));
    state.on("experiment", () => this.#take(state.view.map));
    new ResizeObserver(() => this.#arrange()).observe(this.room);
  }

  /** Whether the surface is drawn as it is known. */
  get still() {
    return this.chosen === "2d" || !this.able || (!this.loading && (this.surface?.still ?? false));
  }

  /** What the surface shows. */
  get seen() {
    return this.chosen === "2d" ? null : this.surface?.seen ?? null;
  }

  /** Plotly has arrived. @param {any} plotly */
  async attach(plotly) {
    this.plotly = plotly;
    await this.#show();
  }

  /** The user's choice. @param {View} view */
  choose(view) {
    this.#keep({map: view});
    this.#take(view);
  }

  /** From the map to the surface and back. */
  toggle() {
    this.choose(this.chosen === "2d" ? "3d" : "2d");
  }

  /** @param {any} asked */
  #take(asked) {
    const view = choices.find(([value]) => value === asked)?.[0] ?? "2d";
    const wanted = view !== "2d";
    if (wanted) this.able ??= capable();
    if (wanted && !this.able) this.#refuse();
    this.chosen = this.able ? view : "2d";
    this.radios.forEach((radio) => (radio.checked = radio.value === this.chosen));
    this.room.dataset.view = this.chosen;
    this.pane.hidden = this.chosen === "2d";
    const from = JSON.stringify(this.state.view.camera ?? null);
    if (from !== this.seenFrom) this.surface?.draw();
    this.seenFrom = from;
    this.#arrange();
    this.#show();
  }

  /** Without WebGL there is nothing to see in three dimensions: said, and the map stays. */
  #refuse() {
    this.able = false;
    this.note.textContent = "This browser cannot draw in 3-D: WebGL is missing or switched off. The map shows the same loss.";
    for (const radio of this.radios) radio.disabled = radio.value !== "2d";
  }

  /** Keep how it is looked at, in the scene and its link. @param {{map?: View, camera?: import("./figure3d.js").Eye | null}} change */
  #keep(change) {
    this.seenFrom = JSON.stringify(change.camera ?? this.state.view.camera ?? null);
    this.state.look(change);
  }

  /** Side by side where there is more room across than down. */
  #arrange() {
    const {clientWidth, clientHeight} = this.room;
    this.room.classList.toggle("beside", clientWidth > 1.35 * clientHeight);
  }

  async #show() {
    if (!this.surface && this.chosen !== "2d" && this.plotly && !this.loading) {
      this.loading = true;
      const {Surface3d} = await import("./surface3d.js").finally(() => (this.loading = false));
      this.surface = new Surface3d(this.pane, this.plotly, this.map, this.state, this.clock, this.theme, this.schema, {
        camera: () => checked(this.state.view.camera),
        moved: (camera) => this.#keep({camera}),
        failed: () => {
          this.#refuse();
          this.#take("2d");
        },
      });
    }
    this.surface?.show(this.chosen !== "2d");
  }
}
