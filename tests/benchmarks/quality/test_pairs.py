from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.quality.pairs import CONTENTS, HELD_OUT, STYLES, Pair, find, spread
from impasto.errors import PictureError
from training.held_out import is_held_out


def paths(stems: tuple[str, ...]) -> tuple[Path, ...]:
    return tuple(Path(f"{stem}.jpg") for stem in stems)


def test_the_spread_has_every_pair_once() -> None:
    pairs = spread(paths(CONTENTS), paths(STYLES))
    assert len(pairs) == len(set(pairs)) == len(CONTENTS) * len(STYLES) == 36


def test_the_first_six_pairs_have_every_content_and_every_style() -> None:
    pairs = spread(paths(CONTENTS), paths(STYLES))[:6]
    assert {pair.content.stem for pair in pairs} == set(CONTENTS)
    assert {pair.style.stem for pair in pairs} == set(STYLES)


def test_two_styles_of_the_set_are_held_out() -> None:
    assert len(set(HELD_OUT) & set(STYLES)) == 2
    assert all(is_held_out(style) for style in HELD_OUT)


def test_pictures_are_found_whatever_their_format(tmp_path: Path) -> None:
    for name in ("b.png", "a.jpg", "c.txt"):
        (tmp_path / name).touch()
    assert find(tmp_path, ("a", "b")) == (tmp_path / "a.jpg", tmp_path / "b.png")
    with pytest.raises(PictureError, match="no picture c"):
        find(tmp_path, ("a", "c"))


def test_a_pair_is_named_after_both_pictures() -> None:
    assert Pair(Path("x/lion.jpg"), Path("mosaic.png")).name == "lion in mosaic"
