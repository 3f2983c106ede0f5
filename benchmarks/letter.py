"""How a lettering comes out: can it be read, is each band in its own style, is the rest nothing?

    pip install rapidocr==3.10.0
    python -m benchmarks.letter --effects DIR --judge FILE --work DIR

Forty strings, twenty Chinese and twenty English, shared among four effects at 256 px. `--effects`
has `shu-flame.png` and `shu-text.png` of williamyang1991/Text-Effects-Transfer, and `tet-25.jpg`,
`tet-37.jpg` and `tet-40.jpg`, the numbers 25, 37 and 40 of williamyang1991/TET-GAN, each at most
320 px wide.

*Read.* rapidocr, which carries its models, recognises each line as it lies on a white page; a
string counts if it comes out whole, spaces and capitals aside. The same is asked of the words in
black, and of these painted in the same style by `impasto stylize`.

*Style.* A network that guided nothing (`benchmarks.time_to_quality.judge`) reads lettering and
style. The distance of a band is that of its features' means and covariances in the two, over the
places of the three first blocks that it covers; the mean over bands is compared with that of the
plain transfer. The sticker lies on the colour of the style's ground for it.

*Nothing around.* Opacity beyond the reach of the effect.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from benchmarks import machine
from benchmarks.quality.evaluators import style_distance
from benchmarks.time_to_quality.judge import Judge, as_tensor
from impasto import imaging
from impasto.arrangements import arrange
from impasto.arrangements.letter.distance import signed_distance
from impasto.arrangements.letter.effect import ground_of, reach_of, seen
from impasto.arrangements.letter.layout import Words
from impasto.arrangements.letter.sheet import Sheet
from impasto.asked import Asked
from impasto.errors import ImpastoError, MissingPackageError
from impasto.files import file_sha256, replacing
from impasto.imaging.tensors import masks
from impasto.painting import paint, stylize
from impasto.settings import StyleSettings

__all__ = ["STRINGS", "band_distance", "main", "read_alike"]

RESULTS = Path(__file__).parent / "results" / "letter.json"
SIZE = 256
LAYERS = ("conv11", "conv21", "conv31")
FEWEST = 12  # places of a layer, under which a band has no covariance worth the name
COVERED = 0.75  # of what a place stands for, from which on it is a band's
ENLARGED = 2  # a recogniser is made for lines that are higher than these
STRINGS = (
    *("春", "福", "火锅", "大雪", "中秋", "星夜", "龙年", "山水", "平安", "书法"),
    *("茶馆", "海风", "新年好", "长江", "冰川", "绿叶", "铁器", "牛肉面", "生日快乐", "月饼"),
    *("Spring", "Fire", "Jazz", "Winter", "Hello", "Rust", "Ocean", "Magic", "Tea", "Sale"),
    *("Night", "Gold", "Rock", "Queen", "Forest", "Ice", "Happy", "Zebra", "Dragon", "Love"),
)


@dataclass(frozen=True)
class Style:
    """A style picture and the mask of its letters, if it has one."""

    name: str
    file: Path
    text: Path | None = None

    def pictures(self) -> dict[str, str]:
        """By role."""
        given = {"style": self.file, "style mask": self.text}
        return {role: str(file) for role, file in given.items() if file is not None}


def styles_in(folder: Path) -> list[Style]:
    """The four."""
    flame = Style("flame", folder / "shu-flame.png", folder / "shu-text.png")
    names = {"rust": "tet-25.jpg", "cloth": "tet-37.jpg", "ice": "tet-40.jpg"}
    return [flame, *(Style(name, folder / file) for name, file in names.items())]


class Reader:
    """Reads one line of text from a picture.

    Raises:
        MissingPackageError: rapidocr is not installed.
    """

    def __init__(self) -> None:
        try:
            from rapidocr import RapidOCR
        except ImportError:
            raise MissingPackageError("reading letterings", "rapidocr", "dev") from None
        self._engine = RapidOCR(params={"Global.log_level": "error"})

    def __call__(self, pixels: NDArray[np.uint8]) -> str:
        """The text of (H, W, 3), sRGB; empty where there is none."""
        large = imaging.array_to_pil(pixels.astype(np.float32) / np.float32(255))
        large = large.resize((large.width * ENLARGED, large.height * ENLARGED))
        found = self._engine(np.asarray(large)[..., ::-1], use_det=False, use_cls=False)
        return "".join(getattr(found, "txts", None) or ())


def read_alike(read: str, meant: str) -> bool:
    """Whether a text was read whole, spaces and capitals aside.

    Example:
        >>> read_alike("new year", "New Year"), read_alike("New Yea", "New Year")
        (True, False)
    """
    one, other = ("".join(text.split()).casefold() for text in (read, meant))
    return one == other


def band_distance(
    judge: Judge,
    pictures: tuple[imaging.Picture, imaging.Picture],
    bands: Sequence[tuple[imaging.Picture, imaging.Picture]],
) -> float:
    """Mean distance of the bands of a picture to those of a style.

    Args:
        judge: reads both.
        pictures: the picture and the style.
        bands: masks in both, of their sizes.
    """
    features = [judge(as_tensor(picture)) for picture in pictures]
    distances = []
    for band in bands:
        for number, layer in enumerate(LAYERS):
            places = [_places(mask, 2**number) for mask in band]
            if min(place.sum() for place in places) < FEWEST:
                continue
            one, other = (f[layer][:, p][:, None] for f, p in zip(features, places, strict=True))
            distances.append(style_distance(one, other))
    return float(np.mean(distances))


def _places(mask: imaging.Picture, stride: int) -> torch.Tensor:
    shares = torch.from_numpy(imaging.shares(mask).copy())[None, None]
    return masks.at_layer(shares, stride, 1)[0, 0] >= COVERED


def measured(text: str, style: Style, judge: Judge, read: Reader, work: Path) -> dict[str, Any]:
    """Paint a string, by words and by a plain transfer, and read both; they are kept in `work`."""
    settings = StyleSettings(recipe="letter", size=SIZE, threads=torch.get_num_threads())
    asked = Asked("letter", {"text": text, "ground": "transparent"}, style.pictures())
    task = arrange(asked, settings)
    begin = time.process_time()
    run = paint(asked, settings)
    for _ in run:
        pass
    result = run.result()
    cpu_s = time.process_time() - begin
    plain_style, reach, sheet = _sheet(text, style, settings)
    ink = np.repeat(np.rint(255 * (1 - sheet.ink))[..., None], 3, 2).astype(np.uint8)
    transfer = stylize(ink, str(style.file), size=SIZE, threads=torch.get_num_threads())
    result.picture.save(work / f"{style.name}-{text}.png")
    transfer.picture.save(work / f"{style.name}-{text}-plain.png")

    opacity = result.content.opacity
    assert opacity is not None
    bands = list(zip(task.masks, task.style_masks, strict=True))
    ground = np.median(plain_style.floats.reshape(-1, 3), axis=0)
    shown = [_over(result.pixels, opacity, ground), np.asarray(transfer.picture)]
    near, far = (
        band_distance(judge, (imaging.Picture(pixels), task.styles[0]), bands) for pixels in shown
    )
    page = _over(result.pixels, opacity, np.ones(3, np.float32))
    told = {"words": page, "black": ink, "plain": shown[1]}
    return {
        "style": style.name,
        "text": text,
        "size": list(sheet.shape),
        "read": {name: read(pixels) for name, pixels in told.items()},
        "style_distance": round(near, 4),
        "style_distance_plain": round(far, 4),
        "opacity_beyond": round(float(opacity[sheet.normal > reach].max(initial=0)), 3),
        "cpu_s": round(cpu_s, 1),
    }


def _sheet(
    text: str, style: Style, settings: StyleSettings
) -> tuple[imaging.Picture, float, Sheet]:
    """The style, the reach of its effect, and the sheet of a string."""
    picture = imaging.filled(imaging.read(str(style.file)))
    mask = None if style.text is None else imaging.mask_for(str(style.text), picture)
    effect = seen(picture, mask)
    assert effect.glyph is not None
    reach = reach_of(signed_distance(effect.glyph), ground_of(picture))
    return picture, reach, Sheet.of(Words(text), reach, settings)


def _over(
    pixels: NDArray[np.float32], opacity: NDArray[np.float32], page: NDArray[np.float32]
) -> NDArray[np.uint8]:
    """A sticker on a page of one colour."""
    seen = page + (pixels - page) * opacity[..., None]
    return np.asarray(np.rint(255 * seen.clip(0, 1)), np.uint8)


def summary(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Of all strings."""

    def rate(name: str) -> float:
        return round(float(np.mean([read_alike(r["read"][name], r["text"]) for r in rows])), 3)

    near = np.array([row["style_distance"] for row in rows])
    far = np.array([row["style_distance_plain"] for row in rows])
    return {
        "strings": len(rows),
        "read": rate("words"),
        "read_black": rate("black"),
        "read_plain_transfer": rate("plain"),
        "style_distance": round(float(near.mean()), 3),
        "style_distance_plain_transfer": round(float(far.mean()), 3),
        "ratio": round(float(near.mean() / far.mean()), 3),
        "largest_ratio": round(float((near / far).max()), 3),
        "opacity_beyond": max(row["opacity_beyond"] for row in rows),
        "mean_cpu_s": round(float(np.mean([row["cpu_s"] for row in rows])), 1),
        "most_cpu_s": max(row["cpu_s"] for row in rows),
    }


