from __future__ import annotations

import shlex
import shutil
import site
import subprocess
import sys
import venv
from pathlib import Path
from subprocess import CompletedProcess

import numpy as np
import pytest
from PIL import Image

from impasto import samples
from impasto.methods.checkpoint import load
from tests import warm
from tools.blocks import code_blocks

PAGE = Path(__file__).parents[2] / "docs" / "extending.md"


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The packages of a fresh environment, in which the page's two are installed."""
    folder = tmp_path_factory.mktemp("plug-ins")
    venv.create(folder / "venv", with_pip=False, symlinks=True)
    python = folder / "venv" / "bin" / "python"
    packages = next((folder / "venv" / "lib").iterdir()) / "site-packages"
    here = [*site.getsitepackages(), str(Path(__file__).parents[2] / "src")]
    lines = [f"import site; site.addsitedir({place!r})" for place in here]
    (packages / "here.pth").write_text("\n".join(lines) + "\n")
    (_, project), (_, points) = code_blocks(PAGE, "toml")
    (_, backbone), (_, tint), *_ = code_blocks(PAGE, "python")
    head, _, _ = project.partition("[project.entry-points")
    install(python, folder / "drawn", project, {"impasto_drawn.py": backbone})
    other = head.replace("impasto-drawn", "impasto-tint") + points
    install(python, folder / "tint", other, {"impasto_tint.py": tint})
    return packages


def install(python: Path, package: Path, project: str, modules: dict[str, str]) -> None:
    """Install a package made of such files."""
    package.mkdir()
    for name, text in {"pyproject.toml": project, **modules}.items():
        (package / name).write_text(text)
    line = "-m pip --python VENV install --no-index --no-deps --no-build-isolation PACKAGE"
    words = [{"VENV": str(python), "PACKAGE": str(package)}.get(w, w) for w in line.split()]
    process = subprocess.run([sys.executable, *words], capture_output=True, text=True, check=False)
    assert process.returncode == 0, process.stderr


def program(code: str, *words: str, packages: Path, folder: Path) -> CompletedProcess[str]:
    """A program that sees those packages too, as impasto looks for them when it is loaded."""
    start = f"import site; site.addsitedir({str(packages)!r})\n"
    return warm.run(
        ["-c", start + code, *words], cwd=folder, loaded=["torch"], capture_output=True, text=True
    )


def impasto(packages: Path, words: list[str], folder: Path) -> CompletedProcess[str]:
    code = "import sys; from impasto.cli import main; sys.exit(main(sys.argv[1:]))"
    return program(code, *words, packages=packages, folder=folder)


def shell_words(output: str) -> list[str]:
    """The words after `impasto` of the page's command that writes a file."""
    ((_, line),) = [block for block in code_blocks(PAGE, "sh") if output in block[1]]
    return shlex.split(line.replace("\\\n", " "))[1:]


def test_the_package_of_the_page_is_installed_and_paints(packages: Path, tmp_path: Path) -> None:
    shutil.copy(samples.content("chelsea"), tmp_path / "photo.jpg")
    shutil.copy(samples.style("swirls"), tmp_path / "painting.jpg")
    words = shell_words("drawn.png")
    process = impasto(packages, [*words, "--size", "72", "--steps", "4"], tmp_path)
    assert process.returncode == 0, process.stderr
    assert Image.open(tmp_path / "drawn.png").size == (72, 48)


def test_the_method_of_the_page_moves_colours(packages: Path, tmp_path: Path) -> None:
    shutil.copy(samples.content("chelsea"), tmp_path / "photo.jpg")
    Image.new("RGB", (80, 80), (200, 40, 90)).save(tmp_path / "painting.jpg", quality=100)
    process = impasto(packages, shell_words("tinted.png"), tmp_path)
    assert process.returncode == 0, process.stderr
    picture = np.asarray(Image.open(tmp_path / "tinted.png")).astype(int)
    assert picture.shape == (48, 72, 3)
    assert np.abs(picture - [200, 40, 90]).max() <= 3  # of one colour, so nothing spreads
    words = [*shell_words("tinted.png"), "--overwrite", "--steps", "9"]
    refusal = impasto(packages, words, tmp_path)
    assert refusal.returncode == 2
    assert "steps means nothing to the method tint" in refusal.stderr


STOP_AND_GO_ON = """
import impasto
from pathlib import Path
from impasto.methods import checkpoint
from impasto.painting import resumed

def begin():
    return impasto.run("photo.jpg", "painting.jpg", method="tint", size=72)

stopped, whole = begin(), begin()
for event in stopped:
    if isinstance(event, impasto.Part) and event.number == 3:
        break
kept = stopped.checkpoint()
for event in stopped:
    pass
checkpoint.save(kept, Path("run"))
again = resumed(checkpoint.load(Path("run")))
print(len(whole), len(again))
print([event.number for event in again.past_events() if isinstance(event, impasto.Part)])
print([event.number for event in again if isinstance(event, impasto.Part)])
for event in whole:
    pass
print((again.result().pixels == whole.result().pixels).all())
print(again.seconds >= kept.state["seconds"])
"""


def test_the_method_of_the_page_is_stopped_and_goes_on(packages: Path, tmp_path: Path) -> None:
    shutil.copy(samples.content("chelsea"), tmp_path / "photo.jpg")
    shutil.copy(samples.style("swirls"), tmp_path / "painting.jpg")
    process = program(STOP_AND_GO_ON, packages=packages, folder=tmp_path)
    lines = ["10 7", "[1, 2, 3]", "[4, 5, 6, 7, 8]", "True", "True"]
    assert process.stdout.splitlines() == lines, process.stderr


def test_the_command_line_keeps_and_resumes_what_the_method_of_the_page_does(
    packages: Path, tmp_path: Path
) -> None:
    shutil.copy(samples.content("chelsea"), tmp_path / "photo.jpg")
    shutil.copy(samples.style("swirls"), tmp_path / "painting.jpg")
    words = [*shell_words("tinted.png"), "--checkpoint", "run"]
    process = impasto(packages, words, tmp_path)
    assert process.returncode == 0, process.stderr
    assert load(tmp_path / "run").state["bands"] == 8
    whole = (tmp_path / "tinted.png").read_bytes()
    (tmp_path / "tinted.png").unlink()
    again = impasto(packages, ["resume", "run"], tmp_path)
    assert again.returncode == 0, again.stderr
    assert (tmp_path / "tinted.png").read_bytes() == whole


def test_its_names_are_known_to_help_and_messages(packages: Path, tmp_path: Path) -> None:
    assert "drawn" in impasto(packages, ["backbone", "list"], tmp_path).stdout
    wrong = ["stylize", "a.jpg", "b.jpg", "-o", "c.png", "--style-loss", "spraed"]
    process = impasto(packages, wrong, tmp_path)
    assert process.returncode == 2
    assert "did you mean 'spread'?" in process.stderr


def test_a_layer_that_it_has_not_is_told_with_those_it_has(packages: Path, tmp_path: Path) -> None:
    words = ["stylize", "photo.jpg", "b.jpg", "-o", "c.png", "--backbone", "drawn"]
    process = impasto(packages, words, tmp_path)
    assert process.returncode == 2
    assert "is not a layer of drawn" in process.stderr
    assert "drawn1, drawn2, drawn3, drawn4" in process.stderr


def test_a_term_of_ones_own_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copy(samples.content("chelsea"), "photo.jpg")
    shutil.copy(samples.style("swirls"), "painting.jpg")
    *_, (line, source) = code_blocks(PAGE, "python")
    exec(compile("\n" * (line - 1) + source, str(PAGE), "exec"), {"__name__": "extending"})
