// @ts-check
/**
 * Only the newest question matters, and only one is under way.
 *
 * A question that is answered quickly is left to finish, so that a drag shows every answer; one that takes longer than
 * `patience` is given up as soon as a newer one waits.
 */
export const cancelled = new DOMException("Cancelled by the user.", "AbortError");

export class Latest {
  /** @param {(question: any, signal: AbortSignal) => Promise<void>} ask @param {number} patience milliseconds */
  constructor(ask, patience = 150) {
    this.ask = ask;
    this.patience = patience;
    /** @type {{question: any} | null} */ this.waiting = null;
    /** @type {AbortController | null} */ this.current = null;
    this.since = 0;
  }

  /** @param {any} question */
  request(question) {
    this.waiting = {question};
    if (!this.current) {
      this.#next();
      return;
    }
    const current = this.current;
    const left = this.patience - (performance.now() - this.since);
    setTimeout(() => this.waiting && this.current === current && current.abort(), Math.max(0, left));
  }

  /** Give up what is under way and what waits. */
  cancel() {
    this.waiting = null;
    this.current?.abort(cancelled);
  }

  async #next() {
    while (this.waiting) {
      const {question} = this.waiting;
      this.waiting = null;
      this.current = new AbortController();
      this.since = performance.now();
      const {signal} = this.current;
      try {
        await this.ask(question, signal);
      } catch (error) {
        if (!signal.aborted) throw error;
      } finally {
        this.current = null;
      }
    }
  }
}
