// @ts-check
/** The contour map: what stands still. Plotly draws it; until Plotly is there, a plain canvas shows the same ground. */

import {Axes} from "./axes.js";
import {fit, relief, widen} from "./landscape.js";
import {options} from "./plotly.js";

const levels = 22;

/** @param {boolean} narrow @param {number} size of the type @returns {import("./axes.js").Margin} */
const margins = (narrow, size) => (narrow ? {l: 2.6 * size, r: 10, t: 6, b: 2 * size} : {l: 3.3 * size, r: 4.8 * size, t: 6, b: 2.4 * size});

/**
 * @param {import("./landscape.js").Landscape} landscape @param {import("./landscape.js").Relief} ground
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
  const symbols = {minimum: "cross-thin-open", saddle: "x-thin-open", maximum: "circle-open"};
  return {
    data: [{
      type: "contour", x: landscape.x, y: landscape.y, z: ground.rows, zmin: ground.low, zmax: ground.high,
      autocontour: false, contours: {start: ground.low, end: ground.high, size: (ground.high - ground.low) / levels, coloring: "fill"},
      line: {width: 0.8, color: theme.contour}, colorscale: theme.ground, hoverinfo: "skip", showscale: !narrow,
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
      dragmode: "pan", hovermode: false, showlegend: false,
      xaxis: {...axis, range: window.x}, yaxis: {...axis, range: window.y},
    },
  };
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
    this.held = false;
    this.late = false;
    /** Kept when the ground has been shown for the first time. @type {Promise<void>} */
    this.painted = new Promise((resolve) => (this.paintedOnce = resolve));
    state.on("landscape", () => this.show());
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

  /** Show the whole domain; called when the surface changes. */
  goHome() {
    const {surface} = this.state.experiment;
    const {l, r, t, b} = margins(this.#narrow, this.theme.font.size);
    const domain = surface.domain ?? this.schema.facts(surface).domain;
    this.home = fit(domain, Math.max(50, this.stage.clientWidth - l - r), Math.max(50, this.stage.clientHeight - t - b));
    this.state.window = this.home;
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
    const ground = relief(landscape, this.schema.floor(landscape.surface));
    this.axes.planned = {margin: margins(narrow, this.theme.font.size), across: {type: "linear", range: window.x}, up: {type: "linear", range: window.y}};
    this.clock.wake();
    if (!this.plotly) {
      this.#paint(landscape, ground);
      setTimeout(this.paintedOnce, 30);
      return;
    }
    const {data, layout} = figure(landscape, ground, window, this.#points(landscape), this.theme, narrow);
    Object.assign(layout, {width: this.stage.clientWidth, height: this.stage.clientHeight});
    const first = !this.plot._fullLayout;
    await this.plotly.react(this.plot, data, layout, options);
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

  /** Where the ground is level, if anybody knows. @param {import("./landscape.js").Landscape} landscape */
  #points(landscape) {
    if (landscape.points) return landscape.points;
    const {surface} = landscape;
    return Object.keys(surface).length > 1 ? [] : this.schema.facts(surface).minima.map((point) => ({...point, type: "minimum"}));
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

  /** The ground before Plotly is there. @param {import("./landscape.js").Landscape} landscape @param {import("./landscape.js").Relief} relief */
  #paint(landscape, {rows, low, high}) {
    const projection = this.axes.read();
    const {ground: canvas} = this;
    if (!projection) return;
    canvas.width = canvas.clientWidth;
    canvas.height = canvas.clientHeight;
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    const [width, height] = [landscape.x.length, landscape.y.length];
    const image = new ImageData(width, height);
    const palette = shades(this.theme.ground);
    rows.forEach((row, j) => row.forEach((z, i) => {
      const shade = palette[Math.max(0, Math.min(levels - 1, Math.floor(((z - low) / (high - low)) * levels)))];
      if (shade) image.data.set([...shade, 255], 4 * ((height - 1 - j) * width + i));
    }));
    const grid = new OffscreenCanvas(width, height);
    /** @type {OffscreenCanvasRenderingContext2D} */ (grid.getContext("2d")).putImageData(image, 0, 0);
    context.beginPath();
    context.rect(projection.left, projection.top, projection.width, projection.height);
    context.clip();
    const [x0, y0] = [projection.x(landscape.x[0]), projection.y(landscape.y[height - 1])];
    context.drawImage(grid, x0, y0, projection.x(landscape.x[width - 1]) - x0, projection.y(landscape.y[0]) - y0);
  }
}

/** The colours of the levels. @param {Array<[number, string]>} scale */
function shades(scale) {
  const stops = scale.map(([at, colour]) => ({at, rgb: (colour.match(/[\d.]+/g) ?? []).slice(0, 3).map(Number)}));
  return Array.from({length: levels}, (_, level) => {
    const at = (level + 0.5) / levels;
    const next = Math.max(1, stops.findIndex((stop) => stop.at >= at));
    const [a, b] = [stops[next - 1], stops[next]];
    const part = (at - a.at) / (b.at - a.at);
    return a.rgb.map((value, i) => value + part * (b.rgb[i] - value));
  });
}
