// @ts-check
/**
 * The loss as ground to walk on: its heights in a box, what lies on it, what it hides.
 *
 * Places in the box are counted from its middle, as Plotly's camera counts them; the shortest way across is about 1.
 * @typedef {[number, number, number]} Place
 */

/** How much of the box is air between the surface and the plane below it, and how high the box is. */
const air = 0.5;
const tall = 0.72;
/** How far above the surface a path lies, and above the plane its shadow. */
const lift = 0.006;

/** The entries of a sorted list that lie in an interval; all where there are too few to draw. @param {number[]} values @param {[number, number]} interval @returns {[number, number]} first and last */
function within(values, [low, high]) {
  const first = values.findIndex((value) => value >= low);
  const last = values.findLastIndex((value) => value <= high);
  return first >= 0 && last - first >= 8 ? [first, last] : [0, values.length - 1];
}

export class Mesh {
  /**
   * @param {import("../../session/landscape.js").Landscape} landscape @param {import("../../draw/relief.js").Relief} relief its heights
   * @param {import("../../session/state.js").Window} window the part of it that is shown
   */
  constructor(landscape, relief, window) {
    const [left, right] = within(landscape.x, window.x);
    const [bottom, top] = within(landscape.y, window.y);
    this.relief = relief;
    this.x = landscape.x.slice(left, right + 1);
    this.y = landscape.y.slice(bottom, top + 1);
    this.rows = relief.rows.slice(bottom, top + 1).map((row) => row.subarray(left, right + 1));
    const span = relief.high - relief.low;
    // Beyond the domain a loss may rise without end: the box does not.
    const highest = this.rows.reduce((most, row) => row.reduce((a, b) => (b > a ? b : a), most), relief.low + span / 2);
    const ceiling = Math.min(highest, relief.high + span / 4);
    this.z = /** @type {[number, number]} */ ([relief.low - air * (ceiling - relief.low), ceiling]);
    this.ends = /** @type {const} */ ([[this.x[0], this.x[this.x.length - 1]], [this.y[0], this.y[this.y.length - 1]], this.z]);
    const lengths = this.ends.map(([low, high]) => high - low);
    const stretch = Math.sqrt(Math.max(0.6, Math.min(lengths[0] / lengths[1], 1 / 0.6)));
    /** The box's sides. @type {Place} */
    this.sides = [stretch, 1 / stretch, tall];
    /** From units of the data to units of the box. */
    this.scale = this.sides.map((side, i) => side / lengths[i]);
    // On the very bottom of its box Plotly would cut it off here and there.
    /** Where the plane lies on which the shadows fall: in the box, and as a height. */ this.floor = (0.01 - 0.5) * tall;
    this.plane = this.z[0] + 0.01 * lengths[2];
    /** The side of a cell. */ this.cell = Math.max(this.sides[0] / (this.x.length - 1), this.sides[1] / (this.y.length - 1));
  }

  /** @param {number} x @param {number} y @returns {[number, number]} in the box */
  across(x, y) {
    return [(x - this.ends[0][0]) * this.scale[0] - this.sides[0] / 2, (y - this.ends[1][0]) * this.scale[1] - this.sides[1] / 2];
  }

  /** The height of the ground at a place in the box; NaN where it is not in the box or has no loss. @param {number} across @param {number} along */
  height(across, along) {
    const [columns, rows] = [this.x.length - 1, this.y.length - 1];
    const s = (across / this.sides[0] + 0.5) * columns;
    const t = (along / this.sides[1] + 0.5) * rows;
    if (!(s >= -1e-9 && t >= -1e-9 && s <= columns + 1e-9 && t <= rows + 1e-9)) return NaN;
    const column = Math.max(0, Math.min(Math.floor(s), columns - 1));
    const row = Math.max(0, Math.min(Math.floor(t), rows - 1));
    const [p, q] = [s - column, t - row];
    const [below, above] = [this.rows[row], this.rows[row + 1]];
    const z = (1 - q) * ((1 - p) * below[column] + p * below[column + 1]) + q * ((1 - p) * above[column] + p * above[column + 1]);
    return z <= this.z[1] ? (z - this.z[0]) * this.scale[2] - tall / 2 : NaN;
  }

