import assert from "node:assert/strict";
import {mock, test} from "node:test";
import {patient, Problem, server, Unreachable} from "../../frontend/server/api.js";
import {cancelled, Latest} from "../../frontend/server/latest.js";
import {cases} from "./cases.mjs";

const answer = (text, status = 200, headers = {}) => new Response(text, {status, headers});
const answers = (...all) => mock.method(globalThis, "fetch", async () => {
  const next = all.shift();
  if (next instanceof Error) throw next;
  return next;
});
async function collected(lines) {
  const all = [];
  for await (const one of lines) all.push(...one);
  return all;
}

test("a question is posted as JSON, where the page is", async () => {
  const asked = answers(answer('{"a": 1}'));
  assert.deepEqual(await server.evaluate({points: [[0, 1]]}), {a: 1});
  const [address, {method, body, headers}] = asked.mock.calls[0].arguments;
  assert.deepEqual([address, method, body, headers["Content-Type"]], ["api/evaluate", "POST", '{"points":[[0,1]]}', "application/json"]);
});

test("the parts of a place are told apart from its slash", async () => {
  const asked = answers(answer("{}"));
  await server.lecture("a b/c?d");
  assert.equal(asked.mock.calls[0].arguments[0], "api/lectures/a%20b/c%3Fd");
});

test("the same landscape is asked for once", async () => {
  const asked = answers(answer('{"n": 1}'), answer('{"n": 2}'));
  const found = [await server.landscape({a: 1}), await server.landscape({a: 1}), await server.landscape({a: 2})];
  assert.deepEqual([found.map(({n}) => n), asked.mock.callCount()], [[1, 1, 2], 2]);
});

cases("what kind of trouble a status is", [
  [{busy: true, refused: false}, 503], [{busy: true, refused: false}, 429], [{busy: false, refused: true}, 422], [{busy: false, refused: true}, 404], [{busy: false, refused: true}, 413], [{busy: false, refused: false}, 500],
], (status) => (({busy, refused}) => ({busy, refused}))(new Problem(status, null)));

cases("a problem speaks in the server's words", [
  ["do this", {title: "No", detail: "do this"}], ["No", {title: "No"}], ["The server answered 422.", null], ["The server answered 422.", {}],
], (body) => new Problem(422, body).message);

test("a refusal carries its fields and when to come again", async () => {
  answers(answer(JSON.stringify({detail: "no", errors: [{path: ["a"], message: "no", column: 2}]}), 503, {"Retry-After": "7"}));
  await assert.rejects(server.run({}), (error) => error instanceof Problem && error.wait === 7 && error.busy && error.errors[0].column === 2 && error.message === "no");
});

test("a refusal that is no JSON is still a refusal", async () => {
  answers(answer("<html>", 502));
  await assert.rejects(server.run({}), (error) => error instanceof Problem && error.status === 502 && error.wait === 1 && error.errors.length === 0);
});

test("no answer at all is somebody out of reach", async () => {
  answers(new TypeError("failed to fetch"));
  await assert.rejects(server.run({}), Unreachable);
});

test("what was given up is not out of reach", async () => {
  answers(new DOMException("gone", "AbortError"));
  await assert.rejects(server.run({}, AbortSignal.abort()), {name: "AbortError"});
});

const streamed = (...pieces) => new Response(new ReadableStream({start(controller) {
  for (const piece of pieces) controller.enqueue(new TextEncoder().encode(piece));
  controller.close();
}}));
const {signal} = new AbortController();

test("lines are put together however the answer is cut", async () => {
  answers(streamed('{"type":"sta', 'rt"}\n{"type":"fra', 'mes"}\n', '{"type":"done"}\n'));
  assert.deepEqual((await collected(server.stream({}, signal))).map(({type}) => type), ["start", "frames", "done"]);
});

for (const [what, ...pieces] of [["without its last line", '{"type":"start"}\n'], ["in the middle of a line", '{"type":"start"}\n{"type":"do'], ["before its first", ""]]) {
  test(`an answer that ends ${what} broke off`, async () => {
    answers(streamed(...pieces));
    await assert.rejects(collected(server.stream({}, signal)), Unreachable);
  });
}

test("an error among the lines is a problem", async () => {
  answers(streamed('{"type":"start"}\n{"type":"error","problem":{"status":422,"detail":"no"}}\n'));
  await assert.rejects(collected(server.stream({}, signal)), (error) => error instanceof Problem && error.refused && error.message === "no");
});

test("a survey tells its progress and gives its landscape", async () => {
  answers(streamed('{"type":"progress","done":1}\n{"type":"progress","done":2}\n', '{"type":"landscape","n":5}\n{"type":"done"}\n'));
  const told = [];
  assert.equal((await server.survey({}, signal, ({done}) => told.push(done))).n, 5);
  assert.deepEqual(told, [1, 2]);
});

test("who is patient asks again while the server is busy, and not otherwise", async () => {
  let asked = 0;
  const busy = (status) => () => {
    asked += 1;
    if (asked < 3) throw new Problem(status, null, 0);
    return "there";
  };
  assert.equal(await patient(async () => busy(503)(), signal), "there");
  assert.equal(asked, 3);
  asked = 0;
  await assert.rejects(patient(async () => busy(422)(), signal), Problem);
  assert.equal(asked, 1);
});

test("who gives up is not patient any longer", async () => {
  const controller = new AbortController();
  const waiting = patient(async () => {
    controller.abort();
    throw new Problem(503, null, 0);
  }, controller.signal);
  await assert.rejects(waiting, {name: "AbortError"});
});

test("of questions in a hurry the first and the newest are asked, one at a time", async () => {
  const asked = [];
  let [under, most] = [0, 0];
  const latest = new Latest(async (question) => {
    most = Math.max(most, (under += 1));
    asked.push(question);
    await new Promise((resolve) => setImmediate(resolve));
    under -= 1;
  });
  for (const question of [1, 2, 3, 4]) latest.request(question);
  while (latest.current || latest.waiting) await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual([asked, most], [[1, 4], 1]);
});

test("one that takes long is given up as soon as a newer one waits", async () => {
  const heard = [];
  const latest = new Latest((question, given) => new Promise((resolve, reject) => {
    if (question === "new") resolve();
    given.addEventListener("abort", () => (heard.push(question), reject(given.reason)));
  }), 0);
  latest.request("old");
  latest.request("new");
  while (latest.current) await new Promise((resolve) => setTimeout(resolve));
  assert.deepEqual(heard, ["old"]);
});

test("what is cancelled says that a person did it, and nothing waits any more", async () => {
  let reason;
  const latest = new Latest((_, given) => new Promise((_resolve, reject) => given.addEventListener("abort", () => reject((reason = given.reason)))));
  latest.request(1);
  latest.request(2);
  latest.cancel();
  while (latest.current) await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual([reason, latest.waiting], [cancelled, null]);
});
