"""Jobs as HTML of one line each: the easel shows one in its state, the gallery a card of each.

A card is a link, so it works with the keyboard. What comes from outside is escaped here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from impasto.service.contract import JobOut, State
from impasto.service.page.curves import loss_curves
from impasto.service.page.progress import Progress, format_duration, format_eta
from impasto.service.page.sentences import in_words
from impasto.service.page.texts import phrase
from impasto.settings import StyleSettings

__all__ = [
    "CARD_SIDE",
    "JobView",
    "blank",
    "easel",
    "empty",
    "gallery",
    "mark",
    "notice",
    "one_line",
    "unknown",
]

CARD_SIDE = 320  # px of a card's picture


@dataclass(frozen=True)
class JobView:
    """What there is to be seen of a job.

    Attributes:
        job: any.
        progress: what its events say.
        picture: the picture so far as a data: address; empty before the first, or where it is
            shown elsewhere.
        before: how many jobs wait before it.
        language: "en" or "zh".
    """

    job: JobOut
    progress: Progress
    picture: str
    before: int
    language: str


def blank() -> str:
    """The first moment, when it is not known yet which language to speak."""
    return _section("", "empty", _EASEL)


def empty(language: str) -> str:
    """Before anything was asked for."""
    return _section(
        "", "empty", f"{_EASEL}{_headed(language, 'empty_title', phrase(language, 'empty_text'))}"
    )


def unknown(language: str, sentence: str) -> str:
    """A job that is not there (any more)."""
    return _section(
        "", "empty", f"{_EASEL}{_headed(language, 'unknown_title', in_words(sentence, language))}"
    )


def easel(view: JobView) -> str:
    """A job as it stands."""
    inside = {
        State.QUEUED: _queued,
        State.RUNNING: _running,
        State.FINISHED: _finished,
        State.FAILED: _failed,
        State.CANCELLED: _cancelled,
    }[State(view.job.state)](view)
    return _section(view.job.id, view.job.state, inside)


def notice(sentence: str, kind: str = "error") -> str:
    """A line for the person, which screen readers say at once; empty for no sentence.

    Example:
        >>> notice("size < 1")
        '<div class="notice error" role="alert">size &lt; 1</div>'
    """
    if not sentence:
        return ""
    return f'<div class="notice {kind}" role="alert">{one_line(sentence)}</div>'


def mark(name: str, value: str) -> str:
    """What the page's script is told, and nobody sees.

    Example:
        >>> mark("again", '{"a": 1}')
        '<span hidden data-again="{&quot;a&quot;: 1}"></span>'
    """
    return f'<span hidden data-{name}="{escape(value)}"></span>'


def one_line(text: str) -> str:
    """Text that cannot be markup, in one line, so that Markdown leaves it alone too.

    It begins with a capital, but for the name of a setting or a file.

    Example:
        >>> one_line("all < none\\n\\n# c"), one_line("steps is 0"), one_line("photo.jpg is empty")
        ('All &lt; none # c', 'steps is 0', 'photo.jpg is empty')
    """
    words = text.split()
    if words and words[0].isalpha() and words[0] not in StyleSettings.model_fields:
        words[0] = words[0][0].upper() + words[0][1:]
    return escape(" ".join(words))


def _queued(view: JobView) -> str:
    before, language = view.before, view.language
    place = phrase(language, "queued_after", number=before)
    text = place if before else phrase(language, "queued_next")
    return f'<div class="dots"><i></i><i></i><i></i></div>{_headed(language, "queued_title", text)}'


def _running(view: JobView) -> str:
    job, progress, language = view.job, view.progress, view.language
    steps, step = job.steps or sum(count for _, count in progress.scales), job.step
    if progress.steps:
        step = int(progress.steps[-1]["step"])
    work = progress.work(steps)
    left = work.seconds_left
    if job.cancel_asked:
        state = phrase(language, "cancelling")
    elif not step or not steps:
        state = phrase(language, "preparing")
    else:
        state = phrase(language, "step", step=step, steps=steps)
    time = "" if left is None else phrase(language, "left", time=format_eta(left, language))
    picture = _picture(view.picture, phrase(language, "picture_at", step=progress.preview or step))
    if not view.picture:
        picture = '<div class="canvas wet" aria-hidden="true"></div>'
    share = 100 * work.share
    bar = (
        f'<div class="bar" role="progressbar" aria-valuemin="0" aria-valuemax="100" '
        f'aria-valuenow="{share:.0f}" aria-label="{escape(state)}"><i style="width:{share:.1f}%">'
        f'</i></div><div class="facts"><span data-step="{step}">{escape(state)}</span>'
        f"<span>{escape(time)}</span></div>"
    )
    curves = loss_curves(progress.steps, steps or 1, language)
    return f"{picture}{bar}{_notes(job, language)}{curves}"


def _finished(view: JobView) -> str:
    job, progress, language = view.job, view.progress, view.language
    took = phrase(language, "took", steps=job.step, time=format_duration(job.seconds, language))
    size = "" if job.size is None else f"{job.size[1]} × {job.size[0]} px"
    facts = f'<div class="facts done"><span>{escape(took)}</span><span>{escape(size)}</span></div>'
    # Mostly the picture stands in the slider above, and there is none here.
    picture = _picture(view.picture, phrase(language, "picture_done"))
    curves = loss_curves(progress.steps, job.steps or job.step, language)
    return f"{picture}{facts}{_notes(job, language)}{curves}"


def _failed(view: JobView) -> str:
    job, progress, language = view.job, view.progress, view.language
    sentence = one_line(in_words(job.error or "", language))
    hint = f'<p class="hint">{escape(phrase(language, "failed_hint"))}</p>'
    picture = _picture(view.picture, phrase(language, "picture_at", step=progress.preview), "faded")
    words = _headed(language, "failed_title", "")
    return f'{picture}{words}<p class="sentence" role="alert">{sentence}</p>{hint}'


def _cancelled(view: JobView) -> str:
    job, progress, language = view.job, view.progress, view.language
    key = "cancelled_text" if job.step else "cancelled_before"
    picture = _picture(view.picture, phrase(language, "picture_at", step=progress.preview), "faded")
    words = _headed(language, "cancelled_title", phrase(language, key, step=job.step))
    return f"{picture}{words}{loss_curves(progress.steps, job.steps or 1, language)}"


def _headed(language: str, title: str, text: str) -> str:
    return f"<h2>{escape(phrase(language, title))}</h2><p>{one_line(text)}</p>"


def _picture(address: str, words: str, kind: str = "") -> str:
    if not address:
        return ""
    return (
        f'<div class="canvas {kind}"><img src="{escape(address)}" alt="{escape(words)}" '
        'decoding="sync"></div>'
    )


def _notes(job: JobOut, language: str) -> str:
    return "".join(
        f'<p class="note"><b>{escape(phrase(language, "note"))}:</b> {one_line(said)}</p>'
        for said in dict.fromkeys(in_words(note, language) for note in job.notes)
    )


def _section(id: str, state: str, inside: str) -> str:
    marks = f'data-job="{escape(id)}" data-state="{state}"'
    return f'<section class="easel {state}" {marks}>{inside}</section>'


def gallery(cards: Sequence[tuple[JobOut, str]], language: str, current: str = "") -> str:
    """The cards of jobs.

    Args:
        cards: a job, the newest first, and its picture as a data: address; empty for none.
        language: of the words.
        current: id of the job that stands on the easel.
    """
    if not cards:
        return f'<p class="cards none">{escape(phrase(language, "history_empty"))}</p>'
    inside = "".join(_card(job, picture, language, current) for job, picture in cards)
    return f'<div class="cards">{inside}</div>'


def _card(job: JobOut, picture: str, language: str, current: str) -> str:
    state = phrase(language, job.state)
    if job.state == State.RUNNING and job.steps:
        state = f"{state} {100 * job.step // job.steps} %"
    sign = f"<i>{_SIGNS[State(job.state)]}</i>"
    inside = f'<img src="{escape(picture)}" alt="">' if picture else sign
    words = escape(phrase(language, "open_card", state=state))
    facts = escape(" ".join(_facts(job).split()))
    when = f"{job.created_at:%Y-%m-%dT%H:%M:%S}Z"
    time = f'<time datetime="{when}">{job.created_at:%Y-%m-%d %H:%M} UTC</time>'
    here = ' aria-current="true"' if job.id == current else ""
    return (
        f'<a class="card {job.state}" href="?job={job.id}" data-open="{job.id}"{here} '
        f'aria-label="{words}: {facts}"><span class="face">{inside}</span>'
        f'<span class="words"><b>{escape(state)}</b><small>{facts}</small>'
        f"<small>{time}</small></span></a>"
    )


def _facts(job: JobOut) -> str:
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

_EASEL = (
    '<svg class="drawing" viewBox="0 0 120 120" aria-hidden="true">'
    '<path d="M60 8v12M38 112l12-32M82 112l-12-32M60 84v24"/><path d="M24 84h72"/>'
    '<rect x="30" y="20" width="60" height="58" rx="3"/>'
    '<path class="stroke one" d="M42 38c10-6 24 4 36-2"/>'
    '<path class="stroke two" d="M42 50c14 6 22-6 30 0"/>'
    '<path class="stroke three" d="M42 62c6-4 12 2 18 0"/></svg>'
)
