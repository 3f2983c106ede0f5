from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from benchmarks.one_pass.measure import FIGURES, read
from benchmarks.quality.pairs import Pair
from benchmarks.time_to_quality.judge import Judge


def test_the_photograph_itself_is_at_no_distance_from_it(
    stage: Any, judge_file: Path, teachers: Path
) -> None:
    pair = Pair(stage.contents / "cat.png", stage.styles / "wave.png")
    figures = read(Judge(judge_file), teachers, pair, pair.content)
    assert tuple(figures) == FIGURES
    assert figures["cd_vgg_content"] == figures["squeezenet1_1_content"] == 0
    assert figures["cd_vgg_style"] > 0 < figures["squeezenet1_1_style"]


def test_the_style_itself_is_at_no_distance_from_it(
    stage: Any, judge_file: Path, teachers: Path
) -> None:
    pair = Pair(stage.contents / "cat.png", stage.styles / "wave.png")
    figures = read(Judge(judge_file), teachers, pair, pair.style)
    assert figures["cd_vgg_style"] == pytest.approx(0, abs=1e-4)
    assert figures["squeezenet1_1_style"] == figures["colour"] == 0
    assert figures["cd_vgg_content"] > 0 < figures["squeezenet1_1_content"]


def test_both_pictures_are_read_at_the_size_of_the_painting(
    stage: Any, judge_file: Path, teachers: Path, tmp_path: Path
) -> None:
    pair = Pair(stage.contents / "cat.png", stage.styles / "wave.png")
    figures = []
    for factor in (1, 2):
        large = []
        for path in pair.content, pair.style:
            picture = Image.open(path)
            size = factor * picture.width, factor * picture.height
            large.append(tmp_path / f"{path.stem}-{factor}.png")
            picture.resize(size, Image.Resampling.NEAREST).save(large[-1])
        figures.append(read(Judge(judge_file), teachers, Pair(*large), pair.content))
    one, other = figures
    assert other["cd_vgg_content"] < 0.05
    assert other["cd_vgg_style"] == pytest.approx(one["cd_vgg_style"], rel=0.05)
