from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from impasto.errors import CheckpointError, OutputError, SettingError
from impasto.methods.state_file import InputFile
from impasto.painters import PaintSource, painted
from impasto.painters.painted import FOLDER, painted_file, restore, source_of


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache, and a painter who only fills in a colour by the seed, and counts."""
    monkeypatch.setenv("IMPASTO_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(painted, "paint", flat)
    return tmp_path / "cache"


def flat(source: PaintSource) -> np.ndarray:
    return np.full((source.height, source.width, 3), source.seed, np.uint8)


def test_a_picture_is_painted_once_and_its_name_says_how(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = painted_file("paint:oil?seed=9&palette=ochre&width=64&height=64")
    assert path == cache / FOLDER / "oil~palette=%23c8923b&seed=9&width=64&height=64.png"
    with Image.open(path) as picture:
        assert picture.size == (64, 64)
        assert picture.getpixel((0, 0)) == (9, 9, 9)

    def never(_source: PaintSource) -> Any:
        raise AssertionError("painted twice")

    monkeypatch.setattr(painted, "paint", never)
    assert painted_file("paint:oil?palette=%23C8923B&seed=9&height=64&width=64") == path
    source = source_of(path)
    assert source is not None
    assert source.text == "paint:oil?palette=%23c8923b&seed=9&width=64&height=64"
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_other_files_are_painted_with_nothing(cache: Path) -> None:
    assert source_of(None) is None
    assert source_of(cache / "oil.png") is None
    assert source_of(cache / FOLDER / "holiday.png") is None
    assert source_of(cache / FOLDER / "oil.jpg") is None


def test_a_wrong_text_leaves_no_folder(cache: Path) -> None:
    with pytest.raises(SettingError):
        painted_file("paint:oil?scale=100")
    assert not cache.exists()


def test_a_place_that_cannot_be_written_is_told(cache: Path) -> None:
    cache.write_text("a file")
    with pytest.raises(OutputError, match=r"paint:oil is kept in .*IMPASTO_CACHE"):
        painted_file("paint:oil")


def test_an_input_that_is_gone_is_painted_again(monkeypatch: pytest.MonkeyPatch) -> None:
    path = painted_file("paint:oil?width=64&height=64")
    kept = InputFile.of(path)
    path.unlink()
    kept.verify("the style of this run")
    assert path.exists()
    path.unlink()
    monkeypatch.setattr(painted, "paint", lambda source: flat(source) + 1)
    with pytest.raises(CheckpointError, match="does not come out as it did"):
        kept.verify("the style of this run")


def test_only_painted_files_are_painted_again(tmp_path: Path) -> None:
    with pytest.raises(Exception, match="is no painted style"):
        restore(tmp_path / "oil.png")
