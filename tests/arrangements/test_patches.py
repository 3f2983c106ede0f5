from __future__ import annotations

import numpy as np

from impasto.arrangements.patches import patches_of


def test_the_patch_of_an_inner_pixel_is_the_square_around_it() -> None:
    picture = np.arange(5 * 6 * 3).reshape(5, 6, 3)
    patch = patches_of(picture, 1)[2, 3]
    assert (patch == np.moveaxis(picture[1:4, 2:5], -1, 0)).all()


def test_a_picture_smaller_than_its_patches_is_mirrored_again_and_again() -> None:
    patches = patches_of(np.array([[[0], [1]]]), 2)
    assert patches.shape == (1, 2, 1, 5, 5)
    assert patches[0, 0, 0].tolist() == [[0, 1, 0, 1, 0]] * 5
