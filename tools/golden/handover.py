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

from tools.golden.journeys import LONG, interrupt, wait_for
from tools.golden.studio import Studio
from tools.golden.tasks import words
from tools.golden.tree import TaskError, Tree, kill

__all__ = ["HANDOVERS"]

TWO = "photo.png swirls.png mosaic.png --mask left.png --mask right.png"
BATCH = shlex.split(
    "photos --style swirls.png --size 64 --steps 40 --device cpu --precision float32 --quiet"
)
# A worker keeps a checkpoint every 25 steps.
CHECKPOINT_EVERY = 25
JOB_STEPS = 120
SETTINGS = {"size": 96, "coarsest": 48, "steps": JOB_STEPS}
STYLES = ("swirls.png", "mosaic.png")


def _checkpoint(line: str) -> Callable[[Tree, Tree, Path, Path], tuple[float, float]]:
    arguments = words(line)

    def paint(base: Tree, new: Tree, expected: Path, actual: Path) -> tuple[float, float]:
        start = time.perf_counter()
        base.impasto("stylize", *arguments, "-o", expected / "picture.png")
        interrupt(base, arguments, actual / "picture.png", actual / "checkpoint.safetensors")
        between = time.perf_counter()
        new.impasto("resume", actual / "checkpoint.safetensors", "--quiet")
        return between - start, time.perf_counter() - between

    return paint


def _batch(base: Tree, new: Tree, expected: Path, actual: Path) -> tuple[float, float]:
    start = time.perf_counter()
    base.impasto("batch", *BATCH, "-o", expected)
    first = actual / sorted(path.name for path in expected.glob("*.png"))[0]
    with base.start("batch", *BATCH, "-o", actual) as process:
        wait_for(lambda: first.exists() or process.poll() is not None, "the first picture")
        time.sleep(0.1)  # for the line in the manifest
        process.send_signal(signal.SIGTERM)
        process.wait()
    times = {path: path.stat().st_mtime_ns for path in actual.glob("*.png")}
    if not 0 < len(times) < len(list(expected.glob("*.png"))):
        raise TaskError(f"the batch ended with {len(times)} pictures: it is not half done")
    between = time.perf_counter()
    new.impasto("batch", *BATCH, "-o", actual)
    again = [path.name for path, at in times.items() if path.stat().st_mtime_ns != at]
    if again:
        raise TaskError(f"painted again though it was done: {', '.join(again)}")
    return between - start, time.perf_counter() - between


def _studio(power_loss: bool) -> Callable[[Tree, Tree, Path, Path], tuple[float, float]]:
    def paint(base: Tree, new: Tree, expected: Path, actual: Path) -> tuple[float, float]:
        start = time.perf_counter()
        with base.serving(expected / "data") as (url, _):
            studio = Studio(url)
            _fetch(studio, _post(base, studio), expected)
        shutil.rmtree(expected / "data")
        with base.serving(actual / "data") as (url, process):
            ids = _post(base, Studio(url))
            steps = Studio(url).steps(ids[0])
            before = list(takewhile(lambda step: step[0] <= CHECKPOINT_EVERY + 5, steps))
            if power_loss:
                kill(process)
        between = time.perf_counter()
        with new.serving(actual / "data") as (url, _):
            _fetch(Studio(url), ids, actual)
            after = list(Studio(url).steps(ids[0]))
        shutil.rmtree(actual / "data")
        if after[:CHECKPOINT_EVERY] != before[:CHECKPOINT_EVERY]:
            raise TaskError("the running job was begun anew, not gone on with")
        if [step for step, _ in after] != list(range(1, JOB_STEPS + 1)):
            raise TaskError("the steps of the running job are not told once each")
        return between - start, time.perf_counter() - between

    return paint


def _post(tree: Tree, studio: Studio) -> list[str]:
    """Two jobs sent to a studio, by their ids: one will run while the other waits."""
    photo = tree.cwd / "photo.png"
    return [studio.post(SETTINGS, photo, [tree.cwd / style]) for style in STYLES]


def _fetch(studio: Studio, ids: list[str], folder: Path) -> None:
    """Wait for jobs and keep their pictures."""
    for number, id in enumerate(ids, 1):
        studio.wait_for_end(id)
        (folder / f"job-{number}.png").write_bytes(studio.picture(id))


HANDOVERS = MappingProxyType(
    {
        "handover-lbfgs": _checkpoint(f"photo.png swirls.png {LONG} --init noise"),
        "handover-adam": _checkpoint(
            f"photo.png swirls.png {LONG} --optimizer adam --lr-schedule cosine"
        ),
        "handover-masks": _checkpoint(f"{TWO} {LONG} --lbfgs-history 2"),
        "handover-batch": _batch,
        "handover-jobs-stopped": _studio(power_loss=False),
        "handover-jobs-killed": _studio(power_loss=True),
    }
)
