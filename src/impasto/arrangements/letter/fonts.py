"""Which font draws which part of some words: text in runs by what the fonts have glyphs for."""

from __future__ import annotations

import os
import shutil
import subprocess
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import groupby
from pathlib import Path

from impasto.errors import SettingError
from impasto.text import format_path

__all__ = ["Face", "Run", "is_wide", "runs_of"]

WAIT_S = 20  # for fontconfig, which may have to build its cache first
REMEMBERED = 1024  # answers of fontconfig
NAMED = 12  # of the missing characters; the others are counted
WIDE = ("W", "F")  # of East_Asian_Width: what fills a square
JOINER, VARIANTS = "\u200d", "\ufe0e\ufe0f"  # the latter ask for a plain or a coloured sign
_OUTLINES = {"glyf", "CFF ", "CFF2"}  # tables; a font without one holds pictures of one size


@dataclass(frozen=True)
class Face:
    """A font: one of those in a file.

    Attributes:
        path: of the file.
        index: of the font in a collection.
    """

    path: str
    index: int = 0


@dataclass(frozen=True)
class Run:
    """Neighbouring characters of a line that one font draws."""

    text: str
    face: Face


def runs_of(line: str, font: str | None = None) -> list[Run]:
    """A line in runs, each with a font that has its glyphs.

    As few fonts as can be: the first that has all that nothing before it had is asked for first.

    Args:
        line: without a line break.
        font: file of the only font to take; None for those of this machine.

    Returns:
        In the order of the text.

    Raises:
        SettingError: naming the characters that there is no glyph for; or the file is no font.

    Example:
        >>> [run.text for run in runs_of("Spring")]
        ['Spring']
    """
    faces = [_own(font)] if font is not None else []
    parts = list(_graphemes(line))
    if font is None:
        faces = list(_faces_for(line))
    chosen: list[Face] = []
    missing: list[str] = []
    for part in parts:
        face = next((face for face in faces if _covers(face, part)), None)
        if face is None:
            missing.append(part)
            continue
        chosen.append(face)
    if missing:
        raise SettingError(_told(missing, font))
    paired = groupby(zip(parts, chosen, strict=True), key=lambda pair: pair[1])
    return [Run("".join(part for part, _ in group), face) for face, group in paired]


def is_wide(character: str) -> bool:
    """Whether a character fills a square, and stands upright in vertical writing.

    Example:
        >>> is_wide("春"), is_wide("。"), is_wide("S")
        (True, True, False)
    """
    return unicodedata.east_asian_width(character) in WIDE


def _graphemes(line: str) -> Iterator[str]:
    """Characters with the marks that belong to them."""
    part = ""
    for character in line:
        joined = part.endswith(JOINER) or _belongs(character)
        if part and not joined:
            yield part
            part = ""
        part += character
    if part:
        yield part


def _belongs(character: str) -> bool:
    return unicodedata.category(character) in ("Mn", "Me", "Mc") or character == JOINER


def _covers(face: Face, part: str) -> bool:
    known = _characters(face)
    # Joiners and selectors of a variant are no glyphs of their own.
    return all(ord(c) in known or unicodedata.category(c) == "Cf" or c in VARIANTS for c in part)


@cache
def _characters(face: Face) -> frozenset[int]:
    """Code points that a font has outlines for; none of a font of pictures.

    Raises:
        SettingError: the file is no font.
    """
    from fontTools.ttLib import TTFont, TTLibError

    try:
        with TTFont(face.path, fontNumber=face.index, lazy=True) as font:
            if not _OUTLINES & set(font.keys()):
                return frozenset()
            return frozenset(font.getBestCmap() or {})
    except (OSError, TTLibError, AssertionError, ValueError) as error:
        raise SettingError(
            f"{format_path(face.path)} cannot be read as a font ({error}): give a TTF, OTF or TTC"
        ) from None


def _own(font: str) -> Face:
    if not Path(font).is_file():
        raise SettingError(f"{format_path(font)} is no file: give that of a font, TTF, OTF or TTC")
    face = Face(os.fspath(font))
    if not _characters(face):
        raise SettingError(
            f"{format_path(font)} holds no outlines of letters: give a font that is drawn, not one "
            "of pictures"
        )
    return face


def _faces_for(line: str) -> Iterator[Face]:
    """Fonts of this machine that may help, the ones asked for the whole line first."""
    left = {c for c in line if unicodedata.category(c) not in ("Cf", "Cc")}
    for wanted in (left, *({c} for c in sorted(left))):
        if not wanted & left:
            continue
        for face in (*_matched("".join(sorted(wanted))), *_bundled()):
            known = _characters(face)
            if any(ord(c) in known for c in wanted & left):
                yield face
                left -= {c for c in left if ord(c) in known}


@lru_cache(maxsize=REMEMBERED)
def _matched(characters: str) -> tuple[Face, ...]:
    """The bold font that fontconfig has for some characters; none where it is not installed."""
    program = shutil.which("fc-match")
    if program is None:
        return ()
    points = " ".join(f"{ord(c):x}" for c in characters)
    pattern = f"sans-serif:bold:lang={_language(characters)}:charset={points}"
    try:
        told = subprocess.run(
            [program, "--format", "%{file}\t%{index}", pattern],
            capture_output=True,
            text=True,
            timeout=WAIT_S,
            check=True,
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return ()  # as where there is none: the bundled font is left, and misses are told
    path, _, index = told.partition("\t")
    # Of a variable font the upper half of the index is an instance, which Pillow takes no part of.
    return (Face(path, int(index or 0) & 0xFFFF),) if Path(path).is_file() else ()


def _language(characters: Iterable[str]) -> str:
    """By which Han characters are drawn, as they differ by country."""
    names = [unicodedata.name(c, "") for c in characters]
    if any(name.startswith(("HIRAGANA", "KATAKANA")) for name in names):
        return "ja"
    if any(name.startswith("HANGUL") for name in names):
        return "ko"
    return "zh-cn" if any(name.startswith("CJK") for name in names) else "en"


@cache
def _bundled() -> tuple[Face, ...]:
    """DejaVu Sans Bold, which comes with matplotlib: Latin, Greek, Cyrillic, Arabic and signs."""
    import matplotlib

    fonts = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    return (Face(str(fonts / "DejaVuSans-Bold.ttf")), Face(str(fonts / "DejaVuSans.ttf")))


def _is_control(character: str) -> bool:
    """Whether a terminal may obey a character, or can write none like it."""
    return unicodedata.category(character) in ("Cc", "Cs")


def _told(missing: Sequence[str], font: str | None) -> str:
    numbers = {part: f"U+{ord(part[0]):04X}" for part in missing}
    each = [n if any(map(_is_control, part)) else f"{part} ({n})" for part, n in numbers.items()]
    if len(each) > NAMED:
        each = [*each[:NAMED], f"{len(each) - NAMED} more"]
    if font is not None:
        return f"{format_path(font)} has no glyph for {', '.join(each)}: give another --font"
    return (
        f"no font of this machine has a glyph for {', '.join(each)}: install one that has, such as "
        "fonts-noto-cjk for Chinese, or give its file with --font"
    )
