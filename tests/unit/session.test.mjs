import assert from "node:assert/strict";
import {test} from "node:test";
import {wishes} from "../../frontend/app/embed.js";
import {choices, choose, key, letter, spelled} from "../../frontend/kit/notation.js";
import {Course} from "../../frontend/panels/lecture/course.js";
import {best, ladder} from "../../frontend/panels/results/sweep.js";
import {places} from "../../frontend/panels/share/snippets.js";
import {State} from "../../frontend/session/state.js";
import {cases} from "./cases.mjs";

const scene = () => ({title: "T", predict: {question: "?", choices: ["a"], answer: 0}, experiment: {surface: {kind: "bowl"}, descents: [{}, {}]}, view: {step: 7, descent: 1, window: {x: [0, 1], y: [0, 1]}}});
function opened(place = null) {
  const state = new State();
  const heard = [];
  for (const topic of ["opened", "experiment", "view", "chosen", "revealed"]) state.on(topic, () => heard.push(topic));
  state.open(scene(), place);
  return {state, heard};
}

test("who opens a scene hears of it before the experiment", () => {
  const {state, heard} = opened("a/b");
  assert.deepEqual([heard, state.place, state.waiting, state.first, state.edited, state.tuned], [["opened", "experiment"], "a/b", true, 7, false, [false, false]]);
});

test("a question is revealed once", () => {
  const {state, heard} = opened();
  state.reveal();
  state.reveal();
  assert.deepEqual([heard.filter((topic) => topic === "revealed").length, state.waiting], [1, false]);
});

test("where nobody can read a question nothing waits for it", () => {
  const state = new State();
  state.asks = false;
  state.open(scene());
  assert.equal(state.waiting, false);
});

test("an edit works on a copy", () => {
  const {state} = opened();
  const before = state.experiment;
  state.edit((experiment) => (experiment.descents[0].learning_rate = 1), "in place");
  assert.deepEqual([before.descents[0].learning_rate, state.experiment.descents[0].learning_rate, state.edited, state.manner], [undefined, 1, true, "in place"]);
});

cases("whose words are kept when the surface becomes another: a lecture's", [["T", "a/b"], [undefined, null]], (place) => {
  const {state} = opened(place);
  state.edit((experiment) => (experiment.surface = {kind: "saddle"}), "start over");
  return state.scene.title;
});

test("a window belongs to its surface, and to its domain", () => {
  for (const [change, kept] of [[(one) => (one.surface.a = 2), true], [(one) => (one.surface.kind = "saddle"), false], [(one) => (one.surface.domain = {x: [0, 1], y: [0, 1]}), false]]) {
    const {state} = opened();
    state.window = {x: [0, 1], y: [0, 1]};
    state.edit(change, "start over");
    assert.deepEqual([state.window !== null, "window" in state.view], [kept, kept]);
  }
});

cases("the descent that is looked at closely is one there is", [[1, 1], [1, 9], [0, -3], [0, "1"], [0, NaN], [0, 0.5], [0, undefined]], (descent) => {
  const {state} = opened();
  state.look({descent});
  return state.chosen;
});

const course = new Course();
course.take([{lecture: "a", title: "A", text: "", scenes: [{scene: "one", title: ""}, {scene: "two", title: ""}]}, {lecture: "b", title: "B", text: "", scenes: [{scene: "one", title: ""}]}]);
cases("the scenes before and after, across lectures", [
  ["a/one", "a/one", 0], ["a/two", "a/one", 1], ["b/one", "a/two", 1], ["a/two", "b/one", -1], [undefined, "b/one", 1], [undefined, "a/one", -1], [undefined, "c/one", 0], [undefined, null, 1],
], (place, by) => course.find(place, by)?.place);
test("a score counts the questions that were answered, and those rightly", () => {
  course.remember("a/one", true);
  course.remember("a/two", false);
  course.remember("b/one", true);
  assert.deepEqual(course.score(course.lectures[0]), {answered: 2, right: 1, all: 2});
});

test("the letters are the usual ones until others are chosen, and what is no choice is left", () => {
  for (const wrong of [undefined, null, {}, {rate: "ω"}, {rate: 3}, "η"]) {
    choose(wrong);
    assert.equal(key(), "αwμ");
  }
  choose({rate: "η", iterate: "θ", momentum: "β"});
  assert.deepEqual([letter("rate"), letter("iterate"), letter("momentum"), key()], ["η", "θ", "β", "ηθβ"]);
});
cases("a quantity in the letters that were chosen", [
  ["rate η", {rate: "η"}, "rate α"], ["momentum β", {momentum: "β"}, "momentum μ"], ["α₀", {rate: "η"}, "α₀"], ["size", {rate: "η"}, "size"], ["αβ", {rate: "η"}, "αβ"],
  ["rate λ, decay ζ", {rate: "λ"}, "rate α, decay λ"], ["decay λ", {rate: "η"}, "decay λ"], ["weights w", {iterate: "θ"}, "weights w"],
], (notation, words) => {
  choose(notation);
  return spelled(words);
});
test("no two letters of one notation are the same", () => {
  for (const rate of choices.rate) for (const iterate of choices.iterate) for (const momentum of choices.momentum) {
    choose({rate, iterate, momentum});
    assert.equal(new Set(spelled("α λ μ").split(" ").concat(letter("iterate"))).size, 4);
  }
  choose({});
});

test("the rates of a sweep are two a decade, three decades to each side", () => {
  assert.deepEqual(ladder(0.1), [0.0001, 0.00032, 0.001, 0.0032, 0.01, 0.032, 0.1, 0.32, 1, 3.2, 10, 32, 100]);
});
const run = (rate, loss, soon = 9, lost = false) => ({rate, loss, soon, lost, status: "", i: 0});
cases("the best of a sweep: the lowest end; among equals the sooner; none that is lost", [
  [2, [run(1, 3), run(2, 1), run(3, 2)], null], [2, [run(1, 1e-14, 9), run(2, 1e-13, 3)], 0], [1, [run(1, 1e-9, 9), run(2, 1e-8, 3)], 0],
  [1, [run(1, 3), run(2, -1e9, 0, true)], null], [undefined, [run(1, 3, 9, true)], null], [undefined, [], null],
], (runs, floor) => best(runs, floor)?.rate);

cases("what the address of a frame asks for", [
  [{embedded: false, controls: "play", theme: null, autoplay: true, keys: true}, "/", ""],
  [{embedded: true, controls: "play", theme: null, autoplay: false, keys: false}, "/embed", ""],
  [{embedded: true, controls: "all", theme: "dark", autoplay: true, keys: true}, "/deep/embed/", "?controls=all&theme=dark&autoplay=1&keys=1"],
  [{embedded: true, controls: "none", theme: null, autoplay: false, keys: false}, "/embed", "?controls=none&autoplay=yes&keys=0"],
  [{embedded: true, controls: "play", theme: null, autoplay: false, keys: false}, "/embed", "?controls=everything"],
], (pathname, search) => wishes({pathname, search}));

for (const {name, code} of places) {
  test(`what is pasted into ${name} holds no more markup than it should`, () => {
    const text = code((controls) => `https://example.org/embed?a="1"&controls=${controls}`, '<b>"Fish" & chips</b>');
    assert.ok(!text.includes("<b>") && !text.includes('"Fish"'), text);
    assert.ok(!/="[^"]*&(?!amp;|quot;|lt;)/.test(text), text);
  });
}
