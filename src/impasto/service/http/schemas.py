"""Jobs and recipes as the API shows them; each shape is also its documentation."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from impasto.service.contract import State
from impasto.service.jobs.tables import Job
from impasto.settings import StyleSettings
from impasto.settings.recipes import RECIPES

__all__ = ["Curves", "JobShown", "JobsShown", "RecipeShown", "RecipesShown"]

_ID = "0f8fad5bd9cb469fa16570867728950e"
_LOSSES = {"content": 0.41, "style": 0.62, "tv": 0.01, "total": 1.04}


def _example(**values: Any) -> dict[str, Any]:
    return {"examples": [values]}


_JOB: dict[str, Any] = {
    "id": _ID,
    "state": "running",
    "recipe": "default",
    "strength": 0.5,
    "settings": {"recipe": "default", "strength": 0.5, "steps": 250, "size": 512},
    "inputs": {"content": "9f86d0…", "style": "60303a…"},
    "created_at": "2026-01-02T03:04:05Z",
    "started_at": "2026-01-02T03:04:06Z",
    "ended_at": None,
    "step": 40,
    "steps": 250,
    "losses": _LOSSES,
    "seconds": 6.5,
    "size": None,
    "error": None,
    "attempts": 1,
    "cancel_asked": False,
    "notes": [],
}


class JobShown(BaseModel):
    """A job as it stands."""

    model_config = {"json_schema_extra": _example(**_JOB)}

    id: str = Field(description="32 hexadecimal digits.", pattern="^[0-9a-f]{32}$")
    state: State = Field(description="Where it stands; the last three are ends.")
    recipe: str = Field(description="The recipe its settings start from.")
    strength: float | None = Field(description="Null where the settings give weights instead.")
    settings: dict[str, Any] = Field(description="All settings.")
    inputs: dict[str, str] = Field(description="SHA-256 of each upload by role.")
    created_at: datetime
    started_at: datetime | None = Field(description="Null while it was never begun.")
    ended_at: datetime | None = Field(description="Null before its end.")
    step: int = Field(description="The last step done; 0 before the first.")
    steps: int | None = Field(description="Of the whole run; null until it is known.")
    losses: dict[str, float] = Field(description="Weighted losses of the last step.")
    seconds: float = Field(description="Painted so far.")
    size: tuple[int, int] | None = Field(description="(height, width) in px once it is known.")
    error: str | None = Field(description="Why it failed, in one short paragraph.")
    attempts: int = Field(description="How many times it was begun and not given back.")
    cancel_asked: bool = Field(description="Whether its worker shall stop.")
    notes: list[str] = Field(description="What may not be expected of it, in a sentence each.")

    @classmethod
    def of(cls, job: Job) -> JobShown:
        """What of a job is for everybody: not who asked for it, nor the machine."""
        names = cls.model_fields.keys() - {"recipe", "strength", "settings", "notes"}
        known = StyleSettings.model_fields  # beside them stands what the store keeps for itself
        return cls(
            recipe=str(job.settings.get("recipe", "default")),
            strength=job.settings.get("strength"),
            settings={n: value for n, value in job.settings.items() if n in known},
            notes=list(job.notes),
            **{name: getattr(job, name) for name in names},
        )


class JobsShown(BaseModel):
    """Jobs, the newest first."""

    model_config = {"json_schema_extra": _example(jobs=[_JOB], next=_ID)}

    jobs: list[JobShown]
    next: str | None = Field(description="Where to go on, as `before`; null when these are all.")


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
