"""Whether faces stay like themselves: found again in their paintings, and painted all the same.

    python -m benchmarks.portrait paint FACES --out RESULTS.jsonl [--method one-pass] [--most 36]
    python -m benchmarks.portrait tell RESULTS.jsonl

FACES is a folder of photographs with one face each; the sample `astronaut` is added. Each is
painted as it is, mirrored, tilted by 15° and from a file of half the size, in each of three styles,
at most 384 px long, at strength 0.5 and 0.8, with `keep_faces`; as it is also without, for
comparison. Two group pictures are put together of them. A painting is a line of the results as soon
as it is done, and one that has its line is not painted again: a stopped run goes on.

What is measured of a painting:

- found: whether the detector finds the face again, surer than 0.7 (MTCNN's own default), with its
  middle less than an eye distance away;
- nme: the mean distance of its five landmarks from the photograph's, in eye distances; much of
  it is the detector's own (`benchmarks.landmarks`);
- steady: the same of landmarks that are read in nine views, of painting and photograph;
- style: how far mean and covariance of VGG-19's features are from the style's within the face's
  oval, averaged over relu1_1 to relu4_1 (`impasto` paints with another network).
"""

from __future__ import annotations

import argparse
import json
import math
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import torch
from PIL import Image, ImageOps

import impasto
from benchmarks.landmarks import SURE, steady, wandered
from impasto import faces, imaging, losses, samples
from impasto.errors import ImpastoError, InputError, reason_of
from impasto.faces import Face
from impasto.imaging import tensors
from impasto.imaging.tensors import masks
from impasto.networks import features

__all__ = ["Job", "jobs", "main", "nme_of", "photographs", "tell", "viewed"]

SIZE = 384
STYLES = ("starry-night", "ukiyo-e", "woodcut")
STRENGTHS = (0.5, 0.8)
VIEWS = ("as it is", "mirrored", "tilted", "half")
METHODS = ("optimization", "one-pass")
JUDGE, LAYERS = "vgg19-normalized", ("relu1_1", "relu2_1", "relu3_1", "relu4_1")
# Px to a place of these layers, and px that it sees.
GEOMETRY = ((1, 3), (2, 10), (4, 24), (8, 60))
STYLE_HEAD = "style over plain's"
GROUP_SIDE, GROUP_UNITS = 256, 6  # px, and distances of eyes, of a portrait in a group picture


class Job(NamedTuple):
    """One painting.

    Attributes:
        photo: stem of the photograph's file; or the group's name.
        view: one of `VIEWS`.
        style: name of a sample.
        strength: from 0 to 1.
        method: one of `METHODS`.
        keep: whether faces are kept.
    """

    photo: str
    view: str
    style: str
    strength: float
    method: str
    keep: bool

    @property
    def key(self) -> list[Any]:
        """As it stands in a line of results."""
        return list(self)


def jobs(photos: Sequence[str], groups: Sequence[str], method: str) -> Iterator[Job]:
    """Every painting, in an order in which the first ones tell most.

    In each of three rounds a view meets another style, so that a run that is stopped has seen all
    photographs, views and styles.

    Example:
        >>> work = list(jobs(["a", "b"], [], "one-pass"))
        >>> len([job for job in work if job.keep]), len([job for job in work if not job.keep])
        (48, 12)
    """
    for turn in range(len(STYLES)):
        number = turn
        for view in VIEWS:
            for photo in photos:
                style = STYLES[number % len(STYLES)]
                for strength in STRENGTHS:
                    yield Job(photo, view, style, strength, method, True)
                    if view == VIEWS[0]:
                        yield Job(photo, view, style, strength, method, False)
                number += 1
            number += 1
        for group in groups:
            for strength in STRENGTHS:
                yield Job(group, VIEWS[0], STYLES[turn], strength, method, True)


def photographs(folder: Path) -> dict[str, Image.Image]:
    """Those of a folder and the astronaut, by name, RGB.

    Raises:
        InputError: the folder or a picture cannot be read.
    """
    try:
        files = {path.stem: path for path in sorted(folder.iterdir()) if path.is_file()}
        files["astronaut"] = Path(samples.content("astronaut"))
        return {name: Image.open(path).convert("RGB") for name, path in files.items()}
    except OSError as error:
        raise InputError(
            f"{folder} is no folder of photographs ({reason_of(error)}): give one that holds "
            "nothing else"
        ) from None


