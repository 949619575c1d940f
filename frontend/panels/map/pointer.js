// @ts-check
/** Touching the map: click to start there, drag a start, point at a path to read it. */

import {plain, short} from "../../kit/numbers.js";
import {lossAt} from "../../session/landscape.js";
import {Hover} from "./hover.js";
import {pinch} from "./pinch.js";

export class Pointer {
  /**
   * @param {HTMLElement} region @param {import("./map.js").LandscapeMap} map @param {import("../../session/state.js").State} state
   * @param {import("../../session/clock.js").Clock} clock
   */
  constructor(region, map, state, clock) {
    this.map = map;
    this.state = state;
    this.clock = clock;
    this.stage = map.stage;
    this.starts = /** @type {HTMLElement} */ (region.querySelector(".starts"));
    this.readout = /** @type {HTMLElement} */ (region.querySelector(".readout"));
    this.hover = new Hover(map.stage, state, clock);
    /** @type {[number, number] | null} */ this.down = null;
    /** @type {[number, number] | null} */ this.over = null;
    /** Whether a finger has pointed there: it stays when the finger has gone. */ this.finger = false;
    /** @type {Map<HTMLElement, {x: number, y: number, who: number[]}>} */ this.handles = new Map();
    this.dragging = false;
    /** The last click that moved starts, and where these were. @type {{time: number, at: [number, number], starts: Array<[number, number] | "random" | undefined>}} */
    this.click = {time: -Infinity, at: [0, 0], starts: []};
    pinch(this.stage);
    state.on("answer", () => this.#arrange());
    clock.draw.push(() => this.#draw());
    this.stage.addEventListener("pointerdown", (event) => this.#press(event), true);
    // Not on the stage: while a button is down, Plotly lays a sheet of its own over the whole page.
    addEventListener("pointerup", (event) => this.#lift(event), true);
    this.stage.addEventListener("pointermove", (event) => this.#hover(event));
    this.stage.addEventListener("pointerleave", ({pointerType}) => pointerType === "touch" || this.#hover(null));
    // What a finger reads stays until it touches something else.
    addEventListener("pointerdown", ({target}) => this.finger && !this.stage.contains(/** @type {Node} */ (target)) && this.#hover(null));
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

  /** Whether a press has not become a drag. @param {PointerEvent} event @param {[number, number] | null} [down] */
  #still(event, down = this.down) {
    const [px, py] = this.#pixel(event);
    return down !== null && Math.hypot(px - down[0], py - down[1]) <= 4;
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
    if (!down || !this.#still(event, down)) return;
    const point = this.#point(px, py);
    if (point && this.#take(event, [px, py])) return;
    if (point && !this.#again(event, [px, py])) this.#move(this.#nearest([px, py]), point, "start over");
  }

  /** Whose start a click moves: all from one place go together, of several places the nearest comes. @param {[number, number]} at @returns {number[]} */
  #nearest([px, py]) {
    const projection = this.map.axes.read();
    const away = (/** @type {{x: number, y: number}} */ {x, y}) => (projection ? Math.hypot(projection.x(x) - px, projection.y(y) - py) : 0);
    const [nearest] = [...this.handles.values()].sort((a, b) => away(a) - away(b));
    return nearest?.who ?? this.state.experiment.descents.map((_, i) => i);
  }

  /**
   * A second click at once shows the whole domain again, as Plotly's does, and takes back what the first has moved.
   * @param {PointerEvent} event @param {[number, number]} at
   */
  #again({timeStamp}, at) {
    const {click, state, map} = this;
    const again = timeStamp - click.time < 350 && Math.hypot(at[0] - click.at[0], at[1] - click.at[1]) < 8 && !map.atHome;
    this.click = {time: again ? -Infinity : timeStamp, at, starts: state.experiment.descents.map(({start}) => start)};
    if (!again) return false;
    state.edit(({descents}) => descents.forEach((descent, i) => {
      if (click.starts[i] === undefined) delete descent.start;
      else descent.start = click.starts[i];
    }), "start over");
    map.reset();
    return true;
  }

  /** A click on a path goes to that step; a tap reads it first. @param {PointerEvent} event @param {[number, number]} at */
  #take({pointerType}, at) {
    const projection = this.map.axes.read();
    const finger = pointerType === "touch";
    const taken = projection !== null && this.hover.take(projection, at, finger);
    if (finger) this.over = taken ? at : null;
    this.finger = finger;
    this.clock.wake();
    return taken;
  }

  /** @param {number[]} who @param {[number, number]} start @param {import("../../session/state.js").Manner} manner */
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

  /** @param {HTMLElement} handle @param {[number, number] | null} point @param {import("../../session/state.js").Manner} manner */
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
    if (event?.pointerType === "touch" && this.#still(event)) return;
    const over = event && !event.buttons && !(/** @type {Element} */ (event.target).closest("button"));
    this.over = over ? this.#pixel(/** @type {PointerEvent} */ (event)) : null;
    this.finger = false;
    this.clock.wake();
  }

  /** @param {import("../../draw/axes.js").Projection} projection */
  #read(projection) {
    const {over, readout} = this;
    const inside = over && projection.holds(...over) ? over : null;
    const read = this.hover.read(projection, inside, this.finger);
    const text = inside && !read ? this.#ground(projection, inside) : "";
    if (readout.hidden !== !text) readout.hidden = !text;
    if (!text || !over) return;
    if (readout.textContent !== text) readout.textContent = text;
    const left = over[0] > this.stage.clientWidth / 2 ? over[0] - readout.offsetWidth - 14 : over[0] + 14;
    const top = Math.max(4, over[1] - readout.offsetHeight - 10);
    readout.style.transform = `translate(${Math.max(4, left)}px, ${top}px)`;
  }

  /** @param {import("../../draw/axes.js").Projection} projection @param {[number, number]} over */
  #ground(projection, over) {
    const [x, y] = projection.at(...over);
    const loss = this.state.landscape ? lossAt(this.state.landscape, x, y) : NaN;
    return `loss ${short(loss, 4)}\nx ${short(x)}, y ${short(y)}`;
  }
}
