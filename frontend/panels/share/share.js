// @ts-check
/** Taking a scene away: as a link, as an embed, as a file. */

import {element, save} from "../../kit/dom.js";
import {server} from "../../server/api.js";
import * as links from "../../server/link.js";
import {places} from "./snippets.js";

/**
 * @param {HTMLDialogElement} dialog @param {import("../../session/state.js").State} state @param {() => import("../../session/state.js").Scene} scene
 * @param {(text: string, alarm?: boolean) => void} say
 */
export function share(dialog, state, scene, say) {
  const address = element("input", {type: "url", readOnly: true, "aria-label": "Link"});
  const frame = element("textarea", {readOnly: true, spellcheck: false, "aria-label": "Embed code"});
  const hint = element("p", {className: "about"});
  const place = element("select", {"aria-label": "Where to embed it", onchange: () => show()}, ...places.map(({name}) => element("option", {textContent: name})));
  const copy = (/** @type {HTMLInputElement | HTMLTextAreaElement} */ box, /** @type {string} */ what) => async () => {
    box.select();
    try {
      await navigator.clipboard.writeText(box.value);
      say(`${what} copied.`);
      dialog.close();
    } catch {
      // Without https there is no clipboard; the text is selected for Ctrl+C.
      say(`Press Ctrl+C to copy the ${what.toLowerCase()}.`);
    }
  };
  const large = element("p", {className: "refusal", textContent: "This scene holds too many examples for a link: save it as a file with Export."});
  const local = element("p", {className: "about", textContent: "This address is this computer's own: nobody else can open it. On a server, links and frames have the server's name."});
  const actions = element("div", {className: "actions"},
    element("button", {type: "button", className: "primary", textContent: "Copy link", onclick: copy(address, "Link")}),
    element("button", {type: "button", textContent: "Copy embed code", onclick: copy(frame, "Embed code")}),
    element("button", {type: "button", textContent: "Close", onclick: () => dialog.close()}));
  dialog.append(
    element("h2", {id: "share-title", textContent: "Share this scene"}), large,
    element("label", {}, "Link: everybody who opens it sees the same", address),
    element("label", {}, "Embed it in", place), hint, frame, local, actions,
  );
  // As it came from a lecture, a scene needs no more than its name.
  const link = (/** @type {string} */ page) => (state.place && !state.edited ? links.page(state.place, page) : links.address(scene(), null, page));
  const embedded = (/** @type {string} */ controls, autoplay = false) => link(`embed?controls=${controls}${autoplay ? "&autoplay=1" : ""}`);
  const show = () => {
    large.hidden = links.fits(scene());
    local.hidden = !/^(localhost|127\.|\[::1\])/.test(location.hostname);
    const chosen = places[place.selectedIndex];
    hint.textContent = chosen.hint;
    address.value = large.hidden ? link(".") : "";
    frame.value = large.hidden ? chosen.code(embedded, scene().title ?? "Fall Line") : "";
  };
  return () => {
    show();
    dialog.showModal();
  };
}

/**
 * @param {HTMLDialogElement} dialog @param {() => import("../../session/state.js").Scene} scene
 * @param {(document: unknown) => Promise<void>} open throws what is wrong with it @param {(text: string, alarm?: boolean) => void} say
 * @param {(format: "png" | "svg") => Promise<Blob>} image of the map
 */
export function files(dialog, scene, open, say, image) {
  const file = element("input", {type: "file", accept: ".json,application/json", hidden: true});
  file.addEventListener("change", async () => {
    try {
      await open(JSON.parse(await /** @type {File} */ (file.files?.[0]).text()));
    } catch (error) {
      say(`That file is no scene: ${/** @type {Error} */ (error).message}`, true);
    }
    dialog.close();
    file.value = "";
  });
  const action = (/** @type {string} */ textContent, /** @type {() => void} */ onclick) => element("button", {type: "button", textContent, onclick});
  dialog.append(
    element("h2", {id: "export-title", textContent: "Export"}),
    element("p", {textContent: "The scene as a file, to open again or to send to the API; every step of every descent as a table; or the map with its paths, as it is now, as a picture."}),
    element("div", {className: "actions"},
      action("Scene (JSON)", () => {
        save(new Blob([JSON.stringify(scene(), null, 2)], {type: "application/json"}), "scene.json");
        dialog.close();
      }),
      action("Trajectories (CSV)", async () => {
        try {
          save(await server.csv(scene().experiment), "trajectories.csv");
          dialog.close();
        } catch (error) {
          say(/** @type {Error} */ (error).message, true);
        }
      }),
      ...(/** @type {const} */ (["png", "svg"])).map((format) => action(`Map (${format.toUpperCase()})`, async () => {
        try {
          save(await image(format), `map.${format}`);
          dialog.close();
        } catch (error) {
          say(/** @type {Error} */ (error).message, true);
        }
      })),
      action("Open a scene…", () => file.click()), file,
      action("Close", () => dialog.close())),
  );
  return () => dialog.showModal();
}
