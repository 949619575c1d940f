// @ts-check
/** Asks the server for what the state calls for: the trajectories of the experiment, the landscape of the window. */

import {Problem, server, Unreachable} from "../server/api.js";
import {Latest, cancelled} from "../server/latest.js";
import {Buffer} from "./buffer.js";
import {question, received} from "./landscape.js";

/** @typedef {(line: {done: number, total: number, doing?: string}) => void} Progress */

export class Answers {
  /**
   * @param {import("./state.js").State} state @param {import("./clock.js").Clock} clock
   * @param {import("../app/a11y.js").Status} status @param {import("./schema.js").Schema} schema @param {import("../app/retries.js").Retries} retries
   */
  constructor(state, clock, status, schema, retries) {
    this.state = state;
    this.schema = schema;
    this.clock = clock;
    this.status = status;
    this.retries = retries;
    /** Whether a new experiment plays at once, or shows its end. */ this.plays = true;
    /** @type {(() => void) | null} what to do if the very first experiment is refused */ this.fallback = null;
    /** Said in place of nothing once the picture is there. */ this.notice = "";
    /** What each call refused. @type {Map<Latest, import("../server/api.js").FieldError[]>} */ this.refused = new Map();
    /** @type {Latest} */
    this.descents = new Latest((question, signal) => this.#ask(this.descents, (progress) => this.#stream(question, signal, progress), question, signal));
    /** @type {Latest} */
    this.ground = new Latest((question, signal) => this.#ask(this.ground, (progress) => this.#landscape(question, signal, progress), question, signal));
    state.on("experiment", () => this.descents.request({experiment: state.experiment, manner: state.manner}));
    state.on("window", () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.survey(), 90);
    });
    clock.extent = () => ({available: state.buffer?.available ?? 0, complete: state.buffer?.complete ?? false});
  }

  /** @type {ReturnType<typeof setTimeout> | undefined} */ timer;

  /** Whether nothing is asked or about to be asked. */
  get settled() {
    return !this.timer && !this.ground.current && !this.descents.current;
  }

  /** Ask for the ground of the window. */
  survey() {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.ground.request(question(this.state, this.schema));
  }

  /**
   * One call, and everything that may come of it but its answer.
   * @param {Latest} latest @param {(progress: Progress) => Promise<void>} call @param {object} question @param {AbortSignal} signal
   */
  async #ask(latest, call, question, signal) {
    const task = this.status.begin(() => latest.cancel());
    try {
      await call(task.progress).finally(task.end);
      this.retries.over(latest);
      if (latest === this.descents) {
        this.fallback = null;
        if (this.notice) this.status.say(this.notice, true);
        this.notice = "";
      }
      this.#refuse(latest, []);
    } catch (error) {
      if (signal.reason === cancelled) this.retries.over(latest);
      if (signal.aborted) return;
      if (error instanceof Problem && error.refused) {
        this.retries.over(latest);
        this.#refuse(latest, error.errors.length ? error.errors : [{path: [], message: error.message, column: null}]);
        this.fallback?.();
        return;
      }
      if (!(error instanceof Problem || error instanceof Unreachable)) throw error;
      this.retries.later(latest, error, () => latest.current || latest.request(question));
    }
  }

  /** @param {Latest} latest @param {import("../server/api.js").FieldError[]} errors */
  #refuse(latest, errors) {
    this.refused.set(latest, errors);
    const all = [...this.refused.values()].flat();
    if (!all.length && !this.state.refusals.length) return;
    // Both calls send the surface, and both refuse it in the same words.
    this.state.refusals = all.filter((error, i) => all.findIndex(({path, message}) => message === error.message && String(path) === String(error.path)) === i);
    this.state.tell("refusal");
  }

  /** @param {import("./landscape.js").Question} question @param {AbortSignal} signal @param {Progress} progress */
  async #landscape(question, signal, progress) {
    // A plane through many weights takes its time.
    const answer = question.experiment ? await server.survey(question, signal, progress) : await server.landscape(question, signal);
    this.state.landscape = received(answer, question);
    this.state.tell("landscape");
  }

  /** @param {{experiment: import("./state.js").Experiment, manner: import("./state.js").Manner}} question @param {AbortSignal} signal @param {Progress} progress */
  async #stream({experiment, manner}, signal, progress) {
    const {state, clock} = this;
    /** @type {Buffer | null} */
    let buffer = null;
    let shown = false;
    const stays = this.#first !== null;
    signal.addEventListener("abort", () => {
      if (!shown || signal.reason !== cancelled) return;
      buffer?.cut();
      state.tell("frames");
    });
    for await (const lines of server.stream(experiment, signal)) {
      for (const line of lines) {
        if (line.type === "start") buffer = new Buffer(line);
        else if (line.type === "progress") progress(line);
        else buffer?.accept(line);
      }
      if (!buffer) continue;
      if (!shown && this.#ready(buffer, manner)) {
        shown = true;
        this.#take(buffer, manner);
        if (state.experiment === experiment) state.rewrite(buffer.experiment);
      } else if (shown) {
        state.tell("frames");
        if (manner === "dragging" || (manner === "start over" && !this.plays && !stays)) clock.seek(buffer.available);
      }
    }
  }

  /** Where a scene that does not play at once is to be seen. */
  get #first() {
    return this.state.waiting ? 0 : this.state.first;
  }

  /** Whether enough is there to take the place of what is shown. @param {Buffer} buffer @param {import("./state.js").Manner} manner */
  #ready(buffer, manner) {
    if (buffer.complete) return true;
    const begun = buffer.trajectories.every(({length, end}) => length || end);
    if (manner === "start over" && this.#first !== null) return begun && buffer.available >= this.#first;
    if (manner === "start over") return begun && this.plays;
    return begun && buffer.available >= (manner === "dragging" ? 128 : this.clock.position);
  }

  /** @param {Buffer} buffer @param {import("./state.js").Manner} manner */
  #take(buffer, manner) {
    const {state, clock} = this;
    const atEnd = clock.atEnd && clock.position > 0;
    state.buffer = buffer;
    state.filled = buffer.experiment;
    state.tell("answer");
    if (manner === "start over" && this.#first !== null) {
      clock.playing = false;
      clock.seek(this.#first);
      state.first = null;
    } else if (manner === "start over" && this.plays) {
      clock.position = 0;
      clock.play();
    } else if (manner !== "in place" || atEnd) {
      if (manner === "dragging") clock.playing = false;
      clock.seek(buffer.available);
    } else {
      clock.seek(clock.position);
    }
  }
}
