// @ts-check
/** Wires: who hears of what. */

import {load} from "../draw/plotly.js";
import {Theme} from "../draw/theme.js";
import * as notation from "../kit/notation.js";
import {Across} from "../panels/charts/across.js";
import {Chart} from "../panels/charts/charts.js";
import {accuracyCurves, lossCurves, rateCurves} from "../panels/charts/curves.js";
import {Cloud} from "../panels/data/cloud.js";
import {DataPanel} from "../panels/data/data.js";
import {Ground} from "../panels/data/ground.js";
import {Descents} from "../panels/descents/descents.js";
import {Inside} from "../panels/inside/inside.js";
import {Course} from "../panels/lecture/course.js";
import {contents, LecturePanel} from "../panels/lecture/lecture.js";
import {Listing} from "../panels/listing/listing.js";
import {LandscapeMap} from "../panels/map/map.js";
import {Overlay} from "../panels/map/overlay.js";
import {image, Rest} from "../panels/map/paths.js";
import {Pointer} from "../panels/map/pointer.js";
import {slice} from "../panels/map/slice.js";
import {Results} from "../panels/results/results.js";
import {files, share} from "../panels/share/share.js";
import {Views} from "../panels/solid/views.js";
import {Starts} from "../panels/starts/starts.js";
import {SurfaceForm} from "../panels/surface/surface.js";
import {Timeline} from "../panels/timeline/timeline.js";
import {server} from "../server/api.js";
import * as link from "../server/link.js";
import {Answers} from "../session/answers.js";
import {Clock} from "../session/clock.js";
import {Schema} from "../session/schema.js";
import {State} from "../session/state.js";
import {announce, help, listen, Status} from "./a11y.js";
import {converse, wishes} from "./embed.js";
import {inspect} from "./inspect.js";
import {Opening} from "./opening.js";
import {Retries} from "./retries.js";
import {sheet} from "./sheet.js";

const part = (/** @type {string} */ id) => /** @type {any} */ (document.getElementById(id));
const report = (/** @type {string} */ name) => /** @type {HTMLElement} */ (document.querySelector(`.report .${name}`));
const status = new Status(report("status"), report("work"));
const retries = new Retries(/** @type {HTMLElement} */ (report("status").parentElement), (text) => status.hold(text));
const asked = wishes(location);
const still = matchMedia("(prefers-reduced-motion: reduce)");

