// @ts-check
/**
 * The catalogue of everything there is, read from the JSON Schema of a scene. Forms, facts and recommendations come from
 * it: no surface, optimizer or schedule is named anywhere in these modules.
 *
 * @typedef {import("./state.js").Component} Component
 * @typedef {{name: string, title: string, description: string, type: "number" | "integer" | "boolean" | "string" | "choice" | "list" | "rate" | "words" | "parts" | "object" | "other",
 *            choices: any[], parameters: Parameter[], examples: boolean, low: number, high: number, open: boolean, excluded: boolean, initial: any, optional: boolean, required: boolean}} Parameter
 *   `open`, `excluded`: the lowest, the highest value itself is not allowed; `examples`: whether it may also be examples with x and y; `parameters`: of an object, or of each in a list of them
 * @typedef {{kind: string, title: string, description: string, parameters: Parameter[], facts: any}} Kind
 */

export class Schema {
  /** @param {any} json */
  constructor(json) {
    this.definitions = json.$defs ?? {};
    const experiment = this.#named("Experiment") ?? json;
    const descent = this.#resolve(experiment.properties.descents.items);
    this.surfaces = this.#union(experiment.properties.surface);
    this.optimizers = this.#union(descent.properties.optimizer);
    this.schedules = this.#union(descent.properties.learning_rate);
    this.gradients = this.#union(descent.properties.gradient);
    this.averages = this.#union(descent.properties.average);
    this.experiment = this.#parameters(experiment);
    /** A schedule without parameters of its own is a plain number: it never changes. */
    this.constant = this.schedules.find(({parameters}) => parameters.length === 1 && parameters[0].name === "learning_rate");
    /** The surface whose loss is typed in. */
    this.typed = this.surfaces.find(({parameters}) => parameters.some(({name, required}) => name === "formula" && required));
    /** The surfaces that one's own examples can be given to. */
    this.models = this.surfaces.filter(({facts, parameters}) => facts.data === true && (facts.lists || parameters.some(({examples}) => examples)));
    this.#facts = new Map(this.surfaces.map(({kind, facts}) => [kind, facts]));
  }

  /** @type {Map<string, any>} */ #facts;

  /** @param {{kind: string}} surface @returns {any} */
  facts({kind}) {
    return this.#facts.get(kind) ?? {domain: {x: [-5, 5], y: [-5, 5]}, minima: [], start: [0, 0], rates: {}, bounded: true};
  }

  /** The part of the plane to show first; null where it depends on what only the server works out. @param {Component} surface @returns {import("./state.js").Window | null} */
  domain(surface) {
    const {domain, lists} = this.facts(surface);
    const parameters = this.surfaces.find(({kind}) => kind === surface.kind)?.parameters ?? [];
    const own = lists && parameters.some(({name, initial}) => surface[name] !== undefined && JSON.stringify(surface[name]) !== JSON.stringify(initial));
    return surface.domain ?? (own || this.#placed(surface).length ? null : domain) ?? null;
  }

  /**
   * The experiment that says where a surface's plane lies in a space of more dimensions: left as they are its parameters
   * ask for nothing of the descents. Null where the surface is all there is.
   * @param {import("./state.js").Experiment} experiment @returns {import("./state.js").Experiment | null}
   */
  placing(experiment) {
    const {surface, seed = 0} = experiment;
    const parameters = this.#placed(surface);
    if (!parameters.length) return null;
    return parameters.every(({name, initial}) => (surface[name] ?? initial) === initial) ? {surface, seed, descents: [{}]} : experiment;
  }

  /** What places a plane. @param {Component} surface */
  #placed(surface) {
    return this.surfaces.find(({kind}) => kind === surface.kind)?.parameters.filter(({name}) => name === "plane" || name === "center") ?? [];
  }

  /** How many examples are listed in a surface. @param {Component} surface @returns {number} */
  examples(surface) {
    const [first] = this.facts(surface).lists ?? [];
    const kind = this.surfaces.find((one) => one.kind === surface.kind);
    return (surface[first] ?? kind?.parameters.find(({name}) => name === first)?.initial ?? surface.data?.y)?.length ?? 0;
  }

  /** What the two coordinates are called, where that is not x and y. @param {Component} surface @returns {[string, string] | null} */
  letters(surface) {
    return (Array.isArray(surface.parameters) ? surface.parameters : this.facts(surface).letters) ?? null;
  }

  /** The gradients there are on a surface: without examples there are no batches of them. @param {Component} surface */
  sources(surface) {
    return this.gradients.filter(({parameters}) => this.facts(surface).data === true || !parameters.some(({name}) => name === "size"));
  }

