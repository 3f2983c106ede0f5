// The live page: a source, a style, and a painting that follows both. Nothing leaves the browser.

import { hearDrops, hearFiles } from "../plain/files.js";
import { fillPhotographs } from "../plain/strip.js";
import { complain, contents, megabytes, number, opened, text } from "../plain/words.js";
import { Camera } from "./camera.js";
import { Painter, hasWasm } from "./painter.js";
import { decoded, fitted, pixels, sample } from "./pictures.js";
import { styles } from "./styles.js";

const WINDOW_MS = 2000; // over which frames a second are counted
const FACTS_MS = 400; // between two looks at them
const find = (selector) => document.querySelector(selector);
const setBusy = (now) => find("#easel").setAttribute("aria-busy", now);
const progress = (sentence) => {
  if (find("#progress").textContent !== sentence) find("#progress").textContent = sentence;
};
/** Say what is wrong with a picture or a camera; anything else is a fault of the page's. */
const told = (error) => {
  if (!error.key) throw error;
  complain(text(error.key, error.parts));
};

const sides = [...document.querySelectorAll("[name=side]")];
const smallestWork = Math.min(...sides.map(({ value }) => Number(value)));
const painting = find("#painting").getContext("2d"), before = find("#before").getContext("2d");
let painter = null, style = null, camera = null, photograph = null, facing = "user";
let busy = false, again = false, shownAt = 0, frames = [];

/** The pixels of the source at the size of the work; null where there is none yet. */
function grab(side) {
  const source = camera?.video ?? photograph;
  const [width, height] = camera ? [source.videoWidth, source.videoHeight] : [source?.width, source?.height];
  return width && height ? pixels(source, ...fitted(width, height, side), camera?.mirrored) : null;
}

function show(picture, source, seconds) {
  const { width, height } = picture;
  for (const pen of [painting, before]) {
    if (pen.canvas.width !== width || pen.canvas.height !== height) Object.assign(pen.canvas, { width, height });
  }
  painting.putImageData(picture, 0, 0);
  before.putImageData(source, 0, 0);
  find("#easel").classList.remove("empty");
  find(".blank").hidden = true;
  find(".compare").hidden = find("#save").hidden = find("#facts").hidden = false;
  const now = performance.now();
  frames = [...frames.filter((at) => now - at < WINDOW_MS), now];
  if (camera && now - shownAt < FACTS_MS) return;
  shownAt = now;
  const rate = frames.length > 1 ? ((frames.length - 1) * 1000) / (now - frames[0]) : 0;
  const facts = [
    camera ? rate && text("rate", { number: number(rate, 1) }) : text("took", { number: number(seconds, 2) }),
    text("work", { width, height }),
    painter.device === "webgpu" ? text("on_graphics") : text("on_processor", { threads: painter.threads }),
  ];
  find("#facts").replaceChildren(...facts.filter(Boolean).map((fact) => Object.assign(document.createElement("span"), { textContent: fact })));
  find("#facts").dataset.rate = rate.toFixed(2);
}

/** Paint until nothing has changed since the last painting began, and for as long as a camera is on. */
async function paint() {
  again = true;
  if (busy || !painter) return;
  busy = true;
  setBusy(true);
  try {
    while (again || (camera && !document.hidden)) {
      again = false;
      const side = Number(sides.find(({ checked }) => checked).value);
      const code = await style.code(Number(find("#share").value) / 100, side);
      const source = grab(side);
      if (source) {
        const copy = new ImageData(new Uint8ClampedArray(source.data), source.width, source.height);
        const { painting: picture, seconds } = await painter.paint(source, code, Number(find("#strength").value) / 100);
        if (camera || photograph) show(picture, copy, seconds);
        progress(text(camera ? "camera_status" : "painted_status"));
      } else {
        progress("");
        if (!camera) break;
        await new Promise(requestAnimationFrame); // the camera's first frame is still to come
      }
    }
  } catch (error) {
    error.key ? told(error) : complain(text("unpainted", { reason: error.message }));
  } finally {
    busy = false;
    setBusy(false);
  }
}

function stopCamera() {
  camera?.close();
  camera = null;
  frames = [];
  find("#camera").textContent = text("use_camera");
  find("#turn").hidden = true;
}

async function startCamera() {
  complain("");
  try {
    const opened = await Camera.open(facing, () => {
      stopCamera();
      complain(text("camera_ended"));
    });
    stopCamera();
    camera = opened;
    photograph = null;
    find("#camera").textContent = text("stop_camera");
    find("#turn").hidden = !(await Camera.several());
    paint();
  } catch (error) {
    told(error);
  }
}

async function takePhotograph(file) {
  complain("");
  setBusy(true);
  try {
    const picture = await decoded(file, smallestWork);
    stopCamera();
    photograph = picture;
    paint();
  } catch (error) {
    told(error);
  } finally {
    setBusy(busy);
  }
}

function listen() {
  find("#camera").addEventListener("click", () => (camera ? stopCamera() : startCamera()));
  find("#turn").addEventListener("click", () => {
    facing = facing === "user" ? "environment" : "user";
    stopCamera(); // some phones open one at a time
    startCamera();
  });
  hearFiles("#photograph", ([file]) => takePhotograph(file));
  hearDrops(([file]) => takePhotograph(file));
  for (const slider of document.querySelectorAll(".slide input")) {
    const say = () => (slider.parentElement.querySelector("output").textContent = text("percent", { number: slider.value }));
    slider.addEventListener("input", () => (say(), paint()));
    say();
  }
  for (const side of sides) side.addEventListener("change", () => ((frames = []), paint()));
  find("#wipe").addEventListener("input", ({ target }) => find(".compare").style.setProperty("--at", `${target.value}%`));
  find("#save").addEventListener("click", save);
  document.addEventListener("visibilitychange", () => camera && !document.hidden && paint());
  addEventListener("pagehide", stopCamera);
}

function save() {
  find("#painting").toBlob((file) => {
    const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(file), download: `impasto-${style.name()}.png` });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  }, "image/png");
}

const stages = {
  graph: ({ done, bytes }) => text("loading_graph", { done: megabytes(done), size: megabytes(bytes) }),
  starting: ({ wasm }) => text("starting", { size: megabytes(contents.runtime_bytes[wasm]) }),
};

/** What the page cannot do without; a key of its words, or nothing. */
function lack() {
  if (!hasWasm()) return "no_wasm";
  return contents.missing.length ? "missing" : "";
}

async function start() {
  if (!opened(lack)) return;
  style = styles({
    read: (picture) => (progress(text("reading")), painter.read(picture)),
    smallestWork,
    changed: paint,
    complain: told,
  });
  fillPhotographs((one) => sample(one).then(takePhotograph, told));
  listen();
  try {
    painter = await Painter.open(contents, (stage) => progress(stages[stage.stage](stage)));
    progress("");
    document.documentElement.dataset.device = painter.device;
    paint();
  } catch (error) {
    complain(text("broken", { reason: error.message }));
  }
}

await start();
