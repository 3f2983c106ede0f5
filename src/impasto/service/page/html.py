"""A job as HTML of one line, as the easel shows it. What comes from outside is escaped here."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from impasto.service.contract import JobOut, State
from impasto.service.page.curves import loss_curves
from impasto.service.page.elsewhere import ELSEWHERE
from impasto.service.page.progress import Progress, format_duration, format_eta
from impasto.service.page.sentences import in_words
from impasto.service.page.texts import phrase
from impasto.settings import StyleSettings

__all__ = ["JobView", "blank", "easel", "empty", "mark", "notice", "section", "undoable", "unknown"]


@dataclass(frozen=True)
class JobView:
    """What there is to be seen of a job.

    Attributes:
        job: any.
        progress: what its events say.
        picture: the address of the picture so far; empty before the first.
        before: how many jobs wait before it.
        language: "en" or "zh".
        photograph: the address of its photograph, of the painting's size, once it is finished;
            empty where there is none to compare with.
        draft: the address of its draft; empty where there is none.
    """

    job: JobOut
    progress: Progress
    picture: str
    before: int
    language: str
    photograph: str = ""
    draft: str = ""


def blank() -> str:
    """The first moment, when it is not known yet which language to speak."""
    return section("", "empty", _EASEL)


def empty(language: str) -> str:
    """Before anything was asked for."""
    return section(
        "", "empty", f"{_EASEL}{_headed(language, 'empty_title', phrase(language, 'empty_text'))}"
    )


def unknown(language: str, sentence: str) -> str:
    """A job that is not there (any more)."""
    return section(
        "",
        "empty unknown",
        f"{_EASEL}{_headed(language, 'unknown_title', in_words(sentence, language))}",
    )


def easel(view: JobView) -> str:
    """A job as it stands."""
    if view.job.kind in ELSEWHERE:
        return section(view.job.id, view.job.state, _elsewhere(view))
    inside = {
        State.QUEUED: _queued,
        State.RUNNING: _running,
        State.FINISHED: _finished,
        State.FAILED: _failed,
        State.CANCELLED: _cancelled,
    }[State(view.job.state)](view)
    return section(view.job.id, view.job.state, inside)


def notice(sentence: str, kind: str = "error", settings: Sequence[str] = ()) -> str:
    """A line for the person, which screen readers say at once; empty for no sentence.

    Args:
        sentence: any text.
        kind: "error", "mild" or "good".
        settings: the names of those it is about, where the page's script says it too.

    Example:
        >>> notice("size < 1")
        '<div class="notice error" role="alert">size &lt; 1</div>'
    """
    if not sentence:
        return ""
    about = f' data-settings="{escape(" ".join(settings))}"' if settings else ""
    return f'<div class="notice {kind}" role="alert"{about}>{one_line(sentence)}</div>'


def undoable(ids: Sequence[str], language: str) -> str:
    """A line that jobs are removed, which the page's script does unless somebody undoes it soon.

    Example:
        >>> 'data-remove="ab,cd"' in undoable(["ab", "cd"], "en")
        True
    """
    words = "removed" if len(ids) == 1 else "removed_all"
    sentence, undo = (escape(phrase(language, key, number=len(ids))) for key in (words, "undo"))
    return (
        f'<div class="notice good" role="status" data-remove="{escape(",".join(ids))}" '
        f'data-turn="{secrets.token_hex(4)}">{sentence} '
        f'<button type="button" data-undo>{undo}</button></div>'
    )


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


def _elsewhere(view: JobView) -> str:
    """What a page of its own shows."""
    job, language = view.job, view.language
    page = ELSEWHERE[job.kind]
    picture = _picture(view.picture, phrase(language, f"{job.kind}_picture"))
    title = escape(f"{phrase(language, page)}: {phrase(language, job.state)}")
    words = escape(phrase(language, f"{job.kind}_open"))
    link = f'<p><a href="{page}?job={escape(job.id)}">{words}</a></p>'
    return f"{picture}<h2>{title}</h2>{link}"


def _queued(view: JobView) -> str:
    before, language = view.before, view.language
    place = phrase(language, "queued_after", number=before)
    text = place if before else phrase(language, "queued_next")
    dots = '<div class="dots"><i></i><i></i><i></i></div>'
    return f"{_draft(view)}{dots}{_headed(language, 'queued_title', text)}"


def _running(view: JobView) -> str:
    job, progress, language = view.job, view.progress, view.language
    steps, step = job.steps or sum(count for _, count in progress.scales), job.step
    if progress.steps:
        step, steps = int(progress.steps[-1]["step"]), int(progress.steps[-1]["steps"])
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
        picture = _draft(view) or '<div class="canvas wet" aria-hidden="true"></div>'
    share = 100 * work.share
    bar = (
        f'<div class="bar" role="progressbar" aria-valuemin="0" aria-valuemax="100" '
        f'aria-valuenow="{share:.0f}" aria-label="{escape(state)}"><i style="width:{share:.1f}%">'
        f'</i></div><div class="facts"><span data-step="{step}">{escape(state)}</span>'
        f"<span>{escape(time)}</span></div>"
    )
    heading = f'<h2 class="unseen">{escape(phrase(language, "running_title"))}</h2>'
    curves = _curves(progress, steps, language, alive=True)
    return f"{heading}{picture}{bar}{_notes(job, language)}{curves}"


def _finished(view: JobView) -> str:
    job, progress, language = view.job, view.progress, view.language
    took = phrase(language, "took", steps=job.step, time=format_duration(job.seconds, language))
    size = "" if job.size is None else f"{job.size[1]} × {job.size[0]} px"
    facts = f'<div class="facts done"><span>{escape(took)}</span><span>{escape(size)}</span></div>'
    words = phrase(language, "picture_done")
    picture = _picture(view.picture, words)
    if view.picture and view.photograph:
        picture = _compared(view.photograph, view.picture, language)
    heading = f'<h2 class="unseen">{escape(words)}</h2>'
    curves = _curves(progress, job.steps or job.step, language)
    verbs = "".join(
        f'<button type="button" class="verb" data-{name}="{escape(job.id)}" {more}>'
        f"{escape(phrase(language, key))}</button>"
        for name, key, more in (("share", "share", "hidden"), ("choose", "beside", ""))
    )
    verbs = f'<div class="verbs">{verbs}</div>'
    return f"{heading}{picture}{facts}{_notes(job, language)}{verbs}{curves}"


def _compared(photograph: str, painting: str, language: str) -> str:
    """Photograph and painting over each other, with a slider between them; the painting whole until
    somebody moves it."""
    whole, compare = (escape(phrase(language, key)) for key in ("picture_done", "compare"))
    sides = "".join(
        f'<span class="side {name}" aria-hidden="true">{escape(phrase(language, key))}</span>'
        for name, key in (("left", "photograph"), ("right", "painting"))
    )
    return (
        f'<figure class="compare"><img src="{escape(painting)}" alt="{whole}" decoding="sync">'
        f'<img class="before" src="{escape(photograph)}" alt="" decoding="sync">'
        f'<i class="edge" aria-hidden="true"></i>{sides}'
        f'<input type="range" min="0" max="100" value="0" aria-label="{compare}">'
        f'<button type="button" class="full" data-full aria-label="'
        f'{escape(phrase(language, "full_screen"))}">⤢</button></figure>'
    )


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
    return f"{picture}{words}{_curves(progress, job.steps, language)}"


def _curves(progress: Progress, steps: int | None, language: str, *, alive: bool = False) -> str:
    """The loss curves, folded: whether they are open, the page's script remembers.

    Args:
        alive: whether it is painted still.
    """
    curves = loss_curves(progress.steps, steps or 1, language)
    if not curves:
        return ""
    title = escape(phrase(language, "going" if alive else "went"))
    return f'<details class="going"><summary>{title}</summary>{curves}</details>'


def _headed(language: str, title: str, text: str) -> str:
    return f"<h2>{escape(phrase(language, title))}</h2><p>{one_line(text)}</p>"


def _picture(address: str, words: str, kind: str = "") -> str:
    if not address:
        return ""
    return (
        f'<div class="canvas {kind}"><img src="{escape(address)}" alt="{escape(words)}" '
        'decoding="sync"></div>'
    )


def _draft(view: JobView) -> str:
    """What stands there until the job has painted something: unseen until it has been loaded, which
    the page's script tells."""
    if not view.draft:
        return ""
    words, chip = (escape(phrase(view.language, key)) for key in ("draft_words", "draft_coming"))
    return (
        f'<figure class="canvas draft"><img src="{escape(view.draft)}" alt="{words}" '
        f'decoding="sync"><figcaption>{chip}</figcaption></figure>'
    )


def _notes(job: JobOut, language: str) -> str:
    return "".join(
        f'<p class="note"><b>{escape(phrase(language, "note"))}:</b> {one_line(said)}</p>'
        for said in dict.fromkeys(in_words(note, language) for note in job.notes)
    )


def section(id: str, state: str, inside: str) -> str:
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
