"""Makes `tests/data/v0_1_0/`: what release 0.1.0 left on a disk, for later ones to go on with.

    python -m tools.golden.fixtures

The release's code is checked out from git and run by its own command line in
`/tmp/impasto-0.1.0`, so that the paths in what it writes are nobody's. What each thing is stands
in the folder's README.
"""

from __future__ import annotations

import argparse
import shlex
import shutil
import signal
import sqlite3
import time
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from tools.golden import inputs, postgresql
from tools.golden.journeys import wait_for
from tools.golden.studio import Studio
from tools.golden.tree import TaskError, Tree, check_out, kill

__all__ = ["BATCH", "CHECKPOINTS", "CHECKPOINT_OPTIONS", "USUAL", "main"]

REVISION = "a6032d1"
NEUTRAL = Path("/tmp/impasto-0.1.0")
HOUSE = Path(__file__).parents[2]
OUT = HOUSE / "tests" / "data" / "v0_1_0"

SIDE_PX = 40
CANCEL_AFTER = 40
START = datetime(2025, 1, 1)
USUAL = "--size 40 --device cpu --precision float32 --threads 1 --quiet"
# Twenty steps and a checkpoint after twelve: the one a painting killed between would have left.
CHECKPOINT_OPTIONS = "--steps 20 --checkpoint-every 12"
TWO = "pictures/content.png pictures/swirls.png pictures/mosaic.png"
MASKS = "--mask pictures/left.png --mask pictures/right.png"
CHECKPOINTS = {
    "adam": "pictures/content.png pictures/swirls.png --optimizer adam --lr-schedule cosine "
    "--init noise",
    "lbfgs": "pictures/content.png pictures/swirls.png --lbfgs-history 2",
    "masks": f"{TWO} {MASKS} --style-mask pictures/disc.png --style-mask pictures/disc.png "
    "--lbfgs-history 2 --init image:pictures/mosaic.png",
}
BATCH = f"photos --style pictures/swirls.png --steps 60 {USUAL}"
RECIPE = "--recipe default --strength 0.7 --style-loss wasserstein --optimizer adam --steps 30"


def main() -> None:
    """Make everything and put it in place of what is there."""
    parser = argparse.ArgumentParser("python -m tools.golden.fixtures")
    parser.add_argument("--revision", default=REVISION)
    parser.add_argument("--out", type=Path, default=OUT)
    arguments = parser.parse_args()
    NEUTRAL.mkdir()  # fails if somebody else has it
    try:
        with check_out(arguments.revision, HOUSE) as root:
            tree = Tree(root, NEUTRAL / "home", NEUTRAL)
            tree.check()
            _pictures(root)
            _checkpoints(tree)
            _batch(tree)
            tree.impasto("recipe", "save", "own.toml", "--summary", "bold", *RECIPE.split())
            _jobs(tree)
            _dump(tree)
        _move(arguments.out)
    finally:
        shutil.rmtree(NEUTRAL)


