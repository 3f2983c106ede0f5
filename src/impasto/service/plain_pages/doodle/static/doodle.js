// The page of drawings: the parts of a painting are brushes, a first look follows the drawing, and Paint paints it.

import { complain, contents, opened, text } from "../plain/words.js";
import { Easel, settingsOf } from "../plain/easel.js";
import { hearFiles } from "../plain/files.js";
import { fillStyles, style, styleAddress } from "../plain/style.js";
import { tell, told } from "../plain/telling.js";
import { ask } from "../plain/watch.js";
import { Drawing } from "./drawing.js";
import { labelsOf } from "./outside.js";
import * as palette from "./palette.js";
import { starter } from "./starters.js";

const find = (selector) => document.querySelector(selector);
const canvas = find("#canvas"), painting = find("#painting"), cursor = find("#cursor");
const PAUSE_MS = 450; // of the brush, before a first look is asked for
const MOVE = [4, 24]; // px of an arrow key, without and with Shift
const MOST_KEYS = 9;

let colours = [], drawing = null, easel = null, due = 0, asking = null, drawn = false;
const at = { x: 0, y: 0, down: false }; // of the keyboard's brush

const value = (name) => find(`[name=${name}]:checked`).value;

/** The form of what is drawn. */
async function formOf(signal, settings) {
  const form = new FormData();
  form.append("content", await drawing.file(), "drawing.png");
  form.append("styles", await style(signal), "style");
  form.append("settings", settings);
  return form;
}

/** Ask for a first look, once the brush rests; a later wish takes an earlier one back. */
function lookSoon() {
  find("#undo").disabled = !drawing.canUndo;
  find("#redo").disabled = !drawing.canRedo;
  clearTimeout(due);
  asking?.abort();
  if (!contents.has_preview || !colours.length || !drawn || easel.stands === "work") return;
  due = setTimeout(look, PAUSE_MS);
}

async function look() {
  const { signal } = (asking = new AbortController());
  tell(text("looking"));
  try {
    const form = await formOf(signal, settingsOf());
    const picture = await (await ask("api/doodles/preview", { method: "POST", body: form, signal })).blob();
    if (signal.aborted) return;
    URL.revokeObjectURL(easel.resting[0]);
    easel.rest(URL.createObjectURL(picture), text("first_look"));
    tell(text("looked"));
  } catch (error) {
    if (error.name !== "AbortError") tell(text(error.status ? "no_look" : "unreachable", { reason: error.detail }));
  }
}

/** Something was drawn. */
function changed() {
  drawn = true;
  lookSoon();
}

/** Find the parts of the painting that is chosen, and draw in them from then on. */
async function takePainting() {
  complain("");
  if (!contents.has_preview) return complain(text("no_palette"));
  asking?.abort();
  const { signal } = (asking = new AbortController());
  if (!easel.job) tell(text("finding"));
  try {
    URL.revokeObjectURL(painting.src);
    painting.src = styleAddress();
    const shown = painting.decode().then(() => true, () => false); // this browser may not know its format
    colours = await palette.find(await style(signal), signal);
    palette.show(colours, (await shown) ? painting : null);
    drawing.recolour(colours.map(({ hex }) => hex));
    if (!drawn) drawing.labels.set(starter("coast", drawing.width, drawing.height, colours.length));
    drawing.show();
    drawn = true;
    if (easel.job) return;
    tell();
    lookSoon();
  } catch (error) {
    if (error.name === "AbortError") return;
    tell();
    told(error);
  }
}

/** Where a pointer is, in pixels of the drawing. */
function placeOf({ clientX, clientY }) {
  const { left, top, width, height } = canvas.getBoundingClientRect();
  const share = Math.min(width / drawing.width, height / drawing.height); // it may lie in the middle of its box
  return [(clientX - left - (width - share * drawing.width) / 2) / share, (clientY - top - (height - share * drawing.height) / 2) / share];
}

const within = ([x, y]) => [Math.min(drawing.width - 1, Math.max(0, Math.floor(x))), Math.min(drawing.height - 1, Math.max(0, Math.floor(y)))];

/** The brush's radius in pixels of the drawing; a pen's pressure makes it thicker or thinner. */
const radius = ({ pointerType, pressure } = {}) => Number(value("thickness")) * (pointerType === "pen" ? 0.5 + pressure : 1);

