// @ts-check
/** A look inside for tests and curious people: `window.fallLine`, to read only. */

/**
 * @param {import("../session/state.js").State} state @param {import("../session/clock.js").Clock} clock @param {import("../panels/map/overlay.js").Overlay} overlay
 * @param {import("../session/answers.js").Answers} answers @param {Array<{still: boolean}>} drawings
 * @param {import("../panels/data/data.js").DataPanel} data @param {import("../panels/data/ground.js").Ground} ground
 * @param {import("../panels/inside/inside.js").Inside} inner @param {import("../panels/solid/views.js").Views} views
 */
export function inspect(state, clock, overlay, answers, drawings, data, ground, inner, views) {
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
    /** Whether the picture shows all that has been asked for; while it plays, heads are on their way, and that is all. */
    get still() {
      return answers.settled && inside.complete && (clock.playing || !clock.scheduled) && drawings.every(({still}) => still);
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
        ...(one.average ? {average: Object.fromEntries(["step", "x", "y", "loss"].map((name) => [name, Array.from(/** @type {any} */ (one.average)[name].subarray(0, one.average?.length))]))} : {}),
      })) ?? [];
    },
    /** Where the heads were drawn: points of the data, pixels of the map's stage, and what was said there. */
    get heads() {
      return overlay.heads.map(({x, y, px, py, text, inside: shown}) => ({x, y, px, py, text, inside: shown}));
    },
    /** What the panel of the data shows, in units of the data, and the contour of a batch on the map. */
    get data() {
      return structuredClone(data.seen);
    },
    get contour() {
      return structuredClone(ground.seen);
    },
    /** The update that is looked into, and its arrows in pixels of the map's stage. */
    get update() {
      return structuredClone(inner.seen);
    },
    /** What the surface in three dimensions shows, in pixels of its pane; null while the map alone is shown. */
    get surface() {
      return structuredClone(views.seen);
    },
    get window() {
      return structuredClone(state.window);
    },
  };
  Object.defineProperty(window, "fallLine", {value: Object.freeze(inside)});
}
