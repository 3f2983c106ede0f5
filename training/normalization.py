"""`python -m training.normalization`: how strongly each channel of VGG-19 wakes up on photographs.

Gatys et al. (2016, section 2) scale the weights so that each channel's mean activation, over
pictures and places, is 1. Scales are positive, so ReLU and pooling do not mind them, and one pass
of the network as it is gives all of them: the mean of each ReLU's output. It pools by averages, as
they painted: with the maxima that it learnt with, the means of relu5_1 are four times as high.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Literal

import torch
from safetensors.torch import save_file
from torch import Tensor

from impasto import imaging
from impasto.errors import PictureError
from impasto.files import replacing
from impasto.imaging.tensors import preprocess
from impasto.networks.features import BACKBONES, VGG

__all__ = ["main", "mean_activations", "photographs"]

NETWORK = "vgg19-original"
POOLING: Literal["average"] = "average"
SUFFIXES = (".jpg", ".jpeg", ".png")


def photographs(folder: Path, count: int) -> list[Path]:
    """So many pictures of a folder, evenly spread over their names.

    Raises:
        PictureError: there are fewer.
    """
    files = sorted(path for path in folder.glob("*") if path.suffix.lower() in SUFFIXES)
    if not 0 < count <= len(files):
        raise PictureError(
            f"{folder} holds {len(files)} photographs, and {count} are to be looked at: pass a "
            "folder with more, or a lower --count above 0"
        )
    return [files[number * len(files) // count] for number in range(count)]


@torch.inference_mode()
def mean_activations(network: VGG, pictures: Iterable[Tensor]) -> dict[str, Tensor]:
    """Of each channel, the mean over pictures and places; every place counts alike.

    Args:
        network: its layers are ReLUs.
        pictures: (1, 3, H, W) each, standardised; at least one.

    Returns:
        By layer, (C,) float64.

    Example:
        >>> plan = BACKBONES["slim"].plan
        >>> weights = {name: torch.zeros(shape) for name, shape in plan.shapes(["relu1_1"]).items()}
        >>> weights["features.0.bias"] += 3  # sees nothing, and is awake everywhere
        >>> means = mean_activations(VGG(plan, ["relu1_1"], weights), [torch.zeros(1, 3, 4, 4)])
        >>> means["relu1_1"].unique()
        tensor([3.], dtype=torch.float64)
    """
    sums: dict[str, Tensor] = {}
    places = dict.fromkeys(network.layers, 0)
    for picture in pictures:
        for layer, features in network(picture).items():
            sums[layer] = sums.get(layer, 0) + features.double().sum((0, 2, 3))
            places[layer] += features[:, 0].numel()
    return {layer: total / places[layer] for layer, total in sums.items()}


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, and write a file of one row for each convolution."""
    parser = argparse.ArgumentParser(prog="python -m training.normalization", description=__doc__)
    parser.add_argument("photos", type=Path, help="folder of photographs")
    parser.add_argument("--out", type=Path, required=True, help="file to write, .safetensors")
    parser.add_argument("--count", type=int, default=150, help="photographs to look at")
    options: Any = parser.parse_args(arguments)
    files = photographs(options.photos, options.count)
    backbone = BACKBONES[NETWORK]
    network = backbone.load([c.relu for c in backbone.plan], pooling=POOLING)
    means = mean_activations(network, (preprocess(imaging.read(file)) for file in files))
    rows = {c.conv: means[c.relu].float() for c in backbone.plan}
    about = {
        "network": f"{NETWORK}, weights {network.sha256()}",
        "pooling": POOLING,
        "photographs": f"{len(files)}, {files[0].name} to {files[-1].name}, at their own size",
    }
    with replacing(options.out) as draft:
        save_file(rows, draft, about)


if __name__ == "__main__":
    main()
