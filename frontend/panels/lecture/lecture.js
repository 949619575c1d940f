// @ts-check
/** The words of a scene: what there is to see, a question to answer first, what to look for and to try; and the way on. */

import {element} from "../../kit/dom.js";

const letters = "ABCDEF";
/** What a view may hide until the question is answered. */
const hideable = ["formula", "contours", "charts"];

export class LecturePanel {
  /**
   * @param {HTMLElement} card @param {HTMLElement} tabs @param {import("../../session/state.js").State} state @param {import("../../session/clock.js").Clock} clock
   * @param {import("./course.js").Course} course @param {(place: string) => void} visit @param {(text: string) => void} say
   */
  constructor(card, tabs, state, clock, course, visit, say) {
    this.card = card;
    this.tabs = tabs;
    this.state = state;
    this.clock = clock;
    this.course = course;
    this.visit = visit;
    this.say = say;
    /** The choice that was made. @type {number | null} */ this.chosen = null;
    for (const button of tabs.querySelectorAll("button")) button.addEventListener("click", () => this.turn(button.value));
    state.on("opened", () => {
      this.chosen = null;
      this.turn("words");
      this.show();
      card.scrollTop = 0;
    });
    state.on("revealed", () => this.show());
    // Who does not want to guess plays.
    clock.turned.push(() => clock.playing && state.reveal());
  }

  /** Show the words, or the controls. @param {string} side */
  turn(side) {
    document.documentElement.classList.toggle("reading", side === "words");
    for (const button of this.tabs.querySelectorAll("button")) button.setAttribute("aria-pressed", String(button.value === side));
  }

  /** Whether there is more to say than the line at the top of the page holds. */
  get speaks() {
    const {place, scene: {predict, look_for, try: attempt}} = this.state;
    return Boolean(place || predict || look_for || attempt);
  }

  show() {
    const {state, card} = this;
    const {scene, waiting} = state;
    const {classList} = document.documentElement;
    classList.toggle("lecturing", this.speaks);
    classList.toggle("waiting", waiting);
    const hidden = scene.predict && !waiting ? [] : scene.view?.hide ?? [];
    for (const what of hideable) classList.toggle(`hide-${what}`, Array.isArray(hidden) && hidden.includes(what));
    card.hidden = this.tabs.hidden = !this.speaks;
    if (!this.speaks) return;
    card.replaceChildren(
      element("div", {className: "words", tabIndex: 0, role: "group", "aria-label": "Words of the scene"},
        ...this.#heading(), ...(scene.text ? [element("p", {textContent: scene.text})] : []), ...this.#question(), ...(waiting ? [] : this.#after())),
      ...this.#way(),
    );
  }

  #heading() {
    const {scene, place} = this.state;
    const stop = this.course.find(place);
    const where = stop ? [element("p", {className: "where", textContent: `${stop.lecture.title} · ${stop.number} of ${stop.lecture.scenes.length}`})] : [];
    return [...where, element("h2", {textContent: scene.title ?? "A scene"})];
  }

  #question() {
    const {predict} = this.state.scene;
    if (!predict) return [];
    const choices = predict.choices.map((choice, i) => element("button", {
      type: "button", disabled: !this.state.waiting, className: this.#mark(i), onclick: () => this.#answer(i),
    }, element("b", {textContent: letters[i]}), element("span", {textContent: choice})));
    return [
      element("fieldset", {className: "predict"}, element("legend", {textContent: predict.question}), ...choices),
      ...(this.chosen === null ? [] : [element("p", {className: "judged", textContent: this.#judgement()})]),
    ];
  }

  /** @param {number} choice */
  #mark(choice) {
    const {scene: {predict}, waiting} = this.state;
    if (waiting) return "";
    if (choice === predict?.answer) return "right";
    return choice === this.chosen ? "wrong" : "";
  }

  /** @param {number} choice */
  #answer(choice) {
    const {predict} = this.state.scene;
    this.chosen = choice;
    if (this.state.place) this.course.remember(this.state.place, choice === predict?.answer);
    this.state.reveal();
    this.say(this.#judgement());
    this.clock.play();
    this.#turnTo();
  }

  /** From the text to the answer and what to look for; where the page is one column, to the map, which plays now. */
  #turnTo() {
    const words = /** @type {HTMLElement} */ (this.card.querySelector(".words"));
    // The button that had the focus is gone.
    words.focus({preventScroll: true});
    const question = /** @type {HTMLElement} */ (words.querySelector(".predict"));
    if (words.scrollHeight > words.clientHeight) words.scrollTop = question.offsetTop - words.offsetTop;
    else document.getElementById("map")?.scrollIntoView({block: "nearest"});
  }

  #judgement() {
    const {predict} = this.state.scene;
    if (!predict || this.chosen === null) return "";
    return this.chosen === predict.answer ? "Right." : `Not this time: it is ${letters[predict.answer]}.`;
  }

