// @ts-check
/** How a descent is told apart besides its colour: the shape of its head and the dashes of its path. */

const corners = (/** @type {number} */ n, /** @type {number} */ turn) => Array.from({length: n}, (_, i) => {
  const angle = 2 * Math.PI * (i / n + turn);
  return [Math.cos(angle), Math.sin(angle)];
});
const star = Array.from({length: 10}, (_, i) => {
  const angle = 2 * Math.PI * (i / 10 - 0.25);
  const radius = i % 2 ? 0.5 : 1.15;
  return [radius * Math.cos(angle), radius * Math.sin(angle)];
});
const arm = 0.36;
const cross = [[-arm, -1], [arm, -1], [arm, -arm], [1, -arm], [1, arm], [arm, arm], [arm, 1], [-arm, 1], [-arm, arm], [-1, arm],
  [-1, -arm], [-arm, -arm]];

const shapes = [corners(24, 0), corners(4, 0.125), corners(3, -0.25), corners(4, 0), corners(3, 0.25), cross, corners(6, 0), star];
const sizes = [1, 1.12, 1.2, 1.15, 1.2, 1.05, 1.05, 1.1];

/** In pixels: line, gap, ... */
const dashes = [[], [9, 4], [], [2.5, 4], [14, 4, 2.5, 4], [], [9, 4], [2.5, 4]];

/** @param {number} index */
export const dash = (index) => dashes[index % 8];

/** @param {number} index @param {number} radius @returns {number[][]} */
const outline = (index, radius) => shapes[index % 8].map(([x, y]) => [x * radius * sizes[index % 8], y * radius * sizes[index % 8]]);

/**
 * Trace a head's shape on a canvas; the caller fills and strokes it.
 * @param {CanvasRenderingContext2D} context @param {number} index @param {number} x @param {number} y @param {number} radius
 */
export function trace(context, index, x, y, radius) {
  context.beginPath();
  for (const [dx, dy] of outline(index, radius)) context.lineTo(x + dx, y + dy);
  context.closePath();
}

/** The same shape as an inline picture, for lists and tables. @param {number} index */
export function glyph(index) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "-10 -10 20 20");
  svg.setAttribute("class", "glyph");
  svg.setAttribute("aria-hidden", "true");
  svg.style.setProperty("--colour", `var(--path-${index % 8})`);
  const polygon = document.createElementNS("http://www.w3.org/2000/svg", "polygon");
  polygon.setAttribute("points", outline(index, 7).map((point) => point.map((n) => n.toFixed(2)).join()).join(" "));
  svg.append(polygon);
  return svg;
}
