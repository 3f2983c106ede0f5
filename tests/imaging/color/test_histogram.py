from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from impasto.errors import SettingError
from impasto.imaging.color import histogram, match_histogram

Floats = NDArray[np.float64]


def quantiles(values: NDArray[np.floating]) -> Floats:
    return np.quantile(values, np.linspace(0.01, 0.99, 99))


def distance(one: Floats, other: Floats) -> float:
    """Mean difference of quantiles along many directions: 0 for equal distributions."""
    directions = np.random.default_rng(9).normal(size=(50, 3))
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    return float(np.mean([abs(quantiles(one @ d) - quantiles(other @ d)) for d in directions]))


def shuffle(picture: Floats) -> Floats:
    flat = picture.reshape(-1, 3).copy()
    np.random.default_rng(4).shuffle(flat)
    return flat.reshape(picture.shape)


def test_a_shuffled_copy_changes_nothing_much(noise: Floats, sunset: Floats) -> None:
    for picture in (noise, sunset.clip(0, 1)):
        assert match_histogram(picture, shuffle(picture)) == pytest.approx(picture, abs=2e-3)


def test_each_channel_has_the_values_of_the_references(noise: Floats, sunset: Floats) -> None:
    reference = sunset.clip(0, 1)
    result = match_histogram(noise[:50, :70], reference)
    off = abs(np.sort(result.reshape(-1, 3), axis=0) - np.sort(reference.reshape(-1, 3), axis=0))
    assert off.mean() < 2e-4
    assert off.max() < 0.02  # the outermost, where values are rare


def test_the_whole_distribution_comes_near_not_only_channels(noise: Floats, sunset: Floats) -> None:
    reference = sunset.clip(0, 1)
    before = distance(match_histogram(noise, reference, rotations=0), reference)
    after = distance(match_histogram(noise, reference), reference)
    assert distance(noise, reference) > 0.1
    assert after < 0.01
    assert after < before / 2


def test_two_flat_halves_take_the_references_two_colours() -> None:
    halves = np.full((10, 20, 3), 0.3)
    halves[:, 10:] = 0.6
    reference = np.full((8, 8, 3), (0.9, 0.8, 0.1))
    reference[:4] = (0.1, 0.0, 0.4)
    result = match_histogram(halves, reference)
    assert np.ptp(result[:, :10], axis=(0, 1)).max() == 0
    assert result[0, 0] == pytest.approx([0.1, 0.0, 0.4], abs=1e-3)
    assert np.ptp(result[:, 10:], axis=(0, 1)).max() == 0
    assert result[0, 10] == pytest.approx([0.9, 0.8, 0.1], abs=1e-3)


def test_a_flat_reference_gives_a_flat_picture(noise: Floats) -> None:
    result = match_histogram(noise, np.full((4, 5, 3), (0.1, 0.5, 0.9)))
    assert result == pytest.approx(np.broadcast_to((0.1, 0.5, 0.9), noise.shape), abs=1e-6)


def test_a_flat_picture_stays_flat_and_takes_the_medians(noise: Floats) -> None:
    result = match_histogram(np.full((6, 6, 3), 0.2), noise)
    assert np.ptp(result, axis=(0, 1)).max() == 0
    assert result[0, 0] == pytest.approx(np.median(noise, axis=(0, 1)), abs=2e-3)


def test_weights_say_which_pixels_count_on_both_sides(noise: Floats, sunset: Floats) -> None:
    reference = np.concatenate([sunset.clip(0, 1), np.full((50, 30, 3), (0.0, 1.0, 0.0))], axis=1)
    picture = np.concatenate([noise, np.full((60, 40, 3), (1.0, 0.0, 1.0))], axis=1)
    weights, others = np.zeros((60, 120)), np.zeros((50, 100))
    weights[:, :80], others[:, :70] = 0.5, 2
    result = match_histogram(picture, reference, weights, others)
    assert result[:, :80] == pytest.approx(match_histogram(noise, sunset.clip(0, 1)), abs=1e-3)
    assert np.isfinite(result).all()
    assert result.min() >= 0


def greys(*values: float) -> Floats:
    return np.repeat(np.array([values])[..., None], 3, axis=-1)


def test_shares_of_the_area_are_the_references() -> None:
    ramp = np.linspace(0.2, 0.6, 40)
    result = match_histogram(greys(*ramp), greys(0.0, 1.0, 0.0, 0.0))[0, :, 0]
    assert result[:29].max() < 1e-3  # three quarters dark, one light, and no grey made up
    assert result[31:].min() > 1 - 1e-3


def test_a_reference_pixel_that_weighs_three_fills_three_quarters() -> None:
    ramp = np.linspace(0.2, 0.6, 40)
    result = match_histogram(greys(*ramp), greys(0.0, 1.0), None, np.array([[3, 1]]))[0, :, 0]
    assert result[:29].max() < 1e-3
    assert result[31:].min() > 1 - 1e-3


def test_it_is_the_same_every_time(noise: Floats, sunset: Floats) -> None:
    first = match_histogram(noise, sunset.clip(0, 1))
    assert np.array_equal(first, match_histogram(noise, sunset.clip(0, 1)))


def test_a_sample_of_a_large_picture_is_enough(
    noise: Floats, sunset: Floats, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = match_histogram(noise, sunset.clip(0, 1))
    monkeypatch.setattr(histogram, "_SAMPLE", 2000)
    some = match_histogram(noise, sunset.clip(0, 1))
    assert not np.array_equal(some, whole)
    assert abs(some - whole).mean() < 0.01


def test_dtype_is_kept_and_nothing_changed(noise: Floats, sunset: Floats) -> None:
    picture = noise.astype(np.float32)
    before = picture.copy()
    assert match_histogram(picture, sunset).dtype == np.float32
    assert np.array_equal(picture, before)


def test_impossible_wishes_are_refused(noise: Floats) -> None:
    with pytest.raises(SettingError, match="rotations is -1"):
        match_histogram(noise, noise, rotations=-1)
    with pytest.raises(SettingError, match="0 at every pixel"):
        match_histogram(noise, noise, np.zeros((60, 80)))
