// @ts-check
/** A look inside for tests and curious people: `window.fallLine`, to read only. */

/**
 * @param {import("./state.js").State} state @param {import("./clock.js").Clock} clock @param {import("./overlay.js").Overlay} overlay
 * @param {import("./answers.js").Answers} answers
 */
export function inspect(state, clock, overlay, answers) {
  const inside = {
    get step() {
      return Math.floor(clock.position);
    },
    get playing() {
      return clock.playing;
    },
    get complete() {
      return state.buffer?.complete ?? false;
    },
    /** Whether every question has been answered. */
    get settled() {
      return answers.settled;
    },
    get key() {
      return state.buffer?.key ?? null;
    },
    get experiment() {
      return structuredClone(state.experiment);
    },
    get trajectories() {
      return state.buffer?.trajectories.map((one) => ({
        label: one.label, ...one.end, x: Array.from(one.x.subarray(0, one.length)), y: Array.from(one.y.subarray(0, one.length)),
      })) ?? [];
    },
    /** Where the heads were drawn: points of the data, pixels of the map's stage, and what was said there. */
    get heads() {
      return overlay.heads.map(({x, y, px, py, text, inside: shown}) => ({x, y, px, py, text, inside: shown}));
    },
    get window() {
      return structuredClone(state.window);
    },
  };
  Object.defineProperty(window, "fallLine", {value: Object.freeze(inside)});
}
