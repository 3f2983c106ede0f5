import os
import stat
from pathlib import Path
from typing import Any

import pytest

from impasto.errors import PictureError
from impasto.imaging.files import picture_bytes
from impasto.text import format_path

GIF = b"GIF89a" + bytes(30)


def _refusal(path: Path) -> str:
    with pytest.raises(PictureError) as error:
        picture_bytes(path, format_path(path), max_megapixels=1)
    message = str(error.value)
    assert "\n" not in message
    return message.replace(str(path), "NAME")


def test_bytes_and_format_of_a_picture(tmp_path: Path) -> None:
    path = tmp_path / "wrong suffix.png"
    path.write_bytes(GIF + bytes(100))
    data, kind = picture_bytes(path, "x", max_megapixels=1)
    assert data == GIF + bytes(100)
    assert kind.name == "GIF"


def test_missing_file(tmp_path: Path) -> None:
    assert f"no such file in {tmp_path}" in _refusal(tmp_path / "none.jpg")
    assert "no such folder" in _refusal(tmp_path / "none" / "none.jpg")


def test_folder(tmp_path: Path) -> None:
    assert _refusal(tmp_path) == "NAME is a folder: name a picture inside it"


def test_empty_file(tmp_path: Path) -> None:
    path = tmp_path / "empty.jpg"
    path.touch()
    assert _refusal(path).startswith("NAME is empty (0 bytes)")


@pytest.mark.parametrize("data", [b"%!PS-Adobe-3.0 EPSF", b"<svg></svg>", b"%PDF-1.7", b"x"])
def test_other_files_list_what_is_read(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "other.jpg"
    path.write_bytes(data)
    assert "JPEG, PNG, WebP, TIFF, BMP, GIF or HEIC" in _refusal(path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes have no place in this file system")
def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "pipe.jpg"
    os.mkfifo(path)
    assert "not a regular file" in _refusal(path)


def test_a_file_without_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "locked.gif"
    path.write_bytes(GIF)

    def refuse(*_: Any) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)  # a chmod would not stop root
    assert "may not be read by this user" in _refusal(path)


def test_a_file_longer_than_its_pixels_can_need(tmp_path: Path) -> None:
    path = tmp_path / "long.gif"
    path.write_bytes(GIF)
    os.truncate(path, 200_000_000)  # a hole: takes no room on the disk
    assert "--max-megapixels" in _refusal(path)
    assert stat.S_ISREG(path.stat().st_mode)


@pytest.mark.parametrize("name", ["nul\0byte.jpg", "x" * 300 + ".jpg"])
def test_impossible_names(tmp_path: Path, name: str) -> None:
    with pytest.raises(PictureError, match="cannot be read"):
        picture_bytes(tmp_path / name, "x", max_megapixels=1)
