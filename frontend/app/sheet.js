// @ts-check
/** On a phone the controls come up as a sheet under the map, so that both are seen while something is changed. */

/** @param {HTMLElement} button @param {HTMLElement} form @param {HTMLElement} bar what stays below the sheet */
export function sheet(button, form, bar) {
  const root = document.documentElement;
  const turn = (/** @type {boolean} */ on) => {
    root.classList.toggle("sheet", on);
    button.setAttribute("aria-expanded", String(on));
    // In a lecture the words stand there too.
    /** @type {HTMLElement | null} */ (form.querySelector(`.tabs:not([hidden]) [value="${on ? "controls" : "words"}"]`))?.click();
    if (!on) return;
    scrollTo({top: 0});
    form.scrollTop = 0;
  };
  new ResizeObserver(() => root.style.setProperty("--bar", `${bar.offsetHeight}px`)).observe(bar);
  button.addEventListener("click", () => turn(!root.classList.contains("sheet")));
  form.addEventListener("keydown", ({key, defaultPrevented}) => {
    if (key !== "Escape" || defaultPrevented || !root.classList.contains("sheet")) return;
    turn(false);
    button.focus();
  });
  // Beside a wider map there is room for them.
  matchMedia("(max-width: 719px)").addEventListener("change", ({matches}) => matches || turn(false));
}
