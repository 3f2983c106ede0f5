"""What a doodle is told beside its pictures."""

from __future__ import annotations

from typing import ClassVar, Literal

from impasto.arrangements.options import Options
from impasto.settings.fields import setting

__all__ = ["DoodleOptions"]

GROUP = "Doodle"


class DoodleOptions(Options):
    """The options of a doodle: a drawing in flat colours, and the painting it is painted of."""

    needs: ClassVar[tuple[str, ...]] = ("content", "style")
    takes: ClassVar[tuple[str, ...]] = ("labels",)

    regions: int | None = setting(
        None,
        "How many regions the painting is split into where it has no label map.",
        GROUP,
        ge=2,
        le=16,
        unset="4 to 8, by its colours and textures; more where the drawing has more colours",
        metavar="N",
    )
    layout: Literal["patches", "flat"] = setting(
        "patches",
        "What each region begins with: patches of the painting, placed as what surrounds them is "
        "drawn; or the mean colour of the region.",
        GROUP,
    )
