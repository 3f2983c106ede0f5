from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from impasto import samples
from impasto.cli import main


def test_every_sample_style_is_listed_with_what_it_looks_like(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["styles"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [tuple(line.split(maxsplit=1)) for line in lines] == [*samples.SHOWS["style"].items()]


def test_verbosely_with_where_its_file_lies(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["styles", "-v"]) == 0
    lines = capsys.readouterr().out.splitlines()
    paths = [Path(line.strip()) for line in lines[1::2]]
    assert paths == [samples.style(name) for name in samples.names("style")]


def test_a_sheet_shows_them_all(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sheet = tmp_path / "styles.png"
    assert main(["styles", "--sheet", str(sheet)]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == str(sheet)
    with Image.open(sheet) as picture:
        assert picture.width > 4 * 320
        rows = -(-len(samples.names("style")) // 4)
        assert rows * 256 < picture.height < rows * 256 * 1.3  # with captions between them
    assert main(["styles", "--sheet", str(sheet)]) == 2
    assert "is there already" in capsys.readouterr().err
    assert main(["styles", "--sheet", str(sheet), "--overwrite"]) == 0


def test_a_sheet_never_overwrites_a_style(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["styles", "--sheet", str(samples.style("swirls"))]) == 2
    assert "is one of the inputs" in capsys.readouterr().err
