"""What can be chosen by name, of this package and of others.

A style loss, a feature extractor, a method and a recipe are each found by a name that a setting
holds. Ours stand in `BUILT_IN`; another package adds its own through an entry point of the same
group (`[project.entry-points."impasto.losses"]` in its pyproject.toml), and its names are known as
soon as it is installed. Nothing is imported before it is used, so that names can be checked where
torch is not installed.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from types import MappingProxyType
from typing import Any

from impasto.errors import ImpastoError, UnknownNameError

__all__ = ["BUILT_IN", "EXTRACTORS", "KINDS", "LOSSES", "METHODS", "RECIPES", "load", "names"]

EXTRACTORS = "impasto.extractors"
LOSSES = "impasto.losses"
METHODS = "impasto.methods"
RECIPES = "impasto.recipes"

# Where each lives, as an entry point would say it.
BUILT_IN: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        LOSSES: MappingProxyType(
            {
                "moments": "impasto.losses.kinds:MOMENTS",
                "shifted": "impasto.losses.kinds:AUTOCOVARIANCE",
                "gram": "impasto.losses.kinds:GRAM",
                "wasserstein": "impasto.losses.kinds:WASSERSTEIN",
                "sliced": "impasto.losses.kinds:SLICED",
                "histogram": "impasto.losses.kinds:HISTOGRAM",
                "gram-raw": "impasto.losses.kinds:GRAM_RAW",
            }
        ),
        EXTRACTORS: MappingProxyType(
            {
                "slim": "impasto.networks.features.registry:SLIM",
                "vgg19": "impasto.networks.features.registry:VGG19",
                "vgg16": "impasto.networks.features.registry:VGG16",
                "vgg19-original": "impasto.networks.features.registry:VGG19_ORIGINAL",
                "vgg19-normalized": "impasto.networks.features.registry:VGG19_NORMALIZED",
                "squeezenet": "impasto.networks.features.squeezenet:SQUEEZENET",
            }
        ),
        METHODS: MappingProxyType(
            {
                "optimization": "impasto.methods.optimization.run:Optimization",
                "one-pass": "impasto.methods.one_pass.run:OnePass",
                "onnx": "impasto.methods.onnx:Onnx",
            },
        ),
        RECIPES: MappingProxyType({}),
    }
)

# What a message calls one of a group.
KINDS = {
    LOSSES: "style loss",
    EXTRACTORS: "backbone",
    METHODS: "method",
    RECIPES: "recipe",
}


def names(group: str) -> tuple[str, ...]:
    """Every name of a group: ours first, then those of other packages.

    Example:
        >>> names(METHODS)[0]
        'optimization'
    """
    return (*BUILT_IN[group], *(name for name in _installed(group) if name not in BUILT_IN[group]))


def load(group: str, name: str) -> Any:
    """What a name of a group stands for; imported now if it was not.

    Raises:
        UnknownNameError: there is no such name.
        ImpastoError: another package's part cannot be loaded.
    """
    if name in BUILT_IN[group]:
        module, _, attribute = BUILT_IN[group][name].partition(":")
        return getattr(import_module(module), attribute)
    point = _installed(group).get(name)
    if point is None:
        raise UnknownNameError(KINDS[group], name, names(group))
    try:
        return point.load()
    except Exception as error:  # another package's import may raise anything at all
        package = point.dist.name if point.dist is not None else point.value
        raise ImpastoError(
            f"the {KINDS[group]} {name} of the package {package} cannot be loaded "
            f"({type(error).__name__}: {error}): update that package or remove it"
        ) from error


@cache
def _installed(group: str) -> dict[str, EntryPoint]:
    """Entry points of other packages by name, read once; ours cannot be replaced."""
    return {point.name: point for point in entry_points(group=group)}
