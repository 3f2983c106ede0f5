"""The wall as HTML of one line: a card of each job, and two paintings side by side.

A card is a link, so it works with the keyboard. What comes from outside is escaped here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from impasto.service.contract import JobOut, State
from impasto.service.page.choices import choice
from impasto.service.page.elsewhere import ELSEWHERE
from impasto.service.page.html import section
from impasto.service.page.labels import differences
from impasto.service.page.texts import phrase

__all__ = ["CARD_SIDE", "Card", "gallery", "side_by_side"]

CARD_SIDE = 320  # px of a card's picture


@dataclass(frozen=True)
class Card:
    """What the wall shows of a job: its picture and those of its styles, as data: addresses."""

    job: JobOut
    picture: str = ""
    styles: tuple[str, ...] = ()


def gallery(cards: Sequence[Card], language: str, current: str = "") -> str:
    """The cards of jobs.

    Args:
        cards: the newest first.
        language: of the words.
        current: id of the job that stands on the easel.
    """
    if not cards:
        return f'<p class="cards none">{escape(phrase(language, "history_empty"))}</p>'
    inside = "".join(_card(card, language, current) for card in cards)
    # Shown where the page's script has hidden all of them: they may still be brought back.
    words = escape(phrase(language, "history_empty"))
    return f'<div class="cards" data-empty="{words}">{inside}</div>'


def _card(card: Card, language: str, current: str) -> str:
    job = card.job
    state = phrase(language, job.state)
    if job.state == State.RUNNING and job.steps:
        state = f"{state} {100 * job.step // job.steps} %"
    sign = f'<i aria-hidden="true">{_SIGNS[State(job.state)]}</i>'
    inside = f'<img src="{escape(card.picture)}" alt="">' if card.picture else sign
    opens = escape(phrase(language, "open_card"))
    when = f"{job.created_at:%Y-%m-%dT%H:%M:%S}Z"
    time = f'<time datetime="{when}">{job.created_at:%Y-%m-%d %H:%M} UTC</time>'
    here = ' aria-current="true"' if job.id == current else ""
    return (
        f'<a class="card {job.state}" href="?job={job.id}" data-open="{job.id}"{here}>'
        f'<span class="face">{inside}{_thumbnails(card.styles)}</span>'
        f'<span class="words"><span class="unseen">{opens}</span><b>{escape(state)}</b>'
        f"<small>{escape(_facts(job, language))}</small><small>{time}</small></span></a>"
    )


def side_by_side(views: Sequence[Card], language: str) -> str:
    """Two paintings side by side, with what differs in how they were made.

    Args:
        views: the one on the easel and the other.
        language: of the words.
    """
    first = views[0].job
    figures = "".join(
        f'<figure><a href="?job={view.job.id}" data-open="{view.job.id}">'
        f"{_small(view, number, language)}"
        f"</a><figcaption>{_thumbnails(view.styles)}<span>{escape(_facts(view.job, language))}"
        f"</span></figcaption></figure>"
        for number, view in enumerate(views, 1)
    )
    rows = "".join(
        f"<tr><th>{escape(label)}</th><td>{escape(one)}</td><td>{escape(other)}</td></tr>"
        for label, one, other in differences(first, views[1].job, language)
    )
    table = f'<table class="differences">{rows}</table>' if rows else ""
    heading = f"<h2>{escape(phrase(language, 'beside_title'))}</h2>"
    back = (
        f'<div class="verbs"><button type="button" class="verb" data-open="{first.id}">'
        f"{escape(phrase(language, 'beside_end'))}</button></div>"
    )
    inside = f'{heading}<div class="pair">{figures}</div>{table}{back}'
    return section(first.id, "beside", inside)


def _small(card: Card, number: int, language: str) -> str:
    """The picture of a painting beside another, or the sign of its state."""
    if not card.picture:
        return f'<i class="sign">{_SIGNS[State(card.job.state)]}</i>'
    words = f"{phrase(language, 'painting')} {number}"
    return f'<img src="{escape(card.picture)}" alt="{escape(words)}">'


def _thumbnails(styles: Sequence[str]) -> str:
    pictures = "".join(f'<img src="{escape(style)}" alt="">' for style in styles)
    return f'<span class="thumbnails">{pictures}</span>' if pictures else ""


def _facts(job: JobOut, language: str) -> str:
    """What tells paintings apart beside their pictures: look and strength."""
    strength = job.settings.get("strength")
    recipe = " ".join(str(job.settings.get("recipe", "")).split())
    parts = [phrase(language, ELSEWHERE[job.kind])] if job.kind in ELSEWHERE else []
    parts += [choice("recipe", recipe, language)]
    parts += [] if strength is None else [f"{float(strength):g}"]
    return " · ".join(parts)


_SIGNS = {
    State.QUEUED: "…",
    State.RUNNING: "…",
    State.FINISHED: "✓",
    State.FAILED: "!",
    State.CANCELLED: "■",
}
