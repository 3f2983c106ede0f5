"""Bad input: exit code 2 and one line that names the file or setting, never a traceback."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from impasto import samples
from impasto.cli import main

CONTENT, STYLE = str(samples.content("chelsea")), str(samples.style("swirls"))
FAST = ["--size", "64", "--steps", "2"]


def write_file(path: Path, data: bytes) -> str:
    path.write_bytes(data)
    return str(path)


def png_header(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        crc = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + crc

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


def small(folder: Path) -> str:
    Image.new("RGB", (9, 9), "teal").save(folder / "small.png")
    return str(folder / "small.png")


PICTURES: dict[str, tuple[Callable[[Path], str], str]] = {
    "missing": (lambda d: str(d / "nowhere.jpg"), "does not exist"),
    "directory": (lambda d: str(d), "is a folder"),
    "empty": (lambda d: write_file(d / "empty.jpg", b""), "is empty"),
    "text": (lambda d: write_file(d / "notes.jpg", b"not a picture at all"), "is not a picture"),
    "svg": (lambda d: write_file(d / "logo.png", b"<svg xmlns='x'/>"), "is not a picture"),
    "cut": (lambda d: write_file(d / "cut.jpg", Path(CONTENT).read_bytes()[:9000]), "is cut short"),
    "bomb": (lambda d: write_file(d / "bomb.png", png_header(60000, 60000)), "megapixels"),
    "small": (small, "smallest picture slim can paint"),
}


def complaint(arguments: list[str], capsys: pytest.CaptureFixture[str], code: int = 2) -> str:
    """The one line on standard error of a command that ends with `code`."""
    assert main(arguments) == code
    streams = capsys.readouterr()
    assert streams.out == ""
    line = streams.err.removesuffix("\n")
    assert line.startswith("impasto: ")
    assert "\n" not in line
    assert "Traceback" not in line
    return line


@pytest.mark.parametrize("case", PICTURES)
def test_a_bad_content_image_is_named(
    case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make, expected = PICTURES[case]
    path = make(tmp_path)
    line = complaint(["stylize", path, STYLE, "-o", str(tmp_path / "out.png"), *FAST], capsys)
    assert expected in line
    assert Path(path).name in line
    assert not (tmp_path / "out.png").exists()


@pytest.mark.parametrize("case", [name for name in PICTURES if name != "small"])
def test_a_bad_style_image_is_named(
    case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make, expected = PICTURES[case]
    path = make(tmp_path)
    line = complaint(["stylize", CONTENT, path, "-o", str(tmp_path / "out.png"), *FAST], capsys)
    assert expected in line
    assert Path(path).name in line


def test_an_unreadable_picture_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = Path(write_file(tmp_path / "locked.jpg", Path(CONTENT).read_bytes()))
    open_path = Path.open

    def guard(self: Path, *arguments: Any, **options: Any) -> Any:
        if self == path:  # a chmod would not stop root
            raise PermissionError(13, "Permission denied", str(path))
        return open_path(self, *arguments, **options)

    monkeypatch.setattr(Path, "open", guard)
    line = complaint(["stylize", str(path), STYLE, "-o", str(tmp_path / "o.png")], capsys)
    assert "locked.jpg may not be read" in line


OPTIONS: dict[str, tuple[list[str], str]] = {
    "nan": (["--strength", "nan"], "strength is 'nan': it must be a finite number"),
    "out of range": (["--strength", "1.5"], "strength is '1.5': give a number from 0 to 1"),
    "not a number": (["--steps", "many"], "steps is 'many'"),
    "infinite": (["--style-weight", "inf"], "style_weight is 'inf': it must be a finite"),
    "both": (["--strength", "0.5", "--style-weight", "2"], "strength and style_weight both"),
    "sizes": (["--size", "64", "--shape", "64x64"], "size and shape both"),
    "shape": (["--shape", "wide"], "height x width"),
    "recipe": (["--recipe", "chaptre"], "did you mean 'chapter'"),
    "backbone": (["--backbone", "vgg11"], "slim, vgg19, vgg16"),
    "layer": (["--style-layers", "relu9_1"], "'relu9_1' is not a layer of slim"),
    "deep layer": (["--content-layers", "relu5_4"], "'relu5_4' is not a layer of slim"),
    "start": (["--init", "nothing"], "'nothing' is not a start"),
    "start image": (["--init", "image:gone.png"], "gone.png does not exist"),
    "device": (["--device", "tpu"], "'tpu' is not a device"),
    "heads": (["--gram-heads", "7"], "cannot be split into 7 heads"),
    "option": (["--strenght", "1"], "No such option: --strenght; did you mean --strength?"),
    "near to several": (["--colour", "match"], "No such option: --colour; did you mean --color?"),
    "precision": (["--precision", "half"], "precision is 'half': it must be 'auto', 'float32' or"),
    "weights": (["--weights", "gone.pth"], "gone.pth does not exist"),
    "weights of nothing": (["--weights", CONTENT], "chelsea.jpg is not a checkpoint"),
}


@pytest.mark.parametrize("case", OPTIONS)
def test_a_bad_setting_is_named(
    case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options, expected = OPTIONS[case]
    fast = FAST if "--size" not in options and "--shape" not in options else []
    output = str(tmp_path / "out.png")
    assert expected in complaint(["stylize", CONTENT, STYLE, "-o", output, *fast, *options], capsys)


OUTPUTS: dict[str, tuple[Callable[[Path], list[str]], str]] = {
    "folder missing": (lambda d: ["-o", str(d / "no" / "out.png")], "does not exist"),
    "format": (lambda d: ["-o", str(d / "out.xyz")], "ends in '.xyz'"),
    "no format": (lambda d: ["-o", str(d / "out")], "has no suffix"),
    "folder": (lambda d: ["-o", str(d)], "is a folder"),
    "16 bit jpeg": (lambda d: ["-o", str(d / "out.jpg"), "--bits", "16"], "shall have 16 bits"),
    "plot format": (lambda d: ["-o", str(d / "o.png"), "--plot", str(d / "p.txt")], ".svg"),
    "plot folder": (lambda d: ["-o", str(d / "o.png"), "--plot", str(d / "no/p.png")], "exist"),
    "log folder": (lambda d: ["-o", str(d / "o.png"), "--log", str(d / "no/l")], "exist"),
    "twice": (lambda d: ["-o", str(d / "o.png"), "--plot", str(d / "o.png")], "already"),
}


@pytest.mark.parametrize("case", OUTPUTS)
def test_a_bad_output_is_refused_before_the_work(
    case: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make, expected = OUTPUTS[case]

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the work began")

    monkeypatch.setattr("impasto.painting.paint", refuse)
    assert expected in complaint(["stylize", CONTENT, STYLE, *make(tmp_path)], capsys)


def test_an_output_that_is_an_input_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    photo = write_file(tmp_path / "photo.jpg", Path(CONTENT).read_bytes())
    (tmp_path / "link.jpg").symlink_to(photo)
    for output in (photo, str(tmp_path / "link.jpg")):
        line = complaint(["stylize", photo, STYLE, "-o", output], capsys)
        assert "is one of the inputs" in line
    assert Path(photo).read_bytes() == Path(CONTENT).read_bytes()


def test_a_checkpoint_that_is_none_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write_file(tmp_path / "c.safetensors", b"12345678")
    assert "c.safetensors is not a whole checkpoint" in complaint(["resume", path], capsys)
    assert "gone does not exist" in complaint(["resume", str(tmp_path / "gone")], capsys)


def test_too_little_memory_has_an_exit_code_and_a_remedy(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from impasto.methods import device as devices

    monkeypatch.setattr(devices, "free_bytes", lambda _: 150_000_000)
    arguments = ["stylize", CONTENT, STYLE, "-o", str(tmp_path / "out.png"), "--size", "448"]
    arguments += ["--tile", "off"]
    line = complaint(arguments, capsys, code=3)
    assert "--force" in line
    assert "--size" in line
