"""How the page looks: warm paper, ink, two accents, and fonts that come with Gradio."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import gradio as gr
from gradio.themes.utils.colors import Color
from gradio.themes.utils.fonts import LocalFont
from PIL import Image, ImageDraw

from impasto.reports.sheet import INK, PAPER

__all__ = ["favicon", "style", "theme"]

ACCENT, SECOND = "#c4523b", "#2f6f8f"
_PAPER = ["#fdfcf9", "#faf8f3", "#f3efe6", "#e8e2d5", "#d8d0bf", "#b3a997"]
_INK = ["#8a8378", "#6d665c", "#544e45", "#3a3630", "#2b2823"]
_WARM = ["#fdf3f0", "#fae3dc", "#f4c6b9", "#eaa28f", "#dc7a62", "#c4523b"]
_DEEP = ["#b04631", "#923827", "#6f2b1e", "#4d1f16", "#33140e"]
_NAMES = ("c50", "c100", "c200", "c300", "c400", "c500", "c600", "c700", "c800", "c900", "c950")


def theme() -> gr.themes.Base:
    """Gradio's theme, light also where the browser is dark: paintings are judged on paper."""
    base = gr.themes.Base(
        primary_hue=_color("brick", _WARM + _DEEP),
        secondary_hue=_color("brick", _WARM + _DEEP),
        neutral_hue=_color("paper", _PAPER + _INK),
        radius_size=gr.themes.sizes.radius_md,
        font=[
            LocalFont("Source Sans Pro", weights=(400, 700)),
            "system-ui",
            "PingFang SC",
            "Microsoft YaHei",
            "sans-serif",
        ],
        font_mono=["ui-monospace", "Menlo", "Consolas", "monospace"],
    ).set(
        body_background_fill="#faf8f3",
        body_text_color="#3a3630",
        body_text_color_subdued="#6d665c",
        background_fill_primary="#fffefb",
        background_fill_secondary="#f3efe6",
        block_background_fill="#fffefb",
        block_border_color="#e8e2d5",
        block_border_width="1px",
        block_shadow="none",
        block_label_background_fill="#fffefb",
        block_label_text_color="#6d665c",
        block_label_border_color="#e8e2d5",
        block_title_text_color="#3a3630",
        block_title_text_weight="600",
        block_info_text_color="#6d665c",
        border_color_primary="#e8e2d5",
        border_color_accent="#c4523b",
        input_background_fill="#fdfcf9",
        input_border_color="#d8d0bf",
        input_border_width="1px",
        input_placeholder_color="#8a8378",
        button_primary_background_fill=ACCENT,
        button_primary_background_fill_hover="#b04631",
        button_primary_text_color="#ffffff",
        button_secondary_background_fill="#fffefb",
        button_secondary_background_fill_hover="#f3efe6",
        button_secondary_text_color="#3a3630",
        button_secondary_border_color="#d8d0bf",
        button_border_width="1px",
        slider_color=ACCENT,
        checkbox_background_color_selected=ACCENT,
        checkbox_border_color_selected=ACCENT,
        color_accent=ACCENT,
        color_accent_soft="#fae3dc",
        link_text_color=SECOND,
    )
    for name in [name for name in vars(base) if name.endswith("_dark")]:
        setattr(base, name, getattr(base, name.removesuffix("_dark"), None))
    return base


def style() -> str:
    """The page's own style sheet."""
    return (files(__package__) / "page.css").read_text("utf-8")


def favicon(folder: Path) -> Path:
    """Draw the page's small picture, three strokes on paper, into a folder; its path."""
    path = folder / "impasto.png"
    side = 256
    drawing = Image.new("RGBA", (side, side), (0, 0, 0, 0))
    pen = ImageDraw.Draw(drawing)
    pen.rounded_rectangle((0, 0, side - 1, side - 1), 56, (*PAPER, 255))
    strokes: list[tuple[str | tuple[int, ...], int]] = [(SECOND, 208), (ACCENT, 176), (INK, 128)]
    for row, (colour, right) in enumerate(strokes):
        top = 62 + row * 50
        pen.rounded_rectangle((48, top, right, top + 34), 17, colour)
    drawing.resize((64, 64), Image.Resampling.LANCZOS).save(path)
    return path


def _color(name: str, shades: list[str]) -> Color:
    return Color(name=name, **dict(zip(_NAMES, shades, strict=True)))
