import assert from "node:assert/strict";
import {test} from "node:test";
import {Average, Buffer, epochs, hasEpochs} from "../../frontend/session/buffer.js";
import {cases, frames, start} from "./cases.mjs";

const end = (descent, status, steps, reason = null) => ({type: "end", descent, status, steps, reason});

test("a buffer begins with a place for each descent and for each step with the start", () => {
  const buffer = new Buffer(start(10, ["a", "b"]));
  assert.deepEqual(buffer.trajectories.map(({label, capacity, length, last}) => [label, capacity, length, last]), [["a", 11, 0, -1], ["b", 11, 0, -1]]);
  assert.equal(buffer.available, 0);
  assert.equal(buffer.steps, 10);
  assert.equal(buffer.complete, false);
});

test("frames are put where they say, and lengths follow", () => {
  const buffer = new Buffer(start(5, ["a"]));
  buffer.accept(frames(0, 0, [9, 4]));
  buffer.accept(frames(0, 2, [1, 0.25]));
  const [one] = buffer.trajectories;
  assert.deepEqual([...one.loss.subarray(0, one.length)], [9, 4, 1, 0.25]);
  assert.deepEqual([...one.evaluations.subarray(0, one.length)], [0, 1, 2, 3]);
  assert.equal(one.last, 3);
});

test("a null is not the place 0", () => {
  const buffer = new Buffer(start(2, ["a"]));
  buffer.accept(frames(0, 0, [1, null, 3]));
  assert.deepEqual([...buffer.trajectories[0].loss], [1, NaN, 3]);
});

test("what only some surfaces bring is NaN where it was not brought", () => {
  const buffer = new Buffer(start(3, ["a", "b"]));
  buffer.accept(frames(0, 0, [3, 2]));
  buffer.accept(frames(0, 2, [1, 0], {test_loss: [7, 8]}));
  assert.deepEqual([...buffer.trajectories[0].test_loss], [NaN, NaN, 7, 8]);
  assert.equal(buffer.trajectories[1].test_loss, null);
  assert.equal(buffer.trajectories[0].accuracy, null);
});

test("the clock may go as far as the slowest that is under way", () => {
  const buffer = new Buffer(start(9, ["a", "b", "c"]));
  buffer.accept(frames(0, 0, [1, 1, 1, 1, 1]));
  buffer.accept(frames(1, 0, [1, 1]));
  buffer.accept(frames(2, 0, [1]));
  assert.equal(buffer.available, 0);
  buffer.accept(end(2, "diverged", 0));
  assert.equal(buffer.available, 1);
  buffer.accept(end(1, "converged", 1));
  assert.equal(buffer.available, 4);
  assert.equal(buffer.complete, false);
  buffer.accept(end(0, "finished", 4));
  assert.deepEqual([buffer.complete, buffer.available, buffer.steps, buffer.longest], [true, 4, 4, 4]);
});

cases("which ends are losses", [[true, "diverged"], [true, "escaped"], [false, "finished"], [false, "converged"], [false, "cancelled"], [false, "stopped"]], (status) => {
  const buffer = new Buffer(start(1, ["a"]));
  assert.equal(buffer.trajectories[0].lost, false);
  buffer.accept(end(0, status, 1));
  return buffer.trajectories[0].lost;
});

test("what is cut ends where it was, and what had ended stays as it was", () => {
  const buffer = new Buffer(start(8, ["a", "b"]));
  buffer.accept(frames(0, 0, [1, 1, 1]));
  buffer.accept(frames(1, 0, [1, 1]));
  buffer.accept(end(1, "diverged", 1, "too far"));
  buffer.cut();
  assert.deepEqual(buffer.trajectories.map((one) => [one.end.status, one.end.steps]), [["cancelled", 2], ["diverged", 1]]);
  assert.match(buffer.trajectories[0].end.reason, /a was cancelled after step 2/);
  assert.equal(buffer.steps, 2);
});

test("lines of nobody and of no kind are let go", () => {
  const buffer = new Buffer(start(2, ["a"]));
  buffer.accept({type: "progress", done: 1, total: 2});
  buffer.accept(frames(7, 0, [1]));
  assert.equal(buffer.trajectories[0].length, 0);
});

test("a plane is the last that was told", () => {
  assert.equal(new Buffer(start(1, ["a"])).plane, null);
  const buffer = new Buffer(start(1, ["a"], {plane: {weights: 9, explained: null}}));
  assert.deepEqual(buffer.plane, {weights: 9, explained: null});
  buffer.accept({type: "plane", weights: 9, explained: [0.5, 0.25]});
  assert.deepEqual(buffer.plane.explained, [0.5, 0.25]);
});

test("an average comes in lines of its own", () => {
  const buffer = new Buffer(start(6, ["a"]));
  assert.equal(buffer.trajectories[0].average, null);
  buffer.accept({type: "average", descent: 0, step: [2, 3], x: [1, 2], y: [3, 4], loss: [5, null]});
  buffer.accept({type: "average", descent: 0, step: [4], x: [7], y: [8], loss: [9]});
  const {average} = buffer.trajectories[0];
  assert.deepEqual([...average.step.subarray(0, average.length)], [2, 3, 4]);
  assert.deepEqual([...average.loss.subarray(0, average.length)], [5, NaN, 9]);
});

cases("where an average is at a position: between neighbours in between, else at the last that is known", [
  [-1, [], 3], [-1, [2, 3], 1.9], [0, [2, 3], 2], [0.5, [2, 3], 2.5], [1, [2, 3], 3], [1, [2, 3], 9],
  [0, [0, 10, 20], 9.9], [1, [0, 10, 20], 10], [1, [0, 10, 11], 10], [1.25, [0, 10, 11], 10.25], [2, [0, 10, 11], 11],
], (steps, position) => {
  const average = new Average(20);
  average.append({step: steps, x: steps, y: steps, loss: steps});
  return average.at(position) + 0;
});

cases("how often the examples have been seen", [
  ["", [null], 5], ["epoch 0", [10], 0], ["epoch 0.5", [10], 5], ["epoch 1", [10], 10], ["epoch 2", [10], 99], ["epochs 1 to 4", [20, 5], 20], ["epoch 2", [null, 10], 20],
], (perEpoch, step) => {
  const buffer = new Buffer(start(20, perEpoch.map(String), {steps_per_epoch: perEpoch}));
  perEpoch.forEach((_, i) => buffer.accept(frames(i, 0, Array(21).fill(1))));
  assert.equal(hasEpochs(buffer), perEpoch.some(Boolean));
  return epochs(buffer, step);
});
