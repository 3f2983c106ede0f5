from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from impasto import samples
from impasto.cli import main
from impasto.painters import SHOWS


def test_every_sample_style_is_listed_with_what_it_looks_like(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["styles"]) == 0
    lines = capsys.readouterr().out.splitlines()
    listed = [tuple(line.split(maxsplit=1)) for line in lines]
    shipped = [*samples.SHOWS["style"].items()]
    assert listed[: len(shipped)] == shipped
    painters = [(f"paint:{name}", words) for name, (words, _) in SHOWS.items()]
    assert listed[len(shipped) : -1] == painters
    assert "palette=" in lines[-1]


def test_verbosely_with_where_its_file_lies(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["styles", "-v"]) == 0
    lines = capsys.readouterr().out.splitlines()
    names = samples.names("style")
    paths = [Path(line.strip()) for line in lines[1 : 2 * len(names) : 2]]
    assert paths == [samples.style(name) for name in names]


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
