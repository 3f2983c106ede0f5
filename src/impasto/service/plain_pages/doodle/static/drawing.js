// A drawing in a few colours: a map of numbers, on which a brush draws and a bucket fills.
//
// There is no blending: each pixel has the colour of one part, so that what is sent is flat.

const KEPT = 40; // states that can be come back to

export class Drawing {
  #pen;
  #pixels;
  #past = [];
  #future = [];

  /** @param changed called after every change that is whole */
  constructor(canvas, changed) {
    Object.assign(this, { canvas, changed, colours: [0xffffffff], count: 1 });
    this.#pen = canvas.getContext("2d", { willReadFrequently: true }); // it is written to at every move
    this.resize(canvas.width, canvas.height);
  }

  get canUndo() {
    return this.#past.length > 0;
  }

  get canRedo() {
    return this.#future.length > 0;
  }

  /** A clear paper of another size, or the same drawing made to fit it. */
  resize(width, height, labels = new Uint8Array(width * height)) {
    Object.assign(this.canvas, { width, height });
    Object.assign(this, { width, height, labels });
    this.#pixels = this.#pen.createImageData(width, height);
    this.#past = [];
    this.#future = [];
    this.show();
  }

  /** Colours as "#rrggbb"; a drawing in others is kept, each part in the one of its rank. */
  recolour(colours) {
    const before = this.count, last = colours.length - 1;
    const ranks = Uint8Array.from({ length: 256 }, (_, label) => (before < 2 ? 0 : Math.round((Math.min(label, before - 1) * last) / (before - 1))));
    for (const labels of [this.labels, ...this.#past, ...this.#future]) labels.forEach((label, at) => (labels[at] = ranks[label]));
    this.colours = colours.map((hex) => {
      const [red, green, blue] = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
      return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0; // as the pixels lie in memory
    });
    this.count = colours.length;
    this.show();
  }

  /** Put a rectangle of the map onto the canvas; all of it if none is named. */
  show(left = 0, top = 0, right = this.width, bottom = this.height) {
    const pixels = new Uint32Array(this.#pixels.data.buffer);
    for (let y = top; y < bottom; y += 1) {
      for (let at = y * this.width + left, end = y * this.width + right; at < end; at += 1) pixels[at] = this.colours[this.labels[at]] ?? this.colours[0];
    }
    this.#pen.putImageData(this.#pixels, 0, 0, left, top, right - left, bottom - top);
  }

  /** Remember how it stands, before it is changed. */
  keep() {
    this.#past.push(this.labels.slice());
    if (this.#past.length > KEPT) this.#past.shift();
    this.#future = [];
  }

  #turn(from, to) {
    if (!from.length) return;
    to.push(this.labels);
    this.labels = from.pop();
    this.show();
    this.changed();
  }

  undo() {
    this.#turn(this.#past, this.#future);
  }

  redo() {
    this.#turn(this.#future, this.#past);
  }

  /** Replace all of it. */
  replace(labels) {
    this.keep();
    this.labels = labels;
    this.show();
    this.changed();
  }

  /** Draw with a round brush along a line; `keep` comes before a stroke, `changed` after it. */
  line([x0, y0], [x1, y1], radius, label) {
    const { width, height, labels } = this;
    const left = Math.max(0, Math.floor(Math.min(x0, x1) - radius)), right = Math.min(width, Math.ceil(Math.max(x0, x1) + radius) + 1);
    const top = Math.max(0, Math.floor(Math.min(y0, y1) - radius)), bottom = Math.min(height, Math.ceil(Math.max(y0, y1) + radius) + 1);
    if (left >= right || top >= bottom) return;
    const [dx, dy] = [x1 - x0, y1 - y0], length = dx * dx + dy * dy;
    for (let y = top; y < bottom; y += 1) {
      for (let x = left; x < right; x += 1) {
        const along = length ? Math.min(1, Math.max(0, ((x - x0) * dx + (y - y0) * dy) / length)) : 0;
        if ((x - x0 - along * dx) ** 2 + (y - y0 - along * dy) ** 2 <= radius * radius) labels[y * width + x] = label;
      }
    }
    this.show(left, top, right, bottom);
  }

  /** Fill what hangs together with a place, row by row. */
  fill([x, y], label) {
    const { width, height, labels } = this, start = y * width + x, old = labels[start];
    if (old === label) return;
    this.keep();
    const open = [start];
    while (open.length) {
      const seed = open.pop();
      if (labels[seed] !== old) continue;
      const row = seed - (seed % width);
      let left = seed, right = seed;
      while (left > row && labels[left - 1] === old) left -= 1;
      while (right < row + width - 1 && labels[right + 1] === old) right += 1;
      for (let at = left; at <= right; at += 1) {
        labels[at] = label;
        if (at >= width && labels[at - width] === old) open.push(at - width);
        if (at + width < width * height && labels[at + width] === old) open.push(at + width);
      }
    }
    this.show();
    this.changed();
  }

  /** As a file. */
  file() {
    return new Promise((done) => this.canvas.toBlob(done, "image/png"));
  }
}
