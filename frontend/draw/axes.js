// @ts-check
/**
 * Where a point of the data lies on the screen. The only module that reads Plotly's private `_fullLayout`: there is no
 * public way to ask for the axes while a pan or a zoom is under way.
 *
 * @typedef {{type: "linear" | "log", range: [number, number]}} Axis a log axis' range is in powers of ten, as Plotly's
 * @typedef {{l: number, r: number, t: number, b: number}} Margin
 */

/**
 * The eye that looks at a scene in three dimensions, as it was when Plotly last drew it: the scene follows the pointer
 * without a word, so it is read anew for every frame. Places are those of the scene's box, counted from its middle.
 */
export class Perspective {
  /** @param {ArrayLike<number>} view 4 × 4, column by column @param {ArrayLike<number>} projection @param {number} width @param {number} height */
  constructor(view, projection, width, height) {
    this.width = width;
    this.height = height;
    /** Two with the same key draw the same picture. */
    this.key = [width, height, ...Array.from(view), ...Array.from(projection)].join();
    /** @type {number[]} */
    this.matrix = Array.from({length: 16}, (_, at) => [0, 1, 2, 3].reduce((sum, k) => sum + projection[4 * k + (at % 4)] * view[4 * Math.floor(at / 4) + k], 0));
    /** Where the eye is. @type {[number, number, number]} */
    this.eye = /** @type {any} */ ([0, 1, 2].map((i) => -[0, 1, 2].reduce((sum, k) => sum + view[4 * i + k] * view[12 + k], 0)));
  }

  /** @param {number} x @param {number} y @param {number} z @returns {[number, number]} pixels from the left and the top */
  at(x, y, z) {
    const m = this.matrix;
    const w = m[3] * x + m[7] * y + m[11] * z + m[15];
    return [
      (0.5 + (m[0] * x + m[4] * y + m[8] * z + m[12]) / w / 2) * this.width,
      (0.5 - (m[1] * x + m[5] * y + m[9] * z + m[13]) / w / 2) * this.height,
    ];
  }

  /** @param {any} plot the element Plotly draws in @returns {Perspective | null} null before it has drawn */
  static of(plot) {
    const camera = plot._fullLayout?.scene?._scene?.glplot?.cameraParams;
    return camera?.view ? new Perspective(camera.view, camera.projection, plot._fullLayout.width, plot._fullLayout.height) : null;
  }
}

export class Projection {
  /** @param {number} left @param {number} top @param {number} width @param {number} height @param {Axis} across @param {Axis} up */
  constructor(left, top, width, height, across, up) {
    this.left = left;
    this.top = top;
    this.width = width;
    this.height = height;
    this.across = across;
    this.up = up;
    this.scaleX = width / (across.range[1] - across.range[0]);
    this.scaleY = height / (up.range[1] - up.range[0]);
    /** Two projections with the same key draw the same picture. */
    this.key = [left, top, width, height, across.type, ...across.range, up.type, ...up.range].join();
  }

  /** @param {number} x @returns {number} pixels from the left of the plot's element */
  x(x) {
    const value = this.across.type === "log" ? Math.log10(x) : x;
    return this.left + (value - this.across.range[0]) * this.scaleX;
  }

  /** @param {number} y @returns {number} pixels from the top */
  y(y) {
    const value = this.up.type === "log" ? Math.log10(y) : y;
    return this.top + this.height - (value - this.up.range[0]) * this.scaleY;
  }

  /** The point of the data at a pixel; linear axes only. @param {number} px @param {number} py @returns {[number, number]} */
  at(px, py) {
    return [
      this.across.range[0] + (px - this.left) / this.scaleX,
      this.up.range[0] + (this.top + this.height - py) / this.scaleY,
    ];
  }

  /** @param {number} px @param {number} py @param {number} [slack] */
  holds(px, py, slack = 0) {
    return px >= this.left - slack && px <= this.left + this.width + slack
      && py >= this.top - slack && py <= this.top + this.height + slack;
  }
}

export class Axes {
  /** @param {HTMLElement} plot the element Plotly draws in */
  constructor(plot) {
    this.plot = plot;
    /** What will be drawn as soon as Plotly is there. @type {{margin: Margin, across: Axis, up: Axis} | null} */
    this.planned = null;
    this.size = {width: plot.clientWidth, height: plot.clientHeight};
    new ResizeObserver(() => (this.size = {width: plot.clientWidth, height: plot.clientHeight})).observe(plot);
  }

  /** Whether Plotly has drawn for the size that its stage has now; one that is not shown needs no drawing. */
  get fits() {
    const {width, height} = this.plot.getBoundingClientRect();
    const layout = /** @type {any} */ (this.plot)._fullLayout;
    // To the pixel: how a half is rounded depends on where the plot lies.
    return !width || (Math.abs(layout?.width - width) < 1 && Math.abs(layout?.height - height) < 1);
  }

  /** @returns {Projection | null} null before anything is known */
  read() {
    const layout = /** @type {any} */ (this.plot)._fullLayout;
    if (layout?.xaxis?._length) {
      const {xaxis, yaxis} = layout;
      return new Projection(xaxis._offset, yaxis._offset, xaxis._length, yaxis._length,
        {type: xaxis.type, range: xaxis.range.map(Number)}, {type: yaxis.type, range: yaxis.range.map(Number)});
    }
    if (!this.planned) return null;
    const {margin, across, up} = this.planned;
    return new Projection(margin.l, margin.t, Math.max(1, this.size.width - margin.l - margin.r),
      Math.max(1, this.size.height - margin.t - margin.b), across, up);
  }
}
