"""What a person asked for where it is no photograph with its styles: a drawing, words, a face."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
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
        files: names of options that name a file of this machine.

    Example:
        >>> asked = Asked("doodle", {}, {"content": "drawing.png", "style": "painting.jpg"})
        >>> asked.map(len).pictures
        {'content': 11, 'style': 12}
    """

    kind: str
    options: Mapping[str, Any] = field(default_factory=dict)
    pictures: Mapping[str, P] = field(default_factory=dict)
    files: tuple[str, ...] = ()

    def map(self, change: Callable[[P], Q]) -> Asked[Q]:
        """The same with each picture replaced by what `change` makes of it."""
        pictures = {role: change(picture) for role, picture in self.pictures.items()}
        return Asked(self.kind, self.options, pictures, self.files)

    def given(self) -> dict[str, P]:
        """The pictures that a person gave, by role as text; as a task tells them."""
        return dict(self.pictures)

    def as_json(self) -> dict[str, Any]:
        """Kind and options, for a checkpoint, which keeps the pictures apart."""
        return {"kind": self.kind, "options": dict(self.options)}

    def for_others(self) -> dict[str, Any]:
        """The same for the file of a painting, which travels: of a file only the name is kept.

        Example:
            >>> Asked("letter", {"font": "/fonts/a.ttf"}, files=("font",)).for_others()["options"]
            {'font': 'a.ttf'}
        """
        options = {
            name: Path(value).name if name in self.files and value is not None else value
            for name, value in self.options.items()
        }
        return {"kind": self.kind, "options": options}
