"""What one revision leaves half done, and the other ends: checkpoints, a batch, a studio's jobs.

Each picture has to be the one the first revision paints undisturbed, and the second has to go on
from where it was: a painting begun anew is told, though its picture may be right.
"""

from __future__ import annotations

import json
import shlex
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from itertools import takewhile
from pathlib import Path
from types import MappingProxyType

import httpx

from tools.golden.journeys import LONG, interrupted, wait_for
from tools.golden.tasks import words
from tools.golden.tree import TaskError, Tree, killed

__all__ = ["HANDOVERS"]

TWO = "photo.png swirls.png mosaic.png --mask left.png --mask right.png"
BATCH = shlex.split("photos --style swirls.png --size 64 --steps 40 --device cpu --quiet")
# A worker keeps a checkpoint every 25 steps.
KEPT_STEPS = 25
JOB_STEPS = 120
ASKED = {"size": 96, "coarsest": 48, "steps": JOB_STEPS}
LOOK_S = 0.2
STATES = ("finished", "failed", "cancelled")


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
            ids = _posted(base, url)
            _fetched(url, ids, wanted)
        shutil.rmtree(wanted / "data")
        with base.serving(got / "data") as (url, process):
            ids = _posted(base, url)
            told = list(takewhile(lambda s: s[0] <= KEPT_STEPS + 5, _steps(url, ids[0])))
            if kill:
                killed(process)
        between = time.perf_counter()
        with new.serving(got / "data") as (url, _):
            _fetched(url, ids, got)
            after = list(_steps(url, ids[0]))
        shutil.rmtree(got / "data")
        if after[:KEPT_STEPS] != told[:KEPT_STEPS]:
            raise TaskError("the running job was begun anew, not gone on with")
        if [step for step, _ in after] != list(range(1, JOB_STEPS + 1)):
            raise TaskError("the steps of the running job are not told once each")
        return between - begun, time.perf_counter() - between

    return paint


def _posted(tree: Tree, url: str) -> list[str]:
    """Two jobs sent to a studio, by their ids: one will run while the other waits."""
    ids = []
    for style in ("swirls.png", "mosaic.png"):
        files = [
            ("content", (tree.cwd / "photo.png").read_bytes()),
            ("styles", (tree.cwd / style).read_bytes()),
        ]
        answer = httpx.post(
            f"{url}/api/jobs",
            data={"settings": json.dumps(ASKED)},
            files=[(field, (field, data)) for field, data in files],
            trust_env=False,
        )
        if not answer.is_success:
            raise TaskError(f"the studio refused a job: {answer.text[:200]}")
        ids.append(answer.json()["id"])
    return ids


def _fetched(url: str, ids: list[str], folder: Path) -> None:
    """Wait for jobs and keep their pictures."""
    with httpx.Client(base_url=f"{url}/api/jobs", trust_env=False) as client:
        for number, id in enumerate(ids, 1):
            while client.get(f"/{id}").json()["state"] not in STATES:
                time.sleep(LOOK_S)
            answer = client.get(f"/{id}/image")
            if not answer.is_success:
                raise TaskError(f"job {number} has no picture: {answer.text[:200]}")
            (folder / f"job-{number}.png").write_bytes(answer.content)


def _steps(url: str, id: str) -> Iterator[tuple[int, float]]:
    """(step, seconds since its start) of a job, as the studio tells them.

    The seconds are of no two attempts alike: by them a job begun anew is known.
    """
    place = f"{url}/api/jobs/{id}/events"
    with httpx.stream("GET", place, timeout=60, trust_env=False) as response:
        for line in response.iter_lines():
            if line.startswith("data:"):
                data = json.loads(line.removeprefix("data:"))
                if "losses" in data and "step" in data:
                    yield data["step"], data["seconds"]


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
