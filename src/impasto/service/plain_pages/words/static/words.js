// The page of words: a photograph and a phrase; what the phrase comes to is shown as it is typed, and Paint paints it.

import { complain, contents, opened, text } from "../plain/words.js";
import { Easel, settingsOf } from "../plain/easel.js";
import { hearDrops, hearFiles } from "../plain/files.js";
import { fillSamples } from "../plain/photographs.js";
import { taken } from "../plain/style.js";
import { ask, inputOf, picture } from "../plain/watch.js";
import { showPlan, showRefusal } from "./plan.js";

const find = (selector) => document.querySelector(selector);
const phrase = find("#phrase"), plan = find("#plan");
const PAUSE_MS = 250; // of typing, before the plan is asked for
const EXAMPLES = ["example_1", "example_2", "example_3"];

let easel = null, photograph = null, due = 0, asking = null;
let shown = null; // the plan that is shown
let described = null; // the plan that a language model made of the phrase as it stands

/** Ask for the plan, once the typing rests. */
function planSoon() {
  clearTimeout(due);
  asking?.abort();
  described = shown = null;
  if (phrase.value.trim()) due = setTimeout(() => makePlan(), PAUSE_MS);
  else plan.replaceChildren();
}

async function makePlan(byModel = false) {
  const { signal } = (asking = new AbortController());
  const body = JSON.stringify({ text: phrase.value.trim(), described: byModel });
  try {
    const answer = await ask("api/plan", { method: "POST", headers: { "Content-Type": "application/json" }, body, signal });
    const made = await answer.json();
    if (byModel) described = made;
    shown = made;
    show();
  } catch (error) {
    if (error.name !== "AbortError") showRefusal(plan, error.status ? error.detail : text("unreachable"));
  }
}

/** How much the words guide the painting itself. */
const guide = () => Number(find("[name=guide]:checked").value);

function show() {
  if (shown) showPlan(plan, shown, { guided: guide() > 0, replace: (words, term) => say(phrase.value.replace(words, term)) });
}

/** Let the language model read the phrase: only here are words sent to it. */
async function describe() {
  if (!phrase.value.trim()) return complain(text("no_phrase"));
  complain("");
  planSoon();
  clearTimeout(due);
  const button = find("#describe");
  button.disabled = true;
  await makePlan(true);
  button.disabled = false;
}

function say(words) {
  phrase.value = words;
  planSoon();
}

function take(file) {
  if (!taken(file)) return;
  complain("");
  photograph = { file, address: URL.createObjectURL(file) };
  easel.rest(photograph.address, text("photograph", { name: file.name }));
}

async function formOf() {
  const form = new FormData();
  form.append("content", photograph.file, "photograph");
  if (described) form.append("plan", JSON.stringify(described));
  else form.append("text", phrase.value.trim());
  form.append("settings", settingsOf(guide() > 0 ? { text_weight: guide() } : {}));
  return form;
}

async function paint() {
  if (!photograph) return complain(text("no_photograph"));
  if (!phrase.value.trim()) return complain(text("no_phrase"));
  const job = await easel.paint(formOf);
  if (!described && job?.plan?.text === phrase.value.trim()) showPainted(job.plan);
}

/** Show the plan of a job: who read the words before may not have answered for it. */
function showPainted(made) {
  clearTimeout(due);
  asking?.abort();
  shown = made;
  show();
}

/** Show the job that the address names, with its photograph and its words. */
async function recall() {
  await easel.recall();
  if (!easel.job) return;
  const { id, plan: planned, settings } = easel.job;
  const weight = find(`[name=guide][value="${settings.text_weight}"]`);
  if (contents.guides && weight) weight.checked = true;
  if (planned) {
    phrase.value = planned.text;
    showPainted(planned);
  }
  const file = await picture(inputOf(id, "content")).catch(() => null); // it may be swept away
  if (file) photograph = { file, address: URL.createObjectURL(file) };
}

function hearVisitor() {
  phrase.maxLength = contents.limits.phrase;
  phrase.placeholder = text("example_1");
  phrase.addEventListener("input", planSoon);
  find("#reader").hidden = !contents.reader;
  find("#guiding").hidden = !contents.guides;
  find("#guiding").addEventListener("change", show);
  find("#describe").addEventListener("click", describe);
  for (const key of EXAMPLES) {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: text(key) });
    button.addEventListener("click", () => say(text(key)));
    find("#examples").append(button);
  }
  hearFiles("#photograph", ([file]) => take(file));
  hearDrops(([file]) => easel.stands !== "work" && take(file));
  fillSamples(take);
  find("#paint").addEventListener("click", paint);
}

async function start() {
  if (!opened()) return;
  easel = new Easel({ kind: "painting", address: "api/jobs" });
  hearVisitor();
  await recall();
}

await start();
