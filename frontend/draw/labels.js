// @ts-check
/** Room for labels beside what they name. */

/**
 * Move boxes apart vertically: those that would overlap share the room around the middle of where they want to be.
 * @param {Array<{x: number, y: number, width: number}>} boxes changed in place @param {number} height
 * @param {number} top @param {number} bottom the first and the last y allowed
 */
export function spread(boxes, height, top, bottom) {
  let groups = boxes.map((box) => ({boxes: [box], wanted: box.y, left: box.x, right: box.x + box.width}));
  const middle = (/** @type {typeof groups[number]} */ group) => {
    const half = ((group.boxes.length - 1) * height) / 2;
    return Math.max(top + half, Math.min(group.wanted, bottom - half));
  };
  for (let merged = true; merged;) {
    merged = false;
    outer: for (let i = 0; i < groups.length; i++) {
      for (let j = i + 1; j < groups.length; j++) {
        const [a, b] = [groups[i], groups[j]];
        const apart = ((a.boxes.length + b.boxes.length) * height) / 2;
        if (a.right < b.left || b.right < a.left || Math.abs(middle(a) - middle(b)) >= apart - 0.01) continue;
        const all = [...a.boxes, ...b.boxes];
        const wanted = (a.wanted * a.boxes.length + b.wanted * b.boxes.length) / all.length;
        groups = groups.filter((group) => group !== a && group !== b);
        groups.push({boxes: all, wanted, left: Math.min(a.left, b.left), right: Math.max(a.right, b.right)});
        merged = true;
        break outer;
      }
    }
  }
  for (const group of groups) {
    // Rounded, so that labels whose heads are level do not change places from frame to frame.
    group.boxes.sort((a, b) => Math.round((a.y - b.y) / 6) || boxes.indexOf(a) - boxes.indexOf(b));
    group.boxes.forEach((box, rank) => (box.y = middle(group) + (rank - (group.boxes.length - 1) / 2) * height));
  }
}

/** Of more heads than `most` in one place `some` are named; no more than `rings` fit around each other. */
const [most, some, rings] = [6, 4, 4];

/**
 * What becomes of heads that lie upon each other: ranked rings, so that none is hidden, and names beside them. Of a crowd only some are drawn
 * and named, first those that are lost and the one that is looked at closely.
 * @param {Array<{i: number, px: number, py: number, lost?: boolean, average?: boolean}>} heads @param {number} chosen whose `i` is looked at closely
 * @returns {Array<{ring: number, named: boolean, more: number}>} for each head: how many rings it lies below, -1 where it is not drawn;
 *   `more`: how many there are besides, said by the last that is named
 */
export function gather(heads, chosen) {
  /** @type {number[][]} */
  const groups = [];
  heads.forEach(({px, py}, k) => {
    const group = groups.find(([first]) => Math.hypot(heads[first].px - px, heads[first].py - py) < 6);
    if (group) group.push(k);
    else groups.push([k]);
  });
  const fates = heads.map(() => ({ring: -1, named: false, more: 0}));
  for (const group of groups) {
    const weight = (/** @type {number} */ k) => Number(heads[k].lost) * 2 + Number(heads[k].i === chosen && !heads[k].average);
    const ranked = [...group].sort((a, b) => weight(b) - weight(a) || a - b);
    const named = ranked.slice(0, group.length > most ? some : most).sort((a, b) => a - b);
    for (const k of named) fates[k].named = true;
    fates[named[named.length - 1]].more = group.length - named.length;
    const drawn = ranked.slice(0, rings).sort((a, b) => b - a);
    drawn.forEach((k, ring) => (fates[k].ring = ring));
  }
  return fates;
}
