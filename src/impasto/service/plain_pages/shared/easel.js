// The easel of a page that paints one kind of job: it is sent, seen as it is painted, and kept.

import { complain, megabytes, number, text, translate } from "./words.js";
import { left, note, tell, told } from "./telling.js";
import { cancel, imageOf, listen, look, previewOf, purge, send } from "./watch.js";

const find = (selector) => document.querySelector(selector);
const shown = find("#shown"), bar = find("#bar");
const AGAIN_MS = 1000;

/** How much of the work is done, from 0 to 1; null where nobody knows. */
export function advance(share) {
  if (share === null) bar.removeAttribute("value");
  else bar.value = share;
}

/** Put a job into the page's address, so that another visit finds it; "" takes it out. */
export function remember(id) {
  const address = new URL(location.href);
  if (id) address.searchParams.set("job", id);
  else address.searchParams.delete("job");
  history.replaceState(null, "", address);
  translate(); // the link to the other language keeps the job
}

export class Easel {
  /**
   * @param page.kind of its jobs
   * @param page.address where they are posted
   * @param page.stood called with what stands there, "empty", "ready", "work" or "done", and its job
   * @param page.removed called when the job that was watched is removed
   */
  constructor({ kind, address, stood = () => {}, removed = () => {} }) {
    Object.assign(this, { kind, address, stood, removed, job: null, sending: null, resting: ["", ""] });
    find("#stop").addEventListener("click", () => this.stop());
    find("#remove").addEventListener("click", () => this.remove());
    this.rest();
  }

  get stands() {
    return find("#easel").dataset.stands;
  }

  #stand(what) {
    const easel = find("#easel");
    easel.classList.toggle("empty", what === "empty");
    easel.dataset.stands = what;
    find(".blank").hidden = what !== "empty";
    shown.hidden = what === "empty" || !shown.hasAttribute("src");
    bar.hidden = find("#stop").hidden = what !== "work";
    find("#paint").hidden = what === "work";
    find("#save").hidden = what !== "done";
    find("#remove").hidden = what === "work" || !this.job;
    this.stood(what, this.job);
  }

  #show(address, alt) {
    shown.alt = alt;
    if (address) shown.src = address;
    else shown.removeAttribute("src");
  }

  /** Put a picture there that waits to be painted, or none; a job that was watched is left. */
  rest(address = "", alt = "") {
    this.resting = [address, alt];
    if (this.job) {
      this.job = null;
      remember("");
      note([]);
    }
    this.#rest();
  }

  #rest() {
    this.#show(...this.resting);
    this.#stand(this.resting[0] ? "ready" : "empty");
  }

  /**
   * Send a form, and watch its job; gives the job, or nothing if there is none.
   * @param ask gives the form; a signal takes the wish back
   */
  async paint(ask) {
    complain("");
    const { signal } = (this.sending = new AbortController());
    const stood = this.stands, said = find("#facts").textContent;
    this.#stand("work");
    advance(0);
    tell(text("checking"));
    let next;
    try {
      const form = await ask(signal);
      const went = (done, size) => {
        advance(done / size);
        tell(done < size ? text("sending", { done: megabytes(done), size: megabytes(size) }) : text("checking"));
      };
      next = await send(this.address, form, went, signal);
    } catch (error) {
      this.#stand(stood);
      tell(said);
      told(error, "refused");
      return null;
    } finally {
      this.sending = null;
    }
    this.follow(next);
    if (signal.aborted) await this.stop(); // it was all sent by then
    return next;
  }

  /** Watch a job as it is painted. */
  follow(next) {
    if (next.id !== this.job?.id) note([]); // they are another job's
    this.job = next;
    remember(next.id);
    if (["finished", "failed", "cancelled"].includes(next.state)) return this.#end(next);
    this.#stand("work");
    advance(null);
    tell(text("waiting"));
    const { id } = next, mine = () => this.job?.id === id;
    const hear = {
      step: ({ step, steps, seconds }) => {
        if (!mine()) return;
        advance(step / steps);
        tell(text("painting", { number: number(step), count: number(steps) }), left((seconds / step) * (steps - step)));
      },
      preview: ({ step }) => {
        if (!mine()) return;
        this.#show(previewOf(id, step), text("picture_so_far"));
        shown.hidden = false;
      },
    };
    listen(id, hear, () => mine() && look(id, this.kind).then((job) => mine() && this.#end(job), (error) => mine() && this.gone(error)));
  }

  #end(job) {
    this.job = job;
    note(job.notes);
    if (job.state === "finished") {
      this.#show(imageOf(job.id), text("painted_picture"));
      Object.assign(find("#save"), { href: imageOf(job.id), download: "" });
      this.#stand("done");
      tell(text("done", { seconds: number(job.seconds, job.seconds < 10 ? 1 : 0) }), job.size && text("size", { width: job.size[1], height: job.size[0] }));
    } else if (["failed", "cancelled"].includes(job.state)) {
      this.#rest();
      tell();
      if (job.state === "failed") complain(text("failed", { reason: job.error }));
      else complain(text("cancelled"), true);
    } else {
      setTimeout(() => this.job?.id === job.id && this.follow(job), AGAIN_MS);
    }
  }

  /** Leave a job that cannot be looked at; only of one that is nowhere is the address forgotten. */
  gone(error) {
    const nowhere = error.status === 404;
    if (nowhere) this.rest(...this.resting);
    else this.#rest();
    tell();
    if (nowhere) complain(text("gone"));
    else told(error);
  }

  /** Take back what is being sent; else end the job that is watched. */
  async stop() {
    tell(text("stopping"));
    if (this.sending) this.sending.abort();
    else await cancel(this.job.id).catch(told);
  }

  async remove() {
    try {
      await purge(this.job.id);
    } catch (error) {
      if (error.status !== 404) return told(error);
    }
    this.rest(...this.resting);
    this.removed();
    tell();
    complain(text("removed"), true);
  }

  /** Watch the job that the page's address names, if it names one. */
  async recall() {
    const id = new URLSearchParams(location.search).get("job");
    if (id) await look(id, this.kind).then((job) => this.follow(job), (error) => this.gone(error));
  }
}

/** The settings that the page's own controls say, and what more is given. */
export function settingsOf(more = {}) {
  const side = find("[name=side]:checked")?.value, strength = find("#strength")?.value;
  return JSON.stringify({ ...(strength && { strength: Number(strength) / 100 }), ...(side && { size: Number(side) }), ...more });
}

/** Let the strength's number follow its slider. */
export function hearStrength() {
  const strength = find("#strength"), say = () => (find("output[for=strength]").textContent = text("percent", { number: strength.value }));
  strength.addEventListener("input", say);
  say();
}
