// @ts-check
/** All surfaces as small maps, grouped by what they teach. */

import {relief} from "../../draw/relief.js";
import {picture} from "../../draw/shading.js";
import {element} from "../../kit/dom.js";
import {sentence} from "../../kit/fields.js";
import {Problem, server, Unreachable} from "../../server/api.js";
import {fit, lowestMinimum, received} from "../../session/landscape.js";

const size = {width: 96, height: 72};
const resolution = 48;
/** How many small maps are asked for at a time. */
const lanes = 3;

/** @typedef {{kind: import("../../session/schema.js").Kind, button: HTMLButtonElement, canvas: HTMLCanvasElement, relief: import("../../draw/relief.js").Relief | null}} Tile */

export class Picker {
  /**
   * @param {HTMLDialogElement} dialog @param {import("../../session/schema.js").Schema} schema @param {import("../../draw/theme.js").Theme} theme
   * @param {(kind: string) => void} choose
   */
  constructor(dialog, schema, theme, choose) {
    this.dialog = dialog;
    this.schema = schema;
    this.theme = theme;
    this.choose = choose;
    /** Made when the dialog first opens. @type {Tile[]} */ this.tiles = [];
    /** The colours in which the tiles are painted. */ this.painted = "";
    this.about = element("p", {className: "about", "aria-hidden": "true"});
    dialog.classList.add("picker");
    dialog.addEventListener("keydown", (event) => this.#walk(event));
    // A click beside the dialog is one on its backdrop.
    dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
    theme.changed.push(() => dialog.open && this.#paintAll());
  }

  /** @param {string} current the kind that is shown */
  open(current) {
    const first = !this.tiles.length;
    if (first) this.#make();
    this.#paintAll();
    this.dialog.showModal();
    for (const {kind, button} of this.tiles) {
      if (kind.kind === current) button.setAttribute("aria-current", "true");
      else button.removeAttribute("aria-current");
    }
    const tile = this.tiles.find(({kind}) => kind.kind === current) ?? this.tiles[0];
    tile.button.focus();
    tile.button.scrollIntoView({block: "nearest"});
    if (first) this.#fetch();
  }

  #make() {
    /** @type {Map<string, HTMLElement>} */
    const groups = new Map();
    for (const kind of this.schema.surfaces) {
      const tile = this.#tile(kind);
      this.tiles.push(tile);
      const name = kind.facts.group ?? "others";
      const grid = groups.get(name) ?? element("div", {className: "tiles", role: "group", "aria-label": name});
      groups.set(name, grid);
      grid.append(tile.button);
    }
    const sections = [...groups].map(([name, grid]) => element("section", {}, element("h3", {textContent: name}), grid));
    this.dialog.append(
      element("div", {className: "head"},
        element("h2", {id: "surface-title", textContent: "Choose a surface"}),
        element("button", {type: "button", className: "icon", textContent: "×", title: "Close", "aria-label": "Close", onclick: () => this.dialog.close()})),
      element("div", {className: "groups"}, ...sections), this.about,
    );
    // In the order in which they are seen.
    this.tiles = [...this.dialog.querySelectorAll(".tiles button")].map((button) => /** @type {Tile} */ (this.tiles.find((tile) => tile.button === button)));
  }

  /** @param {import("../../session/schema.js").Kind} kind @returns {Tile} */
  #tile(kind) {
    const ratio = Math.min(2, devicePixelRatio || 1);
    const canvas = element("canvas", {width: size.width * ratio, height: size.height * ratio, "aria-hidden": "true"});
    const button = element("button", {type: "button", title: sentence(kind), onclick: () => {
      this.dialog.close();
      this.choose(kind.kind);
    }}, canvas, element("span", {textContent: kind.title}));
    for (const event of ["focus", "pointerenter"]) button.addEventListener(event, () => (this.about.textContent = sentence(kind)));
    return {kind, button, canvas, relief: null};
  }

  /** Ask for all small maps, few at a time. One that fails keeps its sign. */
  async #fetch() {
    const queue = this.tiles.filter(({kind}) => !kind.parameters.some(({required}) => required));
    const lane = async () => {
      for (let tile = queue.shift(); tile; tile = queue.shift()) {
        try {
          await this.#ask(tile);
        } catch (error) {
          if (!(error instanceof Problem || error instanceof Unreachable)) throw error;
          if (!(error instanceof Problem && error.busy)) continue;
          queue.push(tile);
          await new Promise((resolve) => setTimeout(resolve, 1000 * error.wait));
        }
      }
    };
    await Promise.all(Array.from({length: lanes}, lane));
  }

  /** @param {Tile} tile */
  async #ask(tile) {
    const surface = {kind: tile.kind.kind};
    const {domain, bounded} = this.schema.facts(surface);
    const window = domain && !this.schema.placing({surface, descents: []}) ? {window: fit(domain, size.width, size.height)} : {};
    const landscape = received(await server.landscape({surface, ...window, resolution}), {surface});
    const floor = bounded === false ? lowestMinimum(landscape.points) : landscape.lowest;
    tile.relief = relief(landscape, floor, window.window && domain, 0.1);
    this.#paint(tile);
  }

  #paintAll() {
    const colours = JSON.stringify([this.theme.ground, this.theme.dim]);
    if (colours === this.painted) return;
    this.painted = colours;
    for (const tile of this.tiles) this.#paint(tile);
  }

  /** @param {Tile} tile */
  #paint({canvas, relief: ground}) {
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    const {width, height} = canvas;
    if (ground) {
      context.putImageData(picture(ground, this.theme.ground, width, height), 0, 0);
      return;
    }
    context.clearRect(0, 0, width, height);
    context.fillStyle = this.theme.dim;
    context.font = `italic ${height / 4}px serif`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.fillText("f(x, y)", width / 2, height / 2);
  }

  /** Arrows go to the next tile in their direction. @param {KeyboardEvent} event */
  #walk(event) {
    const at = this.tiles.findIndex(({button}) => button === document.activeElement);
    if (at < 0) return;
    const boxes = this.tiles.map(({button}) => button.getBoundingClientRect());
    const here = boxes[at];
    const rows = (/** @type {number} */ sign) => {
      const beyond = boxes.map((box, i) => ({i, away: sign * (box.top - here.top), aside: Math.abs(box.left - here.left)})).filter(({away}) => away > 4);
      const nearest = Math.min(...beyond.map(({away}) => away));
      return beyond.filter(({away}) => away < nearest + 4).sort((a, b) => a.aside - b.aside)[0]?.i;
    };
    /** @type {Record<string, () => number | undefined>} */
    const moves = {ArrowLeft: () => at - 1, ArrowRight: () => at + 1, ArrowUp: () => rows(-1), ArrowDown: () => rows(1), Home: () => 0, End: () => this.tiles.length - 1};
    const to = moves[event.key]?.();
    if (to === undefined || !this.tiles[to]) return;
    event.preventDefault();
    this.tiles[to].button.focus();
  }
}
