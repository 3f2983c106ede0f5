"""Every setting of a painting in one model, and how settings go together."""

from __future__ import annotations

from collections.abc import Mapping
from math import isclose
from typing import Any, Self, Unpack

from pydantic import PrivateAttr, ValidationError, model_validator

from impasto.errors import SettingError, UnknownNameError
from impasto.settings.guidance import GuidanceSettings
from impasto.settings.losses import LossSettings
from impasto.settings.machine import MachineSettings
from impasto.settings.optimizer import OptimizerSettings
from impasto.settings.options import StyleOptions
from impasto.settings.picture import PictureSettings
from impasto.settings.recipe_files import IMAGE
from impasto.settings.recipes import Recipe, built_in
from impasto.settings.resolve import (
    LISTED,
    STRENGTH_RANGE,
    Weights,
    exclusive,
    filled,
    setting_error,
    weights_at,
)
from impasto.text import format_value, is_ratio

__all__ = ["STARTS", "StyleSettings"]

STARTS = ("content", "noise", "blend", "style")


# Pydantic lists the fields of the last base first.
class StyleSettings(
    MachineSettings, GuidanceSettings, OptimizerSettings, LossSettings, PictureSettings
):
    """How a picture is painted. What is not given comes from `recipe`, one of the built-in ones.

    No file is read: `impasto.settings.complete` makes settings of a recipe file.

    Raises:
        SettingError: on any value out of its range, unknown key or contradiction.

    Example:
        >>> StyleSettings(recipe="chapter").steps
        500
        >>> StyleSettings(recipe="chapter", steps=20).weights
        Weights(content=1.0, style=10000.0, tv=10.0)
    """

    _explicit: frozenset[str] = PrivateAttr(frozenset())
    _weights: Weights = PrivateAttr(Weights(0.0, 0.0, 0.0))

    def __init__(self, **values: Unpack[StyleOptions]) -> None:
        fields: dict[str, Any] = {**values}  # a base class knows its own alone
        try:
            super().__init__(**fields)
        except ValidationError as error:
            raise setting_error(error, type(self).model_fields, LISTED) from None
        self._settle(values, built_in(self.recipe))

    @classmethod
    def over(cls, recipe: Recipe, values: Mapping[str, Any]) -> StyleSettings:
        """Complete settings of some values and a recipe for the rest.

        Args:
            recipe: any, such as one that a file describes; its `name` is a built-in one's.
            values: settings by name, without `recipe`.

        Raises:
            SettingError: as for `StyleSettings`.
        """
        settings = cls(**{**filled(values, recipe), "recipe": recipe.name})
        settings._settle(values, recipe)
        return settings

    def _settle(self, values: Mapping[str, Any], recipe: Recipe) -> None:
        """Keep which values are explicit, and the weights that follow from them and the recipe."""
        self._explicit = frozenset(n for n, v in values.items() if v is not None) - {"recipe"}
        if self.strength is not None:
            self._weights = weights_at(self.strength, recipe.base_weights, self.tv_weight)
        else:
            assert self.content_weight is not None
            assert self.style_weight is not None
            self._weights = Weights(self.content_weight, self.style_weight, self.tv_weight)

    @model_validator(mode="before")
    @classmethod
    def _fill_from_recipe(cls, data: Any) -> Any:
        """Let the recipe give what the caller did not."""
        for name, value in data.items():
            field = cls.model_fields.get(name)
            if isinstance(value, bool) and field is not None and field.annotation is not bool:
                raise SettingError(
                    f"{name} is {format_value(value)}: it is no switch, give it a value"
                )
        if data.get("model") is not None and data.get("method") is None:
            data = {**data, "method": "one-pass"}  # the only one that paints with it
        return filled(data)

    @model_validator(mode="after")
    def _check_together(self) -> Self:
        # A strength leaves no weight at 0; given weights stand for themselves.
        content = 1.0 if self.strength is not None else self.content_weight
        style = 1.0 if self.strength is not None else self.style_weight
        if not (content and any(self.content_layers.values())) and not (
            style and any(self.style_layers.values())
        ):
            raise SettingError(
                "the weights of content and style, or of all their layers, are 0: nothing would "
                "guide the painting, so give one of them a weight above 0"
            )
        if self.palette is not None and self.color not in ("style", "only"):
            raise SettingError(
                f"palette asks for colours of its own, and color {self.color} for the "
                "photograph's: leave one of them out"
            )
        if self.style_blend is not None and not any(self.style_blend):
            raise SettingError("all shares of style_blend are 0: give one style a share above 0")
        if self.init not in STARTS and not self.init.startswith(IMAGE):
            raise UnknownNameError("start", self.init, [*STARTS, "image:FILE"])
        return self

    def replace(self, **changes: Unpack[StyleOptions]) -> StyleSettings:
        """These settings with some replaced; strength and weights still drive each other out.

        A `model` chooses the method here too, where nobody has chosen one.

        Raises:
            SettingError: as for `StyleSettings`; or if `recipe` is among them, which would
                replace all the others.

        Example:
            >>> StyleSettings(recipe="chapter").replace(strength=0.9).style_weight is None
            True
        """
        if "recipe" in changes:
            raise SettingError(
                "recipe is where settings start from: give it when they are made, as in "
                f"StyleSettings(recipe={changes['recipe']!r})"
            )
        values = self.model_dump()
        if changes.get("model") is not None and self._may_choose_method(changes):
            values["method"] = "one-pass"
        dropped: set[str] = set()
        named = {name for name, value in changes.items() if value is not None}
        for one, other, _ in exclusive({**values, **changes}):
            dropped |= other if named & one else set()
            dropped |= one if named & other else set()
        if is_ratio(changes.get("shape")) and not is_ratio(self.shape) and self.size is None:
            dropped.add("size")
        if changes.get("optimizer", self.optimizer) != self.optimizer:
            dropped.add("lr")
        values = {name: value for name, value in values.items() if name not in dropped}
        settings = StyleSettings(**{**values, **changes})
        settings._explicit = (self._explicit - dropped) | frozenset(named)
        settings._carry(self._weights, self.strength)
        return settings

    def _may_choose_method(self, changes: StyleOptions) -> bool:
        """Whether nobody has chosen the method, so that a model may."""
        plain = type(self).model_fields["method"].default
        return "method" not in changes.keys() | self._explicit and self.method == plain

    def _carry(self, weights: Weights, strength: float | None) -> None:
        """Go on with the balance of the settings that these come from, whatever recipes say."""
        if self.strength is None or strength is None:
            return
        shift = STRENGTH_RANGE ** (2 * (strength - self.strength))
        content = weights.content if strength == self.strength else weights.content * shift
        carried = Weights(content, weights.style, self.tv_weight)
        # The recipe's own numbers, where they are the same but for a rounding.
        if not all(isclose(a, b) for a, b in zip(carried, self._weights, strict=True)):
            self._weights = carried

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, StyleSettings):
            return NotImplemented
        return self.model_dump() == other.model_dump() and self._weights == other._weights

    def base_weights(self) -> tuple[float, float]:
        """(content, style) weight at strength 0.5 that these settings stand for."""
        if self.strength is None:
            return built_in(self.recipe).base_weights
        content = self._weights.content * STRENGTH_RANGE ** (2 * self.strength - 1)
        known = built_in(self.recipe).base_weights
        same = isclose(content, known[0]) and isclose(self._weights.style, known[1])
        return known if same else (content, self._weights.style)

    __hash__ = None  # type: ignore[assignment]

    @property
    def explicit(self) -> frozenset[str]:
        """Names of the settings that a caller gave, and no recipe."""
        return self._explicit

    @property
    def weights(self) -> Weights:
        """The factors of the losses, whether they were given or follow from `strength`.

        They are those of the day the settings were made: what is stored paints the same under
        recipes of a later version.
        """
        return self._weights
