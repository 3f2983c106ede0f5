from __future__ import annotations

import pytest
import torch

from impasto.methods.optimization.targets import Region, Scene, StyleView

CONTENT, X = torch.zeros(1, 3, 4, 6), torch.ones(1, 3, 4, 6)
STYLE = StyleView(torch.zeros(1, 3, 5, 5))


def mask(*columns: float) -> torch.Tensor:
    return torch.tensor(columns).expand(1, 1, 4, 6)


def test_a_scene_of_two_pictures_is_one_region_that_is_painted_whole() -> None:
    scene = Scene.of(CONTENT, STYLE.pixels)
    assert scene.composed(X) is X
    assert scene.share(scene.regions[0]) == 1


def test_the_content_shows_where_nothing_is_painted_and_mixes_where_it_is_grey() -> None:
    scene = Scene(CONTENT, (Region((STYLE,), (1.0,)),), painted=mask(0, 0, 0.25, 0.5, 1, 1))
    assert scene.composed(X)[0, 1, 2].tolist() == [0, 0, 0.25, 0.5, 1, 1]


def test_a_regions_share_is_its_part_of_what_is_visible() -> None:
    region = Region((STYLE,), (1.0,), mask(1, 1, 0.5, 0, 0, 0))
    assert Scene(CONTENT, (region,)).share(region) == pytest.approx(2.5 / 6)
    half = Scene(CONTENT, (region,), visible=mask(0, 1, 1, 1, 0, 0))
    assert half.share(region) == pytest.approx(1.5 / 3)


def test_the_colours_of_a_region_are_those_of_its_styles_by_their_shares() -> None:
    dark, light = StyleView(torch.zeros(1, 3, 5, 5)), StyleView(torch.ones(1, 3, 5, 5))
    where = mask(1, 1, 1, 0, 0, 0)
    ((colour, place),) = Scene(CONTENT, (Region((dark, light), (1, 3), where),)).colours()
    assert colour.mean.flatten().tolist() == pytest.approx([0.75] * 3)
    assert place is where
