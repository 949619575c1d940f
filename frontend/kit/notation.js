// @ts-check
/** The letters in which everything is typeset: everybody's own for the rate, the iterate and the momentum. */

import {typeset} from "./mathml.js";

/** What there is to choose from; the server writes the first of each. */
export const choices = {rate: ["α", "η", "λ"], iterate: ["w", "θ", "x"], momentum: ["μ", "β", "γ"]};

/** @typedef {keyof typeof choices} Role */
export const roles = /** @type {Role[]} */ (Object.keys(choices));

/** Where the rate takes the usual letter of another quantity, that one gets a letter which is not used otherwise. @type {Record<string, string>} */
const displaced = {λ: "ζ"};

/** @type {Record<Role, string>} */
let chosen = {rate: "α", iterate: "w", momentum: "μ"};
/** From the server's letter to the chosen one. @type {Map<string, string>} */
let written = new Map();

/** @param {Role} role */
export const letter = (role) => chosen[role];

/** What changes with the letters. */
export const key = () => Object.values(chosen).join("");

/** Take up the letters of a scene; what is not among the choices is left as usual. @param {any} notation */
export function choose(notation) {
  const pick = (/** @type {Role} */ role) => choices[role].find((one) => one === notation?.[role]) ?? choices[role][0];
  chosen = /** @type {Record<Role, string>} */ (Object.fromEntries(roles.map((role) => [role, pick(role)])));
  written = new Map(roles.filter((role) => chosen[role] !== choices[role][0]).map((role) => [choices[role][0], chosen[role]]));
  for (const [taken, instead] of Object.entries(displaced)) {
    if ([...written.values()].includes(taken)) written.set(taken, instead);
  }
}

/** An optimizer's equation in the chosen letters. @param {string} source MathML @returns {Element | null} */
export function lettered(source) {
  const math = typeset(source);
  // A letter with an index of its own, as β₁, is another letter.
  for (const name of math?.querySelectorAll("mi") ?? []) {
    const [, base, marks] = /^(\p{L})(\p{M}*)$/u.exec((name.textContent ?? "").normalize("NFD")) ?? [];
    const instead = written.get(base);
    if (instead) name.textContent = instead + marks;
  }
  return math;
}

/** The letter of a quantity or words with it, as "momentum μ"; w is left, it may be a parameter of a model. @param {string} words */
export const spelled = (words) => words.replace(/(?<![\p{L}\p{M}])[αμλ](?![\p{L}\p{M}\p{No}₊₋])/gu, (found) => written.get(found) ?? found);
