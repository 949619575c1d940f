import assert from "node:assert/strict";
import {test} from "node:test";
import {besides, changed, from, fresh, leading, led, rated} from "../../frontend/kit/rates.js";
import {about, label, paragraphs, sentence, sliding, words} from "../../frontend/kit/fields.js";
import {Minima} from "../../frontend/session/minima.js";
import {Schema} from "../../frontend/session/schema.js";
import {State} from "../../frontend/session/state.js";
import {cases, near} from "./cases.mjs";

const component = (kind, properties = {}, more = {}) => ({type: "object", title: kind, properties: {kind: {const: kind}, ...properties}, ...more});
const union = (...names) => ({oneOf: names.map((name) => ({$ref: `#/$defs/${name}`}))});
const number = (title, initial, bounds = {}) => ({type: "number", title, default: initial, description: `The ${title}.`, ...bounds});
const rate = {oneOf: [{type: "number"}, {oneOf: [{$ref: "#/$defs/Steady"}, {$ref: "#/$defs/Falling"}], discriminator: {propertyName: "kind"}}], title: "first"};

/** As the service writes one, with components of our own. */
const json = {
  $defs: {
    Experiment: {type: "object", properties: {
      surface: union("Dish", "Typed", "Flight", "Points"), descents: {type: "array", items: {$ref: "#/$defs/Descent"}}, steps: {type: "integer", title: "steps", default: 300, minimum: 1, maximum: 10000},
    }},
    Descent: {type: "object", properties: {
      optimizer: union("Walk", "Roll"), learning_rate: {anyOf: [{type: "number"}, union("Steady", "Falling", "Warm"), {type: "null"}]},
      gradient: union("Exact", "Noisy"), average: {anyOf: [union("Mean"), {type: "null"}]},
    }},
    Dish: component("dish", {a: number("a", 1, {minimum: 0, maximum: 10}), domain: {type: "object"}}, {facts: {domain: {x: [-2, 2], y: [-3, 3]}, minima: [{x: 0, y: 0, loss: 0.5}], rates: {walk: 0.25}}}),
    Typed: component("typed", {formula: {type: "string", title: "formula"}}, {required: ["formula"], facts: {}}),
    Flight: component("flight", {}, {facts: {bounded: false, minima: [{x: 0, y: 0, loss: -1}]}}),
    Points: component("points", {values: {type: "array", items: {type: "number"}, default: [1, 2, 3], title: "values"}, plane: {enum: ["path", "random"], default: "random", title: "plane"}}, {facts: {data: true, lists: ["values"], domain: {x: [0, 1], y: [0, 1]}, letters: ["m", "b"]}}),
    Walk: component("walk"), Roll: component("roll", {mu: number("μ", 0.9, {minimum: 0, exclusiveMaximum: 1})}, {facts: {learning_rate: 0.03}}),
    Steady: component("steady", {learning_rate: number("α", 0.1)}), Falling: component("falling", {learning_rate: number("α₀", 0.1), gamma: number("γ", 0.9)}),
    Warm: component("warm", {steps: {type: "integer", title: "steps", default: 10}, then: rate}),
    Exact: component("exact"), Noisy: component("noisy", {size: {type: "integer", title: "size", default: 8, minimum: 1}}), Mean: component("mean"),
  },
};
const schema = new Schema(json);

cases("the members of each union, in their order", [
  [["dish", "typed", "flight", "points"], "surfaces"], [["walk", "roll"], "optimizers"], [["steady", "falling", "warm"], "schedules"], [["exact", "noisy"], "gradients"], [["mean"], "averages"],
], (name) => schema[name].map(({kind}) => kind));

test("what is special is known by its parameters, not by its name", () => {
  assert.deepEqual([schema.constant.kind, schema.typed.kind, schema.models.map(({kind}) => kind)], ["steady", "typed", ["points"]]);
});

test("a parameter's bounds say whether they belong to it", () => {
  const [mu] = schema.optimizer({kind: "roll"}).parameters;
  assert.deepEqual([mu.type, mu.low, mu.high, mu.open, mu.excluded, mu.initial], ["number", 0, 1, false, true, 0.9]);
});

cases("the types of parameters", [["string", "typed", "formula"], ["list", "points", "values"], ["choice", "points", "plane"], ["number", "dish", "a"]],
  (kind, name) => schema.surfaces.find((one) => one.kind === kind).parameters.find((one) => one.name === name).type);
