from __future__ import annotations

import torch
from torch import Tensor

from impasto.methods.optimization.regions import Geometry, content_places, region_places
from impasto.methods.optimization.targets import Region, Scene, StyleView

GEOMETRY: Geometry = {"fine": (1, 3), "coarse": (8, 24)}
CONTENT = torch.zeros(1, 3, 64, 64)


def box(top: int, left: int, side: int) -> Tensor:
    mask = torch.zeros(1, 1, 64, 64)
    mask[..., top : top + side, left : left + side] = 1
    return mask


def places(scene: Scene, which: int = 0) -> dict[str, tuple[Tensor | None, ...]]:
    found = region_places(scene, scene.regions[which], GEOMETRY, GEOMETRY)
    return {layer: (p.picture, *p.styles) for layer, p in found.items()}


def region(where: Tensor | None = None, counts: Tensor | None = None) -> Region:
    return Region((StyleView(CONTENT, counts),), (1.0,), where)


def test_without_masks_all_counts_everywhere() -> None:
    scene = Scene(CONTENT, (region(),))
    assert places(scene) == {"fine": (None, None), "coarse": (None, None)}
    assert content_places(scene, GEOMETRY, "fine") is None


def test_a_region_counts_on_each_layers_own_grid() -> None:
    found = places(Scene(CONTENT, (region(box(0, 0, 32)),)))
    fine, coarse = found["fine"][0], found["coarse"][0]
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
    kept, whole = places(alone)["coarse"][0], places(beside)["coarse"][0]
    assert kept is not None
    assert whole is not None
    assert kept[0, 0, 0, 5] == 0  # the first place beyond the edge at 40 px
    assert whole[0, 0, 0, 5] > 0
    assert kept[0, 0, 0, 0] == whole[0, 0, 0, 0] == 1


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
