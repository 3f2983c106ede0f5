"""How a doodle comes out: is each region in its own style, and are the edges where they are drawn?

    python -m benchmarks.doodle --samples DIR --judge FILE --work DIR

Six drawings: Coastline and Landscape, with the paintings by Monet and Renoir and their label maps,
as the samples of alexjc/neural-doodle have them in `--samples`, and the four of `samples.doodles`,
two of them without a label map.

*Style.* A network that guided nothing (`benchmarks.time_to_quality.judge`) reads painting and
doodle. The distance of a region of the doodle to each region of the painting is that of their
features' means and covariances, over the places that see nothing else. A region passes if it is
nearer to its own than 0.6 times the distance to any other.

*Edges.* The doodle is split into regions anew by colour: pixels are of 48 kinds by their colour and
how rough it is there, and each gets the region in which such pixels are most frequent around it,
within `WINDOW`, on the mean of its neighbours. How much that agrees with the drawing is the mean
IoU of the regions. The drawing itself under noise has 0.97, noise alone 0.45. The same is asked of
the painting and its own regions, whose painter drew no flat colours either.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image

from benchmarks import machine
from benchmarks.quality.evaluators import style_distance
from benchmarks.time_to_quality.judge import STYLE, Judge, as_tensor
from impasto import imaging
from impasto.arrangements.doodle.planes import box_sum
from impasto.arrangements.doodle.regions import clusters
from impasto.asked import Asked
from impasto.errors import ImpastoError
from impasto.files import file_sha256, replacing
from impasto.imaging.color.oklab import to_oklab
from impasto.imaging.tensors import masks
from impasto.methods.inputs import style_shape
from impasto.painting import paint
from impasto.settings import StyleSettings
from impasto.task import StyleTask
from samples.doodles import DOODLES

__all__ = ["Case", "Regions", "cases", "figures", "iou", "main", "nearness", "resegmented"]

RESULTS = Path(__file__).parent / "results" / "doodle.json"
PUBLISHED = (("Coastline", "Monet"), ("Landscape", "Renoir"))
OWN = 0.6  # of the distance to any other region
FEWEST = 12  # places of a layer, under which a region has no covariance worth the name
INSIDE = 0.9  # of what a place sees
WINDOW, COARSE = 0.1, 0.008  # of the longest side
KINDS, SAMPLED = 48, 8000  # of colours that are told apart; pixels that they are found in
ROUGH = 0.5  # what the spread of lightness around a pixel counts beside its colour
AGREEMENTS = ("iou", "iou_of_painting")
FIELDS = {"conv11": 3, "conv21": 10, "conv31": 24, "conv41": 68, "conv51": 156}


@dataclass(frozen=True)
class Case:
    """A drawing, a painting, and its label map if it has one."""

    name: str
    drawing: Path
    painting: str
    labels: Path | None = None


@dataclass(frozen=True)
class Regions:
    """Where each region is, in the doodle and in the painting.

    Attributes:
        names: of their colours, K.
        drawn, learnt: (H, W) and (h, w), the number of each pixel's region.
    """

    names: tuple[str, ...]
    drawn: NDArray[np.intp]
    learnt: NDArray[np.intp]


def cases(samples: Path, work: Path) -> list[Case]:
    """The six doodles; those of our own are drawn into the folder `work`."""
    found = [
        Case(
            drawing.lower(),
            samples / f"{drawing}_sem.png",
            str(samples / f"{painting}.jpg"),
            samples / f"{painting}_sem.png",
        )
        for drawing, painting in PUBLISHED
    ]
    for doodle in DOODLES:
        drawing = work / f"{doodle.name}-drawing.png"
        doodle.drawing().save(drawing)
        labels = doodle.labels()
        if labels is not None:
            labels.save(work / f"{doodle.name}-labels.png")
        where = None if labels is None else work / f"{doodle.name}-labels.png"
        found.append(Case(doodle.name, drawing, doodle.painting, where))
    return found


def nearness(judge: Judge, doodle: imaging.Picture, painting: imaging.Picture, at: Regions) -> Any:
    """(K, K) distances of each region of a doodle to each of the painting.

    Args:
        judge: that reads both.
        doodle: of the size of `at.drawn`.
        painting: of the size of `at.learnt`, as it was read.
        at: where the regions are.
    """
    one, other = judge(as_tensor(doodle)), judge(as_tensor(painting))
    count = len(at.names)
    sums, layers = np.zeros((count, count)), np.zeros((count, count))
    for number, layer in enumerate(STYLE):
        here = [_places(at.drawn == n, 2**number, FIELDS[layer]) for n in range(count)]
        there = [_places(at.learnt == n, 2**number, FIELDS[layer]) for n in range(count)]
        for n in range(count):
            # A layer counts for a region only if all distances can be told.
            if min(place.sum() for place in (here[n], *there)) < FEWEST:
                continue
            for m in range(count):
                features = one[layer][:, here[n]][:, None], other[layer][:, there[m]][:, None]
                sums[n, m] += style_distance(*features)
                layers[n, m] += 1
    return sums / np.maximum(layers, 1)


def _places(mine: NDArray[np.bool_], stride: int, field: int) -> torch.Tensor:
    """Places of a layer that see next to nothing but a region."""
    mask = torch.from_numpy(mine.astype(np.float32))[None, None]
    return masks.at_layer(mask, stride, field, inside=True)[0, 0] > INSIDE


def resegmented(picture: imaging.Picture, drawn: NDArray[np.intp]) -> NDArray[np.intp]:
    """A picture split into the regions of a drawing by its colours alone.

    Args:
        picture: of the size of `drawn`.
        drawn: (H, W); around each pixel it tells what colours a region has.
    """
    longest, count = max(drawn.shape), int(drawn.max()) + 1
    coarse, window = (max(1, round(share * longest)) for share in (COARSE, WINDOW))
    lab = np.stack(
        [_mean_around(plane, 1) for plane in to_oklab(picture.floats).transpose(2, 0, 1)]
    )
    light = lab[0]
    spread = _mean_around(light**2, coarse) - _mean_around(light, coarse) ** 2
    seen = np.concatenate([lab, ROUGH * np.sqrt(np.maximum(spread, 0))[None]])
    seen = seen.reshape(len(seen), -1).T  # (N, 4): colour, and how rough it is around
    _, kinds = clusters(seen[:: max(1, len(seen) // SAMPLED)], KINDS)
    nearest = (np.square(kinds).sum(1) - 2 * seen @ kinds.T).argmin(1).reshape(drawn.shape)
    likely = np.full((count, *drawn.shape), -np.inf, np.float32)
    for n in range(count):
        mine = drawn == n
        held = box_sum(mine, window)
        found = np.zeros(drawn.shape)
        for kind in range(len(kinds)):
            at = nearest == kind
            found[at] = box_sum(at & mine, window)[at]
        odds = np.log((found + 0.5) / (held + 0.5 * len(kinds)))
        likely[n] = np.where(held > 0, _mean_around(odds, coarse), -np.inf)
    return np.asarray(likely.argmax(0))


def _mean_around(plane: NDArray[Any], reach: int) -> NDArray[Any]:
    return np.asarray(box_sum(plane.astype(np.float32), reach) / (2 * reach + 1) ** 2)


def iou(one: NDArray[np.intp], other: NDArray[np.intp]) -> list[float]:
    """Of each region of two maps: what they share over what either has.

    Example:
        >>> iou(np.array([[0, 0, 1, 1]]), np.array([[0, 1, 1, 1]]))
        [0.5, 0.6666666666666666]
    """
    numbers = range(int(max(one.max(), other.max())) + 1)
    pairs = [(one == n, other == n) for n in numbers]
    return [float((a & b).sum() / max(1, (a | b).sum())) for a, b in pairs]


def measured(case: Case, judge: Judge, work: Path, settings: dict[str, Any]) -> dict[str, Any]:
    """Paint a doodle, read it, and keep it in the folder `work`."""
    chosen = StyleSettings(recipe="doodle", threads=torch.get_num_threads(), **settings)
    pictures = {"content": str(case.drawing), "style": case.painting}
    if case.labels is not None:
        pictures["labels"] = str(case.labels)
    start, cpu_start = time.perf_counter(), time.process_time()
    run = paint(Asked("doodle", {}, pictures), chosen)
    for _ in run:
        pass
    result = run.result()
    seconds, cpu_seconds = time.perf_counter() - start, time.process_time() - cpu_start
    result.picture.save(work / f"{case.name}.png")
    doodle = imaging.Picture(np.asarray(result.picture.convert("RGB")))
    task = run.pictures.inputs.task  # type: ignore[attr-defined]
    return {
        "case": case.name,
        "size": [doodle.height, doodle.width],
        "seconds": round(seconds, 1),
        "cpu_seconds": round(cpu_seconds, 1),
        **figures(doodle, task, chosen, judge),
    }


def figures(
    doodle: imaging.Picture, task: StyleTask[imaging.Picture], settings: StyleSettings, judge: Judge
) -> dict[str, Any]:
    """What is read off a doodle.

    Args:
        doodle: as it was painted.
        task: that it was painted of, with masks at any size.
        settings: that it was painted with.
        judge: that reads it.
    """
    size = doodle.height, doodle.width
    painting = task.styles[0]
    read = style_shape(painting, size, size, settings)
    at = Regions(
        tuple(style.name.split()[0] for style in task.styles),
        _map(task.masks, size),
        _map(task.style_masks, read),
    )
    small = imaging.resized(painting, *read, resample="lanczos")
    distances = nearness(judge, doodle, small, at)
    own = np.diag(distances)
    others = np.where(np.eye(len(own), dtype=bool), np.inf, distances).min(1)
    again, itself = (
        iou(resegmented(picture, where), where)
        for picture, where in ((doodle, at.drawn), (small, at.learnt))
    )
    rows: list[dict[str, Any]] = [
        {
            "region": at.names[n],
            "share": round(float((at.drawn == n).mean()), 3),
            "own": round(float(own[n]), 3),
            "nearest_other": round(float(others[n]), 3),
            "ratio": round(float(own[n] / max(others[n], 1e-9)), 3),
            "iou": round(again[n], 3),
            "iou_of_painting": round(itself[n], 3),
        }
        for n in range(len(own))
    ]
    return {
        "passed": sum(row["ratio"] < OWN for row in rows),
        "iou": _mean(again),
        "iou_of_painting": _mean(itself),
        "regions": rows,
    }


def _mean(numbers: Sequence[float]) -> float:
    return round(float(np.mean(numbers)), 3)


def _map(parts: Sequence[imaging.Picture], size: tuple[int, int]) -> NDArray[np.intp]:
    """One map of several masks."""
    light = [np.asarray(Image.fromarray(part.pixels[..., 0]).resize(size[::-1])) for part in parts]
    return np.asarray(np.stack(light).argmax(0))


def summary(results: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Of all doodles."""
    rows = [row for result in results for row in result["regions"]]
    return {
        "regions": len(rows),
        "share_in_own_style": round(sum(row["ratio"] < OWN for row in rows) / len(rows), 3),
        **{name: _mean([result[name] for result in results]) for name in AGREEMENTS},
        "most_cpu_seconds": max(result["cpu_seconds"] for result in results),
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Paint and read all, print a line each, and write the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.doodle")
    parser.add_argument("--samples", type=Path, required=True, metavar="DIR")
    parser.add_argument("--judge", type=Path, required=True, metavar="FILE", help="safetensors")
    parser.add_argument("--work", type=Path, required=True, metavar="DIR", help="for the doodles")
    parser.add_argument("--only", nargs="+", metavar="NAME", help="some of the six")
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--out", type=Path, default=RESULTS, metavar="FILE")
    options = parser.parse_args(arguments)
    torch.set_num_threads(options.threads)
    settings = dict(pair.partition("=")[::2] for pair in options.set)
    try:
        judge = Judge(options.judge)
        options.work.mkdir(parents=True, exist_ok=True)
        results = []
        for case in cases(options.samples, options.work):
            if options.only and case.name not in options.only:
                continue
            results.append(measured(case, judge, options.work, settings))
            print(json.dumps(results[-1]), flush=True)
    except ImpastoError as error:
        print(f"doodle: {error}", file=sys.stderr)
        return error.exit_code
    told = {
        "machine": machine.describe(),
        "settings": settings,
        "judge_sha256": file_sha256(options.judge),
        "summary": summary(results),
        "doodles": results,
    }
    with replacing(options.out) as draft:
        draft.write_text(json.dumps(told, indent=1) + "\n", "utf-8")
    print(json.dumps(told["summary"]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
