// The page's own script: it starts the others, and keeps the painting on the easel in the address.
// What it has to say to the server it writes into hidden text fields, as a person would.
(() => {
  const { samples, translate, text } = window.impasto;
  const say = (name, value) => {
    const field = document.querySelector(`#hidden-${name} textarea, #hidden-${name} input`);
    if (!field) return;
    field.value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };
  let turns = 0;
  const ask = (name, value) => say(name, `${value}#${++turns}`); // a number, so that twice is twice

  // The job on the easel is in the address, so that a reload finds it ---------------------------
  let shown = null;
  // Not after a reload: the browser goes back to where the page stood.
  const isLink = performance.getEntriesByType("navigation")[0]?.type === "navigate";
  const follow = () => {
    const easel = document.querySelector(".easel");
    if (!easel || easel.dataset.job === shown) return;
    const first = shown === null;
    shown = easel.dataset.job;
    const address = new URL(location.href);
    if (first && !shown && address.searchParams.has("job")) return void (shown = null);
    shown ? address.searchParams.set("job", shown) : address.searchParams.delete("job");
    history.replaceState(history.state, "", address);
    if (shown && (!first || isLink)) arrive();
  };
  const arrive = () => {
    const easel = document.querySelector("#result");
    const top = easel?.getBoundingClientRect().top ?? 0;
    if (top < 0 || top > innerHeight * 0.35) {
      const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
      easel.scrollIntoView({ behavior: calm ? "auto" : "smooth", block: "start" });
    }
  };
  window.impasto.arrive = arrive;

  const pictures = window.impasto.pictures(), settings = window.impasto.settings();
  const easel = window.impasto.easel({ ask }), brush = window.impasto.brush({ text, say });
  const recipes = window.impasto.recipes({ ask }), tryOn = window.impasto.tryOn();
  let waiting = false;
  const look = () => {
    easel.drawn(); // at once: it would be seen to fold and unfold
    tryOn.drawn();
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      for (const part of [follow, translate, samples.translate, easel.look, pictures, settings, brush, recipes, tryOn.look]) part();
    });
  };
  window.impasto.look = look;
  const watched = { childList: true, subtree: true, attributes: true, attributeFilter: ["src", "data-job"] };
  new MutationObserver(look).observe(document.documentElement, watched);
  look();
})();
