// @ts-check
/** The contour map: what stands still. Plotly draws it; until Plotly is there, a plain canvas shows the same ground. */

import {Axes} from "../../draw/axes.js";
import {options} from "../../draw/plotly.js";
import {relief} from "../../draw/relief.js";
import {picture} from "../../draw/shading.js";
import {short} from "../../kit/numbers.js";
import {beyond, fit, lowestMinimum, stretched, widen} from "../../session/landscape.js";
import {figure, margins, notable} from "./figure.js";

export class LandscapeMap {
  /**
   * @param {HTMLElement} region @param {import("../../session/state.js").State} state @param {import("../../session/clock.js").Clock} clock
   * @param {import("../../draw/theme.js").Theme} theme @param {import("../../session/schema.js").Schema} schema
   */
  constructor(region, state, clock, theme, schema) {
    this.state = state;
    this.clock = clock;
    this.theme = theme;
    this.schema = schema;
    this.stage = /** @type {HTMLElement} */ (region.querySelector(".stage"));
    this.tools = /** @type {HTMLElement} */ (region.querySelector(".tools"));
    this.plot = /** @type {any} */ (region.querySelector(".plot"));
    this.ground = /** @type {HTMLCanvasElement} */ (region.querySelector(".ground"));
    this.unequal = /** @type {HTMLElement} */ (region.querySelector(".unequal"));
    this.axes = new Axes(this.plot);
    /** @type {any} */ this.plotly = null;
    /** The window that shows the whole domain. @type {import("../../session/state.js").Window | null} */ this.home = null;
    /** The lowest minimum of the surface so far. */ this.seen = {key: "", floor: Infinity};
    /** The paths as Plotly's traces, while nothing moves. @type {object[]} */ this.paths = [];
    this.held = false;
    this.late = false;
    /** What the server has chosen to show where nothing else is known. @type {{key: string, domain: import("../../session/state.js").Window | null}} */
    this.chosen = {key: "", domain: null};
    /** How many drawings Plotly has under way. */ this.drawing = 0;
    /** The last heights, and what they were worked out from. @type {{landscape: import("../../session/landscape.js").Landscape, key: string, ground: import("../../draw/relief.js").Relief} | null} */ this.known = null;
    /** The heights that are shown. @type {import("../../draw/relief.js").Relief | null} */ this.relief = null;
    /** The part of the window in the surface's domain. @type {import("../../session/state.js").Window | null} */ this.fitted = null;
    /** Kept when the ground has been shown for the first time. @type {Promise<void>} */
    this.painted = new Promise((resolve) => (this.paintedOnce = resolve));
    state.on("landscape", () => {
      this.#choose();
      this.show();
    });
    theme.changed.push(() => this.show());
    new ResizeObserver(() => this.#resized()).observe(this.stage);
    // A redraw under the pointer would end Plotly's pan.
    this.stage.addEventListener("pointerdown", () => (this.held = true), true);
    addEventListener("pointerup", () => this.#released(), true);
    addEventListener("pointercancel", () => this.#released(), true);
    for (const button of /** @type {NodeListOf<HTMLElement>} */ (region.querySelectorAll("[data-zoom]"))) {
      button.addEventListener("click", () => this.#zoom(/** @type {string} */ (button.dataset.zoom)));
    }
  }

  get #narrow() {
    return this.stage.clientWidth < 480;
  }

  /** How high the colour bar is: it begins below what stands in its column. */
  get #bar() {
    const {left, right, top, bottom} = this.stage.getBoundingClientRect();
    const {t, b} = margins(this.#narrow, this.theme.font.size);
    const above = [...this.tools.children].map((one) => one.getBoundingClientRect())
      .filter((one) => one.width && one.left > left && one.right <= right && one.top < bottom).map((one) => one.bottom + t - top);
    return Math.max(40, bottom - b - top - Math.max(t, ...above));
  }

  /** Whether the ground is drawn as it is known. */
  get still() {
    return this.axes.fits && !this.late && !this.drawing;
  }

  /** Show what the scene wants to be seen first, or the whole domain; called when the surface changes. */
  goHome() {
    const {l, r, t, b} = margins(this.#narrow, this.theme.font.size);
    const domain = this.state.view.window ?? this.#domain;
    this.state.domain = domain;
    this.home = domain && fit(domain, Math.max(50, this.stage.clientWidth - l - r), Math.max(50, this.stage.clientHeight - t - b));
    this.state.window = this.home;
  }

  /** The part of the plane that is to be seen first, as the schema knows it or the server has chosen it. */
  get #domain() {
    return this.schema.domain(this.state.experiment.surface) ?? (this.chosen.key === this.#key ? this.chosen.domain : null);
  }

  /** The key of the landscape that is asked for. */
  get #key() {
    const {experiment} = this.state;
    return JSON.stringify(this.schema.placing(experiment) ?? experiment.surface);
  }

  /** The part of the plane to draw: until another surface's ground arrives, the last one stays as it was. @returns {import("../../session/state.js").Window | null} */
  get #window() {
    const {landscape, window} = this.state;
    const {planned} = this.axes;
    return landscape && planned && landscape.key !== this.#key ? {x: planned.across.range, y: planned.up.range} : window;
  }

  /** Take up what the server has chosen to show. */
  #choose() {
    const {landscape, window} = this.state;
    if (window || !landscape) return;
    const ends = (/** @type {number[]} */ values) => /** @type {[number, number]} */ ([values[0], values[values.length - 1]]);
    this.chosen = {key: landscape.key, domain: {x: ends(landscape.x), y: ends(landscape.y)}};
    this.goHome();
    if (this.state.window) this.state.tell("window");
  }

  /** Plotly has arrived. @param {any} plotly */
  async attach(plotly) {
    this.plotly = plotly;
    await this.show();
  }

  async show() {
    const {landscape} = this.state;
    const window = this.#window;
    if (!landscape || !window) return;
    if (this.held) {
      this.late = true;
      return;
    }
    const narrow = this.#narrow;
    const fitted = this.#fitted(window);
    const ground = this.#heights(landscape, fitted);
    Object.assign(this, {relief: ground, fitted});
    this.axes.planned = {margin: margins(narrow, this.theme.font.size), across: {type: "linear", range: window.x}, up: {type: "linear", range: window.y}};
    this.#scales(window);
    this.clock.wake();
    if (!this.plotly) {
      this.#paint(landscape, ground);
      setTimeout(this.paintedOnce, 30);
      return;
    }
    const {data, layout} = figure(landscape, ground, window, notable(landscape, ground), this.theme, narrow, this.#bar);
    Object.assign(layout, {width: this.stage.clientWidth, height: this.stage.clientHeight});
    const first = !this.plot._fullLayout;
    this.drawing += 1;
    await this.plotly.react(this.plot, [...data, ...this.paths], layout, options).finally(() => (this.drawing -= 1));
    if (first) {
      for (const event of ["plotly_relayouting", "plotly_relayout", "plotly_afterplot"]) this.plot.on(event, () => this.clock.wake());
      this.plot.on("plotly_relayout", () => this.#moved());
    }
    this.ground.hidden = true;
    this.clock.wake();
  }

  /** Say so where the axes are not to the same scale: lengths and angles are not what they seem then. @param {import("../../session/state.js").Window} window */
  #scales(window) {
    const {l, r, t, b} = margins(this.#narrow, this.theme.font.size);
    const factor = stretched(window, this.stage.clientWidth - l - r, this.stage.clientHeight - t - b);
    const [x, y] = this.schema.letters(this.state.experiment.surface) ?? ["x", "y"];
    this.unequal.hidden = factor < 1.05 && factor > 1 / 1.05;
    this.unequal.textContent = `${this.#narrow ? "" : "axes not to the same scale: "}${factor > 1 ? y : x} × ${short(Math.max(factor, 1 / factor), 2)}`;
    Object.assign(this.unequal.style, {left: `${l + 6}px`, bottom: `${b + 6}px`});
  }

  #released() {
    this.held = false;
    if (!this.late) return;
    this.late = false;
    this.show();
  }

  /** The part of the window that is in the surface's domain: beyond it heights may be beyond all bounds. @param {import("../../session/state.js").Window} window */
  #fitted(window) {
    const domain = this.#domain ?? window;
    const common = (/** @type {[number, number]} */ [a, b], /** @type {[number, number]} */ [c, d]) => /** @type {[number, number]} */ (
      Math.min(b, d) - Math.max(a, c) > 0.3 * (b - a) ? [Math.max(a, c), Math.min(b, d)] : [a, b]);
    return {x: common(window.x, domain.x), y: common(window.y, domain.y)};
  }

  /** The heights of the ground: a theme, another size and Plotly's arrival leave them as they are. @param {import("../../session/landscape.js").Landscape} landscape @param {import("../../session/state.js").Window} fitted */
  #heights(landscape, fitted) {
    const floor = this.#floor(landscape, fitted);
    const key = JSON.stringify([floor, fitted]);
    if (this.known?.landscape !== landscape || this.known.key !== key) this.known = {landscape, key, ground: relief(landscape, floor, fitted)};
    return this.known.ground;
  }

