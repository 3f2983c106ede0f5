from __future__ import annotations

import sys
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from impasto.errors import FilmError, MissingPackageError
from impasto.media.probe import probe
from tests.films import _play, _sound, make_film


def test_a_missing_extra_is_told_with_its_pip_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "av", None)
    with pytest.raises(MissingPackageError, match=r"pip install 'impasto\[video\]'"):
        probe(tmp_path / "film.mp4")


def refusal(path: Path) -> str:
    with pytest.raises(FilmError) as caught:
        probe(path)
    text = str(caught.value)
    assert text.startswith(str(path))
    assert "\n" not in text
    return text


def test_what_is_not_there_is_told(tmp_path: Path) -> None:
    assert "no such file" in refusal(tmp_path / "film.mp4")
    assert "is a folder" in refusal(tmp_path)


def test_an_empty_file_is_told(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    path.touch()
    assert "is empty" in refusal(path)


@pytest.mark.parametrize("name", ["letter.txt", "film.mp4", "film.mkv"])
def test_a_text_is_no_film(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text("Dear reader,\n" * 100)
    assert "is no film" in refusal(path)


def test_a_picture_is_sent_to_stylize(tmp_path: Path) -> None:
    path = tmp_path / "photo.jpg"
    Image.fromarray(np.zeros((8, 8, 3), np.uint8)).save(path)
    assert "impasto stylize paints it" in refusal(path)


def test_a_list_of_files_opens_none_of_them(tmp_path: Path) -> None:
    make_film(tmp_path / "film.mkv", count=5)
    lists = {
        "list.m3u8": "#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:3,\nfilm.mkv\n#EXT-X-ENDLIST\n",
        "list.mp4": "ffconcat version 1.0\nfile film.mkv\n",
    }
    for name, text in lists.items():
        (tmp_path / name).write_text(text)
        assert "is no film" in refusal(tmp_path / name)


def test_sound_alone_is_no_film(tmp_path: Path) -> None:
    path = tmp_path / "song.mp4"
    with av.open(str(path), "w") as song:
        for packet in _play(_sound(song, "aac"), 0.5, 440):
            song.mux(packet)
    assert "holds sound and no pictures" in refusal(path)


def test_a_film_cut_before_its_index_is_told(tmp_path: Path) -> None:
    path = make_film(tmp_path / "film.mp4")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert "lacks its index" in refusal(path)


def test_a_film_without_frames_is_told(tmp_path: Path) -> None:
    path = tmp_path / "film.mkv"
    with av.open(str(path), "w") as film:
        stream = film.add_stream("ffv1", rate=25)
        stream.width, stream.height = 64, 48
        film.start_encoding()
    assert "has no frame" in refusal(path)
