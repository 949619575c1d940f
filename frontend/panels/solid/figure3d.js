// @ts-check
/** The surface as a figure, which Plotly draws: the ground with its contour lines, and the plane below it that carries them too. */

import {levels} from "../../draw/relief.js";
import {banded, crossings, numbers} from "../../draw/shading.js";

/** @typedef {{x: number, y: number, z: number}} Eye */

/** How much is kept free for the numbers at the axes, and below for words, in sizes of the type. */
const free = {side: 4, top: 2.3, bottom: 3.1, words: 2};

/** Directions to look from, the usual one first: along the map's y axis, somewhat from the left; then farther and farther around. */
const ways = [-120, -60, -150, -30, 150, 30, 120, 60].map((degrees) => (degrees * Math.PI) / 180);

/** @param {number} angle @param {number} rise of the eye, 1 straight above @returns {[number, number, number]} of length 1 */
const direction = (angle, rise) => [Math.sqrt(1 - rise * rise) * Math.cos(angle), Math.sqrt(1 - rise * rise) * Math.sin(angle), rise];

/**
 * The angle from which most of the paths is seen; the usual one, unless another shows much more.
 * @param {import("./mesh.js").Mesh} mesh @param {Array<{x: Float64Array, y: Float64Array, last: number}>} paths
 */
export function side(mesh, paths) {
  const places = paths.flatMap(({x, y, last}) => {
    const stride = Math.max(1, Math.floor(last / 40));
    return Array.from({length: Math.max(0, Math.floor(last / stride))}, (_, i) => mesh.across(x[i * stride], y[i * stride]));
  }).map(([x, y]) => /** @type {const} */ ([x, y, mesh.height(x, y) + 0.01])).filter(([, , z]) => Number.isFinite(z));
  const scores = ways.map((angle, rank) => {
    const [x, y, z] = direction(angle, 0.62);
    return places.filter((place) => !mesh.hides(...place, [3 * x, 3 * y, 3 * z])).length - 0.04 * rank * places.length;
  });
  return ways[scores.indexOf(Math.max(...scores))];
}

/**
 * From where one looks at first, and at what: as near as shows the whole box.
 * @param {import("./mesh.js").Mesh} mesh @param {number} angle @param {number} width @param {number} height @param {number} size of the type @param {boolean} words whether there are some below
 * @returns {{eye: Eye, center: Eye}}
 */
export function lookout({sides}, angle, width, height, size, words) {
  // A low picture shows more from a lower place.
  const towards = direction(angle, width > 1.6 * height ? 0.57 : 0.65);
  const flat = Math.hypot(towards[0], towards[1]);
  // Of the screen: to the right, and up.
  const right = [-towards[1] / flat, towards[0] / flat, 0];
  const up = [(-towards[0] * towards[2]) / flat, (-towards[1] * towards[2]) / flat, flat];
  const dot = (/** @type {number[]} */ a, /** @type {number[]} */ b) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
  const corners = [-1, 1].flatMap((i) => [-1, 1].flatMap((j) => [-1, 1].map((k) => [(i * sides[0]) / 2, (j * sides[1]) / 2, (k * sides[2]) / 2])));
  const [margin, top, bottom] = [free.side, free.top, free.bottom + (words ? free.words : 0)].map((one) => one * size);
  const room = {x: Math.max(80, width - (width < 480 ? 1.2 : 2) * margin), y: Math.max(80, height - top - bottom)};
  let [away, middle] = [2, 0];
  // What is near looks large: the distance that fits depends on itself.
  for (let i = 0; i < 20; i++) {
    const seen = corners.map(([x, y, z]) => {
      const place = [x, y, z - middle];
      const pixels = height / 2 / Math.tan(Math.PI / 8) / (away - dot(place, towards));
      return {x: dot(place, right) * pixels, y: dot(place, up) * pixels};
    });
    const [low, high] = [Math.min(...seen.map(({y}) => y)), Math.max(...seen.map(({y}) => y))];
    const part = Math.max((high - low) / room.y, (2 * Math.max(...seen.map(({x}) => Math.abs(x)))) / room.x);
    middle += (((low + high) / 2 - (bottom - top) / 2) / (high - low)) * 0.7;
    away *= 1 + 0.7 * (part - 1);
  }
  return {eye: {x: away * towards[0], y: away * towards[1], z: middle + away * towards[2]}, center: {x: 0, y: 0, z: middle}};
}

