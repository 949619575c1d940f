// @ts-check
/** The contour map: what stands still. Plotly draws it; until Plotly is there, a plain canvas shows the same ground. */

import {Axes} from "./axes.js";
import {fit, lowestMinimum, widen} from "./landscape.js";
import {options} from "./plotly.js";
import {levels, relief} from "./relief.js";
import {banded, crossings, lines, picture} from "./shading.js";

/** @param {boolean} narrow @param {number} size of the type @returns {import("./axes.js").Margin} */
const margins = (narrow, size) => (narrow ? {l: 2.6 * size, r: 10, t: 6, b: 2 * size} : {l: 3.3 * size, r: 5.2 * size, t: 6, b: 2.4 * size});

/**
 * @param {import("./landscape.js").Landscape} landscape @param {import("./relief.js").Relief} ground
 * @param {import("./state.js").Window} window @param {Array<{x: number, y: number, type: string}>} points
 * @param {import("./theme.js").Theme} theme @param {boolean} narrow
 */
export function figure(landscape, ground, window, points, theme, narrow) {
  const {family, size} = theme.font;
  const font = {family, size: size * 0.92, color: theme.dim};
  const axis = {
    showgrid: false, zeroline: false, ticks: "outside", ticklen: 4, tickcolor: theme.line, linecolor: theme.line, showline: true,
    mirror: true, nticks: narrow ? 5 : 8, tickfont: font,
  };
  // Plotly follows every line from end to end, which takes it seconds where they are very many: a picture then shows the same.
  const {count, atEdge} = crossings(ground);
  const many = count > 36_000 || atEdge > 300;
  const drawn = many ? {type: "heatmap", zsmooth: "best", colorscale: banded(theme.ground)} : {
    type: "contour", autocontour: false, colorscale: theme.ground, line: {width: 0.8, color: theme.contour},
    contours: {start: ground.low, end: ground.high, size: (ground.high - ground.low) / levels, coloring: "fill"},
  };
  const symbols = {minimum: "cross-thin-open", saddle: "x-thin-open", maximum: "circle-open"};
  return {
    data: [{
      ...drawn, x: landscape.x, y: landscape.y, z: ground.rows, zmin: ground.low, zmax: ground.high, hoverinfo: "skip", showscale: !narrow,
      colorbar: {
        thickness: 12, outlinewidth: 0, xpad: 8, ypad: 0, ticks: "", tickfont: font, title: {text: ground.title, font},
        tickmode: "array", tickvals: ground.ticks.map(({z}) => z), ticktext: ground.ticks.map(({text}) => text),
      },
    }, {
      type: "scatter", mode: "markers", x: points.map(({x}) => x), y: points.map(({y}) => y), hoverinfo: "skip", showlegend: false,
      marker: {size: 9, color: theme.dim, symbol: points.map(({type}) => symbols[/** @type {keyof symbols} */ (type)]), line: {width: 1.6, color: theme.dim}},
    }],
    layout: {
      margin: {...margins(narrow, theme.font.size), autoexpand: false}, paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: theme.hole, font,
      images: many ? [{
        source: lines(ground, theme.contour), xref: "x", yref: "y", x: landscape.x[0], y: landscape.y[0], xanchor: "left", yanchor: "bottom", sizing: "stretch",
        sizex: landscape.x[landscape.x.length - 1] - landscape.x[0], sizey: landscape.y[landscape.y.length - 1] - landscape.y[0], layer: "above",
      }] : [],
      dragmode: "pan", hovermode: false, showlegend: false,
      // Copies: Plotly writes into what it is given.
      xaxis: {...axis, range: [...window.x]}, yaxis: {...axis, range: [...window.y]},
    },
  };
}

/**
 * The points worth a mark: all of a few, of many the minima, or the lowest of these; and none where the ground looks flat.
 * @param {import("./landscape.js").Landscape} landscape @param {import("./relief.js").Relief} ground
 */
export function notable({x, y, points}, {rows, low, high}) {
  const many = 40;
  const index = (/** @type {number[]} */ values, /** @type {number} */ at) => Math.round(((at - values[0]) / (values[values.length - 1] - values[0])) * (values.length - 1));
  const stands = points.filter((point) => {
    const [column, row] = [index(x, point.x), index(y, point.y)];
    const near = Math.round(x.length / 25);
    const around = rows.slice(Math.max(0, row - near), row + near + 1).flatMap((line) => [...line.subarray(Math.max(0, column - near), column + near + 1)]).filter(Number.isFinite);
    return Math.max(...around) - Math.min(...around) > (0.2 * (high - low)) / levels;
  });
  if (stands.length <= many) return stands;
  const minima = stands.filter(({type}) => type === "minimum");
  if (minima.length <= many) return minima;
  const losses = minima.map(({loss}) => loss);
  const [lowest, highest] = [Math.min(...losses), Math.max(...losses)];
  return minima.filter(({loss}) => loss - lowest <= 1e-6 * (highest - lowest));
}