  /** Whether the ground, or the plane below, lies between a place and the eye. @param {number} px @param {number} py @param {number} pz @param {Place} eye */
  hides(px, py, pz, [ex, ey, ez]) {
    const [dx, dy, dz] = [ex - px, ey - py, ez - pz];
    const distance = Math.hypot(dx, dy, dz);
    const [width, depth] = [this.sides[0] / 2, this.sides[1] / 2];
    if (ez < this.floor && pz > this.floor) {
      const t = (this.floor - pz) / dz;
      if (Math.abs(px + t * dx) < width && Math.abs(py + t * dy) < depth) return true;
    }
    const below = pz < this.floor + lift;
    // Close by the ground is looked at closely: farther on only its larger features can be in the way.
    for (let way = 0.004, stride = 0.004; way < distance; way += stride, stride = Math.min(0.02, 1.15 * stride)) {
      const t = way / distance;
      const [x, y, z] = [px + t * dx, py + t * dy, pz + t * dz];
      if (Math.abs(x) > width || Math.abs(y) > depth || z > tall / 2) return false;
      const height = this.height(x, y);
      if (below ? height < z - 0.003 : height > z + 0.003) return true;
    }
    return false;
  }
}

/** A path on the ground: as straight as it is in the plane, up and down as the ground goes. */
export class Drape {
  /** @param {Mesh} mesh */
  constructor(mesh) {
    this.mesh = mesh;
    /** How many entries of the path are on it. */ this.length = 0;
    /** Places in the box, x, y and z of each; z is NaN where the path has left it. @type {number[]} */ this.places = [];
    /** The entry of each place, with fractions. @type {number[]} */ this.when = [];
    this.last = [NaN, NaN];
  }

  /** @param {{x: Float64Array, y: Float64Array, last: number}} path */
  extend({x, y, last}) {
    for (; this.length <= last; this.length++) {
      const at = this.mesh.across(x[this.length], y[this.length]);
      if (this.length) this.#segment(at);
      else this.#put(at[0], at[1], 0);
      this.last = at;
    }
  }

  /** @param {number} across @param {number} along @param {number} when */
  #put(across, along, when) {
    this.places.push(across, along, this.mesh.height(across, along) + lift);
    this.when.push(when);
  }

  /** @param {number[]} to */
  #segment([x1, y1]) {
    const [x0, y0] = this.last;
    const [dx, dy] = [x1 - x0, y1 - y0];
    const [width, depth] = [this.mesh.sides[0] / 2, this.mesh.sides[1] / 2];
    // Only what is in the box (Liang and Barsky 1984): who diverges makes steps beyond all bounds.
    let [from, to] = [0, 1];
    for (const [p, q] of [[-dx, x0 + width], [dx, width - x0], [-dy, y0 + depth], [dy, depth - y0]]) {
      if (p === 0 && q < 0) to = -1;
      if (p < 0) from = Math.max(from, q / p);
      if (p > 0) to = Math.min(to, q / p);
    }
    const step = this.length - 1;
    if (!(from <= to)) {
      this.places.push(x1, y1, NaN);
      this.when.push(step + 1);
      return;
    }
    const pieces = Math.max(1, Math.min(80, Math.ceil(((to - from) * Math.hypot(dx, dy)) / (1.5 * this.mesh.cell))));
    for (let i = from > 0 ? 0 : 1; i <= pieces; i++) {
      const part = from + (i / pieces) * (to - from);
      this.#put(x0 + part * dx, y0 + part * dy, step + part);
    }
    if (to < 1) {
      this.places.push(x1, y1, NaN);
      this.when.push(step + 1);
    }
  }
}
