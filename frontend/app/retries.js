// @ts-check
/** Trouble that passes: the server is busy or out of reach. It is said, and tried again by itself or at once. */

import {element} from "../kit/dom.js";
import {Problem} from "../server/api.js";

/** Seconds until a server that does not answer is tried again: twice as many each time. */
const [soonest, latest] = [2, 30];

export class Retries {
  /** @param {HTMLElement} report where a button is shown @param {(text: string) => void} hold says a text until there is another */
  constructor(report, hold) {
    this.hold = hold;
    /** What to try again, by who asked. @type {Map<object, () => void>} */ this.calls = new Map();
    this.rounds = 0;
    /** @type {ReturnType<typeof setInterval> | undefined} */ this.timer = undefined;
    this.left = element("span", {"aria-hidden": "true"});
    this.button = element("button", {type: "button", className: "retry", hidden: true, onclick: () => this.now()}, "Try now", this.left);
    report.append(this.button);
    addEventListener("online", () => this.now());
  }

  /** A call came to nothing. @param {object} who @param {unknown} error @param {() => void} again */
  later(who, error, again) {
    this.calls.set(who, again);
    if (this.timer) return;
    const busy = error instanceof Problem && error.busy;
    let seconds = busy ? Math.min(latest, error.wait) : Math.min(latest, soonest * 2 ** this.rounds);
    this.rounds += 1;
    this.hold(`The server ${busy ? "is busy" : "cannot be reached"}; trying again in ${seconds} s.`);
    this.left.textContent = ` · ${seconds}`;
    // Counted down where nobody is read to.
    this.timer = setInterval(() => {
      seconds -= 1;
      this.left.textContent = ` · ${Math.ceil(seconds)}`;
      if (seconds <= 0) this.now();
    }, 1000);
    this.#show();
  }

  /** Who has asked has an answer, or wants none any more. @param {object} who */
  over(who) {
    if (!this.calls.delete(who) || this.calls.size) return;
    clearInterval(this.timer);
    this.timer = undefined;
    this.rounds = 0;
    this.hold("");
    this.#show();
  }

  /** Try everything again. */
  now() {
    clearInterval(this.timer);
    this.timer = undefined;
    this.left.textContent = "";
    for (const again of [...this.calls.values()]) again();
  }

  /** Call until there is an answer. @template T @param {() => Promise<T>} call @returns {Promise<T>} */
  async until(call) {
    for (;;) {
      try {
        const answer = await call();
        this.over(call);
        return answer;
      } catch (error) {
        if (error instanceof Problem && error.refused) throw error;
        await new Promise((again) => this.later(call, error, () => again(null)));
      }
    }
  }

  #show() {
    const waits = this.calls.size > 0;
    document.documentElement.classList.toggle("unanswered", waits);
    // The focus does not fall into nothing.
    if (!waits && document.activeElement === this.button) document.getElementById("play")?.focus();
    this.button.hidden = !waits;
  }
}
