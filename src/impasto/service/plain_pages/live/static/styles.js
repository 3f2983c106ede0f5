// The choice of one style or two: the strip of samples, a picture of one's own, and their blend.

import { hearFiles } from "../plain/files.js";
import { fillStrip, first, sampleOf } from "../plain/strip.js";
import { language, text } from "../plain/words.js";
import { decoded, fitted, pixels, sample } from "./pictures.js";

const OWN = "own";

/**
 * Fill the strip, and keep the code of what is chosen.
 * @param read gives the code of pixels.
 * @param smallestWork px of the smallest work's longest side.
 * @param changed called when another style is chosen.
 * @param complain called with what is wrong with a picture.
 */
export function styles({ read, smallestWork, changed, complain }) {
  const strip = document.querySelector("#styles"), line = document.querySelector(".caption");
  const none = document.querySelector("#none"), share = document.querySelector("#share-slide");
  const codes = new Map(), own = [null, null], turns = [0, 0];
  const chosen = [first.name, null];
  const slot = () => Number(document.querySelector("[name=slot]:checked").value);

  const say = (words) => (line.textContent = words ?? captionOf(chosen[slot()]));
  const captionOf = (name) => sampleOf(name)?.[language] ?? (name ? text("own_style") : "");

  fillStrip(say);

  const show = () => {
    for (const radio of strip.querySelectorAll("input")) radio.checked = radio.value === chosen[slot()];
    none.hidden = slot() === 0 || !chosen[1];
    share.hidden = !chosen[1];
    say();
  };
  const choose = (name) => {
    chosen[slot()] = name;
    show();
    changed();
  };
  strip.addEventListener("change", ({ target }) => choose(target.value));
  none.addEventListener("click", () => choose(null));
  for (const tab of document.querySelectorAll("[name=slot]")) tab.addEventListener("change", show);

  /** Take a file as the style that is being chosen. */
  const take = async (file) => {
    const at = slot(), turn = ++turns[at];
    try {
      const bitmap = await decoded(file, smallestWork);
      if (turn !== turns[at]) return; // another was taken while this one was decoded
      own[at] = bitmap;
      for (const key of codes.keys()) if (key.startsWith(`${OWN}${at} `)) codes.delete(key);
      choose(`${OWN}${at}`);
    } catch (error) {
      complain(error);
    }
  };
  hearFiles("#own", ([file]) => take(file));

  // As in Python a style is read at the size of the work, so that its strokes have the same size.
  const codeOf = async (name, side) => {
    const key = `${name} ${side}`;
    if (!codes.has(key)) {
      const at = [0, 1].find((one) => name === `${OWN}${one}`);
      const bitmap = at === undefined ? await decoded(await sample(sampleOf(name)), smallestWork) : own[at];
      const code = await read(pixels(bitmap, ...fitted(bitmap.width, bitmap.height, side)));
      if (at !== undefined && bitmap !== own[at]) return codeOf(name, side); // another was taken meanwhile
      codes.set(key, code);
    }
    return codes.get(key);
  };

  show();
  return {
    /** The code of what is chosen now, for a work of this size: of two, their sum by their shares. */
    async code(shareOfSecond, side) {
      const [one, two] = chosen;
      const code = await codeOf(one, side);
      if (!two || shareOfSecond === 0) return code;
      const other = await codeOf(two, side);
      return code.map((value, at) => value * (1 - shareOfSecond) + other[at] * shareOfSecond);
    },
    /** What the saved painting is called after. */
    name: () => chosen.filter(Boolean).map((name) => (name.startsWith(OWN) ? OWN : name)).join("-"),
  };
}
