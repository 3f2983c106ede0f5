"""What stands where on the page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import Any, cast

import gradio as gr
from gradio.i18n import I18nData

from impasto.service.page import html, widgets
from impasto.service.page.actions import MAX_STYLES
from impasto.service.page.controls import UP_FRONT, controls
from impasto.service.page.strip import strip
from impasto.service.page.texts import ENGLISH
from impasto.settings import recipes

__all__ = ["Parts", "layout"]

HEIGHT = 150  # px of a place to drop a picture: the button that starts stands above the fold
_HEAD = (
    '<div class="brand" aria-hidden="true">impasto</div><h1 class="unseen">impasto</h1>'
    '<p class="tagline" data-text="tagline"></p>'
    '<nav class="pages">'
    + "".join(
        f'<a class="language" href="{page}" data-text="{page}"></a>'
        for page in ("doodle", "letter", "portrait", "words", "film", "live")
    )
    + '<a class="language" data-language href="?"></a></nav>'
)


@dataclass(frozen=True)
class Parts:
    """The components that something happens to.

    Attributes:
        content, styles: where pictures are dropped.
        slots: the columns that hold `styles`.
        settings: the controls, in the order of `controls`.
        saved: the recipes that who runs the studio has saved.
        notices: a line under a group of controls: about pictures, about the start, about a job.
        hidden: hidden texts: the job on the easel, and the one beside it; and, by which the page's
            own script speaks, a job to open, one to set beside, jobs to remove, a sample that was
            picked, what the brush painted, a saved recipe.
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
        for name in ("job", "beside", "open", "set-beside", "remove", "pick", "mask", "recipe")
    }
    notices: dict[str, Any] = {}
    buttons: dict[str, Any] = {}
    setting_widgets: dict[str, Any] = {}
    by_name = {control.name: control for control in controls()}
    _html(_HEAD, "head")
    with gr.Row(elem_id="desk"):
        with gr.Column(scale=5, min_width=320, elem_id="choices"):
            _html(_heading("pictures", "unseen"), "pictures-heading")
            with gr.Row(elem_id="pictures"):
                content, _ = _drop("content", t("photograph"), t("drop_photograph"))
                places = [_drop("style-1", t("style"), t("drop_style"))]
                places += [
                    _drop(f"style-{n}", t(f"style_{n}"), t("drop_style"), visible=False)
                    for n in range(2, MAX_STYLES + 1)
                ]
            notices["pictures"] = _html("", "notice-pictures")
            _html('<div id="complaint"></div>', "complaint-frame")
            _html(strip(), "samples")
            with gr.Row(elem_id="slots"):
                buttons["add"] = gr.Button(
                    t("add_style"), size="sm", elem_classes="quiet", elem_id="add-style"
                )
                buttons["less"] = gr.Button(
                    t("drop_style_slot"), size="sm", elem_classes="quiet", visible=False
                )
                buttons["all"] = gr.Button(
                    t("try_all"), size="sm", elem_classes="quiet", elem_id="try-all"
                )
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
                _html(_textbook(), "textbook")
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
    with gr.Row(elem_id="wall"):
        _html(_heading("history"), "wall-heading")
        buttons["clear"] = gr.Button(
            t("clear_failed"), visible=False, elem_classes="quiet", elem_id="clear"
        )
    notices["wall"] = _html("", "notice-wall")
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
            height=HEIGHT,
            elem_id=id,
            interactive=True,
        )
    return drop, slot


def _heading(key: str, kind: str = "big") -> str:
    """A heading whose words the page's script puts into the person's language."""
    return f'<h2 class="{kind}" data-text="{key}">{escape(ENGLISH[key])}</h2>'


def _textbook() -> str:
    """The recipes of the literature as buttons, which choose them among the looks."""
    lines = []
    for name in recipes.TEXTBOOK:
        english = escape(recipes.built_in(name).summary)
        lines.append(
            f'<p><button type="button" class="look" data-look="{escape(name)}">{escape(name)}'
            f'</button> <span data-text="summary.{escape(name)}">{english}</span></p>'
        )
    return f"{_heading('textbook', 'small')}{''.join(lines)}"
