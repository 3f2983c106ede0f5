"""`--json`: one line that a program reads, in place of all that is printed for a person."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from impasto.cli.standard_input import STANDARD
from impasto.cli.standard_output import print_for_program
from impasto.events import Started, Step
from impasto.settings import StyleSettings

__all__ = ["failure", "painting", "print_json"]


def print_json(record: Mapping[str, Any]) -> None:
    """Print a record on one line of its own, in ASCII."""
    print_for_program(json.dumps(record))


def failure(message: str, exit_code: int) -> dict[str, Any]:
    """What a program is told of an end that is none of success.

    Example:
        >>> failure("photo.jpg does not exist", 2)
        {'error': 'photo.jpg does not exist', 'exit_code': 2}
    """
    return {"error": message, "exit_code": exit_code}


def painting(
    output: Path | None,
    format: str,
    shape: tuple[int, int],
    seconds: float,
    *,
    started: Started,
    steps: Iterable[Step],
    settings: StyleSettings,
    notes: Iterable[str],
) -> dict[str, Any]:
    """What a program is told of a painting.

    Args:
        output: where the picture is; None for standard output.
        format: of its file.
        shape: (height, width) in px.
        seconds: that it took.
        started: its first event.
        steps: all that were taken.
        settings: it was painted with.
        notes: what a person may not expect of it, in a sentence each.

    Example:
        >>> last = Step(1, 1, (4, 6), {"content": 0.5, "total": 0.5}, 0.1)
        >>> about = {"started": Started(1), "settings": StyleSettings(), "notes": []}
        >>> record = painting(Path("out.png"), "PNG", (4, 6), 0.25, steps=[last], **about)
        >>> record["output"], record["width"], record["steps"], record["losses"]["total"]
        ('out.png', 6, 1, 0.5)
    """
    steps = list(steps)
    height, width = shape
    return {
        "output": STANDARD if output is None else str(output),
        "format": format,
        "width": width,
        "height": height,
        "seconds": round(seconds, 3),
        "method": started.method,
        "steps": len(steps),
        "backbone": started.backbone or None,
        "recipe": settings.recipe,
        "seed": settings.seed,
        "losses": (dict(steps[-1].losses) or None) if steps else None,
        "notes": list(notes),
    }
