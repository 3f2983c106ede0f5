// The page of films: a clip and a style go to the studio, and what is painted comes back as it is.

import { complain, contents, megabytes, number, opened, text } from "../plain/words.js";
import { advance, hearStrength, remember, settingsOf } from "../plain/easel.js";
import { hearDrops, hearFiles } from "../plain/files.js";
import { fillStyles, style } from "../plain/style.js";
import { left, note, tell, told } from "../plain/telling.js";
import { cancel, filmOf, listen, look, previewOf, purge, send } from "../plain/watch.js";

const KIND = "video";
const find = (selector) => document.querySelector(selector);
const shown = find("#shown"), frame = find("#frame"), bar = find("#bar"), facts = find("#facts");
let clip = null, job = null, sending = null;

/** What stands on the easel: "empty", "clip", "work" or "film". */
function stand(what) {
  find("#easel").classList.toggle("empty", what === "empty");
  find(".blank").hidden = what !== "empty";
  shown.hidden = !["clip", "film"].includes(what);
  frame.hidden = what !== "work";
  bar.hidden = what !== "work";
  find("#stop").hidden = what !== "work";
  find("#paint").hidden = find("label.file:has(#clip)").hidden = what === "work";
  find("#save").hidden = what !== "film";
  find("#remove").hidden = what === "work" || !job;
  find("#easel").dataset.stands = what;
}

/** Put the clip back on the easel, or nothing where none was chosen. */
function standClip() {
  if (!clip) shown.removeAttribute("src");
  else if (shown.src !== clip.address) shown.src = clip.address;
  stand(clip ? "clip" : "empty");
}

/** Forget the job that was watched; its address too. */
function forget() {
  job = null;
  remember("");
  note([]);
}

function take(file) {
  complain("");
  const { name, size } = file, { bytes } = contents.limits;
  if (size > bytes) return complain(text("heavy", { name, size: megabytes(size), most: megabytes(bytes) }));
  if (clip) URL.revokeObjectURL(clip.address);
  clip = { file, address: URL.createObjectURL(file) };
  forget();
  tell(text("chosen", { name, size: megabytes(size) }));
  shown.onerror = () => complain(text("unshown", { name }), true);
  standClip();
}

/** The seconds that a box holds, or null. */
const seconds = (selector) => (find(selector).value === "" ? null : Number(find(selector).value));

/** Seconds as they are said: whole, or with tenths. */
const tenths = (value) => number(value, Number.isInteger(value) ? 0 : 1);

/** What the browser knows to be beyond the studio's limits; a sentence, or nothing. */
function beyond(start, end) {
  const { pixels, seconds: most } = contents.limits, { width, height, duration } = clip, { name } = clip.file;
  if (end !== null && end <= (start ?? 0)) return text("no_part");
  if (width * height > pixels) return text("large", { name, width, height, most: number(pixels / 1e6, 1) });
  const span = Math.min(end ?? Infinity, duration || Infinity) - (start ?? 0);
  return Number.isFinite(span) && span > most ? text("long", { seconds: tenths(span), most: tenths(most) }) : "";
}

async function paint() {
  complain("");
  if (!clip) return complain(text("no_film"));
  const [start, end] = ["#start", "#end"].map(seconds);
  const refusal = beyond(start, end);
  if (refusal) return complain(refusal);
  const options = { sound: find("#sound").checked, ...(start && { start }), ...(end && { end }) };
  const { signal } = (sending = new AbortController());
  const stood = find("#easel").dataset.stands, said = facts.textContent;
  shown.pause();
  frame.removeAttribute("src");
  stand("work");
  advance(0);
  tell(text("checking"));
  let next;
  try {
    const form = new FormData();
    form.append("film", clip.file, "film");
    form.append("styles", await style(signal), "style");
    form.append("settings", settingsOf());
    form.append("options", JSON.stringify(options));
    const went = (done, size) => {
      advance(done / size);
      tell(done < size ? text("sending", { done: megabytes(done), size: megabytes(size) }) : text("checking"));
    };
    next = await send("api/films", form, went, signal);
  } catch (error) {
    stand(stood);
    tell(said);
    return told(error, "refused");
  } finally {
    sending = null;
  }
  follow(next);
  if (signal.aborted) await stop(); // it was all sent by then
}

/** Watch a film as it is painted. */
function follow(next) {
  if (next.id !== job?.id) note([]); // they are another film's
  job = next;
  remember(job.id);
  stand("work");
  advance(null);
  tell(text("waiting"));
  const { id } = job;
  const hear = {
    part: ({ kind, number: at, count, frames_per_s: rate, seconds_left: rest }) => {
      if (kind === "frame") {
        advance(at / count);
        tell(text("painting", { number: number(at), count: number(count) }), rate && text("rate", { number: number(rate, 1) }), left(rest));
      } else {
        advance(null);
        tell(text("scanning", { number: number(at) }));
      }
      facts.dataset.frame = kind === "frame" ? at : 0;
    },
    preview: ({ step }) => {
      frame.alt = text("frame");
      frame.src = previewOf(id, step);
    },
  };
  listen(id, hear, () => look(id, KIND).then(end, gone));
}

/** Show how a job ended; one that has not is listened to again. */
function end(next) {
  job = next;
  note(job.notes);
  if (job.state === "finished") {
    shown.onerror = null;
    shown.src = filmOf(job.id);
    find("#save").href = filmOf(job.id, true);
    stand("film");
    tell(text("done", { count: number(job.step), seconds: number(job.seconds, job.seconds < 10 ? 1 : 0) }));
  } else if (job.state === "failed" || job.state === "cancelled") {
    standClip();
    tell();
    if (job.state === "failed") complain(text("failed", { reason: job.error }));
    else complain(text("cancelled"), true);
  } else {
    setTimeout(follow, 1000, job);
  }
}

/** Leave a film that cannot be looked at; only of one that is nowhere is its address forgotten. */
function gone(error) {
  const nowhere = error.status === 404;
  if (nowhere) forget();
  standClip();
  tell();
  if (nowhere) complain(text("gone"));
  else told(error);
}

/** Take back what is being sent; else end the job that is watched. */
async function stop() {
  tell(text("stopping"));
  if (sending) sending.abort();
  else await cancel(job.id).catch(told);
}

async function remove() {
  try {
    await purge(job.id);
  } catch (error) {
    if (error.status !== 404) return told(error);
  }
  forget();
  standClip();
  tell();
  complain(text("removed"), true);
}

function hearVisitor() {
  hearFiles("#clip", ([file]) => take(file));
  shown.addEventListener("loadedmetadata", () => {
    const { videoWidth: width, videoHeight: height, duration } = shown;
    if (shown.src === clip?.address) Object.assign(clip, { width, height, duration }); // else it is the painted film
  });
  hearDrops(([file]) => find("#easel").dataset.stands !== "work" && take(file));
  hearStrength();
  find("#paint").addEventListener("click", paint);
  find("#stop").addEventListener("click", stop);
  find("#remove").addEventListener("click", remove);
}

async function start() {
  if (!opened(() => !contents.ready && "missing")) return;
  fillStyles();
  hearVisitor();
  stand("empty");
  const id = new URLSearchParams(location.search).get("job");
  if (id) await look(id, KIND).then((next) => (["queued", "running"].includes(next.state) ? follow(next) : end(next)), gone);
}

await start();
