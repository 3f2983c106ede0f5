"""What stands where on the page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import Any, cast

import gradio as gr
from gradio.i18n import I18nData

from impasto import samples
from impasto.service.page import html, widgets
from impasto.service.page.actions import MAX_STYLES
from impasto.service.page.controls import UP_FRONT, controls
from impasto.service.page.pictures import data_url
from impasto.service.page.texts import ENGLISH

__all__ = ["Parts", "layout"]

THUMB = 160  # px of a sample's picture


@dataclass(frozen=True)
class Parts:
    """The components that something happens to.

    Attributes:
        content, styles: where pictures are dropped.
        slots: the columns that hold `styles`.
        settings: the controls, in the order of `controls`.
        saved: the recipes that who runs the studio has saved.
        notices: a line under a group of controls: about pictures, about the start, about a job.
        hidden: hidden texts: the job on the easel; and, by which the page's own script speaks, a
            job to open, a sample that was picked, what the brush painted, a saved recipe.
        buttons: by what they do.
    """

    content: Any
    styles: list[Any]
    slots: list[Any]
    settings: list[Any]
    summary: Any
    saved: Any
    easel: Any
    cards: Any
    older: Any
    finished: Any
    slider: Any
    notices: dict[str, Any]
    hidden: dict[str, Any]
    buttons: dict[str, Any]
    timer: Any


def layout(t: Callable[[str], I18nData]) -> Parts:
    """Make all components, inside a `gr.Blocks`.

    Args:
        t: a text that the browser puts into its own language, by key.
    """
    hidden = {
        name: gr.Textbox(visible="hidden", elem_id=f"hidden-{name}", label=name, container=False)
        for name in ("job", "open", "pick", "mask", "recipe")
    }
    notices: dict[str, Any] = {}
    buttons: dict[str, Any] = {}
    setting_widgets: dict[str, Any] = {}
    by_name = {control.name: control for control in controls()}
    _html(
        '<div class="brand" aria-hidden="true">impasto</div><h1 class="unseen">impasto</h1>', "head"
    )
    gr.Markdown(t("tagline"), elem_id="tagline", container=False)
    with gr.Row(elem_id="desk"):
        with gr.Column(scale=5, min_width=320, elem_id="choices"):
            with gr.Row(elem_id="pictures"):
                content, _ = _drop("content", t("photograph"), t("drop_photograph"))
                places = [_drop("style-1", t("style"), t("drop_style"))]
                places += [
                    _drop(f"style-{n}", t(f"style_{n}"), t("drop_style"), visible=False)
                    for n in range(2, MAX_STYLES + 1)
                ]
            with gr.Row(elem_id="slots"):
                buttons["add"] = gr.Button(t("add_style"), size="sm", elem_classes="quiet")
                buttons["less"] = gr.Button(
                    t("drop_style_slot"), size="sm", elem_classes="quiet", visible=False
                )
            notices["pictures"] = _html("", "notice-pictures")
            gr.Markdown(t("try"), elem_classes="heading", container=False)
            _html(_strip(), "samples")
            setting_widgets["recipe"] = widgets.widget(by_name["recipe"], t)
            summary = _html("", "recipe-summary")
            saved = _html("", "saved")
            setting_widgets["strength"] = widgets.widget(by_name["strength"], t)
            buttons["start"] = gr.Button(t("start"), variant="primary", size="lg", elem_id="start")
            notices["start"] = _html("", "notice-start")
            _html('<div id="recipe-complaint"></div>', "recipe-complaint-frame")
            with gr.Accordion(t("mask"), open=False, elem_id="mask"):
                gr.Markdown(t("mask_help"), elem_classes="help", container=False)
                _html('<div id="brush"></div>', "brush-frame")
            with gr.Accordion(t("advanced"), open=False, elem_id="advanced"):
                setting_widgets |= widgets.advanced(t)
                with gr.Row():
                    buttons["reset"] = gr.Button(t("reset"), size="sm", elem_classes="quiet")
                    buttons["load"] = gr.UploadButton(
                        cast(str, t("load_recipe")),
                        size="sm",
                        elem_classes="quiet",
                        elem_id="load-recipe",
                    )
            # Always there, while a panel that is closed holds nothing.
            buttons["drop"] = gr.UploadButton("", visible="hidden", elem_id="drop-recipe")
        with gr.Column(scale=7, min_width=320, elem_id="result"):
            with gr.Column(visible=False, elem_id="finished") as finished:
                slider = gr.ImageSlider(
                    type="filepath",
                    label=cast(str, t("compare")),
                    show_label=False,
                    buttons=["fullscreen"],
                    max_height=620,
                    slider_position=0,  # the painting whole, until somebody wants to compare
                    elem_id="slider",
                )
            easel = _html(html.blank(), "easel")
            with gr.Row(elem_id="takeaway"):
                for name in ("png", "jpeg", "recipe_file"):
                    label = cast(str, t(name))  # as good as one to Gradio
                    buttons[name] = gr.DownloadButton(label, visible=False, size="md")
            with gr.Row(elem_id="verbs"):
                for name in ("cancel", "again", "remove"):
                    buttons[name] = gr.Button(
                        t(name), visible=False, size="md", elem_id=f"verb-{name}"
                    )
            notices["job"] = _html("", "notice-job")
    gr.Markdown(t("history"), elem_classes="heading big", container=False)
    cards, older = _html("", "cards"), _html("", "older")
    buttons["older"] = gr.Button(t("older"), visible=False, size="md", elem_id="more")
    assert set(setting_widgets) == {control.name for control in controls()}
    assert all(name in setting_widgets for name in UP_FRONT)
    return Parts(
        content=content,
        styles=[drop for drop, _ in places],
        slots=[slot for _, slot in places],
        settings=[setting_widgets[control.name] for control in controls()],
        summary=summary,
        saved=saved,
        easel=easel,
        cards=cards,
        older=older,
        finished=finished,
        slider=slider,
        notices=notices,
        hidden=hidden,
        buttons=buttons,
        timer=gr.Timer(0.8, active=False),
    )


def _html(text: str, id: str) -> Any:
    """HTML of our own; what comes from outside was escaped where it was put in."""
    # Not gr.HTML, which runs its content through a template compiled in the browser, and so
    # through an eval that the page's policy forbids.
    return gr.Markdown(
        text, sanitize_html=False, container=False, latex_delimiters=[], elem_id=id, padding=False
    )


def _drop(
    id: str, label: I18nData, placeholder: I18nData, *, visible: bool = True
) -> tuple[Any, Any]:
    """A place to drop a picture, and the column that holds it."""
    with gr.Column(min_width=130, visible=visible, elem_id=f"{id}-slot") as slot:
        drop = gr.Image(
            type="filepath",
            sources=["upload"],
            label=label,
            placeholder=cast(str, placeholder),
            buttons=[],
            height=208,
            elem_id=id,
            interactive=True,
        )
    return drop, slot


def _strip() -> str:
    """The samples as buttons with their pictures; the page's script says which was picked."""
    words_of = {"content": "sample_photograph", "style": "sample_style"}
    parts = []
    for kind, key in words_of.items():
        names = samples.names("content") if kind == "content" else samples.names("style")
        buttons = []
        for name in names:
            path = samples.content(name) if kind == "content" else samples.style(name)
            words = escape(ENGLISH[key].format(name=name))
            buttons.append(
                f'<button type="button" class="pick" data-pick="{kind}:{escape(name)}" '
                f'data-words="{key}" data-name="{escape(name)}" aria-label="{words}" '
                f'title="{escape(name)}"><img src="{data_url(path, THUMB)}" alt=""></button>'
            )
        parts.append(f'<div class="strip {kind}" role="group">{"".join(buttons)}</div>')
    return "".join(parts)
