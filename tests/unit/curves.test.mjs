import assert from "node:assert/strict";
import {test} from "node:test";
import {Buffer} from "../../frontend/session/buffer.js";
import {accuracyCurves, lossCurves, rateCurves} from "../../frontend/panels/charts/curves.js";
import {cases, frames, near, start} from "./cases.mjs";

/** Descents with these losses (and what else is given), at their ends. */
function buffer(losses, more = losses.map(() => ({})), statuses = losses.map(() => "finished")) {
  const made = new Buffer(start(Math.max(...losses.map((one) => one.length)) - 1, losses.map((_, i) => String(i))));
  losses.forEach((loss, i) => {
    made.accept(frames(i, 0, loss, more[i]));
    made.accept({type: "end", descent: i, status: statuses[i], steps: loss.length - 1, reason: null});
  });
  return made;
}
const holds = ([low, high], ...values) => values.every((value) => value >= low && value <= high);

test("a loss above a known minimum is on a log scale that holds all of it", () => {
  const {log, range, unit, note, shown} = lossCurves(buffer([[101, 11, 1.001]]), 1);
  assert.deepEqual([log, unit, note], [true, "loss − min", "above the minimum"]);
  assert.ok(holds(range, 2, 1, -3));
  assert.ok(range[1] - range[0] < 5 * 1.2);
  near([101, 11, 1].map(shown), [100, 10, 1e-12]);
});

cases("what the loss is called", [["loss", 0], ["loss − min", -3], ["loss − min", 0.5], ["loss", null]], (floor) => lossCurves(buffer([[8, 4, 2]]), floor).unit);

test("without a known minimum the scale is linear, with a margin on both sides", () => {
  const {log, range, shown} = lossCurves(buffer([[10, 0, -10]]), null);
  assert.equal(log, false);
  near(range, [-11.2, 11.2]);
  assert.equal(shown(-3), -3);
});

test("a loss that does not change still has a scale", () => {
  const {range} = lossCurves(buffer([[5, 5, 5]]), null);
  assert.ok(range[0] < 5 && range[1] > 5);
});

test("a descent that blows up does not flatten the others", () => {
  const {range} = lossCurves(buffer([[10, 5, 1], [10, 1e30, 1e200]], undefined, ["finished", "diverged"]), 0);
  assert.ok(range[1] < 2, String(range));
});

test("where all blow up the start is seen", () => {
  const {range} = lossCurves(buffer([[10, 1e5, 1e9, 1e30]], undefined, ["diverged"]), 0);
  assert.ok(holds(range, 1) && range[1] < 7, String(range));
});

test("a batch that does better than all examples at their best has no place on a log scale", () => {
  const made = buffer([[4, 2, 1]], [{batch_loss: [5, 0.5, 2]}]);
  const [batch] = lossCurves(made, 1).beside(made.trajectories[0]);
  assert.deepEqual([batch.name, ...batch.values], ["mini-batch", 5, NaN, 2]);
});

test("what goes with a descent: its batches, its test loss, its average", () => {
  const made = buffer([[4, 2, 1]], [{batch_loss: [5, 3, 2], test_loss: [6, 5, 4]}]);
  made.accept({type: "average", descent: 0, step: [1, 2], x: [0, 0], y: [0, 0], loss: [9, 8]});
  const {beside, range} = lossCurves(made, null);
  assert.deepEqual(beside(made.trajectories[0]).map(({name}) => name), ["mini-batch", "test", "average"]);
  assert.ok(holds(range, 9, 1), "the scale holds them too");
});

test("the batches of many descents together are as faint as those of one", () => {
  const alpha = (n) => {
    const made = buffer(Array(n).fill([4, 2]), Array(n).fill({batch_loss: [4, 2]}));
    return lossCurves(made, null).beside(made.trajectories[0])[0].pen.alpha;
  };
  near([3 * alpha(3), 8 * alpha(8)], [alpha(1), alpha(1)]);
});

test("accuracies are shown where every descent has them", () => {
  assert.deepEqual(accuracyCurves(buffer([[1, 1]])), []);
  assert.deepEqual(accuracyCurves(buffer([[1, 1], [1, 1]], [{accuracy: [0.5, 1]}, {}])), []);
  const [curves] = accuracyCurves(buffer([[1, 1]], [{accuracy: [0.25, 1]}]));
  assert.ok(curves.share && holds(curves.range, 0.25, 1));
});

const rates = (...all) => rateCurves(buffer(all.map((one) => one.map(() => 1)), all.map((learning_rate) => ({learning_rate}))));

test("rates that never change lie within the scale, as staircases", () => {
  const {range, held, log, least} = rates([0.1, 0.1, 0.1], [0.001, 0.001, 0.001]);
  assert.deepEqual([held, log, least], [true, true, 0]);
  assert.ok(holds(range, -1, -3));
});

test("a rate of 0 is drawn at the lower end", () => {
  const {range, least, shown} = rates([0.1, 0.05, 0.02, 0]);
  assert.ok(least > 0 && least < 0.02 && holds(range, Math.log10(least), -1));
  assert.equal(shown(0), least);
  assert.equal(shown(0.05), 0.05);
});

test("what a schedule falls to in its last step does not stretch the scale without end", () => {
  const falling = [...Array(99).fill(0.1), 1e-30];
  const {range} = rates(falling);
  assert.ok(range[0] > -8, String(range));
});
