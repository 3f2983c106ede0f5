"""Every setting of a painting, written once.

The command line, the docs and whatever comes later read names, types, bounds, units, defaults and
help lines off `StyleSettings.model_fields`; nothing lists a setting a second time.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from impasto.errors import SettingError, UnknownNameError
from impasto.resolve import EXCLUSIVE, Weights, filled, setting_error, weights_at
from impasto.spelling import parse_layers, parse_shape

__all__ = ["StyleSettings", "Weights"]

STARTS = ("content", "noise", "blend", "style")

LayerWeights = Annotated[dict[str, Annotated[float, Field(ge=0)]], BeforeValidator(parse_layers)]
Shape = Annotated[
    tuple[Annotated[int, Field(ge=1, le=100_000)], Annotated[int, Field(ge=1, le=100_000)]],
    BeforeValidator(parse_shape),
]


def _setting(default: Any, help: str, group: str, **more: Any) -> Any:
    """A field with what the command line and the docs need beside pydantic's own."""
    extra = {key: more.pop(key, None) for key in ("metavar", "flag", "unset")}
    return Field(default, description=help, json_schema_extra={"group": group, **extra}, **more)


class StyleSettings(BaseModel):
    """How a picture is painted. What is not given comes from `recipe`.

    Raises:
        SettingError: on any value out of its range, unknown key or contradiction.

    Example:
        >>> StyleSettings(recipe="chapter").steps
        500
        >>> StyleSettings(recipe="chapter", steps=20).weights
        Weights(content=1.0, style=10000.0, tv=10.0)
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    recipe: str = _setting(
        "default", "Settings to start from: a recipe's name, or a recipe FILE.toml.", "Recipe"
    )
    strength: float | None = _setting(
        0.5,
        "From 0, nearly the photograph, to 1, nearly the style; takes the place of the content "
        "and style weights.",
        "Recipe",
        ge=0,
        le=1,
    )
    steps: int = _setting(
        250,
        "Evaluations of loss and gradient, shared among the scales.",
        "Recipe",
        ge=1,
        le=1_000_000,
    )
    seed: int = _setting(
        0, "Seed of the noise that a painting may start from.", "Recipe", ge=0, lt=2**63
    )

    size: int | None = _setting(
        512, "Longest side of the picture.", "Size", ge=1, le=100_000, metavar="PX"
    )
    shape: Shape | None = _setting(
        None,
        "Exact height and width, in place of --size.",
        "Size",
        metavar="HxW",
        unset="from --size",
    )
    fit: Literal["contain", "cover", "stretch"] = _setting(
        "cover",
        "How a shape is met: the whole picture inside it, its middle cropped, or stretched.",
        "Size",
    )
    style_fit: Literal["contain", "stretch"] = _setting(
        "contain",
        "How the style image meets the picture: longest sides alike, or stretched onto it.",
        "Size",
    )
    upscale: bool = _setting(
        False, "Enlarge pictures that are smaller than asked, the style image too.", "Size"
    )
    resample: Literal["bilinear", "bicubic", "lanczos"] = _setting(
        "lanczos", "Filter that resizes the pictures.", "Size"
    )
    max_megapixels: float = _setting(
        100.0, "Refuse pictures with more pixels than this.", "Size", gt=0, metavar="MP"
    )
    bits: Annotated[Literal["auto", "8", "16"], BeforeValidator(str)] = _setting(
        "auto", "Bits a channel in the output; auto: 16 if the content image has 16.", "Size"
    )

    content_weight: float | None = _setting(
        None,
        "Factor of the content loss, in place of --strength.",
        "Losses",
        ge=0,
        unset="from --strength",
    )
    style_weight: float | None = _setting(
        None,
        "Factor of the style loss, in place of --strength.",
        "Losses",
        ge=0,
        unset="from --strength",
    )
    tv_weight: float = _setting(
        1.0, "Factor of the total variation loss, which smooths.", "Losses", ge=0
    )
    content_layers: LayerWeights = _setting(
        {"relu3_1": 0.5, "relu4_2": 0.5},
        "Layers that hold the content, with their weights.",
        "Losses",
        metavar="NAME[=W],…",
    )
    style_layers: LayerWeights = _setting(
        {"relu1_1": 1.0, "relu2_1": 1.0, "relu3_1": 1.0, "relu4_1": 1.0, "relu5_1": 1.0},
        "Layers that hold the style, with their weights.",
        "Losses",
        metavar="NAME[=W],…",
    )
    content_loss: Literal["relative", "mse"] = _setting(
        "relative",
        "Mean squared difference, over the target's own variance, or as it is.",
        "Losses",
    )
    style_loss: Literal["moments", "gram-raw"] = _setting(
        "moments",
        "Mean and covariance, divided by the target's own; or the chapter's Gram matrices.",
        "Losses",
    )
    gram_heads: int = _setting(
        1, "Split the channels into so many groups, each with its own matrix.", "Losses", ge=1
    )
    tv_loss: Literal["squared", "l1", "charbonnier", "vectorial"] = _setting(
        "vectorial",
        "Squared differences of neighbours, the chapter's absolute ones, these made smooth, or "
        "smooth and alike in every direction, all colours together.",
        "Losses",
    )

    init: str = _setting(
        "content",
        "Start from content, noise, blend (content and noise), style (noise in the style's "
        "colours) or image:FILE (stretched onto the picture).",
        "Start",
        metavar="START",
    )
    noise: float = _setting(0.3, "Share of noise in a blend.", "Start", ge=0, le=1)
    coarsest: int = _setting(
        128,
        "Longest side of the coarsest scale; each further one is twice as large. 0: a single "
        "scale.",
        "Start",
        ge=0,
        le=100_000,
        metavar="PX",
    )
    margin: float = _setting(
        0.05,
        "Share of the longest side that is painted beyond each edge, as in a mirror, and cut off "
        "at the end: keeps the edges clean.",
        "Start",
        ge=0,
        le=0.5,
    )
    coarse_share: float = _setting(
        1.4,
        "How many times the steps of the next finer scale a scale gets.",
        "Start",
        gt=0,
        le=100,
    )

    optimizer: Literal["lbfgs", "adam"] = _setting("lbfgs", "What moves the pixels.", "Optimizer")
    lr: float = _setting(
        1.0,
        "Learning rate, in units of standardised pixels for adam.",
        "Optimizer",
        gt=0,
        le=1000,
        unset="1 for lbfgs, 0.05 for adam",
    )
    lr_schedule: Literal["constant", "step", "cosine"] = _setting(
        "constant", "How adam's learning rate falls within a scale.", "Optimizer"
    )
    lr_decay: float = _setting(0.8, "Factor of the step schedule.", "Optimizer", gt=0, le=1)
    lr_decay_every: int = _setting(
        50, "Steps between two decays of the step schedule.", "Optimizer", ge=1
    )
    lbfgs_history: int = _setting(
        10, "Pairs of differences L-BFGS remembers.", "Optimizer", ge=1, le=100
    )

    lbfgs_sobolev: float = _setting(
        5.0,
        "How much L-BFGS holds back fine detail in its moves; 0: plain L-BFGS.",
        "Optimizer",
        ge=0,
        le=1000,
    )

    backbone: str = _setting("slim", "Network whose features define the losses.", "Backbone")
    weights_file: str | None = _setting(
        None,
        "Weights of the backbone from a .pth or .safetensors file with torchvision's key names.",
        "Backbone",
        metavar="FILE",
        flag="--weights",
        unset="the backbone's own",
    )
    pooling: Literal["auto", "max", "average"] = _setting(
        "auto", "Pooling of the backbone; auto is what it learnt with.", "Backbone"
    )
    padding: Literal["zero", "reflect", "replicate"] = _setting(
        "reflect", "Padding of the backbone's convolutions.", "Backbone"
    )

    device: str = _setting(
        "auto", "auto (CUDA, then MPS, then CPU), cpu, cuda, cuda:N or mps.", "Machine"
    )
    precision: Literal["float32", "bf16"] = _setting(
        "float32", "Precision of the features; bf16 is for CUDA.", "Machine"
    )
    threads: int | None = _setting(
        None, "How many CPU threads torch uses.", "Machine", ge=1, le=1024, unset="torch's choice"
    )
    deterministic: bool = _setting(
        False, "Give the same bytes each time on CUDA too; a CPU always does.", "Machine"
    )
    channels_last: bool = _setting(
        True, "Keep features channels-last, which is faster on most processors.", "Machine"
    )
    compile: bool = _setting(False, "Compile the backbone with torch.compile first.", "Machine")
    force: bool = _setting(False, "Start even if memory seems too short.", "Machine")

    def __init__(self, **given: Any) -> None:
        try:
            super().__init__(**given)
        except ValidationError as error:
            raise setting_error(error, type(self).model_fields) from None

    @model_validator(mode="before")
    @classmethod
    def _fill_from_recipe(cls, data: Any) -> Any:
        """Let the recipe give what the caller did not."""
        return filled(data)

    @model_validator(mode="after")
    def _check_together(self) -> Self:
        content, style, _ = self.weights
        if not (content and any(self.content_layers.values())) and not (
            style and any(self.style_layers.values())
        ):
            raise SettingError(
                "the weights of content and style, or of all their layers, are 0: nothing would "
                "guide the painting, so give one of them a weight above 0"
            )
        if self.init not in STARTS and not self.init.startswith("image:"):
            raise UnknownNameError("start", self.init, [*STARTS, "image:FILE"])
        return self

    def but(self, **given: Any) -> StyleSettings:
        """These settings with some replaced; strength and weights still drive each other out.

        Raises:
            SettingError: as for `StyleSettings`; or if `recipe` is among them, which would
                replace all the others.

        Example:
            >>> StyleSettings(recipe="chapter").but(strength=0.9).style_weight is None
            True
        """
        if "recipe" in given:
            raise SettingError(
                "recipe is where settings start from: give it when they are made, as in "
                f"StyleSettings(recipe={given['recipe']!r})"
            )
        kept = self.model_dump()
        dropped: set[str] = set()
        named = {name for name, value in given.items() if value is not None}
        for one, other, _ in EXCLUSIVE:
            dropped |= other if named & one else set()
            dropped |= one if named & other else set()
        if given.get("optimizer", self.optimizer) != self.optimizer:
            dropped.add("lr")
        kept = {name: value for name, value in kept.items() if name not in dropped}
        return StyleSettings(**{**kept, **given})

    @property
    def weights(self) -> Weights:
        """The factors of the losses, whether they were given or follow from `strength`."""
        if self.strength is None:
            assert self.content_weight is not None
            assert self.style_weight is not None
            return Weights(self.content_weight, self.style_weight, self.tv_weight)
        return weights_at(self.strength, self.recipe, self.tv_weight)
