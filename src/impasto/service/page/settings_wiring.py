"""What happens among the settings when: what a recipe or an optimizer brings along, and what drives
the balance of content and style.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import gradio as gr

from impasto.errors import SettingError
from impasto.service.page import widgets
from impasto.service.page.controls import WEIGHTS, controls, values_of, weights_drive
from impasto.service.page.handlers import DIRECT, language_of_request
from impasto.service.page.labels import words_of
from impasto.service.page.layout import Parts
from impasto.service.page.texts import phrase
from impasto.settings import StyleSettings

__all__ = ["updates", "wire"]

# What is typed while an answer is awaited is answered too.
LATEST: dict[str, Any] = {**DIRECT, "trigger_mode": "always_last"}


def wire(parts: Parts) -> None:
    """Connect the settings' controls, inside the `gr.Blocks` that holds them."""
    names = [control.name for control in controls()]
    by_name = dict(zip(names, parts.settings, strict=True))
    weights = [by_name[name] for name in WEIGHTS]

    def from_recipe(recipe: str, request: gr.Request) -> Any:
        values, language = values_of(StyleSettings(recipe=recipe)), language_of_request(request)
        return [widgets.summary(recipe, language), *updates(values, language)]

    def rate(recipe: str, optimizer: Literal["lbfgs", "proximal", "adam"]) -> float:
        return StyleSettings(recipe=recipe, optimizer=optimizer).lr

    def grey(request: gr.Request, *values: Any) -> Any:
        try:
            return _strength(values, language_of_request(request))
        except SettingError:  # half a number; what is wrong is said when it shall be painted
            return gr.skip()

    def emptied() -> list[str]:
        return [""] * len(weights)  # a recipe's own weights, which a strength takes the place of

    outputs = [parts.summary, *parts.settings]
    by_name["recipe"].input(from_recipe, by_name["recipe"], outputs, **DIRECT)
    parts.buttons["reset"].click(from_recipe, by_name["recipe"], outputs, **DIRECT)
    both = [by_name["recipe"], by_name["optimizer"]]
    by_name["optimizer"].input(rate, both, by_name["lr"], **DIRECT)
    for weight in weights:
        weight.change(grey, parts.settings, by_name["strength"], **LATEST)
    by_name["strength"].input(emptied, None, weights, **LATEST)


def updates(values: Sequence[Any], language: str) -> list[Any]:
    """What the controls get to show values; the slider of strength is grey where weights drive.

    Args:
        values: in the order of `controls`, and valid.
        language: of its help.
    """
    shown = {control.name: value for control, value in zip(controls(), values, strict=True)}
    shown["strength"] = _strength(values, language, value=shown["strength"])
    return list(shown.values())


def _strength(values: Sequence[Any], language: str, **more: Any) -> Any:
    """Whether the slider of strength can be moved, and what is said of it."""
    words = {control.name: words_of(control, language) for control in controls()}
    driven = weights_drive(values)
    content, style = (words[name][0] for name in WEIGHTS)
    off = phrase(language, "strength_off", content=content, style=style)
    return gr.update(interactive=not driven, info=off if driven else words["strength"][1], **more)
