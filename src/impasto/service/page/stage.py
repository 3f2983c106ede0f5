"""The easel: what the page shows of one job in each of its states, as HTML of one line."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from impasto.service.jobs.model import Job, State
from impasto.service.page.curves import drawn
from impasto.service.page.following import Told
from impasto.service.page.pace import format_path, roughly, seconds_left
from impasto.service.page.texts import said
from impasto.settings import StyleSettings

__all__ = ["Sight", "blank", "easel", "empty", "line", "notice", "unknown"]


@dataclass(frozen=True)
class Sight:
    """What there is to be seen of a job.

    Attributes:
        job: any.
        told: what its events say.
        picture: the picture so far as a data: address; empty before the first, or where it is
            shown elsewhere.
        before: how many jobs wait before it.
        language: "en" or "zh".
    """

    job: Job
    told: Told
    picture: str
    before: int
    language: str


def blank() -> str:
    """The first moment, when it is not known yet which language to speak."""
    return _framed("", "empty", _EASEL)


def empty(language: str) -> str:
    """Before anything was asked for."""
    return _framed(
        "", "empty", f"{_EASEL}{_told(language, 'empty_title', said(language, 'empty_text'))}"
    )


def unknown(language: str, sentence: str) -> str:
    """A job that is not there (any more)."""
    return _framed("", "empty", f"{_EASEL}{_told(language, 'unknown_title', sentence)}")


def easel(sight: Sight) -> str:
    """A job as it stands."""
    inside = {
        State.QUEUED: _queued,
        State.RUNNING: _running,
        State.FINISHED: _finished,
        State.FAILED: _failed,
        State.CANCELLED: _cancelled,
    }[sight.job.state](sight)
    return _framed(sight.job.id, sight.job.state, inside)


def notice(sentence: str, kind: str = "error") -> str:
    """A line for the person, which screen readers say at once; empty for no sentence.

    Example:
        >>> notice("size < 1")
        '<div class="notice error" role="alert">size &lt; 1</div>'
    """
    if not sentence:
        return ""
    return f'<div class="notice {kind}" role="alert">{line(sentence)}</div>'


def line(text: str) -> str:
    """Text that cannot be markup, in one line, so that Markdown leaves it alone too.

    It begins with a capital, but for the name of a setting or a file.

    Example:
        >>> line("all < none\\n\\n# c"), line("steps is 0"), line("photo.jpg is empty")
        ('All &lt; none # c', 'steps is 0', 'photo.jpg is empty')
    """
    words = text.split()
    if words and words[0].isalpha() and words[0] not in StyleSettings.model_fields:
        words[0] = words[0][0].upper() + words[0][1:]
    return escape(" ".join(words))


def _queued(sight: Sight) -> str:
    before, language = sight.before, sight.language
    place = said(language, "queued_after", number=before)
    text = place if before else said(language, "queued_next")
    return f'<div class="dots"><i></i><i></i><i></i></div>{_told(language, "queued_title", text)}'


def _running(sight: Sight) -> str:
    job, told, language = sight.job, sight.told, sight.language
    steps, step = job.steps or sum(count for _, count in told.scales), job.step
    if told.steps:
        step = int(told.steps[-1]["step"])
    left = seconds_left(told.scales, told.steps)
    if job.cancel_asked:
        state = said(language, "cancelling")
    elif not step or not steps:
        state = said(language, "preparing")
    else:
        state = said(language, "step", step=step, steps=steps)
    time = "" if left is None else said(language, "left", time=roughly(left, language))
    shown = _picture(sight.picture, said(language, "picture_at", step=told.preview or step))
    if not sight.picture:
        shown = '<div class="canvas wet" aria-hidden="true"></div>'
    share = 100 * step / steps if steps else 0
    bar = (
        f'<div class="bar" role="progressbar" aria-valuemin="0" aria-valuemax="100" '
        f'aria-valuenow="{share:.0f}" aria-label="{escape(state)}"><i style="width:{share:.1f}%">'
        f'</i></div><div class="facts"><span data-step="{step}">{escape(state)}</span>'
        f"<span>{escape(time)}</span></div>"
    )
    return f"{shown}{bar}{_notes(job, language)}{drawn(told.steps, steps or 1, language)}"


def _finished(sight: Sight) -> str:
    job, told, language = sight.job, sight.told, sight.language
    took = said(language, "took", steps=job.step, time=format_path(job.seconds, language))
    size = "" if job.size is None else f"{job.size[1]} × {job.size[0]} px"
    facts = f'<div class="facts done"><span>{escape(took)}</span><span>{escape(size)}</span></div>'
    # Mostly the picture stands in the slider above, and there is none here.
    shown = _picture(sight.picture, said(language, "picture_done"))
    curves = drawn(told.steps, job.steps or job.step, language)
    return f"{shown}{facts}{_notes(job, language)}{curves}"


def _failed(sight: Sight) -> str:
    job, told, language = sight.job, sight.told, sight.language
    sentence = line(job.error or "")
    hint = f'<p class="hint">{escape(said(language, "failed_hint"))}</p>'
    shown = _picture(sight.picture, said(language, "picture_at", step=told.preview), "faded")
    words = _told(language, "failed_title", "")
    return f'{shown}{words}<p class="sentence" role="alert">{sentence}</p>{hint}'


def _cancelled(sight: Sight) -> str:
    job, told, language = sight.job, sight.told, sight.language
    key = "cancelled_text" if job.step else "cancelled_before"
    shown = _picture(sight.picture, said(language, "picture_at", step=told.preview), "faded")
    words = _told(language, "cancelled_title", said(language, key, step=job.step))
    return f"{shown}{words}{drawn(told.steps, job.steps or 1, language)}"


def _told(language: str, title: str, text: str) -> str:
    return f"<h2>{escape(said(language, title))}</h2><p>{line(text)}</p>"


def _picture(address: str, words: str, kind: str = "") -> str:
    if not address:
        return ""
    return (
        f'<div class="canvas {kind}"><img src="{escape(address)}" alt="{escape(words)}" '
        'decoding="sync"></div>'
    )


def _notes(job: Job, language: str) -> str:
    return "".join(
        f'<p class="note"><b>{escape(said(language, "note"))}:</b> {line(note)}</p>'
        for note in job.notes
    )


def _framed(id: str, state: str, inside: str) -> str:
    marks = f'data-job="{escape(id)}" data-state="{state}"'
    return f'<section class="easel {state}" {marks}>{inside}</section>'


_EASEL = (
    '<svg class="drawing" viewBox="0 0 120 120" aria-hidden="true">'
    '<path d="M60 8v12M38 112l12-32M82 112l-12-32M60 84v24"/><path d="M24 84h72"/>'
    '<rect x="30" y="20" width="60" height="58" rx="3"/>'
    '<path class="stroke one" d="M42 38c10-6 24 4 36-2"/>'
    '<path class="stroke two" d="M42 50c14 6 22-6 30 0"/>'
    '<path class="stroke three" d="M42 62c6-4 12 2 18 0"/></svg>'
)
