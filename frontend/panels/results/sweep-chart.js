// @ts-check
/** The final loss against the rate, one curve for each descent. */

import {dash} from "../../draw/marks.js";
import {power, short} from "../../kit/numbers.js";

const height = 260;
const [left, right, top, bottom] = [62, 12, 44, 36];

/** @param {string} tag @param {Record<string, string | number>} attributes @param {Array<Node | string>} children */
function node(tag, attributes, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  made.append(...children);
  return made;
}

/** Heights above a known minimum on a log scale, losses on a linear one. @param {import("./sweep.js").Swept[]} swept @param {number | null} floor */
function scale(swept, floor) {
  const value = (/** @type {number} */ loss) => (floor === null ? loss : Math.log10(Math.max(loss - floor, 1e-12)));
  const kept = swept.flatMap(({runs}) => runs.filter(({lost}) => !lost).map(({loss}) => value(loss)));
  const [low, high] = kept.length ? [Math.min(...kept), Math.max(...kept)] : [0, 1];
  const room = (high - low) * 0.05 || 0.5;
  const stride = Math.max(1, Math.ceil((high - low) / 5));
  const ticks = floor !== null
    ? Array.from({length: 40}, (_, k) => k * stride - 20 * stride).filter((n) => n >= low - room && n <= high + room).map((n) => ({at: n, text: n <= -12 ? `≤${power(-12)}` : power(n)}))
    : [low, (low + high) / 2, high].map((at) => ({at, text: short(at)}));
  return {y: (/** @type {number} */ loss) => top + ((high + room - value(loss)) / (high - low + 2 * room)) * (height - top - bottom), ticks, place: (/** @type {number} */ at) => top + ((high + room - at) / (high - low + 2 * room)) * (height - top - bottom)};
}

/** @param {import("./sweep.js").Swept[]} swept @param {number | null} floor of the surface @param {number} width in pixels: the letters keep their size */
export function picture(swept, floor, width) {
  const rates = swept.flatMap(({runs}) => runs.map(({rate}) => Math.log10(rate)));
  const [low, high] = [Math.min(...rates) - 0.15, Math.max(...rates) + 0.15];
  const x = (/** @type {number} */ rate) => left + ((Math.log10(rate) - low) / (high - low)) * (width - left - right);
  const {y, ticks, place} = scale(swept, floor);
  const svg = node("svg", {viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": "The loss at the end against the learning rate, one curve for each descent; the best of each is in the list below"});
  for (const {at, text} of ticks) {
    svg.append(node("line", {class: "rule", x1: left, x2: width - right, y1: place(at), y2: place(at)}), node("text", {x: left - 6, y: place(at) + 4, "text-anchor": "end"}, text));
  }
  const stride = Math.ceil(((high - low) * 55) / width);
  for (let n = Math.ceil(low / stride) * stride; n <= high; n += stride) {
    svg.append(node("line", {class: "rule", x1: x(10 ** n), x2: x(10 ** n), y1: height - bottom, y2: height - bottom + 4}), node("text", {x: x(10 ** n), y: height - bottom + 17, "text-anchor": "middle"}, power(n)));
  }
  svg.append(
    node("text", {x: (left + width - right) / 2, y: height - 4, "text-anchor": "middle"}, "learning rate"),
    node("text", {x: left - 6, y: top - 6, "text-anchor": "end"}, floor ? "loss − min" : "loss"),
  );
  if (swept.some(({runs}) => runs.some((run) => run.lost))) svg.append(node("text", {x: left - 6, y: 15, "text-anchor": "end"}, "diverged"));
  swept.forEach(({i, label, runs, best}, k) => {
    // The marks of the lost stand in a row for each descent, as far as there is room.
    const lost = 6 + (k % 4) * 7;
    const own = node("g", {style: `--colour: var(--path-${i % 8})`}, node("title", {}, label));
    // A curve breaks where a run was lost.
    /** @type {string[][]} */
    const pieces = [[]];
    for (const run of runs) {
      if (run.lost) pieces.push([]);
      else pieces[pieces.length - 1].push(`${x(run.rate).toFixed(1)},${y(run.loss).toFixed(1)}`);
    }
    for (const points of pieces.filter(({length}) => length)) own.append(node("polyline", {points: points.join(" "), "stroke-dasharray": dash(i).join(" ")}));
    for (const run of runs) {
      if (run.lost) own.append(node("path", {class: "lost", d: `M${x(run.rate) - 3} ${lost - 3}l6 6m-6 0l6-6`}, node("title", {}, `${label}: ${short(run.rate)} ${run.status}`)));
      else own.append(node("circle", {cx: x(run.rate), cy: y(run.loss), r: run.rate === best?.rate ? 6 : 2.6, class: run.rate === best?.rate ? "best" : "run"}, node("title", {}, `${label}: ${short(run.rate)} to ${short(floor === null ? run.loss : run.loss - floor)}`)));
    }
    svg.append(own);
  });
  return svg;
}
