from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from impasto.errors import (
    MemoryShortError,
    PartTooSmallError,
    PictureError,
    SettingError,
    UnknownNameError,
)
from impasto.methods import precision
from impasto.methods.optimization import looker, preparation
from impasto.methods.optimization.objective import Objective
from impasto.methods.optimization.preparation import Preparation, seedless
from impasto.methods.protocol import RunOptions
from impasto.settings import StyleSettings
from impasto.task import StyleTask

PICTURE = np.random.default_rng(0).integers(0, 255, (48, 64, 3), np.uint8)


def prepare(content: Any, style: Any, settings: StyleSettings, **more: Any) -> Preparation:
    return preparation.prepare(StyleTask.of(content, style, **more), settings, RunOptions())


def test_it_has_all_that_a_painting_works_with() -> None:
    ready = prepare(PICTURE, PICTURE, StyleSettings(size=64, device="cpu", steps=5))
    assert [(s.height, s.width, s.steps) for s in ready.scales] == [(48, 64, 5)]
    assert ready.predicted_bytes > 0
    scene = ready.scene(ready.scales[0])
    objective = ready.objective(ready.scales[0], scene)
    assert isinstance(objective, Objective)
    content, style = scene.content, scene.regions[0].styles[0].pixels
    assert content.shape == (1, 3, 48 + 6, 64 + 6)  # with its margin, a twentieth of 64 px
    assert style.shape == (1, 3, 48, 64)
    assert objective(content)["content"] == 0


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"style_layers": "relu9_1"}, UnknownNameError, "layer of slim"),
        ({"gram_heads": 7}, SettingError, "16 channels of relu1_1 cannot be split into 7 heads"),
        ({"size": 90_000, "upscale": True}, MemoryShortError, "pass --size"),
    ],
)
def test_what_cannot_be_painted_is_refused_before_the_weights_are_loaded(
    options: dict[str, Any], error: type[Exception], message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def load_weights(*_: object, **__: object) -> None:
        raise AssertionError("the weights were loaded")

    monkeypatch.setattr(looker.features, "load", load_weights)
    with pytest.raises(error, match=message):
        prepare(PICTURE, PICTURE, StyleSettings(**{"size": 64, **options}))


def mask(width: int) -> np.ndarray[Any, Any]:
    white = np.zeros((48, 64), np.uint8)
    white[:, :width] = 255
    return white


def test_an_optimizer_that_moves_every_pixel_is_refused_where_some_stay() -> None:
    settings = StyleSettings(size=64, device="cpu", optimizer="proximal", tv_loss="l1")
    with pytest.raises(SettingError, match="stays as it is, and --optimizer proximal"):
        prepare(PICTURE, PICTURE, settings, masks=[mask(48)])
    assert prepare(PICTURE, PICTURE, settings, masks=[mask(64)]).scales
    assert prepare(PICTURE, PICTURE, settings.replace(tv_weight=0), masks=[mask(48)]).scales


def test_regions_too_small_for_a_layer_are_noted() -> None:
    ready = prepare(PICTURE, PICTURE, StyleSettings(size=64, device="cpu"), masks=[mask(24)])
    (note,) = ready.notes
    assert "with too small a region: relu5_1 up to 64" in note


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({}, "nothing is random with --init content and --style-loss shifted"),
        ({"init": "blend", "noise": 0}, "--init blend and"),
        ({"init": "image:start.png"}, "--init image:start.png and"),
        ({"color": "only", "init": "noise"}, "without any chance"),
        ({"init": "blend"}, ""),
        ({"init": "noise"}, ""),
        ({"init": "style"}, ""),
        ({"style_loss": "sliced"}, ""),
    ],
)
def test_a_seed_changes_nothing_where_nothing_is_random(
    options: dict[str, Any], reason: str
) -> None:
    told = seedless(StyleSettings(**options))
    assert reason in told
    assert bool(told) is bool(reason)


def test_a_seed_that_changes_nothing_is_noted_once_it_is_chosen() -> None:
    def notes(**options: Any) -> tuple[str, ...]:
        return prepare(PICTURE, PICTURE, StyleSettings(size=64, device="cpu", **options)).notes

    (note,) = notes(seed=3)
    assert note.startswith("seed 3 changes nothing: nothing is random with --init content")
    assert notes() == notes(seed=3, init="noise") == ()
    assert notes(seed=3, color="only")[0].startswith("seed 3 changes nothing: colours are moved")


def test_a_region_that_no_layer_can_show_is_refused() -> None:
    speck = np.zeros((48, 64), np.uint8)
    speck[20, 20] = 255
    small, pictures = StyleSettings(size=64, device="cpu"), (PICTURE, [PICTURE, PICTURE])
    with pytest.raises(PartTooSmallError, match="for every style layer at 64 x 48 px") as raised:
        prepare(*pictures, small, masks=[255 - speck, speck])
    assert raised.value.which == 1
    with pytest.raises(PictureError, match="too small for every style layer") as other:
        prepare(
            *pictures, small, masks=[np.full_like(speck, 255)] * 2, style_masks=[255 - speck, speck]
        )
    assert not isinstance(other.value, PartTooSmallError)


def test_moving_colours_alone_needs_no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def load_weights(*_: object, **__: object) -> None:
        raise AssertionError("the weights were loaded")

    monkeypatch.setattr(looker.features, "load", load_weights)
    ready = prepare(PICTURE, PICTURE, StyleSettings(color="only", backbone="vgg19"))
    assert ready.scales == ()
    assert ready.network is None


def test_kinds_without_a_matrix_have_no_heads() -> None:
    with pytest.raises(SettingError, match="sliced has no matrix that 2 heads could split"):
        prepare(PICTURE, PICTURE, StyleSettings(style_loss="sliced", gram_heads=2, size=64))


def test_terms_that_read_pixels_alone_leave_the_precision_as_it_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(precision, "has_bfloat16", lambda *_: True)

    class OfPixels:
        layers = ()

        def __call__(self, view: object) -> None: ...

    def anything(view: object) -> None: ...

    def computed_in(*terms: object) -> str:
        task = StyleTask.of(PICTURE, PICTURE)
        ready = preparation.prepare(task, StyleSettings(device="cpu"), RunOptions(terms=terms))
        return ready.pictures.settings.precision

    assert computed_in(OfPixels()) == "bf16"
    assert computed_in(OfPixels(), anything) == "float32"
