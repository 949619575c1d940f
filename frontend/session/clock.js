// @ts-check
/** How long, in seconds, the end is looked at before it begins again. */
const rest = 1;

/** The only clock: where we are in the steps, and the one animation frame in which everything is drawn. */
export class Clock {
  /** In steps, with fractions while playing. */ position = 0;
  /** Steps per second. */ speed = 30;
  playing = false;
  /** Whether playing begins again at the end. */ loops = () => false;
  /** The last step that is known, and whether more will come. @type {() => {available: number, complete: boolean}} */
  extent = () => ({available: 0, complete: true});
  /** @type {Array<(seconds: number) => boolean | void>} called every frame; true asks for another */ draw = [];
  /** @type {Array<() => void>} called when playing starts, stops or ends, and on every jump */ turned = [];

  /** @type {number | null} */ #last = null;
  #scheduled = false;
  /** For how many seconds the end has been looked at. */ #rested = 0;

  constructor() {
    // A hidden page gets no frames: forget the time that passes meanwhile.
    document.addEventListener("visibilitychange", () => (this.#last = null));
  }

  /** Whether a frame is due, and with it a change of the picture. */
  get scheduled() {
    return this.#scheduled;
  }

  get atEnd() {
    const {available, complete} = this.extent();
    return complete && this.position >= available;
  }

  play() {
    if (this.atEnd) this.position = 0;
    this.playing = true;
    this.#last = null;
    this.#turn();
  }

  pause() {
    this.playing = false;
    this.position = Math.round(this.position);
    this.#turn();
  }

  toggle() {
    if (this.playing) this.pause();
    else this.play();
  }

  /** @param {number} position */
  seek(position) {
    this.position = Math.max(0, Math.min(position, this.extent().available));
    this.#turn();
  }

  /** Pause and go a number of whole steps. @param {number} steps */
  move(steps) {
    this.playing = false;
    this.seek((steps > 0 ? Math.floor(this.position) : Math.ceil(this.position)) + steps);
  }

  /** Draw in the next frame, playing or not. */
  wake() {
    if (this.#scheduled) return;
    this.#scheduled = true;
    requestAnimationFrame((now) => this.#frame(now));
  }

  #turn() {
    for (const listener of this.turned) listener();
    this.wake();
  }

  /** @param {number} now */
  #frame(now) {
    this.#scheduled = false;
    // After a stall we go on from where we were, rather than jump.
    const seconds = this.#last === null ? 0 : Math.min(0.1, (now - this.#last) / 1000);
    this.#last = now;
    const {available, complete} = this.extent();
    if (this.playing) this.position += this.speed * seconds;
    if (this.position >= available) this.position = available;
    const ended = this.playing && complete && this.position >= available;
    if (ended && !this.loops()) this.playing = false;
    this.#rested = ended && this.playing ? this.#rested + seconds : 0;
    let again = this.playing;
    for (const draw of this.draw) again = draw(seconds) || again;
    if (this.#rested > rest) this.seek(0);
    else if (ended && !this.playing) this.#turn();
    if (again) this.wake();
    else if (!this.#scheduled) this.#last = null;
  }
}
