// @ts-check
/** What a map of a few of very many weights does not show, said beside it. */

/** @param {{weights: number, explained: [number, number] | null}} plane @param {number} paths */
function words({weights, explained}, paths) {
  const directions = explained ? `; these two directions explain ${Math.round(100 * (explained[0] + explained[1]))} % of the ${paths > 1 ? "paths’" : "path’s"} variance` : " along two random filter-normalised directions";
  return `A slice through ${weights} weights${directions}. A slice can mislead.`;
}

/** @param {HTMLElement} note @param {import("../../session/state.js").State} state */
export function slice(note, state) {
  note.title = "The loss at a path is that of all the weights; the ground beside it is that of the slice.";
  const show = () => {
    const {plane = null, trajectories = []} = state.buffer ?? {};
    note.hidden = !plane;
    const text = plane ? words(plane, trajectories.length) : "";
    if (note.textContent !== text) note.textContent = text;
  };
  state.on("answer", show);
  state.on("frames", show);
}
