// @ts-check
/**
 * The paths as Plotly's traces. While anything moves the overlay alone draws them; at rest Plotly has them as well, so that its
 * images hold them. On the page those are not shown (hover.css): they would lie under the overlay's, which look the same.
 */

import {longStep} from "../../draw/ink.js";
import {gather} from "../../draw/labels.js";
import {dash} from "../../draw/marks.js";
import {dashed, literal} from "../../draw/plotly.js";
import {place, tracks} from "../../session/tracks.js";
import {averagePen, pen} from "./overlay.js";

/** @typedef {import("../../session/tracks.js").Track} Track */

/** The shapes of heads, in Plotly's words; those that lie upon one another become rings, as the overlay's. */
const symbols = ["circle", "square", "triangle-up", "diamond", "triangle-down", "cross", "hexagon", "star"];

/** The iterates at the ends of steps so long that they can be told apart. @param {Track} track @param {import("../../draw/axes.js").Projection} projection */
function dots({x, y, at}, {scaleX, scaleY}) {
  const apart = [];
  for (let entry = 1; entry <= at; entry++) {
    if (Math.hypot((x[entry] - x[entry - 1]) * scaleX, (y[entry] - y[entry - 1]) * scaleY) > longStep) apart.push(entry);
  }
  return {x: apart.map((entry) => x[entry]), y: apart.map((entry) => y[entry])};
}

/**
 * All paths up to a position: their lines, then their heads.
 * @param {import("../../session/buffer.js").Buffer} buffer @param {number} position @param {import("../../draw/theme.js").Theme} theme
 * @param {import("../../draw/axes.js").Projection} projection the dots on a path depend on how long its steps look
 * @param {number} chosen the descent that is looked at closely @returns {object[]}
 */
export function traces(buffer, position, theme, projection, chosen) {
  const shown = tracks(buffer, position);
  const base = (/** @type {Track} */ {i, average, label, said}, /** @type {string} */ part) => ({
    type: "scatter", uid: `path-${part}-${i}${average ? "-average" : ""}`, name: literal([label, said].filter(Boolean).join(" · ")),
    legendgroup: `${i} ${average}`, showlegend: false, hoverinfo: "skip",
  });
  const lines = shown.flatMap((track) => {
    const {i, average, at} = track;
    const look = average ? averagePen : pen;
    const [x, y] = [track.x, track.y].map((column) => [...column.subarray(0, Math.floor(at)), place(track, at)[column === track.x ? 0 : 1]]);
    const line = (/** @type {string} */ part, /** @type {object} */ style) => ({...base(track, part), mode: "lines", x, y, line: style});
    const stroke = {color: theme.paths[i % 8], width: look.width, dash: average ? "solid" : dashed(dash(i))};
    return [
      line("casing", {color: theme.casing, width: look.casing}), line("line", stroke),
      ...(average ? [line("gap", {color: theme.card, width: averagePen.gap})]
        : [{...base(track, "dots"), mode: "markers", ...dots(track, projection), marker: {color: theme.paths[i % 8], size: 5.2, line: {color: theme.casing, width: 1}}}]),
    ];
  });
  const places = shown.map((track) => place(track, track.at));
  const fates = gather(shown.map(({i, lost, average}, k) => ({i, lost, average, px: places[k][0] * projection.scaleX, py: places[k][1] * projection.scaleY})), chosen);
  const heads = shown.map((track, k) => {
    const {i, average} = track;
    const [x, y] = places[k];
    // In a crowd what is not drawn lies below the others: the legend names it all the same.
    const ring = Math.max(0, fates[k].ring);
    const colour = theme.paths[i % 8];
    return {
      ...base(track, "head"), showlegend: true, mode: "lines+markers", x: [x], y: [y], line: {color: colour, width: 2.6, dash: average ? "solid" : dashed(dash(i))},
      marker: {symbol: symbols[i % 8], size: 14 + 6.4 * ring, color: average ? theme.card : colour, line: {color: average ? colour : theme.ink, width: average ? 3 : 1.4}},
    };
  });
  const starts = {
    type: "scatter", uid: "path-start", name: "start", showlegend: false, hoverinfo: "skip", mode: "markers",
    x: shown.map(({x}) => x[0]), y: shown.map(({y}) => y[0]), marker: {size: 9, color: theme.card, line: {color: theme.ink, width: 3}},
  };
  return [...lines, starts, ...heads];
}

