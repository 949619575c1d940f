// @ts-check
/** Typeset formulas. The server sends MathML; only MathML is taken over from it. */

const namespace = "http://www.w3.org/1998/Math/MathML";

/** @param {string} source @returns {Element | null} */
export function typeset(source) {
  const math = new DOMParser().parseFromString(source, "text/html").querySelector("math");
  return math && clean(math);
}

/** @param {Element} element @returns {Element} */
function clean(element) {
  const copy = document.createElementNS(namespace, element.localName);
  for (const {name, value} of element.attributes) {
    if (!/^on|href|style|^xmlns/.test(name)) copy.setAttribute(name, value);
  }
  for (const child of element.childNodes) {
    if (child.nodeType === Node.TEXT_NODE) copy.append(child.textContent ?? "");
    else if (child instanceof Element && child.namespaceURI === namespace) copy.append(clean(child));
  }
  return copy;
}
