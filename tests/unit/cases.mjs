/** What several files of cases need. */

import assert from "node:assert/strict";
import {test} from "node:test";

/** A case for each row: what is said of it, what is found, what is expected. */
export function cases(about, rows, find) {
  for (const [expected, ...given] of rows) {
    test(`${about}: ${given.map((one) => (typeof one === "number" && !Number.isFinite(one) ? one : JSON.stringify(one))).join(", ")}`, () => assert.deepEqual(find(...given), expected));
  }
}

/** Numbers that agree but for the rounding of the last digits. */
export function near(found, expected, tolerance = 1e-12) {
  assert.equal(found.length, expected.length);
  found.forEach((value, i) => assert.ok(Math.abs(value - expected[i]) <= tolerance * Math.max(1, Math.abs(expected[i])), `${value} is not ${expected[i]}`));
}

/** The first line of a stream, and the frames of a descent whose every column holds its steps. */
export const start = (steps, labels, more = {}) => ({type: "start", key: "k", labels, experiment: {steps, surface: {kind: "bowl"}, descents: labels.map(() => ({}))}, ...more});

export function frames(descent, step, loss, more = {}) {
  const zeros = loss.map(() => 0);
  return {type: "frames", descent, step, x: loss, y: zeros, loss, learning_rate: loss.map(() => 0.1), gradient_norm: zeros, evaluations: loss.map((_, i) => step + i), ...more};
}
