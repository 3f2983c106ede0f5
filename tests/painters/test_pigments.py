from __future__ import annotations

import numpy as np
import pytest

from impasto.imaging.color.oklab import to_oklab
from impasto.painters.pigments import Pigments, ink, paper, ramp_of, set_of

OWN = Pigments(
    {
        "paper": paper("fbf6ea"),
        "line": ink("14223f"),
        "sky": ramp_of("102050", "3060a0", "a0c0e0", share=3),
        "sun": ramp_of("d0a020", "f0d060"),
        "stones": set_of("a02020", "20a020", "e0e080", "2020a0"),
    }
)


def lab(colours: np.ndarray) -> np.ndarray:
    return np.asarray(to_oklab(np.asarray(colours, np.float32)[None])[0])


def test_without_a_palette_every_pigment_is_the_painters_own() -> None:
    mixed = OWN.mixed(())
    assert all((mixed[name] == family.own).all() for name, family in OWN.families.items())


def test_the_order_in_which_colours_are_named_does_not_matter() -> None:
    one, other = (
        OWN.mixed(("#c00000", "#f0e0b0", "#102040")),
        OWN.mixed(("#102040", "#c00000", "#f0e0b0")),
    )
    assert all(np.array_equal(one[name], other[name]) for name in one)


@pytest.mark.parametrize(
    "palette", [("#808080",), ("#ffffff",), ("#000000",), ("#ffff00", "#ff00ff", "#00ffff")]
)
def test_paper_stays_light_and_ink_dark_in_any_palette(palette: tuple[str, ...]) -> None:
    mixed = OWN.mixed(palette)
    assert lab(mixed["paper"])[0, 0] > 0.85
    assert lab(mixed["line"])[0, 0] < 0.35
    assert all(values.min() > 0 and values.max() <= 1 for values in mixed.values())


def test_a_gradient_stays_one_from_dark_to_light() -> None:
    light = lab(OWN.mixed(("#b04020",))["sky"])[:, 0]
    assert light[0] < light[1] < light[2]


def test_a_grey_palette_gives_greys() -> None:
    for colours in OWN.mixed(("#303030", "#909090", "#e0e0e0")).values():
        assert np.hypot(*lab(colours)[:, 1:].T).max() < 0.01


def test_the_darker_of_two_colours_goes_to_the_darker_family() -> None:
    mixed = OWN.mixed(("#e0b040", "#203080"))
    assert (mixed["sky"][:, 2] > mixed["sky"][:, 0]).all()  # blue
    assert (mixed["sun"][:, 0] > mixed["sun"][:, 2]).all()  # yellow


def test_a_set_holds_every_colour_of_a_small_palette() -> None:
    stones = OWN.mixed(("#c02020", "#2020c0"))["stones"]
    assert (stones[:, 0] > stones[:, 2]).any()
    assert (stones[:, 2] > stones[:, 0]).any()
