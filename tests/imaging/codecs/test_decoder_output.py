import logging
import os
import warnings
from contextlib import suppress

import pytest
from PIL import Image

from impasto.imaging.codecs.decoder_output import deaf_stderr, quiet


def test_quiet_puts_every_switch_back() -> None:
    log, limit, filters = logging.getLogger("tifffile"), Image.MAX_IMAGE_PIXELS, warnings.filters
    with suppress(KeyError), quiet():
        assert Image.MAX_IMAGE_PIXELS is None
        assert log.disabled
        raise KeyError
    assert limit == Image.MAX_IMAGE_PIXELS
    assert not log.disabled
    assert warnings.filters is filters


def test_quiet_hides_warnings(recwarn: pytest.WarningsRecorder) -> None:
    with quiet():
        warnings.warn("not heard", stacklevel=1)
    assert not recwarn.list


def test_deaf_stderr_drops_what_c_prints_and_hears_again(
    capfd: pytest.CaptureFixture[str],
) -> None:
    with deaf_stderr():
        os.write(2, b"lost\n")
    os.write(2, b"heard\n")
    assert capfd.readouterr().err == "heard\n"