def _pictures(root: Path) -> None:
    """Two photographs, two styles, masks, all of them square; and a photograph cut short."""
    place = NEUTRAL / "pictures"
    place.mkdir()
    for source, name in (("chelsea", "content"), ("swirls", "swirls"), ("mosaic", "mosaic")):
        inputs.save(place / f"{name}.png", inputs.sample(root, source, 64)[:SIDE_PX, :SIDE_PX])
    across = inputs.ramp(SIDE_PX, SIDE_PX)
    for name, mask in (
        ("left", 255 - across),
        ("right", across),
        ("disc", inputs.disc(SIDE_PX, SIDE_PX)),
    ):
        inputs.save(place / f"{name}.png", mask)
    data = (place / "content.png").read_bytes()
    (place / "torn.png").write_bytes(data[: len(data) // 2])
    photos = NEUTRAL / "photos"
    photos.mkdir()
    shutil.copy(place / "content.png", photos / "first.png")
    inputs.save(photos / "second.png", inputs.sample(root, "coffee", 64)[:SIDE_PX, :SIDE_PX])


def _checkpoints(tree: Tree) -> None:
    for folder in ("checkpoints", "painted"):
        (NEUTRAL / folder).mkdir()
    for name, line in CHECKPOINTS.items():
        places = f"-o painted/{name}.png --checkpoint checkpoints/{name}.safetensors"
        tree.impasto("stylize", *shlex.split(f"{line} {USUAL} {CHECKPOINT_OPTIONS} {places}"))


def _batch(tree: Tree) -> None:
    """Stopped after the first of two pictures."""
    first, second = (NEUTRAL / "batch" / f"{name}.png" for name in ("first", "second"))
    with tree.start("batch", *shlex.split(BATCH), "-o", "batch") as process:
        wait_for(lambda: first.exists() or process.poll() is not None, "the first picture")
        time.sleep(0.1)  # for the line in the manifest
        process.send_signal(signal.SIGTERM)
        process.wait()
    if second.exists() or not first.exists():
        raise TaskError("the batch could not be stopped half done: try again")


def _jobs(tree: Tree) -> None:
    """One job in each state; the running one's worker is killed once it has a checkpoint."""
    place = NEUTRAL / "pictures"
    content, fragment, swirls, mosaic, left, right = (
        place / f"{name}.png" for name in ("content", "torn", "swirls", "mosaic", "left", "right")
    )
    adam = {"size": SIDE_PX, "steps": 12, "optimizer": "adam"}
    lbfgs = {"size": SIDE_PX, "steps": 200, "lbfgs_history": 2}
    with tree.serving(NEUTRAL / "data") as (url, process):
        studio = Studio(url)
        finished_id = studio.post(adam, content, [swirls, mosaic], [left, right])
        failed_id = studio.post(adam, fragment, [swirls])
        states = [studio.wait_for_end(id) for id in (finished_id, failed_id)]
        cancelled_id = studio.post({**adam, "steps": 100_000}, content, [swirls])
        next(step for step, _ in studio.steps(cancelled_id) if step >= CANCEL_AFTER)
        studio.cancel(cancelled_id)
        states.append(studio.wait_for_end(cancelled_id))
        running_id = studio.post(lbfgs, content, [swirls])
        studio.post(adam, content, [mosaic])
        folder = NEUTRAL / "data" / "jobs" / running_id
        wait_for((folder / "checkpoint.safetensors").exists, "a checkpoint")
        kill(process)
    if states != ["finished", "failed", "cancelled"] or (folder / "result.png").exists():
        raise TaskError(f"the jobs ended otherwise than was wanted ({states}): try again")
    # What SQLite keeps beside its file until a database is closed in good order, put into it.
    with closing(sqlite3.connect(NEUTRAL / "data" / "impasto.db")) as database:
        with database:
            _age(database)
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _age(database: sqlite3.Connection) -> None:
    """Let the first job have come at `START`, so that by any clock all leases have ended."""
    (first,) = database.execute("SELECT min(created_at) FROM jobs").fetchone()
    earlier = datetime.fromisoformat(first) - START
    names = ("created_at", "started_at", "ended_at", "lease_until")
    for number, *times in database.execute(
        f"SELECT number, {', '.join(names)} FROM jobs"
    ).fetchall():
        for name, text in zip(names, times, strict=True):
            if text is not None:
                timestamp = (datetime.fromisoformat(text) - earlier).isoformat(" ", "microseconds")
                change = f"UPDATE jobs SET {name} = ? WHERE number = ?"
                database.execute(change, (timestamp, number))


def _dump(tree: Tree) -> None:
    """The same rows in a PostgreSQL database whose tables the release made, as SQL."""
    with postgresql.running() as url:
        here = replace(tree, more={"IMPASTO_DATABASE_URL": url})
        with here.serving(NEUTRAL / "empty"):
            pass
        with closing(sqlite3.connect(NEUTRAL / "data" / "impasto.db")) as lite:
            postgresql.fill(url, lite, ("jobs", "inputs"))
        (NEUTRAL / "postgresql.sql").write_text(postgresql.dump(url))


def _move(out: Path) -> None:
    """Put what was made into the folder; what people wrote there stays."""
    out.mkdir(parents=True, exist_ok=True)
    for name in ("pictures", "photos", "checkpoints", "batch", "data"):
        shutil.rmtree(out / name, ignore_errors=True)
        locks = shutil.ignore_patterns("*.lock", "impasto.db-*")
        shutil.copytree(NEUTRAL / name, out / name, ignore=locks)
    for name in ("own.toml", "postgresql.sql"):
        shutil.copy(NEUTRAL / name, out / name)


if __name__ == "__main__":
    main()
