"""The easel shows each state, and nothing from outside becomes markup."""

from __future__ import annotations

from typing import Any

import pytest

from impasto.service.contract import JobOut, State
from impasto.service.page import html as page
from impasto.service.page.progress import Progress
from tests.service.page.conftest import remote_job

BAD = '<script>alert(1)</script> & "x"\n\n# heading'


IDS = ["1" * 32, "2" * 32]


def job(state: State, **more: Any) -> JobOut:
    return remote_job("ab" * 16, state, **more)


def progress(done: int) -> Progress:
    losses = {"content": 1.0, "style": 2.0, "tv": 0.1, "total": 3.1}
    steps = [
        {"step": n, "steps": 20, "scale": [64, 64], "losses": losses, "seconds": 1.0 * n}
        for n in range(1, done + 1)
    ]
    return Progress([((64, 64), 20)], steps, done)


def easel(job: JobOut, progress: Progress | None = None, picture: str = "", before: int = 0) -> str:
    return page.easel(page.JobView(job, progress or Progress(), picture, before, "en"))


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_state_is_one_line_that_names_job_and_state(state: State, language: str) -> None:
    html = page.easel(page.JobView(job(state), progress(3), "data:x", 1, language))
    assert "\n" not in html
    assert f'data-job="{"ab" * 16}" data-state="{state}"' in html


def test_who_waits_is_told_how_many_are_before() -> None:
    assert "next in line" in easel(job(State.QUEUED))
    assert "before it: 3" in easel(job(State.QUEUED), before=3)


def test_who_paints_sees_the_picture_the_step_the_time_left_and_the_curves() -> None:
    html = easel(job(State.RUNNING, steps=20, step=5), progress(5), "data:image/jpeg;base64,AA")
    assert 'src="data:image/jpeg;base64,AA"' in html
    assert "step 5 of 20" in html
    assert "about 15 s left" in html
    assert 'aria-valuenow="25"' in html
    assert "<polyline" in html


def test_a_scale_that_ended_sooner_leaves_fewer_steps_to_tell() -> None:
    now = progress(5)
    now.steps[-1]["steps"] = 12
    assert "step 5 of 12" in easel(job(State.RUNNING, steps=20, step=4), now)


def test_before_the_first_step_it_says_that_it_prepares() -> None:
    html = easel(job(State.RUNNING))
    assert "Mixing the colours" in html
    assert "left" not in html.split("facts")[1]


def test_a_job_that_shall_stop_says_so() -> None:
    assert "Stopping" in easel(job(State.RUNNING, steps=20, cancel_asked=True), progress(5))


def test_a_failure_is_told_in_the_pages_words() -> None:
    html = easel(job(State.FAILED, error="the content image is cut short after 9 bytes"))
    assert 'role="alert">The photograph ends too early, ' in html


@pytest.mark.parametrize(
    "html",
    [
        easel(job(State.FAILED, error=BAD)),
        easel(job(State.FINISHED, notes=(BAD,))),
        page.unknown("en", BAD),
        page.notice(BAD),
    ],
)
def test_nothing_from_outside_becomes_markup(html: str) -> None:
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    assert "\n" not in html


def test_no_sentence_is_no_notice() -> None:
    assert page.notice("") == ""


def test_a_finished_painting_is_compared_by_a_slider_that_starts_at_the_painting() -> None:
    view = page.JobView(job(State.FINISHED), Progress(), "after.jpg", 0, "en", "before.jpg")
    html = page.easel(view)
    assert html.index('src="after.jpg"') < html.index('src="before.jpg"')
    assert 'type="range" min="0" max="100" value="0" aria-label="Compare' in html


def test_curves_are_folded() -> None:
    html = easel(job(State.RUNNING, steps=20, step=5), progress(5))
    assert html.index("<details") < html.index("<polyline") < html.index("</details>")
    assert "<details" not in easel(job(State.RUNNING))


def test_curves_say_whether_it_is_painted_still() -> None:
    for state, words in ((State.RUNNING, "How it is going"), (State.FINISHED, "How it went")):
        assert f"<summary>{words}: the losses" in easel(job(state, steps=20, step=5), progress(5))


def test_what_is_removed_can_be_brought_back() -> None:
    html = page.undoable(IDS, "en")
    assert f'data-remove="{",".join(IDS)}"' in html
    assert "2 paintings are removed." in html
    assert "<button" in html


@pytest.mark.parametrize("state", State)
def test_a_film_leads_to_its_own_page(state: State) -> None:
    shown = easel(job(state, kind="video"), picture="data:image/jpeg;base64,")
    assert f'href="film?job={job(state).id}"' in shown
    assert "The last painted frame" in shown
    assert "\n" not in shown
