// The samples: what each is, in the person's language, stands below them while it is pointed at.
(() => {
  const { text, language } = window.impasto;
  const say = (pick) => {
    const line = document.querySelector(".samples .caption");
    if (line) line.textContent = pick?.dataset[language] ?? text("samples_hint", line.dataset);
  };
  const pickOf = (event) => event.target.closest?.(".pick");
  const focused = () => document.activeElement?.closest?.(".pick");
  for (const type of ["pointerover", "focusin"]) {
    document.addEventListener(type, (event) => pickOf(event) && say(pickOf(event)));
  }
  for (const type of ["pointerout", "focusout"]) {
    document.addEventListener(type, (event) => pickOf(event) && say(event.type === "pointerout" ? focused() : null));
  }
  const translate = () => {
    for (const pick of document.querySelectorAll(".pick:not([data-spoken])")) {
      pick.dataset.spoken = "yes";
      pick.firstElementChild.alt = pick.dataset[language];
    }
    if (document.querySelector(".samples .caption:empty")) say(null);
  };
  window.impasto.samples = { translate };
})();
