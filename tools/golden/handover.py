"""What one revision leaves half done, and the other ends: checkpoints, a batch, a studio's jobs.

Each picture has to be the one the first revision paints undisturbed, and the second has to go on
from where it was: a painting begun anew is told, though its picture may be right.
"""

from __future__ import annotations

import shlex
import shutil
import signal
import time
from collections.abc import Callable
from itertools import takewhile
from pathlib import Path
from types import MappingProxyType

from tools.golden.journeys import LONG, interrupted, wait_for
from tools.golden.studio import Studio
from tools.golden.tasks import words
from tools.golden.tree import TaskError, Tree, killed

__all__ = ["HANDOVERS"]

TWO = "photo.png swirls.png mosaic.png --mask left.png --mask right.png"
BATCH = shlex.split("photos --style swirls.png --size 64 --steps 40 --device cpu --quiet")
# A worker keeps a checkpoint every 25 steps.
KEPT_STEPS = 25
JOB_STEPS = 120
ASKED = {"size": 96, "coarsest": 48, "steps": JOB_STEPS}
STYLES = ("swirls.png", "mosaic.png")


def _checkpoint(line: str) -> Callable[[Tree, Tree, Path, Path], tuple[float, float]]:
    given = words(line)

    def paint(base: Tree, new: Tree, wanted: Path, got: Path) -> tuple[float, float]:
        begun = time.perf_counter()
        base.impasto("stylize", *given, "-o", wanted / "picture.png")
        interrupted(base, given, got / "picture.png", got / "checkpoint.safetensors")
        between = time.perf_counter()
        new.impasto("resume", got / "checkpoint.safetensors", "--quiet")
        return between - begun, time.perf_counter() - between

    return paint


def _batch(base: Tree, new: Tree, wanted: Path, got: Path) -> tuple[float, float]:
    begun = time.perf_counter()
    base.impasto("batch", *BATCH, "-o", wanted)
    first = got / sorted(path.name for path in wanted.glob("*.png"))[0]
    with base.started("batch", *BATCH, "-o", got) as process:
        wait_for(lambda: first.exists() or process.poll() is not None, "the first picture")
        time.sleep(0.1)  # for the line in the manifest
        process.send_signal(signal.SIGTERM)
        process.wait()
    done = {path: path.stat().st_mtime_ns for path in got.glob("*.png")}
    if not 0 < len(done) < len(list(wanted.glob("*.png"))):
        raise TaskError(f"the batch ended with {len(done)} pictures: it is not half done")
    between = time.perf_counter()
    new.impasto("batch", *BATCH, "-o", got)
    again = [path.name for path, at in done.items() if path.stat().st_mtime_ns != at]
    if again:
        raise TaskError(f"painted again though it was done: {', '.join(again)}")
    return between - begun, time.perf_counter() - between


def _studio(kill: bool) -> Callable[[Tree, Tree, Path, Path], tuple[float, float]]:
    def paint(base: Tree, new: Tree, wanted: Path, got: Path) -> tuple[float, float]:
        begun = time.perf_counter()
        with base.serving(wanted / "data") as (url, _):
            studio = Studio(url)
            _fetched(studio, _posted(base, studio), wanted)
        shutil.rmtree(wanted / "data")
        with base.serving(got / "data") as (url, process):
            ids = _posted(base, Studio(url))
            steps = Studio(url).steps(ids[0])
            told = list(takewhile(lambda step: step[0] <= KEPT_STEPS + 5, steps))
            if kill:
                killed(process)
        between = time.perf_counter()
        with new.serving(got / "data") as (url, _):
            _fetched(Studio(url), ids, got)
            after = list(Studio(url).steps(ids[0]))
        shutil.rmtree(got / "data")
        if after[:KEPT_STEPS] != told[:KEPT_STEPS]:
            raise TaskError("the running job was begun anew, not gone on with")
        if [step for step, _ in after] != list(range(1, JOB_STEPS + 1)):
            raise TaskError("the steps of the running job are not told once each")
        return between - begun, time.perf_counter() - between

    return paint


def _posted(tree: Tree, studio: Studio) -> list[str]:
    """Two jobs sent to a studio, by their ids: one will run while the other waits."""
    photo = tree.cwd / "photo.png"
    return [studio.post(ASKED, photo, [tree.cwd / style]) for style in STYLES]


def _fetched(studio: Studio, ids: list[str], folder: Path) -> None:
    """Wait for jobs and keep their pictures."""
    for number, id in enumerate(ids, 1):
        studio.ended(id)
        (folder / f"job-{number}.png").write_bytes(studio.picture(id))


HANDOVERS = MappingProxyType(
    {
        "handover-lbfgs": _checkpoint(f"photo.png swirls.png {LONG} --init noise"),
        "handover-adam": _checkpoint(
            f"photo.png swirls.png {LONG} --optimizer adam --lr-schedule cosine"
        ),
        "handover-masks": _checkpoint(f"{TWO} {LONG} --lbfgs-history 2"),
        "handover-batch": _batch,
        "handover-jobs-stopped": _studio(kill=False),
        "handover-jobs-killed": _studio(kill=True),
    }
)
