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
