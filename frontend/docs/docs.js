// @ts-check
/**
 * The documentation: every call with an example that runs, and the catalogue, read from the service's own descriptions.
 * @typedef {import("../session/schema.js").Kind} Kind
 * @typedef {Array<[string, Kind[]]>} Groups the catalogue's titles, with what stands under them
 */
import {Theme} from "../draw/theme.js";
import {typeset} from "../kit/mathml.js";
import {Schema} from "../session/schema.js";

const shownCharacters = 20_000;

/** @param {string} tag @param {Record<string, any>} [attributes] @param {...(Node | string)} children @returns {any} */
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** @param {string} id */
const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));
/** @param {string} path @returns {string} its full address, wherever the service is mounted */
const absolute = (path) => new URL(path.replace(/^\//, ""), document.baseURI).href;
/** @param {string} reference @returns {string} */
const named = (reference) => reference.split("/").pop() ?? "";
/** @param {number} value */
const short = (value) => String(Number(value.toPrecision(6))).replace("-", "−");
/** JSON with lists of numbers and short objects on one line each. No string of JSON holds a line break. @param {any} value */
const pretty = (value) => JSON.stringify(value, null, 2).replace(/[[{]\n[^[\]{}]*[\]}]/g, (part) => {
  const line = part.replace(/\n\s*/g, " ").replace(/^(.) | (.)$/g, "$1$2");
  return line.startsWith("[") || line.length < 40 ? line : part;
});

// What scrolls sideways must be reachable by keyboard; what does not should not be in its way.
const widths = new ResizeObserver((entries) => {
  for (const {target} of entries) target.setAttribute("tabindex", target.scrollWidth > target.clientWidth ? "0" : "-1");
});

/** A docstring: paragraphs, ``code``, addresses, and TeX between $$, which stays as it is. @param {string} text @param {boolean} [withTeX] @returns {Node[]} */
function prose(text, withTeX = true) {
  const parts = text.split(/(\$\$.+?\$\$(?:\s*\$\$.+?\$\$)*)|\n{2,}/s).filter((part) => part?.trim());
  return parts.flatMap((part) => {
    const lines = part.split("$$").map((line) => line.trim()).filter(Boolean).join("\n");
    if (part.startsWith("$$")) return withTeX ? make("pre", {class: "tex"}, lines) : [];
    return make("p", {}, ...part.split(/(``.+?``|https:\/\/[^\s,]+)/s).map((word) => {
      if (word.startsWith("``")) return make("code", {}, word.slice(2, -2));
      return word.startsWith("https://") ? make("a", {href: word, rel: "noreferrer"}, word) : word;
    }));
  });
}

/** A labelled box for a parameter of the address. @param {any} parameter */
function addressField({name, description = "", required, schema, example}) {
  const choices = (schema.enum ?? (schema.type === "boolean" ? ["false", "true"] : [])).map((/** @type {string} */ choice) => make("option", {}, choice));
  const box = choices.length ? make("select", {}, ...choices) : make("input", {type: "text", spellcheck: "false"});
  box.value = String(example ?? schema.examples?.[0] ?? schema.default ?? "");
  return {name, box, required, label: make("label", {}, make("span", {class: "name"}, name), box, make("small", {}, description))};
}

/** @param {string} method @param {string} path @param {any} call */
function callSection(method, path, call) {
  const id = method + path.replace(/\W+/g, "-");
  const content = call.requestBody?.content["application/json"];
  const type = named(content?.schema.$ref ?? "");
  const example = content && pretty(content.example);
  const body = content && make("textarea", {"aria-label": "Body", spellcheck: "false", rows: Math.min(example.split("\n").length, 24)}, example);
  const fields = (call.parameters ?? []).map(addressField);
  const run = make("button", {type: "button", class: "primary"}, "Run");
  const copy = make("button", {type: "button"}, "Copy curl");
  const curl = make("pre", {class: "curl", tabindex: "0", role: "group", "aria-label": "curl command"});
  const state = make("p", {class: "state", role: "status"}, "Press Run to see the answer.");
  const errors = make("ul", {class: "refusal"});
  const text = make("pre", {tabindex: "0", role: "group", "aria-label": "Text of the answer", hidden: ""});

  /** @returns {string} */
  const address = () => absolute(fields.reduce((/** @type {string} */ begun, /** @type {any} */ {name, box, required}) => {
    const value = encodeURIComponent(box.value);
    if (begun.includes(`{${name}}`)) return begun.replace(`{${name}}`, value);
    return value || required ? `${begun}${begun.includes("?") ? "&" : "?"}${name}=${value}` : begun;
  }, path));

  const describe = () => {
    const quoted = (/** @type {string} */ value) => `'${value.replaceAll("'", "'\\''")}'`;
    const flag = call.responses?.[200]?.content?.["application/jsonl"] ? " --no-buffer" : "";
    curl.textContent = `curl${flag} ${quoted(address())}`;
    if (!body) return;
    let sent = body.value;
    try { sent = JSON.stringify(JSON.parse(sent)); } catch { /* what is no JSON is sent as it stands */ }
    curl.textContent += ` -H 'Content-Type: application/json' -d ${quoted(sent)}`;
  };

  const show = (/** @type {string} */ line, good = true, answer = "", /** @type {any[]} */ problems = [], lines = false) => {
    const end = answer.length <= shownCharacters ? answer.length : lines && answer.lastIndexOf("\n", shownCharacters) + 1 || shownCharacters;
    const cut = end < answer.length ? ` · cut after ${(end / 1000).toFixed(1)} of ${(answer.length / 1000).toFixed(1)} kB` : "";
    Object.assign(state, {textContent: line + cut, className: good ? "state" : "state alarm"});
    errors.replaceChildren(...problems.map(({path, message}) => make("li", {}, make("code", {}, path.join(".") || "the document"), ` ${message}`)));
    Object.assign(text, {className: lines ? "lines" : "", textContent: answer.slice(0, end) + (cut && "…"), hidden: !answer, scrollTop: 0});
  };

  /** @type {AbortController | undefined} */ let running;
  run.onclick = async () => {
    running?.abort();
    const {signal} = running = new AbortController();
    const began = performance.now();
    show("Running…");
    try {
      const sent = body && {headers: {"Content-Type": "application/json"}, body: body.value};
      const response = await fetch(address(), {method: method.toUpperCase(), signal, ...sent});
      const answer = await response.text();
      const line = `${response.status} ${response.statusText} · ${response.headers.get("content-type")?.split(";")[0]} · ${Math.round(performance.now() - began)} ms`;
      const json = /[/+]json\b/.test(line) && JSON.parse(answer);
      body?.setAttribute("aria-invalid", String(!response.ok));
      show(line, response.ok, json ? pretty(json) : answer, response.ok ? [] : json.errors, !json);
    } catch (error) {
      if (!signal.aborted) show(`No answer: ${error}`, false);
    }
  };
  copy.onclick = async () => {
    // Off a secure origin there is no clipboard: the command is left selected.
    getSelection()?.selectAllChildren(curl);
    const copied = await navigator.clipboard?.writeText(curl.textContent).then(() => true, () => false);
    copy.textContent = copied ? "Copied" : "Selected";
    setTimeout(() => { copy.textContent = "Copy curl"; }, 1500);
  };

  const ask = make("div", {class: "ask"}, ...fields.map((/** @type {any} */ {label}) => label));
  if (body) ask.append(make("p", {class: "name"}, "Body: ", make("a", {href: `#type-${type}`}, type)), body);
  ask.append(make("p", {class: "send"}, run, copy), curl);
  const section = make("section", {class: "card call", id, "aria-labelledby": `${id}-title`},
    make("h3", {id: `${id}-title`}, make("span", {class: "method"}, method.toUpperCase()), ` ${path}`),
    ...prose(call.description ?? call.summary ?? ""), make("div", {class: "sides"}, ask, make("div", {class: "answer", role: "group", "aria-label": "Answer"}, state, errors, text)));
  section.addEventListener("input", describe);
  describe();
  return section;
}

/** What a field takes, in words with links. @param {any} node @param {Groups} groups @returns {Array<Node | string>} */
function takes(node, groups) {
  const mapping = node.discriminator?.mapping;
  const group = mapping && groups.find(([, kinds]) => kinds.every(({kind}) => kind in mapping))?.[0];
  if (group) return ["one of the ", make("a", {href: `#${group.toLowerCase()}`}, group.toLowerCase())];
  if (node.$ref) return [make("a", {href: `#type-${named(node.$ref)}`}, named(node.$ref))];
  const branches = [...node.oneOf ?? node.anyOf ?? []].filter(({type}) => type !== "null");
  if (branches.length) return branches.flatMap((branch, i) => [i ? " or " : "", ...takes(branch, groups)]);
  if (node.prefixItems) return [`[${node.prefixItems.map((/** @type {any} */ {type}) => type).join(", ")}]`];
  if (node.items) return [`list${node.maxItems ? ` (${node.minItems ?? 0} to ${node.maxItems})` : ""} of `, ...takes(node.items, groups)];
  if (node.enum || "const" in node) return [(node.enum ?? [node.const]).map((/** @type {any} */ one) => JSON.stringify(one)).join(" or ")];
  if (node.properties) return [`{${Object.keys(node.properties).join(", ")}}`];
  const signs = {minimum: "≥", exclusiveMinimum: ">", maximum: "≤", exclusiveMaximum: "<", maxLength: "length ≤"};
  return [[node.type].flat().join(" or "), Object.entries(signs).filter(([bound]) => bound in node).map(([bound, sign]) => ` ${sign} ${node[bound]}`).join(",")];
}

/** The card of a definition: facts, formulas, parameters. @param {string} name @param {any} definition @param {Groups} groups */
function card(name, {title = name, description = "", properties = {}, required = [], facts = {}}, groups) {
  const sources = typeof facts.mathml === "string" ? {update: facts.mathml} : facts.mathml ?? {};
  const typesets = Object.entries({update: "", loss: "", ...sources}).filter(([, source]) => source).map(([what, source]) => (
    make("div", {class: "typeset", role: "group", "aria-label": `${title}, ${what}`}, make("small", {}, what), typeset(source) ?? "")));
  const points = (facts.minima ?? []).map((/** @type {any} */ {x, y}) => `(${short(x)}, ${short(y)})`);
  const lines = Object.entries({
    Formula: facts.formula && make("code", {}, facts.formula),
    Domain: facts.domain && `x ${facts.domain.x.map(short).join(" to ")}, y ${facts.domain.y.map(short).join(" to ")}`,
    Minima: points.length && points.slice(0, 4).join(", ") + (points.length > 4 ? ` and ${points.length - 4} more` : ""),
    Reference: facts.reference && prose(facts.reference)[0],
  }).filter(([, value]) => value).flatMap(([label, value]) => [make("dt", {}, label), make("dd", {}, value)]);
  const parameters = Object.entries(properties).filter(([field]) => field !== "kind").flatMap(([field, node]) => {
    const symbol = node.title?.toLowerCase().replaceAll(" ", "_") === field.toLowerCase() ? "" : node.title ?? "";
    const initial = JSON.stringify(node.default ?? null);
    const need = required.includes(field) ? "required" : initial === "null" || initial.length > 60 ? "optional" : `default ${initial}`;
    return [make("dt", {}, make("code", {}, field), ` ${symbol}`), make("dd", {}, ...prose(node.description ?? ""), make("small", {}, ...takes(node, groups), `; ${need}`))];
  });
  return make("article", {class: "card", id: `type-${name}`}, make("h3", {}, title, " ", ...properties.kind ? [make("code", {}, properties.kind.const)] : []),
    ...prose(description, !typesets.length), ...typesets, make("dl", {class: "parameters"}, ...parameters), make("dl", {class: "facts"}, ...lines));
}

async function draw() {
  const [openapi, json] = await Promise.all(["openapi.json", "api/schema"].map(async (path) => (await fetch(path)).json()));
  const {definitions, surfaces, optimizers, schedules, gradients, averages} = new Schema(json);
  const all = Object.entries(/** @type {Record<string, any>} */ ({Experiment: {}, ...definitions, ...openapi.components.schemas}));
  /** @type {Groups} */
  const groups = [["Surfaces", surfaces], ["Optimizers", optimizers], ["Schedules", schedules], ["Gradients", gradients], ["Averages", averages]];
  const calls = Object.entries(openapi.paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, call]) => callSection(method, path, call)));
  const found = (/** @type {Kind} */ {title, description}) => all.filter(([, one]) => one.title === title && one.description === description);
  const chapter = (/** @type {string} */ title, /** @type {typeof all} */ members) => make("section", {id: title.toLowerCase(), "aria-labelledby": `${title}-title`},
    make("h2", {id: `${title}-title`}, title), make("div", {class: "cards"}, ...members.map(([name, definition]) => card(name, definition, groups))));
  const documents = chapter("Documents", all.filter(([, {properties}]) => properties && !properties.kind));
  const drawn = [documents, ...groups.map(([title, kinds]) => chapter(title, kinds.flatMap(found)))];
  byId("calls").append(...calls);
  byId("catalogue").append(...drawn);
  for (const box of document.querySelectorAll(".typeset")) widths.observe(box);
  byId("contents").append(...[...calls, ...drawn].map((section) => make("a", {href: `#${section.id}`}, section.querySelector("h2, h3").textContent)));
  byId(location.hash.slice(1))?.scrollIntoView();
}

const theme = new Theme();
theme.changed.push(() => { byId("theme").textContent = `Theme: ${theme.choice}`; });
theme.choose(theme.choice, false);
byId("theme").onclick = () => theme.next();
byId("base").textContent = absolute(".");
draw().catch((error) => { byId("failure").textContent = `The service's descriptions could not be read: ${error}`; });
