import numpy as np
import pytest
from numpy.typing import NDArray

from impasto.imaging.codecs.bit_depth import (
    Planes,
    UnknownRangeError,
    alpha_levels,
    levels,
    to_8_bit,
    to_16_bit,
)


def test_8_bits_undo_the_widening_of_every_level() -> None:
    every = np.arange(256, dtype=np.uint16)
    assert np.array_equal(to_8_bit(every * 257), every)


def test_floats_from_0_to_1_fill_the_range() -> None:
    assert to_16_bit(np.array([0.0, 0.5, 1.0])).tolist() == [0, 32768, 65535]


def test_32_bit_integers_fill_the_range() -> None:
    assert to_16_bit(np.array([0, 2**32 - 1], np.uint32)).tolist() == [0, 65535]


def test_byte_order_of_another_machine_is_turned() -> None:
    result = to_16_bit(np.array([1, 256], ">u2"))
    assert result.tolist() == [1, 256]
    assert result.dtype == np.uint16


@pytest.mark.parametrize(
    "numbers",
    [[1.5], [-0.1], [np.nan], [np.inf], np.array([-1], np.int32), np.array([70_000], np.int32)],
)
def test_numbers_out_of_range_are_refused(numbers: object) -> None:
    with pytest.raises(UnknownRangeError, match="samples from"):
        to_16_bit(np.asarray(numbers))


def test_complex_numbers_are_no_samples() -> None:
    with pytest.raises(UnknownRangeError, match="complex128"):
        to_16_bit(np.array([1j]))


def test_wide_alpha_follows_8_bit_pixels(ramp: NDArray[np.uint8]) -> None:
    alpha = np.full(ramp.shape[:2], 128 * 257, np.uint16)
    result = Planes.of(ramp, alpha).alpha
    assert result is not None
    assert result.dtype == np.uint8
    assert (result == 128).all()


def test_an_alpha_that_hides_nothing_is_left_out(ramp: NDArray[np.uint8]) -> None:
    opaque = np.full(ramp.shape[:2], 65535, np.uint16)
    assert Planes.of(ramp, opaque).alpha is None


@pytest.mark.parametrize(("bits", "top"), [(8, 255), (16, 65535)])
def test_floats_go_to_the_nearest_level(bits: int, top: int) -> None:
    every = np.arange(top + 1)
    assert np.array_equal(levels((every / top).astype(np.float32), bits), every)
    assert levels(np.array([0.4, 0.6]) / top, bits).tolist() == [0, 1]
    assert levels(np.array([-9.0, 9.0]), bits).tolist() == [0, top]


def test_alpha_fits_the_samples_it_goes_with() -> None:
    few, many = np.array([0, 128, 255], np.uint8), np.array([0, 128 * 257, 65535], np.uint16)
    for alpha in (few, many):
        assert np.array_equal(alpha_levels(alpha, 8), few)
        assert np.array_equal(alpha_levels(alpha, 16), many)
