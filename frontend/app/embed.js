// @ts-check
/** The page inside another one: what its address asks for, and what the two say to each other. */

/** @param {Location} place */
export function wishes(place) {
  const query = new URLSearchParams(place.search);
  const embedded = /\/embed\/?$/.test(place.pathname);
  const controls = query.get("controls") ?? "play";
  return {
    embedded,
    controls: ["none", "play", "all"].includes(controls) ? controls : "play",
    theme: query.get("theme"),
    autoplay: !embedded || query.get("autoplay") === "1",
    keys: !embedded || query.get("keys") === "1",
  };
}

/**
 * @param {import("../session/state.js").State} state @param {import("../session/clock.js").Clock} clock @param {import("./opening.js").Opening} opening
 * @param {(text: string, alarm: boolean) => void} say
 */
export function converse(state, clock, opening, say) {
  if (parent === window) return;
  const tell = (/** @type {string} */ fallLine) => parent.postMessage({fallLine, step: Math.floor(clock.position)}, "*");
  let [step, ready, playing] = [-1, false, false];
  state.on("answer", () => {
    if (!ready) tell("ready");
    ready = true;
  });
  clock.draw.push(() => {
    if (ready && Math.floor(clock.position) !== step) {
      step = Math.floor(clock.position);
      tell("step");
    }
    if (playing && !clock.playing && clock.atEnd) tell("end");
    playing = clock.playing;
  });
  addEventListener("message", ({source, data}) => {
    if (source !== parent || typeof data !== "object" || data === null) return;
    if (data.fallLine === "play") clock.play();
    if (data.fallLine === "pause") clock.pause();
    if (data.fallLine === "seek" && Number.isFinite(data.step)) {
      clock.playing = false;
      clock.seek(Math.round(data.step));
    }
    if (data.fallLine === "load") opening.take(data.scene).catch((error) => say(`The scene that was sent cannot be shown: ${error.message}`, true));
  });
}
