// Which style is chosen: a sample of the strip, or a picture of the visitor's own.

import { hearFiles } from "./files.js";
import { fillStrip, sampleOf } from "./strip.js";
import { complain, contents, language, megabytes, text } from "./words.js";
import { picture } from "./watch.js";

const find = (selector) => document.querySelector(selector);
const sample = () => sampleOf(find("[name=style]:checked").value);
let own = null;

/** The chosen style as a file, fetched if it is a sample. */
export const style = async (signal) => own ?? picture(sample().address, signal);

/** Where a browser finds the chosen style. */
export const styleAddress = () => (own ? URL.createObjectURL(own) : sample().address);

/** A file, unless it is too large to be sent; that is said. */
export function taken(file) {
  const { style_bytes: most } = contents.limits;
  if (!file || file.size <= most) return file;
  complain(text("heavy_style", { name: file.name, size: megabytes(file.size), most: megabytes(most) }));
  return null;
}

/**
 * Fill the strip, and listen to it.
 * @param changed called when another style is chosen
 */
export function fillStyles(changed = () => {}) {
  const say = (words) => (find(".caption").textContent = words ?? (own ? text("own_caption", { name: own.name }) : sample()[language]));
  fillStrip(say);
  find("#styles").addEventListener("change", () => {
    own = null;
    say();
    changed();
  });
  hearFiles("#own", ([file]) => {
    if (!taken(file)) return;
    own = file;
    const radio = find("[name=style]:checked");
    if (radio) radio.checked = false;
    say();
    changed();
  });
  say();
}
