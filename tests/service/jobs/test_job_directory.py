"""When a checkpoint or a preview is due; what they hold is tested with whole paintings."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from impasto.events import Preview, Step
from impasto.service.jobs import job_directory as desks
from impasto.service.jobs.job_directory import Desk


class NoPainting:
    """Has told nothing yet."""

    def past_events(self) -> list[Any]:
        return []


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Lets time pass for desks, in seconds, and only so."""
    now = [1000.0]
    monkeypatch.setattr(desks.time, "monotonic", lambda: now[0])

    def pass_time(seconds: float) -> None:
        now[0] += seconds

    return pass_time


@pytest.fixture
def desk(tmp_path: Path, clock: Callable[[float], None]) -> Iterator[Desk]:  # noqa: ARG001 - first
    desk = Desk(tmp_path)
    desk.open(NoPainting(), None)  # type: ignore[arg-type]
    yield desk
    desk.close()


@pytest.fixture
def kept(desk: Desk, clock: Callable[[float], None], monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """After which steps a checkpoint was written; each takes half a second."""
    written: list[int] = []

    def save(*_: object) -> None:
        written.append(len(desk.steps))
        clock(0.5)

    monkeypatch.setattr(desks.checkpoints, "save", save)
    return written


class SomePainting:
    """Whose state does not matter."""

    def checkpoint(self, outputs: dict[str, Any]) -> dict[str, Any]:
        return outputs


def paint(desk: Desk, clock: Callable[[float], None], steps: int, each_s: float) -> None:
    for _ in range(steps):
        clock(each_s)
        number = len(desk.steps) + 1
        desk.step(Step(number, 1000, (48, 64), {"total": 1.0}, 0.0))
        desk.keep_if_due(SomePainting())  # type: ignore[arg-type]


def test_quick_steps_are_kept_every_25th(
    desk: Desk, clock: Callable[[float], None], kept: list[int]
) -> None:
    paint(desk, clock, 60, each_s=0.3)
    assert kept == [25, 50]


def test_slow_steps_are_kept_every_ten_seconds(
    desk: Desk, clock: Callable[[float], None], kept: list[int]
) -> None:
    paint(desk, clock, 9, each_s=4.0)
    assert kept == [3, 6, 9]


def test_checkpoints_take_a_tenth_of_the_time_at_most(
    desk: Desk, clock: Callable[[float], None], kept: list[int]
) -> None:
    paint(desk, clock, 25, each_s=0.01)
    paint(desk, clock, 490, each_s=0.01)
    assert kept == [25]  # 4.9 s since one that took 0.5 s
    paint(desk, clock, 20, each_s=0.01)
    assert len(kept) == 2


def test_previews_are_shown_at_most_every_0_7_s_and_not_too_large(
    desk: Desk, clock: Callable[[float], None], tmp_path: Path
) -> None:
    for step in range(5, 25, 5):
        desk.preview(Preview(step, Image.new("RGB", (3000, 1500))))
        clock(0.35)
    desk.close()
    lines = (tmp_path / "events.jsonl").read_text().splitlines()
    told = [json.loads(line)["data"]["step"] for line in lines]
    assert told == [5, 15]
    with Image.open(tmp_path / "preview.png") as shown:
        assert shown.size == (1024, 512)


def test_without_a_checkpoint_or_with_one_that_is_none_a_job_begins_anew(
    desk: Desk, tmp_path: Path
) -> None:
    assert desk.checkpoint() is None
    (tmp_path / "checkpoint.safetensors").write_bytes(b"no checkpoint")
    assert desk.checkpoint() is None
    desk.forget()
    assert not (tmp_path / "checkpoint.safetensors").exists()
    desk.forget()
