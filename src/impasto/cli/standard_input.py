"""The picture that another program hands over: `-` in place of one of the pictures of a task."""

from __future__ import annotations

import sys
from typing import TypeAlias, overload

from impasto.asked import Asked
from impasto.errors import PictureError, SettingError
from impasto.task import Role, StyleTask

__all__ = ["STANDARD", "Source", "StandardInput", "with_standard_input"]

STANDARD = "-"
"""What stands for standard input and output; a file of that name is `./-`."""


class StandardInput:
    """Standard input as a binary file object, which `impasto.imaging.read` takes.

    It is read when a painting asks for it, and so after everything else was checked.

    Raises:
        PictureError: it is closed, or a terminal.
    """

    name = "standard input"

    def __init__(self) -> None:
        if sys.stdin is None or sys.stdin.closed:
            raise PictureError(
                f"{self.name} is closed, and {STANDARD} asks for a picture from it: pipe one into "
                "impasto, or name a file"
            )
        if sys.stdin.isatty():
            raise PictureError(
                f"{self.name} is a terminal, and {STANDARD} asks for a picture from it: pipe one "
                f"into impasto (impasto stylize {STANDARD} STYLE < photo.jpg), or name a file"
            )
        self._stream = sys.stdin.buffer
        self._count = 0

    def __str__(self) -> str:
        return self.name

    def read(self, size: int, /) -> bytes:
        """Up to `size` bytes; none at the end.

        Raises:
            PictureError: there is not one byte.
        """
        data = self._stream.read(size)
        self._count += len(data)
        if not self._count:
            raise PictureError(
                f"{self.name} is empty (0 bytes): see why the program before the pipe gives no "
                "picture"
            )
        return data


Source: TypeAlias = str | StandardInput
"""A picture at the command line: the name of a file or sample, or what comes through a pipe."""


@overload
def with_standard_input(task: StyleTask[str]) -> StyleTask[Source]: ...


@overload
def with_standard_input(task: Asked[str]) -> Asked[Source]: ...


def with_standard_input(task: StyleTask[str] | Asked[str]) -> StyleTask[Source] | Asked[Source]:
    """A task in which `-` is standard input.

    Args:
        task: of what was typed, or what one is to be arranged from.

    Raises:
        SettingError: several pictures are `-`.
        PictureError: nothing can come from standard input.

    Example:
        >>> with_standard_input(StyleTask.of("photo.jpg", ["./-", "swirls"]))
        StyleTask(content='photo.jpg', styles=('./-', 'swirls'))
    """
    given = task.given() if isinstance(task, StyleTask) else task.pictures
    roles = [Role.parse(role).phrase for role, name in given.items() if name == STANDARD]
    if len(roles) > 1:
        *others, last = roles
        raise SettingError(
            f"{', '.join(others)} and {last} are {STANDARD}, and standard input holds one picture: "
            "save all but one to files"
        )
    return task.map(lambda name: StandardInput() if name == STANDARD else name)
