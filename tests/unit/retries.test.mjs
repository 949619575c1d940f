import assert from "node:assert/strict";
import {beforeEach, test} from "node:test";
import {Problem} from "../../frontend/server/api.js";
import {Retries} from "../../frontend/app/retries.js";
import {cases} from "./cases.mjs";

/** As much of a document as a button needs. */
let online = () => {};
let focused = 0;
const made = () => ({hidden: false, children: [], append(...more) {
  this.children.push(...more);
}, setAttribute() {}});
globalThis.addEventListener = (_, listener) => (online = listener);
globalThis.document = {
  createElement: made, activeElement: null, getElementById: () => ({focus: () => (focused += 1)}), documentElement: {classList: {toggle() {}}},
};

/** What is called every second, for as long as nobody clears it. */
const timers = new Set();
globalThis.setInterval = (call, pause) => {
  assert.equal(pause, 1000);
  const timer = {call};
  timers.add(timer);
  return timer;
};
globalThis.clearInterval = (timer) => timers.delete(timer);
function seconds(count) {
  for (let k = 0; k < count; k++) for (const timer of [...timers]) timer.call();
}

let said, retries;
beforeEach(() => {
  timers.clear();
  said = [];
  retries = new Retries(made(), (text) => said.push(text));
});

test("nothing is said while all is well", () => {
  retries.over({});
  assert.deepEqual([said, retries.button.hidden], [[], true]);
});

test("a server that does not answer is tried again after 2, 4, 8, 16 and then every 30 seconds", () => {
  const waits = [];
  let waited = 0;
  const who = {};
  const again = () => {
    waits.push(waited);
    waited = 0;
    if (waits.length < 7) retries.later(who, new Error(), again);
  };
  retries.later(who, new Error(), again);
  for (let k = 0; k < 150; k++) {
    waited += 1;
    seconds(1);
  }
  assert.deepEqual(waits.slice(0, 6), [2, 4, 8, 16, 30, 30]);
});

cases("a busy one when it says, within half a minute", [[3, 3], [1, 1], [30, 900]], (wait) => {
  let after = 0;
  let again = false;
  retries.later({}, new Problem(503, null, wait), () => (again = true));
  while (!again && after < 100) {
    after += 1;
    seconds(1);
  }
  return after;
});

test("what holds is said once, in words that tell busy from out of reach", () => {
  retries.later({}, new Error(), () => {});
  assert.deepEqual(said, ["The server cannot be reached; trying again in 2 s."]);
  retries.later({}, new Problem(503, null, 9), () => {});
  assert.equal(said.length, 1);
  const busy = new Retries(made(), (text) => said.push(text));
  busy.later({}, new Problem(503, null, 9), () => {});
  assert.equal(said[1], "The server is busy; trying again in 9 s.");
});

test("all who wait are tried at once, by the button and when the line is back", () => {
  const tried = [];
  for (const name of ["a", "b"]) retries.later(name, new Error(), () => tried.push(name));
  assert.equal(retries.button.hidden, false);
  retries.button.onclick();
  assert.deepEqual(tried, ["a", "b"]);
  online();
  assert.deepEqual(tried, ["a", "b", "a", "b"]);
});

test("one who asks twice is tried once, with the newer question", () => {
  const tried = [];
  const who = {};
  retries.later(who, new Error(), () => tried.push("old"));
  retries.later(who, new Error(), () => tried.push("new"));
  seconds(2);
  assert.deepEqual(tried, ["new"]);
});

test("when the last has an answer, nothing is held any more, and the focus finds a place", () => {
  const [a, b] = [{}, {}];
  retries.later(a, new Error(), () => {});
  retries.later(b, new Error(), () => {});
  retries.over(a);
  assert.equal(said.length, 1);
  document.activeElement = retries.button;
  retries.over(b);
  assert.deepEqual([said.at(-1), retries.button.hidden, focused], ["", true, 1]);
});

test("a call goes on until there is an answer", async () => {
  let count = 0;
  const answer = retries.until(async () => {
    count += 1;
    if (count < 3) throw new Problem(503, null, 1);
    return "there";
  });
  for (let k = 0; k < 20 && count < 3; k++) {
    await new Promise((resolve) => setImmediate(resolve));
    seconds(1);
  }
  assert.equal(await answer, "there");
  assert.equal(count, 3);
});

test("a refusal is no trouble that passes", async () => {
  await assert.rejects(retries.until(async () => {
    throw new Problem(404, {detail: "none"});
  }), /none/);
  assert.deepEqual(said, []);
});
