"""What follows from the stages of any extractor: its layers, how deep to go, what people ask."""

from __future__ import annotations

from collections.abc import Iterable

from impasto.errors import SettingError, UnknownNameError
from impasto.networks.features.protocol import Extractor, Stage
from impasto.networks.weights import Supply

__all__ = ["check_heads", "facts_of", "geometry", "layers_of", "smallest_side", "stages_upto"]


def layers_of(extractor: Extractor) -> list[str]:
    """Every layer that can be asked for, from shallow to deep."""
    return [layer for stage in extractor.stages() for layer in stage.layers]


def stages_upto(extractor: Extractor, layers: Iterable[str]) -> list[Stage]:
    """The stages down to the deepest of `layers`.

    Raises:
        UnknownNameError: a layer that the extractor has not.
    """
    names, choices = set(layers), layers_of(extractor)
    for layer in sorted(names - set(choices)):
        raise UnknownNameError(f"layer of {extractor.name}", layer, choices)
    stages = list(extractor.stages())
    deepest = max((i for i, stage in enumerate(stages) if names & set(stage.layers)), default=-1)
    return stages[: deepest + 1]


def geometry(extractor: Extractor) -> dict[str, tuple[int, int]]:
    """Of each layer: px of the picture to one of its places, and px that a place sees."""
    return {
        layer: (stage.stride, stage.field) for stage in extractor.stages() for layer in stage.layers
    }


def smallest_side(extractor: Extractor, layers: Iterable[str]) -> int:
    """Shortest side of a picture, in px, whose deepest feature map still has two places.

    Reflect padding needs two places, and one place alone has no covariance.
    """
    return 2 * max((stage.stride for stage in stages_upto(extractor, layers)), default=1)


def check_heads(extractor: Extractor, layers: Iterable[str], heads: int) -> None:
    """Refuse a number of channel groups that does not divide every layer's channels.

    Raises:
        SettingError: naming the layer and the numbers that would do.
    """
    names = set(layers)
    for stage in extractor.stages():
        named = [layer for layer in stage.layers if layer in names]
        channels = stage.channels_out
        if named and channels % heads:
            fitting = [str(d) for d in range(1, channels + 1) if channels % d == 0]
            raise SettingError(
                f"gram_heads is {heads}, and the {channels} channels of {stage.layers[-1]} "
                f"cannot be split into {heads} heads: take one of {', '.join(fitting)}"
            )


def facts_of(extractor: Extractor, supply: Supply) -> dict[str, str]:
    """Layers, weights, size, licence and origin, in words.

    Args:
        extractor: the network.
        supply: where its weights come from.
    """
    layers = layers_of(extractor)
    return {
        "layers": f"{layers[0]} … {layers[-1]}",
        **supply.facts(extractor.name),
        "licence": extractor.licence,
        "origin": extractor.origin,
    }
