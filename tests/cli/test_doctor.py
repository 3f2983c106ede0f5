from __future__ import annotations

import re

import pytest
from PIL import Image

from impasto import __version__, samples
from impasto.cli import main


def test_doctor_tells_versions_and_paints(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor"]) == 0
    told = capsys.readouterr().out
    assert f"{__version__} in" in told
    assert "all well" in told
    with Image.open(samples.content("chelsea")) as photograph:
        width, height = photograph.size
    # What is told is the size of what was painted: the photograph, 256 px on its longest side.
    found = re.search(r"painted (\d+) x (\d+) px", told)
    assert found is not None
    assert (int(found[1]), int(found[2])) == (256, round(256 * height / width))
