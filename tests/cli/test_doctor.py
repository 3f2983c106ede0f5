from __future__ import annotations

import re

import pytest
from PIL import Image

from impasto import __version__, samples
from impasto.cli import main


def test_doctor_tells_versions_and_paints(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor"]) == 0
    output = capsys.readouterr().out
    assert f"{__version__} in" in output
    assert "all well" in output
    assert re.search(r"precision +(float32|bf16) with --precision auto", output)
    with Image.open(samples.content("chelsea")) as photograph:
        width, height = photograph.size
    # The size in the output is that of the painting: the photograph, 256 px on its longest side.
    match = re.search(r"painted (\d+) x (\d+) px", output)
    assert match is not None
    assert (int(match[1]), int(match[2])) == (256, round(256 * height / width))
