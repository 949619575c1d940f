// @ts-check
/** What an optimizer remembers, as pictures: accumulators as squares, a velocity as the sum it is. */

import {element} from "../../kit/dom.js";
import {short} from "../../kit/numbers.js";
import {svgElement as svg} from "./arrows.js";
import {velocity} from "./story.js";

/** @typedef {import("./story.js").Update} Update */

/** The room of the squares and of the arrows, in units of their own, and the room between two squares. */
const [wide, high, side, gap] = [176, 84, 84, 24];

/** @param {Element} picture @param {string} words */
function spoken(picture, words) {
  picture.setAttribute("role", "img");
  picture.setAttribute("aria-label", words);
  return picture;
}

/** @param {string} text */
const hint = (text) => element("p", {className: "hint", textContent: text});

/**
 * The squares whose sides divide the step; dashed, that of the gradient alone.
 * @param {Update} update @param {string[]} letters of the coordinates
 */
export function squares({divisor, questions}, letters) {
  if (!divisor) return null;
  const gradient = (questions[questions.length - 1]?.gradient ?? [0, 0]).map(Math.abs);
  const largest = divisor.map((size, i) => Math.max(size, gradient[i]));
  const unit = Math.min((high - 2) / Math.max(...largest), (wide - gap - 2) / (largest[0] + largest[1]));
  const picture = svg("svg", {viewBox: `0 0 ${wide} ${high}`});
  let left = (wide - gap - unit * (largest[0] + largest[1])) / 2;
  const square = (/** @type {number} */ size, /** @type {string} */ name) => {
    const length = Math.max(1, size * unit);
    picture.append(svg("rect", {x: left, y: high - 1 - length, width: length, height: length, class: name}));
  };
  divisor.forEach((size, i) => {
    square(size, "accumulator");
    square(gradient[i], "now");
    left += unit * largest[i] + gap;
  });
  const sides = letters.map((letter, i) => `${letter}: side ${short(divisor[i])}, area ${short(divisor[i] ** 2)}, the gradient's own side ${short(gradient[i])}`);
  return element("figure", {className: "squares"}, element("figcaption", {textContent: "side = divisor"}),
    spoken(picture, `Two squares. ${sides.join("; ")}.`),
    ...letters.map((letter, i) => element("p", {className: "number"}, element("i", {textContent: `${letter} `}), element("b", {textContent: short(divisor[i])}), ` area ${short(divisor[i] ** 2)}`)),
    hint("dashed: this gradient"));
}

/**
 * The velocity as a chain of past gradients, each shrunk by its weight and turned downhill as on the map; beside it their
 * coordinates: pale as they were, full what is left of them.
 * @param {Update} update @param {string[]} letters of the coordinates @param {number} stretch how much longer a unit is on the map upwards than across
 */
export function chain(update, letters, stretch) {
  const total = velocity(update);
  if (!total) return null;
  const past = [...update.history].reverse();
  const weights = update.history.slice(0, 3).map(({weight}) => short(weight)).join(", ");
  const value = total.value.map((one) => short(one));
  return element("figure", {className: "chain"}, element("figcaption", {textContent: `${total.letter} = sum of gradients`}),
    element("div", {className: "sum"},
      spoken(linked(total, past, stretch), `The velocity ${total.letter} is (${value.join(", ")}): ${past.length} past gradients added up, each with its weight. The newest first, the weights are ${weights}${past.length > 3 ? " and so on" : ""}.`),
      element("div", {className: "shares", "aria-hidden": "true"}, ...letters.map((letter, axis) => element("div", {}, element("i", {textContent: letter}), bars(past, axis))))),
    ...letters.map((letter, i) => element("p", {className: "number"}, element("i", {textContent: `${letter} `}), element("b", {textContent: value[i]}))),
    hint("full: what is left"));
}

/** @typedef {Update["history"]} History the oldest first */

/** @param {NonNullable<ReturnType<typeof velocity>>} total @param {History} past @param {number} stretch */
function linked(total, past, stretch) {
  const turn = (/** @type {ArrayLike<number>} */ vector) => [-vector[0], vector[1] * stretch];
  // What is too old to be listed comes first.
  let [x, y] = turn([total.value[0] - total.sum[0], total.value[1] - total.sum[1]]);
  const joints = [[0, 0], [x, y], ...past.map(({weight, gradient}) => {
    const [dx, dy] = turn(gradient);
    return [(x += weight * dx), (y += weight * dy)];
  })];
  const [low, high] = [Math.min, Math.max].map((pick) => [0, 1].map((axis) => pick(...joints.map((joint) => joint[axis]))));
  const unit = (side - 14) / (Math.max(high[0] - low[0], high[1] - low[1]) || 1e-300);
  const points = joints.map((joint) => joint.map((value, axis) => side / 2 + (value - (low[axis] + high[axis]) / 2) * unit));
  const [origin, first] = points;
  const end = points[points.length - 1];
  const picture = svg("svg", {viewBox: `0 0 ${side} ${side}`});
  picture.append(line(origin, end, "total"), tip(origin, end, 10, "total"));
  if (far(origin, first) > 0.5) picture.append(line(origin, first, "older"));
  past.forEach((_, i) => {
    const [from, to] = [points[i + 1], points[i + 2]];
    const name = i === past.length - 1 ? "share newest" : "share";
    picture.append(line(from, to, name));
    if (far(from, to) > 6) picture.append(tip(from, to, 5.5, name));
  });
  picture.append(svg("circle", {cx: origin[0], cy: origin[1], r: 2.6, class: "origin"}));
  return picture;
}

/** One coordinate of the past gradients. @param {History} past @param {number} axis */
function bars(past, axis) {
  const [count, tall] = [30, 20];
  const values = past.map(({gradient}) => gradient[axis]);
  const [low, high] = [Math.min(0, ...values), Math.max(0, ...values)];
  const unit = (tall - 1) / (high - low || 1);
  const zero = 0.5 + high * unit;
  const picture = svg("svg", {viewBox: `0 0 ${count} ${tall}`, preserveAspectRatio: "none"});
  past.forEach(({weight}, i) => {
    const x = count - past.length + i;
    const newest = i === past.length - 1;
    for (const [value, name] of /** @type {Array<[number, string]>} */ ([[values[i], "was"], [values[i] * weight, newest ? "left newest" : "left"]])) {
      picture.append(svg("rect", {x: x + 0.1, y: zero - Math.max(0, value * unit), width: 0.8, height: Math.abs(value * unit), class: name}));
    }
  });
  picture.append(svg("rect", {x: 0, y: zero - 0.2, width: count, height: 0.4, class: "zero"}));
  return picture;
}

/** @param {number[]} a @param {number[]} b */
const far = (a, b) => Math.hypot(b[0] - a[0], b[1] - a[1]);

/** @param {number[]} point */
const written = (point) => point.map((value) => value.toFixed(2)).join(" ");

/** @param {number[]} from @param {number[]} to @param {string} name */
const line = (from, to, name) => svg("path", {d: `M${written(from)}L${written(to)}`, class: name});

/** The point of an arrow. @param {number[]} from @param {number[]} to @param {number} size @param {string} name */
function tip(from, to, size, name) {
  const length = far(from, to) || 1;
  const [ux, uy] = [(to[0] - from[0]) / length, (to[1] - from[1]) / length];
  const wing = (/** @type {number} */ turn) => written([to[0] - size * (ux + turn * 0.45 * uy), to[1] - size * (uy - turn * 0.45 * ux)]);
  return svg("path", {d: `M${wing(1)}L${written(to)}L${wing(-1)}z`, class: `tip ${name}`});
}
