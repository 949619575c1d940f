// @ts-check
/** Keys, the status line, and what is said aloud when the picture comes to rest. */

import {element} from "../kit/dom.js";
import {gap, short} from "../kit/numbers.js";
import {verdict} from "../session/tracks.js";

/** @typedef {{words: string, share: number | null, slow: boolean, cancel: () => void}} Task `share`: how much of it is done, null where nobody knows */

export class Status {
  /** @param {HTMLElement} line @param {HTMLElement} work what shows how far something has got: a progress element and a button to cancel */
  constructor(line, work) {
    this.line = line;
    this.work = work;
    this.bar = /** @type {HTMLProgressElement} */ (work.querySelector("progress"));
    this.say = this.say.bind(this);
    /** @type {Set<Task>} */ this.tasks = new Set();
    this.said = {text: "", alarm: false};
    /** What is said for as long as it lasts, whatever else there is to say. */ this.held = "";
    work.querySelector("button")?.addEventListener("click", () => {
      for (const task of [...this.tasks]) task.cancel();
      this.say("Cancelled.");
    });
  }

  /**
   * Something has begun; if it takes a while it is said.
   * @param {() => void} cancel
   */
  begin(cancel) {
    /** @type {Task} */
    const task = {words: "Computing…", share: null, slow: false, cancel};
    this.tasks.add(task);
    const timer = setTimeout(() => {
      task.slow = true;
      this.#show();
    }, 400);
    return {
      /** @param {{done: number, total: number, doing?: string}} line */
      progress: ({done, total, doing}) => {
        Object.assign(task, {share: total ? done / total : null, words: doing ? `${doing[0].toUpperCase()}${doing.slice(1)}…` : task.words});
        this.#show();
      },
      end: () => {
        clearTimeout(timer);
        this.tasks.delete(task);
        this.#show();
      },
    };
  }

  #show() {
    const slow = [...this.tasks].filter((task) => task.slow);
    const task = slow.find(({share}) => share !== null) ?? slow[0];
    const words = task?.words ?? "";
    // A summary gives way to what makes progress, an alarm to nothing.
    const free = !this.said.text || (task && task.share !== null && !this.said.alarm);
    const {text, alarm} = this.held ? {text: this.held, alarm: false} : free ? {text: words, alarm: false} : this.said;
    if (this.line.textContent !== text) this.line.textContent = text;
    this.line.title = text;
    this.line.classList.toggle("alarm", alarm);
    this.work.hidden = !task;
    if (!task) return;
    if (task.share === null) this.bar.removeAttribute("value");
    else this.bar.value = task.share;
    this.bar.setAttribute("aria-label", words);
  }

  /** @param {string} text nothing to let go */
  hold(text) {
    this.held = text;
    this.#show();
  }

  /** @param {string} text @param {boolean} [alarm] */
  say(text, alarm = false) {
    this.said = {text, alarm};
    this.#show();
  }
}

/**
 * Where everybody is, in a sentence.
 * @param {import("../session/buffer.js").Buffer} buffer @param {number} position @param {number | null} floor
 */
export function summary(buffer, position, floor) {
  const number = (/** @type {number} */ loss) => (floor === null ? short(loss) : gap(loss - floor));
  const places = buffer.trajectories.filter(({length}) => length).map((one) => {
    const at = Math.min(Math.floor(position), one.last);
    const averaged = one.average && Math.floor(one.average.at(at));
    const beside = averaged !== null && averaged >= 0 ? ` (average ${number(one.average?.loss[averaged] ?? NaN)})` : "";
    return {one, at, loss: one.loss[at], beside};
  }).sort((a, b) => a.loss - b.loss);
  const lost = places.filter(({one, at}) => one.lost && at === one.last).map(({one}) => `${one.label} ${verdict(one, position)}`);
  const going = places.filter(({one, at}) => !(one.lost && at === one.last));
  const alone = going.length > 1 && number(going[0].loss) !== number(going[1].loss);
  const rest = going.map(({one, loss, beside}, rank) => {
    const early = verdict(one, position) && `${one.end?.status} at step ${one.end?.steps}`;
    const notes = [alone && rank === 0 ? "lowest" : "", early].filter(Boolean).join(", ");
    return `${one.label} ${number(loss)}${notes && ` (${notes})`}${beside}`;
  });
  const unit = floor === null || floor === 0 ? "loss" : "loss above the minimum";
  return [`Step ${Math.floor(position)} of ${buffer.steps}`, rest.length ? `${unit}: ${rest.join(", ")}` : "", ...lost].filter(Boolean).join("; ") + ".";
}

/** Say the summary when playing stops or after a jump. @param {import("../session/state.js").State} state @param {import("../session/clock.js").Clock} clock @param {import("../session/schema.js").Schema} schema @param {Status} status */
export function announce(state, clock, schema, status) {
  let timer = 0;
  clock.turned.push(() => {
    clearTimeout(timer);
    if (clock.playing) {
      if (!status.line.classList.contains("alarm")) status.say("");
      return;
    }
    const {said} = status;
    // Not at every notch of a slider that is being dragged.
    timer = setTimeout(() => {
      // What has gone wrong meanwhile is worth more.
      if (status.said.alarm && status.said !== said) return;
      if (!clock.playing && state.buffer?.complete) status.say(summary(state.buffer, clock.position, schema.floor(state.buffer.experiment.surface)));
    }, 400);
  });
}

/** @typedef {{key: string, name: string, does: string, act: () => void}} Key */

/**
 * @param {Key[]} keys @param {{letters: boolean, only?: string[]}} allowed
 */
export function listen(keys, allowed) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const target = /** @type {Element} */ (event.target);
    if (target.closest("input:not([type=radio]), select, textarea, dialog, [contenteditable]")) return;
    // A button has its own use for Space, a scrolled region for the arrows.
    if (event.key === " " && target.closest("button, a")) return;
    if (event.key.startsWith("Arrow") && target.closest(".typeset, .results, input")) return;
    const pressed = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (!allowed.letters && /^[a-z0-9?]$/.test(pressed)) return;
    const found = keys.find(({key}) => key === pressed);
    if (!found || (allowed.only && !allowed.only.includes(found.key))) return;
    event.preventDefault();
    found.act();
  });
}

/** @param {HTMLDialogElement} dialog @param {Key[]} keys @param {{letters: boolean}} allowed */
export function help(dialog, keys, allowed) {
  const letters = element("input", {type: "checkbox", checked: true, onchange: () => (allowed.letters = letters.checked)});
  dialog.append(
    element("h2", {id: "help-title", textContent: "Fall Line"}),
    element("p", {textContent: "Optimizers race down a loss landscape. Dark ground (blue in the light theme) is low loss. Click the map to start there, or drag the ring; change a learning rate and watch the path change. Point at a path to read a step, at a chart to go to it."}),
    element("dl", {}, ...keys.flatMap(({name, does}) => [element("dt", {}, element("kbd", {textContent: name})), element("dd", {textContent: does})])),
    element("label", {}, letters, " Letters are keys"),
    element("div", {className: "actions"}, element("button", {type: "button", textContent: "Close", onclick: () => dialog.close()}),
      element("a", {href: "docs", textContent: "API and documentation"})),
  );
}
