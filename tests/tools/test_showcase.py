from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PIL import Image

from impasto.losses import STYLE_LOSSES
from tools import page, showcase

Requests = list[tuple[tuple[Any, ...], dict[str, Any]]]


@pytest.fixture
def requests() -> Requests:
    return []


@pytest.fixture
def blank(requests: Requests) -> showcase.Painter:
    """Keeps what it is asked for and paints it red."""

    def paint(*pictures: Any, **settings: Any) -> Any:
        requests.append((pictures, settings))
        red = Image.new("RGBA", (20, 20), "red")
        return SimpleNamespace(picture=red, seconds=7.0, losses=[{}] * 3)

    return paint


def test_an_easel_paints_squares() -> None:
    painting = showcase.Easel(48, steps=2)("chelsea", "swirls", "woodcut", style_blend=(1, 1))
    assert painting.picture.size == (48, 48)
    assert len(painting.losses) == 2


def test_a_ramp_is_white_at_the_left_and_falls_over_the_middle_third() -> None:
    mask = showcase.ramp(2, 91)[0].astype(int)
    assert mask[:30].min() == 255
    assert mask[61:].max() == 0
    assert abs(mask[45] - 128) <= 1


def test_a_disc_is_white_inside_its_radius() -> None:
    mask = showcase.disc(40, 60, 0.25)
    assert mask[20, 30] == mask[20, 38] == 255
    assert mask[20, 42] == mask[0, 0] == 0


def test_colours_are_shown_beside_the_photograph(
    blank: showcase.Painter, requests: Requests
) -> None:
    assert showcase.colours(blank).width == page.WIDTH
    assert [settings["color"] for _, settings in requests] == [
        "style",
        "luminance",
        "match",
        "histogram",
        "only",
    ]


def test_the_masks_of_a_blend_are_each_others_rest(
    blank: showcase.Painter, requests: Requests
) -> None:
    showcase.blend(blank)
    left, right = requests[-1][1]["masks"]
    assert np.array_equal(left, 255 - right)
    assert requests[-2][1]["style_blend"] == (0.5, 0.5)


def test_scales_rise(blank: showcase.Painter, requests: Requests) -> None:
    showcase.scale(blank)
    scales = [settings["style_scale"] for _, settings in requests]
    assert scales == sorted(scales)


def test_a_sticker_hides_green(blank: showcase.Painter, requests: Requests) -> None:
    showcase.cutout(blank)
    sticker = requests[0][0][0]
    assert sticker.shape[2] == 4
    assert sticker[0, 0].tolist() == [0, 255, 0, 0]


def test_every_normalised_loss_is_tried(blank: showcase.Painter) -> None:
    _, trials = showcase.losses(blank)
    assert [trial.kind for trial in trials] == [k for k in STYLE_LOSSES if k != "gram-raw"]
    assert {trial.seconds for trial in trials} == {7.0}
