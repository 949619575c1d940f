// @ts-check
/** The minima of a surface as far as anybody knows them: those of the catalogue, and those that maps have shown. */

/** @typedef {{x: number, y: number, loss: number}} Minimum */

const most = 1000;

export class Minima {
  /** @param {import("./state.js").State} state @param {import("./schema.js").Schema} schema */
  constructor(state, schema) {
    this.schema = schema;
    this.key = "";
    /** @type {Minimum[]} */ this.seen = [];
    state.on("landscape", () => {
      const {landscape} = state;
      if (!landscape || landscape.data !== "train") return;
      this.#turn(landscape.surface);
      for (const point of landscape.points.filter(({loss}) => Number.isFinite(loss))) {
        const known = this.seen.some(({x, y}) => Math.hypot(x - point.x, y - point.y) < 1e-6 * (1 + Math.hypot(x, y)));
        if (point.type === "minimum" && !known && this.seen.length < most) this.seen.push(point);
      }
    });
  }

  /** What was seen of another surface says nothing of this one. @param {import("./state.js").Component} surface */
  #turn(surface) {
    const key = this.#key(surface);
    if (key !== this.key) this.seen = [];
    this.key = key;
  }

  /** The same for a surface with and without its defaults, wherever one looks at it. @param {import("./state.js").Component} surface */
  #key(surface) {
    const {parameters = []} = this.schema.surfaces.find(({kind}) => kind === surface.kind) ?? {};
    const bare = (/** @type {any} */ value) => (typeof value === "object" && value !== null && !Object.keys(value).length ? null : value ?? null);
    return JSON.stringify([surface.kind, ...parameters.filter(({name}) => name !== "domain").map(({name, initial}) => bare(surface[name] ?? initial))]);
  }

  /** @param {import("./state.js").Component} surface @returns {Minimum[]} */
  of(surface) {
    const {parameters = []} = this.schema.surfaces.find(({kind}) => kind === surface.kind) ?? {};
    // The catalogue's are those of the surface as it is without anything set.
    const usual = parameters.every(({name, initial}) => name === "domain" || (surface[name] ?? initial) === initial);
    return [...(usual ? this.schema.facts(surface).minima ?? [] : []), ...(this.#key(surface) === this.key ? this.seen : [])];
  }

  /** The smallest loss that is known of a surface. @param {import("./state.js").Component} surface @returns {number | null} */
  lowest(surface) {
    const floor = this.schema.floor(surface);
    const losses = this.of(surface).map(({loss}) => loss);
    return floor ?? (this.schema.facts(surface).bounded !== false && losses.length ? Math.min(...losses) : null);
  }
}
