"""The settings as Gradio's controls, made from what the model says of each."""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby
from typing import Any

import gradio as gr
from gradio.i18n import I18n, I18nData

from impasto import samples
from impasto.service.page import settings_zh, texts
from impasto.service.page.choices import choice
from impasto.service.page.controls import UP_FRONT, Control, controls, values_of
from impasto.service.page.labels import words_of
from impasto.settings import StyleSettings
from impasto.settings.recipes import built_in

__all__ = ["advanced", "summary", "translations", "widget"]

CHINESE = ("zh", "zh-CN", "zh-TW", "zh-HK", "zh-SG")


def translations() -> I18n:
    """Every word of the page by key, for the browser to choose from."""
    english, chinese = dict(texts.ENGLISH), dict(texts.CHINESE)
    for language, words in (("en", english), ("zh", chinese)):
        words["try_all"] = texts.phrase(language, "try_all", number=len(samples.HIGHLIGHTS))
    for control in controls():
        for language, words in (("en", english), ("zh", chinese)):
            name, text = words_of(control, language)
            words[f"label.{control.name}"] = name
            words[f"help.{control.name}"] = text + (f" ({control.range})" if control.range else "")
            for value in control.choices:
                words[f"choice.{control.name}.{value}"] = choice(control.name, value, language)
        if control.unset is not None:
            english[f"unset.{control.name}"] = control.unset.replace("--", "")
            chinese[f"unset.{control.name}"] = settings_zh.UNSET.get(control.unset, control.unset)
        english[f"group.{control.group}"] = control.group
        chinese[f"group.{control.group}"] = settings_zh.GROUPS.get(control.group, control.group)
    # Browsers name a region with the language, and Gradio takes them at their word.
    return gr.I18n(en=english, **dict.fromkeys(CHINESE, chinese))


def summary(recipe: str, language: str) -> str:
    """What a recipe is for, in a line.

    Example:
        >>> summary("chapter", "en")
        'Dive into Deep Learning 14.12, number for number; fetches VGG-19 first, 575 MB'
    """
    english = built_in(recipe).summary
    return settings_zh.RECIPES.get(recipe, english) if language == "zh" else english


def widget(control: Control, t: Callable[[str], I18nData]) -> Any:
    """The control of one setting, which shows the default recipe's value."""
    defaults = dict(zip((c.name for c in controls()), values_of(StyleSettings()), strict=True))
    options: dict[str, Any] = {
        "value": defaults[control.name],
        "label": t(f"label.{control.name}"),
        "info": t(f"help.{control.name}"),
        "elem_id": f"setting-{control.name}",
        "interactive": True,
    }
    if control.unset is not None and control.kind != "slider":
        options["placeholder"] = t(f"unset.{control.name}")
    names = [(t(f"choice.{control.name}.{value}"), value) for value in control.choices]
    match control.kind:
        case _ if control.written:
            return gr.Textbox(max_lines=1, **options)
        case "switch":
            return gr.Checkbox(**options)
        case "choice" if control.name in UP_FRONT:
            return gr.Radio(names, **options | {"info": None})
        case "choice":
            options |= {"filterable": control.open, "allow_custom_value": control.open}
            return gr.Dropdown(names, **options)
        case "slider":
            return gr.Slider(control.low, control.high, step=0.01, buttons=[], **options)
        case _:
            step = 1 if control.kind == "whole" else None
            return gr.Number(precision=0 if step else None, **options)


def advanced(t: Callable[[str], I18nData]) -> dict[str, Any]:
    """Every setting that is not up front, by name, under its group's heading."""
    by_name = {}
    rest = [control for control in controls() if control.name not in UP_FRONT]
    for number, (group, members) in enumerate(groupby(rest, key=lambda control: control.group)):
        with (
            gr.Accordion(t(f"group.{group}"), open=number == 0, elem_classes="group"),
            gr.Row(elem_classes="settings"),
        ):
            for control in members:
                with gr.Column(min_width=200):
                    by_name[control.name] = widget(control, t)
    return by_name
