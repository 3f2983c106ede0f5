// The page's own script: it opens cards and samples without leaving the page.
// What it has to say to the server it writes into hidden text fields, as a person would.
(() => {
  const { words } = window.impasto;
  const chinese = (navigator.language || "en").toLowerCase().startsWith("zh");
  const text = (key, parts = {}) =>
    words[chinese ? "zh" : "en"][key].replace(/\{(\w+)\}/g, (_, name) => parts[name]);
  document.documentElement.lang = chinese ? "zh" : "en";

  const say = (name, value) => {
    const field = document.querySelector(`#hidden-${name} textarea, #hidden-${name} input`);
    if (!field) return;
    field.value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };

  // Cards and samples -------------------------------------------------------------------------
  let picks = 0;
  document.addEventListener("click", (event) => {
    const card = event.target.closest?.("[data-open]");
    if (card && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      say("open", `${card.dataset.open}#${++picks}`); // a number, so that twice is twice
      arrive();
    }
    const pick = event.target.closest?.("[data-pick]");
    if (pick) say("pick", `${pick.dataset.pick}#${++picks}`);
  });

  // Panels that open ----------------------------------------------------------------------------
  // Gradio writes the first values of a panel's settings a frame after it has opened, over whatever
  // was typed before: until then nothing can be typed there.
  document.addEventListener(
    "click",
    (event) => {
      const panel = event.target.closest?.(".label-wrap")?.parentElement;
      const content = panel?.querySelector("[data-testid='accordion-content']");
      if (!content) return;
      content.inert = true;
      let frames = 3;
      const wait = () => (frames-- ? requestAnimationFrame(wait) : (content.inert = false));
      wait();
    },
    true, // before Gradio hears of it
  );

  // A picture may fall onto one that is there, and one that misses its place opens in no window ----
  document.addEventListener("dragover", (event) => event.preventDefault());
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    const place = event.target.closest?.("#content, #style-1, #style-2, #style-3");
    const files = event.dataTransfer?.files;
    if (!files?.length || !place?.querySelector("img")) return;
    const carried = new DataTransfer();
    for (const file of files) carried.items.add(file);
    place.querySelector(".icon-button-wrapper button, button[aria-label]")?.click();
    let frames = 120;
    const fall = () => {
      const free = !place.querySelector("img") && place.querySelector("button");
      if (free) free.dispatchEvent(new DragEvent("drop", { bubbles: true, dataTransfer: carried }));
      else if (frames--) requestAnimationFrame(fall);
    };
    fall();
  });

  // The job on the easel is in the address, so that a reload finds it ---------------------------
  let shown = null;
  const follow = () => {
    const easel = document.querySelector(".easel");
    if (!easel || easel.dataset.job === shown) return;
    const first = shown === null;
    shown = easel.dataset.job;
    const address = new URL(location.href);
    if (first && !shown && address.searchParams.has("job")) return void (shown = null);
    shown ? address.searchParams.set("job", shown) : address.searchParams.delete("job");
    history.replaceState(history.state, "", address);
    if (!first && shown) arrive();
  };
  const arrive = () => {
    const easel = document.querySelector("#result");
    const top = easel?.getBoundingClientRect().top ?? 0;
    if (top < 0 || top > innerHeight * 0.35) {
      const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
      easel.scrollIntoView({ behavior: calm ? "auto" : "smooth", block: "start" });
    }
  };

  // Words that the server writes once for everybody ----------------------------------------------
  const translate = () => {
    for (const button of document.querySelectorAll("[data-words]:not([data-spoken])")) {
      button.setAttribute("aria-label", text(button.dataset.words, { name: button.dataset.name }));
      button.dataset.spoken = "yes";
    }
    for (const time of document.querySelectorAll("time[datetime]:not([data-spoken])")) {
      const style = { year: "numeric", month: "short", day: "numeric", hour: "2-digit", minute: "2-digit" };
      time.textContent = new Date(time.dateTime).toLocaleString(navigator.language, style);
      time.dataset.spoken = "yes";
    }
    const ends = document.querySelector("#setting-strength");
    if (ends && !ends.querySelector(".ends")) {
      const [left, right] = text("strength_ends").split("|");
      const line = document.createElement("div");
      line.className = "ends";
      line.ariaHidden = "true";
      for (const end of [left, right]) line.append(Object.assign(document.createElement("span"), { textContent: end }));
      ends.append(line);
    }
  };

  const brush = window.impasto.brush({ text, say });
  const recipes = window.impasto.recipes({ text, say });
  let waiting = false;
  const look = () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      follow();
      translate();
      brush();
      recipes();
    });
  };
  window.impasto.look = look;
  new MutationObserver(look).observe(document.documentElement, { childList: true, subtree: true, attributes: true, attributeFilter: ["src", "data-job"] });
  look();
})();
