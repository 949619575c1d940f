// @ts-check
/** Wires: who hears of what. */

import {announce, help, listen, Status} from "./a11y.js";
import {Answers} from "./answers.js";
import * as api from "./api.js";
import {Across} from "./across.js";
import {Chart} from "./charts.js";
import {Clock} from "./clock.js";
import {accuracyCurves, lossCurves, rateCurves} from "./curves.js";
import {Descents} from "./descents.js";
import {Cloud} from "./cloud.js";
import {DataPanel} from "./data.js";
import {Ground} from "./data-ground.js";
import {converse, wishes} from "./embed.js";
import {Inside} from "./inside.js";
import {inspect} from "./inspect.js";
import * as link from "./link.js";
import {Listing} from "./listing.js";
import {LandscapeMap} from "./map.js";
import * as notation from "./notation.js";
import {load} from "./plotly.js";
import {Overlay} from "./overlay.js";
import {image, Rest} from "./paths.js";
import {Pointer} from "./pointer.js";
import {Results} from "./results.js";
import {Schema} from "./schema.js";
import {files, share} from "./share.js";
import {slice} from "./slice.js";
import {Starts} from "./starts.js";
import {State} from "./state.js";
import {SurfaceForm} from "./surface.js";
import {Theme} from "./theme.js";
import {Timeline} from "./timeline.js";
import {Views} from "./views.js";

const part = (/** @type {string} */ id) => /** @type {any} */ (document.getElementById(id));
const report = (/** @type {string} */ name) => /** @type {HTMLElement} */ (document.querySelector(`.report .${name}`));
const status = new Status(report("status"), report("work"));
const asked = wishes(location);
const still = matchMedia("(prefers-reduced-motion: reduce)");

