// The network as the page sees it: it reads styles and paints pictures, in `worker.js`.

/** Whether WebAssembly is there: with its vectors, without which the runtime does not start. */
export function hasWasm() {
  // A module that loads zeros into a vector and drops them.
  const vectors = [0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 10, 9, 1, 7, 0, 65, 0, 253, 15, 26, 11];
  try {
    return typeof WebAssembly === "object" && WebAssembly.validate(Uint8Array.from(vectors));
  } catch {
    return false;
  }
}

/** Threads for the processor: half of its cores at most, as the rest of the machine needs some. */
const threadsOf = (cores) => Math.max(1, Math.min(4, Math.floor(cores / 2)));

const packed = ({ data, width, height }) => ({ rgba: data.buffer, width, height });

export class Painter {
  /** Start it; `onProgress` hears of each stage. What the address says of device and threads counts. */
  static async open(contents, onProgress) {
    const asked = new URLSearchParams(location.search);
    const threads = Number(asked.get("threads")) || threadsOf(navigator.hardwareConcurrency || 1);
    const painter = new Painter();
    const { runtime, graphs } = contents;
    const options = { base: document.baseURI, runtime, graphs, device: asked.get("device"), threads };
    Object.assign(painter, await painter.ask("open", options, [], onProgress));
    return painter;
  }

  constructor() {
    this.waiting = new Map();
    this.count = 0;
    this.worker = new Worker("live/worker.js", { type: "module" });
    this.worker.addEventListener("message", ({ data }) => this.hear(data));
    this.worker.addEventListener("error", (event) => {
      for (const { reject } of this.waiting.values()) reject(new Error(event.message || "worker.js"));
      this.waiting.clear();
    });
  }

  ask(what, given, transfer = [], onProgress = () => {}) {
    const id = ++this.count;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject, onProgress });
      this.worker.postMessage({ id, what, ...given }, transfer);
    });
  }

  hear({ id, outcome, error, progress }) {
    const asker = this.waiting.get(id);
    if (progress) return void asker?.onProgress(progress);
    this.waiting.delete(id);
    error === undefined ? asker?.resolve(outcome) : asker?.reject(new Error(error));
  }

  /** The code of a style, from its pixels. */
  async read(picture) {
    return (await this.ask("read", { picture: packed(picture) }, [picture.data.buffer])).code;
  }

  /** A picture painted in the style of a code; `strength` goes from 0 to 1. */
  async paint(picture, code, strength) {
    const given = { picture: packed(picture), code, strength: 2 * strength - 1 };
    const { rgba, width, height, seconds } = await this.ask("paint", given, [picture.data.buffer]);
    return { painting: new ImageData(new Uint8ClampedArray(rgba), width, height), seconds };
  }
}
