// A setting that is wrong is shown where it stands, however many panels are closed above it.
window.impasto.settings = () => {
  const { groups } = window.impasto;
  const place = (name) => document.querySelector(`#setting-${name}`);
  const frame = () => new Promise(requestAnimationFrame);

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

  const opened = async (find) => {
    for (let frames = 60; frames; frames--) {
      const head = find();
      if (head && !head.classList.contains("open")) head.click();
      if (head) return;
      await frame();
    }
  };
  const reveal = async (name, sentence) => {
    if (!place(name)?.offsetParent && name in groups) {
      await opened(() => document.querySelector("#advanced > .label-wrap"));
      await opened(() => document.querySelectorAll("#advanced .group > .label-wrap")[groups[name]]);
      for (let frames = 60; frames && !place(name)?.offsetParent; frames--) await frame();
    }
    const setting = place(name);
    if (!setting) return;
    setting.querySelector(".wrong")?.remove();
    setting.classList.add("wanted");
    setting.append(Object.assign(document.createElement("p"), { className: "wrong", textContent: sentence }));
    setting.scrollIntoView({ block: "nearest" });
  };
  const mend = (setting) => {
    setting?.classList.remove("wanted");
    setting?.querySelector(".wrong")?.remove();
  };
  document.addEventListener("input", (event) => mend(event.target.closest?.("[id^=setting-]")));
  return () => {
    const notice = document.querySelector("[data-settings]");
    if (notice?.dataset.known) return;
    for (const setting of document.querySelectorAll("[id^=setting-].wanted")) mend(setting);
    if (!notice) return;
    notice.dataset.known = "yes";
    for (const name of notice.dataset.settings.split(" ")) void reveal(name, notice.textContent);
  };
};
