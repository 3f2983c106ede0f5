"""What is measured, on pictures whose answers are known."""

from __future__ import annotations

import time

import numpy as np
import pytest

from impasto import imaging, samples
from impasto.errors import PictureError
from impasto.imaging import Picture
from impasto.library import Attributes, measure
from impasto.library.bundled import bundled_entries


def picture(light: np.ndarray) -> Picture:
    """A grey picture of values (H, W) in [0, 1]."""
    levels = np.clip(light * 255, 0, 255).astype(np.uint8)
    return Picture(np.repeat(levels[..., None], 3, axis=2))


def waves(degrees: float, period: float, side: int = 512) -> np.ndarray:
    """Bands that lie at an angle from the horizontal, against the clock."""
    y, x = np.mgrid[0:side, 0:side]
    turn = np.deg2rad(degrees)
    across = x * np.sin(turn) + y * np.cos(turn)
    return 0.5 + 0.3 * np.sin(2 * np.pi * across / period)


def rings(period: float, side: int = 512) -> np.ndarray:
    y, x = np.mgrid[0:side, 0:side] % 128 - 63.5
    return 0.5 + 0.3 * np.sin(2 * np.pi * np.hypot(x, y) / period)


@pytest.mark.parametrize("degrees", [0, 30, 90, 135])
def test_bands_have_their_direction_and_run_alike(degrees: float) -> None:
    about = measure(picture(waves(degrees, 24)))
    off = (about.direction - degrees + 90) % 180 - 90
    assert abs(off) < 3
    assert about.alignment > 0.9
    assert about.coherence > 0.9


def test_the_period_of_bands_is_the_scale_of_strokes() -> None:
    fine, broad = (measure(picture(waves(30, period))).stroke_px for period in (8, 32))
    assert fine == pytest.approx(8, rel=0.35)
    assert broad == pytest.approx(32, rel=0.35)


def test_rings_swirl_and_bands_do_not() -> None:
    ring, band = measure(picture(rings(16))), measure(picture(waves(20, 16)))
    assert ring.swirl > 3 * band.swirl
    assert ring.alignment < 0.1


def test_noise_runs_no_way() -> None:
    noise = np.random.default_rng(1).random((512, 512))
    assert measure(picture(noise)).coherence < 0.3


def test_an_edge_within_a_pixel_is_hard_and_a_slope_is_soft() -> None:
    y = np.arange(512)[:, None] * np.ones((1, 512))
    step, slope = np.where(y < 256, 0.2, 0.8), np.clip((y - 240) / 32, 0.2, 0.8)
    assert measure(picture(step)).hardness > 0.9
    assert measure(picture(slope)).hardness < 0.4
    assert measure(picture(step)).flatness > 0.95


@pytest.mark.parametrize(
    ("colour", "name", "warm"),
    [
        ((200, 30, 40), "red", True),
        ((30, 60, 190), "blue", False),
        ((40, 140, 60), "green", None),
        ((250, 220, 40), "yellow", True),
        ((110, 70, 35), "brown", True),
        ((15, 15, 15), "black", None),
        ((128, 128, 128), "grey", None),
        ((255, 255, 255), "white", None),
        ((250, 180, 195), "pink", None),
        ((200, 160, 60), "gold", True),
    ],
)
def test_a_colour_has_its_name(colour: tuple[int, ...], name: str, warm: bool | None) -> None:
    about = measure(Picture(np.full((64, 64, 3), colour, np.uint8)))
    assert about.shares[name] > 0.7
    assert about.palette == (("#" + bytes(colour).hex(), 1.0),)
    if warm is not None:
        assert (about.warmth > 0) == warm


def test_a_palette_has_its_colours_by_their_shares() -> None:
    pixels = np.zeros((64, 64, 3), np.uint8)
    pixels[:32] = (250, 240, 220)
    pixels[32:48] = (180, 30, 30)
    pixels[48:] = (20, 30, 120)
    pixels[60:] = (20, 120, 60)
    palette = measure(Picture(np.kron(pixels, np.ones((8, 8, 1), np.uint8)))).palette
    assert palette[0] == ("#faf0dc", 0.5)
    assert {code for code, _ in palette} == {"#faf0dc", "#b41e1e", "#141e78", "#14783c"}


def test_a_size_and_16_bits_make_little_difference() -> None:
    deep = (waves(30, 24) * 65535).astype(np.uint16)
    small = measure(picture(waves(30, 24, 512)[::2, ::2]))
    large = measure(Picture(np.repeat(deep[..., None], 3, axis=2)))
    assert small.stroke_px == pytest.approx(large.stroke_px, rel=0.1)
    assert small.lightness == pytest.approx(large.lightness, abs=0.01)


def test_too_small_a_picture_is_told() -> None:
    with pytest.raises(PictureError, match="8 x 8 px, too small to tell its strokes: give"):
        measure(Picture(np.zeros((8, 8, 3), np.uint8)))


def test_what_is_shipped_is_what_is_measured_and_quickly() -> None:
    entry = next(entry for entry in bundled_entries() if entry.name == "great-wave")
    painting = imaging.read(samples.style("great-wave"))
    start = time.process_time()
    about = measure(painting)
    assert time.process_time() - start < 3  # 0.2 s on a quiet processor
    for name in ("lightness", "contrast", "coherence", "swirl", "stroke_px", "hardness", "blue"):
        assert about.value(name) == pytest.approx(entry.attributes.value(name), abs=2e-3)
    assert Attributes.from_json(about.as_json()) == about


def test_every_bundled_style_is_described_with_its_titles() -> None:
    entries = bundled_entries()
    assert [entry.name for entry in entries] == list(samples.names("style"))
    for entry in entries:
        assert samples.caption("style", entry.name) in entry.title
        assert samples.caption("style", entry.name, "zh") in entry.title