def viewed(photo: Image.Image, view: str) -> Image.Image:
    """A photograph in a view, at most `SIZE` px long."""
    if view == "mirrored":
        photo = ImageOps.mirror(photo)
    if view == "tilted":
        photo = photo.rotate(15, Image.Resampling.BICUBIC)
    if view == "half":
        size = photo.width // 2, photo.height // 2
        photo = photo.resize(size, Image.Resampling.LANCZOS)
    share = min(1.0, SIZE / max(photo.size))
    size = round(photo.width * share), round(photo.height * share)
    return photo.resize(size, Image.Resampling.LANCZOS)


def group_of(photos: Sequence[Image.Image]) -> Image.Image:
    """Heads of portraits, side by side."""
    group = Image.new("RGB", (GROUP_SIDE * len(photos), GROUP_SIDE))
    for number, photo in enumerate(photos):
        face = faces.find(imaging.read(photo))[0]
        half, (x, y) = GROUP_UNITS * face.unit / 2, face.middle
        box = round(x - half), round(y - half), round(x + half), round(y + half)
        head = photo.crop(box).resize((GROUP_SIDE, GROUP_SIDE), Image.Resampling.LANCZOS)
        group.paste(head, (number * GROUP_SIDE, 0))
    return group


def nme_of(found: Sequence[Face], face: Face) -> float | None:
    """How far the landmarks of the nearest face are from one's own; None where none is near.

    Example:
        >>> face = Face((0, 0, 9, 9), 1.0, (2, 3), (6, 3), (4, 5), (3, 7), (5, 7))
        >>> nme_of([face.moved(1, 1, 1)], face), nme_of([], face)
        (0.25, None)
    """
    near = min(found, key=lambda other: math.dist(other.centre, face.centre), default=None)
    if near is None or math.dist(near.centre, face.centre) > face.unit:
        return None
    pairs = zip(near.landmarks, face.landmarks, strict=True)
    return statistics.mean(math.dist(a, b) for a, b in pairs) / face.unit


class Judge:
    """Measures how far a part of a painting is from a style."""

    def __init__(self) -> None:
        self._network = features.load(JUDGE, list(LAYERS))
        self._targets: dict[str, list[losses.StyleLoss]] = {}

    @torch.inference_mode()
    def distance(self, painting: Image.Image, style: str, known: Sequence[Face]) -> float:
        """Of the faces of a painting from a style."""
        if style not in self._targets:
            picture = imaging.fitted(imaging.read(samples.style(style)), size=SIZE)
            seen = self._network(tensors.preprocess(picture))
            self._targets[style] = [losses.StyleLoss([seen[layer]], "moments") for layer in LAYERS]
        picture = imaging.read(painting)
        oval = torch.from_numpy(faces.maps(known, (picture.height, picture.width)).oval)
        seen = self._network(tensors.preprocess(picture))
        distances = []
        for layer, geometry, target in zip(LAYERS, GEOMETRY, self._targets[style], strict=True):
            where = masks.at_layer(oval[None, None], *geometry)
            where = masks.resized(where, *seen[layer].shape[-2:])
            distances.append(target(seen[layer], where).item())
        mean: float = statistics.mean(distances)
        return mean


def painted(job: Job, photo: Image.Image, judge: Judge, pictures: Path | None) -> dict[str, Any]:
    """A line of results."""
    known = faces.find(imaging.read(photo))
    began = time.perf_counter()
    result = impasto.stylize(
        photo,
        job.style,
        method=job.method,
        size=SIZE,
        strength=job.strength,
        keep_faces=job.keep,
        threads=1,
    )
    seconds = time.perf_counter() - began
    painting = result.picture.convert("RGB")
    if pictures is not None:
        pictures.mkdir(parents=True, exist_ok=True)
        kept = "kept" if job.keep else "plain"
        words = [job.photo, job.view, job.style, str(job.strength), job.method, kept]
        painting.save(pictures / ("-".join(words).replace(" ", "_") + ".png"))
    again = faces.find(imaging.read(painting), sure=SURE)
    errors = [nme_of(again, face) for face in known]
    steadily = [_steadily(painting, photo, face) for face in known]
    return {
        "job": job.key,
        "faces": len(known),
        "nme": [None if error is None else round(error, 4) for error in errors],
        "steady": [None if error is None else round(error, 4) for error in steadily],
        "style": round(judge.distance(painting, job.style, known), 4),
        "seconds": round(seconds, 1),
    }


