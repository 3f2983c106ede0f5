"""The easel shows each state, and nothing from outside becomes markup."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from impasto.service.jobs.model import Job, State
from impasto.service.page import history, stage
from impasto.service.page.following import Told

BAD = '<script>alert(1)</script> & "x"\n\n# heading'


def job(state: State, **more: Any) -> Job:
    given = {"settings": {"recipe": "default", "strength": 0.5}, "inputs": {}}
    return Job("ab" * 16, state, created_at=datetime(2026, 1, 2, tzinfo=UTC), **{**given, **more})


def told(done: int) -> Told:
    losses = {"content": 1.0, "style": 2.0, "tv": 0.1, "total": 3.1}
    steps = [
        {"step": n, "steps": 20, "scale": [64, 64], "losses": losses, "seconds": 1.0 * n}
        for n in range(1, done + 1)
    ]
    return Told([((64, 64), 20)], steps, done)


def seen(job: Job, told: Told | None = None, picture: str = "", before: int = 0) -> str:
    return stage.easel(stage.Sight(job, told or Told(), picture, before, "en"))


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_state_is_one_line_that_names_job_and_state(state: State, language: str) -> None:
    html = stage.easel(stage.Sight(job(state), told(3), "data:x", 1, language))
    assert "\n" not in html
    assert f'data-job="{"ab" * 16}" data-state="{state}"' in html


def test_who_waits_is_told_how_many_are_before() -> None:
    assert "next in line" in seen(job(State.QUEUED))
    assert "before it: 3" in seen(job(State.QUEUED), before=3)


def test_who_paints_sees_the_picture_the_step_the_time_left_and_the_curves() -> None:
    html = seen(job(State.RUNNING, steps=20, step=5), told(5), "data:image/jpeg;base64,AA")
    assert 'src="data:image/jpeg;base64,AA"' in html
    assert "step 5 of 20" in html
    assert "about 15 s left" in html
    assert 'aria-valuenow="25"' in html
    assert "<polyline" in html


def test_before_the_first_step_it_says_that_it_prepares() -> None:
    html = seen(job(State.RUNNING))
    assert "Mixing the colours" in html
    assert "left" not in html.split("facts")[1]


def test_a_job_that_shall_stop_says_so() -> None:
    assert "Stopping" in seen(job(State.RUNNING, steps=20, cancel_asked=True), told(5))


def test_a_failure_is_the_command_lines_sentence() -> None:
    html = seen(job(State.FAILED, error="the content image is cut short after 9 bytes"))
    assert 'role="alert">The content image is cut short after 9 bytes<' in html


@pytest.mark.parametrize(
    "html",
    [
        seen(job(State.FAILED, error=BAD)),
        seen(job(State.FINISHED, notes=(BAD,))),
        stage.unknown("en", BAD),
        stage.notice(BAD),
        history.wall([job(State.FAILED, settings={"recipe": BAD})], lambda _: "", "en"),
    ],
)
def test_nothing_from_outside_becomes_markup(html: str) -> None:
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    assert "\n" not in html


def test_no_sentence_is_no_notice() -> None:
    assert stage.notice("") == ""
