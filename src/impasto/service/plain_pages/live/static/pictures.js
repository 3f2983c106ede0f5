// Pictures from files and addresses, and their pixels at the size that the network gets.

export const MOST_BYTES = 40e6;
export const MOST_PIXELS = 50e6;
const SMALLEST = 32; // px: the networks take no shorter side
const KEPT = 1536; // px of the longest side that is kept of a picture; the work is smaller

/** What is wrong with a picture: a key of the page's words, and the values it fills in. */
export class PictureError extends Error {
  constructor(key, parts) {
    super(key);
    Object.assign(this, { key, parts });
  }
}

/** Width and height in whole px with this longest side. */
export function fitted(width, height, longest) {
  const scale = longest / Math.max(width, height);
  return [width, height].map((side) => Math.max(1, Math.round(side * scale)));
}

/** Refuse what would be too narrow to paint at any size of the work. */
function checkShape(name, width, height, smallestWork) {
  const most = smallestWork / SMALLEST;
  if (Math.max(width, height) > most * Math.min(width, height)) {
    throw new PictureError("narrow", { name, width, height, most });
  }
}

/** A file as a bitmap, upright and in sRGB; its size is looked at before its pixels. */
export async function decoded(file, smallestWork) {
  const { name, size } = file;
  if (size > MOST_BYTES) {
    const [mb, most] = [size, MOST_BYTES].map((bytes) => (bytes / 1e6).toFixed(1));
    throw new PictureError("heavy", { name, size: mb, most });
  }
  const address = URL.createObjectURL(file);
  try {
    const image = new Image();
    image.src = address;
    await new Promise((loaded, failed) => Object.assign(image, { onload: loaded, onerror: failed }));
    const { naturalWidth: width, naturalHeight: height } = image;
    if (!width || !height) throw new PictureError("unread", { name }); // a drawing without a size
    if (width * height > MOST_PIXELS) throw new PictureError("large", { name, width, height, most: MOST_PIXELS / 1e6 });
    checkShape(name, width, height, smallestWork);
    if (Math.max(width, height) <= KEPT) return await createImageBitmap(image);
    const [resizeWidth, resizeHeight] = fitted(width, height, KEPT);
    return await createImageBitmap(image, { resizeWidth, resizeHeight, resizeQuality: "high" });
  } catch (error) {
    throw error instanceof PictureError ? error : new PictureError("unread", { name });
  } finally {
    URL.revokeObjectURL(address);
  }
}

/** A sample of the studio's as a file. */
export async function sample({ name, address }) {
  const answer = await fetch(address);
  if (!answer.ok) throw new PictureError("unreachable", {});
  return new File([await answer.blob()], name);
}

const canvas = document.createElement("canvas");
const pen = canvas.getContext("2d", { willReadFrequently: true });

/** The pixels of a bitmap or a video at the size of the work, on white paper where it is clear. */
export function pixels(source, width, height, mirrored = false) {
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  pen.imageSmoothingQuality = "high";
  pen.setTransform(mirrored ? -1 : 1, 0, 0, 1, mirrored ? width : 0, 0);
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, width, height);
  pen.drawImage(source, 0, 0, width, height);
  return pen.getImageData(0, 0, width, height);
}
