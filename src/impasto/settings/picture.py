"""Recipe, strength and size of a painting."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator

from impasto.settings.fields import Group, Position, Shape, name_in, setting
from impasto.settings.registry import METHODS

__all__ = ["PictureSettings"]


class PictureSettings(Group):
    """Recipe, strength and size of a painting."""

    recipe: str = setting(
        "default",
        "Settings to start from: a recipe's name, a recipe FILE.toml, or a painting made with it.",
        "Recipe",
        everyday=True,
    )
    embed_recipe: bool = setting(
        True,
        "Keep in the painting how it was made: its settings, the names and hashes of its pictures.",
        "Recipe",
        off="--no-recipe",
        shapes_picture=False,
    )
    method: Annotated[str, name_in(METHODS)] = setting(
        "optimization",
        "How it is painted: optimization moves the pixels themselves, step by step; one-pass lets "
        "a network paint at once.",
        "Recipe",
        group=METHODS,
    )
    model: str | None = setting(
        None,
        "Network that paints in one pass, as `impasto train` wrote it; with ROW the style of that "
        "name that it was taught, several to blend them.",
        "Recipe",
        metavar="FILE[:ROW,…]",
        file=True,
        unset="the bundled one, which reads any style",
    )
    strength: float | None = setting(
        0.5,
        "From 0, nearly the photograph, to 1, nearly the style.",
        "Recipe",
        everyday=True,
        ge=0,
        le=1,
    )
    keep_faces: bool = setting(
        False,
        "Keep faces like themselves: they are found, and painted in finer strokes that leave eyes, "
        "mouth and features where they are.",
        "Recipe",
        everyday=True,
    )
    steps: int = setting(
        130,
        "How many steps: evaluations of loss and gradient, shared among the scales, which may need "
        "fewer.",
        "Recipe",
        everyday=True,
        ge=1,
        le=1_000_000,
    )
    seed: int = setting(
        0,
        "Seed of the noise that a painting may start from, and of the directions of the style "
        "loss sliced.",
        "Recipe",
        ge=0,
        lt=2**63,
    )
    size: int | None = setting(
        512, "Longest side of the picture.", "Size", ge=1, le=100_000, metavar="PX", everyday=True
    )
    shape: Shape | None = setting(
        None,
        "Exact height x width, in place of --size. A smaller photograph is enlarged. Or a ratio "
        "width:height, such as 1:1, as large as --size says.",
        "Size",
        metavar="HxW|W:H",
        unset="from --size",
        everyday=True,
    )
    fit: Literal["contain", "cover", "stretch"] = setting(
        "cover",
        "How the picture fills a shape: cover crops it, at --crop; contain keeps all of it, so one "
        "side may come out shorter; stretch distorts it.",
        "Size",
    )
    crop: Position = setting(
        "center",
        "What a crop keeps: the middle, a side, or the point X%,Y% from the left and the top.",
        "Size",
        metavar="center|top|bottom|left|right|X%,Y%",
    )
    style_fit: Literal["contain", "stretch"] = setting(
        "contain",
        "How the style image is fitted to the picture: to the same longest side, or stretched to "
        "its shape.",
        "Size",
    )
    style_scale: float = setting(
        1.0,
        "Size of the strokes. Below 1 finer, above coarser: how large the style image is read, as "
        "a multiple of the picture's longest side.",
        "Size",
        gt=0,
        le=10,
        everyday=True,
    )
    upscale: bool = setting(
        False,
        "Enlarge pictures that are smaller than asked for. The style image too.",
        "Size",
        everyday=True,
    )
    resample: Literal["bilinear", "bicubic", "lanczos"] = setting(
        "lanczos", "Filter that resizes the pictures.", "Size"
    )
    max_megapixels: float = setting(
        100.0,
        "Refuse pictures with more pixels than this.",
        "Size",
        gt=0,
        metavar="MP",
        scope="server",
        shapes_picture=False,
    )
    bits: Annotated[Literal["auto", "8", "16"], BeforeValidator(str)] = setting(
        "auto", "Bits per channel in the output; auto: 16 if the content image has 16.", "Size"
    )