  /** The server's word on the smallest loss of a surface, which may depend on its parameters. @param {Component} surface @param {number | null} lowest */
  learn(surface, lowest) {
    this.#floors.set(this.#key(surface), lowest);
    if (this.#floors.size > 500) this.#floors.delete([...this.#floors.keys()][0]);
  }

  /** The smallest loss there is; null where none is known or there is no bottom. @param {Component} surface @returns {number | null} */
  floor(surface) {
    const {bounded, minima} = this.facts(surface);
    if (bounded === false) return null;
    const learnt = this.#floors.get(this.#key(surface));
    if (learnt !== undefined) return learnt;
    return minima?.length ? Math.min(...minima.map((/** @type {any} */ point) => point.loss)) : null;
  }

  /** The same for a surface with and without its defaults. @param {Component} surface */
  #key(surface) {
    const {parameters = []} = this.surfaces.find(({kind}) => kind === surface.kind) ?? {};
    return JSON.stringify([surface.kind, ...parameters.filter(({name}) => name !== "domain").map(({name, initial}) => surface[name] ?? initial)]);
  }

  /** @type {Map<string, number | null>} */ #floors = new Map();

  /** The learning rate to begin with. @param {{kind: string}} surface @param {{kind: string}} optimizer @returns {number} */
  recommended(surface, optimizer) {
    return this.facts(surface).rates?.[optimizer.kind] ?? this.optimizer(optimizer)?.facts?.learning_rate ?? 0.01;
  }

  /** @param {{kind: string}} component */
  optimizer(component) {
    return this.optimizers.find(({kind}) => kind === component.kind);
  }

  /** @param {string} name */
  #named(name) {
    return this.definitions[name];
  }

  /** @param {any} node @returns {any} */
  #resolve(node) {
    return node?.$ref ? {...this.definitions[node.$ref.split("/").pop()], ...node, $ref: undefined} : node;
  }

  /** The members of a union with a kind each, in the order of its menu. @param {any} node @returns {Kind[]} */
  #union(node) {
    const resolved = this.#resolve(node);
    const kind = resolved?.properties?.kind;
    if (kind) return [this.#kind(resolved, kind.const ?? kind.default)];
    return (resolved?.oneOf ?? resolved?.anyOf ?? []).flatMap((/** @type {any} */ member) => this.#union(member));
  }

  /** @param {any} definition @param {string} kind @returns {Kind} */
  #kind(definition, kind) {
    const {title, description = "", facts = {}} = definition;
    return {kind, title, description, facts, parameters: this.#parameters(definition).filter(({name}) => name !== "kind")};
  }

  /** @param {any} node something that is neither a number nor a word @returns {Parameter["type"]} */
  #compound(node) {
    const items = this.#resolve(node.items);
    if (node.type === "array" && items) return items.properties ? "parts" : items.type === "integer" || items.type === "number" ? "list" : items.type === "string" ? "words" : "other";
    if (node.properties) return "object";
    const members = /** @type {any[]} */ (node.oneOf ?? []);
    return members.some(({type}) => type === "number") && members.some(({discriminator}) => discriminator) ? "rate" : "other";
  }

  /** @param {any} definition @returns {Parameter[]} */
  #parameters(definition) {
    return Object.entries(definition.properties).map(([name, node]) => {
      const outer = this.#resolve(node);
      // A choice of names, or something of one's own.
      const branches = outer.anyOf ?? (outer.oneOf?.some((/** @type {any} */ branch) => branch.enum) ? outer.oneOf : [outer]);
      const inner = this.#resolve(branches.find((/** @type {any} */ branch) => branch.type !== "null") ?? outer);
      const simple = ["number", "integer", "boolean", "string"].includes(inner.type);
      return {
        name,
        title: outer.title ?? inner.title ?? name,
        description: outer.description ?? inner.description ?? "",
        type: inner.enum ? "choice" : simple ? inner.type : this.#compound(inner),
        choices: inner.enum ?? [],
        examples: branches.map((/** @type {any} */ branch) => this.#resolve(branch).properties ?? {}).some((/** @type {any} */ {x, y}) => x && y),
        parameters: (([one]) => (one?.properties ? this.#parameters(one) : []))([inner.type === "array" ? this.#resolve(inner.items) : inner]),
        low: inner.minimum ?? inner.exclusiveMinimum ?? -Infinity,
        high: inner.maximum ?? inner.exclusiveMaximum ?? inner.maxItems ?? Infinity,
        open: inner.minimum === undefined && inner.exclusiveMinimum !== undefined,
        excluded: inner.maximum === undefined,
        initial: outer.default,
        optional: branches.some((/** @type {any} */ branch) => branch.type === "null"),
        required: (definition.required ?? []).includes(name),
      };
    });
  }
}
