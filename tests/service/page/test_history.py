"""The wall of earlier paintings."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from impasto.service.jobs.model import Job, State
from impasto.service.page.history import wall

IDS = ["1" * 32, "2" * 32]


def job(id: str, state: State = State.FINISHED, **more: Any) -> Job:
    settings = {"recipe": "gatys", "strength": None}
    return Job(id, state, settings, {}, datetime(2026, 1, 2, 3, 4, tzinfo=UTC), **more)


def test_an_empty_wall_says_what_will_hang_there() -> None:
    assert "will hang here" in wall([], lambda _: "", "en")


def test_cards_are_links_in_the_order_given() -> None:
    html = wall([job(id) for id in IDS], lambda _: "", "en")
    assert html.index(f'href="?job={IDS[0]}"') < html.index(f'href="?job={IDS[1]}"')


def test_the_card_of_the_job_on_the_easel_is_marked() -> None:
    html = wall([job(id) for id in IDS], lambda _: "", "en", shown=IDS[1])
    assert html.count("aria-current") == 1
    assert f'data-open="{IDS[1]}" aria-current="true"' in html


def test_a_card_tells_recipe_state_and_time() -> None:
    html = wall([job(IDS[0], State.RUNNING, step=5, steps=20)], lambda _: "", "en")
    assert "painting 25 %" in html
    assert "<small>gatys</small>" in html
    assert 'datetime="2026-01-02T03:04:00Z"' in html


def test_a_card_shows_its_picture_or_a_sign() -> None:
    assert '<img src="data:x" alt="">' in wall([job(IDS[0])], lambda _: "data:x", "en")
    assert "<i>!</i>" in wall([job(IDS[0], State.FAILED)], lambda _: "", "en")
