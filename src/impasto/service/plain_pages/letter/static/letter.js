// The page of letters: a text takes the look of a picture, on a clear ground.

import { complain, contents, opened, text } from "../plain/words.js";
import { Easel, settingsOf } from "../plain/easel.js";
import { hearFiles } from "../plain/files.js";
import { fillStyles, style, taken } from "../plain/style.js";

const find = (selector) => document.querySelector(selector);
const input = find("#text"), lettering = find("#lettering");
const value = (name) => find(`[name=${name}]:checked`).value;
let easel = null, mask = null;

/** Show the text as it stands, before it is painted. */
function letter() {
  const words = input.value.trim();
  lettering.textContent = words;
  lettering.className = value("direction");
  lettering.dataset.align = value("align");
  if (easel.stands !== "work") easel.rest();
  show();
}

/** The plain lettering stands where no picture does. */
function show() {
  const words = input.value.trim(), bare = find("#shown").hidden;
  lettering.hidden = !words || !bare;
  if (!words || !bare) return;
  find("#easel").classList.remove("empty");
  find(".blank").hidden = true;
}

async function formOf(signal) {
  const options = { text: input.value.trim(), vertical: value("direction") === "down", align: value("align") };
  const form = new FormData();
  form.append("styles", await style(signal), "style");
  if (mask) form.append("style_masks", mask, "mask");
  form.append("options", JSON.stringify(options));
  form.append("settings", settingsOf());
  return form;
}

function paint() {
  const { text: most } = contents.limits, words = input.value.trim();
  if (!words) return complain(text("no_text"));
  if (words.length > most) return complain(text("long_text", { count: words.length, most }));
  return easel.paint(formOf);
}

function takeMask(file) {
  mask = file;
  find("#unmask").hidden = !mask;
  find("#mask-help").textContent = mask ? text("masked", { name: mask.name }) : text("mask_help");
}

/** Show the job that the address names, with its text. */
async function recall() {
  await easel.recall();
  if (!easel.job) return;
  const { text: words, vertical, align } = easel.job.options;
  input.value = words;
  find(`[name=direction][value=${vertical ? "down" : "across"}]`).checked = true;
  const radio = find(`[name=align][value="${CSS.escape(align ?? "")}"]`);
  if (radio) radio.checked = true;
}

function hearVisitor() {
  input.placeholder = text("text_example");
  input.addEventListener("input", letter);
  for (const radio of document.querySelectorAll("[name=direction], [name=align]")) radio.addEventListener("change", letter);
  new MutationObserver(show).observe(find("#shown"), { attributeFilter: ["hidden"] });
  hearFiles("#mask", ([file]) => taken(file) && takeMask(file));
  find("#unmask").addEventListener("click", () => takeMask(null));
  find("#paint").addEventListener("click", paint);
}

async function start() {
  if (!opened()) return;
  easel = new Easel({ kind: "letter", address: "api/letters" });
  fillStyles(() => takeMask(null));
  hearVisitor();
  await recall();
}

await start();
