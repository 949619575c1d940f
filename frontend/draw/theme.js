// @ts-check
/** Dark, light or the system's choice. The colours themselves are in base.css; canvas and Plotly read them from here. */

const choices = /** @type {const} */ (["auto", "dark", "light"]);

export class Theme {
  /** @type {typeof choices[number]} */ choice = "auto";
  /** @type {Array<() => void>} */ changed = [];

  constructor() {
    this.probe = document.createElement("i");
    this.probe.hidden = true;
    document.body.append(this.probe);
    this.system = matchMedia("(prefers-color-scheme: dark)");
    this.system.addEventListener("change", () => this.refresh());
    this.choose(remembered() ?? "auto", false);
  }

  /** @param {string} choice @param {boolean} [remember] */
  choose(choice, remember = true) {
    this.choice = choices.find((one) => one === choice) ?? "auto";
    if (this.choice === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = this.choice;
    if (remember) store(this.choice);
    this.refresh();
  }

  next() {
    this.choose(choices[(choices.indexOf(this.choice) + 1) % choices.length]);
  }

  /** Read the colours anew and tell everybody who draws. */
  refresh() {
    const colour = (/** @type {string} */ name) => {
      this.probe.style.color = `var(--${name})`;
      return getComputedStyle(this.probe).color;
    };
    const {card, ink, dim, line, casing, pill, contour, hole, alarm, accent} = Object.fromEntries(
      ["card", "ink", "dim", "line", "casing", "pill", "contour", "hole", "alarm", "accent"].map((name) => [name, colour(name)]),
    );
    Object.assign(this, {card, ink, dim, line, casing, pill, contour, hole, alarm, accent});
    this.classes = [colour("class-0"), colour("class-1")];
    this.paths = Array.from({length: 8}, (_, i) => colour(`path-${i}`));
    const stops = [0, 0.22, 0.46, 0.7, 0.87, 1];
    /** @type {Array<[number, string]>} */
    this.ground = stops.map((stop, i) => [stop, colour(`ground-${i}`)]);
    const {fontFamily: family, fontSize} = getComputedStyle(document.documentElement);
    this.font = {family, size: parseFloat(fontSize) || 13};
    for (const listener of this.changed) listener();
  }

  card = ""; ink = ""; dim = ""; line = ""; casing = ""; pill = ""; contour = ""; hole = ""; alarm = ""; accent = "";
  /** The font of everything drawn. */ font = {family: "sans-serif", size: 13};
  /** @type {string[]} */ paths = [];
  /** Of the examples with label 0 and with label 1. @type {string[]} */ classes = [];
  /** @type {Array<[number, string]>} */ ground = [];
}

// In a sandboxed frame there is no storage: the choice then lasts as long as the page.
function remembered() {
  try {
    return localStorage.getItem("theme");
  } catch {
    return null;
  }
}

/** @param {string} choice */
function store(choice) {
  try {
    localStorage.setItem("theme", choice);
  } catch { /* as above */ }
}
