// Trying on: the chosen photograph in every sample style on the strip and, larger, on the empty easel;
// there a draft takes its place as soon as a style is chosen.
window.impasto.tryOn = () => {
  const { text, language, drafts, places } = window.impasto;
  const LONGEST = 512, QUALITY = 0.92, PAPER = "#faf8f3";
  const strip = () => document.querySelector(".strip.style");
  const pictureIn = (place) => {
    const image = place?.querySelector("img");
    return image?.complete && image.naturalWidth ? image : null;
  };
  const small = (image) => new Promise((done) => {
    const share = Math.min(1, LONGEST / Math.max(image.naturalWidth, image.naturalHeight));
    const canvas = document.createElement("canvas"), pen = canvas.getContext("2d");
    canvas.width = Math.max(1, Math.round(image.naturalWidth * share));
    canvas.height = Math.max(1, Math.round(image.naturalHeight * share));
    pen.fillStyle = PAPER;
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(image, 0, 0, canvas.width, canvas.height);
    canvas.toBlob(done, "image/jpeg", QUALITY);
  });
  // One question at a time of each kind: the studio stops painting what is not waited for any more.
  // What it cannot paint, or not now, changes nothing.
  const asker = (address) => {
    let controller = new AbortController();
    return async (images, settings, then) => {
      controller.abort();
      const mine = controller = new AbortController(), form = new FormData();
      if (!images.length) return;
      const blobs = await Promise.all(images.map(small));
      if (mine.signal.aborted || blobs.includes(null)) return;
      blobs.forEach((blob, number) => form.append(number ? "styles" : "content", blob, `${number}.jpg`));
      if (settings) form.append("settings", JSON.stringify(settings));
      const options = { method: "POST", body: form, signal: mine.signal };
      const answer = await fetch(address, options).catch(() => null);
      const told = answer?.ok ? await then.read(answer).catch(() => null) : null;
      if (!mine.signal.aborted) then.show(told);
    };
  };

  // The strip ---------------------------------------------------------------------------------------
  const askForStrip = asker("api/try-on");
  let tried = "";
  const undress = () => {
    for (const pick of document.querySelectorAll(".pick.tried")) {
      pick.classList.remove("tried");
      pick.querySelector(".worn")?.remove();
    }
  };
  const wear = (answer) => {
    strip()?.removeAttribute("aria-busy");
    for (const { style, image } of answer?.pictures ?? []) {
      const pick = document.querySelector(`[data-pick="style:${CSS.escape(style)}"]`);
      if (!pick) continue;
      const worn = pick.querySelector(".worn") ?? pick.appendChild(Object.assign(new Image(), { className: "worn", alt: "" }));
      worn.src = image;
      pick.classList.add("tried");
    }
    hangWall();
  };
  const tryStyles = (photograph) => {
    const source = photograph?.src ?? "";
    if (source === tried || !strip()) return;
    tried = source;
    undress();
    source ? strip().setAttribute("aria-busy", "true") : strip().removeAttribute("aria-busy");
    void askForStrip(photograph ? [photograph] : [], null, { read: (answer) => answer.json(), show: wear });
  };

  // The easel before anything is painted --------------------------------------------------------------
  const emptyEasel = () => document.querySelector(".easel.empty:not(.unknown)");
  // For the eye and the pointer: by keyboard and by ear the strip is there.
  const hangWall = () => {
    const easel = emptyEasel(), hung = easel?.querySelector(".wall");
    const worn = draft ? [] : [...document.querySelectorAll(".pick.tried")], of = worn.length ? tried : "";
    if (!easel || (hung?.dataset.of ?? "") === of) return;
    hung?.remove();
    if (!of) return;
    const wall = Object.assign(document.createElement("div"), { className: "wall", ariaHidden: "true" });
    wall.dataset.of = of;
    wall.append(Object.assign(document.createElement("p"), { textContent: text("tried_hint") }));
    for (const pick of worn) {
      const button = Object.assign(document.createElement("button"), { type: "button", tabIndex: -1, title: pick.dataset[language] });
      button.append(Object.assign(new Image(), { src: pick.querySelector(".worn").src, alt: "" }));
      button.addEventListener("click", () => pick.click());
      wall.append(button);
    }
    easel.prepend(wall);
  };
  const askForDraft = asker("api/drafts");
  let wanted = "", draft = "";
  const strength = () => Number(document.querySelector("#setting-strength input[type=range]")?.value ?? 0.5);
  const hang = () => {
    hangWall();
    const easel = emptyEasel(), hung = easel?.querySelector(".draft");
    if (!easel || (hung?.dataset.draft ?? "") === draft) return;
    hung?.remove();
    if (!draft) return;
    const figure = Object.assign(document.createElement("figure"), { className: "canvas draft there" });
    const image = Object.assign(new Image(), { src: draft, alt: text("draft_words") });
    const words = Object.assign(document.createElement("figcaption"), { textContent: text("draft_before") });
    figure.dataset.draft = draft;
    figure.append(image, words);
    easel.prepend(figure);
  };
  const show = (data) => {
    if (draft !== carried.picture && draft !== before) URL.revokeObjectURL(draft);
    draft = data ? URL.createObjectURL(data) : "";
    hang();
  };
  const tryDraft = (images) => {
    const [photograph, ...styles] = images, all = photograph && styles.some(Boolean);
    const chosen = all ? [photograph, ...styles.filter(Boolean)] : [];
    const key = all ? JSON.stringify([...chosen.map(({ src }) => src), strength()]) : "";
    if (key === wanted || (key && !document.querySelector(".easel.empty"))) return;
    wanted = key;
    if (!key) show(null);
    void askForDraft(chosen, { strength: strength() }, { read: (answer) => answer.blob(), show });
  };

  // A job's draft is unseen until it is there. That of a job which was just asked for is as good as
  // the one that hung there before, which stays until then.
  let before = "", jobs = new Set(), carried = {};
  document.addEventListener("click", (event) => {
    before = event.target.closest?.("#start") && document.querySelector(".easel.empty .draft") ? draft : "";
  }, true);
  const drawn = () => {
    const job = document.querySelector(".easel")?.dataset.job;
    if (job && !jobs.has(job)) {
      jobs.add(job);
      if (before) carried = { job, picture: before };
      before = "";
    }
    for (const figure of document.querySelectorAll(".draft:not(.there)")) {
      if (pictureIn(figure)) figure.classList.add("there");
      else if (carried.job === job && figure.firstElementChild.src !== carried.picture) stand(figure.firstElementChild);
    }
  };
  const stand = (image) => {
    const own = Object.assign(new Image(), { src: image.src });
    own.addEventListener("load", () => (carried = {}, image.src = own.src));
    image.src = carried.picture;
    image.parentElement.classList.add("there");
  };
  const look = () => {
    if (!drafts) return;
    const all = [...document.querySelectorAll(places)], images = all.map(pictureIn);
    const arriving = all.some((place) => place.querySelector("img")?.complete === false);
    hang();
    if (arriving) return; // its loading looks again
    tryStyles(images[0]);
    tryDraft(images);
    hangWall(); // or take it away
  };
  for (const type of ["load", "error"]) {
    document.addEventListener(type, (event) => {
      if (event.target.closest?.(`${places}, .draft`)) window.impasto.look();
    }, true);
  }
  document.addEventListener("change", (event) => event.target.closest?.("#setting-strength") && look());
  return { drawn, look };
};
