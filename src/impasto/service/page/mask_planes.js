// The mask itself, as planes: one for each brush, in whose colour it is seen. How much a pixel counts
// for a style, from 0 to 255, is the opacity of its plane there, the one channel a canvas keeps exactly.
window.impasto.Planes = (() => {
  const DEEPEST = 30; // changes that can be undone, some megabytes each

  const context = (width, height) => {
    const canvas = Object.assign(document.createElement("canvas"), { width, height });
    return canvas.getContext("2d", { willReadFrequently: true });
  };

  // The mean of each value and its neighbours along lines, as if the ends went on for ever.
  const boxed = (from, radius, { count, step, lines, jump }) => {
    const to = new Float32Array(from.length);
    for (let line = 0; line < lines; line++) {
      const at = (index) => from[line * jump + Math.min(count - 1, Math.max(0, index)) * step];
      let sum = 0;
      for (let index = -radius; index <= radius; index++) sum += at(index);
      for (let index = 0; index < count; index++) {
        to[line * jump + index * step] = sum / (2 * radius + 1);
        sum += at(index + radius + 1) - at(index - radius);
      }
    }
    return to;
  };

  // Three boxes are close to a Gaussian: an edge becomes a ramp six radii wide.
  const softened = (values, radius, width, height) => {
    if (!radius || !values.some(Boolean)) return values;
    let soft = values;
    for (let time = 0; time < 3; time++) {
      soft = boxed(soft, radius, { count: width, step: 1, lines: height, jump: width });
      soft = boxed(soft, radius, { count: height, step: width, lines: width, jump: 1 });
    }
    return Uint8Array.from(soft, Math.round);
  };

  return class Planes {
    // softness: radius in px of the boxes; kept: what stands for a plane that nobody has changed.
    constructor(width, height, colours, faint) {
      Object.assign(this, { width, height, faint, softness: 0, past: [], future: [] });
      this.colours = colours.map((colour) => [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16)));
      this.hard = colours.map(() => context(width, height));
      this.shown = colours.map(() => context(width, height));
      this.kept = colours.map(() => "");
      this.show();
    }

    // Of one plane, without the soft edge: (height * width) from 0 to 255.
    values(number) {
      const { data } = this.hard[number].getImageData(0, 0, this.width, this.height);
      const values = new Uint8Array(data.length / 4);
      for (let at = 0; at < values.length; at++) values[at] = data[4 * at + 3];
      return values;
    }

    put(pen, number, values) {
      const image = pen.createImageData(this.width, this.height), { data } = image;
      const [red, green, blue] = this.colours[number];
      for (let at = 0; at < values.length; at++) {
        data[4 * at] = red;
        data[4 * at + 1] = green;
        data[4 * at + 2] = blue;
        data[4 * at + 3] = values[at];
      }
      pen.putImageData(image, 0, 0);
    }

    // After a change: how much each pixel counts by now, and what is seen of it.
    show() {
      const { width, height, softness } = this;
      this.shares = this.hard.map((_, number) => softened(this.values(number), softness, width, height));
      this.sums = this.shares.map((shares) => shares.reduce((sum, share) => sum + share, 0));
      this.shown.forEach((pen, number) => this.put(pen, number, this.shares[number]));
    }

    // Changes, each of which can be undone -----------------------------------------------------
    state() {
      return { values: this.hard.map((_, number) => this.values(number)), kept: this.kept };
    }

    begin() {
      this.past = [...this.past, this.state()].slice(-DEEPEST);
      this.future = [];
      this.kept = this.kept.map(() => "");
    }

    set(values, kept) {
      this.hard.forEach((pen, number) => this.put(pen, number, values[number]));
      this.kept = kept;
      this.show();
    }

    undo() {
      this.back(this.past, this.future);
    }

    redo() {
      this.back(this.future, this.past);
    }

    back(from, to) {
      if (!from.length) return;
      to.push(this.state());
      const { values, kept } = from.pop();
      this.set(values, kept);
    }

    // What one brush covers no other has. A number of null is the eraser, in no colour.
    line(number, from, to, width) {
      for (const pens of [this.hard, this.shown]) {
        pens.forEach((pen, plane) => {
          pen.globalCompositeOperation = plane === number ? "source-over" : "destination-out";
          pen.strokeStyle = `rgb(${this.colours[plane]})`;
          Object.assign(pen, { lineWidth: width, lineCap: "round", lineJoin: "round" });
          pen.beginPath();
          pen.moveTo(...from);
          pen.lineTo(to[0] + 0.01, to[1]);
          pen.stroke();
        });
      }
    }

    // Let a brush cover each pixel by a share; the others keep what is left.
    cover(number, shares) {
      this.begin();
      const rest = (plane) => this.values(plane).map((value, at) => (value * (255 - shares[at])) / 255);
      this.set(this.hard.map((_, plane) => (plane === number ? shares : rest(plane))), this.kept);
    }

    clear() {
      this.begin();
      this.set(this.hard.map(() => new Uint8Array(this.width * this.height)), this.kept);
    }

    // What no brush has, this one gets, and gives up what it had; the others keep theirs.
    invert(number) {
      this.begin();
      const values = this.hard.map((_, plane) => this.values(plane));
      const all = (at) => values.reduce((sum, plane) => sum + plane[at], 0);
      const free = values[number].map((_, at) => Math.max(0, 255 - all(at)));
      this.set(values.map((plane, at) => (at === number ? free : plane)), this.kept);
    }

    // What others get ----------------------------------------------------------------------------
    // Whether a brush has painted more than the faint rim that an eraser leaves.
    painted(number) {
      const shares = this.shares[number];
      let count = 0;
      for (const share of shares) count += share > this.faint;
      return count > shares.length / 20000;
    }

    // How much of the picture all brushes have, from 0 to 1.
    covered() {
      return this.sums.reduce((sum, one) => sum + one) / (255 * this.width * this.height);
    }

    // A plane as a grey picture, white where it counts, as an address (data:).
    picture(number) {
      const pen = context(this.width, this.height);
      const image = pen.createImageData(this.width, this.height), shares = this.shares[number];
      image.data.fill(255);
      for (let at = 0; at < shares.length; at++) image.data.fill(shares[at], 4 * at, 4 * at + 3);
      pen.putImageData(image, 0, 0);
      return pen.canvas.toDataURL("image/png");
    }

    // What the server is told of a plane: what stands for it, its picture, or nothing.
    entry(number) {
      if (this.kept[number] && !this.softness) return this.kept[number];
      return this.painted(number) ? this.picture(number) : "";
    }

    // How much each pixel of a picture counts as a mask: its brightness times its opacity.
    read(picture) {
      const pen = context(this.width, this.height);
      pen.drawImage(picture, 0, 0, this.width, this.height);
      const { data } = pen.getImageData(0, 0, this.width, this.height);
      const shares = new Uint8Array(data.length / 4);
      for (let at = 0; at < shares.length; at++) {
        const [red, green, blue, opacity] = data.subarray(4 * at, 4 * at + 4);
        shares[at] = Math.round(((red + green + blue) * opacity) / 765);
      }
      return shares;
    }
  };
})();
