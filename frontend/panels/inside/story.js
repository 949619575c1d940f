// @ts-check
/**
 * One update as a story: its parts in the order in which they happen, each in a sentence. Everything is read from the
 * answer; no optimizer and no letter of a state is known here.
 *
 * @typedef {[number, number]} Point
 * @typedef {{at: Point, gradient: Point, loss: number}} Question
 * @typedef {{left: string | null, right: string, numbers: Array<string | null> | null, value: number[]}} Line
 * @typedef {{step: number, learning_rate: number, w: Point, next: Point, loss: number, next_loss: number, questions: Question[],
 *            state: Record<string, Point | number>, next_state: Record<string, Point | number>, lines: Line[], divisor: Point | null,
 *            history: Array<{step: number, weight: number, gradient: Point}>}} Update
 * @typedef {{questions: number, memory: boolean, divisor: boolean, step: boolean}} Reached what has happened by now: so many questions asked, ...
 * @typedef {{sentence: string, line: number, mark: "gradient" | "elsewhere" | "line" | "divisor", reached: Reached}} Part
 *   `line`: the equation it is about, `mark`: what of it
 */

import {letter, lettered} from "../../kit/notation.js";
import {short} from "../../kit/numbers.js";

/** Of more questions than this only the first is told by itself. */
const few = 3;

/** What has happened once everything has. @param {Update} update @returns {Reached} */
export const everything = ({questions}) => ({questions: questions.length, memory: true, divisor: true, step: true});

/** @param {ArrayLike<number> | number} value */
export function written(value) {
  if (typeof value === "number") return short(value);
  return value.length === 1 ? short(value[0]) : `(${Array.from(value, (one) => short(one)).join(", ")})`;
}

/** @param {ArrayLike<number>} a @param {ArrayLike<number>} b */
const same = (a, b) => a.length === b.length && Array.from(a).every((value, i) => Math.abs(value - b[i]) <= 1e-9 * Math.abs(b[i]));

/** @param {number | number[]} value */
const list = (value) => (Array.isArray(value) ? value : [value]);

/** The letter on the left of an equation. @param {Line} line */
const named = ({left}) => (left && lettered(left)?.querySelector("mi")?.textContent) || "";

/** Whether an answer was asked for where the iterate is. @param {Update} update @param {Question} question */
export const here = ({w}, {at}) => same(at, w);

/**
 * The part of the state that is the sum of past gradients: the one which comes nearest to it.
 * @param {Update} update @returns {{name: string, letter: string, value: Point, sum: Point} | null} `sum`: of the gradients that are listed
 */
export function velocity({history, next_state, lines}) {
  const sum = /** @type {Point} */ ([0, 1].map((axis) => history.reduce((total, {weight, gradient}) => total + weight * gradient[axis], 0)));
  const away = (/** @type {Point} */ value) => Math.hypot(value[0] - sum[0], value[1] - sum[1]);
  const vectors = Object.entries(next_state).flatMap(([name, value]) => (Array.isArray(value) ? [{name, value}] : []));
  const nearest = history.length ? vectors.sort((a, b) => away(a.value) - away(b.value))[0] : undefined;
  if (!nearest) return null;
  const line = lines.find(({value}) => same(value, nearest.value));
  return {...nearest, sum, letter: (line && named(line)) || nearest.name};
}

/** Where the division by what is remembered stands: the equation and the fraction's place among its fractions. @param {Update} update */
export function division({lines, next_state, divisor}) {
  if (!divisor) return null;
  const remembered = new Set(lines.filter(({value}) => Object.values(next_state).some((one) => same(value, list(one)))).map(named));
  let found = null;
  lines.forEach(({right}, line) => {
    for (const [fraction, one] of [...(lettered(right)?.querySelectorAll("mfrac") ?? [])].entries()) {
      const letters = [...one.children[1].querySelectorAll("mi")].map(({textContent}) => textContent ?? "");
      const within = one.parentElement?.closest("mfrac");
      if (!within && letters.some((name) => remembered.has(name))) found = {line, fraction};
    }
  });
  return /** @type {{line: number, fraction: number} | null} */ (found);
}

