"""Pictures in scratch files become what pictures in memory do."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from impasto import imaging
from impasto.imaging import Picture, Workspace, rows_of
from impasto.imaging.bands import workspace
from impasto.imaging.codecs.mapped import is_mapped

Make = Callable[..., tuple[Picture, Picture]]
SIDES = st.integers(1, 60)
FILTERS = st.sampled_from(["bilinear", "bicubic", "lanczos"])
FEW = settings(
    deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(autouse=True)
def small_bands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workspace, "_BAND_PX", 300)
    monkeypatch.setattr(workspace, "_SMALL_BYTES", 0)


@pytest.fixture(scope="module")
def make(tmp_path_factory: pytest.TempPathFactory) -> Make:
    """A picture in memory, and the same in scratch files."""
    folder = tmp_path_factory.mktemp("scratch")

    def both(height: int, width: int, bits: int, hides: bool) -> tuple[Picture, Picture]:
        chance = np.random.default_rng(height * 100 + width)
        kind, top = (np.uint16, 65535) if bits == 16 else (np.uint8, 255)
        pixels = (chance.random((height, width, 3)) * top).astype(kind)
        alpha = None
        if hides:
            alpha = (np.clip(chance.random((height, width)) * 3 - 1, 0, 1) * top).astype(kind)
            alpha[: height // 2, : width // 2] = 0
            alpha[-1, -1] = top
        copy = Workspace(folder).copy
        there = None if alpha is None else copy(alpha)
        return Picture(pixels, alpha), Picture(copy(pixels), there, scratch=folder)

    return both


def assert_same(whole: Picture, banded: Picture) -> None:
    assert is_mapped(banded.pixels)
    assert np.array_equal(whole.pixels, banded.pixels)
    assert (whole.alpha is None) == (banded.alpha is None)
    if whole.alpha is not None and banded.alpha is not None:
        assert np.array_equal(whole.alpha, banded.alpha)


@pytest.mark.parametrize("bits", [8, 16])
@pytest.mark.parametrize("hides", [False, True], ids=["opaque", "alpha"])
@FEW
@given(shape=st.tuples(SIDES, SIDES), size=st.tuples(SIDES, SIDES), resample=FILTERS)
def test_any_size_is_the_same(
    make: Make,
    bits: int,
    hides: bool,
    shape: tuple[int, int],
    size: tuple[int, int],
    resample: str,
) -> None:
    pictures = make(*shape, bits, hides)
    assert_same(*(imaging.resized(each, *size, resample=resample) for each in pictures))


@pytest.mark.parametrize("bits", [8, 16])
@FEW
@given(shape=st.tuples(SIDES, SIDES))
def test_what_is_hidden_is_filled_the_same(make: Make, bits: int, shape: tuple[int, int]) -> None:
    assert_same(*map(imaging.filled, make(*shape, bits, hides=True)))


def test_a_part_is_cut_out_the_same(make: Make) -> None:
    pictures = make(50, 40, 8, hides=True)
    assert_same(*(imaging.fitted(each, shape=(20, 30), fit="cover") for each in pictures))


def test_shares_are_the_same(make: Make) -> None:
    whole, banded = map(imaging.shares, make(50, 40, 16, hides=True))
    assert is_mapped(banded)
    assert np.array_equal(whole, banded)


def test_a_mask_of_a_large_picture_lies_where_it_does(make: Make, tmp_path: Path) -> None:
    whole, banded = make(50, 40, 8, hides=False)
    imaging.write(tmp_path / "mask.png", np.linspace(0, 1, 25 * 20 * 3).reshape(25, 20, 3))
    masks = [imaging.mask_for(tmp_path / "mask.png", each) for each in (whole, banded)]
    assert_same(masks[0], masks[1])


def test_small_results_lie_in_memory(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    _, banded = make(50, 40, 8, hides=False)
    monkeypatch.setattr(workspace, "_SMALL_BYTES", 300)
    assert not is_mapped(imaging.resized(banded, 10, 10).pixels)
    assert is_mapped(imaging.resized(banded, 11, 10).pixels)


def test_a_part_of_a_picture_shares_its_samples(make: Make) -> None:
    whole, banded = make(50, 40, 8, hides=True)
    tile = np.s_[10:20, 5:9]
    assert np.array_equal(banded.part(tile).floats, whole.floats[tile])
    assert is_mapped(banded.part(tile).pixels)


def test_bands_of_a_picture_are_written_as_the_picture(make: Make, tmp_path: Path) -> None:
    whole, banded = make(50, 40, 16, hides=True)
    path = tmp_path / "a.png"
    alphas = None if banded.alpha is None else rows_of(banded.alpha)
    bands = rows_of(banded.pixels, rows=7)
    imaging.write_bands(path, (50, 40), bands, alpha_bands=alphas, bits=16)
    assert_same(imaging.read(path), replace(banded, path=path))
    assert np.array_equal(imaging.read(path).pixels, whole.pixels)
