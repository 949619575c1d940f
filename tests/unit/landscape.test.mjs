import assert from "node:assert/strict";
import {test} from "node:test";
import {decode} from "../../frontend/server/api.js";
import {beyond, fit, lossAt, lowestMinimum, pointsInWords, question, received, widen} from "../../frontend/session/landscape.js";
import {isolines} from "../../frontend/draw/shading.js";
import {relief} from "../../frontend/draw/relief.js";
import {around, equal, rounds, told} from "../../frontend/draw/handmade-axes.js";
import {cases, near} from "./cases.mjs";

const packed = (array, dtype) => ({dtype, bdata: Buffer.from(array.buffer).toString("base64")});

cases("an array as the server packs it", [
  [[1, 2.5, -3], packed(Float64Array.of(1, 2.5, -3), "f8")], [[0.5, 256], packed(Float32Array.of(0.5, 256), "f4")], [[], packed(new Float64Array(), "f8")],
  [[1, 2, 3, 4], [[1, 2], [3, 4]]], [[1, NaN], [1, null]], [[Infinity, NaN], packed(Float64Array.of(Infinity, NaN), "f8")],
], (array) => Array.from(decode(array)));

cases("an interval is widened around its middle", [[[-1, 3], [0, 2], 2], [[0, 2], [0, 2], 1], [[0.5, 1.5], [0, 2], 0.5]], widen);

cases("a domain in a frame: equal units where that wastes little", [
  [{x: [-1, 1], y: [-1, 1]}, {x: [-1, 1], y: [-1, 1]}, 100, 100],
  [{x: [-2, 2], y: [-1, 1]}, {x: [-1, 1], y: [-1, 1]}, 200, 100],
  [{x: [-1, 1], y: [-2, 2]}, {x: [-1, 1], y: [-1, 1]}, 100, 200],
  [{x: [-1, 1], y: [-1, 1]}, {x: [-1, 1], y: [-1, 1]}, 300, 100],
  [{x: [0, 100], y: [0, 1]}, {x: [0, 100], y: [0, 1]}, 100, 100],
], fit);

test("the grid reaches an eighth beyond the window on every side", () => {
  assert.deepEqual(beyond({x: [0, 8], y: [-4, 4]}), {x: [-1, 9], y: [-5, 5]});
});

const plane = {x: [0, 1, 2], y: [0, 2], loss: [0, 1, 2, 20, 21, 22]};
cases("the loss between the points of a grid: of a plane it is exact", [
  [0, 0, 0], [22, 2, 2], [10.5, 0.5, 1], [6.25, 1.25, 0.5], [NaN, -0.1, 0], [NaN, 2.1, 0], [NaN, 0, 2.1], [NaN, NaN, 0],
], (x, y) => lossAt(plane, x, y));

cases("the lowest of the minima", [
  [null, []], [null, [{type: "saddle", loss: -5}]], [1, [{type: "minimum", loss: 2}, {type: "minimum", loss: 1}, {type: "maximum", loss: 0}]],
], lowestMinimum);

test("an answer is kept with what it was asked for", () => {
  const found = received({x: [0, 1], y: [0, 1], loss: [[1, 2], [3, null]]}, {surface: {kind: "bowl"}});
  assert.deepEqual([found.x, found.y, Array.from(found.loss), found.points, found.lowest, found.mathml, found.data], [[0, 1], [0, 1], [1, 2, 3, NaN], [], null, null, "train"]);
  assert.equal(found.key, '{"kind":"bowl"}');
});

const schema = (placing, examples) => ({placing: () => placing, examples: () => examples});
const asked = {experiment: {surface: {kind: "bowl"}, descents: [{}]}, window: {x: [0, 8], y: [0, 8]}, ground: "train"};
cases("how finely a landscape is asked for", [
  [{surface: asked.experiment.surface, window: {x: [-1, 9], y: [-1, 9]}, resolution: 250}, asked, null, 0],
  [{surface: asked.experiment.surface, resolution: 60}, {...asked, window: null}, null, 500],
  [{surface: asked.experiment.surface, resolution: 81}, {...asked, window: null}, null, 501],
  [{experiment: {placed: true}, resolution: 81}, {...asked, window: null}, {placed: true}, 0],
  [{surface: asked.experiment.surface, resolution: 60, data: "test"}, {...asked, window: null, ground: "test"}, null, 0],
], (state, placing, examples) => question(state, schema(placing, examples)));

/** A grid of a function on [−2, 2]². */
function grid(loss, n = 41) {
  const axis = Array.from({length: n}, (_, i) => -2 + (4 * i) / (n - 1));
  return {x: axis, y: axis, loss: Float64Array.from(axis.flatMap((y) => axis.map((x) => loss(x, y))))};
}

test("the isolines of a circle lie on it, and go all around", () => {
  const found = isolines(grid((x, y) => x * x + y * y, 201), 1);
  let length = 0;
  for (let at = 0; at < found.length; at += 4) {
    const [x0, y0, x1, y1] = found.slice(at, at + 4);
    assert.ok(Math.abs(Math.hypot(x0, y0) - 1) < 1e-3);
    length += Math.hypot(x1 - x0, y1 - y0);
  }
  assert.ok(Math.abs(length - 2 * Math.PI) < 1e-3, String(length));
});

