// The sample photographs, each a button.

import { contents } from "../live/words.js";
import { told } from "./telling.js";
import { picture } from "./watch.js";

/**
 * Fill their strip.
 * @param take called with the file of the one that is chosen
 * @param language of their captions
 */
export function fillSamples(take, language) {
  for (const one of contents.samples.content) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "pick", title: one[language] });
    const image = Object.assign(document.createElement("img"), { src: one.thumbnail, alt: one[language], width: 112, height: 112, loading: "lazy", decoding: "async" });
    button.append(image);
    button.addEventListener("click", async () => {
      try {
        take(new File([await picture(one.address)], `${one.name}.jpg`));
      } catch (error) {
        told(error);
      }
    });
    document.querySelector("#samples").append(button);
  }
}
