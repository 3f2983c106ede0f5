from __future__ import annotations

from pathlib import Path

import pytest
from safetensors.torch import load_file, save_file

from benchmarks.time_to_quality.judge import CONTENT, STYLE, Judge, Target, as_tensor
from impasto import imaging, samples
from impasto.errors import WeightsError


def picture(path: Path) -> imaging.Picture:
    return imaging.fitted(imaging.read(path), size=64)


def test_a_picture_is_no_way_from_itself(judge_file: Path) -> None:
    content, style = picture(samples.content("chelsea")), picture(samples.style("swirls"))
    judge = Judge(judge_file)
    kept = Target(judge, content, style).read(as_tensor(content))
    copied = Target(judge, style, style).read(as_tensor(style))
    assert kept.content == 0 < kept.style
    assert copied.style == pytest.approx(0, abs=1e-6)


def test_every_layer_that_is_read_is_there_and_halved_from_block_to_block(judge_file: Path) -> None:
    features = Judge(judge_file)(as_tensor(picture(samples.style("swirls"))))
    assert features.keys() == {*STYLE, *CONTENT}
    sides = [features[layer].shape[-1] for layer in STYLE]
    assert sides == [64, 32, 16, 8, 4]
    assert all((feature >= 0).all() for feature in features.values())


def test_a_file_that_is_no_judge_is_told(judge_file: Path) -> None:
    tensors = load_file(judge_file)
    del tensors["conv44.bias"]
    save_file(tensors, judge_file)
    with pytest.raises(WeightsError, match="is no judge, it lacks conv44"):
        Judge(judge_file)
    with pytest.raises(WeightsError, match="cannot be read as a judge"):
        Judge(judge_file.with_name("gone"))
