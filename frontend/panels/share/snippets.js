// @ts-check
/** What to paste where, so that a scene plays in slides, notebooks and courses. */

/** @typedef {{name: string, hint: string, code: (address: (controls: string, autoplay?: boolean) => string, title: string) => string}} Place */

const quoted = (/** @type {string} */ text) => text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");

/** @param {string} address @param {string} title @param {string} [more] attributes */
const frame = (address, title, more = "") =>
  `<iframe src="${quoted(address)}" title="${quoted(title)}" width="960" height="540" style="border:0; max-width:100%"${more}></iframe>`;

/** The slide's fragments say to which step the scene goes; the frame hears it. */
const follow = `<script>
  const follow = () => {
    const slide = Reveal.getCurrentSlide();
    const shown = [...slide.querySelectorAll("[data-step].visible")].at(-1);
    const step = Number(shown?.dataset.step ?? 0);
    slide.querySelector("iframe")?.contentWindow.postMessage({fallLine: "seek", step}, "*");
  };
  for (const event of ["slidechanged", "fragmentshown", "fragmenthidden"]) Reveal.on(event, follow);
</script>`;

/** @type {Place[]} */
export const places = [
  {name: "HTML", hint: "For any web page.", code: (address, title) => frame(address("play", true), title)},
  {
    name: "reveal.js", hint: "The scene goes to the step of each fragment; the script belongs after Reveal.initialize().",
    code: (address, title) => `<section>\n  ${frame(address("none"), title)}\n  <p class="fragment" data-step="10">Ten steps.</p>\n  <p class="fragment" data-step="100">A hundred.</p>\n</section>\n${follow}`,
  },
  {name: "Marp", hint: "On a slide of its own; Marp needs --html.", code: (address, title) => `---\n\n${frame(address("play", true), title)}\n\n---`},
  {name: "Quarto", hint: "In a .qmd document or a reveal.js slide of Quarto.", code: (address, title) => `\`\`\`{=html}\n${frame(address("play", true), title)}\n\`\`\``},
  {
    name: "Jupyter", hint: "In a cell; fall_line.show(experiment) shows an experiment of your own, without a server.",
    code: (address) => `from IPython.display import IFrame\n\nIFrame(${JSON.stringify(address("all", true))}, width="100%", height=600)`,
  },
  {name: "Moodle, Canvas", hint: "In the editor's HTML view; a site may have to allow frames of this address.", code: (address, title) => frame(address("play"), title, ' sandbox="allow-scripts"')},
  {name: "Notion", hint: "Paste the address with /embed.", code: (address) => address("play", true)},
];
