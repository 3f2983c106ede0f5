"""What a person asks about a network: its layers, and where its weights are."""

from __future__ import annotations

from impasto.networks import SLIM_FILE
from impasto.networks import weights as checkpoints
from impasto.networks.features.layers import layers_of
from impasto.networks.features.protocol import Extractor

__all__ = ["facts_of"]


def facts_of(extractor: Extractor, published: checkpoints.Published | None) -> dict[str, str]:
    """Layers, weights, size, licence and origin, in words.

    Args:
        extractor: the network.
        published: the checkpoint to download; None for bundled weights.
    """
    layers = layers_of(extractor)
    facts = {"layers": f"{layers[0]} … {layers[-1]}"}
    if published is None:
        facts["weights"] = f"bundled: {SLIM_FILE}"
        facts["size"] = _megabytes(SLIM_FILE.stat().st_size)
    else:
        status = checkpoints.status(published)
        facts["weights"] = {
            "absent": "not here yet: fetched when first used, or with "
            f"`impasto backbone fetch {extractor.name}`",
            "partial": f"partly fetched, the rest comes when used: {status.path}",
            "downloaded": f"here: {status.path}",
            "cached": f"here, the part that is needed: {status.path}",
        }[status.state]
        facts["size"] = f"{_megabytes(published.bytes)} to fetch" + (
            f", {_megabytes(status.bytes)} here" if status.bytes else ""
        )
    return facts | {"licence": extractor.licence, "origin": extractor.origin}


def _megabytes(count: int) -> str:
    return f"{count / 1e6:.1f} MB"
