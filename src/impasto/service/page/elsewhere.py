"""Jobs that have a page of their own: films, drawings, letters and portraits."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from impasto import arrangements
from impasto.service.contract import VIDEO

__all__ = ["ELSEWHERE"]

ELSEWHERE: Mapping[str, str] = MappingProxyType(
    {VIDEO: "film", **{kind: kind for kind in arrangements.KINDS}}
)
"""The address of the page of each kind, which is also the key of its name."""
