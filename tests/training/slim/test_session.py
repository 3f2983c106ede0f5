from __future__ import annotations

import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
import torch
from PIL import Image
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import Tensor

from impasto.errors import CheckpointError, SettingError, WeightsError
from impasto.networks.features import VGG
from impasto.networks.weights import read_tensors
from training.slim.config import Recipe
from training.slim.session import Session

Begin = Callable[..., Session]


@pytest.fixture
def begin(photos: Path, art: Path, teacher_folder: Path, recipe: Recipe, tmp_path: Path) -> Begin:
    """Begins a session of 8 steps that writes `NAME.safetensors` and saves every 4 steps."""

    def make(name: str = "new", recipe: Recipe = recipe, **options: Any) -> Session:
        defaults: dict[str, Any] = {
            "photos": photos,
            "art": [art],
            "teachers": teacher_folder,
            "out": tmp_path / f"{name}.safetensors",
            "steps": 8,
            "checkpoint_every": 4,
        }
        return Session.begin(recipe, **{**defaults, **options})

    return make


def tensors(session: Session) -> dict[str, Tensor]:
    return dict(load_file(session.out))


def log_of(session: Session) -> list[dict[str, Any]]:
    """Its lines but for the seconds, which no two runs share."""
    lines = [json.loads(line) for line in session.log.read_text().splitlines()]
    return [{key: value for key, value in line.items() if key != "seconds"} for line in lines]


def same(one: dict[str, Tensor], other: dict[str, Tensor]) -> bool:
    assert one.keys() == other.keys()
    return all(torch.equal(one[name], other[name]) for name in one)


def test_the_same_twice_or_in_two_parts_writes_the_same_weights_and_log(begin: Begin) -> None:
    whole, again, first = begin("whole"), begin("again"), begin("parts")
    assert len(list(whole)) == len(list(again)) == 8
    for result in first:
        if result.step == 6:  # two steps after the checkpoint; they are lost and learnt anew
            break
    assert not same(tensors(first), tensors(whole))
    assert [line["step"] for line in log_of(first)] == [4]
    parts = begin("parts", resume=True)
    assert [result.step for result in parts] == [5, 6, 7, 8]
    assert same(tensors(again), tensors(whole))
    assert same(tensors(parts), tensors(whole))
    assert [line["step"] for line in log_of(whole)] == [4, 8]
    assert log_of(whole) == log_of(again) == log_of(parts)


def test_what_is_written_can_be_read_as_a_backbone_and_says_what_it_is(
    begin: Begin, recipe: Recipe, tmp_path: Path
) -> None:
    session = begin(steps=1, held_out=["photo1", "art0", "never there"])
    list(session)
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {"new.safetensors", "new.jsonl", "new.png"}
    assert all(tensor.dtype == torch.float16 for tensor in tensors(session).values())
    with safe_open(session.out, "pt") as file:
        metadata = file.metadata()
    assert metadata["photos"].startswith("4 from photos")
    assert metadata["art"].startswith("3 from art")
    assert metadata["art"].endswith("mosaic, art0, never there, photo1")
    assert "squeezenet1_1.safetensors, SHA-256 " in metadata["teachers"]
    assert "vgg19_pca.safetensors, SHA-256 " in metadata["teachers"]
    assert (metadata["pooling"], metadata["padding"]) == ("average", "reflect")
    assert metadata["layers"] == "conv1_1 to conv5_1 of VGG-19, widths (4, 4, 8, 8, 8)"
    assert Recipe.from_dict(json.loads(metadata["settings"])) == recipe
    assert metadata["licence"] == "MIT"
    assert {"date", "commit", "input", "length", "device", "name"} <= metadata.keys()
    weights = read_tensors(session.out, recipe.plan.shapes(recipe.layers))
    student, x = session.learning.student.eval(), torch.randn(1, 3, 32, 32)
    with torch.no_grad():
        features = VGG(recipe.plan, recipe.layers, weights, pooling="average", padding="reflect")(x)
        for layer, feature in student(x).items():
            size = float(feature.abs().max())
            torch.testing.assert_close(features[layer], feature, rtol=0.02, atol=0.01 * size)


