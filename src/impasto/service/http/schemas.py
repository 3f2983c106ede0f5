"""Jobs and recipes as the API shows them; each shape is also its documentation."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field

from impasto.service.contract import JobOut
from impasto.service.jobs.tables import Job
from impasto.settings import StyleSettings
from impasto.settings.recipes import RECIPES

__all__ = ["Curves", "RecipeShown", "RecipesShown", "job_out"]

_LOSSES = {"content": 0.41, "style": 0.62, "tv": 0.01, "total": 1.04}


def _example(**values: Any) -> dict[str, Any]:
    return {"examples": [values]}


def job_out(job: Job) -> JobOut:
    """What of a job is for everybody: not who asked for it, nor the machine.

    Beside the settings stands what the store keeps for itself; that stays out.
    """
    names = JobOut.model_fields.keys() - {"recipe", "strength", "settings"}
    return JobOut(
        recipe=str(job.settings.get("recipe", "default")),
        strength=job.settings.get("strength"),
        settings={n: v for n, v in job.settings.items() if n in StyleSettings.model_fields},
        **{name: getattr(job, name) for name in names},
    )


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


class RecipeShown(BaseModel):
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


class RecipesShown(BaseModel):
    """The recipes there are."""

    recipes: list[RecipeShown]

    @classmethod
    def all(cls) -> RecipesShown:
        """Those that are built in."""
        return cls(
            recipes=[
                RecipeShown(
                    name=recipe.name,
                    summary=recipe.summary,
                    differs=recipe.differs,
                    settings=StyleSettings(recipe=recipe.name).model_dump(mode="json"),
                )
                for recipe in RECIPES.values()
            ]
        )
