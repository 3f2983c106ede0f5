// The network in a thread of its own, so that the page stays quick while it paints. One piece of
// work at a time: a session of the runtime takes no second one before the first is done.

let ort = null, painter = null, reader = null;

/** Fetch a graph, telling how much of it is there. */
async function fetched({ address, bytes }, base, tell) {
  const answer = await fetch(new URL(address, base));
  if (!answer.ok) throw new Error(`${answer.status} ${answer.statusText}`);
  const whole = new Uint8Array(bytes);
  let done = 0;
  for (const stream = answer.body.getReader(); ;) {
    const { done: ended, value } = await stream.read();
    if (ended) break;
    whole.set(value, done);
    done += value.length;
    tell({ done, bytes });
  }
  if (done !== bytes) throw new Error(`${done} of ${bytes} bytes`);
  return whole;
}

/** Whether a graphics card can be computed with. */
async function hasAdapter() {
  try {
    return Boolean(await navigator.gpu?.requestAdapter());
  } catch {
    return false;
  }
}

const work = {
  /** Start the runtime and both graphs: on the graphics card where there is one, else in wasm. */
  async open({ base, runtime, graphs, device, threads }, tell) {
    const folder = new URL(runtime, base).href;
    const bytes = {};
    for (const name of ["reader", "painter"]) {
      bytes[name] = await fetched(graphs[name], base, (part) => tell({ stage: "graph", ...part }));
    }
    const start = async (build, wasm, executionProviders) => {
      tell({ stage: "starting", wasm });
      ort = await import(`${folder}ort.${build}.min.mjs`);
      Object.assign(ort.env.wasm, { wasmPaths: folder, numThreads: threads });
      ort.env.logLevel = "error";
      const options = { executionProviders };
      reader = await ort.InferenceSession.create(bytes.reader, options);
      painter = await ort.InferenceSession.create(bytes.painter, options);
    };
    if (device !== "wasm" && (await hasAdapter())) {
      try {
        await start("webgpu", "ort-wasm-simd-threaded.asyncify.wasm", ["webgpu"]);
        return { device: "webgpu", threads: ort.env.wasm.numThreads };
      } catch (error) {
        console.warn(`WebGPU cannot be used: ${error.message}`);
      }
    }
    await start("wasm", "ort-wasm-simd-threaded.wasm", ["wasm"]);
    return { device: "wasm", threads: self.crossOriginIsolated ? ort.env.wasm.numThreads : 1 };
  },

  /** The code of a style picture. */
  async read({ picture }) {
    const outcome = await reader.run({ style: tensorOf(picture) });
    return { code: Float32Array.from(outcome.code.data) };
  },

  /** A picture painted, as RGBA. */
  async paint({ picture, code, strength }) {
    const begun = performance.now();
    const outcome = await painter.run({
      image: tensorOf(picture),
      code: new ort.Tensor("float32", code, [1, code.length]),
      strength: new ort.Tensor("float32", Float32Array.of(strength), [1, 1]),
    });
    const { painting } = outcome, { data } = painting, { width, height } = picture;
    const rgba = new Uint8ClampedArray(picture.rgba);
    for (let from = 0, to = 0; from < data.length; from += 3, to += 4) {
      rgba[to] = data[from];
      rgba[to + 1] = data[from + 1];
      rgba[to + 2] = data[from + 2];
      rgba[to + 3] = 255;
    }
    return { rgba: rgba.buffer, width, height, seconds: (performance.now() - begun) / 1000 };
  },
};

/** (height, width, 3) of a picture of RGBA. */
function tensorOf({ rgba, width, height }) {
  const from = new Uint8Array(rgba), rgb = new Uint8Array(width * height * 3);
  for (let at = 0, to = 0; to < rgb.length; at += 4, to += 3) {
    rgb[to] = from[at];
    rgb[to + 1] = from[at + 1];
    rgb[to + 2] = from[at + 2];
  }
  return new ort.Tensor("uint8", rgb, [height, width, 3]);
}

let last = Promise.resolve();
self.addEventListener("message", ({ data: { id, what, ...given } }) => {
  last = last.then(async () => {
    try {
      const outcome = await work[what](given, (progress) => self.postMessage({ id, progress }));
      self.postMessage({ id, outcome }, outcome.rgba ? [outcome.rgba] : []);
    } catch (error) {
      self.postMessage({ id, error: error?.message || String(error) });
    }
  });
});