  #after() {
    const {look_for, try: attempt} = this.state.scene;
    const said = [["What to look for", look_for], ["Try", attempt]];
    return said.flatMap(([heading, words]) => (words ? [element("h3", {textContent: heading}), element("p", {textContent: words})] : []));
  }

  #way() {
    const {course, state} = this;
    const stop = course.find(state.place);
    if (!stop) return [];
    const {right, answered} = course.score(stop.lecture);
    const step = (/** @type {string} */ textContent, /** @type {string} */ name, /** @type {number} */ by) => {
      const to = course.find(stop.place, by);
      return element("button", {type: "button", textContent, "aria-label": name, disabled: !to, onclick: () => to && this.visit(to.place)});
    };
    const progress = element("progress", {max: stop.lecture.scenes.length, value: stop.number, "aria-label": "Progress through the lecture"});
    const score = element("span", {className: "score", textContent: answered ? `${right} of ${answered} right` : ""});
    return [element("nav", {className: "way", "aria-label": "Scenes"}, step("‹ Back", "Previous scene", -1), element("div", {}, progress, score), step("Next ›", "Next scene", 1))];
  }

  /** Go on or back. @param {number} by */
  step(by) {
    const to = this.course.find(this.state.place, by);
    if (to) this.visit(to.place);
  }
}

/**
 * The list of all lectures, to choose a scene from.
 * @param {HTMLDialogElement} dialog @param {import("./course.js").Course} course @param {import("../../session/state.js").State} state @param {(place: string) => void} visit
 * @returns {() => void} opens it
 */
export function contents(dialog, course, state, visit) {
  const go = (/** @type {string} */ place) => {
    dialog.close();
    visit(place);
  };
  const scene = (/** @type {import("./course.js").Stop} */ {place, lecture, number}) => {
    const guess = course.guesses[place];
    const sign = guess === undefined ? "" : guess ? "✓" : "✗";
    const title = lecture.scenes[number - 1].title;
    return element("li", {}, element("button", {
      type: "button", className: "plain", "aria-current": String(place === state.place), onclick: () => go(place),
    }, `${number}. ${title}`, element("span", {className: "sign", textContent: sign, title: guess === undefined ? "" : guess ? "answered rightly" : "answered wrongly"})));
  };
  return () => {
    const open = course.find(state.place)?.lecture ?? course.lectures[0];
    const lectures = course.lectures.map((lecture) => {
      const {right, answered, all} = course.score(lecture);
      const score = answered ? `${right} right of ${answered} answered, ${all} scenes` : `${all} scenes`;
      return element("details", {open: lecture === open, name: "lectures"},
        element("summary", {}, element("b", {textContent: lecture.title}), element("small", {textContent: score})),
        element("p", {textContent: lecture.text}),
        element("ol", {}, ...course.stops.filter((stop) => stop.lecture === lecture).map(scene)));
    });
    dialog.replaceChildren(
      element("h2", {id: "lectures-title", textContent: "Lectures"}), ...lectures,
      element("div", {className: "actions"}, element("button", {type: "button", textContent: "Close", onclick: () => dialog.close()})),
    );
    dialog.showModal();
    dialog.scrollTop = 0;
  };
}
