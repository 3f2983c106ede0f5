from __future__ import annotations

import pytest
import torch
from torch import Tensor

from impasto.methods.optimization.regions import (
    Geometry,
    content_places,
    content_share,
    region_layers,
    region_places,
    seeing_parts,
)
from impasto.methods.optimization.targets import Region, Scene, StyleView
from impasto.settings import StyleSettings
from impasto.task import RegionOptions

GEOMETRY: Geometry = {"fine": (1, 3), "coarse": (8, 24)}
CONTENT = torch.zeros(1, 3, 64, 64)


def box(top: int, left: int, side: int) -> Tensor:
    mask = torch.zeros(1, 1, 64, 64)
    mask[..., top : top + side, left : left + side] = 1
    return mask


def places(scene: Scene, which: int = 0) -> dict[str, tuple[Tensor | None, ...]]:
    by_layer = region_places(scene, scene.regions[which], GEOMETRY, GEOMETRY)
    return {layer: (p.picture, *p.styles) for layer, p in by_layer.items()}


def region(where: Tensor | None = None, counts: Tensor | None = None) -> Region:
    return Region((StyleView(CONTENT, counts),), (1.0,), where)


def test_without_masks_all_counts_everywhere() -> None:
    scene = Scene(CONTENT, (region(),))
    assert places(scene) == {"fine": (None, None), "coarse": (None, None)}
    assert content_places(scene, GEOMETRY, "fine") is None


def test_a_region_counts_on_each_layers_own_grid() -> None:
    by_layer = places(Scene(CONTENT, (region(box(0, 0, 32)),)))
    fine, coarse = by_layer["fine"][0], by_layer["coarse"][0]
    assert fine is not None
    assert coarse is not None
    assert fine.shape == (1, 1, 64, 64)
    assert coarse.shape == (1, 1, 8, 8)
    assert coarse[0, 0, 0, 0] == 1
    assert coarse[0, 0, 7, 7] == 0


def test_a_layer_too_coarse_for_a_region_is_left_out() -> None:
    assert list(places(Scene(CONTENT, (region(box(20, 20, 9)),)))) == ["fine"]
    assert places(Scene(CONTENT, (region(box(20, 20, 1)),))) == {}


def test_a_layer_too_coarse_for_a_style_mask_is_left_out() -> None:
    assert list(places(Scene(CONTENT, (region(counts=box(20, 20, 18)),)))) == ["fine"]


def test_places_that_see_the_photograph_that_stays_do_not_count() -> None:
    where = box(0, 0, 40)
    alone = Scene(CONTENT, (region(where),), painted=where)
    beside = Scene(CONTENT, (region(where),))
    part, whole = places(alone)["coarse"][0], places(beside)["coarse"][0]
    assert part is not None
    assert whole is not None
    assert part[0, 0, 0, 5] == 0  # the first place beyond the edge at 40 px
    assert whole[0, 0, 0, 5] > 0
    assert part[0, 0, 0, 0] == whole[0, 0, 0, 0] == 1


def test_what_is_hidden_counts_neither_for_content_nor_for_style() -> None:
    visible = box(0, 0, 32)
    scene = Scene(CONTENT, (region(),), visible=visible)
    picture = places(scene)["fine"][0]
    content = content_places(scene, GEOMETRY, "fine")
    assert picture is not None
    assert content is not None
    assert torch.equal(picture, visible)
    assert torch.equal(content, visible)


def test_a_mask_that_is_faint_everywhere_shows_every_layer() -> None:
    faint = torch.full((1, 1, 64, 64), 1 / 255)
    assert list(places(Scene(CONTENT, (region(faint),)))) == ["fine", "coarse"]
    assert list(places(Scene(CONTENT, (region(counts=faint),)))) == ["fine", "coarse"]


def test_a_mask_that_is_nowhere_shows_no_layer() -> None:
    assert places(Scene(CONTENT, (region(box(0, 0, 0)),))) == {}


def hard(where: Tensor) -> Region:
    return Region((StyleView(CONTENT),), (1.0,), where, RegionOptions(hard=True))


def test_hard_edges_give_each_place_whole_or_not_at_all() -> None:
    where = box(0, 0, 36)
    for layer in GEOMETRY:
        soft_place = places(Scene(CONTENT, (region(where),)))[layer][0]
        hard_place = places(Scene(CONTENT, (hard(where),)))[layer][0]
        assert soft_place is not None
        assert hard_place is not None
        if layer == "coarse":  # a place of the fine one sees too little to be shared
            assert ((soft_place > 0) & (soft_place < 1)).any()
        assert set(hard_place.unique().tolist()) == {0.0, 1.0}
        assert torch.equal(hard_place, (soft_place >= 0.5).float())


def test_two_hard_regions_that_meet_share_no_place() -> None:
    left = torch.zeros(1, 1, 64, 64)
    left[..., :37] = 1
    scene = Scene(CONTENT, (hard(left), hard(1 - left)))
    for layer in GEOMETRY:
        one, other = (places(scene, which)[layer][0] for which in (0, 1))
        assert one is not None
        assert other is not None
        assert (one + other).max() == 1


def test_a_region_may_ask_more_of_the_content() -> None:
    where = box(0, 0, 32)  # a quarter of the picture
    calm = Region((StyleView(CONTENT),), (1.0,), where, RegionOptions(content_weight=5.0))
    scene = Scene(CONTENT, (calm,))
    weights = content_places(scene, GEOMETRY, "fine")
    assert weights is not None
    assert weights[0, 0, 0, 0] == 5
    assert weights[0, 0, 63, 63] == 1
    assert content_share(scene) == 0.25 * 5 + 0.75
    assert content_share(Scene(CONTENT, (region(where),))) == 1


def test_the_content_weight_counts_what_is_visible() -> None:
    where, visible = box(0, 0, 32), box(0, 0, 32)
    calm = Region((StyleView(CONTENT),), (1.0,), where, RegionOptions(content_weight=5.0))
    assert content_share(Scene(CONTENT, (calm,), visible=visible)) == 5


def test_a_region_has_layers_of_its_own_or_those_of_the_settings() -> None:
    settings = StyleSettings(style_layers={"relu1_1": 1.0, "relu2_1": 0.0})
    assert region_layers(region(), settings) == {"relu1_1": 1.0}
    own = Region((StyleView(CONTENT),), (1.0,), None, RegionOptions({"relu3_1": 2.0}))
    assert region_layers(own, settings) == {"relu3_1": 2.0}
    assert region_layers(own, settings.replace(style_weight=0, content_weight=1)) == {}


FIELDS = {"relu1_1": (1, 3), "relu4_1": (8, 68), "relu5_1": (16, 156)}
ALIKE = {"relu1_1": 1.0, "relu4_1": 1.0, "relu5_1": 2.0}


@pytest.mark.parametrize(
    ("side", "expected"),
    [
        (128, {"relu1_1": 4.0}),
        (256, {"relu1_1": 2.0, "relu4_1": 2.0}),
        (512, ALIKE),
        (4, ALIKE),  # none sees so little: all of them are better than none
    ],
)
def test_layers_that_see_whole_objects_wait_and_the_others_carry_their_weight(
    side: int, expected: dict[str, float]
) -> None:
    assert seeing_parts(ALIKE, FIELDS, side, 0.4) == expected


def test_without_a_share_or_a_geometry_every_layer_stays() -> None:
    assert seeing_parts(ALIKE, FIELDS, 128, 0.0) == ALIKE
    assert seeing_parts(ALIKE, {}, 128, 0.4) == ALIKE
