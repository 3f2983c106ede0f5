"""A whole environment without torch: the package alone, and what `requirements-onnx.txt` names."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from impasto import imaging
from tests.graphs import write_baked, write_pair

ROOT = Path(__file__).parents[1]
# Not the folders and packages of the Python that runs this test.
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`impasto` of that environment."""
    place = tmp_path_factory.mktemp("without") / "torch"
    venv.create(place, with_pip=True)
    folder = place / ("Scripts" if sys.platform == "win32" else "bin")
    pip = [str(folder / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    named = ["-r", "requirements-onnx.txt", "-c", "constraints.txt"]
    for arguments in (named, ["--no-deps", "."]):
        subprocess.run([*pip, *arguments], cwd=ROOT, env=ENVIRONMENT, check=True, timeout=300)
    return folder / "impasto"


@pytest.mark.slow
def test_a_light_environment_paints_with_alpha_exif_and_16_bits(
    program: Path, tmp_path: Path
) -> None:
    write_baked(tmp_path / "my.onnx")
    write_pair(tmp_path)
    exif = Image.Exif()
    exif[0x013B] = "somebody"
    photo = np.full((60, 90, 3), (10, 100, 200), np.uint8)
    alpha = np.full((60, 90), 255, np.uint8)
    alpha[:, 45:] = 0
    imaging.write(
        tmp_path / "deep.png", photo / np.float32(255), alpha=alpha, exif=exif.tobytes(), bits=16
    )

    def impasto(*arguments: str, code: int = 0) -> str:
        process = subprocess.run(
            [str(program), *arguments],
            cwd=tmp_path,
            env=ENVIRONMENT,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert process.returncode == code, process.stderr
        return process.stdout if code == 0 else process.stderr

    record = json.loads(
        impasto("stylize", "deep.png", "--model", "my.onnx", "-o", "o.png", "--json")
    )
    assert (record["method"], record["width"]) == ("onnx", 90)
    painted = imaging.read(tmp_path / "o.png")
    assert painted.bits == 16
    assert (painted.pixels[:, :40] == np.array([245, 155, 55]) * 257).all()
    assert painted.alpha is not None
    assert not painted.alpha[:, 50:].any()
    with Image.open(tmp_path / "o.png") as image:
        assert image.getexif()[0x013B] == "somebody"
    impasto("stylize", "chelsea", "swirls", "--model", "any.onnx", "-o", "any.jpg")
    assert imaging.read(tmp_path / "any.jpg").width == 451
    refusal = impasto("stylize", "chelsea", "swirls", "-o", "no.png", code=2)
    assert "needs the package torch: pip install torch" in refusal
