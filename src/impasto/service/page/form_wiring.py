"""What happens in the form when: pictures dropped and picked, an earlier painting used again."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import gradio as gr

from impasto.errors import ImpastoError
from impasto.service.http.problems import Problem
from impasto.service.page import html, settings_wiring, widgets
from impasto.service.page.actions import BROWSER_FORMATS, Actions, JobInputs
from impasto.service.page.handlers import (
    DIRECT,
    RAW,
    Decorator,
    path_of,
    with_notice,
)
from impasto.service.page.layout import Parts
from impasto.service.page.masks import name_of
from impasto.service.page.sentences import in_words
from impasto.service.page.texts import phrase
from impasto.task import Role

__all__ = ["wire"]

RECIPE = 0  # its place among the controls


def wire(parts: Parts, actions: Actions, in_thread: Decorator) -> None:
    """Connect the form's components, inside the `gr.Blocks` that holds them.

    Args:
        in_thread: lets Gradio await a function that runs in a thread.
    """
    _wire_pictures(parts, actions, in_thread)
    settings_wiring.wire(parts)


def _wire_pictures(parts: Parts, actions: Actions, in_thread: Decorator) -> None:
    """Dropping and picking pictures, and how many styles there are."""
    count = gr.State(1)
    slots = parts.slots
    drops, notice = [parts.content, *parts.styles], parts.notices["pictures"]
    slot_buttons = [parts.buttons["add"], parts.buttons["less"]]

    @in_thread
    @with_notice(1)
    def drop_picture(payload: Any, *, language: str, visitor: str) -> Any:  # noqa: ARG001
        path = path_of(payload)
        if not path:
            return ["", gr.skip()]
        try:
            kind = actions.check(path, language)
        except (ImpastoError, Problem) as error:
            return [html.notice(in_words(str(error), language)), None]
        if kind in BROWSER_FORMATS:
            return ["", gr.skip()]
        name = path.rpartition("/")[2]
        sentence = phrase(language, "not_shown", name=name, kind=kind)
        return [html.notice(sentence, "mild"), gr.skip()]

    @in_thread
    @with_notice(len(drops))
    def pick_sample(
        pick: str,
        places: int,
        *styles: Any,
        language: str,  # noqa: ARG001
        visitor: str,  # noqa: ARG001
    ) -> Any:
        kind, _, name = pick.partition("#")[0].partition(":")
        path = str(actions.sample(kind, name))
        if kind == "content":
            return ["", path, *[gr.skip()] * len(styles)]
        free = [number for number in range(places) if not styles[number]]
        place = free[0] if free else places - 1
        return ["", gr.skip(), *[path if n == place else gr.skip() for n in range(len(styles))]]

    def more_slots(more: int) -> Callable[[int], Any]:
        def resize(places: int) -> Any:
            return _slots(min(len(slots), max(1, places + more)), parts, emptied=more < 0)

        return resize

    for drop in drops:
        drop.upload(drop_picture, drop, [notice, drop], **RAW)
    pick = parts.hidden["pick"]
    pick.change(pick_sample, [pick, count, *parts.styles], [notice, *drops], **RAW)
    outputs = [count, *slots, *parts.styles, *slot_buttons]
    parts.buttons["add"].click(more_slots(1), count, outputs, **DIRECT)
    parts.buttons["less"].click(more_slots(-1), count, outputs, **DIRECT)

    @in_thread
    @with_notice(1 + len(outputs) + len(parts.settings) + 1)
    def again(id: str, *, language: str, visitor: str) -> Any:
        job = actions.inputs_of(id, visitor=visitor)
        recipe = widgets.summary(job.values[RECIPE], language)
        settings = settings_wiring.updates(job.values, language)
        restored = _restored(id, job, language)
        if job.content is None:
            return [restored, gr.skip(), *[gr.skip()] * len(outputs), *settings, recipe]
        paths = [str(path) for path in job.styles]
        places = _slots(len(paths), parts, emptied=False)
        places[1 + len(slots) : 1 + 2 * len(slots)] = paths + [None] * (len(slots) - len(paths))
        return [restored, str(job.content), *places, *settings, recipe]

    parts.buttons["again"].click(
        again,
        parts.hidden["job"],
        [parts.notices["start"], parts.content, *outputs, *parts.settings, parts.summary],
        **DIRECT,
    )


def _restored(id: str, job: JobInputs, language: str) -> str:
    """What is said of an earlier painting that is used again, also to the brush."""
    loaded = html.mark("loaded", secrets.token_hex(4))  # twice is twice
    if job.content is None:
        return html.notice(phrase(language, "restored_settings"), "good") + loaded
    most = len(job.styles)
    masked = "restored_masks" if job.masks or job.style_masks or job.keep else "restored"
    key = "restored_some" if job.count > most else masked
    sentence = phrase(language, key, number=job.count, most=most)
    roles = (str(Role("mask", number)) for number in range(1, len(job.masks) + 1))
    told = {
        "turn": secrets.token_hex(4),
        "content": job.content.name,
        "masks": [
            {"kept": name_of(copy), "address": f"/api/jobs/{id}/inputs/{quote(role)}"}
            for copy, role in zip(job.masks, roles, strict=True)
        ],
        "style_masks": [name_of(copy) for copy in job.style_masks],
        "keep": name_of(job.keep) if job.keep else "",
        "photograph": job.content.stem,
        "styles": [copy.stem for copy in job.styles] if job.style_masks else [],
    }
    return html.notice(sentence, "good") + html.mark("again", json.dumps(told)) + loaded


def _slots(places: int, parts: Parts, *, emptied: bool) -> list[Any]:
    """So many places for styles: their number, columns, pictures and the two buttons."""
    count = len(parts.styles)
    columns = [gr.update(visible=number < places) for number in range(count)]
    pictures = [None if emptied and n >= places else gr.skip() for n in range(count)]
    return [
        places,
        *columns,
        *pictures,
        gr.update(visible=places < count),
        gr.update(visible=places > 1),
    ]
