"""What a painting is to be like: losses, layers and colours."""

from __future__ import annotations

from typing import Annotated, Literal

from impasto.settings.fields import Group, LayerWeights, Shares, name_in, setting
from impasto.settings.registry import LOSSES
from impasto.settings.tones import MOST_TONE, TONES, Palette, Tones

__all__ = ["LossSettings"]


class LossSettings(Group):
    """What a painting is to be like: losses, layers and colours."""

    content_weight: float | None = setting(
        None,
        "Factor of the content loss, in place of --strength.",
        "Losses",
        ge=0,
        unset="from --strength",
    )
    style_weight: float | None = setting(
        None,
        "Factor of the style loss, in place of --strength.",
        "Losses",
        ge=0,
        unset="from --strength",
    )
    tv_weight: float = setting(
        1.0, "Factor of the total variation loss, which smooths.", "Losses", ge=0
    )
    content_layers: LayerWeights = setting(
        {"relu3_1": 0.5, "relu4_2": 0.5},
        "Layers that hold the content, with their weights.",
        "Losses",
        metavar="NAME[=W],…",
    )
    style_layers: LayerWeights = setting(
        {"relu1_1": 1.0, "relu2_1": 1.0, "relu3_1": 1.0, "relu4_1": 1.0, "relu5_1": 1.0},
        "Layers that hold the style, with their weights.",
        "Losses",
        metavar="NAME[=W],…",
    )
    field_share: float = setting(
        0.4,
        "Leave a style layer out of scales where one place of it sees more than this share of the "
        "longest side: there it holds whole objects, which would be painted into the photograph. "
        "0: every layer at every scale.",
        "Losses",
        ge=0,
    )
    content_loss: Literal["relative", "mse"] = setting(
        "relative",
        "Mean squared difference, over the target's own variance, or as it is.",
        "Losses",
    )
    style_loss: Annotated[str, name_in(LOSSES)] = setting(
        "shifted",
        "What a style is: mean and covariance, with or without those between places apart; Gram "
        "matrices; a normal distribution; the whole distribution along random directions or "
        "channel by channel; or the chapter's Gram matrices as they are.",
        "Losses",
        group=LOSSES,
    )
    style_blend: Shares | None = setting(
        None,
        "Shares of several styles, in their order.",
        "Losses",
        metavar="W,W,…",
        unset="equal shares",
        everyday=True,
    )
    gram_heads: int = setting(
        1, "Split the channels into this many groups, each with its own matrix.", "Losses", ge=1
    )
    tv_loss: Literal["squared", "l1", "charbonnier", "vectorial"] = setting(
        "vectorial",
        "Squared differences of neighbours, the chapter's absolute ones, these made smooth, or "
        "smooth and alike in every direction, all colours together.",
        "Losses",
    )
    color: Literal["style", "luminance", "match", "histogram", "only"] = setting(
        "style",
        "Whose colours: the style's; the photograph's, exactly, in the painting's light and dark; "
        "the photograph's range of colours, by mean and covariance or by the whole histogram; or "
        "the style's on a photograph that is not painted.",
        "Colour",
        everyday=True,
    )
    palette: Palette | None = setting(
        None,
        "Colours to paint with. 1 to 12 of them, with their tints and shades: names, such as ochre "
        "or 石青, or #rrggbb; navy:3,gold has three times as much navy.",
        "Colour",
        metavar="COLOUR,…",
        unset="the style's own",
        everyday=True,
    )
    tone: Tones = setting(
        {},
        f"Tones of the painting. Each has an amount, up to {MOST_TONE:g}: {', '.join(TONES)}.",
        "Colour",
        metavar="TONE[=X],…",
        unset="as it comes",
    )
    content_chroma: float = setting(
        0.25,
        "Share of its colour that the photograph is seen with at --strength 0.5, under --color "
        "style: the less, the more the colours are the style's. More of it at a lower strength, "
        "less at a higher one, and the less the less the style's colours vary. 1: the photograph "
        "as it is.",
        "Colour",
        ge=0,
        le=1,
    )
    flat_colors: int = setting(
        0,
        "Paint from the photograph in so many flat colours, as a cartoon is laid in; 0: from all "
        "that it has.",
        "Colour",
        ge=0,
        le=64,
    )
    lines: float = setting(
        0.0,
        "How dark the lines are that are drawn on the photograph first, where its forms end.",
        "Colour",
        ge=0,
        le=1,
    )
