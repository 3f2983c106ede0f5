"""The regions that a painting falls into: found by colour, texture and place.

Small clusters of alike places are joined, the two that cost least first (Ward, 1963), until the
next join would cost much; the edges are then drawn along those of the picture's colours. Letters:
H height, W width, h, w those of the coarse map, N places, F features, K regions.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from impasto.arrangements.doodle.planes import box_sum, without_specks
from impasto.imaging import Picture, resized
from impasto.imaging.color.oklab import to_oklab

__all__ = ["FEWEST", "MOST", "clusters", "map_size", "regions_of"]

FEWEST, MOST = 4, 8
MOST_PX = 2**22  # of a map: of a larger painting it has the ratio, and a part of the px
SIDE = 256  # px of the longest side that a painting is looked at
LAYER, STRIDE = "relu3_1", 4
DIRECTIONS = 8  # in which features vary most, that are kept
# How much each counts in a distance; each varies by 1 in all before.
COLOUR, TEXTURE, PLACE = 1.0, 0.7, 0.4
CLUSTERS, ROUNDS = 64, 12
JUMP = 0.03  # share of all that varies, above which a join loses too much
PART = 0.006  # share of the picture under which a part is no region of its own
SPREAD = 0.05  # of the longest side: over so much a region's colour is looked at for its edges


def regions_of(painting: Picture, fewest: int = FEWEST, most: int = MOST) -> NDArray[np.intp]:
    """Labels of the regions of a painting.

    Args:
        painting: of any size.
        fewest, most: of the regions; fewer where a painting has no more colours or textures.

    Returns:
        (H, W), from 0, the largest region first, of the size that `map_size` says. The same for the
        same painting on one machine.
    """
    share = min(1.0, SIDE / max(painting.height, painting.width))
    height, width = (max(32, round(s * share)) for s in (painting.height, painting.width))
    small = resized(painting, height, width, resample="lanczos")
    lab = to_oklab(small.floats)
    coarse = _joined(_described(small, lab), fewest, most)
    count = int(coarse.max()) + 1
    labels = _edged(coarse, lab, count)
    labels = without_specks(labels, max(2, round(PART * labels.size)), count)
    return _enlarged(_by_size(labels), *map_size(painting.height, painting.width))


def map_size(height: int, width: int) -> tuple[int, int]:
    """(height, width) of the map of a painting of that size, in px.

    Example:
        >>> map_size(600, 800), map_size(8192, 2048)
        ((600, 800), (4096, 1024))
    """
    share = min(1.0, (MOST_PX / (height * width)) ** 0.5)
    return max(1, round(height * share)), max(1, round(width * share))


def _described(small: Picture, lab: NDArray[Any]) -> NDArray[Any]:
    """What each place of the coarse map looks like, (h, w, F)."""
    import torch

    from impasto.imaging.tensors import preprocess
    from impasto.networks import features

    with torch.inference_mode():
        look = features.load("slim", [LAYER])(preprocess(small))[LAYER][0]
    texture = look.permute(1, 2, 0).numpy()  # (h, w, C)
    texture = _smooth(np.sqrt(texture.clip(min=0)), 2)
    h, w = texture.shape[:2]
    colour = _smooth(lab[: h * STRIDE, : w * STRIDE], 3)
    colour = colour.reshape(h, STRIDE, w, STRIDE, 3).mean((1, 3))
    flat = texture.reshape(h * w, -1)
    flat = flat - flat.mean(0)
    _, vectors = np.linalg.eigh(flat.T.astype(np.float64) @ flat)
    main = (flat @ vectors[:, : -DIRECTIONS - 1 : -1].astype(np.float32)).reshape(h, w, -1)
    longest = max(h, w)
    place = np.moveaxis(np.indices((h, w)), 0, -1).astype(np.float32) / longest
    return np.concatenate([_unit(colour) * COLOUR, _unit(main) * TEXTURE, _unit(place) * PLACE], -1)


def _unit(x: NDArray[Any]) -> NDArray[Any]:
    """Features less their mean, over what they vary in all."""
    x = x - x.mean((0, 1))
    return np.asarray(x / max(float(np.sqrt(np.square(x).sum(-1).mean())), 1e-6))


def _smooth(x: NDArray[Any], reach: int) -> NDArray[Any]:
    side = 2 * reach + 1
    return np.stack([box_sum(x[..., n], reach) / side**2 for n in range(x.shape[-1])], -1)


def _joined(described: NDArray[Any], fewest: int, most: int) -> NDArray[np.intp]:
    """The coarse map of regions, (h, w)."""
    h, w = described.shape[:2]
    x = described.reshape(h * w, -1)
    owner, centres = clusters(x, CLUSTERS)
    mass = np.bincount(owner, minlength=len(centres)).astype(float)
    total = float(np.square(x).sum())
    group = np.arange(len(centres))
    while np.unique(group).size > fewest:
        names = np.unique(group)
        sizes = np.array([mass[group == n].sum() for n in names])
        means = np.stack([(centres[group == n] * mass[group == n, None]).sum(0) for n in names])
        means /= sizes[:, None]
        cost = np.square(means[:, None] - means).sum(-1)
        cost *= sizes[:, None] * sizes / (sizes[:, None] + sizes)
        np.fill_diagonal(cost, np.inf)
        one, other = divmod(int(cost.argmin()), len(names))
        if len(names) <= most and cost[one, other] > JUMP * total:
            break
        group[group == names[other]] = names[one]
    _, group = np.unique(group, return_inverse=True)
    return np.asarray(group[owner].reshape(h, w))


def clusters(x: NDArray[Any], count: int) -> tuple[NDArray[np.intp], NDArray[Any]]:
    """Lloyd's k-means from points that lie far apart, so that nothing is left to chance.

    Args:
        x: (N, F).
        count: of the clusters, if there are so many points.

    Returns:
        The cluster of each point, and (K, F) the middle of each.

    Example:
        >>> owners, middles = clusters(np.array([[0.0], [1.0], [9.0]]), 2)
        >>> owners.tolist(), middles.ravel().tolist()
        ([0, 0, 1], [0.5, 9.0])
    """
    chosen = [int(np.square(x).sum(1).argmin())]
    far = np.square(x - x[chosen[0]]).sum(1)
    while len(chosen) < min(count, len(x)):
        chosen.append(int(far.argmax()))
        far = np.minimum(far, np.square(x - x[chosen[-1]]).sum(1))
    centres = x[chosen].astype(np.float64)
    for _ in range(ROUNDS):
        distance = np.square(centres).sum(1) - 2 * x @ centres.T
        owner = distance.argmin(1)
        held = np.bincount(owner, minlength=len(centres))
        sums = np.stack([np.bincount(owner, f, len(centres)) for f in x.T], 1)
        centres = np.where(held[:, None] > 0, sums / np.maximum(held, 1)[:, None], centres)
    return np.asarray(owner), centres


def _edged(coarse: NDArray[np.intp], lab: NDArray[Any], count: int) -> NDArray[np.intp]:
    """The map at the size of the picture, its edges where the colours change."""
    height, width = lab.shape[:2]
    labels = _enlarged(coarse, height, width)
    reach = max(2, round(SPREAD * max(height, width)))
    near = max(1, reach // 3)
    seen = _smooth(lab, 1)
    for _ in range(2):
        cost = np.full((count, height, width), np.inf, np.float32)
        for n in range(count):
            mine = (labels == n).astype(np.float32)
            weight = box_sum(mine, reach)
            around = box_sum(mine, near) / (2 * near + 1) ** 2
            mean = np.stack([box_sum(mine * seen[..., c], reach) for c in range(3)], -1)
            mean /= np.maximum(weight, 1e-3)[..., None]
            far = np.sqrt(np.square(seen - mean).sum(-1)) + 0.12 * (1 - around)
            cost[n] = np.where(around > 0, far, np.inf)
        labels = cost.argmin(0)
    share = np.stack([box_sum(labels == n, 2) for n in range(count)])
    return np.asarray(share.argmax(0))


def _enlarged(labels: NDArray[np.intp], height: int, width: int) -> NDArray[np.intp]:
    """A map at another size, each pixel that of the nearest place."""
    rows = (np.arange(height) + 0.5) * labels.shape[0] / height
    columns = (np.arange(width) + 0.5) * labels.shape[1] / width
    return np.asarray(labels[rows.astype(np.intp)[:, None], columns.astype(np.intp)])


def _by_size(labels: NDArray[np.intp]) -> NDArray[np.intp]:
    counts = np.bincount(labels.ravel())
    order = np.argsort(-counts, kind="stable")[: np.count_nonzero(counts)]
    numbers = np.zeros(len(counts), np.intp)
    numbers[order] = np.arange(len(order))
    return np.asarray(numbers[labels])
