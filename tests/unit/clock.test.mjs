import assert from "node:assert/strict";
import {beforeEach, test} from "node:test";
import {Clock} from "../../frontend/session/clock.js";

let waiting = [];
let hidden = () => {};
globalThis.document = {addEventListener: (_, listener) => (hidden = listener)};
globalThis.requestAnimationFrame = (frame) => waiting.push(frame);

/** The frame that is due, at a time in milliseconds. */
function frame(now) {
  const due = waiting;
  waiting = [];
  for (const one of due) one(now);
}

let clock;
beforeEach(() => {
  waiting = [];
  clock = new Clock();
  clock.extent = () => ({available: 100, complete: true});
});

test("it plays at its speed, whatever the frames", () => {
  clock.speed = 20;
  clock.play();
  for (const now of [1000, 1016, 1050, 1100]) frame(now);
  assert.ok(Math.abs(clock.position - 2) < 1e-9, String(clock.position));
});

test("after a stall it goes on from where it was: a tenth of a second at most", () => {
  clock.speed = 10;
  clock.play();
  frame(0);
  frame(60_000);
  assert.ok(Math.abs(clock.position - 1) < 1e-9);
});

test("the time in which a page was hidden does not count", () => {
  clock.play();
  frame(0);
  hidden();
  frame(90);
  assert.equal(clock.position, 0);
});

test("it stops at the end once all is there, and says so", () => {
  let turned = 0;
  clock.turned.push(() => (turned += 1));
  clock.position = 99.5;
  clock.speed = 1000;
  clock.play();
  frame(0);
  frame(100);
  assert.deepEqual([clock.position, clock.playing, clock.atEnd, turned], [100, false, true, 2]);
});

test("at the end of what has come so far it waits, still playing", () => {
  let available = 3;
  clock.extent = () => ({available, complete: false});
  clock.speed = 100;
  clock.play();
  frame(0);
  frame(100);
  assert.deepEqual([clock.position, clock.playing, clock.atEnd], [3, true, false]);
  available = 50;
  frame(150);
  assert.ok(Math.abs(clock.position - 8) < 1e-9);
});

test("playing at the end begins again", () => {
  clock.position = 100;
  clock.play();
  assert.deepEqual([clock.position, clock.playing], [0, true]);
});

test("a loop looks at the end for a second, then begins again", () => {
  clock.loops = () => true;
  clock.position = 99;
  clock.speed = 1000;
  clock.play();
  frame(0);
  for (let now = 100; now <= 1000; now += 100) frame(now);
  assert.deepEqual([clock.position, clock.playing], [100, true]);
  for (let now = 1100; now <= 1200; now += 100) frame(now);
  assert.equal(clock.position, 0);
});

test("a pause rests on a whole step", () => {
  clock.position = 4.6;
  clock.playing = true;
  clock.toggle();
  assert.deepEqual([clock.position, clock.playing], [5, false]);
});

for (const [from, by, to] of [[4.5, 1, 5], [4.5, -1, 4], [4, 1, 5], [4, -1, 3], [0, -1, 0], [100, 1, 100], [50, Infinity, 100], [50, -Infinity, 0]]) {
  test(`from ${from} by ${by} is ${to}`, () => {
    clock.position = from;
    clock.playing = true;
    clock.move(by);
    assert.deepEqual([clock.position, clock.playing], [to, false]);
  });
}

test("it draws once a frame, and rests when nobody wants another", () => {
  let drawn = 0;
  clock.draw.push(() => ((drawn += 1), drawn < 3));
  clock.wake();
  clock.wake();
  assert.equal(waiting.length, 1);
  for (const now of [0, 16, 32, 48]) frame(now);
  assert.deepEqual([drawn, clock.scheduled], [3, false]);
});
