// @ts-check
/**
 * The server's calls, and its refusals as exceptions.
 *
 * @typedef {{path: Array<string | number>, message: string, column: number | null}} FieldError
 */

/** Something the server said no to, in its own words. */
export class Problem extends Error {
  /** @param {number} status @param {any} body problem+json @param {number} wait seconds after which to try again */
  constructor(status, body, wait = 0) {
    super(body?.detail || body?.title || `The server answered ${status}.`);
    this.status = status;
    this.wait = wait;
    /** @type {FieldError[]} */
    this.errors = Array.isArray(body?.errors) ? body.errors : [];
  }

  get busy() {
    return this.status === 503 || this.status === 429;
  }

  get refused() {
    return this.status >= 400 && this.status < 500 && this.status !== 429;
  }
}

/** No answer, or one that broke off. */
export class Unreachable extends Error {}

/** @param {string} path @param {object} [body] @param {AbortSignal} [signal] */
async function call(path, body, signal) {
  const response = await fetch(`api/${path}`, body === undefined ? {signal} : {
    method: "POST",
    headers: {"Content-Type": "application/json"},
    body: JSON.stringify(body),
    signal,
  }).catch((error) => {
    throw signal?.aborted ? error : new Unreachable(String(error));
  });
  if (!response.ok) {
    const problem = await response.json().catch(() => null);
    throw new Problem(response.status, problem, Number(response.headers.get("Retry-After")) || 1);
  }
  return response;
}

/** The last landscape that was answered. */
let latest = {question: "", answer: /** @type {any} */ (null)};

export const server = {
  /** JSON Schema of a scene: what the forms are made of. */
  schema: async () => (await call("schema")).json(),

  /** The lectures with the titles of their scenes. @returns {Promise<Array<{lecture: string, title: string, text: string, scenes: Array<{scene: string, title: string}>}>>} */
  lectures: async () => (await call("lectures")).json(),

  /** One scene of a lecture. @param {string} place "lecture/scene" */
  lecture: async (place) => (await call(`lectures/${place.split("/").map(encodeURIComponent).join("/")}`)).json(),

  /** A scene as the server understands it. @param {object} body */
  scene: async (body) => (await call("scene", body)).json(),

  /** The same question again, as after a formula was checked, has the same answer. @param {object} body @param {AbortSignal} [signal] */
  async landscape(body, signal) {
    const question = JSON.stringify(body);
    if (latest.question !== question) latest = {question, answer: await (await call("landscape?arrays=base64", body, signal)).json()};
    return latest.answer;
  },

  /** A landscape that is not the map's own. @param {object} body @param {AbortSignal} [signal] */
  contour: async (body, signal) => (await call("landscape?arrays=base64", body, signal)).json(),

  /** What a descent's model predicts at some of its steps. @param {object} body @param {AbortSignal} [signal] */
  model: async (body, signal) => (await call("model?arrays=base64", body, signal)).json(),

  /** The gradients of many mini-batches at one point. @param {object} body @param {AbortSignal} [signal] */
  gradients: async (body, signal) => (await call("gradients", body, signal)).json(),

  /** The loss at points of the plane, and its derivatives. @param {object} body @param {AbortSignal} [signal] */
  evaluate: async (body, signal) => (await call("evaluate", body, signal)).json(),

  /** One update of a descent in its steps. @param {object} body @param {AbortSignal} [signal] */
  update: async (body, signal) => (await call("update", body, signal)).json(),

  /** The columns of a table. @param {string} text CSV with names in its first line @param {AbortSignal} [signal] */
  table: async (text, signal) => (await call("table", {csv: text}, signal)).json(),

  /** @param {object} experiment */
  csv: async (experiment) => (await call("run/csv", experiment)).blob(),

  /** All trajectories at once: of runs that are not the page's own. @param {object} experiment @param {AbortSignal} [signal] */
  run: async (experiment, signal) => (await call("run", experiment, signal)).json(),

  /** The trajectories while they are computed: start, progress, frames, averages and end lines. @param {object} experiment @param {AbortSignal} signal */
  stream: (experiment, signal) => lines("run/stream", experiment, signal),

  /** A landscape that takes a while. @param {object} body @param {AbortSignal} signal @param {(line: any) => void} progress */
  async survey(body, signal, progress) {
    let answer = null;
    for await (const arrived of lines("landscape/stream?arrays=base64", body, signal)) {
      for (const line of arrived) {
        if (line.type === "progress") progress(line);
        if (line.type === "landscape") answer = line;
      }
    }
    return answer;
  },
};

/**
 * An answer in lines.
 * @param {string} path @param {object} body @param {AbortSignal} signal
 * @returns {AsyncGenerator<any[]>} as many at a time as have arrived; ends after "done"
 */
async function* lines(path, body, signal) {
  const response = await call(path, body, signal);
  const reader = /** @type {ReadableStream<BufferSource>} */ (response.body).pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  let whole = false;
  for (;;) {
    const {done, value} = await reader.read().catch((error) => {
      throw signal.aborted ? error : new Unreachable(String(error));
    });
    if (done) break;
    const arrived = (rest + value).split("\n");
    rest = /** @type {string} */ (arrived.pop());
    const read = arrived.filter(Boolean).map((text) => JSON.parse(text));
    const error = read.find(({type}) => type === "error");
    if (error) throw new Problem(error.problem.status, error.problem);
    whole ||= read.at(-1)?.type === "done";
    yield read;
  }
  if (!whole) throw new Unreachable("The answer broke off before its end.");
}

/**
 * An array as the server encodes it: base64 with its type and shape, or a plain list.
 * @param {any} array @returns {Float64Array | Float32Array}
 */
export function decode(array) {
  if (Array.isArray(array)) return Float64Array.from(array.flat(), (value) => value ?? NaN);
  const text = atob(array.bdata);
  const bytes = new Uint8Array(text.length);
  // Character by character: Uint8Array.from takes ten times as long.
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at);
  return array.dtype === "f4" ? new Float32Array(bytes.buffer) : new Float64Array(bytes.buffer);
}

/**
 * Ask again while the server is busy.
 * @template T @param {() => Promise<T>} ask @param {AbortSignal} signal @returns {Promise<T>}
 */
export async function patient(ask, signal) {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof Problem && error.busy)) throw error;
      const {wait} = error;
      await new Promise((resolve) => setTimeout(resolve, Math.min(30, wait) * 1000));
      signal.throwIfAborted();
    }
  }
}
