"""What happens when: the page's events, each a few lines between the components and `Actions`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gradio as gr

from impasto.errors import ImpastoError
from impasto.service.http.middleware import client_of
from impasto.service.http.problems import Problem
from impasto.service.page import panel, stage
from impasto.service.page.actions import SHOWN, Actions, View
from impasto.service.page.controls import controls, values_of
from impasto.service.page.layout import Parts
from impasto.service.page.texts import language, said
from impasto.settings import StyleSettings

__all__ = ["wire"]

# Not through Gradio's queue, where a call waits for others and its answer comes by a second
# request: all of these take milliseconds, and a page goes on by itself when the server was away.
DIRECT: dict[str, Any] = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}
# Gradio would decode the pictures that are dropped; without it a function gets what was sent.
RAW: dict[str, Any] = {**DIRECT, "preprocess": False}
RECIPE = 0  # its place among the controls


def wire(parts: Parts, actions: Actions, blocks: gr.Blocks) -> None:
    """Connect components and actions, inside the `gr.Blocks` that holds them."""
    marks = gr.State("")
    job, buttons = parts.said["job"], parts.buttons
    shown = [parts.easel, parts.wall, parts.finished, parts.slider, parts.timer, marks]
    shown += [buttons[name] for name in ("png", "jpeg", "recipe_file", "cancel", "again", "remove")]

    def look(id: str, mark: str, request: gr.Request) -> Any:
        view = actions.view(id, _language(request))
        return [gr.skip()] * len(shown) if view.mark == mark else _shown(view)

    def opened(asked: str, request: gr.Request) -> Any:
        id = asked.partition("#")[0]
        return [id, *_shown(actions.view(id, _language(request))), "", ""]

    def arrived(request: gr.Request) -> Any:
        asked, words = dict(request.query_params).get("job", ""), _language(request)
        return [asked, panel.summary("default", words), *_shown(actions.view(asked, words))]

    @_telling(1 + len(shown))
    def start(content: Any, *rest: Any, words: str, client: str) -> Any:
        count = len(parts.styles)
        styles, drawing, values = rest[:count], rest[count], rest[count + 1 :]
        made = actions.start(
            _path(content),
            [_path(style) for style in styles],
            str(drawing or ""),
            values,
            client=client,
            language=words,
        )
        return ["", made.id, *_shown(actions.view(made.id, words))]

    @_telling(len(shown))
    def cancel(id: str, *, words: str, client: str) -> Any:  # noqa: ARG001
        actions.cancel(id)
        return ["", *_shown(actions.view(id, words))]

    @_telling(1 + len(shown))
    def remove(id: str, *, words: str, client: str) -> Any:  # noqa: ARG001
        actions.remove(id)
        done = stage.notice(said(words, "removed"), "good")
        return [done, "", *_shown(actions.view("", words))]

    told_job, told_start = parts.told["job"], parts.told["start"]
    parts.timer.tick(look, [job, marks], shown, **DIRECT)
    blocks.load(arrived, None, [job, parts.summary, *shown], **DIRECT)
    # A text that the script writes is a change; what a person types would be an input.
    parts.said["open"].change(
        opened, parts.said["open"], [job, *shown, told_job, told_start], **DIRECT
    )
    given = [parts.content, *parts.styles, parts.said["mask"], *parts.settings]
    buttons["start"].click(start, given, [told_start, job, *shown], **RAW)
    buttons["cancel"].click(cancel, job, [told_job, *shown], **DIRECT)
    buttons["remove"].click(remove, job, [told_job, job, *shown], **DIRECT)
    _wire_pictures(parts, actions)
    _wire_settings(parts, actions)


def _wire_pictures(parts: Parts, actions: Actions) -> None:
    """Dropping and picking pictures, and how many styles there are."""
    count = gr.State(1)
    slots = parts.slots
    drops, told = [parts.content, *parts.styles], parts.told["pictures"]
    slot_buttons = [parts.buttons["add"], parts.buttons["less"]]

    @_telling(1)
    def dropped(payload: Any, *, words: str, client: str) -> Any:  # noqa: ARG001
        path = _path(payload)
        if not path:
            return ["", gr.skip()]
        try:
            kind = actions.check(path, words)
        except (ImpastoError, Problem) as error:
            return [stage.notice(str(error)), None]
        if kind in SHOWN:
            return ["", gr.skip()]
        name = path.rpartition("/")[2]
        return [stage.notice(said(words, "not_shown", name=name, kind=kind), "mild"), gr.skip()]

    @_telling(len(drops))
    def picked(pick: str, shown: int, *styles: Any, words: str, client: str) -> Any:  # noqa: ARG001
        kind, _, name = pick.partition("#")[0].partition(":")
        path = str(actions.sample(kind, name))
        if kind == "content":
            return ["", path, *[gr.skip()] * len(styles)]
        free = [number for number in range(shown) if not styles[number]]
        place = free[0] if free else shown - 1
        return ["", gr.skip(), *[path if n == place else gr.skip() for n in range(len(styles))]]

    def resized(more: int) -> Callable[[int], Any]:
        def resize(shown: int) -> Any:
            return _slots(min(len(slots), max(1, shown + more)), parts, emptied=more < 0)

        return resize

    for drop in drops:
        drop.upload(dropped, drop, [told, drop], **RAW)
    pick = parts.said["pick"]
    pick.change(picked, [pick, count, *parts.styles], [told, *drops], **RAW)
    outputs = [count, *slots, *parts.styles, *slot_buttons]
    parts.buttons["add"].click(resized(1), count, outputs, **DIRECT)
    parts.buttons["less"].click(resized(-1), count, outputs, **DIRECT)

    @_telling(1 + len(outputs) + len(parts.settings) + 1)
    def again(id: str, *, words: str, client: str) -> Any:  # noqa: ARG001
        found = actions.again(id)
        recipe = panel.summary(found.values[RECIPE], words)
        if found.content is None:
            told = stage.notice(said(words, "restored_settings"), "good")
            return [told, gr.skip(), *[gr.skip()] * len(outputs), *found.values, recipe]
        told = stage.notice(said(words, "restored"), "good")
        paths = [str(path) for path in found.styles]
        shown = _slots(len(paths), parts, emptied=False)
        shown[1 + len(slots) : 1 + 2 * len(slots)] = paths + [None] * (len(slots) - len(paths))
        return [told, str(found.content), *shown, *found.values, recipe]

    parts.buttons["again"].click(
        again,
        parts.said["job"],
        [parts.told["start"], parts.content, *outputs, *parts.settings, parts.summary],
        **DIRECT,
    )


def _wire_settings(parts: Parts, actions: Actions) -> None:  # noqa: ARG001
    """What a recipe or an optimizer brings along."""
    names = [control.name for control in controls()]
    by_name = dict(zip(names, parts.settings, strict=True))

    def from_recipe(recipe: str, request: gr.Request) -> Any:
        values = values_of(StyleSettings(recipe=recipe))
        return [panel.summary(recipe, _language(request)), *values]

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


def _shown(view: View) -> list[Any]:
    """What the components of `shown` get for a view."""
    job, files = view.job, view.files
    alive = job is not None and not job.state.ended
    pair = None if view.pair is None else tuple(str(path) for path in view.pair)
    downloads = [
        gr.update(visible=name in files, value=str(files[name]) if name in files else None)
        for name in ("png", "jpeg", "recipe")
    ]
    return [
        view.easel,
        view.wall,
        gr.update(visible=pair is not None),
        gr.skip() if pair is None else pair,
        gr.Timer(active=view.busy),
        view.mark,
        *downloads,
        gr.update(visible=alive, interactive=alive and job is not None and not job.cancel_asked),
        gr.update(visible=job is not None),
        gr.update(visible=job is not None and job.state.ended),
    ]


def _telling(others: int) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Let a function's first output be a line for the person: what went wrong, in one sentence.

    Args:
        others: how many outputs follow; they stay as they are when something went wrong.
    """

    def decorate(action: Callable[..., Any]) -> Callable[..., Any]:
        # Gradio passes the request to the parameter that is annotated so, wherever it stands.
        def told(request: gr.Request, *values: Any) -> Any:
            words, client = _language(request), _client(request)
            try:
                return action(*values, words=words, client=client)
            except (ImpastoError, Problem) as error:
                return [stage.notice(str(error)), *[gr.skip()] * others]

        # No functools.wraps: Gradio would look through it and miss the request.
        told.__name__ = action.__name__
        return told

    return decorate


def _path(payload: Any) -> str | None:
    """The file that a place for pictures holds; `Doors` has seen that it is one of ours."""
    path = payload.get("path") if isinstance(payload, dict) else None
    return path if isinstance(path, str) else None


def _language(request: gr.Request) -> str:
    return language(dict(request.headers).get("accept-language"))


def _client(request: gr.Request) -> str:
    client = request.client
    return client_of({"client": (client.host, 0) if client else None})