/** What thin lines of a translucent colour look like on the middle of a scale: Plotly's on a surface are opaque. @param {import("../../draw/shading.js").Scale} scale @param {string} colour */
function blend(scale, colour) {
  const [ground, [r, g, b, opacity = 1]] = [numbers(scale[3][1]), numbers(colour)];
  return `rgb(${[r, g, b].map((value, i) => Math.round(ground[i] + Math.min(1, 1.5 * opacity) * (value - ground[i]))).join()})`;
}

/**
 * @param {import("./mesh.js").Mesh} mesh @param {import("../../draw/theme.js").Theme} theme @param {[string, string]} letters
 * @param {{eye: Eye, center: Eye}} camera @param {number} width @param {number} height
 */
export function figure(mesh, theme, letters, {eye, center}, width, height) {
  const {relief: {low, high, ticks, title}, sides} = mesh;
  const {family, size} = theme.font;
  const font = {family, size: size * 0.86, color: theme.dim};
  const axis = {
    showgrid: false, zeroline: false, showbackground: false, showspikes: false, showline: true, linecolor: theme.line, linewidth: 1, ticks: "outside",
    ticklen: 5, tickcolor: theme.line, tickfont: font, nticks: width < 480 || height < 330 ? 4 : 6, tickangle: 0,
  };
  const named = (/** @type {string} */ text) => ({text, font: {...font, size: size * 0.95}});
  const shared = {type: "surface", x: mesh.x, y: mesh.y, cmin: low, cmax: high, showscale: false, hoverinfo: "skip"};
  const quiet = {highlight: false};
  // Where they crowd, half of them say more.
  const bands = crossings(mesh.relief).count > 20_000 ? levels / 2 : levels;
  const lines = {...quiet, show: true, color: blend(theme.ground, theme.contour), width: 1, usecolormap: false};
  // So flat that nobody sees it: Plotly draws contour lines only where something rises.
  const flattened = (/** @type {number} */ z) => mesh.plane + 0.004 * (Math.min(z, high) - low);
  // There is less room than beside the map: about a third of the picture.
  const apart = (18 / (0.3 * height)) * (mesh.z[1] - mesh.z[0]);
  const marked = ticks.reduceRight((kept, tick) => (kept.length && kept[0].z - tick.z < apart ? kept : [tick, ...kept]), /** @type {typeof ticks} */ ([]));
  return {
    data: [{
      ...shared, z: mesh.rows, colorscale: theme.ground, opacity: 1,
      lighting: {ambient: 0.62, diffuse: 0.72, specular: 0.05, roughness: 0.9, fresnel: 0.02}, lightposition: {x: -6e4, y: -2e4, z: 9e4},
      contours: {
        x: quiet, y: quiet,
        z: {...lines, start: low, end: mesh.z[1], size: (2 * (high - low)) / bands},
      },
    }, {
      ...shared, z: mesh.rows.map((row) => row.map(flattened)), surfacecolor: mesh.rows, colorscale: banded(theme.ground),
      lighting: {ambient: 1, diffuse: 0, specular: 0, fresnel: 0},
      contours: {x: quiet, y: quiet, z: {...lines, start: flattened(low), end: flattened(high), size: (flattened(high) - flattened(low)) / bands}},
    }],
    layout: {
      margin: {l: 0, r: 0, t: 0, b: 0}, paper_bgcolor: "rgba(0,0,0,0)", font, hovermode: false, showlegend: false,
      scene: {
        aspectmode: "manual", aspectratio: {x: sides[0], y: sides[1], z: sides[2]}, dragmode: "turntable", hovermode: false, bgcolor: "rgba(0,0,0,0)",
        camera: {eye, center, up: {x: 0, y: 0, z: 1}},
        xaxis: {...axis, range: [...mesh.ends[0]], title: named(letters[0])},
        yaxis: {...axis, range: [...mesh.ends[1]], title: named(letters[1])},
        zaxis: {
          ...axis, range: [...mesh.z], title: named(width < 480 ? "" : title.replace("<br>", " ")), tickmode: "array",
          tickvals: marked.map(({z}) => z), ticktext: marked.map(({text}) => text),
        },
      },
    },
  };
}
