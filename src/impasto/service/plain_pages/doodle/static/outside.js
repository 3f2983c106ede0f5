// A drawing from outside, brought to the colours of the palette: its few own colours, each to the one most like it.

const MOST = 12, LEAST = 0.008; // colours of its own that count: how many, and of which share, as soft edges have many more
const BITS = 3; // of each channel that are passed over when colours are counted

/** Oklab (Ottosson 2020) of sRGB in [0, 255]: distances in it are as the eye has them. */
function oklab([red, green, blue]) {
  const [r, g, b] = [red, green, blue].map((level) => ((level /= 255) <= 0.04045 ? level / 12.92 : ((level + 0.055) / 1.055) ** 2.4));
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s, 1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s, 0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s];
}

const apart = (one, other) => Math.hypot(...one.map((value, at) => value - other[at]));

/** The most frequent colours of pixels that are unlike each other, in Oklab. */
function ownColours({ data, width, height }) {
  const least = LEAST * width * height, bins = new Map();
  for (let at = 0; at < data.length; at += 4) {
    const key = ((data[at] >> BITS) << 16) | ((data[at + 1] >> BITS) << 8) | (data[at + 2] >> BITS);
    bins.set(key, (bins.get(key) ?? 0) + 1);
  }
  const own = [];
  for (const [key, count] of [...bins].sort(([, one], [, other]) => other - one)) {
    const lab = oklab([key >> 16, (key >> 8) & 255, key & 255].map((level) => (level << BITS) + (1 << (BITS - 1))));
    if (own.every((other) => apart(lab, other) > 0.09)) own.push(lab);
    if (own.length === MOST || count < least) break;
  }
  return own;
}

/** The number of the colour among others that is most like one. */
const likest = (lab, others) => others.reduce((best, other, number) => (apart(lab, other) < apart(lab, others[best]) ? number : best), 0);

/** For each own colour, the most frequent first, the likest of the palette, and none twice while others are free. */
function matched(own, palette) {
  const free = palette.map((_, number) => number);
  return own.map((lab) => {
    if (!free.length) return likest(lab, palette);
    return free.splice(likest(lab, free.map((number) => palette[number])), 1)[0];
  });
}

/**
 * The map of a picture at a size, white where it is clear.
 * @param colours of the palette, as "#rrggbb"
 */
export async function labelsOf(file, width, height, colours) {
  const bitmap = await createImageBitmap(file), share = Math.max(width / bitmap.width, height / bitmap.height);
  const [wide, tall] = [bitmap.width * share, bitmap.height * share];
  const pen = Object.assign(document.createElement("canvas"), { width, height }).getContext("2d", { willReadFrequently: true });
  pen.imageSmoothingEnabled = wide < bitmap.width; // enlarging makes no colours of its own
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, width, height);
  pen.drawImage(bitmap, (width - wide) / 2, (height - tall) / 2, wide, tall);
  const image = pen.getImageData(0, 0, width, height), own = ownColours(image);
  const numbers = matched(own, colours.map((hex) => oklab([1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)))));
  const known = new Map();
  return Uint8Array.from({ length: width * height }, (_, at) => {
    const rgb = [...image.data.subarray(4 * at, 4 * at + 3)], key = rgb.join();
    if (!known.has(key)) {
      const lab = oklab(rgb);
      known.set(key, numbers[likest(lab, own)]);
    }
    return known.get(key);
  });
}
