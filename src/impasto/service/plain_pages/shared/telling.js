// What a page says of its work: how far it is, and what went wrong.

import { complain, number, text } from "./words.js";

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

const FEW = 3; // notes that are read at a glance

/** Paragraphs of what a job has to tell; many of them unfold. */
export function note(notes) {
  const place = document.querySelector("#notes");
  const lines = notes.map((one) => Object.assign(document.createElement("p"), { textContent: text("note", { note: one }) }));
  if (lines.length <= FEW) return place.replaceChildren(...lines);
  const details = document.createElement("details");
  details.append(Object.assign(document.createElement("summary"), { textContent: text("notes", { count: number(lines.length) }) }), ...lines);
  return place.replaceChildren(details);
}
