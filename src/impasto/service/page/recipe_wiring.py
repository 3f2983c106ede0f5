"""What happens when a recipe is loaded into the controls: from a file, or one that was saved."""

from __future__ import annotations

import secrets
from html import escape
from pathlib import Path
from typing import Any

import gradio as gr

from impasto.service.page import html, recipe_loading, settings_wiring, widgets
from impasto.service.page.controls import controls
from impasto.service.page.handlers import (
    DIRECT,
    RAW,
    Decorator,
    language_of_request,
    path_of,
    with_notice,
)
from impasto.service.page.layout import Parts
from impasto.service.page.texts import phrase

__all__ = ["chips", "wire"]


def wire(parts: Parts, blocks: gr.Blocks, in_thread: Decorator) -> None:
    """Connect what loads recipes, inside the `gr.Blocks` that holds the components.

    Args:
        in_thread: lets Gradio await a function that runs in a thread.
    """
    outputs = [parts.notices["start"], parts.summary, *parts.settings]

    def loaded(recipe: recipe_loading.LoadedRecipe, language: str) -> Any:
        chosen = dict(zip((c.name for c in controls()), recipe.values, strict=True))["recipe"]
        said = html.notice(recipe.sentence, "good") + html.mark("loaded", secrets.token_hex(4))
        updates = settings_wiring.updates(recipe.values, language)
        return [said, widgets.summary(chosen, language), *updates]

    @in_thread
    @with_notice(len(outputs) - 1)
    def from_file(payload: Any, *, language: str, visitor: str) -> Any:  # noqa: ARG001
        path = path_of(payload)
        if path is None:
            return [gr.skip()] * len(outputs)
        name = str(payload.get("orig_name") or Path(path).name)
        return loaded(recipe_loading.from_upload(Path(path), name, language), language)

    @in_thread
    @with_notice(len(outputs) - 1)
    def from_saved(told: str, *, language: str, visitor: str) -> Any:  # noqa: ARG001
        name, _, _ = told.rpartition("#")
        return loaded(recipe_loading.from_saved(name, language), language)

    @in_thread
    def offer(request: gr.Request) -> Any:
        return chips(recipe_loading.saved_names(), language_of_request(request))

    for button in (parts.buttons["load"], parts.buttons["drop"]):
        button.upload(from_file, button, outputs, **RAW)
    parts.hidden["recipe"].change(from_saved, parts.hidden["recipe"], outputs, **DIRECT)
    blocks.load(offer, None, parts.saved, **DIRECT)


def chips(names: list[str], language: str) -> str:
    """Saved recipes as buttons; empty for none.

    Example:
        >>> chips([], "en")
        ''
        >>> "data-recipe=\\"calm\\">calm</button>" in chips(["calm"], "en")
        True
    """
    if not names:
        return ""
    buttons = " · ".join(
        f'<button type="button" class="saved" data-recipe="{escape(n)}">{escape(n)}</button>'
        for n in names
    )
    words = escape(phrase(language, "saved_recipes"))
    return f'<div role="group" aria-label="{words}">{words} {buttons}</div>'