  /** What heights are measured from: the smallest loss; where nobody knows it, the lowest minimum seen so far. @param {import("../../session/landscape.js").Landscape} landscape @param {import("../../session/state.js").Window} window */
  #floor({surface, points, data, lowest}, {x, y}) {
    if (data === "test") return lowest;
    const inside = points.filter((point) => point.x >= x[0] && point.x <= x[1] && point.y >= y[0] && point.y <= y[1]);
    const key = JSON.stringify(surface);
    if (key !== this.seen.key) this.seen = {key, floor: Infinity};
    this.seen.floor = Math.min(this.seen.floor, lowestMinimum(inside) ?? Infinity);
    return this.schema.floor(surface) ?? (Number.isFinite(this.seen.floor) ? this.seen.floor : null);
  }

  /** The user has panned or zoomed: the loss there is wanted in the new detail. */
  #moved() {
    const projection = this.axes.read();
    if (!projection) return;
    const window = {x: projection.across.range, y: projection.up.range};
    if (this.state.window && String([window.x, window.y]) === String([this.state.window.x, this.state.window.y])) return;
    this.state.window = window;
    this.state.tell("window");
  }

  /** What a view has to say to show the same part of the plane. */
  get view() {
    const {window} = this.state;
    return this.atHome || !window ? {} : {window: {x: [...window.x], y: [...window.y]}};
  }

  /** Whether the whole domain is shown. */
  get atHome() {
    return JSON.stringify(this.state.window) === JSON.stringify(this.home);
  }

  /** Show the whole domain again. */
  reset() {
    return this.#zoom("reset");
  }

  /** @param {string} way */
  async #zoom(way) {
    const {window} = this.state;
    if (!this.plotly || !window) return;
    const factor = way === "in" ? 1 / 1.5 : 1.5;
    const next = way === "reset" && this.home ? this.home : {x: widen(window.x, factor), y: widen(window.y, factor)};
    await this.plotly.relayout(this.plot, {"xaxis.range": [...next.x], "yaxis.range": [...next.y]});
  }

  #resized() {
    if (!this.state.window || !this.stage.clientWidth) return;
    const {window} = this.state;
    if (window === this.home) {
      this.goHome();
      if (this.home && !this.#reaches(window, this.home)) this.state.tell("window");
    }
    this.show();
  }

  /**
   * Whether the ground that is there, or on its way, reaches as far as a window: a line of words that comes and goes resizes the map, and
   * asking anew each time would never end. @param {import("../../session/state.js").Window} before what was asked for @param {import("../../session/state.js").Window} window
   */
  #reaches(before, window) {
    const {landscape} = this.state;
    const ends = (/** @type {number[]} */ values) => [values[0], values[values.length - 1]];
    const known = landscape?.key === this.#key ? {x: ends(landscape.x), y: ends(landscape.y)} : beyond(before);
    return /** @type {const} */ (["x", "y"]).every((axis) => {
      const [[low, high], [from, to]] = [known[axis], window[axis]];
      return low <= from && to <= high && high - low <= 1.6 * (to - from);
    });
  }

  /** The ground before Plotly is there. @param {import("../../session/landscape.js").Landscape} landscape @param {import("../../draw/relief.js").Relief} relief */
  #paint(landscape, relief) {
    const projection = this.axes.read();
    const {ground: canvas} = this;
    if (!projection) return;
    canvas.width = canvas.clientWidth;
    canvas.height = canvas.clientHeight;
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    const [width, height] = [landscape.x.length, landscape.y.length];
    const image = picture(relief, this.theme.ground, width, height);
    const grid = new OffscreenCanvas(width, height);
    /** @type {OffscreenCanvasRenderingContext2D} */ (grid.getContext("2d")).putImageData(image, 0, 0);
    context.beginPath();
    context.rect(projection.left, projection.top, projection.width, projection.height);
    context.clip();
    const [x0, y0] = [projection.x(landscape.x[0]), projection.y(landscape.y[height - 1])];
    context.drawImage(grid, x0, y0, projection.x(landscape.x[width - 1]) - x0, projection.y(landscape.y[0]) - y0);
  }
}
