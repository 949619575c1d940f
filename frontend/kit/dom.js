// @ts-check
/** Elements made in one line, and files given to the reader. */

/** @template {keyof HTMLElementTagNameMap} T @param {T} tag @param {Record<string, any>} [properties] @param {Array<Node | string>} children */
export function element(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.includes("-") || name === "role") node.setAttribute(name, value);
    else Object.assign(node, {[name]: value});
  }
  node.append(...children);
  return node;
}

/** @param {Blob} blob @param {string} name */
export function save(blob, name) {
  const url = URL.createObjectURL(blob);
  element("a", {href: url, download: name}).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
