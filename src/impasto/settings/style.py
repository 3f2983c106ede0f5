"""Every setting of a painting in one model, and how settings go together."""

from __future__ import annotations

from typing import Any, Self

from pydantic import ValidationError, model_validator

from impasto.errors import SettingError, UnknownNameError
from impasto.settings.aims import AimSettings
from impasto.settings.machine import MachineSettings
from impasto.settings.moves import MoveSettings
from impasto.settings.picture import PictureSettings
from impasto.settings.resolve import EXCLUSIVE, Weights, filled, setting_error, weights_at
from impasto.text import format_value

__all__ = ["STARTS", "StyleSettings"]

STARTS = ("content", "noise", "blend", "style")


# Pydantic lists the fields of the last base first.
class StyleSettings(MachineSettings, MoveSettings, AimSettings, PictureSettings):
    """How a picture is painted. What is not given comes from `recipe`.

    Raises:
        SettingError: on any value out of its range, unknown key or contradiction.

    Example:
        >>> StyleSettings(recipe="chapter").steps
        500
        >>> StyleSettings(recipe="chapter", steps=20).weights
        Weights(content=1.0, style=10000.0, tv=10.0)
    """

    def __init__(self, **given: Any) -> None:
        try:
            super().__init__(**given)
        except ValidationError as error:
            raise setting_error(error, type(self).model_fields) from None

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
        return filled(data, cls)

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
        if self.style_blend is not None and not any(self.style_blend):
            raise SettingError("all shares of style_blend are 0: give one style a share above 0")
        if self.init not in STARTS and not self.init.startswith("image:"):
            raise UnknownNameError("start", self.init, [*STARTS, "image:FILE"])
        return self

    def replace(self, **given: Any) -> StyleSettings:
        """These settings with some replaced; strength and weights still drive each other out.

        Raises:
            SettingError: as for `StyleSettings`; or if `recipe` is among them, which would
                replace all the others.

        Example:
            >>> StyleSettings(recipe="chapter").replace(strength=0.9).style_weight is None
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

    # Until settings know which of them were given explicitly.
    @property
    def given(self) -> frozenset[str]:
        """Names of the settings that were given explicitly."""
        return frozenset()

    @property
    def weights(self) -> Weights:
        """The factors of the losses, whether they were given or follow from `strength`."""
        if self.strength is None:
            assert self.content_weight is not None
            assert self.style_weight is not None
            return Weights(self.content_weight, self.style_weight, self.tv_weight)
        return weights_at(self.strength, self.recipe, self.tv_weight)