cases("a cell is cut in one piece, a saddle in two, and one without the level not at all", [
  [[0.5, 0, 0.5, 1], [0, 1, 0, 1], 0.5], [[1, 0.5, 0, 0.5], [0, 0, 1, 1], 0.5], [[], [0, 0, 0, 0], 0.5], [[], [1, 1, 1, 1], 0.5], [[], [0, NaN, 1, 1], 0.5],
], (loss, level) => isolines({x: [0, 1], y: [0, 1], loss}, level));
test("a saddle in two", () => assert.equal(isolines({x: [0, 1], y: [0, 1], loss: [0, 1, 1, 0]}, 0.5).length, 8));

for (const [name, loss, known] of [["a bowl", (x, y) => x * x + y * y, 0], ["a ravine", (x, y) => x * x + 1000 * y * y, 0], ["a slope", (x) => 3 * x, null], ["a bowl over a floor of 7", (x, y) => 7 + x * x + y * y, 7], ["a pole", (x, y) => 1 / (x * x + y * y), null]]) {
  test(`the relief of ${name} rises with the loss and lies within its scale`, () => {
    const ground = grid(loss);
    const {rows, low, high, ticks} = relief(ground, known);
    const heights = rows.flatMap((row) => Array.from(row));
    const order = Array.from(ground.loss, (_, i) => i).filter((i) => Number.isFinite(ground.loss[i])).sort((a, b) => ground.loss[a] - ground.loss[b]);
    for (let k = 1; k < order.length; k++) assert.ok(heights[order[k]] >= heights[order[k - 1]] - 1e-6);
    assert.ok(low < high);
    assert.ok(ticks.length > 1 && ticks.every(({z}) => z >= low && z <= high));
  });
}

test("the scale's labels are those of the losses where they stand", () => {
  const {ticks, low, high, rise} = relief(grid((x, y) => x * x + y * y), 0);
  const values = ticks.map(({text}) => Number(text));
  assert.ok(values.every((value, i) => !i || value > values[i - 1]));
  // The height's slope is what was promised: between the labels it is its integral.
  // Near the bottom the grid's own roughness is not shown: from an eighth of the heights on.
  assert.ok(values.filter((value) => value >= 1).length > 2);
  for (let k = 1 + values.findIndex((value) => value >= 1); k < ticks.length; k++) {
    let sum = 0;
    const [from, to] = [values[k - 1], values[k]];
    for (let i = 0; i < 20_000; i++) sum += rise(from + ((i + 0.5) / 20_000) * (to - from)) * ((to - from) / 20_000);
    assert.ok(Math.abs(ticks[k].z - ticks[k - 1].z - sum) < 1e-4 * (high - low), `${from} ${to}`);
  }
});

cases("the name of the scale says when losses stand above a floor", [["loss", 0, 0], ["loss<br>− min", 7, 7], ["loss", 7, null]], (base, known) => relief(grid((x, y) => base + x * x + y * y), known).title);

cases("round numbers in an interval", [
  [[0, 2, 4, 6, 8, 10], [0, 10], 5], [[0, 5, 10], [0, 10], 2], [[-1, 0, 1], [-1, 1], 2], [[2, 4], [1.5, 4.5], 2],
], (interval, count) => rounds(interval, count).map((value) => value + 0));
test("also where they are no whole numbers", () => near(rounds([0.1, 0.5], 4), [0.1, 0.2, 0.3, 0.4, 0.5]));

cases("a little more than from the lowest to the highest", [
  [[-1, 11], [0, 10, 5], 0.1], [[1, 3], [2], 0.1], [[-0.5, 0.5], [0, 0], 0.1], [[0, 1], [], 0.1], [[0, 1], [NaN], 0.1],
], (values, share) => around(values, share).map((value) => value + 0));

cases("the same length for a unit in x and in y", [
  [[[0, 2], [0, 1]], [0, 2], [0, 1], 200, 100], [[[-0.5, 1.5], [0, 1]], [0, 1], [0, 1], 200, 100], [[[0, 1], [-1, 2]], [0, 1], [0, 1], 100, 300],
], equal);

cases("ticks are told apart, in as few digits as do it", [
  [["0", "0.5", "1"], [0, 0.5, 1]], [["2000", "2000.5", "2001"], [2000, 2000.5, 2001]], [["293.1", "293.2", "293.3"], [293.1, 293.2, 293.3]],
  [["1.7·10⁹", "1.8·10⁹"], [1.7e9, 1.8e9]], [["1.70000001·10⁹", "1.70000002·10⁹"], [1700000010, 1700000020]], [["20000", "40000"], [20000, 40000]],
  [["0.333"], [1 / 3]], [[], []],
], (values) => told(values).map(([, text]) => text));

const marks = (counts) => Object.entries(counts).flatMap(([type, count]) => Array.from({length: count}, () => ({x: 0, y: 0, loss: 0, type})));

cases("what is known of the points without slope", [
  ["On and around the map: 4 minima, 1 saddle, 2 maxima.", {maximum: 2, saddle: 1, minimum: 4}, null],
  ["On and around the map: 1 minimum, 1 flat point. Perhaps not all: of 900 found the lowest 512 are listed.", {flat: 1, minimum: 1}, "of 900 found the lowest 512 are listed"],
  ["On and around the map there is no point without slope.", {}, null],
  ["Points without slope: the loss is the same everywhere.", {}, "the loss is the same everywhere"],
], (counts, missing) => pointsInWords({points: marks(counts), missing}));
