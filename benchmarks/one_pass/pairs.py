"""Which photographs are painted in which styles: held-out works alone, spread evenly."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from math import gcd
from pathlib import Path

from PIL import Image

from benchmarks.quality.pairs import SUFFIXES, Pair
from impasto.errors import PictureError, SettingError
from training.held_out import HELD_OUT, is_held_out

__all__ = ["choose", "photographs", "styles", "work"]

# Names under which pictures of one work go about, a detail of it among them; found by eye.
_COPIES = (
    ("starry_night_google", "vangogh-starry-night", "starry-night"),
    ("composition-vii", "composition-vii_850x1280"),
    ("great-wave", "wave_crop"),
)


def work(stem: str) -> str:
    """The name that stands for all pictures of one work.

    Args:
        stem: of a picture's file.

    Example:
        >>> work("wave_crop"), work("vg_self")
        ('great-wave', 'vg_self')
    """
    return next((names[0] for names in _COPIES if stem in names), stem)


def styles(folders: Iterable[Path]) -> list[Path]:
    """The held-out works of some folders, in the copy with the most pixels.

    Args:
        folders: paintings, by names that `training.held_out` knows.

    Returns:
        One file a work, those of most pixels first, so that it is not a small one that is painted
        twice; of copies alike the first folder's.

    Raises:
        PictureError: none of them is held out, or a folder cannot be read.
    """
    largest: dict[str, tuple[int, Path]] = {}
    for path in _pictures(folders):
        if is_held_out(path.stem):
            pixels = _pixels(path)
            if pixels > largest.get(work(path.stem), (0, path))[0]:
                largest[work(path.stem)] = pixels, path
    if not largest:
        raise PictureError(
            f"no style is held out: give --styles with works by {', '.join(HELD_OUT)}, whose "
            "files are named after them"
        )
    return [path for _, path in sorted(largest.values(), key=lambda one: (-one[0], one[1].stem))]


def photographs(folders: Iterable[Path], size: int) -> list[Path]:
    """The photographs that need not be enlarged, folder by folder, in the order of their names.

    Args:
        folders: photographs, all of them.
        size: longest side of a painting, in px; smaller photographs are left out.

    Raises:
        PictureError: there is none, two have one name, or a folder cannot be read.
    """
    large: dict[str, Path] = {}
    for path in _pictures(folders):
        with _opened(path) as picture:
            if max(picture.size) < size:
                continue
        if path.stem in large:
            raise PictureError(
                f"{path} and {large[path.stem]} have one name, which paintings are told apart by: "
                "rename one"
            )
        large[path.stem] = path
    if not large:
        raise PictureError(
            f"no photograph has {size} px on its longer side: give --contents larger ones, or a "
            "smaller --size"
        )
    return list(large.values())


def choose(contents: Sequence[Path], styles: Sequence[Path], count: int) -> list[Pair]:
    """So many pairs, contents and styles in turn, no pair twice.

    A content is painted at most once more often than another, and so is a style. As many pairs as
    styles show every style.

    Args:
        contents, styles: at least one of each.
        count: from 1 to as many as there are pairs.

    Raises:
        SettingError: more pairs than there are, or none.

    Example:
        >>> lion, tower = Path("lion.jpg"), Path("tower.jpg")
        >>> wave, cafe = Path("wave.jpg"), Path("cafe.jpg")
        >>> [pair.name for pair in choose((lion, tower), (wave, cafe), 3)]
        ['lion in wave', 'tower in cafe', 'lion in cafe']
    """
    there_are = len(contents) * len(styles)
    if not 1 <= count <= there_are:
        raise SettingError(
            f"--pairs is {count}: it must be from 1 to {there_are}, as {len(contents)} photographs "
            f"and {len(styles)} styles make no more"
        )
    # Both lists go round at once. After their common multiple the pairs would begin again, and
    # another style for the same content opens the next round.
    turn = there_are // gcd(len(contents), len(styles))
    return [
        Pair(contents[n % len(contents)], styles[(n + n // turn) % len(styles)])
        for n in range(count)
    ]


def _pictures(folders: Iterable[Path]) -> Iterator[Path]:
    for folder in folders:
        try:
            paths = sorted(folder.iterdir())
        except OSError as error:
            raise PictureError(f"{folder} cannot be read ({error.strerror}): check it") from None
        yield from (path for path in paths if path.suffix.lower() in SUFFIXES)


def _opened(path: Path) -> Image.Image:
    """A picture of which only the head is read so far."""
    try:
        return Image.open(path)
    except OSError as error:
        raise PictureError(f"{path} cannot be read ({error}): take it away") from None


def _pixels(path: Path) -> int:
    with _opened(path) as picture:
        return picture.width * picture.height
