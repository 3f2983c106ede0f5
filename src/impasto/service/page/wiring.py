"""What happens when: the page's events, each a few lines between the components and `Actions`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import anyio
import anyio.to_thread
import gradio as gr

from impasto.errors import ImpastoError
from impasto.service.http.problems import Problem
from impasto.service.page import html, widgets
from impasto.service.page.actions import BROWSER_FORMATS, Actions, View
from impasto.service.page.controls import controls, values_of
from impasto.service.page.layout import Parts
from impasto.service.page.texts import language_of, said
from impasto.settings import StyleSettings

__all__ = ["wire"]

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

# Not through Gradio's queue, where a call waits for others and its answer comes by a second
# request: all of these take milliseconds, and a page goes on by itself when the server was away.
DIRECT: dict[str, Any] = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}
# Gradio would decode the pictures that are dropped; without it a function gets what was sent.
RAW: dict[str, Any] = {**DIRECT, "preprocess": False}
RECIPE = 0  # its place among the controls
THREADS = 40  # of the page's own: those of the application answer what the page asks of its API


def wire(parts: Parts, actions: Actions, blocks: gr.Blocks) -> None:
    """Connect components and actions, inside the `gr.Blocks` that holds them."""
    digest = gr.State("")
    threaded = _threaded(anyio.CapacityLimiter(THREADS))
    job, buttons = parts.hidden["job"], parts.buttons
    shown = [parts.easel, parts.cards, parts.finished, parts.slider, parts.timer, digest]
    shown += [buttons[name] for name in ("png", "jpeg", "recipe_file", "cancel", "again", "remove")]

    @threaded
    def look(request: gr.Request, id: str, before: str) -> Any:
        view = actions.view(id, _language(request), visitor=_visitor(request))
        return [gr.skip()] * len(shown) if view.digest == before else _updates(view)

    @threaded
    def open_job(request: gr.Request, asked: str) -> Any:
        id = asked.partition("#")[0]
        view = actions.view(id, _language(request), visitor=_visitor(request))
        return [id, *_updates(view), "", ""]

    @threaded
    def load(request: gr.Request) -> Any:
        id, language = dict(request.query_params).get("job", ""), _language(request)
        view = actions.view(id, language, visitor=_visitor(request))
        return [id, widgets.summary("default", language), *_updates(view)]

    @threaded
    @_with_notice(1 + len(shown))
    def start(content: Any, *rest: Any, language: str, visitor: str) -> Any:
        count = len(parts.styles)
        styles, drawing, values = rest[:count], rest[count], rest[count + 1 :]
        job = actions.start(
            _path(content),
            [_path(style) for style in styles],
            str(drawing or ""),
            values,
            visitor=visitor,
            language=language,
        )
        return ["", job.id, *_updates(actions.view(job.id, language, visitor=visitor))]

    @threaded
    @_with_notice(len(shown))
    def cancel(id: str, *, language: str, visitor: str) -> Any:
        actions.cancel(id, visitor=visitor)
        return ["", *_updates(actions.view(id, language, visitor=visitor))]

    @threaded
    @_with_notice(1 + len(shown))
    def remove(id: str, *, language: str, visitor: str) -> Any:
        actions.remove(id, visitor=visitor)
        done = html.notice(said(language, "removed"), "good")
        return [done, "", *_updates(actions.view("", language, visitor=visitor))]

    notice_job, notice_start = parts.notices["job"], parts.notices["start"]
    parts.timer.tick(look, [job, digest], shown, **DIRECT)
    blocks.load(load, None, [job, parts.summary, *shown], **DIRECT)
    # A text that the script writes is a change; what a person types would be an input.
    parts.hidden["open"].change(
        open_job, parts.hidden["open"], [job, *shown, notice_job, notice_start], **DIRECT
    )
    asked = [parts.content, *parts.styles, parts.hidden["mask"], *parts.settings]
    buttons["start"].click(start, asked, [notice_start, job, *shown], **RAW)
    buttons["cancel"].click(cancel, job, [notice_job, *shown], **DIRECT)
    buttons["remove"].click(remove, job, [notice_job, job, *shown], **DIRECT)
    _wire_pictures(parts, actions, threaded)
    _wire_settings(parts)


def _wire_pictures(parts: Parts, actions: Actions, threaded: Decorator) -> None:
    """Dropping and picking pictures, and how many styles there are."""
    count = gr.State(1)
    slots = parts.slots
    drops, notice = [parts.content, *parts.styles], parts.notices["pictures"]
    slot_buttons = [parts.buttons["add"], parts.buttons["less"]]

    @threaded
    @_with_notice(1)
    def drop_picture(payload: Any, *, language: str, visitor: str) -> Any:  # noqa: ARG001
        path = _path(payload)
        if not path:
            return ["", gr.skip()]
        try:
            kind = actions.check(path, language)
        except (ImpastoError, Problem) as error:
            return [html.notice(str(error)), None]
        if kind in BROWSER_FORMATS:
            return ["", gr.skip()]
        name = path.rpartition("/")[2]
        unseen = said(language, "not_shown", name=name, kind=kind)
        return [html.notice(unseen, "mild"), gr.skip()]

    @threaded
    @_with_notice(len(drops))
    def pick_sample(
        pick: str,
        shown: int,
        *styles: Any,
        language: str,  # noqa: ARG001
        visitor: str,  # noqa: ARG001
    ) -> Any:
        kind, _, name = pick.partition("#")[0].partition(":")
        path = str(actions.sample(kind, name))
        if kind == "content":
            return ["", path, *[gr.skip()] * len(styles)]
        free = [number for number in range(shown) if not styles[number]]
        place = free[0] if free else shown - 1
        return ["", gr.skip(), *[path if n == place else gr.skip() for n in range(len(styles))]]

    def more_slots(more: int) -> Callable[[int], Any]:
        def resize(shown: int) -> Any:
            return _slots(min(len(slots), max(1, shown + more)), parts, emptied=more < 0)

        return resize

    for drop in drops:
        drop.upload(drop_picture, drop, [notice, drop], **RAW)
    pick = parts.hidden["pick"]
    pick.change(pick_sample, [pick, count, *parts.styles], [notice, *drops], **RAW)
    outputs = [count, *slots, *parts.styles, *slot_buttons]
    parts.buttons["add"].click(more_slots(1), count, outputs, **DIRECT)
    parts.buttons["less"].click(more_slots(-1), count, outputs, **DIRECT)

    @threaded
    @_with_notice(1 + len(outputs) + len(parts.settings) + 1)
    def again(id: str, *, language: str, visitor: str) -> Any:
        job = actions.inputs_of(id, visitor=visitor)
        recipe = widgets.summary(job.values[RECIPE], language)
        if job.content is None:
            done = html.notice(said(language, "restored_settings"), "good")
            return [done, gr.skip(), *[gr.skip()] * len(outputs), *job.values, recipe]
        done = html.notice(said(language, "restored"), "good")
        paths = [str(path) for path in job.styles]
        shown = _slots(len(paths), parts, emptied=False)
        shown[1 + len(slots) : 1 + 2 * len(slots)] = paths + [None] * (len(slots) - len(paths))
        return [done, str(job.content), *shown, *job.values, recipe]

    parts.buttons["again"].click(
        again,
        parts.hidden["job"],
        [parts.notices["start"], parts.content, *outputs, *parts.settings, parts.summary],
        **DIRECT,
    )


def _wire_settings(parts: Parts) -> None:
    """What a recipe or an optimizer brings along."""
    names = [control.name for control in controls()]
    by_name = dict(zip(names, parts.settings, strict=True))

    def from_recipe(recipe: str, request: gr.Request) -> Any:
        values = values_of(StyleSettings(recipe=recipe))
        return [widgets.summary(recipe, _language(request)), *values]

    def rate(recipe: str, optimizer: str) -> float:
        return StyleSettings(recipe=recipe, optimizer=optimizer).lr

    outputs = [parts.summary, *parts.settings]
    by_name["recipe"].input(from_recipe, by_name["recipe"], outputs, **DIRECT)
    parts.buttons["reset"].click(from_recipe, by_name["recipe"], outputs, **DIRECT)
    chosen = [by_name["recipe"], by_name["optimizer"]]
    by_name["optimizer"].input(rate, chosen, by_name["lr"], **DIRECT)


def _slots(shown: int, parts: Parts, *, emptied: bool) -> list[Any]:
    """So many places for styles: their number, columns, pictures and the two buttons."""
    count = len(parts.styles)
    columns = [gr.update(visible=number < shown) for number in range(count)]
    pictures = [None if emptied and n >= shown else gr.skip() for n in range(count)]
    return [
        shown,
        *columns,
        *pictures,
        gr.update(visible=shown < count),
        gr.update(visible=shown > 1),
    ]


def _updates(view: View) -> list[Any]:
    """What the components of `shown` get for a view."""
    job, files = view.job, view.files
    alive = job is not None and not job.ended
    pair = None if view.pair is None else tuple(str(path) for path in view.pair)
    downloads = [
        gr.update(visible=name in files, value=str(files[name]) if name in files else None)
        for name in ("png", "jpeg", "recipe")
    ]
    return [
        view.easel,
        view.gallery,
        gr.update(visible=pair is not None),
        gr.skip() if pair is None else pair,
        gr.Timer(active=view.busy),
        view.digest,
        *downloads,
        gr.update(visible=alive, interactive=alive and job is not None and not job.cancel_asked),
        gr.update(visible=job is not None),
        gr.update(visible=job is not None and job.ended),
    ]


def _with_notice(others: int) -> Decorator:
    """Let a function's first output be a line for the person: what went wrong, in one sentence.

    The function gets the person's `language` and address (`visitor`) beside its values.

    Args:
        others: how many outputs follow; they stay as they are when something went wrong.
    """

    def decorate(action: Callable[..., Any]) -> Callable[..., Any]:
        def answer(request: gr.Request, *values: Any) -> Any:
            try:
                return action(*values, language=_language(request), visitor=_visitor(request))
            except (ImpastoError, Problem) as error:
                return [html.notice(str(error)), *[gr.skip()] * others]

        return answer

    return decorate


def _threaded(limiter: anyio.CapacityLimiter) -> Decorator:
    """Let Gradio await a function that runs in one of the page's own threads.

    In Gradio's way it would run in one of the application's, of which there are as many; were all
    of them taken by the page, none would be left for the API that each of them waits for.

    Args:
        limiter: of the page's threads.
    """

    def decorate(action: Callable[..., Any]) -> Callable[..., Any]:
        # Gradio passes the request to the parameter that is annotated so, wherever it stands. No
        # functools.wraps: it would look through it.
        async def answer(request: gr.Request, *values: Any) -> Any:
            return await anyio.to_thread.run_sync(action, request, *values, limiter=limiter)

        return answer

    return decorate


def _path(payload: Any) -> str | None:
    """The file that a place for pictures holds; `AllowList` has seen that it is one of ours."""
    path = payload.get("path") if isinstance(payload, dict) else None
    return path if isinstance(path, str) else None


def _language(request: gr.Request) -> str:
    return language_of(dict(request.headers).get("accept-language"))


def _visitor(request: gr.Request) -> str:
    """The address by which limits count a person."""
    return request.client.host if request.client else "unknown"