async function start() {
  const first = fetch(new URL("first.json", import.meta.url)).then((response) => response.json());
  const schema = new Schema(await api.schema());
  const theme = new Theme();
  if (asked.theme) theme.choose(asked.theme, false);
  const state = new State();
  const clock = new Clock();
  const {classList} = document.documentElement;
  for (const topic of /** @type {const} */ (["experiment", "view"])) state.on(topic, () => notation.choose(state.view.notation));
  if (asked.embedded) classList.add("embed", `controls-${asked.controls}`);
  if (asked.embedded && asked.controls !== "all") classList.add("bare");

  const answers = new Answers(state, clock, status, schema);
  answers.plays = asked.autoplay && !still.matches;
  state.on("landscape", () => {
    const {landscape, buffer} = state;
    if (!landscape) return;
    const floor = buffer && schema.floor(buffer.experiment.surface);
    if (landscape.data === "train") schema.learn(landscape.surface, landscape.lowest);
    // Losses are shown above another floor now.
    if (buffer && schema.floor(buffer.experiment.surface) !== floor) state.tell("frames");
  });
  const map = new LandscapeMap(part("map"), state, clock, theme, schema);
  const overlay = new Overlay(map.stage, map.axes, state, clock, theme);
  new Rest(map, state, clock, theme);
  new Pointer(part("map"), map, state, clock);
  const across = new Across();
  const charts = [
    new Chart(part("loss"), (buffer) => [lossCurves(buffer, schema.floor(buffer.experiment.surface)), ...accuracyCurves(buffer)], state, clock, theme, across, across.label),
    new Chart(part("rate"), (buffer) => [rateCurves(buffer)], state, clock, theme, across),
  ];
  new Listing(part("listing-dialog"), part("loss").querySelector("figcaption"), state, clock);
  slice(part("slice"), state);
  new Results(part("results"), state, schema, part("compare-dialog"), part("sweep-dialog"));
  const timeline = new Timeline(part("timeline"), state, clock);
  new SurfaceForm(part("surface"), part("typeset"), state, schema, part("surface-dialog"), part("import-dialog"), theme);
  const cloud = new Cloud(part("cloud-dialog"), state, schema, clock, theme);
  const data = new DataPanel(part("data"), part("data-dialog"), state, schema, clock, theme, () => cloud.open());
  const ground = new Ground(map, state, schema, clock, theme);
  const descents = new Descents(part("descents"), state, schema, clock);
  new Starts(part("descents"), map, state, schema, clock, theme);
  const inside = new Inside(part("inside"), map, state, schema, clock, theme);
  descents.add.before(inside.button);
  const views = new Views(part("map"), map, state, clock, theme, schema);
  announce(state, clock, schema, status);
  converse(state, clock);
  inspect(state, clock, overlay, answers, [map, ...charts, data, ground, inside, views], data, ground, inside, views);

  const scene = () => ({...state.scene, view: {...state.scene.view, speed: Math.round(clock.speed)}});
  const openShare = share(part("share-dialog"), scene, status.say);
  const openExport = files(part("export-dialog"), scene, (opened) => open(opened), status.say, (format) => image(map, state, clock, theme, format));
  const present = () => {
    const on = classList.toggle("present");
    part("present").setAttribute("aria-pressed", String(on));
    theme.refresh();
  };
  const keys = [
    {key: " ", name: "Space", does: "play or pause", act: () => clock.toggle()},
    {key: "ArrowLeft", name: "←", does: "one step back", act: () => clock.move(-1)},
    {key: "ArrowRight", name: "→", does: "one step forward", act: () => clock.move(1)},
    {key: "Home", name: "Home", does: "to the start", act: () => clock.move(-Infinity)},
    {key: "End", name: "End", does: "to the end", act: () => clock.move(Infinity)},
    {key: "r", name: "R", does: "restart", act: () => timeline.restart()},
    {key: "i", name: "I", does: "look inside an optimizer", act: () => inside.toggle()},
    {key: ".", name: ".", does: "inside: the next sub-step", act: () => inside.move(1)},
    {key: ",", name: ",", does: "inside: the sub-step before", act: () => inside.move(-1)},
    {key: "p", name: "P", does: "present: big type, only what matters", act: present},
    {key: "3", name: "3", does: "the map as a surface in 3-D, and back", act: () => views.toggle()},
    {key: "?", name: "?", does: "this help", act: () => part("help-dialog").showModal()},
  ];
  const allowed = {letters: asked.keys, ...(asked.keys ? {} : {only: [" "]})};
  listen(keys, allowed);
  help(part("help-dialog"), keys, allowed);
  part("share").addEventListener("click", openShare);
  part("export").addEventListener("click", openExport);
  part("present").addEventListener("click", present);
  part("help").addEventListener("click", () => part("help-dialog").showModal());
  const showTheme = () => {
    part("theme").textContent = {auto: "◐", dark: "☾", light: "☀"}[theme.choice];
    part("theme").setAttribute("aria-label", `Theme: ${theme.choice}`);
    part("theme").title = `Theme: ${theme.choice}`;
  };
  part("theme").addEventListener("click", () => theme.next());
  theme.changed.push(showTheme);
  showTheme();

  state.on("ground", () => answers.survey());
  let surveyed = "";
  let saving = 0;
  state.on("experiment", () => {
    const placing = schema.placing(state.experiment);
    const surface = JSON.stringify(placing ?? state.experiment.surface);
    if (placing && surface !== surveyed) state.window = null;
    if (!state.window) map.goHome();
    if (surface !== surveyed) answers.survey();
    surveyed = surface;
    part("headline").textContent = [state.scene.title, state.scene.text].filter(Boolean).join(" · ");
    save();
  });
  const save = () => {
    clearTimeout(saving);
    if (state.edited && !asked.embedded) saving = setTimeout(() => history.replaceState(null, "", link.fits(scene()) ? link.address(scene()) : "."), 250);
  };
  state.on("view", save);
  const open = (/** @type {import("./state.js").Scene} */ opened) => {
    timeline.take(opened.view?.speed ?? 30);
    surveyed = "";
    state.open(opened);
  };
  const openAddress = async () => {
    const standard = await first;
    const refuse = (/** @type {string} */ why) => {
      answers.fallback = null;
      open(standard);
      answers.notice = `${why} Here is the first scene instead.`;
    };
    try {
      const linked = link.read(location.hash);
      answers.fallback = linked && (() => refuse("The link holds a scene that cannot be shown."));
      open(linked ?? standard);
    } catch {
      refuse("The link could not be read.");
    }
  };
  addEventListener("hashchange", openAddress);
  await openAddress();

  // Reading Plotly keeps the browser busy for a while: the first ground and the first steps come before it.
  await Promise.race([map.painted, new Promise((resolve) => setTimeout(resolve, 1500))]);
  const loaded = await load(part("plotly").href);
  await map.attach(loaded);
  views.attach(loaded);
  for (const chart of charts) await chart.attach(loaded);
}

start().catch((error) => {
  status.say(`Fall Line could not start: ${error.message}`, true);
  throw error;
});