test("a rate within a schedule is one", () => assert.equal(schema.schedules[2].parameters[1].type, "rate"));

cases("the rate to begin with: the surface's, the optimizer's, or a hundredth", [
  [0.25, "dish", "walk"], [0.03, "dish", "roll"], [0.01, "typed", "walk"], [0.01, "nowhere", "nobody"],
], (surface, optimizer) => schema.recommended({kind: surface}, {kind: optimizer}));

cases("the part of the plane to show first", [
  [{x: [-2, 2], y: [-3, 3]}, {kind: "dish"}], [{x: [0, 1], y: [0, 1]}, {kind: "dish", domain: {x: [0, 1], y: [0, 1]}}], [{x: [-5, 5], y: [-5, 5]}, {kind: "nowhere"}], [null, {kind: "points", values: [1]}], [null, {kind: "points"}],
], (surface) => schema.domain(surface));

cases("how many examples there are", [[3, {kind: "points"}], [2, {kind: "points", values: [1, 2]}], [0, {kind: "dish"}], [1, {kind: "dish", data: {x: [1], y: [1]}}]], (surface) => schema.examples(surface));
cases("the gradients there are: batches where there are examples", [[["exact", "noisy"], {kind: "points"}], [["exact"], {kind: "dish"}]], (surface) => schema.sources(surface).map(({kind}) => kind));
cases("the letters of the coordinates", [[["m", "b"], {kind: "points"}], [null, {kind: "dish"}], [["u", "v"], {kind: "typed", parameters: ["u", "v"]}]], (surface) => schema.letters(surface));

test("a floor is the catalogue's until the server has said another; without a bottom there is none", () => {
  const known = new Schema(json);
  assert.deepEqual([known.floor({kind: "dish"}), known.floor({kind: "flight"}), known.floor({kind: "typed"})], [0.5, null, null]);
  known.learn({kind: "dish", a: 2}, 4);
  known.learn({kind: "flight"}, 4);
  assert.deepEqual([known.floor({kind: "dish"}), known.floor({kind: "dish", a: 2}), known.floor({kind: "flight"})], [0.5, 4, null]);
  known.learn({kind: "dish"}, 0);
  assert.equal(known.floor({kind: "dish", a: 1}), 0, "a parameter at its default is the same surface");
});

cases("whether a surface's plane depends on the descents", [
  [null, {surface: {kind: "dish"}, descents: [{a: 1}]}],
  [{surface: {kind: "points"}, seed: 0, descents: [{}]}, {surface: {kind: "points"}, descents: [{a: 1}]}],
  [{surface: {kind: "points", plane: "path"}, descents: [{a: 1}]}, {surface: {kind: "points", plane: "path"}, descents: [{a: 1}]}],
], (experiment) => schema.placing(experiment));

test("minima: the catalogue's for a surface as it is, and those that maps have shown", () => {
  const state = new State();
  const minima = new Minima(state, schema);
  assert.deepEqual(minima.of({kind: "dish"}).map(({loss}) => loss), [0.5]);
  assert.deepEqual(minima.of({kind: "dish", a: 2}), []);
  const points = [{x: 1, y: 1, loss: 3, type: "minimum"}, {x: 1 + 1e-9, y: 1, loss: 3, type: "minimum"}, {x: 2, y: 2, loss: 9, type: "saddle"}, {x: 3, y: 3, loss: NaN, type: "minimum"}];
  state.landscape = {surface: {kind: "dish", a: 2}, points, data: "train"};
  state.tell("landscape");
  assert.deepEqual(minima.of({kind: "dish", a: 2}).map(({x, loss}) => [x, loss]), [[1, 3]]);
  assert.equal(minima.lowest({kind: "dish", a: 2}), 0.5, "the catalogue's floor holds for what is not known better");
  state.landscape = {surface: {kind: "typed", formula: "x"}, points: [], data: "train"};
  state.tell("landscape");
  assert.deepEqual(minima.of({kind: "dish", a: 2}), []);
});

cases("the number that a slider drives", [
  [0.3, 0.3], [undefined, null], [undefined, undefined], [0.2, {kind: "falling", learning_rate: 0.2}], [undefined, {kind: "falling"}],
  [0.4, {kind: "warm", then: 0.4}], [0.5, {kind: "warm", then: {kind: "falling", learning_rate: 0.5}}], [null, {kind: "nobody"}],
], (value) => leading(schema, value));

