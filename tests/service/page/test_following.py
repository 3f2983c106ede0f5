"""What a job's events have told, however they come."""

from __future__ import annotations

import json
from pathlib import Path

from impasto.service.page.following import MOST_JOBS, Following

START = {"steps": 4, "scales": [{"scale": [32, 48], "steps": 4}]}


def write(path: Path, *events: tuple[str, dict]) -> None:
    lines = [
        json.dumps({"id": number, "event": name, "data": data})
        for number, (name, data) in enumerate(events, 1)
    ]
    path.write_text("".join(f"{line}\n" for line in lines))


def step(number: int) -> tuple[str, dict]:
    return "step", {"step": number, "steps": 4, "scale": [32, 48], "losses": {}, "seconds": 1.0}


def test_there_is_nothing_before_the_file_is_there(tmp_path: Path) -> None:
    told = Following().look("a", tmp_path / "events.jsonl")
    assert (told.scales, told.steps, told.preview) == ([], [], 0)


def test_what_comes_later_is_added(tmp_path: Path) -> None:
    path, following = tmp_path / "events.jsonl", Following()
    write(path, ("started", START), step(1))
    first = following.look("a", path)
    write(path, ("started", START), step(1), step(2), ("preview", {"step": 2}))
    second = following.look("a", path)
    assert first.scales == [((32, 48), 4)]
    assert [s["step"] for s in first.steps] == [1]
    assert [s["step"] for s in second.steps] == [1, 2]
    assert second.preview == 2


def test_a_run_that_repeats_itself_tells_no_step_twice(tmp_path: Path) -> None:
    path, following = tmp_path / "events.jsonl", Following()
    write(path, ("started", START), step(1), step(2), step(3))
    following.look("a", path)
    write(path, ("started", START), step(1))
    following.look("a", path)
    write(path, ("started", START), step(1), step(2), step(3), step(4))
    told = following.look("a", path)
    assert [s["step"] for s in told.steps] == [1, 2, 3, 4]


def test_jobs_are_told_apart_and_the_oldest_are_forgotten(tmp_path: Path) -> None:
    following = Following()
    for number in range(MOST_JOBS + 5):
        path = tmp_path / f"{number}.jsonl"
        write(path, ("started", START), *[step(n) for n in range(1, number % 4 + 1)])
        assert len(following.look(str(number), path).steps) == number % 4
    assert len(following._jobs) == MOST_JOBS
