from __future__ import annotations

import shlex
import shutil
import site
import subprocess
import sys
import venv
from pathlib import Path

import pytest
from PIL import Image

from impasto import samples
from tools.blocks import code_blocks

PAGE = Path(__file__).parents[2] / "docs" / "extending.md"


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh environment that sees the packages of this one, with the page's package installed."""
    folder = tmp_path_factory.mktemp("plug-in")
    venv.create(folder / "venv", with_pip=False, symlinks=True)
    made = folder / "venv" / "bin" / "python"
    packages = next((folder / "venv" / "lib").iterdir()) / "site-packages"
    here = [*site.getsitepackages(), str(Path(__file__).parents[2] / "src")]
    lines = [f"import site; site.addsitedir({place!r})" for place in here]
    (packages / "here.pth").write_text("\n".join(lines) + "\n")
    package = folder / "package"
    package.mkdir()
    ((_, project),) = code_blocks(PAGE, "toml")
    (package / "pyproject.toml").write_text(project)
    (package / "impasto_drawn.py").write_text(code_blocks(PAGE, "python")[0][1])
    install = "-m pip --python VENV install --no-index --no-deps --no-build-isolation PACKAGE"
    words = [{"VENV": str(made), "PACKAGE": str(package)}.get(w, w) for w in install.split()]
    done = subprocess.run([sys.executable, *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return made


def impasto(python: Path, words: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    command = [str(python), "-m", "impasto", *words]
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False, timeout=120
    )


def test_the_package_of_the_page_is_installed_and_paints(python: Path, tmp_path: Path) -> None:
    shutil.copy(samples.content("chelsea"), tmp_path / "photo.jpg")
    shutil.copy(samples.style("swirls"), tmp_path / "painting.jpg")
    ((_, line),) = [block for block in code_blocks(PAGE, "sh") if "stylize" in block[1]]
    words = shlex.split(line.replace("\\\n", " "))[1:]
    done = impasto(python, [*words, "--size", "72", "--steps", "4"], tmp_path)
    assert done.returncode == 0, done.stderr
    assert Image.open(tmp_path / "drawn.png").size == (72, 48)


def test_its_names_are_known_to_help_and_messages(python: Path, tmp_path: Path) -> None:
    assert "drawn" in impasto(python, ["backbone", "list"], tmp_path).stdout
    wrong = ["stylize", "a.jpg", "b.jpg", "-o", "c.png", "--style-loss", "spraed"]
    done = impasto(python, wrong, tmp_path)
    assert done.returncode == 2
    assert "did you mean 'spread'?" in done.stderr


def test_a_layer_that_it_has_not_is_told_with_those_it_has(python: Path, tmp_path: Path) -> None:
    words = ["stylize", "photo.jpg", "b.jpg", "-o", "c.png", "--backbone", "drawn"]
    done = impasto(python, words, tmp_path)
    assert done.returncode == 2
    assert "is not a layer of drawn" in done.stderr
    assert "drawn1, drawn2, drawn3, drawn4" in done.stderr


def test_a_term_of_ones_own_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copy(samples.content("chelsea"), "photo.jpg")
    shutil.copy(samples.style("swirls"), "painting.jpg")
    _, (line, source) = code_blocks(PAGE, "python")
    exec(compile("\n" * (line - 1) + source, str(PAGE), "exec"), {"__name__": "extending"})
