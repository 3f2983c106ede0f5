"""Paintings that come to another end than a usual picture."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from impasto.errors import NonFiniteError
from impasto.service.contract import State
from impasto.service.jobs.store import Store
from impasto.service.jobs.tables import Job
from impasto.settings import StyleSettings

Add = Callable[..., Job]
Paint = Callable[..., bool]
EventsOf = Callable[[Store, Job], list[dict[str, Any]]]


def test_a_broken_picture_fails_with_the_sentence_of_the_command_line(
    lite: Store, pictures: dict[str, Path], paint: Paint, checked_events: EventsOf
) -> None:
    whole = pictures["content"].read_bytes()
    inputs = {
        "content": lite.folder.keep_upload(whole[: len(whole) // 2]),
        "style": lite.folder.keep_upload(pictures["style"]),
    }
    job = lite.add(StyleSettings(size=64), inputs)
    assert paint(lite)
    job = lite.get(job.id)
    assert job.state is State.FAILED
    assert job.error is not None
    assert re.fullmatch(
        r"the content image is cut short after [\d,]+ of at least [\d,]+ bytes: "
        "export or download it again",
        job.error,
    )
    data = {"error": job.error, "kind": "PictureError"}
    assert checked_events(lite, job) == [{"id": 1, "event": "failed", "data": data}]


def test_what_nobody_foresaw_fails_the_job_and_ends_the_worker(
    lite: Store,
    add: Add,
    at_step: Callable[..., None],
    capfd: pytest.CaptureFixture[str],
    paint: Paint,
) -> None:
    job = add(lite)

    def break_down(step: int) -> None:
        raise ZeroDivisionError(f"at step {step}")

    at_step(break_down)
    assert not paint(lite)
    job = lite.get(job.id)
    assert job.state is State.FAILED
    assert job.error is not None
    assert "(ZeroDivisionError: at step 1): please report it" in job.error
    assert "break_down" in capfd.readouterr().err


def test_a_painting_that_runs_away_shows_its_last_good_picture(
    lite: Store, add: Add, at_step: Callable[..., None], paint: Paint
) -> None:
    class Good:
        picture = Image.fromarray(np.full((48, 64, 4), 200, np.uint8))

    def run_away(step: int) -> None:
        raise NonFiniteError(f"the loss was nan at step {step}", result=Good)

    job = add(lite)
    at_step(run_away)
    assert paint(lite)
    assert lite.get(job.id).error == "the loss was nan at step 1"
    with Image.open(lite.folder.job(job.id) / "preview.png") as preview:
        assert preview.convert("RGB").getpixel((0, 0)) == (200, 200, 200)


def test_a_full_disk_fails_the_job_and_says_why(
    lite: Store, add: Add, monkeypatch: pytest.MonkeyPatch, paint: Paint
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    job = add(lite)
    monkeypatch.setattr("os.fsync", full)
    monkeypatch.setattr("impasto.service.jobs.job_directory.CHECKPOINT_STEPS", 2)
    assert paint(lite)
    job = lite.get(job.id)
    assert (job.state, job.step) == (State.FAILED, 4)  # no checkpoint, but painted to the end
    assert job.error is not None
    assert job.error.startswith("result.png cannot be written (no space left on device)")


def test_colours_alone_take_no_step(
    lite: Store, add: Add, paint: Paint, checked_events: EventsOf
) -> None:
    job = add(lite, color="only")
    assert paint(lite)
    job = lite.get(job.id)
    assert (job.state, job.step, job.steps, job.losses) == (State.FINISHED, 0, 0, {})
    assert [event["event"] for event in checked_events(lite, job)] == ["started", "finished"]


def test_depth_and_transparency_come_through(
    lite: Store, pictures: dict[str, Path], paint: Paint
) -> None:
    import png

    rows = [
        [v for x in range(64) for v in (257 * x, 512 * y, 9, 65535 * (x > 31))] for y in range(48)
    ]
    deep = lite.folder.path / "deep.png"
    with deep.open("wb") as file:
        png.Writer(64, 48, greyscale=False, alpha=True, bitdepth=16).write(file, rows)
    inputs = {
        "content": lite.folder.keep_upload(deep),
        "style": lite.folder.keep_upload(pictures["style"]),
    }
    job = lite.add(StyleSettings(size=64, steps=2), inputs)
    paint(lite)
    width, height, painted, about = png.Reader(
        filename=lite.folder.job(job.id) / "result.png"
    ).asDirect()
    assert (width, height, about["bitdepth"], about["alpha"]) == (64, 48, 16, True)
    first = list(next(iter(painted)))
    assert (first[3], first[-1]) == (0, 65535)
