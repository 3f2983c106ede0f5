// The sample photographs, sent to the studio as a visitor's own are.

import { fillPhotographs } from "./strip.js";
import { told } from "./telling.js";
import { picture } from "./watch.js";

/**
 * Fill their strip.
 * @param take called with the file of the one that is chosen
 */
export function fillSamples(take) {
  fillPhotographs(async ({ name, address }) => {
    try {
      take(new File([await picture(address)], `${name}.jpg`));
    } catch (error) {
      told(error);
    }
  });
}