async function start() {
  const first = retries.until(() => fetch(new URL("../first.json", import.meta.url)).then((response) => response.json()));
  const schema = new Schema(await retries.until(server.schema));
  const theme = new Theme();
  if (asked.theme) theme.choose(asked.theme, false);
  const state = new State();
  state.asks = !asked.embedded || asked.controls === "all";
  const clock = new Clock();
  const {classList} = document.documentElement;
  for (const topic of /** @type {const} */ (["experiment", "view"])) state.on(topic, () => notation.choose(state.view.notation));
  if (asked.embedded) classList.add("embed", `controls-${asked.controls}`);
  if (asked.embedded && asked.controls !== "all") classList.add("bare");

  const answers = new Answers(state, clock, status, schema, retries);
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
  const across = new Across(state);
  const charts = [
    new Chart(part("loss"), (buffer) => [lossCurves(buffer, schema.floor(buffer.experiment.surface)), ...accuracyCurves(buffer)], state, clock, theme, across, across.label),
    new Chart(part("rate"), (buffer) => [rateCurves(buffer)], state, clock, theme, across),
  ];
  new Listing(part("listing-dialog"), part("loss").querySelector("figcaption"), state, clock);
  slice(part("slice"), state);
  sheet(part("controls"), part("form"), part("timeline"));
  new Results(part("results"), state, schema, part("compare-dialog"), part("sweep-dialog"));
  const timeline = new Timeline(part("timeline"), state, clock);
  new SurfaceForm(part("surface"), part("typeset"), state, schema, part("surface-dialog"), part("import-dialog"), theme, retries);
  const cloud = new Cloud(part("cloud-dialog"), state, schema, clock, theme);
  const data = new DataPanel(part("data"), part("data-dialog"), state, schema, clock, theme, () => cloud.open());
  const ground = new Ground(map, state, schema, clock, theme);
  const descents = new Descents(part("descents"), state, schema, clock);
  new Starts(part("descents"), map, state, schema, clock, theme);
  const inside = new Inside(part("inside"), map, state, schema, clock, theme);
  descents.add.before(inside.button);
  const views = new Views(part("map"), map, state, clock, theme, schema);
  announce(state, clock, schema, status);
  const opening = new Opening(state, answers, first, retries);
  converse(state, clock, opening, status.say);
  const course = new Course();
  const visit = (/** @type {string} */ place) => opening.visit(place).catch((error) => status.say(error.message, true));
  const lecture = new LecturePanel(part("lecture"), part("tabs"), state, clock, course, visit, status.say);
  const openLectures = contents(part("lectures-dialog"), course, state, visit);
  inspect(state, clock, overlay, answers, [map, ...charts, data, ground, inside, views], data, ground, inside, views);

  // What is seen now: how fast, where it was paused, which part of the plane.
  const scene = () => {
    const {step: _, ...view} = state.view;
    const paused = !clock.playing && !clock.atEnd && clock.position > 0;
    return {...state.scene, view: {...view, speed: Math.round(clock.speed), ...(paused ? {step: Math.floor(clock.position)} : {}), ...map.view}};
  };
  const openShare = share(part("share-dialog"), state, scene, status.say);
  const openExport = files(part("export-dialog"), scene, (document) => opening.take(document), status.say, (format) => image(map, state, clock, theme, format));
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
    {key: "l", name: "L", does: "loop: begin again at the end", act: () => timeline.toggle()},
    {key: "i", name: "I", does: "look inside an optimizer", act: () => inside.toggle()},
    {key: ".", name: ".", does: "inside: the next sub-step", act: () => inside.move(1)},
    {key: ",", name: ",", does: "inside: the sub-step before", act: () => inside.move(-1)},
    {key: "p", name: "P", does: "present: big type, only what matters", act: present},
    {key: "PageDown", name: "Page Down", does: "the next scene of the lecture", act: () => lecture.step(1)},
    {key: "PageUp", name: "Page Up", does: "the scene before", act: () => lecture.step(-1)},
    {key: "c", name: "C", does: "the contents: all lectures", act: openLectures},
    {key: "3", name: "3", does: "the map as a surface in 3-D, and back", act: () => views.toggle()},
    {key: "?", name: "?", does: "this help", act: () => part("help-dialog").showModal()},
  ];
  const allowed = {letters: asked.keys, ...(asked.keys ? {} : {only: [" "]})};
  listen(keys, allowed);
  help(part("help-dialog"), keys, allowed);
  part("lectures").addEventListener("click", openLectures);
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
    part("headline").textContent = lecture.speaks ? "" : [state.scene.title, state.scene.text].filter(Boolean).join(" · ");
    save();
  });
  const save = () => {
    clearTimeout(saving);
    if (state.edited && !asked.embedded) saving = setTimeout(() => history.replaceState(null, "", link.fits(scene()) ? link.address(scene(), state.place) : link.page(state.place)), 250);
  };
  state.on("view", save);
  state.on("opened", () => {
    timeline.take(state.view.speed ?? 30);
    surveyed = "";
  });
  retries.until(server.lectures).then((lectures) => {
    course.take(lectures);
    lecture.show();
  });
  await opening.read();

  // Reading Plotly keeps the browser busy for a while: the first ground and the first steps come before it.
  await Promise.race([map.painted, new Promise((resolve) => setTimeout(resolve, 1500))]);
  const loaded = await retries.until(() => load(part("plotly").href));
  await map.attach(loaded);
  views.attach(loaded);
  for (const chart of charts) await chart.attach(loaded);
}

start().catch((error) => {
  status.say(`Fall Line could not start: ${error.message}`, true);
  throw error;
});
