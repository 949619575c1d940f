// @ts-check
/** Two fingers on the map: it zooms, the page does not. Plotly knows pinching on maps of streets only; here it is told of a wheel. */

/** What Plotly makes of a wheel: the window grows by exp(delta / 200), of which one event takes so much at most. */
const [unit, most] = [200, 20];

/** @param {TouchEvent} event */
const apart = ({touches: [a, b]}) => Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY);

/** @param {HTMLElement} stage of the map */
export function pinch(stage) {
  let pinching = false;
  let before = 0;
  const within = (/** @type {EventTarget | null} */ target) => stage.contains(/** @type {Node} */ (target));
  const begin = (/** @type {TouchEvent} */ event) => {
    if (event.touches.length < 2 || !within(event.touches[0].target)) return;
    // Plotly would follow one of the fingers.
    event.stopPropagation();
    pinching = true;
    before = apart(event);
  };
  const follow = (/** @type {TouchEvent} */ event) => {
    if (!pinching) return;
    event.stopPropagation();
    event.preventDefault();
    if (event.touches.length < 2) return;
    const now = apart(event);
    const [a, b] = event.touches;
    const at = {clientX: (a.clientX + b.clientX) / 2, clientY: (a.clientY + b.clientY) / 2, bubbles: true, cancelable: true};
    for (let left = unit * Math.log(before / Math.max(now, 1)); Math.abs(left) > 1e-9;) {
      const deltaY = Math.max(-most, Math.min(left, most));
      stage.querySelector(".nsewdrag")?.dispatchEvent(new WheelEvent("wheel", {...at, deltaY}));
      left -= deltaY;
    }
    before = now;
  };
  const end = (/** @type {TouchEvent} */ {touches}) => {
    if (!touches.length) pinching = false;
  };
  // The second finger may touch the sheet that Plotly lays over the page under the first one.
  addEventListener("touchstart", begin, {capture: true, passive: true});
  addEventListener("touchmove", (event) => pinching && !within(event.target) && event.stopPropagation(), {capture: true, passive: true});
  stage.addEventListener("touchmove", follow, {capture: true, passive: false});
  for (const type of /** @type {const} */ (["touchend", "touchcancel"])) addEventListener(type, end, {capture: true, passive: true});
}