def _shared(styles: Sequence[Style]) -> Iterator[tuple[str, Style]]:
    """Each string with its style, in turns."""
    for number, text in enumerate(STRINGS):
        yield text, styles[number % len(styles)]


def main(arguments: Sequence[str] | None = None) -> int:
    """Paint and read all, print a line each, and write the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.letter")
    parser.add_argument("--effects", type=Path, required=True, metavar="DIR")
    parser.add_argument("--judge", type=Path, required=True, metavar="FILE", help="safetensors")
    parser.add_argument("--work", type=Path, required=True, metavar="DIR", help="for pictures")
    parser.add_argument("--strings", default=":", metavar="A:B", help="some, by number from 0")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--out", type=Path, default=RESULTS, metavar="FILE")
    options = parser.parse_args(arguments)
    torch.set_num_threads(options.threads)
    try:
        judge, read = Judge(options.judge), Reader()
        options.work.mkdir(parents=True, exist_ok=True)
        rows = []
        begin, _, end = options.strings.partition(":")
        some = slice(int(begin or 0), int(end or len(STRINGS)))
        for text, style in list(_shared(styles_in(options.effects)))[some]:
            rows.append(measured(text, style, judge, read, options.work))
            print(json.dumps(rows[-1], ensure_ascii=False), flush=True)
    except ImpastoError as error:
        print(f"letter: {error}", file=sys.stderr)
        return error.exit_code
    told = {
        "machine": machine.describe(),
        "judge_sha256": file_sha256(options.judge),
        "summary": summary(rows),
        "strings": rows,
    }
    with replacing(options.out) as draft:
        draft.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", "utf-8")
    print(json.dumps(told["summary"]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
