"""What a lettering is told beside its pictures."""

from __future__ import annotations

from collections.abc import Container
from typing import ClassVar, Literal

from impasto.arrangements.options import Options
from impasto.errors import SettingError
from impasto.settings.fields import setting

__all__ = ["NO_WORDS", "LetterOptions", "Typography"]

NO_WORDS = "there are no words to draw: give some, or --glyphs FILE"


class Typography(Options):
    """How words are set and painted: all but the words themselves."""

    font: str | None = setting(
        None,
        "File of the font: TTF, OTF or TTC; parts that it has no glyphs for are refused.",
        "Lettering",
        metavar="FILE",
        file=True,
        unset="bold ones of this machine that have the glyphs",
        everyday=True,
    )
    vertical: bool = setting(
        False,
        "Write from top to bottom, lines from right to left.",
        "Lettering",
        everyday=True,
    )
    align: Literal["left", "center", "right"] = setting(
        "center",
        "Where short lines stand; in vertical writing left is the top.",
        "Lettering",
    )
    reading: Literal["auto", "effect", "texture"] = setting(
        "auto",
        "What the style picture is: letters with an effect on a ground, or a texture to fill the "
        "words with. auto: by how plain its rim is and how clearly something stands out from it.",
        "Lettering",
    )
    ground: Literal["auto", "transparent", "painted"] = setting(
        "auto",
        "What lies around the words: nothing, or the style's own ground. auto: nothing, unless the "
        "ground has a drawing of its own.",
        "Lettering",
        everyday=True,
    )
    looseness: float = setting(
        0.3,
        "How freely the style plays about the outline, from 0, as the font has it, to 1.",
        "Lettering",
        ge=0,
        le=1,
        everyday=True,
    )


class LetterOptions(Typography):
    """What a lettering is told beside its pictures.

    Its pictures are the style, and if there are any the glyphs in place of `text` as content, and
    the mask of the style's own letters as style mask.

    Example:
        >>> LetterOptions.of(text="春").align
        'center'
    """

    needs: ClassVar[tuple[str, ...]] = ("style",)
    takes: ClassVar[tuple[str, ...]] = ("content", "style mask")

    text: str = setting("", "The words; a line break begins a line.", "Lettering", max_length=500)

    def check_with(self, roles: Container[str]) -> None:
        """Refuse neither words nor glyphs, and both.

        Args:
            roles: of all pictures that are given, as text.

        Raises:
            SettingError: it is so.

        Example:
            >>> LetterOptions(text="春").check_with(["style"])
            >>> LetterOptions(text="春").check_with(["style", "content"])
            Traceback (most recent call last):
            ...
            impasto.errors.SettingError: words and glyphs are given: leave one of them out
        """
        if "content" in roles and self.text:
            raise SettingError("words and glyphs are given: leave one of them out")
        if "content" not in roles and not self.text.strip():
            raise SettingError(NO_WORDS)