/** How long, in milliseconds, nothing has to move. */
const pause = 400;

export class Rest {
  /**
   * @param {import("./map.js").LandscapeMap} map @param {import("../../session/state.js").State} state @param {import("../../session/clock.js").Clock} clock
   * @param {import("../../draw/theme.js").Theme} theme
   */
  constructor(map, state, clock, theme) {
    this.map = map;
    this.state = state;
    this.clock = clock;
    this.theme = theme;
    this.timer = 0;
    /** What Plotly has. */ this.laid = "";
    this.edition = 0;
    state.on("answer", () => {
      this.edition += 1;
      map.paths = [];
    });
    theme.changed.push(() => (this.edition += 1));
    clock.draw.push(() => this.#wait());
  }

  #wait() {
    clearTimeout(this.timer);
    if (!this.clock.playing) this.timer = setTimeout(() => this.#settle(), pause);
  }

  #settle() {
    const {map, state: {buffer}, clock} = this;
    const projection = map.axes.read();
    if (clock.playing || !buffer?.complete || !projection || !map.plotly || !map.stage.clientWidth) return;
    const key = `${this.edition} ${clock.position}`;
    if (key === this.laid) return;
    if (map.held || !map.still) {
      this.#wait();
      return;
    }
    this.laid = key;
    map.paths = traces(buffer, clock.position, this.theme, projection, this.state.chosen);
    map.show();
  }
}

/**
 * The map with its paths as they are now.
 * @param {import("./map.js").LandscapeMap} map @param {import("../../session/state.js").State} state @param {import("../../session/clock.js").Clock} clock
 * @param {import("../../draw/theme.js").Theme} theme @param {"png" | "svg"} format @returns {Promise<Blob>}
 */
export async function image(map, state, clock, theme, format) {
  const projection = map.axes.read();
  if (!map.plotly || !projection || !state.buffer) throw new Error("The map is not there yet.");
  const {data, layout, _fullLayout: {width, height}} = map.plot;
  const paths = /** @type {any[]} */ (traces(state.buffer, clock.position, theme, projection, state.chosen));
  const {size} = theme.font;
  const longest = Math.max(...paths.filter(({showlegend}) => showlegend).map(({name}) => name.length));
  const entrywidth = longest * size * 0.56 + 12;
  const rows = Math.ceil(paths.filter(({showlegend}) => showlegend).length / Math.max(1, Math.floor(width / (entrywidth + 50))));
  // The legend gets a strip of its own below: the map keeps its size.
  const strip = rows * size * 1.7 + 8;
  // Nothing stands above the colour bar here.
  const ground = data.filter((/** @type {any} */ {uid}) => !uid?.startsWith("path-")).map((/** @type {any} */ one) => ({...one, ...(one.colorbar && {colorbar: {...one.colorbar, lenmode: "fraction", len: 1}})}));
  const picture = await map.plotly.toImage({
    data: [...ground, ...paths],
    layout: {
      ...layout, width, height: height + strip, margin: {...layout.margin, b: layout.margin.b + strip}, paper_bgcolor: theme.card, showlegend: true,
      legend: {
        orientation: "h", xref: "container", yref: "container", x: 0.02, y: 0, yanchor: "bottom", entrywidth, entrywidthmode: "pixels", bgcolor: "rgba(0,0,0,0)",
        font: {family: theme.font.family, size, color: theme.ink},
      },
    },
  }, {format, width, height: height + strip, scale: format === "png" ? 2 : 1, imageDataOnly: true});
  return format === "svg" ? new Blob([picture], {type: "image/svg+xml"}) : new Blob([Uint8Array.from(atob(picture), (letter) => letter.charCodeAt(0))], {type: "image/png"});
}
