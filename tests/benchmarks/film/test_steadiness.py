from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from benchmarks.film.card import Card
from benchmarks.film.motion import Motion, estimated
from benchmarks.film.steadiness import Deviation, Warping, lab, slope

STILL = Motion(np.zeros((8, 8, 2), np.float32), np.ones((8, 8), np.bool_))


def test_a_still_film_has_no_warping_error(texture: Any) -> None:
    frame, error = texture(64, 96, 0), Warping()
    for _ in range(3):
        error.add(frame, frame, estimated(frame, frame))
    assert error.result() == 0


def test_a_card_that_moves_by_whole_px_has_no_warping_error_under_its_known_flow(
    card: Card,
) -> None:
    frames, error = list(card.frames()), Warping()
    for number in range(1, len(frames)):
        error.add(frames[number - 1], frames[number], card.motion(number - 1, number))
        error.add(frames[0], frames[number], card.motion(0, number))
    assert error.result() == 0


def test_a_film_that_flickers_by_a_tenth_of_the_range_has_an_error_of_ten() -> None:
    dark, light = np.full((8, 8, 3), 100.0), np.full((8, 8, 3), 125.5)
    error = Warping()
    error.add(dark, light, STILL)  # type: ignore[arg-type]
    assert error.result() == pytest.approx(1000 * 0.1**2)


def test_places_that_one_frame_does_not_show_do_not_count() -> None:
    shown = np.ones((8, 8), np.bool_)
    shown[0] = False
    later = np.zeros((8, 8, 3), np.uint8)
    later[0] = 255
    error = Warping()
    error.add(np.zeros((8, 8, 3), np.uint8), later, Motion(STILL.flow, shown))
    assert error.result() == 0


def test_pairs_that_hardly_show_the_same_tell_nothing() -> None:
    shown = np.zeros((8, 8), np.bool_)
    shown[0, :6] = True  # less than a tenth
    error = Warping()
    black = np.zeros((8, 8, 3), np.uint8)
    error.add(black, black, Motion(STILL.flow, shown))
    assert error.result() is None


def test_the_deviation_is_that_of_each_place() -> None:
    deviation = Deviation()
    frame = np.full((2, 2, 3), 250, np.uint8)
    for level in (250, 244, 250, 244):
        frame[0, 0] = level
        deviation.add(frame)
    np.testing.assert_allclose(deviation.result(), [[3, 0], [0, 0]])


@pytest.mark.parametrize("sway", [0, 20])
def test_a_film_that_brightens_by_a_level_a_second_has_that_slope(sway: int) -> None:
    """L follows from the definition of CIELAB; what comes back in every period does not count."""
    rate, seconds = 4, 10
    levels = [100 + n // rate + sway * (n % rate) for n in range(rate * seconds)]
    colours = [lab(np.full((2, 2, 3), level, np.uint8)) for level in levels]

    def lightness(level: float) -> float:
        light = ((level / 255 + 0.055) / 1.055) ** 2.4
        return 2.55 * (116 * np.cbrt(light) - 16)

    whole = [np.mean([lightness(100 + s + sway * n) for n in range(rate)]) for s in range(seconds)]
    drift = slope([c[0] for c in colours], rate, period=rate)
    assert drift is not None
    assert drift.minute == pytest.approx(60 * (whole[-1] - whole[0]) / (seconds - 1), rel=0.01)
    assert drift.minute == pytest.approx(60, rel=0.1)
    assert drift.within < 1
    for axis in (1, 2):
        grey = slope([c[axis] for c in colours], rate, period=rate)
        assert grey is not None
        assert grey.minute == pytest.approx(0, abs=0.05)


def test_the_interval_holds_the_true_slope_in_nineteen_of_twenty_films() -> None:
    noise = np.random.default_rng(0).normal(size=(2000, 6))
    slopes = [slope(row, rate=0.1, period=1) for row in noise.tolist()]
    held = np.mean([abs(one.minute) <= one.within for one in slopes if one])
    assert held == pytest.approx(0.95, abs=0.02)


def test_two_periods_have_no_interval() -> None:
    assert slope([1.0, 2.0, 3.0], rate=1, period=1) is not None
    assert slope([1.0, 2.0], rate=1, period=1) is None
