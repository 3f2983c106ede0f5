"""The styles that ship with impasto, as they were measured once: `tools/bundled_styles.py`."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files

from impasto.library.attributes import Attributes
from impasto.library.searching import Entry

__all__ = ["FILE", "bundled_entries"]

FILE = "bundled.json"


@cache
def bundled_entries() -> tuple[Entry, ...]:
    """Every bundled style, in the order in which they are listed.

    Example:
        >>> bundled_entries()[0].name
        'starry-night'
    """
    rows = json.loads((files("impasto.library") / FILE).read_text(encoding="utf-8"))
    return tuple(
        Entry(name, row["title"], Attributes.from_json(row["attributes"]))
        for name, row in rows.items()
    )
