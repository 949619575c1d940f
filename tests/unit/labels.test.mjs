import assert from "node:assert/strict";
import {test} from "node:test";
import {gather, spread} from "../../frontend/draw/labels.js";
import {cases, near} from "./cases.mjs";

const box = (y, x = 0, width = 50) => ({x, y, width});
const spreadOut = (boxes, height = 20, top = 0, bottom = 1000) => (spread(boxes, height, top, bottom), boxes.map(({y}) => y));

cases("labels share the room around where they want to be", [
  [[100], [box(100)]],
  [[90, 110], [box(100), box(100)]],
  [[95, 115], [box(100), box(110)]],
  [[100, 130], [box(100), box(130)]],
  [[100, 100], [box(100, 0), box(100, 60)]],
  [[80, 100, 120], [box(100), box(100), box(100)]],
  [[0, 20], [box(-5), box(-5)]],
  [[980, 1000], [box(1010), box(1010)]],
], (boxes) => spreadOut(boxes));

test("none overlaps, none leaves the frame, their order is kept: of many random boxes", () => {
  let seed = 1;
  const random = () => (seed = (seed * 48271) % 2147483647) / 2147483647;
  for (let round = 0; round < 100; round++) {
    const boxes = Array.from({length: 8}, () => box(random() * 300, random() * 100, 40));
    const found = spreadOut(boxes, 18, 10, 290);
    found.forEach((y, i) => {
      assert.ok(y >= 10 - 1e-9 && y <= 290 + 1e-9);
      for (let j = 0; j < i; j++) {
        if (Math.abs(boxes[i].x - boxes[j].x) <= 40) assert.ok(Math.abs(y - found[j]) >= 18 - 0.02, `${y} ${found[j]}`);
      }
    });
  }
});

test("the middle of a crowd stays where it was", () => {
  const found = spreadOut([box(200), box(204), box(211)]);
  near([found.reduce((sum, y) => sum + y) / 3], [205]);
});

const head = (i, px, more = {}) => ({i, px, py: 0, ...more});
const said = (fates) => fates.map(({ring, named, more}) => `${ring}${named ? "n" : ""}${more ? `+${more}` : ""}`);

cases("heads that lie upon each other become rings, the first in the middle", [
  [["0n"], [head(0, 0)]],
  [["0n", "0n"], [head(0, 0), head(1, 6)]],
  [["1n", "0n"], [head(0, 0), head(1, 5.9)]],
  [["2n", "1n", "0n"], [head(0, 0), head(1, 1), head(2, 2)]],
], (heads) => said(gather(heads, -1)));

test("of a crowd four are drawn and named, and how many more there are is said once", () => {
  const fates = gather(Array.from({length: 7}, (_, i) => head(i, 0)), -1);
  assert.deepEqual(said(fates), ["3n", "2n", "1n", "0n+3", "-1", "-1", "-1"]);
});

test("six are named, though only four rings fit", () => {
  const fates = gather(Array.from({length: 6}, (_, i) => head(i, 0)), -1);
  assert.deepEqual([fates.filter(({named}) => named).length, fates.filter(({ring}) => ring >= 0).length, fates.some(({more}) => more)], [6, 4, false]);
});

test("of a crowd those that are lost and the one looked at come first", () => {
  const fates = gather(Array.from({length: 8}, (_, i) => head(i, 0, {lost: i === 7})), 6);
  assert.deepEqual([fates[7].named, fates[6].named, fates[2].named, fates[5].named], [true, true, false, false]);
});
