// @ts-check
/** Reading a path on the map: the iterate nearest to the pointer has a ring, and a card that says what it is. */

import {glyph} from "../../draw/marks.js";
import {element} from "../../kit/dom.js";
import {letter} from "../../kit/notation.js";
import {short} from "../../kit/numbers.js";
import {tracks} from "../../session/tracks.js";

/** So near to an iterate, in pixels, the pointer reads it; a finger is less exact. Within the ring a click goes there. */
const [reach, fingerReach, ring] = [12, 20, 9];

/**
 * @typedef {import("../../session/tracks.js").Track} Track
 * @typedef {{track: Track, entry: number, away: number}} Found the place in the track's columns, and how many pixels away
 */

/**
 * The nearest of the iterates drawn so far; of several at one place the first.
 * @param {Track[]} paths @param {import("../../draw/axes.js").Projection} projection of linear axes @param {[number, number]} at in pixels
 * @param {number} within pixels @returns {Found | null}
 */
export function nearest(paths, projection, at, within) {
  const [x0, y0] = projection.at(...at);
  const {scaleX, scaleY} = projection;
  let least = within ** 2;
  /** @type {Found | null} */ let found = null;
  for (const track of paths) {
    const {x, y, at: reached} = track;
    for (let entry = 0; entry <= reached; entry++) {
      const [across, up] = [(x[entry] - x0) * scaleX, (y[entry] - y0) * scaleY];
      const square = across * across + up * up;
      if (square >= least) continue;
      least = square;
      found = {track, entry, away: Math.sqrt(square)};
    }
  }
  return found;
}

export class Hover {
  /** @param {HTMLElement} stage of the map @param {import("../../session/state.js").State} state @param {import("../../session/clock.js").Clock} clock */
  constructor(stage, state, clock) {
    this.stage = stage;
    this.state = state;
    this.clock = clock;
    this.ring = element("span", {className: "ring", hidden: true});
    this.card = element("div", {className: "iterate", hidden: true});
    stage.append(this.ring, this.card);
    /** @type {Found | null} */ this.found = null;
    /** What was looked for, and what the card says. */ this.sought = "";
    this.said = "";
    this.edition = 0;
    state.on("answer", () => (this.edition += 1));
    state.on("view", () => (this.said = ""));
  }

  /**
   * Read what is there, if anything is.
   * @param {import("../../draw/axes.js").Projection} projection @param {[number, number] | null} over the pointer, in pixels @param {boolean} [finger]
   */
  read(projection, over, finger = false) {
    const {buffer} = this.state;
    if (!over || !buffer) return this.#hide();
    const sought = `${projection.key} ${over} ${this.clock.position} ${this.edition} ${buffer.available}`;
    if (sought !== this.sought) this.found = nearest(tracks(buffer, this.clock.position), projection, over, finger ? fingerReach : reach);
    this.sought = sought;
    if (!this.found) return this.#hide();
    this.#show(this.found, buffer, projection);
    return true;
  }

  /**
   * Go to the iterate under the pointer; a finger first has to have read it.
   * @param {import("../../draw/axes.js").Projection} projection @param {[number, number]} at in pixels @param {boolean} finger
   * @returns {boolean} whether there was one
   */
  take(projection, at, finger) {
    const {buffer} = this.state;
    const before = this.card.hidden ? null : this.found;
    const found = buffer && nearest(tracks(buffer, this.clock.position), projection, at, finger ? fingerReach : ring);
    if (!found) return false;
    const read = before?.track.label === found.track.label && before.entry === found.entry;
    if (finger && !read) return true;
    this.clock.playing = false;
    this.clock.seek(this.#step(found));
    return true;
  }

  /** @param {Found} found */
  #step({track: {i, average}, entry}) {
    return (average && this.state.buffer?.trajectories[i].average?.step[entry]) || entry;
  }

  #hide() {
    if (this.card.hidden) return false;
    this.card.hidden = this.ring.hidden = true;
    this.stage.classList.remove("at-ring");
    return false;
  }

  /** @param {Found} found @param {import("../../session/buffer.js").Buffer} buffer @param {import("../../draw/axes.js").Projection} projection */
  #show(found, buffer, projection) {
    const {track, entry, away} = found;
    const said = `${this.edition} ${track.i} ${track.average} ${entry}`;
    if (said !== this.said) this.card.replaceChildren(...this.#words(found, buffer));
    this.said = said;
    if (this.card.hidden) this.card.hidden = this.ring.hidden = false;
    this.stage.classList.toggle("at-ring", away <= ring);
    const [px, py] = [projection.x(track.x[entry]), projection.y(track.y[entry])];
    this.ring.style.transform = `translate(${px}px, ${py}px)`;
    const {offsetWidth: width, offsetHeight: height} = this.card;
    // Beside the ring, on the side where there is more room: what the pointer points at stays in sight.
    const left = px > this.stage.clientWidth / 2 ? px - width - 18 : px + 18;
    const top = Math.max(4, Math.min(py - height / 2, this.stage.clientHeight - height - 4));
    this.card.style.transform = `translate(${Math.max(4, Math.min(left, this.stage.clientWidth - width - 4))}px, ${top}px)`;
  }

  /** @param {Found} found @param {import("../../session/buffer.js").Buffer} buffer @returns {HTMLElement[]} */
  #words(found, buffer) {
    const {track, entry} = found;
    const one = buffer.trajectories[track.i];
    const mark = glyph(track.i);
    mark.classList.toggle("hollow", track.average);
    const rows = track.average ? [["loss", one.average?.loss, 4]] : [
      ["loss", one.loss, 4], ["batch loss", one.batch_loss, 4], ["test loss", one.test_loss, 4], ["accuracy", one.accuracy, 3],
      [`learning rate ${letter("rate")}`, one.learning_rate, 3], ["gradient norm", one.gradient_norm, 3],
    ];
    const point = [track.x[entry], track.y[entry]].map((value) => short(value)).join(", ");
    return [
      element("p", {}, mark, element("b", {textContent: track.label}), element("span", {textContent: `step ${this.#step(found)}`})),
      element("dl", {}, ...[["point", point], ...rows.flatMap(([name, column, digits]) => {
        const value = /** @type {Float64Array | null | undefined} */ (column)?.[entry] ?? NaN;
        return Number.isFinite(value) ? [[name, short(value, /** @type {number} */ (digits))]] : [];
      })].flatMap(([name, text]) => [element("dt", {textContent: name}), element("dd", {textContent: text})])),
    ];
  }
}
