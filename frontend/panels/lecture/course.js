// @ts-check
/** The lectures as a course: which scene comes before and after, and how the reader's guesses went. */

/**
 * @typedef {{lecture: string, title: string, text: string, scenes: Array<{scene: string, title: string}>}} Lecture
 * @typedef {{place: string, lecture: Lecture, number: number}} Stop a scene on the way through the lectures; `number` counts from 1 in its lecture
 */

const key = "fall-line guesses";

export class Course {
  /** @type {Lecture[]} */ lectures = [];
  /** In the order of the lectures. @type {Stop[]} */ stops = [];
  /** Whether each scene's question was answered rightly, by place; kept in this browser, if it keeps anything. @type {Record<string, boolean>} */
  guesses = remembered();

  /** @param {Lecture[]} lectures */
  take(lectures) {
    this.lectures = lectures;
    this.stops = lectures.flatMap((lecture) => lecture.scenes.map(({scene}, i) => ({place: `${lecture.lecture}/${scene}`, lecture, number: i + 1})));
  }

  /** @param {string | null} place @param {number} by how many scenes further @returns {Stop | null} */
  find(place, by = 0) {
    const at = this.stops.findIndex((stop) => stop.place === place);
    return at < 0 ? null : this.stops[at + by] ?? null;
  }

  /** @param {string} place @param {boolean} right */
  remember(place, right) {
    this.guesses[place] = right;
    try {
      localStorage.setItem(key, JSON.stringify(this.guesses));
    } catch {
      // In a sandboxed frame nothing is kept.
    }
  }

  /** How many questions of a lecture were answered, and how many rightly. @param {Lecture} lecture */
  score({lecture, scenes}) {
    const guesses = scenes.map(({scene}) => this.guesses[`${lecture}/${scene}`]);
    return {answered: guesses.filter((guess) => guess !== undefined).length, right: guesses.filter(Boolean).length, all: scenes.length};
  }
}

/** @returns {Record<string, boolean>} */
function remembered() {
  try {
    const read = JSON.parse(localStorage.getItem(key) ?? "{}");
    return Object.fromEntries(Object.entries(read).filter(([, guess]) => typeof guess === "boolean"));
  } catch {
    return {};
  }
}
