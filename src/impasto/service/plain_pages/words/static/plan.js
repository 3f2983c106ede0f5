// What words come to, as a person reads it: styles with shares, settings, what is unknown, and the command line.

import { sampleOf } from "../plain/strip.js";
import { contents, language, number, text } from "../plain/words.js";

const PAINT = "paint:";

const element = (name, { parts = [], ...properties } = {}) => {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...parts);
  return made;
};

/** A style of the plan: its picture if it is a sample, its share. */
function styleLine({ source, share }) {
  const sample = sampleOf(source), words = sample ? sample[language] : source.replace(PAINT, "");
  const picture = sample ? element("img", { src: sample.thumbnail, alt: "" }) : element("span", { className: "made" });
  const percent = text("share", { number: number(100 * share) });
  const meter = element("meter", { min: 0, max: 1, value: share, ariaLabel: `${words}: ${percent}` });
  const name = element("span", { className: "name", parts: [words, ...(sample ? [" ", element("small", { textContent: source })] : [])] });
  return element("li", { parts: [picture, name, element("span", { className: "share", textContent: percent }), meter] });
}

const chip = (words, ...parts) => element("span", { className: "chip", parts: [...parts, words].filter(Boolean) });

/** Its settings, each as a chip. */
function chips(plan) {
  const dots = plan.palette.map((entry) => {
    const [colour, amount] = entry.split(":"); // the amounts of a plan are 1 together
    const dot = element("i", { title: amount ? `${colour} ${text("share", { number: number(100 * amount) })}` : colour });
    dot.style.background = colour;
    if (amount) dot.style.width = `${10 + 60 * amount}px`;
    return dot;
  });
  const shown = [];
  if (plan.strength !== null) shown.push(chip(text("set_strength", { value: number(plan.strength, 2) })));
  if (plan.style_scale !== null) shown.push(chip(text("set_style_scale", { value: number(plan.style_scale, 2) })));
  if (dots.length) shown.push(chip(text("set_palette"), ...dots));
  for (const [tone, amount] of Object.entries(plan.tone)) shown.push(chip(`${contents.tones[tone]?.[language] ?? tone} ${number(amount, 1)}`));
  if (plan.color) shown.push(chip(text("set_color")));
  if (plan.direction !== null) shown.push(chip(text("set_direction", { value: number(plan.direction) })));
  return shown;
}

/** A line for words that nothing was made of; a term that is near takes their place when it is pressed. */
function unknownLine({ words, nearest, region }, replace) {
  if (region) return element("p", { className: "unknown", parts: [element("b", { textContent: words }), text("region")] });
  const near = nearest.map((term) => {
    const button = element("button", { type: "button", className: "near", textContent: term });
    button.addEventListener("click", () => replace(words, term));
    return button;
  });
  const parts = [text("unknown"), element("b", { textContent: words }), ...(near.length ? [text("nearest"), ...near] : [])];
  return element("p", { className: "unknown", parts });
}

function commandLine(line) {
  const copy = element("button", { type: "button", textContent: text("copy") });
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(line);
    copy.textContent = text("copied");
  });
  const command = element("div", { className: "command", parts: [element("code", { textContent: line }), copy] });
  return element("details", { parts: [element("summary", { textContent: text("command") }), command] });
}

/**
 * Show a plan.
 * @param guided whether the words guide the painting too
 * @param replace called with unknown words and the term that shall stand in their place
 */
export function showPlan(place, plan, { guided, replace }) {
  const settings = chips(plan);
  place.classList.remove("wrong");
  place.replaceChildren(
    element("h3", { textContent: text("plan") }),
    element("ul", { className: "styles", parts: plan.styles.map(styleLine) }),
    ...(settings.length ? [element("div", { className: "chips", parts: settings })] : []),
    ...plan.unknown.map((one) => unknownLine(one, replace)),
    ...plan.notes.map((note) => element("p", { className: "hint", textContent: text("note", { note }) })),
    ...(guided ? [element("p", { className: "hint", textContent: text("guided") })] : []),
    commandLine(plan.command_line),
  );
}

/** Show why there is none. */
export function showRefusal(place, sentence) {
  place.classList.add("wrong");
  place.replaceChildren(element("p", { textContent: text("answer", { reason: sentence }) }));
}
