from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from impasto.errors import SettingError
from impasto.imaging.color import match, match_moments, moments

Floats = NDArray[np.float64]


def left_half(picture: Floats) -> Floats:
    weights = np.zeros(picture.shape[:2])
    weights[:, : picture.shape[1] // 2] = 3
    return weights


def test_moments_are_those_of_the_formula(noise: Floats) -> None:
    mean, covariance = moments(noise)
    assert mean == pytest.approx(noise.reshape(-1, 3).mean(axis=0))
    assert covariance == pytest.approx(np.cov(noise.reshape(-1, 3).T, bias=True))


def test_moments_of_a_large_picture_are_summed_over_all_bands() -> None:
    tall = np.random.default_rng(0).random((300, 700, 3)).astype(np.float32)
    weights = np.random.default_rng(1).random((300, 700))
    flat, each = tall.reshape(-1, 3).astype(float), weights.ravel()
    mean, covariance = moments(tall, weights)
    assert mean == pytest.approx(np.average(flat, axis=0, weights=each))
    assert covariance == pytest.approx(np.cov(flat.T, aweights=each, bias=True))


def test_whole_weights_count_like_so_many_pixels(sunset: Floats) -> None:
    row = sunset[:1, :6]
    times = np.array([[1, 3, 0, 2, 1, 1]])
    copies = np.repeat(row, times[0], axis=1)
    for one, other in zip(moments(row, times), moments(copies), strict=True):
        assert one == pytest.approx(other)


@pytest.mark.parametrize(("kind", "close"), [(np.float64, 1e-12), (np.float32, 1e-6)])
def test_before_clipping_mean_and_covariance_are_the_references(
    noise: Floats, sunset: Floats, kind: type, close: float
) -> None:
    for picture, reference in ((noise, sunset), (sunset, noise)):
        result = match(picture.astype(kind), reference, clip=False)
        assert result.dtype == kind
        for own, wish in zip(moments(result), moments(reference), strict=True):
            assert own == pytest.approx(wish, abs=close)


def test_clipped_is_the_default_and_only_cuts(noise: Floats, sunset: Floats) -> None:
    bright = 2 * sunset
    result = match(noise, bright)
    assert result.max() == 1
    assert np.array_equal(result, match(noise, bright, clip=False).clip(0, 1))


def test_a_picture_matched_to_itself_stays(noise: Floats, sunset: Floats) -> None:
    assert match(noise, noise[::-1]) == pytest.approx(noise)
    assert match(sunset, sunset, clip=False) == pytest.approx(sunset)


def test_independent_channels_are_stretched_one_by_one() -> None:
    corners = np.array([[[r, g, b] for r in (0, 1) for g in (0, 1) for b in (0, 1)]], float)
    wish = 0.25 + corners * [0.5, 0.1, 0.2]
    assert match(corners, wish) == pytest.approx(wish)


def test_the_map_is_symmetric_and_moves_least(noise: Floats, sunset: Floats) -> None:
    """Any other linear map with the same moments is this one after a turn; it moves more."""
    result = match(noise, sunset, clip=False)
    mean, covariance = moments(sunset)
    root = np.linalg.cholesky(covariance)
    turn = np.linalg.qr(np.random.default_rng(0).normal(size=(3, 3)))[0]
    white = (result - mean) @ np.linalg.inv(root).T
    other = white @ turn.T @ root.T + mean
    assert moments(other)[1] == pytest.approx(covariance)
    assert ((result - noise) ** 2).sum() < ((other - noise) ** 2).sum()


def test_weights_say_which_pixels_are_matched_and_all_are_moved(
    noise: Floats, sunset: Floats
) -> None:
    weights, others = left_half(noise), left_half(sunset)
    result = match(noise, sunset, weights, others, clip=False)
    for own, wish in zip(moments(result, weights), moments(sunset, others), strict=True):
        assert own == pytest.approx(wish)
    assert abs(result - noise)[:, 60:].min(axis=(1, 2)).max() > 0


def test_what_weighs_nothing_has_no_say(noise: Floats, sunset: Floats) -> None:
    weights, others = left_half(noise), left_half(sunset)
    dirty, spoilt = noise.copy(), sunset.copy()
    dirty[weights == 0], spoilt[others == 0] = 77, -5
    clean = match(noise, sunset, weights, others)
    assert np.array_equal(match(dirty, spoilt, weights, others)[:, :40], clean[:, :40])


def test_a_flat_picture_takes_the_mean_and_stays_flat(noise: Floats) -> None:
    result = match(np.full((5, 7, 3), 0.2), noise)
    assert np.ptp(result, axis=(0, 1)) == pytest.approx(0, abs=1e-12)
    assert result[0, 0] == pytest.approx(moments(noise)[0])


def test_a_flat_reference_gives_a_flat_picture(noise: Floats) -> None:
    result = match(noise, np.full((4, 4, 3), (0.1, 0.5, 0.9)))
    assert result == pytest.approx(np.broadcast_to((0.1, 0.5, 0.9), noise.shape), abs=1e-6)


def test_a_grey_picture_stays_on_one_line_of_colours(noise: Floats) -> None:
    grey = np.repeat(noise[..., :1], 3, axis=-1)
    result = match(grey, noise, clip=False)
    deviations = np.linalg.eigvalsh(moments(result)[1]).clip(0) ** 0.5
    assert deviations[:2].max() < 1e-7
    assert np.isfinite(result).all()


def test_rounding_noise_of_a_grey_picture_is_not_blown_up(noise: Floats) -> None:
    rng = np.random.default_rng(3)
    nearly = np.repeat(noise[..., :1], 3, axis=-1) + rng.uniform(-0.5, 0.5, noise.shape) / 255
    result = match(nearly, noise, clip=False)
    deviations = np.linalg.eigvalsh(moments(result)[1]) ** 0.5
    assert deviations[1] < 0.05  # a gain of at most 0.29 / 0.01


def test_moments_alone_are_enough(noise: Floats, sunset: Floats) -> None:
    assert np.array_equal(match_moments(noise, *moments(sunset)), match(noise, sunset))


def test_weights_of_nothing_are_refused(noise: Floats) -> None:
    nothing = np.zeros(noise.shape[:2])
    for call in (
        lambda: moments(noise, nothing),
        lambda: match(noise, noise, nothing),
        lambda: match(noise, noise, None, nothing),
        lambda: match_moments(noise, np.zeros(3), np.eye(3), nothing),
    ):
        with pytest.raises(SettingError, match="0 at every pixel"):
            call()
