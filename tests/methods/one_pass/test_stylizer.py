from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from impasto import Stylizer, samples, stylize
from impasto.errors import PictureError, SettingError


@pytest.fixture(scope="module")
def stylizer() -> Stylizer:
    return Stylizer(size=64, precision="float32")


def test_it_paints_what_stylize_paints(stylizer: Stylizer) -> None:
    ours = stylizer.paint("chelsea", "swirls").pixels
    theirs = stylize("chelsea", "swirls", method="one-pass", size=64, precision="float32").pixels
    np.testing.assert_array_equal(ours, theirs)


def test_a_style_that_was_read_paints_as_its_picture(stylizer: Stylizer) -> None:
    read = stylizer.paint("chelsea", stylizer.read("swirls")).pixels
    np.testing.assert_allclose(read, stylizer.paint("chelsea", "swirls").pixels, atol=1e-5)


def test_shares_of_read_styles_are_those_of_a_blend(stylizer: Stylizer) -> None:
    blend = stylizer.read("swirls", "mosaic", shares=(3, 1))
    alone = stylizer.paint("chelsea", ["swirls", "mosaic"], style_blend=(3, 1))
    np.testing.assert_allclose(stylizer.paint("chelsea", blend).pixels, alone.pixels, atol=1e-5)


def test_threads_share_it(stylizer: Stylizer) -> None:
    style = stylizer.read("swirls")
    photos = [*samples.names("content")] * 3
    one_by_one = [stylizer.paint(photo, style).pixels for photo in photos]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda photo: stylizer.paint(photo, style).pixels, photos))
    for one, other in zip(one_by_one, together, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-5)


def test_what_the_network_is_cannot_change_from_picture_to_picture(stylizer: Stylizer) -> None:
    with pytest.raises(SettingError, match="model, precision cannot change"):
        stylizer.paint("chelsea", "swirls", precision="bf16", model="own.safetensors")


def test_a_size_may_change(stylizer: Stylizer) -> None:
    assert stylizer.paint("chelsea", "swirls", size=96).picture.size == (96, 64)


def test_an_optimisation_is_no_work_of_a_stylizer() -> None:
    with pytest.raises(SettingError, match="paints with a network"):
        Stylizer(method="optimization")


def test_no_style_is_refused(stylizer: Stylizer) -> None:
    for attempt in (stylizer.read, lambda: stylizer.paint("chelsea")):
        with pytest.raises(SettingError, match="no style is given"):
            attempt()


def test_a_style_smaller_than_the_reader_sees_is_refused(stylizer: Stylizer) -> None:
    with pytest.raises(PictureError, match="9 x 9 px"):
        stylizer.read(np.zeros((9, 9, 3), np.uint8))


def test_what_one_pass_does_not_heed_is_refused_by_name(stylizer: Stylizer) -> None:
    with pytest.raises(SettingError, match="steps means nothing to the method one-pass"):
        Stylizer(steps=5)
    with pytest.raises(SettingError, match="backbone means nothing to the method one-pass"):
        stylizer.paint("chelsea", "swirls", backbone="vgg19")


def test_a_style_that_was_read_is_not_read_at_another_size(stylizer: Stylizer) -> None:
    with pytest.raises(SettingError, match="style_scale says how large a style picture is read"):
        stylizer.paint("chelsea", stylizer.read("swirls"), style_scale=2)


def test_an_exact_shape_reads_a_style_as_stylize_does() -> None:
    shape = (96, 128)
    own = Stylizer(shape=shape, precision="float32")
    ours = own.paint("coffee", own.read("swirls")).pixels
    theirs = stylize("coffee", "swirls", method="one-pass", shape=shape, precision="float32")
    np.testing.assert_allclose(ours, theirs.pixels, atol=1e-4)
