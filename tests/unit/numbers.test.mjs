import assert from "node:assert/strict";
import {test} from "node:test";
import {gap, plain, power, rate, short} from "../../frontend/kit/numbers.js";
import {cases} from "./cases.mjs";

cases("a power of ten in superscripts", [
  ["1", 0], ["10", 1], ["10²", 2], ["10⁻¹", -1], ["10⁻¹²", -12], ["10³⁴⁵", 345], ["10⁶⁷⁸⁹", 6789],
], power);

cases("three digits, a power of ten where that is shorter", [
  ["0", 0], ["0", -0], ["1", 1], ["−1", -1], ["0.333", 1 / 3], ["667", 2000 / 3], ["1230", 1234], ["999999", 999999, 6], ["1.0·10⁶", 1e6],
  ["0.001", 0.001], ["9.9·10⁻⁴", 0.00099], ["−2.5·10⁻⁷", -2.5e-7], ["1.8·10³⁰⁸", 1.7976931348623157e308], ["4.9·10⁻³²⁴", 5e-324],
  ["–", NaN], ["–", Infinity], ["–", -Infinity], ["3.14", Math.PI], ["3.14159", Math.PI, 6], ["3", Math.PI, 1], ["1·10⁻⁵", 1e-5, 2],
], short);

cases("a loss above its minimum", [["≤ 10⁻¹²", 0], ["≤ 10⁻¹²", -1], ["≤ 10⁻¹²", 9.99e-13], ["1.0·10⁻¹²", 1e-12], ["0.5", 0.5], ["–", NaN]], gap);
cases("a number to go on calculating with", [[0.333333, 1 / 3], [0.3, 0.1 + 0.2], [1e300, 1e300], [-2, -2], [0, 0], [123457, 123456.7]], plain);
cases("a rate at a place of the slider", [[0.1, -1], [1, 0], [0.001, -3], [0.032, -1.5], [0.2, Math.log10(0.2)]], rate);

test("what is read back from the words is as near as three digits are", () => {
  for (let k = 0; k < 200; k++) {
    const value = 10 ** (k / 40 - 2.5);
    assert.ok(Math.abs(Number(short(value)) - value) <= 0.005001 * value, String(value));
  }
});
