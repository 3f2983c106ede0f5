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


def test_a_painted_picture_is_a_photograph_like_any_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("skimage", reason="the extra words is not installed")
    monkeypatch.setenv("IMPASTO_CACHE", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(samples, "names", lambda _: ("swirls",))
    assert main(["sheet", "paint:pencil?seed=3&width=80&height=64", "--size", "64"]) == 0
    command = "impasto stylize 'paint:pencil?seed=3&width=80&height=64' swirls --method one-pass"
    assert command in capsys.readouterr().out
    assert Path("pencil-sheet.png").is_file()
