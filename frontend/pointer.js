// @ts-check
/** Touching the map: click to start there, drag a start, point at a path to read it. */

import {lossAt} from "./landscape.js";
import {plain, short} from "./numbers.js";
import {place} from "./overlay.js";

export class Pointer {
  /**
   * @param {HTMLElement} region @param {import("./map.js").LandscapeMap} map @param {import("./state.js").State} state
   * @param {import("./clock.js").Clock} clock
   */
  constructor(region, map, state, clock) {
    this.map = map;
    this.state = state;
    this.clock = clock;
    this.stage = map.stage;
    this.starts = /** @type {HTMLElement} */ (region.querySelector(".starts"));
    this.readout = /** @type {HTMLElement} */ (region.querySelector(".readout"));
    /** @type {[number, number] | null} */ this.down = null;
    /** @type {[number, number] | null} */ this.over = null;
    /** @type {Map<HTMLElement, {x: number, y: number, who: number[]}>} */ this.handles = new Map();
    this.dragging = false;
    state.on("answer", () => this.#arrange());
    clock.draw.push(() => this.#draw());
    this.stage.addEventListener("pointerdown", (event) => this.#press(event), true);
    // Not on the stage: while a button is down, Plotly lays a sheet of its own over the whole page.
    addEventListener("pointerup", (event) => this.#lift(event), true);
    this.stage.addEventListener("pointermove", (event) => this.#hover(event));
    this.stage.addEventListener("pointerleave", () => this.#hover(null));
  }

  /** @param {{clientX: number, clientY: number}} event @returns {[number, number]} pixels in the stage */
  #pixel({clientX, clientY}) {
    const {left, top} = this.stage.getBoundingClientRect();
    return [clientX - left, clientY - top];
  }

  /** @param {number} px @param {number} py @returns {[number, number] | null} a point to start from, in round numbers */
  #point(px, py) {
    const projection = this.map.axes.read();
    if (!projection?.holds(px, py)) return null;
    const [x, y] = projection.at(px, py);
    // To a hundredth of a pixel: short in a link, and nobody points more finely.
    const round = (/** @type {number} */ value, /** @type {number} */ scale) => plain(Math.round(value * scale * 100) / (scale * 100));
    return [round(x, projection.scaleX), round(y, projection.scaleY)];
  }

  /** @param {PointerEvent} event */
  #press(event) {
    const onMap = !(/** @type {Element} */ (event.target).closest("button"));
    this.down = event.button === 0 && event.isPrimary && onMap ? this.#pixel(event) : null;
  }

  /** A press without a drag is a click: Plotly's own would know grid points only. @param {PointerEvent} event */
  #lift(event) {
    const {down} = this;
    this.down = null;
    const [px, py] = this.#pixel(event);
    if (!down || Math.hypot(px - down[0], py - down[1]) > 4) return;
    const point = this.#point(px, py);
    if (point) this.#move(this.state.experiment.descents.map((_, i) => i), point, "start over");
  }

  /** @param {number[]} who @param {[number, number]} start @param {import("./state.js").Manner} manner */
  #move(who, start, manner) {
    this.state.edit(({descents}) => who.forEach((i) => descents[i] && (descents[i].start = start)), manner);
  }

  /** One handle for each place from which descents start. */
  #arrange() {
    if (this.dragging) return;
    /** @type {Map<string, {x: number, y: number, who: number[]}>} */
    const places = new Map();
    this.state.buffer?.trajectories.forEach((trajectory, i) => {
      const [x, y] = [trajectory.x[0], trajectory.y[0]];
      const one = places.get(`${x},${y}`) ?? {x, y, who: []};
      one.who.push(i);
      places.set(`${x},${y}`, one);
    });
    const kept = [...this.handles.keys()];
    this.handles.clear();
    [...places.values()].forEach((one, i) => this.handles.set(kept[i] ?? this.#handle(), one));
    kept.slice(places.size).forEach((handle) => handle.remove());
  }

  #handle() {
    const handle = document.createElement("button");
    handle.type = "button";
    handle.className = "start";
    handle.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      handle.setPointerCapture(event.pointerId);
      this.dragging = true;
    });
    // Plotly pans on these.
    for (const type of ["mousedown", "touchstart"]) handle.addEventListener(type, (event) => event.stopPropagation());
    handle.addEventListener("pointermove", (event) => this.dragging && this.#drag(handle, this.#point(...this.#pixel(event)), "dragging"));
    const drop = () => {
      if (!this.dragging) return;
      this.dragging = false;
      const one = this.handles.get(handle);
      if (one) this.#drag(handle, [one.x, one.y], "start over");
    };
    handle.addEventListener("pointerup", drop);
    handle.addEventListener("pointercancel", drop);
    handle.addEventListener("keydown", (event) => this.#nudge(handle, event));
    this.starts.append(handle);
    return handle;
  }

  /** @param {HTMLElement} handle @param {[number, number] | null} point @param {import("./state.js").Manner} manner */
  #drag(handle, point, manner) {
    const one = this.handles.get(handle);
    if (!one || !point) return;
    [one.x, one.y] = point;
    this.#move(one.who, point, manner);
    this.clock.wake();
  }

