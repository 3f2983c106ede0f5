"""A lettering without its ground lies over that ground as it did."""

from __future__ import annotations

import numpy as np

from impasto.arrangements.letter.distance import half_width, signed_distance
from impasto.arrangements.letter.lifting import Lifted, lifted
from tests.arrangements.letter.lettered import bar, effect

REACH = 3.0


def of_the_style() -> tuple[Lifted, np.ndarray]:
    distance = signed_distance(bar())
    normal = distance / np.float32(half_width(distance))
    ink = (0.5 - distance).clip(0, 1)
    pixels = effect().floats
    return lifted(pixels, normal, ink, pixels, normal, REACH), normal


def test_letters_are_opaque_and_what_lies_beyond_the_reach_is_nothing() -> None:
    over, normal = of_the_style()
    assert (over.opacity[bar()] == 1).all()
    assert (over.opacity[normal > REACH] == 0).all()


def test_over_its_own_ground_it_looks_as_it_did() -> None:
    over, normal = of_the_style()
    near = normal < 0.6 * REACH  # beyond, the effect ends
    seen = over.pixels * over.opacity[..., None]  # on black
    solid = near & (over.opacity > 0.3)
    assert np.abs(seen - effect().floats)[solid].mean() < 0.02


def test_a_glow_is_brighter_and_thinner_than_it_was() -> None:
    over, normal = of_the_style()
    glow = (normal > 0.3) & (normal < 0.9)
    assert over.pixels[glow][:, 0].mean() >= effect().floats[glow][:, 0].mean()
