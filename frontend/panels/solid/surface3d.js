// @ts-check
/** The loss as a surface in three dimensions; loaded when it is first looked at. */

import {Perspective} from "../../draw/axes.js";
import {options} from "../../draw/plotly.js";
import {element} from "../../kit/dom.js";
import {short} from "../../kit/numbers.js";
import {figure, lookout, side} from "./figure3d.js";
import {Mesh} from "./mesh.js";
import {Overlay3d} from "./overlay3d.js";
import {Gradients} from "./tangent.js";

/** @typedef {import("./figure3d.js").Eye} Eye */

const turn = Math.PI / 36;

export class Surface3d {
  /**
   * @param {HTMLElement} pane @param {any} plotly @param {import("../map/map.js").LandscapeMap} map @param {import("../../session/state.js").State} state
   * @param {import("../../session/clock.js").Clock} clock @param {import("../../draw/theme.js").Theme} theme @param {import("../../session/schema.js").Schema} schema
   * @param {{camera: () => Eye | null, moved: (eye: Eye | null) => void, failed: () => void}} view where it is looked at from, kept by somebody else
   */
  constructor(pane, plotly, map, state, clock, theme, schema, view) {
    this.plotly = plotly;
    this.map = map;
    this.state = state;
    this.clock = clock;
    this.theme = theme;
    this.schema = schema;
    this.view = view;
    this.plot = /** @type {any} */ (element("div", {className: "plot"}));
    const canvas = () => element("canvas", {"aria-hidden": "true"});
    const [trails, heads] = [canvas(), canvas()];
    this.words = element("p", {className: "words", id: "surface3d-words"});
    this.told = element("p", {className: "told", id: "surface3d-told"});
    this.readout = element("p", {className: "readout", hidden: true});
    this.stage = element("div", {
      className: "box", tabIndex: 0, role: "group", "aria-label": "Surface; arrow keys turn it, plus and minus go closer and away", "aria-describedby": `${this.told.id} ${this.words.id}`,
    }, this.plot, trails, heads, this.readout);
    this.tangent = element("button", {
      type: "button", textContent: "Tangent plane", "aria-pressed": "true",
      title: "All that a gradient knows of the surface: how it lies at the chosen descent’s iterate. The arrow points downhill",
      onclick: () => this.#toggle(),
    });
    const near = (/** @type {string} */ textContent, /** @type {string} */ name, /** @type {() => void} */ onclick) => element("button", {type: "button", textContent, "aria-label": name, onclick});
    pane.append(this.stage,
      element("div", {className: "zoom"}, near("+", "Go closer", () => this.#closer(1 / 1.25)), near("−", "Go away", () => this.#closer(1.25)), near("⌂", "Reset the camera", () => this.reset())),
      element("div", {className: "foot"}, this.tangent, this.words), this.told);
    this.overlay = new Overlay3d(trails, heads, theme, () => clock.wake());
    this.gradients = new Gradients(() => clock.wake());
    /** @type {Mesh | null} */ this.mesh = null;
    /** @type {Perspective | null} */ this.eye = null;
    /** Where one looks from: Plotly's own layout does not follow the pointer. @type {Eye} */ this.at = {x: 0, y: 0, z: 0};
    this.shown = false;
    /** When the paths were drawn last, and how long that took, in milliseconds. */ this.drawn = 0;
    this.cost = 0;
    /** From which side the ground is best seen. @type {{key: string, angle: number}} */ this.from = {key: "", angle: 0};
    /** How many drawings Plotly has under way. */ this.drawing = 0;
    this.late = false;
    /** Until when the camera may be on the move. */ this.restless = 0;
    /** @type {[number, number] | null} */ this.over = null;
    state.on("landscape", () => this.draw());
    theme.changed.push(() => this.draw());
    clock.draw.push(() => this.#frame());
    clock.turned.push(() => this.#describe());
    new ResizeObserver(() => this.draw()).observe(this.stage);
    for (const event of ["pointerdown", "pointermove", "pointerup", "wheel", "touchmove"]) this.stage.addEventListener(event, () => this.#stir(), {capture: true, passive: true});
    this.stage.addEventListener("pointermove", (event) => this.#hover(event));
    this.stage.addEventListener("pointerleave", () => this.#hover(null));
    this.stage.addEventListener("keydown", (event) => this.#key(event));
  }

  /** Whether everything is drawn as it is known. */
  get still() {
    const {clientWidth, clientHeight} = this.stage;
    return !this.shown || (!this.drawing && !this.late && this.eye !== null && this.eye.width === clientWidth && this.eye.height === clientHeight);
  }

  /** What is seen, for tests: pixels of the box. */
  get seen() {
    const {mesh, overlay, touch} = this;
    return {
      camera: mesh && this.at,
      heads: overlay.heads.map(({px, py, hidden, text, shadow}) => ({px, py, hidden, text, shadow})),
      tangent: touch ? {descent: touch.descent, step: touch.step, gradient: [...touch.gradient]} : null,
    };
  }

  /** @param {boolean} shown */
  show(shown) {
    this.shown = shown;
    if (shown) this.draw();
  }

  /** Plotly draws what stands still. */
  async draw() {
    if (!this.shown || !this.state.landscape || !this.map.relief || !this.stage.clientWidth || !this.stage.clientHeight) return;
    if (this.drawing) {
      this.late = true;
      return;
    }
    this.drawing += 1;
    try {
      do {
        this.late = false;
        await this.#plot();
      } while (this.late);
    } finally {
      this.drawing -= 1;
    }
    this.#describe();
    this.#stir();
  }

  async #plot() {
    const {landscape} = this.state;
    const {relief, fitted} = this.map;
    if (!landscape || !relief || !fitted) return;
    const {clientWidth: width, clientHeight: height} = this.stage;
    this.mesh = new Mesh(landscape, relief, fitted);
    this.words.textContent = `Height: ${relief.title.replace("<br>", " ")}, as the map’s colours. Below it the plane the iterates live in, with the shadows of their paths.`;
    const camera = this.#camera(this.view.camera());
    this.at = camera.eye;
    const letters = this.schema.letters(landscape.surface) ?? ["x", "y"];
    const {data, layout} = figure(this.mesh, this.theme, letters, camera, width, height);
    const first = !this.plot._fullLayout;
    await this.plotly.react(this.plot, data, {...layout, width, height}, {...options, responsive: false});
    if (!first) return;
    this.plot.on("plotly_relayout", (/** @type {any} */ change) => change["scene.camera"] && this.#keep(change["scene.camera"].eye));
    this.plot.on("plotly_webglcontextlost", () => this.view.failed());
  }

  /** @param {Eye | null} eye where one looks from, if not from where all is seen */
  #camera(eye) {
    const {clientWidth, clientHeight} = this.stage;
    const {mesh, state: {buffer, landscape}} = this;
    // Once chosen it stays, as long as the same ground is seen.
    const key = `${landscape?.key} ${mesh?.ends}`;
    if (mesh && buffer?.complete && key !== this.from.key) this.from = {key, angle: side(mesh, buffer.trajectories)};
    const angle = this.from.key === key ? this.from.angle : side(/** @type {Mesh} */ (mesh), []);
    const {eye: usual, center} = lookout(/** @type {Mesh} */ (mesh), angle, clientWidth, clientHeight, this.theme.font.size, this.words.offsetWidth > 1);
    return {eye: eye ?? usual, center};
  }

  /** Look from somewhere else. @param {Eye} eye */
  async look(eye) {
    this.at = eye;
    await this.plotly.relayout(this.plot, {"scene.camera.eye": eye});
    this.#stir();
  }

  /** As it was at first. */
  async reset() {
    this.view.moved(null);
    if (!this.mesh) return;
    const {eye, center} = this.#camera(null);
    this.at = eye;
    await this.plotly.relayout(this.plot, {"scene.camera.center": center, "scene.camera.eye": eye});
    this.#stir();
    this.#describe();
  }

  /** @param {Eye} eye */
  #keep({x, y, z}) {
    this.at = {x, y, z};
    const [a, b, c] = [x, y, z].map((value) => Math.round(value * 1000) / 1000);
    this.view.moved({x: a, y: b, z: c});
    this.#describe();
  }

  /** @param {number} factor */
  #closer(factor) {
    const {x, y, z} = this.at;
    if (!this.mesh) return;
    if (factor < 1 ? Math.hypot(x, y, z) < 0.5 : Math.hypot(x, y, z) > 6) return;
    const eye = {x: x * factor, y: y * factor, z: z * factor};
    this.look(eye);
    this.#keep(eye);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || !this.mesh) return;
    const {x, y, z} = this.at;
    const around = /** @type {Record<string, number>} */ ({ArrowLeft: -turn, ArrowRight: turn})[event.key] ?? 0;
    const up = /** @type {Record<string, number>} */ ({ArrowUp: turn, ArrowDown: -turn})[event.key] ?? 0;
    const zoom = /** @type {Record<string, number>} */ ({"+": 1 / 1.25, "=": 1 / 1.25, "-": 1.25})[event.key];
    if (!around && !up && !zoom) return;
    event.preventDefault();
    event.stopPropagation();
    if (zoom) {
      this.#closer(zoom);
      return;
    }
    const flat = Math.hypot(x, y);
    const far = Math.hypot(flat, z);
    const direction = Math.atan2(y, x) + around;
    const elevation = Math.max(-1.5, Math.min(1.5, Math.atan2(z, flat) + up));
    const eye = {x: far * Math.cos(elevation) * Math.cos(direction), y: far * Math.cos(elevation) * Math.sin(direction), z: far * Math.sin(elevation)};
    this.look(eye);
    this.#keep(eye);
  }

  #toggle() {
    this.tangent.setAttribute("aria-pressed", String(this.tangent.getAttribute("aria-pressed") !== "true"));
    this.clock.wake();
    this.#describe();
  }

  /** The camera may move now: it is followed for a while. */
  #stir() {
    this.restless = performance.now() + 600;
    this.clock.wake();
  }

  /** Where the tangent plane is, if it is wanted and its gradient is known. @returns {import("./overlay3d.js").Touch | null} */
  get touch() {
    const {buffer, chosen, landscape} = this.state;
    const trajectory = buffer?.trajectories[chosen];
    if (!buffer || !trajectory?.length || !landscape || this.tangent.getAttribute("aria-pressed") !== "true") return null;
    const step = Math.max(0, Math.min(Math.floor(this.clock.position), trajectory.last));
    const gradient = this.gradients.at(buffer, chosen, step);
    const none = gradient === null;
    if (this.tangent.disabled !== none && this.tangent.getAttribute("aria-pressed") === "true") this.tangent.disabled = none;
    return gradient ? {descent: chosen, step, gradient, rise: this.map.relief?.rise(trajectory.loss[step]) ?? 0} : null;
  }

  /** @returns {boolean} whether the camera may still be on its way */
  #frame() {
    const {buffer} = this.state;
    if (!this.shown || !this.mesh || !buffer) return false;
    const eye = Perspective.of(this.plot);
    if (!eye) return performance.now() < this.restless;
    const moved = eye.key !== this.eye?.key;
    const began = performance.now();
    // While it plays no more than a quarter of the time goes here: everything else moves too.
    if (this.clock.playing && !moved && began - this.drawn < 4 * this.cost) return true;
    this.eye = eye;
    this.overlay.draw(eye, this.mesh, buffer, this.clock.position, !this.clock.playing, this.touch, this.state.chosen);
    this.#read();
    this.drawn = performance.now();
    this.cost = Math.min(50, this.drawn - began);
    return moved || performance.now() < this.restless;
  }

  /** @param {PointerEvent | null} event */
  #hover(event) {
    const {left, top} = this.stage.getBoundingClientRect();
    this.over = event && !event.buttons ? [event.clientX - left, event.clientY - top] : null;
    this.clock.wake();
  }

  /** The step of a path under the pointer. */
  #read() {
    const {over, readout, overlay} = this;
    const found = over ? overlay.lines.flatMap((line) => {
      const near = line.average ? null : line.nearest(over[0], over[1], 9);
      return near ? [{...near, i: line.i}] : [];
    }).sort((a, b) => a.distance - b.distance)[0] : undefined;
    if (readout.hidden !== !found) readout.hidden = !found;
    if (!found || !over) return;
    const {label, x, y, loss, learning_rate: rate, gradient_norm: norm} = /** @type {import("../../session/buffer.js").Buffer} */ (this.state.buffer).trajectories[found.i];
    const {step} = found;
    const text = `${label}, step ${step}\nloss ${short(loss[step], 4)}\nx ${short(x[step])}, y ${short(y[step])}\nlearning rate ${short(rate[step])}\n|gradient| ${short(norm[step])}`;
    if (readout.textContent !== text) readout.textContent = text;
    const left = over[0] > this.stage.clientWidth / 2 ? over[0] - readout.offsetWidth - 14 : over[0] + 14;
    readout.style.transform = `translate(${Math.max(4, left)}px, ${Math.max(4, over[1] - readout.offsetHeight - 10)}px)`;
  }