cases("the same rate with another number, and the old one as it was", [
  [1, 0.3, 1], [{kind: "falling", learning_rate: 1}, {kind: "falling", learning_rate: 0.2}, 1], [{kind: "falling", gamma: 0.5, learning_rate: 1}, {kind: "falling", gamma: 0.5}, 1],
  [{kind: "warm", then: {kind: "falling", learning_rate: 1}}, {kind: "warm", then: {kind: "falling", learning_rate: 0.5}}, 1], [{kind: "falling"}, {kind: "falling", learning_rate: 0.2}, undefined], [{kind: "nobody"}, {kind: "nobody"}, 1],
], (value, number) => {
  const before = JSON.stringify(value);
  const found = led(schema, value, number);
  assert.equal(JSON.stringify(value), before);
  return found;
});

cases("a schedule just chosen", [[0.3, "steady", 0.3], [{kind: "falling", learning_rate: 0.3}, "falling", 0.3], [{kind: "warm", then: 0.3}, "warm", 0.3]], (kind, value) => fresh({schema, steps: () => 100}, kind, value));
cases("a rate in a word or two", [["0.1", 0.1], ["0.2 falling", {kind: "falling", learning_rate: 0.2}], ["falling", {kind: "falling"}], ["", null]], (value) => rated(schema, value).rateText);
cases("a part changed, or taken out", [[{a: 1, b: 2}, {a: 1}, "b", 2], [{a: 3}, {a: 1}, "a", 3], [{}, {a: 1}, "a", undefined]], changed);
test("what is beside the rate", () => assert.deepEqual(besides(schema.schedules[1]).map(({name}) => name), ["gamma"]));
cases("what was refused within a part", [[[{path: ["b"], message: "no"}], [{path: ["a", "b"], message: "no"}, {path: ["c"], message: "nor"}], "a"], [[], [], "a"]], from);

const refused = (...paths) => paths.map((path) => ({path, message: path.join(), column: null}));
cases("the words about one field", [
  [["a", "a,0"], refused(["a"], ["a", 0], ["ab"], ["b", "a"]), ["a"]], [["a,1,x"], refused(["a", 10, "x"], ["a", 1, "x"]), ["a", 1]], [[], refused(["a"]), ["b"]],
], (refusals, path) => about(refusals, path).map(({message}) => message));
cases("refusals in words", [["Column 3: no", [{path: [], message: "no", column: 3}]], ["a\nb", refused(["a"], ["b"])], ["", []]], words);
cases("a parameter's name with its letter", [["decay ρ", {name: "decay", title: "ρ"}], ["batch size", {name: "batch_size", title: "size"}], ["steps", {name: "steps", title: "Steps"}]], label);
cases("a component's paragraphs, without formulas", [
  [["One two.", "Three x."], {description: "One\n  two.\n\n$$x\n= 1$$\n\nThree ``x``."}], [[], {description: ""}], [[], undefined],
], paragraphs);
cases("the first of them", [["One.", {description: "One.\n\nTwo."}], ["", {description: "$$x$$"}]], sentence);

const bounds = (low, high, initial, more = {}) => ({low, high, initial, open: false, excluded: false, ...more});
for (const [what, parameter, positions] of [
  ["an interval evenly", bounds(-1, 3, 0), [[0, -1], [0.5, 1], [1, 3]]],
  ["powers of ten evenly", bounds(0.001, 1e6, 1), [[0, 0.001], [1, 1e4]]],
  ["an interval whose ends do not belong to it, just within them", bounds(0, 1, 0.5, {open: true, excluded: true}), [[0, 0.001], [0.5, 0.5], [1, 0.999]]],
]) {
  test(`a slider covers ${what}, there and back`, () => {
    const {value, position} = sliding(parameter);
    near(positions.map(([at]) => value(at)), positions.map(([, expected]) => expected));
    for (let at = 0; at <= 1; at += 0.125) near([position(value(at))], [at], 1e-9);
  });
}
cases("where no slider can be", [[null, bounds(0, Infinity, 1)], [null, bounds(-Infinity, 1, 0)], [null, bounds(0, 1e300, 1)], [null, bounds(0, 999, 0.1)]], sliding);
