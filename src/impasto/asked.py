"""What a person asked for where it is no photograph with its styles: a drawing, words, a face."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

__all__ = ["Asked"]

P = TypeVar("P")
Q = TypeVar("Q")


@dataclass(frozen=True)
class Asked(Generic[P]):
    """What a task is arranged from; see `impasto.arrangements`.

    A task that was arranged is painted as any other, and keeps this beside it: checkpoints and
    paintings name the pictures that a person gave, and never what was made of them on the way.

    Attributes:
        kind: one of `impasto.arrangements.KINDS`.
        options: by name, as JSON knows them; the kind's own model reads them.
        pictures: that were given, by role as text; see `impasto.task.Role`.

    Example:
        >>> asked = Asked("doodle", {}, {"content": "drawing.png", "style": "painting.jpg"})
        >>> asked.map(len).pictures
        {'content': 11, 'style': 12}
    """

    kind: str
    options: Mapping[str, Any] = field(default_factory=dict)
    pictures: Mapping[str, P] = field(default_factory=dict)

    def map(self, change: Callable[[P], Q]) -> Asked[Q]:
        """The same with each picture replaced by what `change` makes of it."""
        pictures = {role: change(picture) for role, picture in self.pictures.items()}
        return Asked(self.kind, self.options, pictures)

    def given(self) -> dict[str, P]:
        """The pictures that a person gave, by role as text; as a task tells them."""
        return dict(self.pictures)

    def as_json(self) -> dict[str, Any]:
        """Kind and options, for a checkpoint, which keeps the pictures apart."""
        return {"kind": self.kind, "options": dict(self.options)}
