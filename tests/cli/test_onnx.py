"""`impasto stylize --model FILE.onnx`, where torch is not installed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from impasto import imaging, samples
from tests.graphs import write_baked, write_pair
from tests.imaging.test_init import WITHOUT_TORCH

PROGRAM = """
from impasto.cli import main
code = main(sys.argv[1:])
assert "torch" not in sys.modules
sys.exit(code)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A baked graph that inverts, a pair that paints the style's mean colour, and a photograph."""
    write_baked(tmp_path / "my.onnx")
    write_pair(tmp_path)
    photo = np.full((60, 90, 4), (10, 100, 200, 255), np.uint8)
    photo[:, 45:, 3] = 0
    exif = Image.Exif()
    exif[0x013B] = "somebody"
    Image.fromarray(photo).save(tmp_path / "photo.png", exif=exif)
    return tmp_path


def impasto(
    folder: Path, *arguments: str, code: int = 0, data: bytes | None = None
) -> tuple[bytes, str]:
    """Standard output and error of a command line in a process that cannot import torch."""
    process = subprocess.run(
        [sys.executable, "-c", WITHOUT_TORCH + PROGRAM, *arguments],
        cwd=folder,
        input=data,
        capture_output=True,
        timeout=60,
        check=False,
    )
    err = process.stderr.decode()
    assert process.returncode == code, err
    return process.stdout, err


def test_a_baked_graph_paints_with_alpha_and_exif(folder: Path) -> None:
    out, _ = impasto(folder, "stylize", "photo.png", "--model", "my.onnx", "-o", "out.png")
    assert out.decode().startswith("out.png  90 x 60 px, 1 style, ")
    with Image.open(folder / "out.png") as image:
        assert image.getexif()[0x013B] == "somebody"
        picture = np.asarray(image)
    assert picture[10, 10].tolist() == [245, 155, 55, 255]
    assert (picture[:, 45:, 3] == 0).all()


def test_sixteen_bits_stay_sixteen_and_a_note_says_what_they_hold(folder: Path) -> None:
    imaging.write(folder / "deep.png", np.full((40, 60, 3), 0.25, np.float32), bits=16)
    arguments = ["deep.png", "--model", "my.onnx", "-o", "out.png", "--size", "60"]
    _, err = impasto(folder, "stylize", *arguments)
    assert err == (
        "note: my.onnx takes and gives 8 bits a channel: a file of 16 holds no finer levels where "
        "it has painted\n"
    )
    assert imaging.read(folder / "out.png").bits == 16


def test_any_style_is_read_and_the_size_heeded(folder: Path) -> None:
    arguments = ["photo.png", "swirls", "--model", "any.onnx", "--shape", "48x48", "-o", "out.jpg"]
    out, _ = impasto(folder, "stylize", *arguments, "--json")
    record = json.loads(out)
    assert (record["width"], record["height"], record["method"]) == (48, 48, "onnx")
    assert (record["backbone"], record["steps"], record["losses"]) == ("tiny", 0, None)
    assert imaging.read(folder / "out.jpg").width == 48


def test_pictures_go_through_pipes(folder: Path) -> None:
    data = (folder / "photo.png").read_bytes()
    out, err = impasto(
        folder, "stylize", "-", "--model", "my.onnx", "-o", "-", "--format", "jpg", data=data
    )
    assert out.startswith(b"\xff\xd8")
    assert "transparency" in err


def test_without_a_name_the_painting_is_called_after_photograph_and_model(folder: Path) -> None:
    impasto(folder, "stylize", "photo.png", "--model", "my.onnx", "--quiet")
    assert (folder / "photo-my.png").is_file()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["photo.png", "swirls"], "the method optimization needs the package torch: pip install"),
        (["photo.png", "--model", "no.onnx"], "no.onnx does not exist"),
        (["photo.png", "--model", "photo.png.onnx"], "photo.png.onnx is no ONNX file"),
        (["photo.png", "--model", "my.onnx", "-o", "my.onnx"], "my.onnx ends in '.onnx'"),
        (
            ["photo.png", "--model", "my.onnx", "--plot", "p.svg"],
            "--method one-pass paints at once and takes no steps, so --plot has nothing to write",
        ),
        (
            ["photo.png", "--model", "my.onnx", "--checkpoint", "c"],
            "and takes no steps, so --checkpoint has nothing to write",
        ),
        (
            ["photo.png", "swirls", "--model", "any.onnx", "--style-mask", "photo.png"],
            "any.onnx paints in one pass, and --style-mask is of the method optimization, which",
        ),
        (
            ["photo.png", "--model", "my.onnx", "--backbone", "vgg19"],
            "backbone means nothing to the method onnx",
        ),
    ],
)
def test_what_cannot_be_is_told_in_one_line(arguments: list[str], words: str, folder: Path) -> None:
    (folder / "photo.png.onnx").write_bytes((folder / "photo.png").read_bytes())
    output = [] if "-o" in arguments else ["-o", "out.png"]
    _, err = impasto(folder, "stylize", *arguments, *output, code=2)
    assert err.startswith("impasto: ")
    assert err.count("\n") == 1
    assert words in err
    assert not (folder / "out.png").exists()


@pytest.mark.parametrize("command", [["batch", "photo.png", "--style", "swirls", "-o", "out"]])
def test_commands_that_need_torch_say_so(command: list[str], folder: Path) -> None:
    _, err = impasto(folder, *command, code=2)
    assert err.startswith(f"impasto: impasto {command[0]} needs the package torch: pip install")


def test_samples_are_known_where_torch_is_not(folder: Path) -> None:
    impasto(folder, "stylize", "chelsea", "swirls", "--model", "any.onnx", "--size", "64", "-q")
    assert (folder / "chelsea-swirls.png").is_file()
    assert samples.style("swirls").is_file()
