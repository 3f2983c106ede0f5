"""Every error impasto raises on purpose, and the exit code each one becomes.

::

    ImpastoError                  1  the work failed
    ├── InputError                2  bad input, setting or file
    │   ├── PictureError             a picture that cannot be read or painted
    │   │   └── PartTooSmallError    a part of one that no layer can show in its style
    │   ├── FilmError                a film that cannot be read, painted or put together
    │   ├── SettingError             a setting out of its range, or two that contradict
    │   │   └── UnknownNameError     a name that is not one of the known ones
    │   ├── OutputError              a place that cannot be written
    │   ├── WeightsError             weights that are missing or not the backbone's
    │   ├── CheckpointError          a checkpoint that cannot be resumed
    │   ├── UnknownJobError          a job that there is not, or no longer
    │   ├── JobStateError            a job asked for what its state does not allow
    │   ├── QueueFullError           more jobs than may wait
    │   └── MissingPackageError      an optional package that is not installed
    ├── FetchError                1  a download that did not arrive
    ├── NonFiniteError            1  losses that stayed infinite or NaN
    ├── ServerError               1  what a server answered, or that it could not be reached
    ├── ClusterError              1  machines that could not be reached, or are all gone
    └── MemoryShortError          3  a picture that would not fit in memory

A message is one short paragraph: the value, the wish, the remedy.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import Any

__all__ = [
    "CheckpointError",
    "ClusterError",
    "FetchError",
    "FilmError",
    "ImpastoError",
    "InputError",
    "JobStateError",
    "MemoryShortError",
    "MissingPackageError",
    "NonFiniteError",
    "OutputError",
    "PartTooSmallError",
    "PictureError",
    "QueueFullError",
    "ServerError",
    "SettingError",
    "UnknownJobError",
    "UnknownNameError",
    "WeightsError",
    "needs_torch",
    "pip_line",
    "reason_of",
    "unexpected",
]


class ImpastoError(Exception):
    """The root of the tree; `exit_code` is what the command line ends with."""

    exit_code = 1


class InputError(ImpastoError):
    """Something that came from outside is not what it has to be."""

    exit_code = 2


class PictureError(InputError):
    """A picture that cannot be read or painted."""


class PartTooSmallError(PictureError):
    """A part of a picture that no layer can show in its style.

    Args:
        text: the message.
        which: number of its mask, from 0.
    """

    which = 0

    def __init__(self, text: str, which: int = 0) -> None:
        super().__init__(text)
        self.which = which


class FilmError(InputError):
    """A film that cannot be read, painted or put together."""


class SettingError(InputError):
    """A setting out of its range, or two that contradict each other."""


MOST_SHOWN = 80  # characters of a name in a message


class UnknownNameError(SettingError):
    """A name that is not one of those there are; the message lists them and the nearest.

    Args:
        kind: what is named, in the singular ("recipe", "layer of slim").
        name: the one that is wrong.
        choices: every name that would have been right.
        near: how like it a name has to be for a hint, from 0 to 1.
        listed: where all names stand, if they are too many for a sentence: the nearest are told.

    Example:
        >>> str(UnknownNameError("recipe", "chaper", ["chapter", "gatys"]))
        "'chaper' is not a recipe; did you mean 'chapter'? There are: chapter, gatys"
        >>> str(UnknownNameError("word", "hause", ["house", "tree"], listed="the dictionary"))
        "'hause' is not a word; did you mean 'house'? All 2 stand in the dictionary"
    """

    def __init__(
        self, kind: str, name: str, choices: Iterable[str], near: float = 0.6, listed: str = ""
    ) -> None:
        names = list(choices)
        nearest = get_close_matches(name, names, n=3 if listed else 1, cutoff=near)
        hint = f"did you mean {_either(nearest)}? " if nearest else ""
        rest = f"all {len(names)} stand in {listed}" if listed else f"there are: {', '.join(names)}"
        rest = rest if names else "there is none"
        shown = name if len(name) <= MOST_SHOWN else f"{name[:MOST_SHOWN]}…"
        super().__init__(f"{shown!r} is not a {kind}; {hint}{_capital(rest) if hint else rest}")
        self.name = name
        self.choices = names


def _either(names: Sequence[str]) -> str:
    """'a', 'b' or 'c'."""
    *others, last = map(repr, names)
    return f"{', '.join(others)} or {last}" if others else last


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


class OutputError(InputError):
    """A place that cannot be written."""


class WeightsError(InputError):
    """Weights that are missing or do not belong to the backbone."""


class CheckpointError(InputError):
    """A checkpoint that cannot be resumed."""


class UnknownJobError(InputError):
    """A job that there is not, or no longer."""


class JobStateError(InputError):
    """A job asked for what its state does not allow, or by a worker that no longer holds it."""


class QueueFullError(InputError):
    """More jobs than may wait, of all clients or of one."""


class MissingPackageError(InputError):
    """A package that is not installed; the message gives the pip line.

    Args:
        wish: what needs it.
        package: its name on the package index.
        extra: of ours, that brings it; None for one that impasto itself asks for.
        instead: another way, if there is one.

    Example:
        >>> str(MissingPackageError("photo.heic", "pillow-heif", "heic"))
        "photo.heic needs the package pillow-heif: pip install 'impasto[heic]'"
    """

    def __init__(self, wish: str, package: str, extra: str | None, instead: str = "") -> None:
        install = f"pip install {package}" if extra is None else pip_line(extra)
        line = f"{wish} needs the package {package}: {install}"
        super().__init__(f"{line}, or {instead}" if instead else line)


def needs_torch(wish: str) -> MissingPackageError:
    """What is told where torch, which only ONNX graphs do without, is not installed.

    Example:
        >>> str(needs_torch("the method optimization")).partition(", or ")[0]
        'the method optimization needs the package torch: pip install torch'
    """
    return MissingPackageError(
        wish, "torch", None, "paint with impasto stylize --model FILE.onnx, which does without it"
    )


class FetchError(ImpastoError):
    """A download that did not arrive whole."""


class NonFiniteError(ImpastoError):
    """Losses that stayed infinite or NaN; `result` has the last good picture, or is None."""

    def __init__(self, message: str, result: Any = None) -> None:
        super().__init__(message)
        self.result = result


class ServerError(ImpastoError):
    """What a server answered, or that it could not be reached.

    Attributes:
        status: the HTTP status of the answer; None when there was none.
    """

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


class ClusterError(ImpastoError):
    """A cluster that could not be reached or started, or whose machines are all gone."""


class MemoryShortError(ImpastoError):
    """A picture that would not fit in the memory that is free."""

    exit_code = 3


def pip_line(extra: str) -> str:
    """The command that adds an extra to the impasto that is installed.

    It names no place, and works for a clone that is installed in place too, from any folder: pip
    is content with the impasto that is there, and adds what is missing.

    Example:
        >>> pip_line("heic")
        "pip install 'impasto[heic]'"
    """
    return f"pip install 'impasto[{extra}]'"


def reason_of(error: BaseException) -> str:
    """What the system says went wrong, in lower case and without its number, for a message.

    Example:
        >>> reason_of(OSError(28, "No space left on device"))
        'no space left on device'
    """
    return (getattr(error, "strerror", None) or str(error)).lower()


def unexpected(error: BaseException, remedy: str) -> str:
    """The message about an error that nobody foresaw.

    Args:
        error: any exception but an `ImpastoError`.
        remedy: what shows where it happened.

    Example:
        >>> print(unexpected(KeyError("x"), "IMPASTO_DEBUG=1 shows where"))
        something went wrong that should not have (KeyError: 'x'): please report it with what
        `impasto doctor` says; IMPASTO_DEBUG=1 shows where
    """
    what = textwrap.shorten(f"{type(error).__name__}: {error}", 300, placeholder=" …")
    return (
        f"something went wrong that should not have ({what}): please report it with what "
        f"`impasto doctor` says; {remedy}"
    )
