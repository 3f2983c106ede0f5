// Drawings to begin with. Each says of a place, from 0 to 1 each way, which of its grounds is there, from the top down.

const bump = (u, at, width) => Math.exp(-(((u - at) / width) ** 2));
const ridge = (u, peaks) => Math.max(...peaks.map(([at, height, slope]) => height - Math.abs(u - at) * slope));
const inside = (u, v, left, top, right, bottom) => u >= left && u < right && v >= top && v < bottom;

const GROUNDS = {
  coast(u, v) {
    if (v > 0.93 - 0.45 * bump(u, 0.02, 0.3) - 0.03 * Math.sin(19 * u)) return 4; // rocks in front
    if (v > 0.74 - 0.1 * u + 0.025 * Math.sin(9 * u)) return 3; // the beach
    if (v > 0.45) return 2; // the sea
    if (v > 0.46 - 0.17 * bump(u, 0.93, 0.3) - 0.06 * bump(u, 0.6, 0.12)) return 1; // a headland
    return 0;
  },
  mountains(u, v) {
    if (v > 0.86 + 0.04 * Math.sin(5 * u + 1)) return 4; // a meadow
    if (v > 0.68 - 0.08 * Math.sin(6 * u + 0.6)) return 3; // woods
    if (v > 1 - ridge(u, [[0.2, 0.58, 1.1], [0.78, 0.52, 0.9]])) return 2;
    if (v > 1 - ridge(u, [[0.5, 0.78, 1.25]])) return 1;
    return 0;
  },
  house(u, v) {
    if (inside(u, v, 0.36, 0.64, 0.43, 0.82) || inside(u, v, 0.5, 0.58, 0.59, 0.69)) return 4; // door, window
    if (v > 0.36 && v < 0.52 && Math.abs(u - 0.46) < 0.08 + (v - 0.36) * 1.1) return 1; // the roof
    if (inside(u, v, 0.25, 0.52, 0.67, 0.82)) return 2; // walls
    if ((u - 0.85) ** 2 * 1.7 + (v - 0.42) ** 2 < 0.02 || inside(u, v, 0.835, 0.5, 0.865, 0.82)) return 4; // a tree
    if (v > 0.78 - 0.03 * Math.sin(4 * u)) return 3; // grass
    return 0;
  },
};
const COUNT = 5;

/**
 * The map of a starter.
 * @param count of the colours, which stand in the order of their parts from the top of the painting down
 */
export function starter(name, width, height, count) {
  const ground = GROUNDS[name];
  return Uint8Array.from({ length: width * height }, (_, at) =>
    Math.round((ground(((at % width) + 0.5) / width, (Math.floor(at / width) + 0.5) / height) * (count - 1)) / (COUNT - 1)),
  );
}
