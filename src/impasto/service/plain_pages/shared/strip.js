// The strips of samples: styles, with the line below that says what one of them is, and photographs.

import { contents, language } from "./words.js";

const FIRST = "starry-night";
const samples = contents?.samples.style ?? [];

/** A sample style by its name. */
export const sampleOf = (name) => samples.find((one) => one.name === name);

/** The style that is chosen before anybody has chosen. */
export const first = sampleOf(FIRST) ?? samples[0];

const thumbnail = (one) =>
  Object.assign(document.createElement("img"), { src: one.thumbnail, alt: one[language], width: 112, height: 112, loading: "lazy", decoding: "async" });

/**
 * Fill the strip of styles.
 * @param say puts words into the line; without any, what is chosen.
 */
export function fillStrip(say) {
  for (const one of samples) {
    const label = Object.assign(document.createElement("label"), { className: "pick" });
    const radio = Object.assign(document.createElement("input"), { type: "radio", name: "style", value: one.name, checked: one === first });
    label.append(radio, thumbnail(one));
    for (const type of ["pointerenter", "focusin"]) label.addEventListener(type, () => say(one[language]));
    for (const type of ["pointerleave", "focusout"]) label.addEventListener(type, () => say());
    document.querySelector("#styles").append(label);
  }
}

/**
 * Fill the strip of photographs, each a button.
 * @param choose called with the sample that is chosen
 */
export function fillPhotographs(choose) {
  for (const one of contents.samples.content) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "pick", title: one[language] });
    button.append(thumbnail(one));
    button.addEventListener("click", () => choose(one));
    document.querySelector("#samples").append(button);
  }
}
