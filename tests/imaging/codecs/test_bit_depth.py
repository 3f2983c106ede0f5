import numpy as np
import pytest

from impasto.imaging.codecs.bit_depth import UnknownRangeError, coarse, sixteen


def test_coarse_undoes_the_widening_of_every_level() -> None:
    levels = np.arange(256, dtype=np.uint16)
    assert np.array_equal(coarse(levels * 257), levels)


def test_floats_from_0_to_1_fill_the_range() -> None:
    assert sixteen(np.array([0.0, 0.5, 1.0])).tolist() == [0, 32768, 65535]


def test_32_bit_integers_fill_the_range() -> None:
    assert sixteen(np.array([0, 2**32 - 1], np.uint32)).tolist() == [0, 65535]


def test_byte_order_of_another_machine_is_turned() -> None:
    got = sixteen(np.array([1, 256], ">u2"))
    assert got.tolist() == [1, 256]
    assert got.dtype == np.uint16


@pytest.mark.parametrize(
    "numbers",
    [[1.5], [-0.1], [np.nan], [np.inf], np.array([-1], np.int32), np.array([70_000], np.int32)],
)
def test_numbers_out_of_range_are_refused(numbers: object) -> None:
    with pytest.raises(UnknownRangeError, match="samples from"):
        sixteen(np.asarray(numbers))


def test_complex_numbers_are_no_samples() -> None:
    with pytest.raises(UnknownRangeError, match="complex128"):
        sixteen(np.array([1j]))
