// The brush: a mask painted over the photograph with mouse, finger or keys, and what is done with it.
// The server is told of it by one text: for each brush nothing, a picture, or what stands for one.
window.impasto.brush = ({ text, say }) => {
  const { brushes, longest, faint, Planes } = window.impasto;
  const RAMP = 6; // px of a soft edge for each of its radius, see Planes
  let planes = null, source = null, styles = 0, brush = 0, erasing = false, width = 56;
  let layers = null, tip = null, last = null, earlier = null, taken = "", any = false;

  const element = (tag, given = {}, ...inside) => {
    const { style = {}, ...rest } = given;
    const made = Object.assign(document.createElement(tag), rest);
    for (const [name, value] of Object.entries(style)) made.style.setProperty(name, value);
    made.append(...inside);
    return made;
  };
  const button = (key, onclick, given = {}) => element("button", { type: "button", onclick, ...given }, text(key));
  const frame = () => document.querySelector("#brush");
  const part = (name) => frame()?.querySelector(name);

  // What the server and the person are told -------------------------------------------------------
  const tell = () => {
    const masks = brushes.map((_, number) => (planes ? planes.entry(number) : (earlier?.masks[number]?.kept ?? "")));
    const { style_masks = [], styles: of = [], photograph = "" } = earlier ?? {};
    const keep = (!isChanged() && earlier?.keep) || "";
    any = masks.some(Boolean);
    const told = { masks, style_masks, styles: of, keep, photograph };
    say("mask", any || style_masks.length || keep ? JSON.stringify(told) : "");
    status();
  };
  const isChanged = () => Boolean(planes && (planes.past.length || (planes.softness && planes.covered())));
  const keeping = () => {
    if (!earlier?.keep) return "";
    return " " + text(!earlier.photograph ? "keep_left" : isChanged() ? "keep_changed" : "keep_along");
  };
  const status = () => {
    const line = part(".status");
    if (!line || !planes) return;
    const percent = Math.round(100 * planes.covered());
    line.textContent = (any ? text("mask_share", { number: percent }) : text("mask_none")) + keeping();
    const off = { undo: !planes?.past.length, redo: !planes?.future.length, save: !planes?.painted(brush) };
    for (const [name, is] of Object.entries(off)) part(`[data-does=${name}]`).ariaDisabled = String(is);
  };
  const complain = (key, parts) => {
    const sentence = key && element("p", { className: "notice error", role: "alert" }, text(key, parts));
    part(".complaint")?.replaceChildren(...(sentence ? [sentence] : []));
  };
  const after = (change) => () => {
    change();
    complain();
    tell();
  };

  // Strokes ------------------------------------------------------------------------------------------
  const pen = () => width * (planes.width / 640);
  const begin = (at) => {
    planes.begin();
    last = at;
    go(at);
  };
  const go = (to) => {
    planes.line(erasing ? null : brush, last, to, pen());
    last = to;
  };
  const end = after(() => {
    last = null;
    planes.show();
  });
  const place = (event) => {
    const box = layers.getBoundingClientRect();
    return [((event.clientX - box.left) / box.width) * planes.width, ((event.clientY - box.top) / box.height) * planes.height];
  };
  const byPointer = {
    onpointerdown: (event) => {
      if (event.button) return;
      layers.setPointerCapture(event.pointerId);
      point(place(event));
      begin(tip.at);
    },
    onpointermove: (event) => last && event.buttons && (point(place(event)), go(tip.at)),
    onpointerup: () => last && end(),
    onpointercancel: () => last && end(),
  };

  // By keyboard: arrows move the tip, Space held paints ----------------------------------------------
  const point = (at) => {
    tip.at = [Math.min(planes.width, Math.max(0, at[0])), Math.min(planes.height, Math.max(0, at[1]))];
    const percent = { left: tip.at[0] / planes.width, top: tip.at[1] / planes.height, width: pen() / planes.width };
    for (const [name, share] of Object.entries(percent)) tip.style.setProperty(name, `${100 * share}%`);
  };
  const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const byKeys = {
    onkeydown: (event) => {
      const way = ARROWS[event.key];
      if (way) {
        const far = pen() * (event.shiftKey ? 2 : 0.25);
        point([tip.at[0] + way[0] * far, tip.at[1] + way[1] * far]);
        if (last) go(tip.at);
      } else if (event.key !== " ") return;
      else if (!last) begin(tip.at);
      event.preventDefault();
    },
    onkeyup: (event) => event.key === " " && last && end(),
    onblur: () => last && end(),
  };
  const typing = (target) =>
    target.closest?.("textarea, [contenteditable=true], input:not([type=range], [type=checkbox], [type=radio], [type=file])");
  document.addEventListener("keydown", (event) => {
    const key = event.key.toLowerCase();
    if (!(event.ctrlKey || event.metaKey) || event.altKey || (key !== "z" && key !== "y") || typing(event.target)) return;
    event.preventDefault(); // the browser would take back what was typed last, wherever that was
    if (!layers?.offsetParent || last) return;
    key === "y" || event.shiftKey ? redo() : undo();
  });
  const undo = after(() => planes.undo());
  const redo = after(() => planes.redo());

  // Files -----------------------------------------------------------------------------------------------
  const save = () => {
    if (!planes.painted(brush)) return;
    const name = brush ? `mask-${brush + 1}.png` : "mask.png";
    element("a", { href: planes.picture(brush), download: name }).click();
  };
  document.addEventListener("drop", (event) => {
    const file = event.dataTransfer?.files?.[0];
    if (file && planes && event.target.closest?.("#brush")) void load(file);
  });
  const bitmap = (data) => createImageBitmap(data, { colorSpaceConversion: "none", premultiplyAlpha: "none" });
  const load = async (file) => {
    const { name } = file, now = planes;
    const picture = await bitmap(file).catch(() => null);
    if (now !== planes) return;
    if (!picture) return complain("mask_unread", { name });
    const ratio = (picture.width / picture.height) / (planes.width / planes.height);
    if (Math.max(ratio, 1 / ratio) > 1.02) return complain("mask_ratio", { name, width: picture.width, height: picture.height });
    const shares = planes.read(picture);
    if (!shares.some((share) => share > faint)) return complain("mask_black", { name });
    after(() => planes.cover(brush, shares))();
  };

  // Tools -----------------------------------------------------------------------------------------------
  const press = () => {
    const chosen = erasing ? "eraser" : String(brush);
    for (const tool of frame()?.querySelectorAll("[data-tool]") ?? []) tool.ariaPressed = String(tool.dataset.tool === chosen);
    status();
  };
  const tool = (name, made, chosen) => {
    made.dataset.tool = name;
    made.onclick = () => (chosen(), press());
    return made;
  };
  const chip = (number) => {
    const words = { type: "button", className: "chip", ariaLabel: text("brush", { number: number + 1 }) };
    const made = element("button", { ...words, style: { "--paint": brushes[number] } }, String(number + 1));
    return tool(String(number), made, () => ([brush, erasing] = [number, false]));
  };
  const slider = (key, given, moved) => {
    const value = element("output");
    const input = element("input", { type: "range", ariaLabel: text(key), ...given });
    const say = () => (input.ariaValueText = value.textContent = moved(Number(input.value)));
    input.oninput = say;
    input.onchange = () => tell();
    say();
    return element("label", { className: "slide" }, element("span", {}, text(key)), input, value);
  };
  const inPhotograph = (px) => text("pixels", { number: Math.round((px * planes.photograph) / planes.width) });
  const softer = (value) => {
    planes.softness = value;
    planes.show();
    return inPhotograph(RAMP * value);
  };
  const resized = (value) => {
    width = value;
    if (tip) point(tip.at);
    return inPhotograph(pen());
  };
  const does = (name, key, action) => {
    const made = button(key, action);
    made.dataset.does = name;
    return made;
  };
  const tools = () => {
    brush = Math.min(brush, styles - 1);
    const all = () => planes.cover(brush, new Uint8Array(planes.width * planes.height).fill(255));
    const file = element("input", { type: "file", accept: "image/*", hidden: true });
    file.onchange = () => (load(file.files[0]), (file.value = ""));
    const bar = element("div", { className: "tools", role: "toolbar", ariaLabel: text("mask") },
      ...brushes.slice(0, styles).map((_, number) => chip(number)),
      tool("eraser", button("eraser"), () => (erasing = true)),
      does("undo", "undo", undo), does("redo", "redo", redo),
      slider("brush_size", { min: 8, max: 160, value: width }, resized),
      slider("soft_edge", { min: 0, max: 30, value: planes.softness }, softer),
      button("everything", after(all)), button("invert", after(() => planes.invert(brush))), button("clear", after(() => planes.clear())),
      button("load_mask", () => file.click()), does("save", "save_mask", save), file,
    );
    return bar;
  };

  // The photograph ----------------------------------------------------------------------------------------
  const over = (image) => {
    const shrink = Math.min(1, longest / Math.max(image.naturalWidth, image.naturalHeight));
    const side = (length) => Math.max(1, Math.round(length * shrink));
    planes = new Planes(side(image.naturalWidth), side(image.naturalHeight), brushes, faint);
    planes.photograph = image.naturalWidth;
    tip = element("i", { className: "tip" });
    const below = element("img", { src: image.currentSrc || image.src, alt: "" });
    const words = { tabIndex: 0, role: "application", ariaLabel: text("mask_area"), ariaDescription: text("mask_keys") };
    layers = element("div", { className: "layers", ...words, ...byPointer, ...byKeys }, below, ...planes.shown.map((pen) => pen.canvas), tip);
    point([planes.width / 2, planes.height / 2]);
    return layers;
  };
  const hint = (key) => {
    const forget = () => {
      Object.assign(earlier, { masks: [], keep: "" });
      tell();
      hint("mask_unseen");
    };
    const line = element("p", { className: "hint" }, text(key));
    const kept = key === "mask_kept" ? [element("div", { className: "tools" }, button("clear", forget))] : [];
    frame().replaceChildren(line, ...kept);
    frame().dataset.hint = key;
  };
  const fill = (image) => {
    delete frame().dataset.hint;
    const below = layers ?? over(image);
    const lines = [element("div", { className: "complaint" }), element("p", { className: "hint status", role: "status" })];
    frame().replaceChildren(tools(), below, ...lines);
    press();
    if (earlier && !earlier.seen) takeOver();
  };
  const emptied = (image) => {
    const had = source !== null;
    source = image?.src ?? "";
    planes = layers = tip = last = null;
    // Style masks are the styles'; a mask of what stays is told, so that it is said to be left out.
    earlier = earlier && { ...earlier, masks: [], photograph: "" };
    frame()?.replaceChildren();
    if (had) tell();
  };

  // An earlier painting that is used again: its masks stand for themselves until one is changed -----------
  const again = (image) => {
    const said = document.querySelector("[data-again]")?.dataset.again;
    if (!said || said === taken || !image?.src.endsWith(JSON.parse(said).content)) return;
    taken = said;
    earlier = JSON.parse(said);
    planes ? takeOver() : tell();
  };
  const takeOver = async () => {
    const { masks } = Object.assign(earlier, { seen: true });
    const kept = brushes.map((_, number) => masks[number]?.kept ?? "");
    const none = new Uint8Array(planes.width * planes.height), now = planes;
    Object.assign(planes, { past: [], future: [], softness: 0 });
    planes.set(brushes.map(() => none), kept);
    part(".tools")?.replaceWith(tools());
    press();
    tell();
    const fetched = masks.map(async ({ address }) => now.read(await bitmap(await (await fetch(address)).blob())));
    const values = await Promise.all(fetched).catch(() => null);
    if (planes !== now || now.kept !== kept) return; // another photograph, or painted on meanwhile
    if (!values) return complain("mask_kept");
    now.set(brushes.map((_, number) => values[number] ?? none), kept);
    tell();
  };

  return () => {
    const image = document.querySelector("#content img");
    if ((image?.src ?? "") !== source) emptied(image);
    again(image);
    if (!frame()) return;
    const count = Math.max(1, document.querySelectorAll("[id^=style-][id$=-slot]").length);
    const unseen = image?.complete && !image.naturalWidth;
    if (!image || unseen) {
      const key = !image ? "mask_empty" : earlier?.masks.length || (earlier?.keep && earlier.photograph) ? "mask_kept" : "mask_unseen";
      if (frame().dataset.hint !== key || !frame().firstChild) hint(key);
    } else if (!image.complete) {
      image.addEventListener("load", window.impasto.look, { once: true });
      return;
    } else if (!layers || !frame().contains(layers)) {
      styles = count;
      fill(image);
    } else if (count !== styles) {
      styles = count;
      part(".tools").replaceWith(tools());
      press();
    }
  };
};
