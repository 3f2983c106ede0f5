"""Recipes: named, complete sets of settings.

A recipe lists only where it differs from the defaults of `StyleSettings`, which *are* the recipe
`default`. `base_weights` are the content and style weight at `strength` 0.5.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from impasto.errors import UnknownNameError
from impasto.settings import registry

__all__ = ["MEANT_BEFORE", "RECIPES", "TEXTBOOK", "Recipe", "built_in", "recipe_names"]

# What was kept before a setting had a name goes on as it was meant: what that setting was then,
# where its default is another.
MEANT_BEFORE = MappingProxyType(
    {"content_chroma": 1.0, "detail": 0.0, "field_share": 0.0, "scale_tolerance": 0.0}
)


@dataclass(frozen=True)
class Recipe:
    """A named set of settings.

    Attributes:
        name: what it is called on the command line.
        summary: what it is for, one line.
        base_weights: (content, style) weight at strength 0.5.
        settings: what differs from the defaults of `StyleSettings`.
        differs: where it leaves its source, for those who compare.
    """

    name: str
    summary: str
    base_weights: tuple[float, float]
    settings: dict[str, Any] = field(default_factory=dict)
    differs: str = ""


_DEFAULT = Recipe(
    name="default",
    summary="photograph and style in balance; half a minute on a laptop, no download",
    base_weights=(1.5, 1.0),
)

_SUBTLE = Recipe(
    name="subtle",
    summary="the photograph first, with a touch of the brush",
    base_weights=_DEFAULT.base_weights,
    settings={"strength": 0.3},
)

_BOLD = Recipe(
    name="bold",
    summary="large strokes; the photograph is only their occasion",
    base_weights=_DEFAULT.base_weights,
    settings={"strength": 0.75, "style_scale": 1.5},
)

_KEEP_COLOURS = Recipe(
    name="keep-colours",
    summary="the style's strokes in your photograph's own colours",
    base_weights=_DEFAULT.base_weights,
    settings={"color": "luminance", "strength": 0.6},
)

_SKETCH = Recipe(
    name="sketch",
    summary="a small quick one, to see whether two pictures suit each other",
    base_weights=_DEFAULT.base_weights,
    settings={"size": 256, "steps": 50},
)

_PORTRAIT = Recipe(
    name="portrait",
    summary="a face that stays like itself, in fine strokes; what impasto portrait starts from",
    base_weights=_DEFAULT.base_weights,
    # With more of its colour a face is not grey among colours.
    settings={"keep_faces": True, "strength": 0.6, "content_chroma": 0.7},
)

_CARTOON = Recipe(
    name="cartoon",
    summary="flat colours and drawn lines, with a touch of the style",
    base_weights=_DEFAULT.base_weights,
    settings={
        "keep_faces": True,
        "flat_colors": 12,
        "lines": 1.0,
        "content_chroma": 1.0,
        "strength": 0.25,
    },
)

_CHAPTER = Recipe(
    name="chapter",
    summary="Dive into Deep Learning 14.12, number for number; fetches VGG-19 first, 575 MB",
    base_weights=(1.0, 1e4),
    settings={
        "backbone": "vgg19",
        "pooling": "max",
        "padding": "zero",
        "size": None,
        "shape": (300, 450),
        "fit": "stretch",
        "style_fit": "stretch",
        "resample": "bilinear",
        "coarsest": 0,
        "margin": 0.0,
        # The chapter asks for conv layers; torchvision's in-place ReLUs overwrite all but the last.
        "content_layers": {"relu4_4": 1.0},
        "style_layers": {
            "relu1_1": 1.0,
            "relu2_1": 1.0,
            "relu3_1": 1.0,
            "relu4_1": 1.0,
            "conv5_1": 1.0,
        },
        "field_share": 0.0,
        "content_chroma": 1.0,
        "content_loss": "mse",
        "style_loss": "gram-raw",
        "tv_loss": "l1",
        "strength": None,
        "content_weight": 1.0,
        "style_weight": 1e4,
        "tv_weight": 10.0,
        "init": "content",
        "detail": 0.0,
        "scale_tolerance": 0.0,
        "steps": 500,
        "optimizer": "adam",
        "lr": 0.3,
        "lr_schedule": "step",
        "lr_decay": 0.8,
        "lr_decay_every": 50,
        "lbfgs_sobolev": 0.0,
        "precision": "float32",
        # The other layout sums in another order, and a rounding flips a ReLU here and there:
        # gradients then differ by 1e-3 now and then (docs/decisions/0003-the-chapter.md).
        "channels_last": False,
    },
    differs="8-bit output is rounded, where torchvision's ToPILImage truncates",
)

# The paper's style loss of a layer, with N channels at M places, is the squared differences of F Fᵀ
# summed over N², over 4 N² M² (equations 3 and 4). Ours are those of F Fᵀ / (N M) averaged over N²,
# so the paper's is N² / 4 times ours. Each of the five layers has weight 1/5 (equation 5); over
# 64² / 20, which all have in common, (N / 64)² is left of each: 1, 4, 16, 64 and 64.
_GATYS_STYLE = {
    "relu1_1": 1.0,
    "relu2_1": 4.0,
    "relu3_1": 16.0,
    "relu4_1": 64.0,
    "relu5_1": 64.0,
}
# Its ratio of content to style, 1e-3, would be 5120 * 1e-3 to 1 here, at 512 x 512 px, and paints
# the photograph alone; this one was found by eye (docs/decisions/0019-vgg19.md).
_GATYS_WEIGHTS = (1.0, 1.5e4)  # content, style

_GATYS = Recipe(
    name="gatys",
    summary="Gatys, Ecker and Bethge (2016), from noise at one scale; VGG-19 comes by pip, 19 MB",
    base_weights=_GATYS_WEIGHTS,
    settings={
        "backbone": "vgg19-normalized",
        "pooling": "average",
        "padding": "zero",
        "size": 512,
        "coarsest": 0,
        "margin": 0.0,
        "content_layers": {"relu4_2": 1.0},
        "style_layers": _GATYS_STYLE,
        "field_share": 0.0,
        "content_chroma": 1.0,
        "content_loss": "mse",
        "style_loss": "gram-raw",
        "tv_loss": "squared",
        "strength": None,
        "content_weight": _GATYS_WEIGHTS[0],
        "style_weight": _GATYS_WEIGHTS[1],
        # The paper has none, and neural-style some: without it a grain of the noise is left.
        "tv_weight": 2.0,
        "init": "noise",
        "detail": 0.0,
        "scale_tolerance": 0.0,
        "steps": 500,
        "optimizer": "lbfgs",
        "lbfgs_sobolev": 0.0,
        "precision": "float32",
    },
    differs=(
        "the layers count as in the paper, but the ratio of content to style was found by eye, as "
        "the paper's paints the photograph alone; a little total variation takes away the grain "
        "that is left of the noise; the network's weights are kept as 256 values a "
        "layer, and its channels were measured on 150 photographs that are not the paper's"
    ),
)

_DOODLE = Recipe(
    name="doodle",
    summary="a drawing in flat colours, painted of a painting's own regions",
    # It begins with paint of the right place, which counts more than a photograph would.
    base_weights=(3.5, 1.0),
    settings={
        "steps": 100,
        # Its colours are the style's already.
        "content_chroma": 1.0,
        # What relu5_1 sees is larger than most regions: it would carry them over their edges.
        "style_layers": {"relu1_1": 1.0, "relu2_1": 1.0, "relu3_1": 1.0, "relu4_1": 1.0},
    },
)

# What it begins with shows the style's own pixels (docs/letter.md): a few steps at one scale mend
# seams and bring back the grain that is lost in means.
_LETTER = Recipe(
    name="letter",
    summary="words in the effect of another picture: what `impasto letter` paints with",
    base_weights=_DEFAULT.base_weights,
    settings={
        "coarsest": 0,
        "margin": 0.02,
        "content_chroma": 1.0,
        "tv_weight": 0.3,
        "detail": 0.0,
        "steps": 40,
    },
)

_LOOKS = (_DEFAULT, _SUBTLE, _BOLD, _KEEP_COLOURS, _SKETCH, _PORTRAIT, _CARTOON)
_ARRANGED = (_DOODLE, _LETTER)  # of what is no photograph, by the names of `arrangements.KINDS`
_LITERATURE = (_CHAPTER, _GATYS)
TEXTBOOK = tuple(recipe.name for recipe in _LITERATURE)  # methods of the literature, not looks
RECIPES = MappingProxyType({recipe.name: recipe for recipe in (*_LOOKS, *_ARRANGED, *_LITERATURE)})


def recipe_names() -> tuple[str, ...]:
    """Of the built-in recipes, ours and those of other packages."""
    return (*RECIPES, *(name for name in registry.names(registry.RECIPES) if name not in RECIPES))


def built_in(name: Any) -> Recipe:
    """The recipe of that name, ours or another package's; no file is looked for.

    Raises:
        UnknownNameError: there is none.

    Example:
        >>> built_in("gatys").name
        'gatys'
    """
    if isinstance(name, str) and name in RECIPES:
        return RECIPES[name]
    if not isinstance(name, str) or name not in recipe_names():
        raise UnknownNameError("recipe", str(name), recipe_names())
    recipe: Recipe = registry.load(registry.RECIPES, name)
    return recipe
