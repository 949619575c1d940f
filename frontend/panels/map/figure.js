// @ts-check
/** The map as Plotly's figure: the ground in its levels, the colour bar, the marks of stationary points. */

import {levels} from "../../draw/relief.js";
import {banded, crossings, lines} from "../../draw/shading.js";

/** @param {boolean} narrow @param {number} size of the type @returns {import("../../draw/axes.js").Margin} */
export const margins = (narrow, size) => (narrow ? {l: 2.6 * size, r: 10, t: 6, b: 2 * size} : {l: 3.3 * size, r: 6.1 * size, t: 6, b: 2.4 * size});

/**
 * The ticks of a colour bar that do not run into each other.
 * @param {import("../../draw/relief.js").Relief} ground @param {number} height of the bar, in pixels @param {number} least between two ticks
 */
export function apart({ticks, low, high}, height, least) {
  let last = -Infinity;
  return [...ticks].sort((a, b) => a.z - b.z).filter(({z}) => {
    const at = (height * (z - low)) / (high - low);
    if (at - last < least) return false;
    last = at;
    return true;
  });
}

/**
 * @param {import("../../session/landscape.js").Landscape} landscape @param {import("../../draw/relief.js").Relief} ground
 * @param {import("../../session/state.js").Window} window @param {Array<{x: number, y: number, type: string}>} points
 * @param {import("../../draw/theme.js").Theme} theme @param {boolean} narrow @param {number} bar how high the colour bar may be, in pixels
 */
export function figure(landscape, ground, window, points, theme, narrow, bar) {
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
  const ticks = apart(ground, bar, 1.15 * size);
  const symbols = {minimum: "cross-thin-open", saddle: "x-thin-open", maximum: "circle-open", flat: "diamond-open"};
  return {
    data: [{
      ...drawn, x: landscape.x, y: landscape.y, z: ground.rows, zmin: ground.low, zmax: ground.high, hoverinfo: "skip", showscale: !narrow && bar > 5 * size,
      colorbar: {
        thickness: 12, outlinewidth: 0, xpad: 8, ypad: 0, y: 0, yanchor: "bottom", lenmode: "pixels", len: bar, ticks: "", tickfont: font, title: {text: ground.title, font},
        tickmode: "array", tickvals: ticks.map(({z}) => z), ticktext: ticks.map(({text}) => text),
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
 * @param {import("../../session/landscape.js").Landscape} landscape @param {import("../../draw/relief.js").Relief} ground
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
