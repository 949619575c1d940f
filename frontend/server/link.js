// @ts-check
/** A scene in a link: `#scene=<base64url of its JSON>`. What is read here was typed by anybody. */

const longest = 200_000;

/** @param {object} value */
export function encode(value) {
  const bytes = new TextEncoder().encode(JSON.stringify(value));
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** @param {string} text @returns {any} throws on anything that is not base64url of UTF-8 JSON */
export function decode(text) {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
  return JSON.parse(new TextDecoder("utf-8", {fatal: true}).decode(bytes));
}

/**
 * Whether something has a scene's outline. What is inside is checked by the server, like everything that is sent to it.
 * @param {any} scene @returns {scene is import("../session/state.js").Scene}
 */
export function isScene(scene) {
  const experiment = scene?.experiment;
  return typeof experiment?.surface?.kind === "string" && Array.isArray(experiment.descents)
    && experiment.descents.length > 0 && experiment.descents.length <= 16
    && experiment.descents.every((/** @type {unknown} */ descent) => typeof descent === "object" && descent !== null);
}

/** @param {string} text */
function decoded(text) {
  if (text.length > longest) throw new Error("it is too long");
  try {
    return decode(text);
  } catch {
    throw new Error("it is cut short or garbled");
  }
}

/** The scene of an address. @param {string} hash @returns {any} null where it names none; throws on garbage */
export function read(hash) {
  const match = /^#scene=(.*)$/s.exec(hash);
  if (!match) return null;
  return decoded(match[1]);
}

/** Whether a scene is small enough for a link. @param {object} scene */
export const fits = (scene) => encode(scene).length <= longest;

/** The page at a scene of a lecture. @param {string | null} place "lecture/scene" @param {string} [page] */
export const page = (place, page = ".") => {
  const url = new URL(page, document.baseURI);
  if (place) url.searchParams.set("lecture", place);
  // A slash may stand in a query as it is, and reads better so.
  return url.href.replace("%2F", "/");
};

/** The address of a scene, with its place in the lectures if it has one. @param {object} scene @param {string | null} [place] @param {string} [at] */
export const address = (scene, place = null, at = ".") => `${page(place, at)}#scene=${encode(scene)}`;
