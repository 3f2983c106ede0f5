"""The network that a training begins with: the bundled one bent to some styles, or a fresh one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Literal, TypeAlias, get_args

import torch

from impasto.errors import SettingError, UnknownNameError
from impasto.losses.moments import Moments
from impasto.networks import BRUSH_FILE, stylizers
from impasto.networks.stylizers import OnePass, Plan
from impasto.networks.stylizers.folding import folded

__all__ = ["PLANS", "STARTS", "Start", "Width", "begin", "bundled", "check", "default_start"]

Width: TypeAlias = Literal["s", "m", "l"]
Start: TypeAlias = Literal["brush", "scratch"]
STARTS: tuple[Start, ...] = get_args(Start)

PLANS: Mapping[Width, Plan] = MappingProxyType(
    {
        "s": Plan(widths=(12, 24, 32, 64), blocks=4),
        "m": Plan(),
        "l": Plan(widths=(24, 48, 96, 160), blocks=6),
    }
)
"""The layouts to choose from; `m` is that of the bundled network."""

BUNDLED: Width = "m"


def default_start(width: Width) -> Start:
    """The start of a layout where none is chosen: `brush` where the bundled network has it.

    Example:
        >>> default_start("m"), default_start("l")
        ('brush', 'scratch')
    """
    return "brush" if width == BUNDLED else "scratch"


def check(width: str, start: str) -> None:
    """Refuse what there is no network to begin with for.

    Raises:
        UnknownNameError: no such width or start.
        SettingError: the bundled network has not that width.
    """
    if width not in PLANS:
        raise UnknownNameError("width", width, PLANS)
    if start not in STARTS:
        raise UnknownNameError("start", start, STARTS)
    if start == "brush" and width != BUNDLED:
        raise SettingError(
            f"the bundled network has width {BUNDLED} and cannot start one of width {width}: "
            f"choose --from scratch, or --width {BUNDLED}"
        )


def begin(
    names: Sequence[str],
    statistics: Mapping[str, Moments],
    *,
    width: Width = "m",
    start: Start | None = None,
    seed: int = 0,
) -> OnePass:
    """A network with a row for each style, before it has learnt.

    For one style every convolution has one kernel: the file has a third of the size, and nothing
    is lost.

    Args:
        names: of the styles.
        statistics: of them, by layer, as `Reader` takes them; needed for "brush" alone.
        width: one of `PLANS`.
        start: "brush", the bundled network, which paints the styles tolerably from the first
            step; "scratch", random numbers; None for `default_start`.
        seed: of the random numbers.

    Raises:
        ImpastoError: as for `check`.

    Example:
        >>> begin(["mine"], {}, width="s").names
        ('mine',)
    """
    start = start or default_start(width)
    check(width, start)
    alone = len(names) == 1
    if start == "brush":
        whole = bundled()
        codes = whole.read(statistics)
        painter = folded(whole.painter, codes[0]) if alone else whole.painter
        network = OnePass(painter.plan, reads=False, rows=names)
        network.painter.load_state_dict(painter.state_dict())
        network.codes.data.copy_(codes)
        return network.train()
    plan = PLANS[width]
    plan = replace(plan, trunk_kernels=1, top_kernels=1) if alone else plan
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        network = OnePass(plan, reads=False, rows=names)
        network.codes.data.normal_()
    return network.train()


def bundled() -> OnePass:
    """The network that comes with impasto, to learn on."""
    return stylizers.load(BRUSH_FILE)
