"""Tasks of several commands: what is interrupted, many pictures, a studio, the library."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from tools.golden.tasks import words
from tools.golden.tree import TaskError, Tree, kill

__all__ = ["JOURNEYS", "LONG", "Journey", "interrupt", "wait_for"]

DEADLINE_S = 300
LOOK_S = 0.005
# Enough that a painting can be killed in its midst: two seconds and more.
STEPS = 60
LONG = f"--size 96 --coarsest 48 --steps {STEPS}"


@dataclass(frozen=True)
class Journey:
    """A task that is a small program.

    Attributes:
        paint: called with a tree, a folder for the pictures to compare, and one for the rest.
        alike: pairs of its pictures that have to be equal on either side by itself.
    """

    paint: Callable[[Tree, Path, Path], None]
    alike: tuple[tuple[str, str], ...] = ()


def wait_for(condition: Callable[[], object], what: str, look_s: float = LOOK_S) -> None:
    """Return as soon as a condition is true; it is looked at every `look_s` seconds.

    Raises:
        TaskError: that takes longer than five minutes.
    """
    until = time.monotonic() + DEADLINE_S
    while not condition():
        if time.monotonic() > until:
            raise TaskError(f"waited {DEADLINE_S} s for {what}")
        time.sleep(look_s)


def interrupt(tree: Tree, line: list[str], output: Path, checkpoint: Path) -> None:
    """Begin a painting, and kill it once it has a checkpoint.

    Raises:
        TaskError: it was done before it could be killed.
    """
    options = ["--checkpoint", str(checkpoint), "--checkpoint-every", "10"]
    with tree.start("stylize", *line, "-o", output, *options) as process:
        wait_for(lambda: checkpoint.exists() or process.poll() is not None, "a checkpoint")
        kill(process)
    if not checkpoint.exists() or output.exists():
        raise TaskError("it ended before it could be killed in its midst")


def _resume(tree: Tree, result: Path, work: Path) -> None:
    line = words(f"photo.png swirls.png {LONG} --init blend")
    tree.impasto("stylize", *line, "-o", result / "undisturbed.png")
    interrupt(tree, line, result / "resumed.png", work / "checkpoint.safetensors")
    tree.impasto("resume", work / "checkpoint.safetensors", "--quiet")


def _batch(tree: Tree, result: Path, _work: Path) -> None:
    line = "photos --style swirls.png --size 64 --steps 8 --device cpu --precision float32 --quiet"
    tree.impasto("batch", *line.split(), "-o", result)


def _explore(tree: Tree, result: Path, _work: Path) -> None:
    line = "photo.png swirls.png --vary strength=0.3,0.8 --size 96 --steps 6 --quiet"
    line += " --device cpu --precision float32"
    tree.impasto("explore", *line.split(), "-o", result / "sheet.png")


def _serve(tree: Tree, result: Path, work: Path) -> None:
    pictures = "photo.png swirls.png mosaic.png --mask left.png --mask right.png"
    line = words(pictures, machine="")
    with tree.serving(work / "data") as (url, _):
        tree.impasto("stylize", *line, "--server", url, "-o", result / "there.png")
    tree.impasto("stylize", *words(pictures), "-o", result / "here.png")


def _recipe(tree: Tree, result: Path, work: Path) -> None:
    own = "--strength 0.7 --style-loss wasserstein --optimizer adam --size 80 --steps 9"
    place = work / "own.toml"
    tree.impasto("recipe", "save", place, *own.split())
    line = f"photo.png swirls.png --recipe {place} --device cpu --precision float32 --quiet".split()
    tree.impasto("stylize", *line, "-o", result / "recipe.png")


def _library(tree: Tree, result: Path, _work: Path) -> None:
    script = Path(__file__).with_name("library.py")
    tree.run([sys.executable, "-P", str(script), str(result)])


JOURNEYS = MappingProxyType(
    {
        "resume": Journey(_resume, (("undisturbed.png", "resumed.png"),)),
        "batch": Journey(_batch),
        "explore": Journey(_explore),
        "serve": Journey(_serve, (("here.png", "there.png"),)),
        "recipe-file": Journey(_recipe),
        "library": Journey(_library),
    }
)
