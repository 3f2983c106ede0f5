"""Artists and works that nothing here learns from, so that figures tell how unseen styles do."""

from __future__ import annotations

import re

__all__ = ["HELD_OUT", "is_held_out"]

# By artist or work: words, or runs of words, in the names under which their pictures go about.
_SIGNS: dict[str, tuple[str, ...]] = {
    "Hokusai": ("hokusai", "wave"),
    "Seurat": ("seurat",),
    "Kandinsky": ("kandinsky", "composition vii"),
    "Van Gogh": ("gogh", "vangogh", "vg", "starry"),
    "Degas": ("degas",),
    "mosaic": ("mosaic",),
}

HELD_OUT = tuple(_SIGNS)
"""Their names."""


def is_held_out(name: str) -> bool:
    """Whether a picture of such a name is of one of them.

    Args:
        name: of a file, without its ending.

    Example:
        >>> [is_held_out(name) for name in ("great-wave", "vg_olive", "composition-vii_850x1280")]
        [True, True, True]
        >>> is_held_out("albert-gleizes_composition-1928")
        False
    """
    words = " ".join(re.findall(r"[a-z]+", name.lower()))
    return any(f" {sign} " in f" {words} " for signs in _SIGNS.values() for sign in signs)
