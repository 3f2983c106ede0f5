"""What a portrait is told beside its pictures."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator

from impasto.arrangements.options import Options
from impasto.errors import SettingError
from impasto.settings.fields import setting

__all__ = ["ALL", "LARGEST", "PortraitOptions"]

LARGEST, ALL = "largest", "all"
THEME = "Portrait"


def _face(value: str) -> str:
    if value in (LARGEST, ALL) or (value.isdecimal() and 1 <= int(value) <= 1000):
        return value
    raise ValueError(f"give {LARGEST}, {ALL} or a number from 1, the largest face's, on")


class PortraitOptions(Options):
    """The options of a portrait.

    Example:
        >>> PortraitOptions.of(framing="bust").face
        'largest'
    """

    framing: Literal["head", "bust"] = setting(
        "head", "How much is in the picture: the head, or head and shoulders.", THEME, everyday=True
    )
    face: Annotated[str, AfterValidator(_face)] = setting(
        LARGEST,
        "Which face: the largest, all of them, each as a picture of its own, or one by its number "
        "from the largest on.",
        THEME,
        metavar="largest|all|N",
        everyday=True,
    )

    def check_single(self) -> None:
        """As `Options.check_single` says.

        Example:
            >>> PortraitOptions.of(face="all").check_single()
            Traceback (most recent call last):
            impasto.errors.SettingError: face is all, and those are several paintings: ask for \
each by its number, from 1, the largest face's, on
        """
        if self.face == ALL:
            raise SettingError(
                f"face is {ALL}, and those are several paintings: ask for each by its number, "
                "from 1, the largest face's, on"
            )
