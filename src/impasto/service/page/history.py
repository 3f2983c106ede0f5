"""Earlier paintings as a wall of cards; a card is a link, so it works with the keyboard."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

from impasto.service.jobs.model import Job, State
from impasto.service.page.texts import said

__all__ = ["wall"]

SIDE = 320  # px of a card's picture


def wall(jobs: Sequence[Job], picture: Callable[[Job], str], language: str, shown: str = "") -> str:
    """The cards of jobs.

    Args:
        jobs: the newest first.
        picture: of a job, as a data: address; empty where there is none.
        language: of the words.
        shown: id of the job that stands on the easel.
    """
    if not jobs:
        return f'<p class="wall none">{escape(said(language, "history_empty"))}</p>'
    return f'<div class="wall">{"".join(_card(j, picture(j), language, shown) for j in jobs)}</div>'


def _card(job: Job, picture: str, language: str, shown: str) -> str:
    state = said(language, job.state)
    if job.state is State.RUNNING and job.steps:
        state = f"{state} {100 * job.step // job.steps} %"
    inside = f'<img src="{escape(picture)}" alt="">' if picture else f"<i>{_SIGNS[job.state]}</i>"
    words = escape(said(language, "open_card", state=state))
    facts = escape(" ".join(_facts(job).split()))
    when = f"{job.created_at:%Y-%m-%dT%H:%M:%S}Z"
    time = f'<time datetime="{when}">{job.created_at:%Y-%m-%d %H:%M} UTC</time>'
    here = ' aria-current="true"' if job.id == shown else ""
    return (
        f'<a class="card {job.state}" href="?job={job.id}" data-open="{job.id}"{here} '
        f'aria-label="{words}: {facts}"><span class="face">{inside}</span>'
        f'<span class="words"><b>{escape(state)}</b><small>{facts}</small>'
        f"<small>{time}</small></span></a>"
    )


def _facts(job: Job) -> str:
    """What tells paintings apart beside their picture: recipe and strength."""
    strength = job.settings.get("strength")
    parts = [str(job.settings.get("recipe", ""))]
    parts += [] if strength is None else [f"{float(strength):g}"]
    return " · ".join(parts)


_SIGNS = {
    State.QUEUED: "…",
    State.RUNNING: "…",
    State.FINISHED: "✓",
    State.FAILED: "!",
    State.CANCELLED: "■",
}
