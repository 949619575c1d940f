// @ts-check
/** Taking a scene away: as a link, as an embed, as a file. */

import * as api from "./api.js";
import {element} from "./fields.js";
import * as link from "./link.js";

/** @param {Blob} blob @param {string} name */
export function save(blob, name) {
  const url = URL.createObjectURL(blob);
  element("a", {href: url, download: name}).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** @param {HTMLDialogElement} dialog @param {() => object} scene @param {(text: string, alarm?: boolean) => void} say */
export function share(dialog, scene, say) {
  const address = element("input", {type: "url", readOnly: true, "aria-label": "Link"});
  const frame = element("textarea", {readOnly: true, spellcheck: false, "aria-label": "Embed code"});
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
  dialog.append(
    element("h2", {id: "share-title", textContent: "Share this scene"}), large,
    element("label", {}, "Link: everybody who opens it sees the same", address),
    element("label", {}, "Embed: for slides and web pages", frame),
    element("div", {className: "actions"},
      element("button", {type: "button", className: "primary", textContent: "Copy link", onclick: copy(address, "Link")}),
      element("button", {type: "button", textContent: "Copy embed code", onclick: copy(frame, "Embed code")}),
      element("button", {type: "button", textContent: "Close", onclick: () => dialog.close()})),
  );
  return () => {
    large.hidden = link.fits(scene());
    address.value = large.hidden ? link.address(scene()) : "";
    frame.value = !large.hidden ? "" : `<iframe src="${link.address(scene(), "embed?controls=play&autoplay=1")}" width="960" height="540" style="border:0" title="Fall Line"></iframe>`;
    dialog.showModal();
  };
}

/**
 * @param {HTMLDialogElement} dialog @param {() => import("./state.js").Scene} scene
 * @param {(scene: import("./state.js").Scene) => void} open @param {(text: string, alarm?: boolean) => void} say
 * @param {(format: "png" | "svg") => Promise<Blob>} image of the map
 */
export function files(dialog, scene, open, say, image) {
  const file = element("input", {type: "file", accept: ".json,application/json", hidden: true});
  file.addEventListener("change", async () => {
    try {
      const read = JSON.parse(await /** @type {File} */ (file.files?.[0]).text());
      if (!link.isScene(read)) throw new Error("not a scene");
      open(read);
      dialog.close();
    } catch {
      say("That file is no scene.", true);
    }
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
          save(await api.csv(scene().experiment), "trajectories.csv");
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
