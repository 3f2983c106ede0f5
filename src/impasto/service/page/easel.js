// The easel and the wall: comparing, sharing, two paintings side by side, removing with a way back.
window.impasto.easel = ({ ask }) => {
  const { text } = window.impasto;
  const UNDO_MS = 8000;

  document.addEventListener("input", (event) => {
    const figure = event.target.closest?.(".compare");
    figure?.style.setProperty("--at", `${event.target.value}%`);
    figure?.classList.toggle("between", event.target.value % 100 !== 0);
  });

  // A card opens here, or is set beside the painting on the easel ----------------------------------
  const choosing = (button) => {
    const before = document.querySelector("[data-choosing]");
    before?.removeAttribute("data-choosing");
    if (before) before.textContent = text("beside");
    if (!button || before === button) return; // a second click is a change of mind
    button.dataset.choosing = button.textContent = text("beside_choose");
    document.querySelector("#wall")?.scrollIntoView({ block: "nearest", behavior: "smooth" });
  };
  const card = (event, link) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const beside = document.querySelector("[data-choosing]");
    ask(beside ? "set-beside" : "open", link.dataset.open);
    choosing(null);
    window.impasto.arrive();
  };
  const share = async (button) => {
    const name = `impasto-${button.dataset.share.slice(0, 8)}.jpeg`;
    const answer = await fetch(`api/jobs/${button.dataset.share}/image?format=jpeg`);
    if (!answer.ok) return;
    const data = await answer.blob(), files = [new File([data], name, { type: data.type })];
    await navigator.share({ files }).catch((error) => {
      if (error.name !== "AbortError") throw error; // else somebody thought better of it
    });
  };
  const full = (button) => {
    const figure = button.closest("figure");
    document.fullscreenElement ? document.exitFullscreen() : figure.requestFullscreen?.();
  };
  const verbs = { open: card, choose: (_, button) => choosing(button), share: (_, button) => share(button),
    full: (_, button) => full(button), undo: (_, button) => undo(button), pick: (_, button) => ask("pick", button.dataset.pick),
    look: (_, button) => document.querySelector(`#setting-recipe input[value="${button.dataset.look}"]`)?.click() };
  document.addEventListener("click", (event) => {
    for (const [name, verb] of Object.entries(verbs)) {
      const found = event.target.closest?.(`[data-${name}]`);
      if (found) return void verb(event, found);
    }
  });

  // What is removed goes a while later, so that it can be undone -----------------------------------
  let leaving = null;
  const line = (ids) => document.querySelector(`[data-remove="${ids.join(",")}"]`);
  const gone = () => document.querySelector("[data-remove]:not([data-known])");
  const end = () => {
    const { ids, timer } = leaving;
    clearTimeout(timer);
    line(ids)?.classList.add("over");
    leaving = null;
    return ids;
  };
  const remove = () => leaving && ask("remove", end().join(","));
  const undo = (button) => {
    if (!leaving) return;
    const fromEasel = button.closest("#notice-job"), [first] = end();
    if (fromEasel) ask("open", first);
    window.impasto.look();
  };
  addEventListener("pagehide", () => {
    leave(); // of a notice that came this instant
    const options = { method: "DELETE", keepalive: true };
    for (const id of leaving?.ids ?? []) void fetch(`api/jobs/${id}?purge=true`, options);
    leaving = null;
  });
  const leave = () => {
    const notice = gone();
    if (notice && !notice.dataset.known) {
      notice.dataset.known = "yes";
      if (leaving) remove();
      leaving = { ids: notice.dataset.remove.split(","), timer: setTimeout(remove, UNDO_MS) };
    }
    for (const link of document.querySelectorAll(".card[data-open]")) {
      link.hidden = leaving?.ids.includes(link.dataset.open) ?? false;
    }
  };

  // Whether the curves are open outlives the easel, which is drawn anew with each step --------------
  let open = false;
  document.addEventListener("toggle", (event) => {
    if (event.target.matches?.(".going") && event.target.isConnected) open = event.target.open;
  }, true);
  const drawn = () => {
    for (const fold of document.querySelectorAll(".going")) if (fold.open !== open) fold.open = open;
  };
  const shareable = () => {
    const can = navigator.canShare?.({ files: [new File([""], "a.jpeg", { type: "image/jpeg" })] });
    if (can) for (const button of document.querySelectorAll("[data-share][hidden]")) button.hidden = false;
  };
  document.documentElement.classList.toggle("no-full-screen", !document.fullscreenEnabled);
  return { drawn, look: () => (leave(), shareable()) };
};
