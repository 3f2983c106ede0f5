from __future__ import annotations

import numpy as np
import pytest

from impasto.imaging import color
from impasto.settings.tones import TONES

PICTURE = np.random.default_rng(0).uniform(0.1, 0.9, (24, 24, 3)).astype(np.float32)


def lab(picture: np.ndarray) -> np.ndarray:
    return color.to_oklab(picture.astype(np.float64))


def chroma(picture: np.ndarray) -> float:
    return float(np.hypot(*lab(picture)[..., 1:].transpose(2, 0, 1)).mean())


def test_no_tone_leaves_the_picture_itself() -> None:
    assert color.toned(PICTURE, {}) is PICTURE


@pytest.mark.parametrize("tone", TONES)
def test_every_tone_changes_the_picture_and_more_of_it_changes_more(tone: str) -> None:
    little, much = (color.toned(PICTURE, {tone: amount}) for amount in (0.3, 1.0))
    assert 0 < abs(little - PICTURE).mean() < abs(much - PICTURE).mean()
    assert much.dtype == np.float32
    assert 0 <= much.min() <= much.max() <= 1


@pytest.mark.parametrize(("one", "other"), [("dark", "light"), ("cold", "warm")])
def test_opposites_go_opposite_ways(one: str, other: str) -> None:
    channel = {"dark": 0, "cold": 2}[one]
    less, more = (lab(color.toned(PICTURE, {t: 1}))[..., channel].mean() for t in (one, other))
    assert less < lab(PICTURE)[..., channel].mean() < more


def test_contrast_spreads_lightness_and_soft_draws_it_together() -> None:
    soft, own, hard = (
        lab(color.toned(PICTURE, tones))[..., 0].std()
        for tones in ({"soft": 1}, {}, {"high-contrast": 1})
    )
    assert soft < own < hard


def test_vivid_adds_chroma_and_muted_takes_it() -> None:
    muted, vivid = (chroma(color.toned(PICTURE, {tone: 1})) for tone in ("muted", "vivid"))
    assert muted < chroma(PICTURE) < vivid


def test_a_monochrome_picture_is_grey_and_as_light() -> None:
    grey = color.toned(PICTURE, {"monochrome": 1})
    assert np.ptp(grey, axis=-1).max() < 1e-3
    np.testing.assert_allclose(lab(grey)[..., 0], lab(PICTURE)[..., 0], atol=1e-3)


def test_sepia_twice_is_sepia_once() -> None:
    once = color.toned(PICTURE, {"sepia": 1})
    np.testing.assert_allclose(color.toned(once, {"sepia": 1}), once, atol=2e-3)


def test_some_rows_are_toned_like_the_whole() -> None:
    tones = {"dark": 0.5, "warm": 0.7, "vivid": 0.4}
    np.testing.assert_array_equal(
        color.toned(PICTURE[5:9], tones), color.toned(PICTURE, tones)[5:9]
    )