  /** Arrows move a start by a hundredth of the map, ten times as far with Shift. @param {HTMLElement} handle @param {KeyboardEvent} event */
  #nudge(handle, event) {
    const [dx, dy] = /** @type {Record<string, [number, number]>} */ ({ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1]})[event.key] ?? [0, 0];
    const one = this.handles.get(handle);
    const projection = this.map.axes.read();
    if (!one || !projection || !(dx || dy)) return;
    event.preventDefault();
    event.stopPropagation();
    const stride = event.shiftKey ? 0.1 : 0.01;
    this.#drag(handle, [
      plain(one.x + dx * stride * projection.width / projection.scaleX),
      plain(one.y + dy * stride * projection.height / projection.scaleY),
    ], "dragging");
  }

  #draw() {
    const projection = this.map.axes.read();
    if (!projection) return;
    for (const [handle, {x, y, who}] of this.handles) {
      const [px, py] = [projection.x(x), projection.y(y)];
      const transform = `translate(${px}px, ${py}px)`;
      // Nothing is written that has not changed: while playing the page stands still around the canvases.
      if (handle.style.transform !== transform) handle.style.transform = transform;
      const hidden = !projection.holds(px, py);
      if (handle.hidden !== hidden) handle.hidden = hidden;
      const labels = this.state.buffer?.trajectories ?? [];
      const owners = who.length === labels.length ? "all" : who.map((i) => labels[i].label).join(", ");
      const name = `Start of ${owners} at x ${short(x)}, y ${short(y)}; arrow keys move it`;
      if (handle.getAttribute("aria-label") !== name) handle.setAttribute("aria-label", name);
    }
    this.#read(projection);
  }

  /** @param {PointerEvent | null} event */
  #hover(event) {
    const over = event && !event.buttons && !(/** @type {Element} */ (event.target).closest("button"));
    this.over = over ? this.#pixel(/** @type {PointerEvent} */ (event)) : null;
    this.clock.wake();
  }

  /** @param {import("./axes.js").Projection} projection */
  #read(projection) {
    const {over, readout} = this;
    const text = over && projection.holds(...over) ? this.#nearest(projection, over) ?? this.#ground(projection, over) : "";
    if (readout.hidden !== !text) readout.hidden = !text;
    if (!text || !over) return;
    if (readout.textContent !== text) readout.textContent = text;
    const left = over[0] > this.stage.clientWidth / 2 ? over[0] - readout.offsetWidth - 14 : over[0] + 14;
    const top = Math.max(4, over[1] - readout.offsetHeight - 10);
    readout.style.transform = `translate(${Math.max(4, left)}px, ${top}px)`;
  }

  /** @param {import("./axes.js").Projection} projection @param {[number, number]} over */
  #ground(projection, over) {
    const [x, y] = projection.at(...over);
    const loss = this.state.landscape ? lossAt(this.state.landscape, x, y) : NaN;
    return `loss ${short(loss, 4)}\nx ${short(x)}, y ${short(y)}`;
  }

  /** The step of a path under the pointer. @param {import("./axes.js").Projection} projection @param {[number, number]} over */
  #nearest(projection, over) {
    let [distance, text] = [9, ""];
    for (const trajectory of this.state.buffer?.trajectories ?? []) {
      const last = Math.min(Math.floor(this.clock.position), trajectory.last);
      for (let step = 0; step <= last; step++) {
        const away = Math.hypot(projection.x(trajectory.x[step]) - over[0], projection.y(trajectory.y[step]) - over[1]);
        if (away >= distance) continue;
        distance = away;
        const [x, y] = place(trajectory, step);
        text = `${trajectory.label}, step ${step}\nloss ${short(trajectory.loss[step], 4)}\nx ${short(x)}, y ${short(y)}\n`
          + `learning rate ${short(trajectory.learning_rate[step])}\n|gradient| ${short(trajectory.gradient_norm[step])}`;
      }
    }
    return text || null;
  }
}
