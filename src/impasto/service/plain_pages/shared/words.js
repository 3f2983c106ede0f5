// A page's words in the visitor's language, and what the server has, as the address that the HTML names says it.

export const contents = await fetch(document.documentElement.dataset.contents).then((answer) => (answer.ok ? answer.json() : null)).catch(() => null);

const known = contents?.languages ?? { en: "en-US" };
const is = (language) => Object.hasOwn(known, language ?? "");
const asked = new URLSearchParams(location.search).get("lang");
const kept = document.cookie.split("; ").find((one) => one.startsWith(`${contents?.cookie}=`))?.split("=")[1];
const spoken = navigator.language?.toLowerCase().startsWith("zh") ? "zh" : "en";

/** "en" or "zh": what a link chose, now or earlier, else what the browser speaks. */
export const language = [asked, kept, spoken].find(is) ?? "en";

/** A text of the page with its places filled; before the server answered there is only the HTML. */
export const text = (key, parts = {}) =>
  (contents?.words[language][key] ?? "").replace(/\{(\w+)\}/g, (_, name) => parts[name]);

/** A number with so many places, as the language writes it. */
export const number = (value, places = 0) =>
  value.toLocaleString(known[language], { minimumFractionDigits: places, maximumFractionDigits: places });

/** Bytes as whole megabytes, or tenths below ten. */
export const megabytes = (bytes) => number(bytes / 1e6, bytes < 1e7 ? 1 : 0);

/** Say what is wrong, or mildly what is; without a sentence, nothing. */
export function complain(sentence, mild = false) {
  const line = Object.assign(document.createElement("p"), { className: mild ? "notice mild" : "notice error", textContent: sentence });
  document.querySelector("#notice").replaceChildren(...(sentence ? [line] : []));
}

/**
 * Translate the page, and see whether it can work: what it lacks is said, and its desk is closed.
 * @param lack gives the key of what is missing, where the studio answers
 */
export function opened(lack = () => "") {
  translate();
  const key = contents && lack();
  if (contents && !key) return true;
  document.querySelector("#desk").inert = true;
  if (key) complain(text(key));
  else document.querySelector("#unreachable").hidden = false;
  return false;
}

/** Put everything that the HTML says into the visitor's language. */
export function translate() {
  if (!contents) return;
  if (is(asked)) document.cookie = `${contents.cookie}=${asked}; path=/; max-age=31536000; samesite=lax`;
  document.documentElement.lang = known[language];
  document.title = text("title");
  for (const element of document.querySelectorAll("[data-text]")) element.textContent = text(element.dataset.text);
  for (const element of document.querySelectorAll("[data-label]")) element.ariaLabel = text(element.dataset.label);
  const other = language === "en" ? "zh" : "en";
  const address = new URL(location.href);
  address.searchParams.set("lang", other);
  for (const link of document.querySelectorAll("[data-language]")) {
    Object.assign(link, { href: address.href, textContent: text("other_language"), lang: known[other] });
  }
}
