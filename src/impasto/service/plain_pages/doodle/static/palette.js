// The parts of the chosen painting as brushes: each shows the painting's own texture, and its colour below.

import { number, text } from "../plain/words.js";
import { ask } from "../plain/watch.js";

const ACROSS = 0.15; // of the painting's shorter side that a brush shows
const SIDE = [104, 92]; // px of what it shows, on screens with two pixels for one

const place = document.querySelector("#palette");

/** The number of the chosen colour. */
export const chosen = () => Number(place.querySelector(":checked")?.value ?? 0);

/** Choose a colour by its number, if there is such. */
export function choose(number) {
  const radio = place.querySelectorAll("input")[number];
  if (radio) radio.checked = true;
}

/** The parts of a painting, from its top down; a studio without the try-on answers none. */
export async function find(file, signal) {
  const form = new FormData();
  form.append("styles", file, "style");
  const { colours } = await (await ask("api/doodles/palette", { method: "POST", body: form, signal })).json();
  return colours.sort((one, other) => one.place[1] - other.place[1]);
}

/** Show parts as brushes; without a picture of the painting, by their colours alone. */
export function show(colours, picture) {
  const before = chosen();
  place.replaceChildren(...colours.map((colour, at) => brush(colour, at, picture)));
  choose(Math.min(before, colours.length - 1));
}

function brush({ hex, share, place: [x, y] }, at, picture) {
  const label = Object.assign(document.createElement("label"), { className: "part" });
  const radio = Object.assign(document.createElement("input"), { type: "radio", name: "colour", value: at });
  radio.ariaLabel = label.title = text("colour", { number: at + 1, share: number(100 * share) });
  const canvas = document.createElement("canvas"), flat = document.createElement("span");
  [canvas.width, canvas.height] = SIDE;
  const pen = canvas.getContext("2d");
  pen.fillStyle = hex;
  pen.fillRect(0, 0, ...SIDE);
  if (picture) {
    const { naturalWidth: width, naturalHeight: height } = picture, side = ACROSS * Math.min(width, height), tall = (side * SIDE[1]) / SIDE[0];
    const within = (middle, half, whole) => Math.min(Math.max(0, middle - half), whole - 2 * half);
    pen.drawImage(picture, within(x * width, side / 2, width), within(y * height, tall / 2, height), side, tall, 0, 0, ...SIDE);
  }
  flat.className = "flat";
  flat.style.background = hex;
  label.append(radio, canvas, flat);
  return label;
}
