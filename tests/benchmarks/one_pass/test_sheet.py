from __future__ import annotations

from typing import Any

from PIL import Image

from benchmarks.blind import read_pairs
from benchmarks.one_pass.paint import picture_of
from benchmarks.one_pass.sheet import blind_pairs, write
from benchmarks.quality.pairs import Pair


def test_each_side_has_a_column_and_four_pairs_a_page(stage: Any) -> None:
    pairs = [
        Pair(content, style)
        for content in sorted(stage.contents.iterdir())
        for style in sorted(stage.styles.iterdir())
    ]
    pairs.append(pairs[0])
    for side, colour in (("peer", (255, 0, 0)), ("ours", (0, 0, 255))):
        for pair in pairs:
            path = picture_of(stage.work, side, pair)
            path.parent.mkdir(parents=True, exist_ok=True)
            Image.new("RGB", (64, 48), colour).save(path)
    sheets = write(stage.work, pairs, ["peer", "ours"], 64)
    assert [path.name for path in sheets] == ["01.png", "02.png"]
    for path, rows in zip(sheets, (4, 1), strict=True):
        counts = {colour: count for count, colour in Image.open(path).getcolors(1 << 24)}
        assert counts[255, 0, 0] == counts[0, 0, 255] == rows * 64 * 48


def test_blind_sheets_can_be_laid_from_the_list(stage: Any) -> None:
    stage.work.mkdir()
    pair = Pair(stage.contents / "cat.png", stage.styles / "wave.png")
    (listed,) = read_pairs(blind_pairs(stage.work, [pair]))
    assert (listed.content, listed.style) == (pair.content, pair.style)
    assert listed.old == picture_of(stage.work, "peer", pair)
    assert listed.new == picture_of(stage.work, "ours", pair)
