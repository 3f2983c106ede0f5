// The places for pictures: what may fall there, what is missing, and what a reload brings back.
window.impasto.pictures = () => {
  const { text, heavy, readable, shown, places } = window.impasto;
  const KEPT = "impasto-pictures", complain = (sentence) => window.impasto.complain("complaint", sentence);
  const ending = (name) => name.split(".").pop().toLowerCase();

  const refusal = (file) => {
    const picture = file.type ? file.type.startsWith("image/") : readable.includes(ending(file.name));
    return picture ? heavy("too_heavy", file) : text("no_picture", { name: file.name });
  };
  // Before Gradio hears of a file, which would say it in its own way, and in English.
  const check = (event) => {
    const place = event.target.closest?.(places), file = (event.dataTransfer ?? event.target).files?.[0];
    if (!place || !file) return;
    const sentence = refusal(file);
    complain(sentence);
    if (!sentence) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (event.type === "change") event.target.value = "";
  };
  document.addEventListener("drop", check, true);
  document.addEventListener("change", check, true);

  // A picture may fall onto one that is there, and one that misses its place opens in no window ----
  const fall = (place, file) => {
    const carried = new DataTransfer();
    carried.items.add(file);
    let frames = 120;
    const wait = () => {
      const free = !place.querySelector("img") && place.querySelector("button");
      if (free) free.dispatchEvent(new DragEvent("drop", { bubbles: true, dataTransfer: carried }));
      else if (frames--) requestAnimationFrame(wait);
    };
    wait();
  };
  const carriesFiles = (event) => event.dataTransfer?.types.includes("Files");
  document.addEventListener("dragover", (event) => carriesFiles(event) && event.preventDefault());
  document.addEventListener("drop", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    const place = event.target.closest?.(places), file = event.dataTransfer?.files[0];
    if (!file || !place?.querySelector("img")) return;
    place.querySelector(".icon-button-wrapper button, button[aria-label]")?.click();
    fall(place, file);
  });

  // What is missing is outlined until it is there ---------------------------------------------------
  // A picture that is refused goes again, and leaves its place as empty as before.
  let missing = [];
  document.addEventListener("click", (event) => {
    const starts = event.target.closest?.("#start, #try-all");
    if (!starts) return;
    const needed = ["#content", ...(starts.id === "start" ? ["#style-1"] : [])].map((id) => document.querySelector(id));
    missing = needed.filter((place) => place && !place.querySelector("img"));
    for (const place of missing) place.classList.add("wanted");
    missing[0]?.scrollIntoView({ block: "nearest" });
  });

  // After a reload the pictures are put back, as if somebody had dropped them again -----------------
  let restored = false;
  const complained = new Set();
  const restore = async () => {
    restored = null;
    const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? "{}");
    for (const [id, address] of Object.entries(kept)) {
      const answer = await fetch(address).catch(() => null);
      if (!answer?.ok) continue;
      const data = await answer.blob(), name = decodeURIComponent(address.split("/").pop());
      for (let frames = 60; frames && !document.querySelector(`#${id}`); frames--) {
        if (frames === 60) document.querySelector("#add-style")?.click();
        await new Promise(requestAnimationFrame);
      }
      const place = document.querySelector(`#${id}`);
      if (!place) break;
      if (!place.querySelector("img")) fall(place, new File([data], name, { type: data.type }));
      for (let frames = 600; frames && !place.querySelector("img"); frames--) await new Promise(requestAnimationFrame);
    }
    restored = true;
  };
  return () => {
    const images = [...document.querySelectorAll(places)].map((place) => [place, place.querySelector("img")]);
    if (restored === false && document.querySelector("#content button")) void restore();
    if (restored) {
      const kept = images.filter(([, image]) => image?.src).map(([place, image]) => [place.id, image.src]);
      sessionStorage.setItem(KEPT, JSON.stringify(Object.fromEntries(kept)));
    }
    for (const [place, image] of images) {
      const isWanted = missing.includes(place) && !image;
      if (place.classList.contains("wanted") && !isWanted) document.querySelector("#notice-start .notice.error")?.classList.add("over");
      place.classList.toggle("wanted", isWanted);
      const name = decodeURIComponent(image?.src.split("/").pop() ?? "");
      const broken = image?.complete && !image.naturalWidth && shown.includes(ending(name));
      if (!broken || complained.has(image.src)) continue;
      complained.add(image.src);
      complain(text("damaged", { name }));
    }
  };
};
