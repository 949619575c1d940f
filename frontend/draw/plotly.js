// @ts-check
/** How Plotly gets into the page, and the switches it is given. */

/** By default this version offers to post what it shows to somebody else's server. */
export const options = {
  displayModeBar: false, displaylogo: false, showSendToCloud: false, plotlyServerURL: "", scrollZoom: true,
  doubleClick: false, showTips: false, showAxisDragHandles: false, showAxisRangeEntryBoxes: false,
};

/** Plotly takes some HTML in names: ours are text. @param {string} text */
export const literal = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** @param {number[]} dashes in pixels */
export const dashed = (dashes) => (dashes.length ? dashes.map((n) => `${n}px`).join() : "solid");

/**
 * Plotly is large: everything else is at work long before it is there.
 * @param {string} address @returns {Promise<any>}
 */
export function load(address) {
  // Its street maps, which we do not use, add a style element that our content policy forbids, unless one is there
  // already under a name of 64 hexadecimal digits. While the script runs, one is.
  const find = document.getElementById.bind(document);
  document.getElementById = (name) => (/^[0-9a-f]{64}$/.test(name) ? document.head : find(name));
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.crossOrigin = "anonymous";
    script.onload = () => resolve(/** @type {any} */ (window).Plotly);
    script.onerror = () => reject(new Error("Plotly could not be loaded."));
    document.head.append(script);
  }).finally(() => Reflect.deleteProperty(document, "getElementById"));
}
