import errno
import os
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from impasto import imaging
from impasto.errors import OutputError
from impasto.imaging import check_output, read, write
from impasto.settings.embedded import text_in

GREY = np.full((6, 8, 3), 0.5, np.float32)


def _refusal(path: Path | str, **options: Any) -> str:
    with pytest.raises(OutputError) as error:
        check_output(path, **options)
    message = str(error.value)
    assert "\n" not in message
    return message


@pytest.mark.parametrize(
    ("suffix", "name"),
    [
        (".jpg", "JPEG"),
        (".JPEG", "JPEG"),
        (".png", "PNG"),
        (".webp", "WebP"),
        (".tif", "TIFF"),
        (".tiff", "TIFF"),
        (".bmp", "BMP"),
    ],
)
def test_every_suffix_is_written_and_read_again(tmp_path: Path, suffix: str, name: str) -> None:
    path = tmp_path / f"a{suffix}"
    assert check_output(path) == name
    assert write(path, GREY) == path
    assert np.abs(read(path).pixels.astype(int) - 128).max() <= 1
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("name", ["a.gif", "a.xyz", "a", "a.heics", ".png"])
def test_unknown_formats_list_the_known(tmp_path: Path, name: str) -> None:
    assert ".jpg .jpeg .png .webp .tif .tiff .bmp" in _refusal(tmp_path / name)


def test_a_missing_folder(tmp_path: Path) -> None:
    assert f"folder {tmp_path / 'none'} does not exist" in _refusal(tmp_path / "none" / "a.png")


def test_a_file_in_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert "is not a folder" in _refusal(tmp_path / "file" / "a.png")


def test_a_folder_in_place_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "a.png").mkdir()
    assert "is a folder: add a file name" in _refusal(tmp_path / "a.png")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes have no place in this file system")
def test_a_pipe_in_place_of_the_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.png")
    assert "not a regular file" in _refusal(tmp_path / "a.png")


def test_a_folder_without_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path, **_: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(Path, "touch", refuse)  # a chmod would not stop root
    assert "(permission denied); choose another one" in _refusal(tmp_path / "a.png")


@pytest.mark.parametrize("way", ["same", "dots", "relative", "symlink", "hardlink", "folder link"])
def test_an_input_is_never_the_output(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    source = tmp_path / "in" / "a.png"
    source.parent.mkdir()
    write(source, GREY)
    before = source.read_bytes()
    other = tmp_path / "other.png"
    target: Path | str = source
    if way == "dots":
        target = tmp_path / "in" / ".." / "in" / "a.png"
    elif way == "relative":
        monkeypatch.chdir(source.parent)
        target = "a.png"
    elif way == "symlink":
        other.symlink_to(source)
        target = other
    elif way == "hardlink":
        other.hardlink_to(source)
        target = other
    elif way == "folder link":
        (tmp_path / "again").symlink_to(source.parent)
        target = tmp_path / "again" / "a.png"
    assert "is one of the inputs" in _refusal(target, inputs=[None, tmp_path / "x.png", source])
    with pytest.raises(OutputError):
        write(target, GREY, inputs=[source])
    assert source.read_bytes() == before


def test_other_files_may_be_overwritten(tmp_path: Path) -> None:
    write(tmp_path / "a.png", GREY)
    write(tmp_path / "a.png", GREY * 0, inputs=[tmp_path / "b.png", None])
    assert read(tmp_path / "a.png").pixels.max() == 0


@pytest.mark.parametrize("suffix", [".jpg", ".webp", ".bmp"])
def test_16_bits_are_refused_where_they_cannot_be_held(tmp_path: Path, suffix: str) -> None:
    assert ".png .tif .tiff" in _refusal(tmp_path / f"a{suffix}", bits=16)


@pytest.mark.parametrize("suffix", [".png", ".tif"])
def test_16_bits_come_from_the_floats(tmp_path: Path, suffix: str) -> None:
    levels = np.arange(600, dtype=np.float32).reshape(10, 20, 3) * 109
    alpha = np.arange(200, dtype=np.uint16).reshape(10, 20) * 300
    path = write(tmp_path / f"a{suffix}", levels / 65535, alpha=alpha, bits=16)
    result = read(path)
    assert result.bits == 16
    assert np.array_equal(result.pixels, levels)
    assert result.alpha is not None
    assert np.array_equal(result.alpha, alpha)


def test_a_side_the_format_cannot_hold(tmp_path: Path) -> None:
    assert "16,383" in _refusal(tmp_path / "a.webp", shape=(20_000, 10))
    assert check_output(tmp_path / "a.png", shape=(20_000, 10)) == "PNG"


def test_values_that_are_not_finite_are_not_written(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="not finite"):
        write(tmp_path / "a.png", GREY * np.nan)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("step", ["fsync", "open"])
def test_a_failure_leaves_the_old_picture_and_no_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    path = write(tmp_path / "a.png", GREY)
    before = path.read_bytes()

    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, step, full)
    with pytest.raises(OutputError, match="no space left on device"):
        write(path, GREY * 0)
    monkeypatch.undo()
    assert list(tmp_path.iterdir()) == [path]
    assert path.read_bytes() == before


