// The page's own script: it opens cards and samples without leaving the page, and holds the brush.
// What it has to say to the server it writes into hidden text fields, as a person would.
(() => {
  const { words, brushes, longest } = window.impasto;
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

  // The brush ------------------------------------------------------------------------------------
  let source = null, canvas = null, pen = null, colour = brushes[0], width = 56, last = null, used = false;
  const element = (tag, given = {}, ...inside) => {
    const made = Object.assign(document.createElement(tag), given);
    made.append(...inside);
    return made;
  };
  const tell = () => {
    if (!canvas) return say("mask", "");
    const data = pen.getImageData(0, 0, canvas.width, canvas.height).data;
    used = false;
    for (let at = 3; at < data.length && !used; at += 4) used = data[at] > 8;
    say("mask", used ? canvas.toDataURL("image/png") : "");
  };
  const dot = (event) => {
    const box = canvas.getBoundingClientRect();
    const scale = canvas.width / box.width;
    const here = [(event.clientX - box.left) * scale, (event.clientY - box.top) * scale];
    pen.globalCompositeOperation = colour ? "source-over" : "destination-out";
    pen.strokeStyle = colour || "#000";
    pen.lineWidth = width * (canvas.width / 640);
    pen.lineCap = pen.lineJoin = "round";
    pen.beginPath();
    pen.moveTo(...(last || here));
    pen.lineTo(here[0] + 0.01, here[1]);
    pen.stroke();
    last = here;
  };
  const tools = (styles) => {
    const choose = (chosen, button) => {
      colour = chosen;
      for (const other of bar.querySelectorAll("[aria-pressed]")) other.ariaPressed = String(other === button);
    };
    const bar = element("div", { className: "tools", role: "toolbar" });
    brushes.slice(0, styles).forEach((paint, number) => {
      const button = element("button", { type: "button", className: "chip", ariaLabel: text("brush", { number: number + 1 }), ariaPressed: String(colour === paint) }, String(number + 1));
      button.style.setProperty("--paint", paint);
      button.onclick = () => choose(paint, button);
      bar.append(button);
    });
    if (!brushes.slice(0, styles).includes(colour) && colour) colour = brushes[0];
    const eraser = element("button", { type: "button", ariaPressed: String(!colour) }, text("eraser"));
    eraser.onclick = () => choose("", eraser);
    const size = element("input", { type: "range", min: 8, max: 160, value: width, ariaLabel: text("brush_size") });
    size.oninput = () => (width = Number(size.value));
    const all = element("button", { type: "button" }, text("everything"));
    all.onclick = () => {
      pen.globalCompositeOperation = "source-over";
      pen.fillStyle = colour || brushes[0];
      pen.fillRect(0, 0, canvas.width, canvas.height);
      tell();
    };
    const clear = element("button", { type: "button" }, text("clear"));
    clear.onclick = () => {
      pen.clearRect(0, 0, canvas.width, canvas.height);
      tell();
    };
    bar.append(eraser, size, all, clear);
    return bar;
  };
  const easelOf = (image) => {
    const shrink = Math.min(1, longest / Math.max(image.naturalWidth, image.naturalHeight));
    canvas = element("canvas", {
      width: Math.max(1, Math.round(image.naturalWidth * shrink)),
      height: Math.max(1, Math.round(image.naturalHeight * shrink)),
    });
    pen = canvas.getContext("2d", { willReadFrequently: true });
    canvas.onpointerdown = (event) => {
      if (event.button) return;
      canvas.setPointerCapture(event.pointerId);
      last = null;
      dot(event);
    };
    canvas.onpointermove = (event) => last && event.buttons && dot(event);
    canvas.onpointerup = canvas.onpointercancel = () => {
      if (last) tell();
      last = null;
    };
    return element("div", { className: "layers" }, element("img", { src: image.currentSrc || image.src, alt: "" }), canvas);
  };
  let styles = 0;
  const brush = () => {
    const frame = document.querySelector("#brush");
    const image = document.querySelector("#content img");
    const now = image?.src || "";
    if (now !== source) {
      const had = used;
      source = now;
      canvas = pen = null;
      used = false;
      if (had) say("mask", "");
      frame?.replaceChildren();
    }
    if (!frame) return;
    if (!image) {
      if (!frame.textContent) frame.replaceChildren(element("p", { className: "hint" }, text("mask_empty")));
      return;
    }
    if (!image.complete) return void image.addEventListener("load", brush, { once: true });
    if (!image.naturalWidth) {
      if (!frame.textContent) frame.replaceChildren(element("p", { className: "hint" }, text("mask_unseen")));
      return;
    }
    const count = Math.max(1, document.querySelectorAll("[id^=style-][id$=-slot]").length);
    if (!canvas || !frame.contains(canvas)) {
      frame.replaceChildren(tools((styles = count)), easelOf(image));
    } else if (count !== styles) {
      frame.querySelector(".tools").replaceWith(tools((styles = count)));
    }
  };

  let waiting = false;
  const look = () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      follow();
      translate();
      brush();
    });
  };
  new MutationObserver(look).observe(document.documentElement, { childList: true, subtree: true, attributes: true, attributeFilter: ["src", "data-job"] });
  look();
})();
