// @ts-check
/** Wires: who hears of what. */

import {announce, help, listen, Status} from "./a11y.js";
import {Answers} from "./answers.js";
import * as api from "./api.js";
import {Chart, lossCurves, rateCurves} from "./charts.js";
import {Clock} from "./clock.js";
import {Descents} from "./descents.js";
import {converse, wishes} from "./embed.js";
import {inspect} from "./inspect.js";
import * as link from "./link.js";
import {LandscapeMap} from "./map.js";
import {load} from "./plotly.js";
import {Overlay} from "./overlay.js";
import {Pointer} from "./pointer.js";
import {Results} from "./results.js";
import {Schema} from "./schema.js";
import {files, share} from "./share.js";
import {State} from "./state.js";
import {SurfaceForm} from "./surface.js";
import {Theme} from "./theme.js";
import {Timeline} from "./timeline.js";

const part = (/** @type {string} */ id) => /** @type {any} */ (document.getElementById(id));
const status = new Status(/** @type {HTMLElement} */ (document.querySelector(".status")));
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
  if (asked.embedded) classList.add("embed", `controls-${asked.controls}`);
  if (asked.embedded && asked.controls !== "all") classList.add("bare");

  const answers = new Answers(state, clock, status);
  answers.plays = asked.autoplay && !still.matches;
  state.on("landscape", () => {
    const {landscape, buffer} = state;
    if (!landscape) return;
    const floor = buffer && schema.floor(buffer.experiment.surface);
    schema.learn(landscape.surface, landscape.lowest);
    // Losses are shown above another floor now.
    if (buffer && schema.floor(buffer.experiment.surface) !== floor) state.tell("frames");
  });
  const map = new LandscapeMap(part("map"), state, clock, theme, schema);
  const overlay = new Overlay(map.stage, map.axes, state, clock, theme);
  new Pointer(part("map"), map, state, clock);
  const charts = [
    new Chart(part("loss"), (buffer) => lossCurves(buffer, schema.floor(buffer.experiment.surface)), state, clock, theme),
    new Chart(part("rate"), rateCurves, state, clock, theme),
  ];
  new Results(part("results"), state, schema);
  const timeline = new Timeline(part("timeline"), state, clock);
  new SurfaceForm(part("surface"), part("typeset"), state, schema, part("surface-dialog"), theme);
  new Descents(part("descents"), state, schema, clock);
  announce(state, clock, schema, status);
  converse(state, clock);
  inspect(state, clock, overlay, answers);

  const scene = () => ({...state.scene, view: {...state.scene.view, speed: Math.round(clock.speed)}});
  const openShare = share(part("share-dialog"), scene, status.say);
  const openExport = files(part("export-dialog"), scene, (opened) => open(opened), status.say);
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
    {key: "p", name: "P", does: "present: big type, only what matters", act: present},
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

  let ground = "";
  let saving = 0;
  state.on("experiment", () => {
    const surface = JSON.stringify(state.experiment.surface);
    if (!state.window) map.goHome();
    if (surface !== ground) answers.survey();
    ground = surface;
    part("headline").textContent = [state.scene.title, state.scene.text].filter(Boolean).join(" · ");
    clearTimeout(saving);
    if (state.edited && !asked.embedded) saving = setTimeout(() => history.replaceState(null, "", link.address(scene())), 250);
  });
  const open = (/** @type {import("./state.js").Scene} */ opened) => {
    timeline.take(opened.view?.speed ?? 30);
    ground = "";
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
  for (const chart of charts) await chart.attach(loaded);
}

start().catch((error) => {
  status.say(`Fall Line could not start: ${error.message}`, true);
  throw error;
});
