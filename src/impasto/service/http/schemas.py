"""What the API answers beside the contract's own: curves, recipes, health.

Each shape is also its documentation.
"""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field

from impasto import __version__
from impasto.settings import StyleSettings
from impasto.settings.recipes import RECIPES
from impasto.words import Plan

__all__ = [
    "ColourOut",
    "Curves",
    "DoodlePalette",
    "Health",
    "PlanOut",
    "RecipeList",
    "RecipeOut",
    "StyleTried",
    "StylesTried",
    "TermList",
    "TermOut",
    "WordsIn",
]

_LOSSES = {"content": 0.41, "style": 0.62, "tv": 0.01, "total": 1.04}


def _example(**values: Any) -> dict[str, Any]:
    return {"examples": [values]}


class Curves(BaseModel):
    """The weighted losses of every step so far, as columns."""

    model_config = {
        "json_schema_extra": _example(
            step=[1, 2],
            seconds=[0.2, 0.3],
            losses={name: [value, value / 2] for name, value in _LOSSES.items()},
        )
    }

    step: list[int] = Field(description="Their numbers, from 1.")
    seconds: list[float] = Field(description="Since the run started.")
    losses: dict[str, list[float]] = Field(description="By name: content, style, tv, total.")


class StyleTried(BaseModel):
    """A photograph in a sample style, small."""

    style: str = Field(description="The sample's name.")
    image: str = Field(description="A square JPEG, as a data: address.")


class StylesTried(BaseModel):
    """A photograph in every sample style, small."""

    model_config = {
        "json_schema_extra": _example(
            side=112, pictures=[{"style": "swirls", "image": "data:image/jpeg;base64,…"}]
        )
    }

    side: int = Field(description="Of each picture, in px.")
    pictures: list[StyleTried] = Field(description="In the order of the samples.")


class ColourOut(BaseModel):
    """A part of a painting, as a colour to draw in."""

    hex: str = Field(
        description="The colour that a drawing means the part by, as #rrggbb.",
        pattern="^#[0-9a-f]{6}$",
    )
    word: str = Field(description="For the colour, in English.")
    share: float = Field(description="Of the painting that the part takes.")
    place: tuple[float, float] = Field(
        description="Where most of the part lies around, from the left and from the top, as shares "
        "of the painting's width and height."
    )
    paint: str = Field(description="The part's middle colour, as #rrggbb.")


class DoodlePalette(BaseModel):
    """The parts of a painting, the largest first."""

    model_config = {
        "json_schema_extra": _example(
            colours=[
                {
                    "hex": "#2f4b7c",
                    "word": "blue",
                    "share": 0.41,
                    "place": [0.4, 0.1],
                    "paint": "#2f4b7c",
                }
            ]
        )
    }

    colours: list[ColourOut]


class WordsIn(BaseModel):
    """Words about a painting."""

    model_config = {
        "extra": "forbid",
        "json_schema_extra": _example(text="mostly watercolour, cold", styles=0),
    }

    text: str = Field(description="In English or Chinese.")
    styles: int = Field(0, ge=0, le=8, description="How many style pictures come beside them.")
    described: bool = Field(
        False,
        description="Send them to the language model of whoever runs the server, if there is one, "
        "which reads any description; else the vocabulary reads them, and nothing is sent.",
    )


class PlanOut(Plan):
    """What words about a painting came to."""

    command_line: str = Field(description="That paints the same.")


class TermOut(BaseModel):
    """A word that is known."""

    kind: str = Field(description="What it is about: medium, movement, artist, stroke …")
    en: str = Field(description="In English; may be empty.")
    zh: str = Field(description="In Chinese; may be empty.")
    also: list[str] = Field(description="Other words for the same.")


class TermList(BaseModel):
    """The words that are known."""

    words: list[TermOut]


class RecipeOut(BaseModel):
    """A named, complete set of settings."""

    model_config = {
        "json_schema_extra": _example(
            name="gatys", summary="…", differs="…", settings={"recipe": "gatys", "steps": 500}
        )
    }

    name: str
    summary: str = Field(description="What it is for.")
    differs: str = Field(description="Where it leaves its source; may be empty.")
    settings: dict[str, Any] = Field(description="All of them.")


class RecipeList(BaseModel):
    """The recipes there are."""

    recipes: list[RecipeOut]

    @classmethod
    def all(cls) -> RecipeList:
        """Those that are built in."""
        return cls(
            recipes=[
                RecipeOut(
                    name=recipe.name,
                    summary=recipe.summary,
                    differs=recipe.differs,
                    settings=StyleSettings(recipe=recipe.name).model_dump(mode="json"),
                )
                for recipe in RECIPES.values()
            ]
        )


class Health(BaseModel):
    """That the studio answers."""

    status: str = "ok"
    version: str = __version__
