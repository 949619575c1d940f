// @ts-check
/** Where descents ended before their last step: flags on the curves, and the reasons in words. */

/** @typedef {import("../session/buffer.js").Trajectory} Trajectory */

/** Whether a descent ended before the steps were over. @param {Trajectory} trajectory @param {number} steps of the experiment */
export const early = ({end, length}, steps) => end !== null && length > 0 && (end.status !== "finished" || end.steps < steps);

/** Its end in a word or two. @param {Trajectory} trajectory */
const brief = ({end}) => (end?.status === "finished" ? "budget used" : end?.status ?? "");

/** Those that ended early, with their places in the list. @param {import("../session/buffer.js").Buffer} buffer */
export const endings = (buffer) => buffer.trajectories.flatMap((trajectory, i) => (early(trajectory, buffer.experiment.steps) ? [{trajectory, i}] : []));

const pole = 15;

/**
 * A flag where a curve ends, and the word beside it where there is room.
 * @param {CanvasRenderingContext2D} context @param {import("./axes.js").Projection} axes @param {import("./theme.js").Theme} theme
 * @param {Array<{i: number, trajectory: Trajectory, x: number, y: number, reached: boolean}>} flags in pixels
 */
export function plant(context, axes, theme, flags) {
  const {family, size} = theme.font;
  /** @type {number[][]} */
  const taken = flags.map(({x, y}) => [x - 6, y - 6, 12, 12]);
  context.save();
  context.font = `600 ${size * 0.85}px ${family}`;
  context.textBaseline = "middle";
  for (const {i, trajectory, x, y, reached} of flags) {
    const up = y - pole - 8 > axes.top ? -1 : 1;
    const tip = y + up * pole;
    const colour = theme.paths[i % 8];
    const text = brief(trajectory);
    const width = context.measureText(text).width;
    const sides = x + 16 + width > axes.left + axes.width ? [-1] : x - 16 - width < axes.left ? [1] : [1, -1];
    const box = (/** @type {number} */ side) => [side < 0 ? x - 14 - width : x + 14, tip - up * 4 - size * 0.6, width, size * 1.2];
    const free = sides.find((side) => {
      const [at, top, across, down] = box(side);
      return !taken.some((other) => at < other[0] + other[2] && other[0] < at + across && top < other[1] + other[3] && other[1] < top + down);
    });
    const side = free ?? sides[0];
    context.globalAlpha = reached ? 1 : 0.55;
    for (const [line, ink] of /** @type {Array<[number, string]>} */ ([[5, theme.card], [2, colour]])) {
      context.lineWidth = line;
      context.strokeStyle = ink;
      context.beginPath();
      context.moveTo(x, y);
      context.lineTo(x, tip);
      context.lineTo(x + side * 10, tip - up * 4);
      context.lineTo(x, tip - up * 8);
      context.stroke();
    }
    context.fillStyle = colour;
    context.fill();
    if (!free) continue;
    taken.push(box(side));
    context.lineWidth = 4;
    context.lineJoin = "round";
    context.strokeStyle = theme.card;
    context.strokeText(text, box(side)[0], tip - up * 4);
    context.fillStyle = trajectory.lost ? theme.alarm : theme.ink;
    context.fillText(text, box(side)[0], tip - up * 4);
  }
  context.restore();
}
