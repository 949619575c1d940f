// @ts-check
/** An update's equations, with the current numbers below the letters. */

import {element} from "../../kit/dom.js";
import {lettered} from "../../kit/notation.js";
import {short} from "../../kit/numbers.js";
import {broken} from "./break.js";
import {division} from "./story.js";

/**
 * One element for each line. What is told of a line stands out by its classes: `of-gradient`, `of-elsewhere`, `of-divisor`.
 * @param {import("./story.js").Update} update @param {string[]} names of the coordinates
 * @param {number} room for a right-hand side, in letters: longer ones wrap
 */
export function equations(update, names, room) {
  const divided = division(update);
  return update.lines.map((line, i) => {
    const left = line.left && lettered(line.left);
    const right = lettered(line.right);
    right?.setAttribute("displaystyle", "true");
    if (right) mark(right, divided?.line === i ? divided.fraction : -1);
    const row = element("div", {className: "equation"});
    if (left && right) row.append(cell("left", left), cell("is", "="), cell("right", ...spaced(broken(right, room))));
    else if (right) row.append(cell("alone", ...spaced(broken(right, room))));
    const vector = line.value.length > 1;
    line.value.forEach((value, axis) => {
      const numbers = line.numbers?.[axis] && lettered(line.numbers[axis]);
      const result = element("b", {className: "number", textContent: `= ${short(value, 4)}`});
      row.append(cell("left name", vector ? names[axis] : ""), cell("is", numbers ? "=" : ""), numbers ? cell("right numbers", ...spaced(broken(numbers, 1.08 * room)), " ", result) : cell("right numbers", result));
    });
    return row;
  });
}

/** @param {string} className @param {Array<Node | string>} children */
const cell = (className, ...children) => element("span", {className}, ...children);

/** With room for a line to end between two. @param {Element[]} pieces */
const spaced = (pieces) => pieces.flatMap((one, i) => (i ? [document.createElement("wbr"), one] : [one]));

/** Mark what parts of the story are about. @param {Element} math @param {number} fraction which fraction's lower part is the divisor */
function mark(math, fraction) {
  for (const name of math.querySelectorAll("mi")) {
    if (name.textContent === "∇f") name.parentElement?.classList.add("of-elsewhere");
    if (name.textContent === "g") (name.parentElement?.localName === "msub" ? name.parentElement : name).classList.add("of-gradient");
  }
  math.querySelectorAll("mfrac")[fraction]?.children[1].classList.add("of-divisor");
}
