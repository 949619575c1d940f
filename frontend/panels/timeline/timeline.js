// @ts-check
/** Play, pause, steps, scrubbing, speed. */

import {epochs} from "../../session/buffer.js";

const slowest = 0;
const words = new Intl.NumberFormat("en", {maximumFractionDigits: 0});

export class Timeline {
  /** @param {HTMLElement} bar @param {import("../../session/state.js").State} state @param {import("../../session/clock.js").Clock} clock */
  constructor(bar, state, clock) {
    const part = (/** @type {string} */ id) => /** @type {any} */ (bar.querySelector(`#${id}`));
    this.state = state;
    this.clock = clock;
    this.step = /** @type {HTMLInputElement} */ (part("step"));
    this.speed = /** @type {HTMLInputElement} */ (part("speed"));
    this.play = /** @type {HTMLButtonElement} */ (part("play"));
    this.counter = part("counter");
    this.loop = /** @type {HTMLButtonElement} */ (part("loop"));
    this.epoch = /** @type {HTMLElement} */ (part("epoch"));
    this.pace = part("pace");
    this.shown = "";
    part("play").addEventListener("click", () => clock.toggle());
    part("restart").addEventListener("click", () => this.restart());
    part("back").addEventListener("click", () => clock.move(-1));
    part("forward").addEventListener("click", () => clock.move(1));
    this.step.addEventListener("input", () => {
      clock.playing = false;
      clock.seek(Number(this.step.value));
    });
    this.speed.addEventListener("input", () => this.#pace(10 ** Number(this.speed.value)));
    this.loop.addEventListener("click", () => this.toggle());
    clock.loops = () => state.view.loop === true;
    for (const topic of /** @type {const} */ (["experiment", "view"])) state.on(topic, () => this.loop.setAttribute("aria-pressed", String(clock.loops())));
    clock.turned.push(() => this.#turned());
    clock.draw.push(() => this.draw());
    state.on("answer", () => clock.wake());
    state.on("frames", () => clock.wake());
    this.#pace(clock.speed);
    this.#turned();
  }

  restart() {
    this.clock.position = 0;
    this.clock.play();
  }

  /** Begin again at the end, or no longer. */
  toggle() {
    this.state.look({loop: !this.clock.loops()});
  }

  /** Take up the speed of a scene. @param {number} speed steps per second */
  take(speed) {
    this.#pace(Math.max(1, Math.min(1000, speed)));
  }

  /** @param {number} speed */
  #pace(speed) {
    this.clock.speed = speed;
    this.speed.value = String(Math.max(slowest, Math.log10(speed)));
    this.pace.textContent = `${words.format(speed)} steps/s`;
    this.speed.setAttribute("aria-valuetext", `${words.format(speed)} steps per second`);
  }

  #turned() {
    const text = this.clock.playing ? "Pause" : "Play";
    if (this.play.textContent !== text) this.play.textContent = text;
    if (this.clock.playing) return;
    const step = Math.floor(this.clock.position);
    this.step.setAttribute("aria-valuetext", [`step ${step}`, this.#epoch(step)].filter(Boolean).join(", "));
  }

  draw() {
    const steps = this.state.buffer?.steps ?? 0;
    const step = Math.floor(this.clock.position);
    const counted = `step ${step} / ${steps}`;
    const epoch = this.#epoch(step);
    const shown = `${counted} ${epoch}`;
    if (shown === this.shown) return;
    this.shown = shown;
    if (Number(this.step.max) !== Math.max(1, steps)) this.step.max = String(Math.max(1, steps));
    this.step.value = String(step);
    this.counter.textContent = counted;
    this.epoch.textContent = epoch;
    this.epoch.hidden = !epoch;
  }

  /** @param {number} step */
  #epoch(step) {
    return this.state.buffer ? epochs(this.state.buffer, step) : "";
  }
}