def test_the_commit_told_is_the_one_it_began_with(
    begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("training.slim.saving.commit", lambda: "the first")
    session = begin(steps=1)
    monkeypatch.setattr("training.slim.saving.commit", lambda: "a later one")
    list(session)
    with safe_open(session.out, "pt") as file:
        assert file.metadata()["commit"] == "the first"


def test_at_every_checkpoint_all_files_are_there(begin: Begin, tmp_path: Path) -> None:
    for result in begin():
        if result.step == 4:
            break
    assert {path.suffix for path in tmp_path.iterdir()} == {
        ".safetensors",
        ".checkpoint",
        ".jsonl",
        ".png",
    }


def test_a_new_beginning_has_a_new_log(begin: Begin) -> None:
    list(begin(steps=1))
    assert log_of(begin()) == []


def test_a_finished_training_that_goes_on_writes_its_weights_again(begin: Begin) -> None:
    session = begin(steps=4)
    list(session)
    before = tensors(session)
    session.out.unlink()
    again = begin(steps=4, resume=True)
    assert list(again) == []
    assert same(tensors(again), before)
    assert [line["step"] for line in log_of(again)] == [4]


def test_small_pictures_are_enlarged_for_the_crops_that_are_painted(
    begin: Begin, recipe: Recipe, tmp_path: Path
) -> None:
    tiny = tmp_path / "tiny"
    tiny.mkdir()
    for name in "abc":
        Image.new("RGB", (50, 40), "red").save(tiny / f"{name}.png")
    sides = {}
    for share in (0, 0.25):
        session = begin(photos=tiny, art=[tiny], recipe=recipe.replace(painted=share))
        sides[share] = [min(p.shape[-2:]) for p in session.learning.crops.photos.pictures]
    assert sides == {0: [40, 40], 0.25: [128, 128]}
    list(session)  # the last of the two paints at step 4
    assert session.learning.replay.count == 4


def test_going_on_without_a_checkpoint_is_refused_before_pictures_are_read(
    begin: Begin, tmp_path: Path
) -> None:
    with pytest.raises(CheckpointError, match="there is no checkpoint"):
        begin(resume=True, photos=tmp_path / "nowhere")


def test_a_checkpoint_of_another_recipe_or_other_teachers_is_refused(
    begin: Begin,
    recipe: Recipe,
    teacher_folder: Path,
    tmp_path: Path,
) -> None:
    for result in begin():
        if result.step == 4:
            break
    with pytest.raises(CheckpointError, match=r"new\.checkpoint was .* choice of recipe"):
        begin(resume=True, recipe=recipe.replace(lr=0.5))
    with pytest.raises(CheckpointError, match=r"new\.checkpoint was .* choice of pictures"):
        begin(resume=True, held_out=["art0"])
    others = copytree(teacher_folder, tmp_path / "others")
    weights = load_file(others / "squeezenet1_1.safetensors")
    save_file({k: 0.5 * v for k, v in weights.items()}, others / "squeezenet1_1.safetensors")
    with pytest.raises(CheckpointError, match=r"new\.checkpoint was .* choice of teachers"):
        begin(resume=True, teachers=others)


def test_a_damaged_checkpoint_is_refused(begin: Begin) -> None:
    session = begin()
    for result in session:
        if result.step == 4:
            break
    state = torch.load(session.checkpoint, weights_only=True)
    state["student"].popitem()
    torch.save(state, session.checkpoint)
    with pytest.raises(CheckpointError, match=r"new\.checkpoint does not fit this training"):
        begin(resume=True)


@pytest.mark.parametrize(
    ("options", "wish"),
    [
        ({"checkpoint_every": 0}, "checkpoint_every is 0: give 1 step or more"),
        ({"steps": 0}, "0 steps or 0 minutes never ends"),
        ({"minutes": -1}, "8 steps or -1 minutes never ends"),
    ],
)
def test_what_could_never_be_done_is_refused_at_once(
    begin: Begin, options: dict[str, Any], wish: str
) -> None:
    with pytest.raises(SettingError, match=wish):
        begin(**options)


def test_a_start_is_read_named_in_the_weights_and_no_longer_needed_to_go_on(
    begin: Begin,
) -> None:
    first = begin("first")
    list(first)
    digest = sha256(first.out.read_bytes()).hexdigest()[:12]
    second = begin("second", start=first.out, steps=4)
    weights = second.learning.weights()
    for name, tensor in tensors(first).items():
        # One is read from halves.
        torch.testing.assert_close(weights[name], tensor.float(), rtol=1e-3, atol=1e-3)
    list(second)
    first.out.unlink()
    again = begin("second", resume=True)
    assert again.learning.step == 4
    list(again)
    for session, start in ((first, "random"), (second, f"first.safetensors, SHA-256 {digest}")):
        assert session.facts["start"] == start
    with safe_open(second.out, "pt") as file:
        assert file.metadata()["start"] == second.facts["start"]
        assert file.metadata()["length"].startswith("8 steps")


def test_a_start_of_other_widths_is_refused(begin: Begin, recipe: Recipe) -> None:
    first = begin("first")
    list(first)
    with pytest.raises(WeightsError, match=r"first\.safetensors"):
        begin("second", recipe.replace(widths=[4, 4, 8, 8, 16]), start=first.out)
