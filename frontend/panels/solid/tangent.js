// @ts-check
/** The plane that touches the surface where a descent stands: all that a gradient knows of it. */

import {Problem, server} from "../../server/api.js";
import {Latest} from "../../server/latest.js";

/** How many gradients are asked for at a time: those of the steps to come are there before they are needed. */
const stretch = 400;

/** Gradients along the descents, from the server: exact ones, of all the data. */
export class Gradients {
  /** @param {() => void} changed called when some have arrived */
  constructor(changed) {
    this.changed = changed;
    this.key = "";
    /** By descent and stretch: [gx, gy] of each step, or null where the server has none. @type {Map<string, Array<[number, number] | null> | null>} */
    this.known = new Map();
    this.latest = new Latest((question, signal) => this.#ask(question, signal));
  }

  /**
   * The gradient at a step; asked for where it is not known yet.
   * @param {import("../../session/buffer.js").Buffer} buffer @param {number} descent @param {number} step
   * @returns {[number, number] | null | undefined} undefined while nobody knows, null where there is none
   */
  at(buffer, descent, step) {
    const key = `${buffer.key} ${JSON.stringify(buffer.experiment.surface)}`;
    if (key !== this.key) {
      this.key = key;
      this.known.clear();
    }
    const trajectory = buffer.trajectories[descent];
    const part = Math.floor(step / stretch);
    const name = `${descent} ${part}`;
    const found = this.known.get(name);
    if (found === null) return null;
    if (found?.[step - part * stretch] !== undefined) return found[step - part * stretch];
    if (!this.latest.current && trajectory.length > step) {
      const points = [];
      for (let at = part * stretch; at < Math.min(trajectory.length, (part + 1) * stretch); at++) points.push([trajectory.x[at], trajectory.y[at]]);
      this.latest.request({key, name, surface: buffer.experiment.surface, points});
    }
    return undefined;
  }

  /** @param {{key: string, name: string, surface: import("../../session/state.js").Component, points: number[][]}} question @param {AbortSignal} signal */
  async #ask({key, name, surface, points}, signal) {
    /** @type {Array<[number, number] | null> | null} */
    let gradients = null;
    try {
      const answer = await server.evaluate({surface, points}, signal);
      gradients = answer.gradient.map((/** @type {any} */ one) => (one?.every(Number.isFinite) ? one : null));
    } catch (error) {
      // A plane laid through the descents' own paths has no loss without them.
      if (!(error instanceof Problem && error.refused)) return;
    }
    if (key === this.key) this.known.set(name, gradients);
    this.changed();
  }
}

/** Half the side of the square, in units of the box. */
const half = 0.15;

/**
 * A square of the tangent plane, in the box: two sides run straight downhill.
 * @param {import("./mesh.js").Mesh} mesh @param {[number, number]} place across and along @param {[number, number]} gradient of the loss @param {number} rise of the height with the loss
 * @returns {{at: (s: number, t: number) => import("./mesh.js").Place, steep: boolean} | null} `at`: a point of it, s downhill and t to the side, both from −1 to 1
 */
export function square(mesh, [across, along], gradient, rise) {
  const height = mesh.height(across, along);
  if (!Number.isFinite(height)) return null;
  const slope = [0, 1].map((i) => (gradient[i] * rise * mesh.scale[2]) / mesh.scale[i]);
  const steepness = Math.hypot(...slope);
  const steep = steepness > 1e-9;
  const [ux, uy] = steep ? [-slope[0] / steepness, -slope[1] / steepness] : [1, 0];
  const level = half / Math.sqrt(1 + steepness * steepness);
  return {
    steep,
    at: (s, t) => [across + s * level * ux - t * half * uy, along + s * level * uy + t * half * ux, height - s * level * steepness],
  };
}
