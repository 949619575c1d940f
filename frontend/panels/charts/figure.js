// @ts-check
/** A chart's figure, which Plotly draws. */

import {endings} from "../../draw/endings.js";
import {dash} from "../../draw/marks.js";
import {dashed, literal} from "../../draw/plotly.js";
import {power, short} from "../../kit/numbers.js";
import {smallest} from "./curves.js";

/**
 * @typedef {import("./curves.js").Curves} Curves
 * @typedef {import("../../session/buffer.js").Trajectory} Trajectory
 */

/** Why a descent ended. @param {Trajectory} trajectory */
const why = ({end}) => `%{fullData.name}<br>${literal(end?.reason ?? end?.status ?? "")}<extra></extra>`;

/** What is said at a point. @param {Curves} curves @param {string} across what is counted there */
const said = ({unit, share}, across) => `%{fullData.name}<br>${across} %{x:.5~g}: ${unit} %{y:${share ? ".1%" : ".3~g"}}<extra></extra>`;

/** What is said at each point of a curve; at the last one why it is the last. @param {Curves} curves @param {string} across @param {Trajectory} trajectory @param {boolean} ended */
function hover(curves, across, trajectory, ended) {
  const usual = said(curves, across);
  return ended ? Array.from({length: trajectory.length}, (_, step) => (step < trajectory.last ? usual : why(trajectory))) : usual;
}

/** The ticks of a log axis: powers of ten, few enough to be read, or 1, 2 and 5 where those are too few. @param {Curves} curves @param {number} room for how many there is */
function ticks({range: [low, high], least = 0}, room) {
  const stride = Math.max(1, Math.ceil((high - low) / Math.min(6, room)));
  /** @type {Array<[number, string]>} */
  const marks = [];
  if (high - low < 2) {
    for (let n = Math.floor(low); n <= high; n++) {
      for (const digit of high - low < 1.2 ? [1, 2, 5] : [1, 3]) marks.push([digit * 10 ** n, short(digit * 10 ** n)]);
    }
  } else {
    for (let n = Math.ceil(low / stride) * stride; n <= high; n += stride) marks.push([10 ** n, 10 ** n <= smallest ? `≤${power(n)}` : power(n)]);
  }
  const apart = (high - low) / Math.max(room, 1.5);
  let last = least ? Math.log10(least) : -Infinity;
  const inside = marks.filter(([value]) => {
    const at = Math.log10(value);
    const kept = at >= low && at <= high && at - last > 0.9 * apart;
    if (kept) last = at;
    return kept;
  });
  if (least) inside.unshift([least, "→ 0"]);
  return {tickmode: "array", tickvals: inside.map(([value]) => value), ticktext: inside.map(([, text]) => text)};
}

/**
 * @param {Curves} curves @param {import("../../session/buffer.js").Buffer} buffer @param {import("./across.js").Across} across
 * @param {import("../../draw/theme.js").Theme} theme @param {number} height in pixels @returns {{data: object[], layout: object}}
 */
export function figure(curves, buffer, across, theme, height) {
  const {family, size} = theme.font;
  const font = {family, size: size * 0.92, color: theme.dim};
  const ended = endings(buffer);
  const axis = {gridcolor: theme.line, gridwidth: 1, zeroline: false, tickfont: font, showline: false, fixedrange: true};
  const {one: unit} = across.unit(buffer);
  const margin = {l: size * 3.9, r: size * 1.2, t: 6, b: size * 1.9, autoexpand: false};
  const room = Math.max(1, Math.floor((height - margin.t - margin.b) / (1.5 * size)));
  return {
    data: [
      ...buffer.trajectories.map((trajectory, i) => ({
        type: "scatter", mode: "lines", name: literal(trajectory.label), showlegend: false, opacity: 0.34,
        x: Array.from(across.column(buffer, trajectory).subarray(0, trajectory.length)),
        y: Array.from(curves.values(trajectory).subarray(0, trajectory.length), curves.shown),
        line: {color: theme.paths[i % 8], width: 1.6, shape: curves.held ? "hv" : "linear", dash: dashed(dash(i))},
        hovertemplate: hover(curves, unit, trajectory, ended.some((one) => one.i === i)),
      })),
      // The flags are drawn over it; what is here is for the pointer, which asks why.
      ...ended.map(({trajectory, i}) => ({
        type: "scatter", mode: "markers", name: literal(trajectory.label), showlegend: false, x: [across.at(buffer, trajectory, trajectory.last)],
        y: [within(curves, curves.shown(curves.values(trajectory)[trajectory.last]))],
        marker: {color: theme.paths[i % 8], size: 12, opacity: 0}, hovertemplate: why(trajectory),
      })),
      ...buffer.trajectories.flatMap((trajectory, i) => (curves.beside?.(trajectory) ?? []).map(({name, values, average, pen}) => ({
        type: "scatter", mode: "lines", name: `${literal(trajectory.label)}, ${name}`, showlegend: false, opacity: 0.34 * (pen.alpha ?? 1),
        x: average ? Array.from(average.step.subarray(0, average.length), (step) => across.at(buffer, trajectory, step)) : Array.from(across.column(buffer, trajectory).subarray(0, trajectory.length)),
        y: Array.from(values.subarray(0, (average ?? trajectory).length), curves.shown),
        line: {color: theme.paths[i % 8], width: Math.min(1.8, pen.width), dash: dashed(pen.dash ?? [])},
        hovertemplate: said(curves, unit),
      }))),
    ],
    layout: {
      margin, paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)",
      font, dragmode: false, hovermode: "closest", hoverdistance: 12, showlegend: false,
      hoverlabel: {bgcolor: theme.card, bordercolor: theme.line, font: {family, size, color: theme.ink}},
      xaxis: {...axis, range: [0, across.end(buffer)], showgrid: false, ticks: "outside", ticklen: 4, tickcolor: theme.line, nticks: 6},
      yaxis: {...axis, type: curves.log ? "log" : "linear", range: curves.range, nticks: Math.min(5, room + 1), ...(curves.log ? ticks(curves, room) : {tickformat: curves.share ? ".0%" : ".4~g"})},
    },
  };
}

/** A value, or the end of the axis that it is beyond. @param {Curves} curves @param {number} value */
function within({range: [low, high], log}, value) {
  return log ? Math.max(10 ** low, Math.min(value, 10 ** high)) : Math.max(low, Math.min(value, high));
}
