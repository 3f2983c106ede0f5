"""The fixed set of the quality benchmark: six photographs, six paintings, and their 36 pairs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from impasto.errors import PictureError

__all__ = ["CONTENTS", "HELD_OUT", "STYLES", "Pair", "find", "groups", "spread"]

CONTENTS = ("chicago", "golden_gate", "hoovertowernight", "lion", "rainier", "tubingen")
STYLES = (
    "starry_night_google",
    "the_scream",
    "composition-vii",
    "mosaic",
    "wave_crop",
    "vg_la_cafe",
)
# Unseen by the `slim` that comes along; its card names them. Later trainings leave out more, by the
# list of `training.held_out`.
HELD_OUT = ("wave_crop", "vg_la_cafe")

SUFFIXES = (".jpg", ".jpeg", ".png", ".webp")


@dataclass(frozen=True)
class Pair:
    """A content image to be painted in a style.

    Attributes:
        content, style: their files.
    """

    content: Path
    style: Path

    @property
    def name(self) -> str:
        """Both stems, as in "lion in mosaic"."""
        return f"{self.content.stem} in {self.style.stem}"


def groups(name: str) -> tuple[str, str]:
    """The photograph and the painting that a pair's name is of.

    Example:
        >>> groups("lion in mosaic")
        ('lion', 'mosaic')
    """
    content, _, style = name.partition(" in ")
    return content, style


def spread(contents: tuple[Path, ...], styles: tuple[Path, ...]) -> list[Pair]:
    """All pairs, in an order whose every beginning is spread over contents and styles.

    Example:
        >>> lion, tower = Path("lion.jpg"), Path("tower.jpg")
        >>> wave, cafe = Path("wave.jpg"), Path("cafe.jpg")
        >>> [pair.name for pair in spread((lion, tower), (wave, cafe))]
        ['lion in wave', 'tower in cafe', 'lion in cafe', 'tower in wave']
    """
    return [
        Pair(content, styles[(place + turn) % len(styles)])
        for turn in range(len(styles))
        for place, content in enumerate(contents)
    ]


def find(folder: Path, stems: tuple[str, ...]) -> tuple[Path, ...]:
    """The pictures of `folder` with these stems, in their order.

    Raises:
        PictureError: if one is not there.
    """
    pictures = []
    for stem in stems:
        path = next((p for s in SUFFIXES if (p := folder / f"{stem}{s}").is_file()), None)
        if path is None:
            raise PictureError(
                f"{folder} has no picture {stem} ({', '.join(SUFFIXES)}), which is in the fixed "
                "set: put it there"
            )
        pictures.append(path)
    return tuple(pictures)
