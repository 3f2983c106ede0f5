"""The network that looks, and the machine it runs on."""

from __future__ import annotations

from typing import Literal

from impasto.settings.fields import Group, setting

__all__ = ["MachineSettings"]


class MachineSettings(Group):
    """The network that looks, and the machine it runs on."""

    backbone: str = setting("slim", "Network whose features define the losses.", "Backbone")
    weights_file: str | None = setting(
        None,
        "Weights of the backbone from a .pth or .safetensors file with torchvision's key names.",
        "Backbone",
        metavar="FILE",
        flag="--weights",
        unset="the backbone's own",
    )
    pooling: Literal["auto", "max", "average"] = setting(
        "auto", "Pooling of the backbone; auto is what it learnt with.", "Backbone"
    )
    padding: Literal["zero", "reflect", "replicate"] = setting(
        "reflect", "Padding of the backbone's convolutions.", "Backbone"
    )
    device: str = setting(
        "auto", "auto (CUDA, then MPS, then CPU), cpu, cuda, cuda:N or mps.", "Machine"
    )
    precision: Literal["float32", "bf16"] = setting(
        "float32", "Precision of the features; bf16 is for CUDA.", "Machine"
    )
    threads: int | None = setting(
        None, "How many CPU threads torch uses.", "Machine", ge=1, le=1024, unset="torch's choice"
    )
    deterministic: bool = setting(
        False, "Give the same bytes each time on CUDA too; a CPU always does.", "Machine"
    )
    channels_last: bool = setting(
        True, "Keep features channels-last, which is faster on most processors.", "Machine"
    )
    compile: bool = setting(False, "Compile the backbone with torch.compile first.", "Machine")
    force: bool = setting(False, "Start even if memory seems too short.", "Machine")
