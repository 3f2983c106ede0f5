"""What happens to jobs when: events of the page, each a few lines between parts and `Actions`."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import anyio
import gradio as gr

from impasto import samples
from impasto.errors import SettingError, UnknownJobError
from impasto.service.contract import JobOut
from impasto.service.page import form_wiring, html, recipe_wiring, widgets
from impasto.service.page.actions import MOST_REMOVED, Actions
from impasto.service.page.elsewhere import ELSEWHERE
from impasto.service.page.handlers import (
    DIRECT,
    RAW,
    language_of_request,
    path_of,
    threaded,
    visitor_of,
    with_notice,
)
from impasto.service.page.layout import Parts
from impasto.service.page.masks import Drawing, read_drawing
from impasto.service.page.texts import phrase
from impasto.service.page.views import CARDS, View
from impasto.task import Role

__all__ = ["wire"]

THREADS = 40  # of the page's own: those of the application answer what the page asks of its API


def wire(parts: Parts, actions: Actions, blocks: gr.Blocks) -> None:
    """Connect components and actions, inside the `gr.Blocks` that holds them."""
    digests, count = gr.State(("", "")), gr.State(CARDS)
    in_thread = threaded(anyio.CapacityLimiter(THREADS))
    hidden, buttons = parts.hidden, parts.buttons
    job, beside = hidden["job"], hidden["beside"]
    names = ("older", "clear", "png", "jpeg", "recipe_file", "cancel", "again", "remove")
    views = [parts.easel, parts.cards, parts.older, parts.timer, digests]
    views += [buttons[name] for name in names]
    looked_at = [job, beside, count]
    notice_job, notice_start = parts.notices["job"], parts.notices["start"]
    notice_wall = parts.notices["wall"]

    def seen(request: gr.Request, id: str, other: str, cards: int) -> View:
        language, visitor = language_of_request(request), visitor_of(request)
        return actions.view(id, language, visitor=visitor, cards=cards, beside=other)

    @in_thread
    def look(request: gr.Request, id: str, other: str, cards: int, before: tuple[str, str]) -> Any:
        view = seen(request, id, other, cards)
        return [gr.skip()] * len(views) if _digests(view) == before else _updates(view, before)

    @in_thread
    def look_back(request: gr.Request, id: str, other: str, cards: int) -> Any:
        return [cards + CARDS, *_updates(seen(request, id, other, cards + CARDS))]

    @in_thread
    def open_job(request: gr.Request, card: str, cards: int) -> Any:
        id = card.partition("#")[0]
        return [id, "", *_updates(seen(request, id, "", cards)), ""]

    @in_thread
    def set_beside(request: gr.Request, card: str, id: str, cards: int) -> Any:
        other = card.partition("#")[0]
        return [other, *_updates(seen(request, id, other, cards))]

    @in_thread
    def load(request: gr.Request) -> Any:
        id, language = dict(request.query_params).get("job", ""), language_of_request(request)
        return [id, widgets.summary("default", language), *_updates(seen(request, id, "", CARDS))]

    @in_thread
    @with_notice(2 + len(views))
    def start(cards: int, content: Any, *rest: Any, language: str, visitor: str) -> Any:
        places = len(parts.styles)
        styles, values = rest[:places], rest[places + 1 :]
        drawing = read_drawing(str(rest[places] or ""))
        job = actions.start(
            path_of(content),
            [path_of(style) for style in styles],
            drawing,
            values,
            visitor=visitor,
            language=language,
        )
        view = actions.view(job.id, language, visitor=visitor, cards=cards)
        return [_left_out(drawing, job, language), job.id, "", *_updates(view)]

    @in_thread
    @with_notice(2 + len(views))
    def try_styles(cards: int, content: Any, *values: Any, language: str, visitor: str) -> Any:
        jobs = actions.try_styles(path_of(content), values, visitor=visitor, language=language)
        view = actions.view(jobs[0].id, language, visitor=visitor, cards=cards)
        total = len(samples.HIGHLIGHTS)
        key = "trying" if len(jobs) == total else "trying_some"
        said = html.notice(phrase(language, key, number=len(jobs), total=total), "good")
        return [said, jobs[0].id, "", *_updates(view)]

    @in_thread
    @with_notice(len(views))
    def cancel(id: str, other: str, cards: int, *, language: str, visitor: str) -> Any:
        actions.cancel(id, visitor=visitor)
        view = actions.view(id, language, visitor=visitor, cards=cards, beside=other)
        return ["", *_updates(view)]

    @in_thread
    @with_notice(2 + len(views))
    def put_away(id: str, cards: int, *, language: str, visitor: str) -> Any:
        view = actions.view("", language, visitor=visitor, cards=cards)
        return [html.undoable([id], language), "", "", *_updates(view)]

    @in_thread
    @with_notice(1)
    def put_away_litter(*, language: str, visitor: str) -> Any:
        ids = actions.litter(visitor=visitor)
        return [html.undoable(ids, language) if ids else "", ""]

    @in_thread
    @with_notice(len(views))
    def remove(told: str, *looked: Any, language: str, visitor: str) -> Any:
        ids = list(dict.fromkeys(filter(None, told.partition("#")[0].split(","))))
        if len(ids) > MOST_REMOVED:
            raise SettingError(f"{len(ids)} paintings are to go at once: {MOST_REMOVED} may")
        for id in ids:
            with suppress(UnknownJobError):  # removed by somebody else
                actions.remove(id, visitor=visitor)
        id, other, cards = looked
        view = actions.view(id, language, visitor=visitor, cards=cards, beside=other)
        return [gr.skip(), *_updates(view)]

    # A look that was on its way when something else happened shows what stood there before: each of
    # these looks once more.
    def happens(event: Any, does: Any, given: Any, shown: Any, **options: Any) -> None:
        event(does, given, shown, **options).then(look, [*looked_at, digests], views, **DIRECT)

    parts.timer.tick(look, [*looked_at, digests], views, **DIRECT)
    happens(buttons["older"].click, look_back, looked_at, [count, *views], **DIRECT)
    blocks.load(load, None, [job, parts.summary, *views], **DIRECT)
    # A text that the script writes is a change; what a person types would be an input.
    opened = [job, beside, *views, notice_start]
    happens(hidden["open"].change, open_job, [hidden["open"], count], opened, **DIRECT)
    chosen = [hidden["set-beside"], job, count]
    happens(hidden["set-beside"].change, set_beside, chosen, [beside, *views], **DIRECT)
    form = [count, parts.content, *parts.styles, hidden["mask"], *parts.settings]
    started = [notice_start, job, beside, *views]
    happens(buttons["start"].click, start, form, started, **RAW)
    trial = [count, parts.content, *parts.settings]
    happens(buttons["all"].click, try_styles, trial, started, **RAW)
    happens(buttons["cancel"].click, cancel, looked_at, [notice_job, *views], **DIRECT)
    put = [notice_job, job, beside, *views]
    happens(buttons["remove"].click, put_away, [job, count], put, **DIRECT)
    buttons["clear"].click(put_away_litter, None, [notice_wall, notice_job], **DIRECT)
    removed = [notice_wall, *views]
    happens(hidden["remove"].change, remove, [hidden["remove"], *looked_at], removed, **DIRECT)
    form_wiring.wire(parts, actions, in_thread)
    recipe_wiring.wire(parts, blocks, in_thread)


def _left_out(drawing: Drawing, job: JobOut, language: str) -> str:
    """What is said of an earlier painting's masks that did not fit any more."""
    asked = {"style mask": drawing.style_masks, "keep": drawing.keep}
    left = [kind for kind, told in asked.items() if told and str(Role(kind)) not in job.inputs]
    keys = {"style mask": "style_masks_left", "keep": "keep_left"}
    return "".join(html.notice(phrase(language, keys[kind]), "mild") for kind in left)


def _digests(view: View) -> tuple[str, str]:
    return view.digest, view.older_digest


def _updates(view: View, before: tuple[str, str] = ("", "")) -> list[Any]:
    """What the components of `views` get for a view.

    Args:
        before: the digests of what they show; older cards, which may be many, are sent only where
            they look different.
    """
    job, files = view.job, view.files
    alive = job is not None and not job.ended
    downloads = [
        gr.update(visible=name in files, value=str(files[name]) if name in files else None)
        for name in ("png", "jpeg", "recipe")
    ]
    return [
        view.easel,
        view.gallery,
        gr.skip() if view.older_digest == before[1] else view.older,
        gr.Timer(active=view.busy),
        _digests(view),
        gr.update(visible=view.more),
        gr.update(visible=view.litter),
        *downloads,
        gr.update(visible=alive, interactive=alive and job is not None and not job.cancel_asked),
        gr.update(visible=job is not None and job.kind not in ELSEWHERE),
        gr.update(visible=job is not None and job.ended),
    ]
