from pathlib import Path

import pytest
from PIL import Image

from impasto import samples
from impasto.cli import main


def test_every_sample_style_has_a_cell_and_a_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "sheet.png"
    assert main(["sheet", "chelsea", "-o", str(out), "--size", "96"]) == 0
    printed = capsys.readouterr().out
    for name in samples.names("style"):
        assert f"impasto stylize chelsea {name} --method one-pass" in printed
    with Image.open(out) as sheet:
        assert len(sheet.getcolors(2**24)) > 1000


def test_a_sheet_that_is_there_is_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "sheet.png"
    out.write_bytes(b"mine")
    assert main(["sheet", "chelsea", "-o", str(out)]) == 2
    assert out.read_bytes() == b"mine"
    assert "--overwrite" in capsys.readouterr().err
