"""What words about a painting come to: styles with their shares, and settings."""

from __future__ import annotations

import shlex
from collections.abc import Collection, Sequence
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from impasto.colours import MOST_COLOURS, parse_weighted
from impasto.errors import SettingError, UnknownNameError
from impasto.settings.tones import Tones
from impasto.text import format_value

__all__ = [
    "DECIMALS",
    "MOST_STYLES",
    "PAINT",
    "Plan",
    "PlannedStyle",
    "Reading",
    "Unknown",
    "Wishes",
]

PAINT = "paint:"
"""What the source of a style begins with that a painter of ours makes."""

MOST_STYLES = 8
DECIMALS = 3  # of shares and amounts: what a person reads is what is painted


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class PlannedStyle(_Part):
    """A style, and how much of the painting it has."""

    source: str = Field(
        description="A sample's name (starry-night), a painter of ours with its parameters "
        "(paint:watercolour?direction=90), or the name of a picture of the user's library.",
        pattern=r"^(paint:)?[^/\\:]+$",
        max_length=500,
    )
    share: float = Field(description="Its share; those of all styles are 1 together.", gt=0, le=1)


def _palette(value: Any) -> Any:
    """Colours by name or number as "#rrggbb" or "#rrggbb:3"; nothing stays nothing."""
    return parse_weighted(value) if value else ()


class Wishes(_Part):
    """What a painting shall be like, in the terms of the settings.

    It is what a language model is asked for; `Plan` adds how words were read.

    Raises:
        ValidationError: a value out of its range, or shares that are not 1 together.

    Example:
        >>> wishes = Wishes(palette="ochre", tone={"cold": 0.5}, style_scale=0.6)
        >>> wishes.settings()
        {'style_scale': 0.6, 'palette': ('#c8923b',), 'tone': {'cold': 0.5}}
    """

    styles: tuple[PlannedStyle, ...] = Field(
        (), description="Styles to paint in, the largest share first.", max_length=MOST_STYLES
    )
    given: float = Field(
        0.0, description="Share of the style pictures that are given beside the words.", ge=0, lt=1
    )
    style_scale: float | None = Field(
        None, description="Size of the strokes: below 1 finer, above coarser.", ge=0.25, le=4
    )
    strength: float | None = Field(
        None, description="From 0, nearly the photograph, to 1, nearly the style.", ge=0, le=1
    )
    palette: Annotated[tuple[str, ...], BeforeValidator(_palette)] = Field(
        (),
        description=f"Up to {MOST_COLOURS} colours, as names or #rrggbb; with amounts beside each "
        "other as navy:3, where one without has 1.",
        max_length=MOST_COLOURS,
    )
    tone: Tones = Field({}, description="Tones of light and colour with amounts from 0 to 2.")
    color: Literal["style", "luminance"] | None = Field(
        None, description="luminance: the photograph keeps its own colours."
    )
    direction: float | None = Field(
        None,
        description="Direction of the strokes in degrees: 0 lies, 90 stands.",
        ge=0,
        lt=180,
    )

    @model_validator(mode="after")
    def _check_shares(self) -> Self:
        total = self.given + sum(style.share for style in self.styles)
        if self.styles and abs(total - 1) > MOST_STYLES * 10**-DECIMALS:
            raise ValueError(f"the shares of the styles are {total:g} together: let them be 1")
        return self

    def settings(self, given: int = 0) -> dict[str, Any]:
        """The settings that it stands for, by name; those that it leaves alone are not in it.

        Args:
            given: how many style pictures stand before its own; they share alike.
        """
        own = tuple(style.share for style in self.styles)
        before = (round(self.given / given, DECIMALS),) * given if given else ()
        blend = (*before, *own) if own and len(before) + len(own) > 1 else None
        values = {
            "strength": self.strength,
            "style_blend": blend,
            "style_scale": self.style_scale,
            "color": self.color,
            "palette": self.palette or None,
            "tone": self.tone or None,
        }
        return {name: value for name, value in values.items() if value is not None}

    def sources(self) -> list[str]:
        """The styles as a command takes them."""
        return [style.source for style in self.styles]

    def command(self, content: str = "photo.jpg", *, styles: Sequence[str] = ()) -> str:
        """The command line that paints the same without words, all else left as it is by default.

        Args:
            content: the photograph.
            styles: what stands before those of the plan.

        Example:
            >>> style = PlannedStyle(source="great-wave", share=1)
            >>> Wishes(styles=(style,), tone={"cold": 1}).command("sea.jpg")
            'impasto stylize sea.jpg great-wave --tone cold'
        """
        words = ["impasto", "stylize", content, *styles, *self.sources()]
        for name, value in self.settings(len(styles)).items():
            words += [f"--{name.replace('_', '-')}", format_value(value)]
        return shlex.join(words)

    def check_sources(self, known: Collection[str]) -> None:
        """Refuse styles that there are not; those of painters are checked by whoever paints them.

        Args:
            known: names of samples and of the user's library.

        Raises:
            UnknownNameError: another name.
        """
        for source in self.sources():
            if not source.startswith(PAINT) and source not in known:
                raise UnknownNameError("style", source, known, listed="`impasto styles`")


class Reading(_Part):
    """What a part of the words was read as."""

    words: str = Field(description="As they were written.")
    meaning: str = Field(description="What they come to.")


class Unknown(_Part):
    """Words that nothing was made of."""

    words: str = Field(description="As they were written.")
    region: bool = Field(default=False, description="Whether they name a part of the picture.")
    nearest: tuple[str, ...] = Field(default=(), description="Terms that are written most alike.")


class Plan(Wishes):
    """Wishes, and how they were read from words."""

    text: str = Field("", description="The words.")
    readings: tuple[Reading, ...] = Field((), description="What was understood, in its order.")
    unknown: tuple[Unknown, ...] = Field((), description="What was not.")
    notes: tuple[str, ...] = Field((), description="What else there is to tell.")

    @classmethod
    def of_model(cls, text: str, answer: str) -> Plan:
        """The plan that a language model answered with, in JSON.

        Args:
            text: the words that it was asked about.
            answer: JSON of `Wishes`.

        Raises:
            SettingError: it is not that.
            ValidationError: as `Wishes`.
        """
        wishes = Wishes.model_validate_json(answer)
        if not wishes.model_fields_set:
            raise SettingError("the answer wishes nothing: ask for at least one style or setting")
        return cls(text=text, **wishes.model_dump())
