"""Cards lead to their jobs, two paintings hang side by side, and nothing from outside is markup."""

from __future__ import annotations

import re

from impasto.service.contract import JobOut, State
from impasto.service.page.cards import Card, gallery, side_by_side
from impasto.settings import StyleSettings
from tests.service.page.conftest import remote_job

BAD = '<script>alert(1)</script> & "x"\n\n# heading'
IDS = ["1" * 32, "2" * 32]


def test_nothing_from_outside_becomes_markup() -> None:
    html = gallery([Card(remote_job(IDS[0], State.FAILED, settings={"recipe": BAD}))], "en")
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    assert "\n" not in html


def cards(*jobs: JobOut, picture: str = "", current: str = "") -> str:
    return gallery([Card(job, picture) for job in jobs], "en", current)


def test_an_empty_gallery_says_what_will_hang_there() -> None:
    assert "will hang here" in gallery([], "en")


def test_cards_are_links_in_the_order_given() -> None:
    html = cards(*map(remote_job, IDS))
    assert html.index(f'href="?job={IDS[0]}"') < html.index(f'href="?job={IDS[1]}"')


def test_the_card_of_the_job_on_the_easel_is_marked() -> None:
    html = cards(*map(remote_job, IDS), current=IDS[1])
    assert html.count("aria-current") == 1
    assert f'data-open="{IDS[1]}" aria-current="true"' in html


def test_a_card_tells_recipe_state_and_time() -> None:
    html = cards(remote_job(IDS[0], State.RUNNING, step=5, steps=20))
    assert "painting 25 %" in html
    assert "<small>balanced · 0.5</small>" in html
    assert 'datetime="2026-01-02T03:04:00Z"' in html


def test_a_card_shows_its_picture_or_a_sign() -> None:
    assert '<img src="data:x" alt="">' in cards(remote_job(IDS[0]), picture="data:x")
    assert '<i aria-hidden="true">!</i>' in cards(remote_job(IDS[0], State.FAILED))


def test_a_card_shows_its_styles_beside_its_picture() -> None:
    card = Card(remote_job(IDS[0]), "data:x", ("data:y", "data:z"))
    html = gallery([card], "en")
    assert (
        '<span class="thumbnails"><img src="data:y" alt=""><img src="data:z" alt=""></span>' in html
    )


def test_two_paintings_stand_side_by_side_with_what_differs() -> None:
    one = StyleSettings(steps=20).model_dump()
    other = StyleSettings(steps=40, color="luminance").model_dump()
    jobs = [remote_job(id, settings=given) for id, given in zip(IDS, (one, other), strict=True)]
    html = side_by_side([Card(job, "data:x") for job in jobs], "en")
    rows = re.findall(r"<tr><th>(.*?)</th><td>(.*?)</td><td>(.*?)</td></tr>", html)
    assert rows == [("Colour", "of the style", "of the photograph, exactly"), ("Steps", "20", "40")]
    assert html.count("<figure>") == 2
    assert f'data-job="{IDS[0]}"' in html


def test_the_card_of_a_film_says_that_it_is_one() -> None:
    assert "Film · " in cards(remote_job("a", kind="video"))
    assert "Film" not in cards(remote_job("a"))
