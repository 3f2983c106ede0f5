from __future__ import annotations

import numpy as np

from impasto.workflows.film.where import EVERYWHERE, Where

LEFT = np.repeat(np.array([[255, 255, 0, 0]], np.uint8), 2, 0)
FRAME, PAINTING = np.full((2, 4, 3), 40, np.uint8), np.full((2, 4, 3), 90, np.uint8)


def test_without_masks_all_of_a_painting_is_laid() -> None:
    assert EVERYWHERE.laid(PAINTING, FRAME) is PAINTING
    assert EVERYWHERE.shares is EVERYWHERE.painted is EVERYWHERE.mixed is None


def test_a_frame_stays_where_no_mask_paints() -> None:
    laid = Where(LEFT[None]).laid(PAINTING, FRAME)
    assert (laid[:, :2] == 90).all()
    assert (laid[:, 2:] == 40).all()


def test_what_is_kept_stays_whatever_the_masks_say() -> None:
    where = Where(np.full((1, 2, 4), 255, np.uint8), LEFT)
    laid = where.laid(PAINTING, FRAME)
    assert (laid[:, :2] == 40).all()
    assert (laid[:, 2:] == 90).all()


def test_a_grey_mask_mixes() -> None:
    laid = Where(np.full((1, 2, 4), 102, np.uint8)).laid(PAINTING, FRAME)
    assert (laid == 60).all()


def test_masks_that_fill_each_other_paint_all() -> None:
    assert Where(np.stack([LEFT // 2, 255 - LEFT // 2 - 1])).painted is None


def test_styles_share_a_place_by_their_masks() -> None:
    where = Where(np.stack([LEFT, np.full_like(LEFT, 255)]))
    assert where.mixed is not None
    assert where.mixed[:, 0].tolist() == [[0.5, 0.5, 0, 0], [0.5, 0.5, 1, 1]]
