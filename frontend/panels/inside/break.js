// @ts-check
/** Long formulas in pieces, so that they wrap as text does: browsers break no line within MathML. */

const namespace = "http://www.w3.org/1998/Math/MathML";
const sums = new Set(["+", "−", "="]);
const times = new Set(["\u2062", "·"]);
const bracket = "(";

/** @param {string} name @param {Array<Node | string>} children */
function make(name, ...children) {
  const made = document.createElementNS(namespace, name);
  made.append(...children);
  return made;
}

/** What stays as high as a letter, however high what it stands beside. @param {string} text */
function sign(text) {
  const made = make("mo", text);
  made.setAttribute("stretchy", "false");
  return made;
}

/** @param {Element} one @param {Set<string>} texts */
const isOne = (one, texts) => one.localName === "mo" && texts.has(one.textContent ?? "");

/** About how wide a formula is, in letters. @param {Element} node @returns {number} */
function extent(node) {
  const children = [...node.children];
  const widths = () => children.map(extent);
  const sum = (/** @type {number[]} */ values) => values.reduce((total, value) => total + value, 0);
  if (node.localName === "mo" && !children.length) return isOne(node, sums) ? 2.2 : isOne(node, times) ? 0.6 : 1;
  if (!children.length) return (node.textContent ?? "").length;
  if (node.localName === "mfrac") return 0.4 + Math.max(...widths());
  if (/^msu[bp]/.test(node.localName)) return extent(children[0]) + 0.75 * Math.max(...widths().slice(1));
  if (node.localName === "mtable") return sum([...(children[0]?.children ?? [])].map((_, column) => 1.8 + Math.max(...children.map((row) => (row.children[column] ? extent(row.children[column]) : 0)))));
  return sum(widths()) + (node.localName === "msqrt" ? 1.2 : 0);
}

/** Siblings in groups, each but the first beginning with one of some signs; sums also end with a comma. @param {Element[]} nodes @param {Set<string>} signs */
function split(nodes, signs) {
  /** @type {Element[][]} */
  const groups = [[]];
  for (const node of nodes) {
    const group = groups[groups.length - 1];
    if (group.length && (isOne(node, signs) || (signs === sums && group[group.length - 1].textContent === ","))) groups.push([node]);
    else group.push(node);
  }
  return groups;
}

/** Siblings as pieces that are no wider than there is room, where that can be. @param {Element[]} nodes @param {number} room @returns {Element[][]} */
function pieces(nodes, room) {
  while (nodes.length === 1 && nodes[0].localName === "mrow") nodes = [...nodes[0].children];
  const wide = (/** @type {Element[]} */ list) => list.reduce((total, one) => total + extent(one), 0) > room;
  return split(nodes, sums).flatMap((term) => (wide(term) ? split(term, times).flatMap((factor) => (wide(factor) ? glued(factor, room) : [factor])) : [term]));
}

/** A group whose wide members are taken apart, and hold on to those beside them. @param {Element[]} group @param {number} room */
function glued(group, room) {
  /** @type {Element[][]} */
  const done = [[]];
  for (const node of group) {
    const [first, ...rest] = extent(node) > 0.6 * room ? apart(node, room) : [[node]];
    done[done.length - 1].push(...first);
    done.push(...rest);
  }
  return done;
}

/** Pieces in brackets, unless they are one letter, or have brackets. @param {Element} node @param {number} room @param {string} [before] */
function enclosed(node, room, before = "") {
  const inner = node.localName === "mrow" ? [...node.children] : [node];
  const bare = inner.length === 1 || inner[0].textContent === bracket;
  const found = pieces(inner, room);
  if (!bare || before === "√") {
    found[0].unshift(sign(bracket));
    found[found.length - 1].push(sign(")"));
  }
  if (before) found[0].unshift(sign(before));
  return found;
}

/** What is too wide, as it would be written on one line. @param {Element} node @param {number} room @returns {Element[][]} */
function apart(node, room) {
  const children = [...node.children];
  switch (node.localName) {
    case "mrow":
      return pieces(children, room);
    case "mfrac": {
      const [up, down] = children;
      const divisor = enclosed(down, room, "/");
      if (down.classList.contains("of-divisor")) divisor.flat().forEach((one) => one.classList.add("of-divisor"));
      return [...enclosed(up, room), ...divisor];
    }
    case "msqrt":
      return enclosed(make("mrow", ...children), room, "√");
    case "msup": {
      const found = apart(children[0], room);
      const last = found[found.length - 1];
      last.push(make("msup", /** @type {Element} */ (last.pop()), children[1]));
      return found;
    }
    case "mtable":
      return children.flatMap((row, i) => {
        const found = [...row.children].flatMap((cell) => pieces([...cell.children], room));
        if (i < children.length - 1) found[found.length - 1].push(sign(";"));
        return found;
      });
    default:
      return [[node]];
  }
}

/** @param {Element} math @param {number} room in letters @returns {Element[]} one formula where it fits, else its pieces in order */
export function broken(math, room) {
  if (extent(math) <= room) return [math];
  return pieces([...math.children], room).map((nodes) => {
    // At the beginning of a piece a sign is still one between two things.
    if (isOne(nodes[0], sums) || isOne(nodes[0], times)) nodes[0].setAttribute("form", "infix");
    const piece = make("math", make("mrow", ...nodes));
    for (const {name, value} of math.attributes) piece.setAttribute(name, value);
    return piece;
  });
}
