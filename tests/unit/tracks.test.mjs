import assert from "node:assert/strict";
import {test} from "node:test";
import {Buffer} from "../../frontend/session/buffer.js";
import {place, tracks, verdict} from "../../frontend/session/tracks.js";
import {least, measured, within} from "../../frontend/session/measure.js";
import {early, endings} from "../../frontend/draw/endings.js";
import {cases, frames, start} from "./cases.mjs";

cases("a place between two entries", [
  [[0, 0], 0], [[1, 10], 0.5], [[2, 20], 1], [[2, 15], 1.5], [[2, 10], 2], [[2, 10], 99], [[0, 0], -3],
], (position) => place({x: Float64Array.of(0, 2, 2), y: Float64Array.of(0, 20, 10), last: 2}, position));

function ended(status, steps, loss = [4, 2, 1]) {
  const buffer = new Buffer(start(9, ["a"]));
  buffer.accept(frames(0, 0, loss));
  if (status) buffer.accept({type: "end", descent: 0, status, steps, reason: `because ${status}`});
  return buffer;
}

cases("what is said at a head: once it is there; of what was lost also when", [
  ["", "", 2], ["", "finished", 2], ["", "converged", 1.9], ["converged", "converged", 2], ["converged", "converged", 9],
  ["", "diverged", 1], ["diverged at step 3", "diverged", 2], ["escaped at step 3", "escaped", 2], ["cancelled", "cancelled", 2],
], (status, position) => verdict(ended(status, 2).trajectories[0], position));

test("a descent without an entry stands at its start, and was lost at step 0", () => {
  const buffer = new Buffer({...start(9, ["a"]), experiment: {steps: 9, descents: [{start: [3, -2]}]}});
  buffer.accept({type: "end", descent: 0, status: "diverged", steps: 0, reason: "the gradient does not exist"});
  const [track] = tracks(buffer, 0);
  assert.deepEqual([place(track, 0), track.said, track.lost], [[3, -2], "diverged at step 0", true]);
});

test("all paths: first the descents, then the averages that have begun", () => {
  const buffer = new Buffer(start(4, ["a", "b"]));
  buffer.accept(frames(0, 0, [4, 3, 2]));
  buffer.accept(frames(1, 0, [8, 7]));
  buffer.accept({type: "average", descent: 1, step: [1], x: [5], y: [6], loss: [7]});
  assert.deepEqual(tracks(buffer, 0.5).map(({label, at, average}) => [label, at, average]), [["a", 0.5, false], ["b", 0.5, false]]);
  assert.deepEqual(tracks(buffer, 9).map(({i, label, at, average}) => [i, label, at + 0, average]), [[0, "a", 2, false], [1, "b", 1, false], [1, "b average", 0, true]]);
});

test("a path is lost when its head has got there, not before", () => {
  const buffer = ended("diverged", 2);
  assert.deepEqual([1.5, 2].map((position) => tracks(buffer, position)[0].lost), [false, true]);
});

cases("who ended before the steps were over", [
  [false, "", 0], [false, "finished", 9], [true, "finished", 2], [true, "converged", 2], [true, "diverged", 2],
], (status, steps) => early(ended(status, steps).trajectories[0], 9));

test("early endings keep their places in the list", () => {
  const buffer = new Buffer(start(1, ["a", "b"]));
  for (const i of [0, 1]) buffer.accept(frames(i, 0, [1, 1]));
  buffer.accept({type: "end", descent: 0, status: "finished", steps: 1, reason: null});
  buffer.accept({type: "end", descent: 1, status: "escaped", steps: 1, reason: null});
  assert.deepEqual(endings(buffer).map(({i}) => i), [1]);
});

cases("the first step within a share of the start's height", [
  [0, [8, 4], 2, 0, 1], [1, [8, 4], 2, 0, 0.5], [2, [101, 51, 2, 1], 4, 1, 0.01], [NaN, [8, 4, 0], 2, 0, 0.01], [NaN, [8, NaN, 4], 3, 0, 0.1],
], (loss, length, floor, tolerance) => within(loss, length, {floor, tolerance, minima: []}));

cases("the smallest loss of a path", [[1, [3, 1, 2], 3], [3, [3, 1, 2], 1], [Infinity, [3], 0]], (loss, length) => least(Float64Array.from(loss), length));

test("what came of a descent is measured on it, and on its average", () => {
  const buffer = ended("finished", 2, [4, 1, 2]);
  buffer.accept({type: "average", descent: 0, step: [1, 2], x: [3, 0], y: [4, 0], loss: [9, 3]});
  const rows = measured(buffer, {floor: 0, tolerance: 0.3, minima: [{x: 0, y: 0, loss: 0}, {x: 2, y: 1, loss: 0}]}, () => ({rate: 0.1, rateText: "0.1"}));
  const [own, average] = rows;
  assert.deepEqual([own.final, own.best, own.within, own.steps, own.evaluations, own.distance, own.rateText], [2, 1, 1, 2, 2, 1, "0.1"]);
  assert.deepEqual([average.label, average.average, average.final, average.best, average.distance, average.rate], ["a average", 2, 3, 3, 0, NaN]);
});

test("of a descent without a step there is nothing to say", () => {
  const [row] = measured(new Buffer(start(3, ["a"])), {floor: 0, tolerance: 1, minima: []}, () => ({rate: NaN, rateText: ""}));
  assert.deepEqual([row.final, row.best, row.distance, row.within, row.steps, row.evaluations, row.status], [NaN, NaN, NaN, NaN, NaN, NaN, "…"]);
});
