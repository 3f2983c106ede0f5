"""The paintings that one `impasto stylize` makes, as people type them."""

from __future__ import annotations

import shlex
from types import MappingProxyType

__all__ = ["PAINTINGS", "words"]

PAIR = "photo.png swirls.png"
# Unless a task says otherwise. At 16 bits a smaller difference is seen than a screen shows.
USUAL = {"--size": "96", "--steps": "10", "--bits": "16"}
HERE = "--device cpu --precision float32"

# What each task paints stands beside its name; the inputs are made by `tools.golden.inputs`.
PAINTINGS = MappingProxyType(
    {
        "default": f"{PAIR} --size 128 --coarsest 64 --steps 14",
        "eight-bit": f"{PAIR} --bits 8",
        "chapter": f"{PAIR} --recipe chapter --weights vgg19.safetensors --shape 64x96 --steps 6",
        "gatys": f"{PAIR} --recipe gatys --weights vgg19.safetensors --size 72 --steps 6",
        "two-masks": "photo.png swirls.png mosaic.png --mask left.png --mask right.png",
        "one-mask": f"{PAIR} --mask disc.png --size 128 --coarsest 64",
        "style-mask": f"{PAIR} --style-mask swirls-disc.png",
        "style-blend": "photo.png swirls.png mosaic.png --style-blend 0.7,0.3",
        "color-luminance": f"{PAIR} --color luminance",
        "color-match": f"{PAIR} --color match",
        "color-histogram": f"{PAIR} --color histogram",
        "color-only": f"{PAIR} --color only",
        "loss-moments": f"{PAIR} --style-loss moments --strength 0.8",
        "loss-gram": f"{PAIR} --style-loss gram --gram-heads 2 --content-loss mse",
        "loss-wasserstein": f"{PAIR} --style-loss wasserstein",
        "loss-sliced": f"{PAIR} --style-loss sliced --seed 3",
        "loss-histogram": f"{PAIR} --style-loss histogram",
        "loss-gram-raw": f"{PAIR} --style-loss gram-raw --content-weight 1 --style-weight 1000",
        "clear-content": "clear-photo.png swirls.png",
        "clear-style": "photo.png clear-swirls.png",
        "sixteen-bit": "deep.png swirls.png --bits auto",
        "init-noise": f"{PAIR} --init noise --seed 5",
        "init-blend": f"{PAIR} --init blend --noise 0.4",
        "init-style": f"{PAIR} --init style --size 128 --coarsest 64",
        "init-image": f"{PAIR} --init image:mosaic.png",
        "adam-step": f"{PAIR} --optimizer adam --lr-schedule step --lr-decay-every 4 --tv-loss l1",
        "adam-cosine": f"{PAIR} --optimizer adam --lr-schedule cosine --tv-loss charbonnier",
        "lbfgs-plain": f"{PAIR} --lbfgs-sobolev 0 --lbfgs-history 3 --tv-loss squared",
        "layers": f"{PAIR} --content-layers relu2_2=0.5,conv4_1 --style-layers relu1_2,relu4_1=2 "
        "--pooling max --padding replicate",
        "fit-contain": f"{PAIR} --shape 80x80 --fit contain --resample bicubic",
        "fit-cover": f"{PAIR} --shape 80x80 --fit cover --style-fit stretch",
        "fit-stretch": f"{PAIR} --shape 80x80 --fit stretch --resample bilinear --margin 0",
        "upscale": "small.png swirls.png --size 96 --upscale --style-scale 0.7",
    }
)


def words(line: str, *, machine: str = HERE) -> list[str]:
    """The words of a `stylize` line, completed with what all tasks share.

    Args:
        line: what is special about it.
        machine: options about the machine; a studio chooses them itself.

    Example:
        >>> " ".join(words("a.png b.png --shape 8x8 --steps 3"))
        'a.png b.png --shape 8x8 --steps 3 --bits 16 --device cpu --precision float32 --quiet'
    """
    parts = shlex.split(line)
    has_size = "--shape" in parts or "--size" in parts
    for option, value in USUAL.items():
        if option not in parts and not (has_size and option == "--size"):
            parts += [option, value]
    return [*parts, *shlex.split(machine), "--quiet"]
