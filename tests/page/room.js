// What is wrong with the room that things have in a part of the page, in words: text that is cut off, controls that
// overlap or cannot be reached, ticks of an axis that meet. An expression: a function of the part's selector.
(root) => {
  const part = document.querySelector(root);
  const wrong = new Set();
  const seen = (one) => one.checkVisibility({visibilityProperty: true, opacityProperty: true})
    && one.getBoundingClientRect().width > 2 && !one.closest(".visually-hidden, noscript, [aria-hidden=true]");
  const all = (selector) => [...part.querySelectorAll(selector)].filter(seen);
  const name = (one) => {
    const words = (one.getAttribute("aria-label") ?? one.textContent).trim().slice(0, 40);
    return `${one.tagName.toLowerCase()} ${one.id || one.getAttribute("class") || ""} «${words}»`;
  };
  const overlap = (a, b) => [
    Math.min(a.right, b.right) - Math.max(a.left, b.left), Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top),
  ];

  /** What its ancestors leave of a box: those that hide what is beyond them, and if asked those that scroll. */
  const left = (one, box, scrolled) => {
    const rest = {left: box.left, right: box.right, top: box.top, bottom: box.bottom};
    const ends = (overflow) => overflow === "hidden" || overflow === "clip" || (scrolled && overflow !== "visible");
    for (let up = one; up && up !== document.body; up = up.parentElement) {
      const {position, overflowX, overflowY} = getComputedStyle(up);
      if (position === "fixed") break;
      const edge = up.getBoundingClientRect();
      if (ends(overflowX)) Object.assign(rest, {left: Math.max(rest.left, edge.left), right: Math.min(rest.right, edge.right)});
      if (ends(overflowY)) Object.assign(rest, {top: Math.max(rest.top, edge.top), bottom: Math.min(rest.bottom, edge.bottom)});
    }
    return rest;
  };

  // Formulas and drawings have rules of their own.
  const texts = all("*").filter((one) => !one.closest("svg, select, option, math, .plot, .starts")
    && [...one.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim()));
  for (const one of texts) {
    const range = document.createRange();
    range.selectNodeContents(one);
    for (const box of range.getClientRects()) {
      const rest = left(one, box, false);
      // A line is a little higher than its letters.
      const cut = Math.max(rest.left - box.left, box.right - rest.right, rest.top - box.top - 2, box.bottom - rest.bottom - 2);
      if (box.width > 1 && cut > 1.5) wrong.add(`cut off by ${Math.round(cut)}: ${name(one)}`);
    }
  }
  for (const one of all("button")) if (one.scrollWidth > one.clientWidth + 1) wrong.add(`too narrow for its words: ${name(one)}`);

  const controls = all("button:not(.start), select, input, textarea, summary, a[href]");
  const boxes = controls.map((one) => left(one, one.getBoundingClientRect(), true));
  /** What stays in sight while the rest scrolls covers that: it is enough that each can be uncovered. */
  const layer = (one) => {
    let up = one;
    while (up && up !== part && !["fixed", "sticky"].includes(getComputedStyle(up).position)) up = up.parentElement;
    return up;
  };
  controls.forEach((one, i) => controls.slice(0, i).forEach((other, j) => {
    const [across, down] = overlap(boxes[i], boxes[j]);
    if (across <= 1 || down <= 1 || one.contains(other) || other.contains(one) || layer(one) !== layer(other)) return;
    wrong.add(`overlap by ${Math.round(across)} × ${Math.round(down)}: ${name(one)} and ${name(other)}`);
  }));

  const reached = (one, block) => {
    one.scrollIntoView({block, inline: "end", behavior: "instant"});
    const box = one.getBoundingClientRect();
    const hit = document.elementFromPoint((box.left + box.right) / 2, (box.top + box.bottom) / 2);
    return hit && [one, ...(one.labels ?? [])].some((holder) => holder.contains(hit));
  };
  for (const one of controls) {
    if (!["center", "start", "end"].some((block) => reached(one, block))) wrong.add(`out of reach: ${name(one)}`);
  }
  scrollTo(0, 0);

  for (const plot of part.querySelectorAll(".plot")) {
    for (const axis of [".xtick text", ".ytick text"]) {
      const marks = [...plot.querySelectorAll(axis)].filter(seen).map((one) => one.getBoundingClientRect());
      const meet = marks.some((a, i) => marks.slice(0, i).some((b) => Math.min(...overlap(a, b)) > 3));
      if (meet) wrong.add(`ticks meet: ${name(plot.closest("[aria-label]"))}`);
    }
  }
  if (document.documentElement.scrollWidth > innerWidth) wrong.add(`the page is ${document.documentElement.scrollWidth} wide`);
  return [...wrong];
}
