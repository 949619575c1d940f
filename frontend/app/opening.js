// @ts-check
/** What the address opens, and what the address says of what is open. What is read here was typed by anybody. */

import {server} from "../server/api.js";
import * as link from "../server/link.js";

/** @typedef {import("../session/state.js").Scene} Scene */

export class Opening {
  /**
   * @param {import("../session/state.js").State} state @param {import("../session/answers.js").Answers} answers @param {Promise<Scene>} first the scene of an empty address
   * @param {import("./retries.js").Retries} retries
   */
  constructor(state, answers, first, retries) {
    this.state = state;
    this.answers = answers;
    this.first = first;
    this.retries = retries;
    /** How often a scene was asked for. */ this.turns = 0;
    // The browser's own way back, and an address that was typed.
    addEventListener("popstate", () => this.read());
  }

  /** Open what the address names. */
  async read() {
    const place = new URLSearchParams(location.search).get("lecture");
    const typed = location.hash;
    try {
      const linked = link.read(typed);
      const wanted = linked ? this.#understood(linked) : place ? this.#named(place) : this.first;
      await this.#open(wanted, place, linked ? () => this.#refuse("The link holds a scene that cannot be shown.") : null);
    } catch (error) {
      await this.#refuse(place && !typed ? `The link names no scene of the lectures: ${said(error)}` : `The link could not be read: ${said(error)}`);
    }
  }

  /** Go to a scene of a lecture. @param {string} place */
  async visit(place) {
    if (await this.#open(this.#named(place), place)) history.pushState(null, "", link.page(place));
  }

  /** Open a scene that came as a file or a message; throws what is wrong with it. @param {unknown} document */
  async take(document) {
    await this.#open(this.#understood(document), null);
  }

  /**
   * @param {Promise<Scene>} wanted @param {string | null} place @param {(() => void) | null} fallback what to do if it cannot be run
   * @returns {Promise<boolean>} whether nobody has asked for another meanwhile
   */
  async #open(wanted, place, fallback = null) {
    const turn = ++this.turns;
    const scene = await wanted;
    if (turn !== this.turns) return false;
    this.answers.fallback = fallback;
    this.state.open(scene, place);
    return true;
  }

  /** A scene of the lectures. @param {string} place @returns {Promise<Scene>} */
  async #named(place) {
    // No dots: they would lead elsewhere.
    if (!/^[a-z0-9-]+\/[a-z0-9-]+$/.test(place)) throw new Error("it is written lecture/scene");
    return this.retries.until(() => server.lecture(place));
  }

  /** A scene as the server understands it. @param {any} document @returns {Promise<Scene>} */
  async #understood(document) {
    if (!link.isScene(document)) throw new Error("it holds no scene");
    if (Number(document.experiment.version) > 1) throw new Error("it was made by a newer version of Fall Line");
    return this.retries.until(() => server.scene(document));
  }

  /** @param {string} why */
  async #refuse(why) {
    await this.#open(this.first, null);
    this.answers.notice = `${why} Here is the first scene instead.`;
  }
}

/** @param {unknown} error */
function said(error) {
  const {message} = /** @type {Error} */ (error);
  return /[.!?]$/.test(message) ? message : `${message}.`;
}
