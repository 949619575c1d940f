import assert from "node:assert/strict";
import {test} from "node:test";
import {address, decode, encode, fits, isScene, page, read} from "../../frontend/server/link.js";
import {cases} from "./cases.mjs";

globalThis.document = {baseURI: "https://example.org/deep/index.html"};
const scene = {title: "α → β 🙂", experiment: {surface: {kind: "bowl"}, descents: [{}]}};

cases("a scene is encoded as Node's own base64url", [[scene], [{}], [[1, 2, 3]], [{a: "?>~ÿ"}], [{a: "\u0000"}]].map(([value]) => [Buffer.from(JSON.stringify(value)).toString("base64url"), value]), encode);
cases("and decoded again", [scene, {}, {a: "?>~ÿ"}, {deep: [[null, true, 1e300]]}].map((value) => [value, Buffer.from(JSON.stringify(value)).toString("base64url")]), decode);

test("an address without a scene names none", () => {
  assert.equal(read(""), null);
  assert.equal(read("#other=e30"), null);
  assert.deepEqual(read("#scene=e30"), {});
});

for (const [what, text] of [["garbage", "#scene=%%%"], ["nothing", "#scene="], ["half a scene", `#scene=${encode(scene).slice(0, 40)}`], ["bytes that are no UTF-8", "#scene=_w"], ["a word", `#scene=${Buffer.from("hello").toString("base64url")}`]]) {
  test(`${what} is said to be cut short or garbled`, () => assert.throws(() => read(text), /cut short or garbled/));
}

test("what is too long is not read", () => assert.throws(() => read(`#scene=${"A".repeat(200_001)}`), /too long/));

cases("what fits into a link: four letters for three bytes, 200,000 of them", [[true, 149_998], [false, 150_000]], (length) => fits("x".repeat(length)));

cases("what has a scene's outline", [
  [true, scene], [true, {experiment: {surface: {kind: ""}, descents: Array(16).fill({})}}],
  [false, null], [false, 3], [false, {}], [false, {experiment: {}}], [false, {experiment: {surface: {kind: 1}, descents: [{}]}}],
  [false, {experiment: {surface: {kind: "bowl"}, descents: []}}], [false, {experiment: {surface: {kind: "bowl"}, descents: Array(17).fill({})}}],
  [false, {experiment: {surface: {kind: "bowl"}, descents: [null]}}], [false, {experiment: {surface: {kind: "bowl"}, descents: ["sgd"]}}], [false, {experiment: {surface: {kind: "bowl"}, descents: {length: 1}}}],
], isScene);

cases("the page at a scene of a lecture", [
  ["https://example.org/deep/", null], ["https://example.org/deep/?lecture=noise/batch", "noise/batch"], ["https://example.org/deep/embed?lecture=a/b", "a/b", "embed"],
  ["https://example.org/deep/?lecture=a/b%26c", "a/b&c"],
], page);

test("an address gives back its scene", () => {
  const found = new URL(address(scene, "noise/batch"));
  assert.equal(found.searchParams.get("lecture"), "noise/batch");
  assert.deepEqual(read(found.hash), scene);
});
