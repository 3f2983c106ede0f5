"""Plans of steps that compete, each as the settings in which it differs from `default`."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from impasto.errors import UnknownNameError
from impasto.settings import StyleSettings

__all__ = ["PLANS", "REFERENCE", "select"]

REFERENCE = "before"
_BEFORE: Mapping[str, Any] = {
    "steps": 250,
    "coarse_share": 1.4,
    "detail": 0.0,
    "scale_tolerance": 0.0,
    "lbfgs_sobolev": 5.0,
    "precision": "float32",
}
# What `default` was before steps were shared by what they bring, what it is, and what lies between.
PLANS: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        REFERENCE: _BEFORE,
        "fewer": {**_BEFORE, "steps": 150},
        "settled": {**_BEFORE, "scale_tolerance": 0.03},
        "detail": {**_BEFORE, "detail": 1.0},
        "float32": {"precision": "float32"},
        "default": {},
    }
)


def select(names: str) -> dict[str, Mapping[str, Any]]:
    """Some of the plans, the reference always among them and first.

    Args:
        names: with commas between; empty for all.

    Raises:
        UnknownNameError: there is none of a name.

    Example:
        >>> list(select("default"))
        ['before', 'default']
    """
    wanted = [name.strip() for name in names.split(",") if name.strip()] or list(PLANS)
    for name in wanted:
        if name not in PLANS:
            raise UnknownNameError("plan", name, PLANS)
    return {name: plan for name, plan in PLANS.items() if name == REFERENCE or name in wanted}


def settings_of(plan: Mapping[str, Any], size: int) -> StyleSettings:
    """All settings of a plan, on the CPU and one thread.

    Args:
        plan: in which it differs from `default`.
        size: longest side, in px.
    """
    return StyleSettings(size=size, device="cpu", threads=1, **plan)
