// The page of portraits: photographs on a wall, each with its face painted; the chosen one stands on the easel.

import { complain, opened, text } from "../plain/words.js";
import { Easel, hearStrength, settingsOf } from "../plain/easel.js";
import { hearDrops, hearFiles } from "../plain/files.js";
import { fillSamples } from "../plain/photographs.js";
import { fillStyles, style, taken } from "../plain/style.js";
import { told } from "../plain/telling.js";
import { imageOf, inputOf, look, send } from "../plain/watch.js";

const find = (selector) => document.querySelector(selector);
const photograph = find("#photograph");
const MOST = 12, LOOK_MS = 1500;
const SIGNS = { queued: "…", running: "…", finished: "✓", failed: "!", cancelled: "■" };

const photographs = []; // { name, file, address, job }
let easel = null, chosen = null;

/** The photograph beside its portrait, on the easel. */
function beside() {
  const pair = ["work", "done"].includes(easel.stands) && !find("#shown").hidden;
  find("#easel").classList.toggle("pair", pair);
  photograph.hidden = !pair;
  if (pair && chosen) Object.assign(photograph, { src: chosen.address, alt: text("photograph", { name: chosen.name }) });
}

function hang() {
  const buttons = photographs.map((one) => {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "pick", title: one.name });
    const image = Object.assign(document.createElement("img"), { src: one.job?.state === "finished" ? imageOf(one.job.id) : one.address, alt: text("photograph", { name: one.name }) });
    const sign = Object.assign(document.createElement("span"), { className: "sign", textContent: SIGNS[one.job?.state] ?? "", ariaHidden: "true" });
    button.ariaPressed = one === chosen;
    button.append(image, sign);
    button.addEventListener("click", () => choose(one));
    return button;
  });
  find("#wall").replaceChildren(...(photographs.length > 1 ? buttons : []));
}

/** Put a photograph on the easel, or what is made of it. */
function choose(one) {
  chosen = one;
  complain("");
  easel.rest(one.address, text("photograph", { name: one.name }));
  if (one.job) easel.follow(one.job);
  hang();
}

function take(files) {
  complain("");
  const good = files.filter(taken), room = MOST - photographs.length;
  if (good.length > room) complain(text("many", { most: MOST }), true);
  const added = good.slice(0, Math.max(0, room)).map((file) => ({ name: file.name, file, address: URL.createObjectURL(file), job: null }));
  photographs.push(...added);
  if (added.length && easel.stands !== "work") choose(added[0]);
  else hang();
}

async function formOf(one, signal) {
  const form = new FormData();
  form.append("content", one.file, "photograph");
  form.append("styles", await style(signal), "style");
  form.append("options", JSON.stringify({ framing: find("[name=framing]:checked").value }));
  form.append("settings", settingsOf({ recipe: find("[name=look]:checked").value }));
  return form;
}

/** Paint the chosen photograph, and then all others that were not painted yet. */
async function paint() {
  if (!chosen) return complain(text("no_photograph"));
  const first = chosen;
  const job = await easel.paint((signal) => formOf(first, signal));
  if (!job) return;
  first.job = job;
  hang();
  for (const one of photographs.filter(({ job }) => !job)) {
    try {
      one.job = await send("api/portraits", await formOf(one), () => {}, new AbortController().signal);
    } catch (error) {
      return told(error, "refused");
    }
    hang();
  }
}

/** Look now and then at the jobs that are not on the easel. */
async function lookAround() {
  for (const one of photographs) {
    if (!one.job || ["finished", "failed", "cancelled"].includes(one.job.state)) continue;
    const next = await look(one.job.id, "portrait").catch(() => null);
    if (next && next.state !== one.job.state) {
      one.job = next;
      hang();
    }
  }
  setTimeout(lookAround, LOOK_MS);
}

/** What stands on the easel has changed. */
function stood(job) {
  if (chosen && job) {
    const before = chosen.job?.state;
    chosen.job = job;
    if (before !== job.state) hang();
  }
  beside();
}

/** The portrait of the chosen photograph was removed. */
function forget() {
  if (chosen) chosen.job = null;
  hang();
}

/** Show the photograph of a job that the address names: it lies in the studio. */
async function recall() {
  await easel.recall();
  if (!easel.job) return;
  chosen = { name: "", file: null, address: inputOf(easel.job.id, "content"), job: easel.job };
  beside();
}

function hearVisitor() {
  hearFiles("#photographs", take);
  hearDrops(take);
  fillSamples((file) => take([file]));
  for (const radio of document.querySelectorAll("[name=look]")) {
    radio.addEventListener("change", () => {
      find("#strength").value = radio.dataset.strength; // as its recipe has it
      find("#strength").dispatchEvent(new Event("input"));
    });
  }
  new MutationObserver(beside).observe(find("#shown"), { attributeFilter: ["hidden", "src"] });
  find("#paint").addEventListener("click", paint);
}

async function start() {
  if (!opened()) return;
  easel = new Easel({ kind: "portrait", address: "api/portraits", stood: (_, job) => easel && stood(job), removed: forget });
  fillStyles();
  hearStrength();
  hearVisitor();
  await recall();
  lookAround();
}

await start();