def test_an_interrupt_leaves_no_part_either(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write(tmp_path / "a.png", GREY)
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(sys.platform == "win32", reason="modes are those of POSIX")
@pytest.mark.parametrize("mask", [0o022, 0o077])
def test_the_mode_is_the_umasks(tmp_path: Path, mask: int) -> None:
    old = os.umask(mask)
    try:
        path = write(tmp_path / "a.png", GREY)
    finally:
        os.umask(old)
    assert path.stat().st_mode & 0o777 == 0o666 & ~mask


def test_a_link_is_followed_and_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    link = tmp_path / "a.png"
    link.symlink_to(tmp_path / "real" / "b.png")
    write(link, GREY)
    assert link.is_symlink()
    assert (tmp_path / "real" / "b.png").is_file()


def test_links_in_a_circle_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.png").symlink_to(tmp_path / "b.png")
    (tmp_path / "b.png").symlink_to(tmp_path / "a.png")
    assert "cannot be written" in _refusal(tmp_path / "a.png")


def test_the_longest_name_can_be_written(tmp_path: Path) -> None:
    path = tmp_path / ("x" * 251 + ".png")
    assert write(path, GREY).exists()


def test_impossible_names_are_refused(tmp_path: Path) -> None:
    assert "too long a name" in _refusal(tmp_path / ("x" * 300 + ".png"))
    assert "cannot be written" in _refusal(tmp_path / "nul\0.png")


def test_read_write_read_is_the_same_picture(tmp_path: Path) -> None:
    image = Image.effect_noise((40, 30), 80).convert("RGB")
    image.save(tmp_path / "a.png")
    picture = read(tmp_path / "a.png")
    path = write(tmp_path / "b.png", picture.pixels / np.float32(255), inputs=[picture.path])
    assert np.array_equal(read(path).pixels, picture.pixels)


@pytest.mark.parametrize("suffix", [".jpg", ".bmp"])
def test_what_is_hidden_is_white_where_the_format_holds_no_transparency(
    suffix: str, tmp_path: Path
) -> None:
    pixels = np.full((16, 16, 3), 0.25, np.float32)
    alpha = np.zeros((16, 16), np.uint8)
    alpha[:, 8:] = 255
    written = np.asarray(Image.open(write(tmp_path / f"a{suffix}", pixels, alpha=alpha)))
    assert (written[:, 1] > 250).all()
    assert (np.abs(written[:, 14].astype(int) - 64) <= 3).all()


XMP = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF '
    b'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" '
    b'xmlns:dc="http://purl.org/dc/elements/1.1/" dc:format="x"/></rdf:RDF></x:xmpmeta>'
)


@pytest.mark.parametrize("xmp", [None, XMP])
@pytest.mark.parametrize("bits", [8, 16])
@pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp", ".tif", ".heic"])
def test_a_recipe_is_found_again_and_not_carried_into_the_next_painting(
    suffix: str, bits: int, xmp: bytes | None, tmp_path: Path
) -> None:
    if suffix == ".heic":
        pytest.importorskip("pillow_heif")
    if bits == 16 and suffix not in (".png", ".tif"):
        bits = 8
    text = "recipe = 'gatys'\nsteps = 60\n"
    path = tmp_path / f"painted{suffix}"
    pixels = np.full((64, 48, 3), 0.5, np.float32)
    write(path, pixels, xmp=xmp, recipe=text, bits=bits)
    assert text_in(path.read_bytes()) == text
    again = imaging.read(path)
    assert again.notes == ()
    assert (again.xmp is not None and b"dc:format" in again.xmp) == (xmp is not None)
    write(path, pixels, **again.metadata, bits=bits)
    assert text_in(path.read_bytes()) is None


def test_a_png_shows_its_recipe_as_a_text(tmp_path: Path) -> None:
    write(tmp_path / "a.png", np.zeros((4, 4, 3), np.float32), recipe="steps = 60")
    with Image.open(tmp_path / "a.png") as image:
        image.load()
        assert image.text["impasto"] == "steps = 60"  # type: ignore[attr-defined]
