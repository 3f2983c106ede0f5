"""The network that looks, and the machine it runs on."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator

from impasto.settings.fields import Group, name_in, setting
from impasto.settings.registry import EXTRACTORS

__all__ = ["MachineSettings"]

# On another device or with other threads it is the same painting.
MACHINE: dict[str, Any] = {"scope": "machine", "shapes_picture": False}

SMALLEST_TILE = 128  # px: below, what a tile has to see around its own is most of the work


def _tile(value: str) -> str:
    if value in ("auto", "off") or (value.isdecimal() and int(value) >= SMALLEST_TILE):
        return value
    raise ValueError(f"give auto, off or a number of px from {SMALLEST_TILE} on")


class MachineSettings(Group):
    """The network that looks, and the machine it runs on."""

    backbone: Annotated[str, name_in(EXTRACTORS)] = setting(
        "slim", "Network whose features define the losses.", "Backbone", group=EXTRACTORS
    )
    weights_file: str | None = setting(
        None,
        "Weights of the backbone from a .pth or .safetensors file with torchvision's key names.",
        "Backbone",
        metavar="FILE",
        flag="--weights",
        file=True,
        unset="the backbone's own",
    )
    pooling: Literal["auto", "max", "average"] = setting(
        "auto", "Pooling of the backbone; auto is the one it was trained with.", "Backbone"
    )
    padding: Literal["zero", "reflect", "replicate"] = setting(
        "reflect", "Padding of the backbone's convolutions.", "Backbone"
    )
    device: str = setting(
        "auto", "auto (CUDA, then MPS, then CPU), cpu, cuda, cuda:N or mps.", "Machine", **MACHINE
    )
    precision: Literal["auto", "float32", "bf16"] = setting(
        "auto",
        "Precision of the features; auto is bf16 on CUDA and on CPUs with AMX, where it is faster.",
        "Machine",
        scope="machine",
    )
    threads: int | None = setting(
        None,
        "How many CPU threads torch uses.",
        "Machine",
        **MACHINE,
        ge=1,
        le=1024,
        unset="torch's choice",
    )
    deterministic: bool = setting(
        False,
        "Give the same bytes every time on CUDA too; a CPU always does.",
        "Machine",
        **MACHINE,
    )
    channels_last: bool = setting(
        True,
        "Keep features channels-last, which is faster on most processors.",
        "Machine",
        **MACHINE,
    )
    compile: bool = setting(
        False, "Compile the backbone with torch.compile first.", "Machine", **MACHINE
    )
    tile: Annotated[str, AfterValidator(_tile)] = setting(
        "auto",
        "Paint in tiles of so many px, to the same picture in less memory; auto where the whole "
        "would not fit; off never.",
        "Machine",
        **MACHINE,
        metavar="auto|off|PX",
    )
    scratch: str | None = setting(
        None,
        "Folder for what a picture in tiles has no memory for; it is empty again at the end.",
        "Machine",
        **MACHINE,
        metavar="DIR",
        unset="all of it in memory",
    )
    force: bool = setting(False, "Start even if memory seems too short.", "Machine", **MACHINE)