function hearPointer() {
  let last = null;
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button || !colours.length) return;
    event.preventDefault();
    canvas.focus({ preventScroll: true });
    cursor.hidden = true;
    if (value("tool") === "fill") return drawing.fill(within(placeOf(event)), palette.chosen());
    canvas.setPointerCapture(event.pointerId);
    drawing.keep();
    last = placeOf(event);
    drawing.line(last, last, radius(event), palette.chosen());
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!last) return;
    for (const one of event.getCoalescedEvents?.() ?? [event]) {
      const next = placeOf(one);
      drawing.line(last, next, radius(one), palette.chosen());
      last = next;
    }
  });
  for (const type of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(type, () => {
      if (last) changed();
      last = null;
    });
  }
}

/** Show where the keyboard's brush is. */
function showCursor() {
  const box = canvas.getBoundingClientRect(), share = Math.min(box.width / drawing.width, box.height / drawing.height);
  const size = 2 * radius() * share;
  cursor.hidden = false;
  Object.assign(cursor.style, {
    left: `${canvas.offsetLeft + (box.width - share * drawing.width) / 2 + at.x * share}px`,
    top: `${canvas.offsetTop + (box.height - share * drawing.height) / 2 + at.y * share}px`,
    width: `${size}px`,
    height: `${size}px`,
  });
}

function hearKeys() {
  const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  canvas.addEventListener("keydown", (event) => {
    if (!colours.length || event.ctrlKey || event.metaKey) return;
    const before = [at.x, at.y], move = moves[event.key];
    if (move) {
      const far = MOVE[Number(event.shiftKey)];
      [at.x, at.y] = within([at.x + move[0] * far, at.y + move[1] * far]);
      if (at.down) drawing.line(before, [at.x, at.y], radius(), palette.chosen());
    } else if (event.key === " ") {
      if (!event.repeat) {
        drawing.keep();
        at.down = true;
        drawing.line(before, before, radius(), palette.chosen());
      }
    } else if (event.key === "Enter") drawing.fill(before, palette.chosen());
    else if (event.key >= "1" && event.key <= `${MOST_KEYS}`) palette.choose(Number(event.key) - 1);
    else return;
    event.preventDefault();
    showCursor();
  });
  canvas.addEventListener("keyup", (event) => {
    if (event.key !== " " || !at.down) return;
    at.down = false;
    changed();
  });
  canvas.addEventListener("blur", () => (cursor.hidden = true));
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || !["z", "Z", "y"].includes(event.key)) return;
    event.preventDefault();
    if (event.key === "z") drawing.undo();
    else drawing.redo();
  });
}

function begin(labels) {
  if (colours.length) drawing.replace(labels);
}

async function takeDrawing(file) {
  complain("");
  try {
    begin(await labelsOf(file, drawing.width, drawing.height, colours.map(({ hex }) => hex)));
  } catch {
    complain(text("unread", { name: file.name }));
  }
}

/** The drawing on a paper of another shape: stretched to fit. */
function reshape() {
  const [width, height] = value("shape").split("x").map(Number), { width: wide, height: tall, labels } = drawing;
  const next = Uint8Array.from({ length: width * height }, (_, place) => labels[Math.floor((Math.floor(place / width) * tall) / height) * wide + Math.floor(((place % width) * wide) / width)]);
  drawing.resize(width, height, next);
  [at.x, at.y] = [width / 2, height / 2].map(Math.round);
  lookSoon();
}

function hearVisitor() {
  hearPointer();
  hearKeys();
  find("#undo").addEventListener("click", () => drawing.undo());
  find("#redo").addEventListener("click", () => drawing.redo());
  find("#clear").addEventListener("click", () => begin(new Uint8Array(drawing.width * drawing.height).fill(palette.chosen())));
  for (const button of document.querySelectorAll("[data-starter]")) {
    button.addEventListener("click", () => begin(starter(button.dataset.starter, drawing.width, drawing.height, colours.length)));
  }
  hearFiles("#drawn", ([file]) => takeDrawing(file));
  for (const radio of document.querySelectorAll("[name=shape]")) radio.addEventListener("change", reshape);
  find("#paint").addEventListener("click", () => {
    clearTimeout(due);
    asking?.abort();
    if (colours.length) easel.paint((signal) => formOf(signal, settingsOf()));
  });
}

async function start() {
  if (!opened()) return;
  easel = new Easel({ kind: "doodle", address: "api/doodles" });
  const [width, height] = value("shape").split("x").map(Number);
  Object.assign(canvas, { width, height });
  drawing = new Drawing(canvas, changed);
  [at.x, at.y] = [width / 2, height / 2];
  fillStyles(takePainting);
  hearVisitor();
  await easel.recall();
  await takePainting();
}

await start();