def _steadily(painting: Image.Image, photo: Image.Image, face: Face) -> float | None:
    """`nme_of` of landmarks that are read in several views; None where too few find the face."""
    marks, before = steady(painting, face), steady(photo, face)
    return None if marks is None or before is None else wandered(marks, before, face.unit)


def read(results: Path) -> list[dict[str, Any]]:
    """The lines that are there already.

    Raises:
        InputError: one is damaged.
    """
    if not results.exists():
        return []
    try:
        return [json.loads(line) for line in results.read_text().splitlines()]
    except ValueError:
        raise InputError(f"{results} has a line that is no JSON: remove it") from None


def tell(rows: Sequence[dict[str, Any]]) -> str:
    """A table of what was measured, one line for each method, strength and way.

    Example:
        >>> job = ["a", "as it is", "woodcut", 0.5, "one-pass", True]
        >>> rows = [{"job": job, "faces": 1, "nme": [0.02], "steady": [0.01], "style": 0.5}]
        >>> print(tell(rows).splitlines()[-1])
        | one-pass | 0.5 | kept | 1 | 1 of 1 (100 %) | 0.020 | 0.02 | 0.010 | - |
    """
    heads = ("method", "strength", "faces", "paintings", "found", "NME", "median", "steady NME")
    table = [f"| {' | '.join((*heads, STYLE_HEAD))} |", "| --- " * (len(heads) + 1) + "|"]
    plain = {tuple(row["job"][:5]): row["style"] for row in rows if not row["job"][5]}
    for method in METHODS:
        for strength in STRENGTHS:
            for keep in (True, False):
                own = [row for row in rows if row["job"][3:] == [strength, method, keep]]
                if not own:
                    continue
                errors = [error for row in own for error in row["nme"]]
                found = [error for error in errors if error is not None]
                ratios = [
                    row["style"] / plain[tuple(row["job"][:5])]
                    for row in own
                    if keep and tuple(row["job"][:5]) in plain
                ]
                calm = [
                    error for row in own for error in row.get("steady", ()) if error is not None
                ]
                share = 100 * len(found) / len(errors)
                cells = [
                    method,
                    f"{strength}",
                    "kept" if keep else "plain",
                    f"{len(own)}",
                    f"{len(found)} of {len(errors)} ({share:.0f} %)",
                    f"{statistics.mean(found):.3f}" if found else "-",
                    f"{statistics.median(found):.2f}" if found else "-",
                    f"{statistics.mean(calm):.3f}" if calm else "-",
                    f"{statistics.median(ratios):.2f}" if ratios else "-",
                ]
                table.append(f"| {' | '.join(cells)} |")
    return "\n".join(table)


def paint(
    folder: Path, results: Path, pictures: Path | None, method: str, most: int | None
) -> None:
    """Paint what has no line yet, of the first `most` paintings or of all."""
    photos = photographs(folder)
    names = list(photos)
    for number, some in enumerate((names[::2], names[1::2]), 1):
        photos[f"group {number}"] = group_of([photos[name] for name in some])
    done = [row["job"] for row in read(results)]
    judge = Judge()
    wanted = jobs(names, [name for name in photos if name not in names], method)
    for job in islice(wanted, most):
        if job.key in done:
            continue
        row = painted(job, viewed(photos[job.photo], job.view), judge, pictures)
        with results.open("a") as file:
            file.write(json.dumps(row) + "\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; its exit code."""
    parser = argparse.ArgumentParser(prog="benchmarks.portrait", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    painting = commands.add_parser("paint")
    painting.add_argument("faces", type=Path)
    painting.add_argument("--out", type=Path, required=True)
    painting.add_argument("--pictures", type=Path)
    painting.add_argument("--most", type=int, help="of the paintings, the first ones alone")
    painting.add_argument("--method", choices=METHODS, default=METHODS[0])
    commands.add_parser("tell").add_argument("results", type=Path)
    given = parser.parse_args(arguments)
    try:
        if given.command == "paint":
            paint(given.faces, given.out, given.pictures, given.method, given.most)
        else:
            print(tell(read(given.results)))
    except ImpastoError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
