// The page's words in the person's language, which `language.js` may have chosen.
(() => {
  const { words, textbook } = window.impasto;
  const language = (navigator.language || "en").toLowerCase().startsWith("zh") ? "zh" : "en";
  const text = (key, parts = {}) => words[language][key].replace(/\{(\w+)\}/g, (_, name) => parts[name]);
  document.documentElement.lang = language;

  // What the server writes once for everybody gets its words here.
  const fresh = (selector) => {
    const found = [...document.querySelectorAll(`${selector}:not([data-spoken])`)];
    for (const element of found) element.dataset.spoken = "yes";
    return found;
  };
  const touch = matchMedia("(pointer: coarse)").matches;
  const translate = () => {
    for (const element of fresh("[data-text]")) element.textContent = text(element.dataset.text);
    for (const element of fresh("[data-words]")) element.ariaLabel = text(element.dataset.words);
    for (const time of fresh("time[datetime]")) {
      const style = { year: "numeric", month: "short", day: "numeric", hour: "2-digit", minute: "2-digit" };
      time.textContent = new Date(time.dateTime).toLocaleString(navigator.language, style);
    }
    const other = language === "en" ? "zh" : "en", address = new URL(location.href);
    address.searchParams.set("lang", other);
    for (const link of fresh("[data-language]")) Object.assign(link, { textContent: text("other_language"), lang: other });
    for (const link of document.querySelectorAll("[data-language]")) link.href = address.href; // with the job of now
    for (const radio of document.querySelectorAll("#setting-recipe input[type=radio]")) {
      if (textbook.includes(radio.value)) radio.closest("label").dataset.textbook = "";
    }
    // By ear two places to drop a picture would be one and the same.
    for (const button of fresh("#pictures button[aria-label]:has(.wrap p)")) {
      const place = button.closest("[id$=-slot]").id, style = place.startsWith("style");
      const line = button.querySelector(".wrap p");
      if (touch) line.textContent = text(style ? "tap_style" : "tap_photograph");
      const name = place.replace("content-slot", "photograph").replace("-1-slot", "").replace("-slot", "").replace("-", "_");
      button.ariaLabel = `${text(name)}: ${line.innerText.trim().replace(/\s+/g, " ")}`;
    }
  };
  // A line for the person in a place of the page's own; no sentence takes it away.
  const complain = (id, sentence) => {
    const line = Object.assign(document.createElement("p"), { className: "notice error", role: "alert", textContent: sentence });
    document.getElementById(id)?.replaceChildren(...(sentence ? [line] : []));
  };
  const heavy = (key, { name, size }) => {
    const { most } = window.impasto, mb = (bytes) => (bytes / 1e6).toFixed(1);
    return size > most ? text(key, { name, size: mb(size), most: mb(most) }) : "";
  };
  Object.assign(window.impasto, { language, text, translate, complain, heavy });
})();
