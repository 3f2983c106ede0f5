from __future__ import annotations

import copy
from itertools import cycle
from pathlib import Path
from typing import cast

import pytest
import torch
from torch import Tensor

from impasto.losses import moments, moments_loss
from impasto.training.crops import generator_for
from training.slim import self_generated
from training.slim.config import Recipe
from training.slim.data import Crops, Folder, standardise
from training.slim.self_generated import SIDE, STYLE, ReplayBuffer
from training.slim.student import Student


@pytest.fixture
def crops(photos: Path, art: Path) -> Crops:
    """Of the test's photographs and paintings."""
    folders = (Folder.read(path, smallest=SIDE, longest=160) for path in (photos, art))
    return Crops(*folders, 0.5)


@pytest.fixture
def student(recipe: Recipe) -> Student:
    """In training mode, with its statistics from one batch."""
    torch.manual_seed(0)
    student = Student(recipe)
    student(torch.randn(4, 3, 64, 64))
    return student


@pytest.fixture
def store(recipe: Recipe, crops: Crops) -> ReplayBuffer:
    return ReplayBuffer(recipe, crops)


def test_the_oldest_make_room_for_the_newest(
    recipe: Recipe, crops: Crops, student: Student, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(self_generated, "CAPACITY", 4)  # two rounds of 2
    store = ReplayBuffer(recipe, crops)
    store.paint(student, 1)
    assert store.pictures[2:].eq(0).all()
    store.paint(student, 2)
    first, second = store.pictures.clone().chunk(2)
    assert torch.equal(store.latest(), second)
    store.paint(student, 3)
    assert store.count == 6
    assert not torch.equal(store.pictures[:2], first)
    assert torch.equal(store.pictures[2:], second)
    assert torch.equal(store.latest(), store.pictures[:2])


def test_painting_leaves_the_student_as_it_was(student: Student, store: ReplayBuffer) -> None:
    student.freeze_norm()
    before = copy.deepcopy(student.state_dict())
    modes = [module.training for module in student.modules()]
    assert len(set(modes)) == 2
    store.paint(student, 1)
    assert [module.training for module in student.modules()] == modes
    for name, tensor in student.state_dict().items():
        assert torch.equal(tensor, before[name]), name
    assert all(parameter.grad is None for parameter in student.parameters())


def test_the_step_decides_what_is_painted(recipe: Recipe, crops: Crops, student: Student) -> None:
    rounds = []
    for step in (1, 1, 2):
        store = ReplayBuffer(recipe, crops)
        store.paint(student, step)
        rounds.append(store.latest())
    assert torch.equal(rounds[0], rounds[1])
    assert not torch.equal(rounds[0], rounds[2])


def test_a_store_comes_back_from_its_state(
    recipe: Recipe, crops: Crops, student: Student, store: ReplayBuffer
) -> None:
    store.paint(student, 1)
    state = copy.deepcopy(store.state())
    again = ReplayBuffer(recipe, crops)
    again.restore(state)
    assert again.count == store.count == 2
    assert torch.equal(again.pictures, store.pictures)
    for one in (store, again):
        one.paint(student, 2)
    assert torch.equal(again.pictures, store.pictures)


def test_a_state_weighs_no_more_than_what_was_painted(
    student: Student, store: ReplayBuffer
) -> None:
    store.paint(student, 1)
    pictures = store.state()["pictures"]
    assert isinstance(pictures, Tensor)
    assert pictures.untyped_storage().nbytes() == 2 * 3 * SIDE * SIDE


class Alternating:
    """Stands in for `Crops`: soft waves to paint, then noise to paint them like."""

    def __init__(self) -> None:
        shape = (2, 3, SIDE, SIDE)
        self.waves = (128 + 100 * torch.sin(torch.arange(SIDE) / 5)).byte().expand(shape)
        self.noise = torch.randint(256, shape, generator=generator_for(9), dtype=torch.uint8)
        self.pictures = cycle((self.waves, self.noise))

    def draw(self, *_: object) -> Tensor:
        return next(self.pictures)


def test_painting_comes_nearer_to_the_style_it_descends_to(
    recipe: Recipe, student: Student, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(self_generated, "STEPS", 12)
    distances, still = {}, 1e-9  # with steps so small the painting stays where it begins
    for lr in (still, self_generated.LR):
        monkeypatch.setattr(self_generated, "LR", lr)
        crops = Alternating()
        store = ReplayBuffer(recipe, cast(Crops, crops))
        store.paint(student.train(), 1)
        student.eval()
        with torch.no_grad():
            target, features = (
                student(standardise(crops.noise)),
                student(standardise(store.latest())),
            )
        distances[lr] = sum(
            moments_loss(features[layer], moments(target[layer])).item() for layer in STYLE
        )
    assert distances[self_generated.LR] < 0.7 * distances[still]


@pytest.mark.parametrize("side", [32, SIDE])
def test_crops_are_drawn_from_what_was_painted(
    student: Student, store: ReplayBuffer, side: int
) -> None:
    store.paint(student, 1)
    batch = store.draw(side, 5, generator_for(3))
    assert batch.shape == (5, 3, side, side)
    assert torch.equal(batch, store.draw(side, 5, generator_for(3)))
    windows = store.latest().unfold(2, side, 1).unfold(3, side, 1)
    for crop in batch:
        same = (windows == crop[None, :, None, None]).flatten(4).all(4).all(1)
        assert same.any()
