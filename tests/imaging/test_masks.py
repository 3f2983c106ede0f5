from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from impasto.errors import PictureError
from impasto.imaging import Picture, mask_for, shares

PHOTO = Picture(np.zeros((60, 90, 3), np.uint8), name="photo.jpg")


def test_grey_is_a_share_and_colours_are_averaged() -> None:
    mask = Picture(np.array([[[0, 0, 0], [51, 51, 51], [255, 0, 0], [255, 255, 255]]], np.uint8))
    assert shares(mask)[0].tolist() == pytest.approx([0, 0.2, 1 / 3, 1])


def test_what_is_transparent_does_not_count() -> None:
    deep = Picture(np.full((1, 2, 3), 65535, np.uint16), np.array([[65535, 13107]], np.uint16))
    assert shares(deep)[0].tolist() == pytest.approx([1, 0.2])


def test_a_mask_of_another_size_and_the_same_ratio_is_fitted() -> None:
    small = np.zeros((20, 30), np.uint8)
    small[:, 15:] = 255
    weights = shares(mask_for(small, PHOTO))
    assert weights.shape == (60, 90)
    assert weights[:, :40].max() == 0
    assert weights[:, 50:].min() == 1


def test_a_mask_may_miss_the_ratio_by_a_pixel() -> None:
    assert mask_for(np.full((20, 31), 9, np.uint8)[:, :30], PHOTO).width == 90
    assert mask_for(np.full((33, 50), 9, np.uint8), PHOTO).width == 90


def test_another_ratio_is_told_with_both_sizes(tmp_path: Path) -> None:
    path = tmp_path / "tall.png"
    Image.new("L", (30, 45), 255).save(path)
    with pytest.raises(PictureError, match=r"tall.png is 30 x 45 px, and photo.jpg.* 90 x 60 px"):
        mask_for(path, PHOTO)


def test_a_mask_that_is_black_everywhere_is_told() -> None:
    with pytest.raises(PictureError, match="the mask is black everywhere: make it white where"):
        mask_for(np.zeros((60, 90), np.uint8), PHOTO)


@pytest.mark.parametrize(("lightest", "noted"), [(1, True), (21, True), (60, False), (255, False)])
def test_a_mask_of_classes_is_noted(lightest: int, noted: bool) -> None:
    mask = np.zeros((6, 8), np.uint8)
    mask[:, 4:] = lightest
    notes = mask_for(mask, Picture(np.zeros((6, 8, 3), np.uint8))).notes
    assert [f"lightest value is {lightest} of 255" in note for note in notes] == [True] * noted


def test_a_cut_out_counts_where_it_is_opaque() -> None:
    cut = np.random.default_rng(0).integers(0, 256, (60, 90, 4), np.uint8)
    cut[..., 3] = 0
    cut[20:40, 30:60, 3] = 255
    mask = mask_for(cut, PHOTO)
    weights = shares(mask)
    assert weights[20:40, 30:60].min() == 1
    assert weights.sum() == 20 * 30
    assert mask.notes == ("the mask is a cut-out: what is opaque in it counts as white",)


def test_a_grey_photograph_cut_out_counts_where_it_is_opaque_too() -> None:
    cut = np.full((60, 90, 4), 120, np.uint8)
    cut[:, 45:, 3], cut[:, :45, 3] = 255, 0
    assert shares(mask_for(cut, PHOTO)).mean() == 0.5


def test_a_mask_drawn_on_a_transparent_layer_is_read_as_it_is_drawn() -> None:
    drawn = np.zeros((60, 90, 4), np.uint8)
    drawn[:, :45] = 255
    drawn[:30, :45, :3] = 0  # black and opaque
    mask = mask_for(drawn, PHOTO)
    assert shares(mask)[30:, :45].min() == 1
    assert shares(mask).mean() == 0.25
    assert mask.notes == ()


def test_black_alone_on_a_transparent_layer_is_a_silhouette() -> None:
    ink = np.zeros((60, 90, 4), np.uint8)
    ink[:, 45:, 3] = 255
    assert shares(mask_for(ink, PHOTO)).mean() == 0.5


def test_a_photograph_given_as_a_mask_is_noted() -> None:
    photograph = np.random.default_rng(0).integers(0, 256, (60, 90, 3), np.uint8)
    (note,) = mask_for(photograph, PHOTO).notes
    assert note == "the mask looks like a photograph, not a mask: its brightness is used"
    ramp = np.tile(np.linspace(0, 255, 90).astype(np.uint8), (60, 1))
    classes = np.zeros((60, 90, 3), np.uint8)
    classes[:, :30, 0] = classes[:, 30:60, 1] = 255
    assert mask_for(ramp, PHOTO).notes == mask_for(classes, PHOTO).notes == ()
