import copy
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from impasto.networks import stylizers
from impasto.networks.stylizers import OnePass, Plan
from training.brush.__main__ import main
from training.brush.data import Pictures
from training.brush.learning import Learning, Recipe
from training.slim.data import Folder

TINY = Plan(widths=(8, 8, 8, 16), blocks=1, trunk_kernels=2, top_kernels=2, hidden=8)
STEPS = 12
RECIPE = Recipe(styles=2, each=2, sides=(64,), style_sides=(72,), authors=0.0, average=0.5)


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pictures")
    random = np.random.default_rng(0)
    for number in range(6):
        small = random.integers(0, 255, (12, 12, 3), dtype=np.uint8)
        Image.fromarray(small).resize((96, 96)).save(folder / f"picture-{number}.png")
    return folder


def drawn(pictures: Path, recipe: Recipe = RECIPE) -> Pictures:
    folder = Folder.read(pictures, smallest=64, longest=128)
    return Pictures(folder, folder, recipe.styles, recipe.each, recipe.seed, "cpu")


def test_a_step_draws_the_same_again(pictures: Path) -> None:
    one, other = (drawn(pictures).draw(7, 64, 72) for _ in range(2))
    assert all(torch.equal(a, b) for a, b in zip(one, other, strict=True))
    assert one.photographs.shape == (4, 3, 64, 64)
    assert one.styles.shape == (2, 3, 72, 72)


def test_the_exam_is_not_what_a_step_sees(pictures: Path) -> None:
    source = drawn(pictures)
    assert not torch.equal(
        source.exam(1, 64, 72)[0].photographs, source.draw(0, 64, 72).photographs
    )


def test_it_learns_what_it_is_shown(pictures: Path) -> None:
    torch.manual_seed(0)
    source = drawn(pictures)
    learning = Learning(RECIPE, 3600.0, source, source, start=OnePass(TINY))
    before = learning.examine(0.0)
    for _ in zip(range(STEPS), learning, strict=False):
        pass
    after = learning.examine(1.0)
    assert learning.step == STEPS
    for strength, losses in after.losses.items():
        assert losses["style"] < before.losses[strength]["style"]


def test_the_command_writes_a_network_its_log_and_a_sheet(
    pictures: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "own.safetensors"
    settings = ["styles=1", "each=1", "sides=[64]", "style_sides=[96]", "authors=0.0"]
    pairs = [word for pair in settings for word in ("--set", pair)]
    folders = ["--photos", str(pictures), "--art", str(pictures)]
    assert main([*folders, "--out", str(out), "--minutes", "0.001", *pairs]) == 0
    assert stylizers.load(out).reader is not None
    assert out.with_suffix(".jsonl").read_text().count("\n") == 1
    assert Image.open(out.with_suffix(".png")).width == 192
    other = [*folders, "--out", str(out), "--minutes", "9", *pairs, "--resume"]
    assert main(other) == 2
    assert "another choice of recipe" in capsys.readouterr().err


def test_a_training_goes_on_from_its_state(pictures: Path) -> None:
    torch.manual_seed(0)
    source = drawn(pictures)
    first = Learning(RECIPE, 3600.0, source, source, start=OnePass(TINY))
    for _ in zip(range(3), first, strict=False):
        pass
    second = Learning(RECIPE, 3600.0, source, source, start=OnePass(TINY))
    second.restore(copy.deepcopy(first.state()))
    for learning in (first, second):
        learning._take(0.5)
    ours, theirs = (learning.network.state_dict() for learning in (first, second))
    assert all(torch.equal(ours[name], theirs[name]) for name in ours)


def test_a_field_that_the_recipe_lacks_is_refused(
    pictures: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = str(tmp_path / "own.safetensors")
    words = ["--photos", str(pictures), "--art", str(pictures), "--out", out, "--minutes", "1"]
    assert main([*words, "--set", "speed=3"]) == 2
    assert "the recipe has styles, each, sides" in capsys.readouterr().err
