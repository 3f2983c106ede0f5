"""What a training is made of, written once: the student, its teachers, the pictures, the pace."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, ValidationError
from pydantic.dataclasses import dataclass

from impasto.networks.features.plan import Plan
from impasto.settings.resolve import setting_error

__all__ = ["LESSONS", "Match", "Recipe"]


Share = Annotated[float, Field(ge=0, le=1)]
Weight = Annotated[float, Field(ge=0)]
Count = Annotated[int, Field(ge=1)]
Blocks = Annotated[tuple[Count, ...], Field(min_length=5, max_length=5)]
# At 32 px the deepest maps still have two places each way, which reflect padding needs.
Side = Annotated[int, Field(ge=32, multiple_of=16)]


@dataclasses.dataclass(frozen=True)
class Match:
    """A layer of the student that a 1x1 head must turn into a tap of a teacher.

    Attributes:
        layer: of the student, after its ReLU.
        teacher: a key of `training.slim.teachers.TEACHERS`.
        tap: of that teacher, of the same stride as `layer`.
        weight: of its loss.
    """

    layer: str
    teacher: str
    tap: str
    weight: float = 1.0

    @property
    def name(self) -> str:
        """For tables: `relu3_1:fire4`."""
        networks = {"vgg19_pca": "vgg", "vgg19-original": "vgg19"}
        return f"{self.layer}:{networks.get(self.teacher, self.tap)}"


# A tap stands beside the layer that sees as much of the picture: relu3_1 sees 24 px and fire4 23,
# relu4_1 68 and fire7 63, relu5_1 156 and fire10 143; fire12 would see 207.
MATCHES = (
    Match("relu1_1", "vgg19_pca", "relu1_1"),
    Match("relu2_1", "vgg19_pca", "relu2_1"),
    Match("relu2_1", "squeezenet1_1", "conv1"),
    Match("relu3_1", "vgg19_pca", "relu3_1", 0.3),
    Match("relu3_1", "squeezenet1_1", "fire3"),
    Match("relu3_1", "squeezenet1_1", "fire4"),
    Match("relu4_1", "vgg19_pca", "relu4_1", 0.3),
    Match("relu4_1", "squeezenet1_1", "fire6"),
    Match("relu4_1", "squeezenet1_1", "fire7"),
    Match("relu4_2", "squeezenet1_1", "fire7"),
    Match("relu5_1", "squeezenet1_1", "fire9"),
    Match("relu5_1", "squeezenet1_1", "fire10"),
)


# The whole network that slim is a narrow copy of, layer for layer.
OF_AUTHORS = tuple(
    Match(layer, "vgg19-original", layer)
    for layer in ("relu1_1", "relu2_1", "relu3_1", "relu4_1", "relu5_1")
)
LESSONS: Mapping[str, tuple[Match, ...]] = {
    "components": MATCHES,
    "authors": OF_AUTHORS,
    "both": (*OF_AUTHORS, *(match for match in MATCHES if match.teacher == "squeezenet1_1")),
}
"""What there is to learn, by name: SqueezeNet and VGG-19's components, the authors' VGG-19, or that
with SqueezeNet beside it."""


@dataclass(frozen=True, config=ConfigDict(strict=True, allow_inf_nan=False))
class Recipe:
    """All that decides which weights come out, besides the pictures and the teachers.

    Attributes:
        widths, depths: of the student's five blocks.
        pooling, padding: of the student, in training as in painting.
        matches: what it must match.
        covariance: weight of the loss of mean and covariance, beside 1 for the activations.
        crops: (side in px, pictures in a batch), taken in turn.
        art: share of crops from paintings.
        painted: share of pictures painted with the student itself, in batches of crops no larger
            than those; see `training.slim.self_generated`.
        painted_every: steps between two rounds of painting.
        painted_batch: pictures of a round.
        corrupted: share of crops that are noised, blended, blurred or recoloured.
        lr, weight_decay: of AdamW.
        warmup: steps in which the learning rate rises.
        frozen_norm: last share of the training, in which batch norm keeps its statistics.
        seed: of everything that is drawn.

    Raises:
        pydantic.ValidationError: for a value of another type, or out of its range.
        UnknownNameError: for a match of a layer that the student lacks.
    """

    widths: Blocks = (16, 32, 96, 192, 192)
    depths: Blocks = (2, 2, 4, 4, 1)
    pooling: Literal["max", "average"] = "average"
    padding: Literal["zero", "reflect"] = "reflect"
    matches: tuple[Match, ...] = MATCHES
    covariance: Weight = 0.2
    crops: Annotated[tuple[tuple[Side, Count], ...], Field(min_length=1)] = (
        (128, 16),
        (128, 16),
        (192, 8),
        (256, 4),
    )
    art: Share = 0.4
    painted: Share = 0.25
    painted_every: Count = 50
    painted_batch: Count = 8
    corrupted: Share = 0.25
    lr: Annotated[float, Field(gt=0)] = 3e-3
    weight_decay: Weight = 1e-4
    warmup: Count = 100
    frozen_norm: Share = 0.2
    seed: Annotated[int, Field(ge=0, lt=2**63)] = 0

    def __post_init__(self) -> None:
        for match in self.matches:
            self.plan.upto([match.layer], name="the student")

    @property
    def plan(self) -> Plan:
        """The student's layout."""
        return Plan(self.widths, self.depths)

    @property
    def layers(self) -> list[str]:
        """The student's layers that have a head, each once."""
        return list(dict.fromkeys(match.layer for match in self.matches))

    def taps(self, teacher: str) -> list[str]:
        """What is read of a teacher, each tap once."""
        return list(dict.fromkeys(m.tap for m in self.matches if m.teacher == teacher))

    def replace(self, **changes: Any) -> Recipe:
        """The same with other values.

        Args:
            changes: by field; lists stand for tuples, as in JSON.

        Raises:
            SettingError: for a value of another type, or out of its range.

        Example:
            >>> Recipe().replace(widths=[8, 16, 32, 64, 64]).widths
            (8, 16, 32, 64, 64)
        """
        try:
            return replace(self, **{name: _tuples(value) for name, value in changes.items()})
        except ValidationError as error:
            raise setting_error(error, changes) from None

    def as_dict(self) -> dict[str, Any]:
        """As JSON knows it; `from_dict` reads it back."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Recipe:
        """The recipe that `as_dict` wrote.

        Example:
            >>> Recipe.from_dict(Recipe().as_dict()) == Recipe()
            True
        """
        matches = tuple(Match(**match) for match in values["matches"])
        return cls().replace(**{**values, "matches": matches})


def _tuples(value: Any) -> Any:
    return tuple(map(_tuples, value)) if isinstance(value, list | tuple) else value
