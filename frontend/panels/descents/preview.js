// @ts-check
/** A small picture of a schedule: the rates that a descent really used, on a linear scale. */

import {element} from "../../kit/dom.js";
import {short} from "../../kit/numbers.js";

const namespace = "http://www.w3.org/2000/svg";
const [width, height, pad] = [240, 36, 2];

export class Preview {
  constructor() {
    this.line = document.createElementNS(namespace, "polyline");
    this.svg = document.createElementNS(namespace, "svg");
    this.svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.svg.setAttribute("preserveAspectRatio", "none");
    this.svg.append(this.line);
    this.words = element("small");
    this.element = element("div", {className: "preview", role: "img", hidden: true}, this.svg);
  }

  /** @param {import("../../session/buffer.js").Trajectory | undefined} trajectory @param {number} steps of the experiment: what is not there stays empty */
  show(trajectory, steps) {
    this.element.hidden = !trajectory?.length;
    if (!trajectory?.length) return;
    const rates = trajectory.learning_rate.subarray(0, trajectory.length);
    const [low, high] = rates.reduce(([least, most], rate) => [Math.min(least, rate), Math.max(most, rate)], [Infinity, 0]);
    const x = (/** @type {number} */ step) => ((step / (steps + 1)) * width).toFixed(2);
    const y = (/** @type {number} */ rate) => (height - pad - (high ? rate / high : 0) * (height - 2 * pad)).toFixed(2);
    // Each rate holds for one update. Where there are more of them than can be seen, the lowest and the highest of each few.
    const few = Math.max(1, Math.floor(rates.length / (2 * width)));
    const points = [];
    for (let step = 0; step < rates.length; step += few) {
      const some = rates.subarray(step, step + few);
      for (const rate of few === 1 ? some : [Math.min(...some), Math.max(...some)]) points.push(`${x(step)},${y(rate)} ${x(step + few)},${y(rate)}`);
    }
    this.line.setAttribute("points", points.join(" "));
    const text = `${short(low)} to ${short(high)}`;
    if (this.words.textContent !== text) this.words.textContent = text;
    this.element.setAttribute("aria-label", `The rate over the steps, from ${short(rates[0])} to ${short(rates[rates.length - 1])}; lowest ${short(low)}, highest ${short(high)}`);
  }
}
