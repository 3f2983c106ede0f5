"""`-` in place of a picture: what another program hands over is painted as its file would be."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from impasto import imaging, samples
from impasto.cli import main
from impasto.cli.standard_input import StandardInput, with_standard_input
from impasto.errors import PictureError, SettingError
from impasto.settings.embedded import text_in
from impasto.task import StyleTask

CONTENT, STYLE = str(samples.content("chelsea")), str(samples.style("swirls"))
FAST = ["--size", "64", "--coarsest", "0", "--steps", "2", "--threads", "1", "--quiet"]

Pipe = Callable[[bytes], None]


@pytest.fixture
def pipe(monkeypatch: pytest.MonkeyPatch) -> Pipe:
    """Puts bytes into standard input."""

    def put(data: bytes) -> None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))

    return put


def as_bytes(image: Image.Image, format: str, **more: object) -> bytes:
    file = io.BytesIO()
    image.save(file, format, **more)
    return file.getvalue()


def pixels(path: Path) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    with Image.open(path) as image:
        return np.asarray(image)


@pytest.mark.parametrize("which", ["content", "style", "keep"])
def test_a_picture_from_standard_input_is_painted_as_its_file_is(
    which: str, pipe: Pipe, tmp_path: Path
) -> None:
    keep = tmp_path / "keep.png"
    Image.linear_gradient("L").resize((60, 40)).save(keep)
    words = {"content": CONTENT, "style": STYLE, "keep": str(keep)}
    outputs = tmp_path / "file.png", tmp_path / "piped.png"
    for out, named in zip(outputs, (words, words | {which: "-"}), strict=True):
        pipe(Path(words[which]).read_bytes())
        command = ["stylize", named["content"], named["style"], "--keep", named["keep"]]
        assert main([*command, "-o", str(out), *FAST]) == 0
    assert np.array_equal(*map(pixels, outputs))
    recipe = text_in(outputs[1].read_bytes())
    assert recipe is not None
    assert "standard input" not in recipe


def test_two_pictures_are_not_in_one_pipe() -> None:
    task = StyleTask.of("-", ["a.jpg", "-"], masks=["b.png", "-"])
    with pytest.raises(SettingError) as refusal:
        with_standard_input(task)
    assert str(refusal.value) == (
        "the content image, style image 2 and mask 2 are -, and standard input holds one picture: "
        "save all but one to files"
    )


def test_a_file_of_that_name_is_reached_by_its_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("-").write_bytes(Path(CONTENT).read_bytes())
    assert main(["stylize", "./-", STYLE, "-o", "out.png", *FAST]) == 0
    assert main(["stylize", CONTENT, STYLE, "-o", "same.png", *FAST]) == 0
    assert np.array_equal(pixels(Path("out.png")), pixels(Path("same.png")))


def test_the_picture_is_called_after_standard_input_where_it_has_no_name(
    pipe: Pipe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    pipe(Path(CONTENT).read_bytes())
    assert main(["stylize", "-", "swirls", "--format", "jpg", *FAST]) == 0
    with Image.open("stdin-swirls.jpg") as image:
        assert image.format == "JPEG"


CUT = Path(CONTENT).read_bytes()[:9000]
WORDS = {
    "empty": (b"", "standard input is empty (0 bytes)"),
    "cut": (CUT, "standard input is cut short after 9,000 bytes"),
    "text": (b"no such file, said the program before", "standard input is not a picture"),
}


@pytest.mark.parametrize("case", WORDS)
def test_what_is_no_whole_picture_is_one_line(
    case: str, pipe: Pipe, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, message = WORDS[case]
    pipe(data)
    assert main(["stylize", "-", STYLE, "-o", str(tmp_path / "out.png"), *FAST]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"impasto: {message}")
    assert not list(tmp_path.iterdir())


def test_a_terminal_gives_no_picture(monkeypatch: pytest.MonkeyPatch, pipe: Pipe) -> None:
    pipe(b"typed")
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    with pytest.raises(PictureError, match=r"is a terminal.* < photo\.jpg"):
        StandardInput()
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(PictureError, match="standard input is closed"):
        StandardInput()


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (["--checkpoint", "c"], "the content image comes from standard input, which can be read"),
        (["--init", "image:-"], "name a file to start from"),
    ],
)
def test_what_needs_a_file_says_so_before_anything_is_read(
    more: list[str], message: str, pipe: Pipe, capsys: pytest.CaptureFixture[str]
) -> None:
    pipe(b"unread")
    assert main(["stylize", "-", STYLE, "-o", "-", *more, *FAST]) == 2
    assert message in capsys.readouterr().err
    assert sys.stdin.buffer.read() == b"unread"


def test_sixteen_bits_transparency_and_orientation_come_through(
    pipe: Pipe, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    command = ["stylize", "-", STYLE, "-o", "-", *FAST]
    deep = np.linspace(0, 1, 48 * 64 * 3, dtype=np.float32).reshape(48, 64, 3)
    pipe(imaging.to_bytes("PNG", deep, bits=16))
    assert main(command) == 0
    assert imaging.read(capsysbinary.readouterr().out).bits == 16

    with Image.open(CONTENT) as photo:
        photo = photo.convert("RGB").resize((64, 48))
    hidden = photo.copy()
    hidden.putalpha(Image.linear_gradient("L").resize(photo.size))
    pipe(as_bytes(hidden, "PNG"))
    assert main(command) == 0
    alpha = imaging.read(capsysbinary.readouterr().out).alpha
    assert np.array_equal(alpha, np.asarray(hidden)[..., 3])

    exif = Image.Exif()
    exif[0x0112] = 6  # a quarter turn
    pipe(as_bytes(photo, "JPEG", exif=exif))
    assert main(command) == 0
    assert imaging.read(capsysbinary.readouterr().out).pixels.shape == (64, 48, 3)