  /** What is seen, in words; while it plays they wait. */
  #describe() {
    const {mesh, state: {buffer, chosen}, clock} = this;
    if (!this.shown || !mesh || clock.playing) return;
    const trajectory = buffer?.trajectories[chosen];
    const sides = ["right", "back right", "back", "back left", "left", "front left", "front", "front right"];
    const from = sides[(Math.round(Math.atan2(this.at.y, this.at.x) / (Math.PI / 4)) + 8) % 8];
    const step = Math.min(Math.floor(clock.position), trajectory?.last ?? 0);
    const touch = this.touch;
    const way = touch && Math.hypot(...touch.gradient) ? touch.gradient.map((value, i) => (Math.abs(value) > 0.1 * Math.hypot(...touch.gradient) ? `${value > 0 ? "smaller" : "larger"} ${"xy"[i]}` : "")).filter(Boolean).join(" and ") : "";
    this.told.textContent = [
      `Seen from the ${from}${this.at.z < 0 ? ", from below" : ""}.`,
      trajectory?.length ? `${trajectory.label} at step ${step}: x ${short(trajectory.x[step])}, y ${short(trajectory.y[step])}, loss ${short(trajectory.loss[step])}${way ? `; downhill is towards ${way}` : ""}.` : "",
    ].filter(Boolean).join(" ");
  }
}