/** @param {Update} update @returns {Part[]} */
export function story(update) {
  const {questions, lines, divisor} = update;
  const last = lines.length - 1;
  const divided = division(update)?.line ?? (divisor ? last : -1);
  const asks = lines.findIndex(({right}) => /<mi>(g|∇f)<\/mi>/.test(right));
  /** @type {Part[]} */
  const parts = [];
  const reached = {questions: 0, memory: false, divisor: false, step: false};
  const tell = (/** @type {string} */ sentence, /** @type {number} */ line, /** @type {Part["mark"]} */ mark, /** @type {Partial<Reached>} */ now) => {
    Object.assign(reached, now);
    parts.push({sentence, line, mark, reached: {...reached}});
  };
  questions.slice(0, questions.length > few ? 1 : few).forEach((question, i) => {
    const own = here(update, question);
    tell(own ? asked(question) : askedElsewhere(question), asks, own ? "gradient" : "elsewhere", {questions: i + 1});
  });
  if (questions.length > few) {
    const {at, loss} = questions[questions.length - 1];
    tell(`Try ${questions.length - 1} more points, the hollow dots. The last is ${written(at)}, with loss ${short(loss)}.`, asks, "elsewhere", {questions: questions.length});
  }
  const total = velocity(update);
  lines.forEach((line, i) => {
    if (i === divided && divisor) tell(parted(divisor), i, "divisor", {divisor: true});
    if (i < last) tell(computed(update, line), i, "line", {memory: reached.memory || named(line) === total?.letter});
  });
  tell(stepped(update), last, "line", {memory: true, step: true});
  return parts;
}

/** @param {Question} question */
const asked = ({gradient, loss}) => `Ask for the gradient at ${letter("iterate")}, where the loss is ${short(loss)}: it is ${written(gradient)}.`;

/** @param {Question} question */
const askedElsewhere = ({at, gradient}) => `Ask for the gradient at another point, the hollow dot at ${written(at)}: it is ${written(gradient)}.`;

/** @param {Update} update @param {Line} line */
function computed({state, next_state: next}, line) {
  const name = named(line);
  if (!line.value.length) return `Update ${name}.`;
  const key = Object.keys(next).find((one) => same(line.value, list(next[one])));
  if (!key) return `Compute ${name}: ${written(line.value)}.`;
  if (same(list(state[key]), list(next[key]))) return `${name} stays ${written(next[key])}.`;
  return `Update the memory: ${name} goes from ${written(state[key])} to ${written(next[key])}.`;
}

/** @param {Point} divisor */
function parted([dx, dy]) {
  if (Math.abs(dx - dy) <= 1e-9 * Math.abs(dx)) return `Divide both coordinates by ${short(dx)}, the side of their squares.`;
  return `Divide each coordinate by the side of its own square: the first by ${short(dx)}, the second by ${short(dy)}.`;
}

/** @param {Update} update */
function stepped({w, next, loss, next_loss: then}) {
  const step = [next[0] - w[0], next[1] - w[1]];
  const [before, after] = [short(loss), short(then)];
  const change = before === after ? `the loss stays near ${after}` : `the loss ${then < loss ? "falls" : "rises"} from ${before} to ${after}`;
  return `Step: ${letter("iterate")} moves by ${written(step)} to ${written(next)}; ${change}.`;
}

/** The whole update in a sentence. @param {Update} update */
export function whole(update) {
  const {step, loss, next_loss: then} = update;
  const [before, after] = [short(loss), short(then)];
  const change = before === after ? `stays near ${after}` : `${then < loss ? "falls" : "rises"} from ${before} to ${after}`;
  return `The update from step ${step} to ${step + 1}: the loss ${change}. Next sub-step tells it part by part.`;
}
