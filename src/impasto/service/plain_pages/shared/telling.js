// What a page says of its work: how far it is, and what went wrong.

import { complain, number, text } from "../live/words.js";

/** Put sentences into the line below the easel. */
export const tell = (...sentences) => (document.querySelector("#facts").textContent = sentences.filter(Boolean).join(" · "));

/** Say what went wrong: what the studio answered, that it did not (status 0), or what this page did not foresee. */
export function told(error, key = "answer") {
  if (error.name === "AbortError") return; // the visitor took it back
  if (error.status === undefined) {
    console.error(error);
    complain(text("broken", { reason: error.message }));
  } else {
    complain(error.status ? text(key, { reason: error.detail }) : text("unreachable"));
  }
}

/** How long it takes yet, in words; nothing where nobody knows. */
export function left(seconds) {
  if (typeof seconds !== "number" || !Number.isFinite(seconds)) return "";
  if (seconds < 90) return text("left_seconds", { seconds: number(Math.ceil(seconds)) });
  return text("left_minutes", { minutes: number(Math.round(seconds / 60)) });
}

/** Paragraphs of what a job has to tell. */
export function note(notes) {
  const lines = notes.map((one) => Object.assign(document.createElement("p"), { textContent: text("note", { note: one }) }));
  document.querySelector("#notes").replaceChildren(...lines);
}