export class LandscapeMap {
  /**
   * @param {HTMLElement} region @param {import("./state.js").State} state @param {import("./clock.js").Clock} clock
   * @param {import("./theme.js").Theme} theme @param {import("./schema.js").Schema} schema
   */
  constructor(region, state, clock, theme, schema) {
    this.state = state;
    this.clock = clock;
    this.theme = theme;
    this.schema = schema;
    this.stage = /** @type {HTMLElement} */ (region.querySelector(".stage"));
    this.plot = /** @type {any} */ (region.querySelector(".plot"));
    this.ground = /** @type {HTMLCanvasElement} */ (region.querySelector(".ground"));
    this.axes = new Axes(this.plot);
    /** @type {any} */ this.plotly = null;
    /** The window that shows the whole domain. @type {import("./state.js").Window | null} */ this.home = null;
    /** The lowest minimum of the surface so far. */ this.seen = {key: "", floor: Infinity};
    /** The paths as Plotly's traces, while nothing moves. @type {object[]} */ this.paths = [];
    this.held = false;
    this.late = false;
    /** What the server has chosen to show where nothing else is known. @type {{key: string, domain: import("./state.js").Window | null}} */
    this.chosen = {key: "", domain: null};
    /** How many drawings Plotly has under way. */ this.drawing = 0;
    /** The heights that are shown. @type {import("./relief.js").Relief | null} */ this.relief = null;
    /** The part of the window in the surface's domain. @type {import("./state.js").Window | null} */ this.fitted = null;
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

  /** Whether the ground is drawn as it is known. */
  get still() {
    return this.axes.fits && !this.late && !this.drawing;
  }

  /** Show the whole domain; called when the surface changes. */
  goHome() {
    const {l, r, t, b} = margins(this.#narrow, this.theme.font.size);
    const domain = this.#domain;
    this.state.domain = domain;
    this.home = domain && fit(domain, Math.max(50, this.stage.clientWidth - l - r), Math.max(50, this.stage.clientHeight - t - b));
    this.state.window = this.home;
  }

  /** The part of the plane that is to be seen first, as the schema knows it or the server has chosen it. */
  get #domain() {
    const {experiment} = this.state;
    const key = JSON.stringify(this.schema.placing(experiment) ?? experiment.surface);
    return this.schema.domain(experiment.surface) ?? (this.chosen.key === key ? this.chosen.domain : null);
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
    const {landscape, window} = this.state;
    if (!landscape || !window) return;
    if (this.held) {
      this.late = true;
      return;
    }
    const narrow = this.#narrow;
    const fitted = this.#fitted(window);
    const ground = relief(landscape, this.#floor(landscape, fitted), fitted);
    Object.assign(this, {relief: ground, fitted});
    this.axes.planned = {margin: margins(narrow, this.theme.font.size), across: {type: "linear", range: window.x}, up: {type: "linear", range: window.y}};
    this.clock.wake();
    if (!this.plotly) {
      this.#paint(landscape, ground);
      setTimeout(this.paintedOnce, 30);
      return;
    }
    const {data, layout} = figure(landscape, ground, window, notable(landscape, ground), this.theme, narrow);
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

  #released() {
    this.held = false;
    if (!this.late) return;
    this.late = false;
    this.show();
  }

  /** The part of the window that is in the surface's domain: beyond it heights may be beyond all bounds. @param {import("./state.js").Window} window */
  #fitted(window) {
    const domain = this.#domain ?? window;
    const common = (/** @type {[number, number]} */ [a, b], /** @type {[number, number]} */ [c, d]) => /** @type {[number, number]} */ (
      Math.min(b, d) - Math.max(a, c) > 0.3 * (b - a) ? [Math.max(a, c), Math.min(b, d)] : [a, b]);
    return {x: common(window.x, domain.x), y: common(window.y, domain.y)};
  }

  /** What heights are measured from: the smallest loss; where nobody knows it, the lowest minimum seen so far. @param {import("./landscape.js").Landscape} landscape @param {import("./state.js").Window} window */
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
      if (JSON.stringify(window) !== JSON.stringify(this.home)) this.state.tell("window");
    }
    this.show();
  }

  /** The ground before Plotly is there. @param {import("./landscape.js").Landscape} landscape @param {import("./relief.js").Relief} relief */
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
