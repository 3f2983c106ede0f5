"""Every setting as a keyword with its type, so that editors complete it and mypy knows it.

Written by `python -m tools.generate` from `StyleSettings`; change that instead.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, TypedDict

__all__ = ["StyleOptions"]


class StyleOptions(TypedDict, total=False):
    """Keywords of `impasto.stylize` and `run`: single settings, as a caller may write them."""

    recipe: str
    """Settings to start from: a recipe's name, a recipe FILE.toml, or a painting made with it."""

    embed_recipe: bool
    """Keep in the painting how it was made: its settings, the names and hashes of its pictures."""

    method: str
    """How it is painted: optimization moves the pixels themselves, step by step; one-pass lets a
    network paint at once."""

    model: str | None
    """Network that paints in one pass, as `impasto train` wrote it; with ROW the style of that name
    that it was taught, several to blend them."""

    strength: float | None
    """From 0, nearly the photograph, to 1, nearly the style."""

    keep_faces: bool
    """Keep faces like themselves: they are found, and painted in finer strokes that leave eyes,
    mouth and features where they are."""

    steps: int
    """How many steps: evaluations of loss and gradient, shared among the scales, which may need
    fewer."""

    seed: int
    """Seed of the noise that a painting may start from, and of the directions of the style loss
    sliced."""

    size: int | None
    """Longest side of the picture."""

    shape: tuple[int, int] | str | str | None
    """Exact height x width, in place of size. A smaller photograph is enlarged. Or a ratio
    width:height, such as 1:1, as large as size says."""

    fit: Literal["contain", "cover", "stretch"]
    """How the picture fills a shape: cover crops it, at crop; contain keeps all of it, so one side
    may come out shorter; stretch distorts it."""

    crop: str
    """What a crop keeps: the middle, a side, or the point X%,Y% from the left and the top."""

    style_fit: Literal["contain", "stretch"]
    """How the style image is fitted to the picture: to the same longest side, or stretched to its
    shape."""

    style_scale: float
    """Size of the strokes. Below 1 finer, above coarser: how large the style image is read, as a
    multiple of the picture's longest side."""

    upscale: bool
    """Enlarge pictures that are smaller than asked for. The style image too."""

    resample: Literal["bilinear", "bicubic", "lanczos"]
    """Filter that resizes the pictures."""

    max_megapixels: float
    """Refuse pictures with more pixels than this."""

    bits: Literal["auto", "8", "16", 8, 16]
    """Bits per channel in the output; auto: 16 if the content image has 16."""

    content_weight: float | None
    """Factor of the content loss, in place of strength."""

    style_weight: float | None
    """Factor of the style loss, in place of strength."""

    tv_weight: float
    """Factor of the total variation loss, which smooths."""

    content_layers: Mapping[str, float] | str
    """Layers that hold the content, with their weights."""

    style_layers: Mapping[str, float] | str
    """Layers that hold the style, with their weights."""

    field_share: float
    """Leave a style layer out of scales where one place of it sees more than this share of the
    longest side: there it holds whole objects, which would be painted into the photograph. 0: every
    layer at every scale."""

    content_loss: Literal["relative", "mse"]
    """Mean squared difference, over the target's own variance, or as it is."""

    style_loss: str
    """What a style is: mean and covariance, with or without those between places apart; Gram
    matrices; a normal distribution; the whole distribution along random directions or channel by
    channel; or the chapter's Gram matrices as they are."""

    style_blend: Sequence[float] | str | None
    """Shares of several styles, in their order."""

    gram_heads: int
    """Split the channels into this many groups, each with its own matrix."""

    tv_loss: Literal["squared", "l1", "charbonnier", "vectorial"]
    """Squared differences of neighbours, the chapter's absolute ones, these made smooth, or smooth
    and alike in every direction, all colours together."""

    color: Literal["style", "luminance", "match", "histogram", "only"]
    """Whose colours: the style's; the photograph's, exactly, in the painting's light and dark; the
    photograph's range of colours, by mean and covariance or by the whole histogram; or the style's
    on a photograph that is not painted."""

    palette: Sequence[str] | str | None
    """Colours to paint with. 1 to 12 of them, with their tints and shades: names, such as ochre or
    石青, or #rrggbb; navy:3,gold has three times as much navy."""

    tone: Mapping[str, float] | str
    """Tones of the painting. Each has an amount, up to 2: dark, light, high-contrast, soft, warm,
    cold, vivid, muted, sepia, monochrome."""

    content_chroma: float
    """Share of its colour that the photograph is seen with at strength 0.5, under color style: the
    less, the more the colours are the style's. More of it at a lower strength, less at a higher
    one, and the less the less the style's colours vary. 1: the photograph as it is."""

    flat_colors: int
    """Paint from the photograph in so many flat colours, as a cartoon is laid in; 0: from all that
    it has."""

    lines: float
    """How dark the lines are that are drawn on the photograph first, where its forms end."""

    init: str
    """Start from content, noise, blend (content and noise), style (noise in the style's colours) or
    image:FILE (stretched onto the picture)."""

    noise: float
    """Share of noise in a blend."""

    coarsest: int
    """Longest side of the coarsest scale; each further one is twice as large. 0: a single scale."""

    margin: float
    """Share of the longest side that is painted beyond each edge, 80 px at most, mirrored, and cut
    off at the end, to keep the edges clean."""

    coarse_share: float
    """Steps of each scale, as a multiple of those of the next finer one."""

    detail: float
    """Share of the photograph's detail that each finer scale begins with, if the painting started
    from content or blend; 0: only what the coarser scale painted."""

    scale_tolerance: float
    """A scale but the last ends once its last 10 steps lower its loss by less than this share;
    steps are then the most. 0: each has all its steps."""

    optimizer: Literal["lbfgs", "proximal", "adam"]
    """What moves the pixels; proximal is L-BFGS that does not stall on tv_loss l1."""

    lr: float
    """Learning rate, in units of standardised pixels for adam."""

    lr_schedule: Literal["constant", "step", "cosine"]
    """How adam's learning rate falls within a scale."""

    lr_decay: float
    """Factor of the step schedule."""

    lr_decay_every: int
    """Steps between two decays of the step schedule."""

    lbfgs_history: int
    """How many pairs of differences L-BFGS remembers."""

    lbfgs_sobolev: float
    """How much L-BFGS holds back fine detail in its moves; 0: plain L-BFGS."""

    clip: str | None
    """CLIP model that reads words and looks at pictures: a folder, or OWNER/MODEL of the Hugging
    Face hub."""

    text_weight: float
    """Factor of the loss of --text itself, seen by clip; 0: words only choose styles and
    settings."""

    text_crops: int
    """How many cut-outs of the picture CLIP looks at in a step."""

    text_templates: str
    """Sentences that the words stand in, averaged; ; between them."""

    text_source: str
    """What the photograph is, in words: the way leads from there."""

    backbone: str
    """Network whose features define the losses."""

    weights_file: str | None
    """Weights of the backbone from a .pth or .safetensors file with torchvision's key names."""

    pooling: Literal["auto", "max", "average"]
    """Pooling of the backbone; auto is the one it was trained with."""

    padding: Literal["zero", "reflect", "replicate"]
    """Padding of the backbone's convolutions."""

    device: str
    """auto (CUDA, then MPS, then CPU), cpu, cuda, cuda:N or mps."""

    precision: Literal["auto", "float32", "bf16"]
    """Precision of the features; auto is bf16 on CUDA and on CPUs with AMX, where it is faster."""

    threads: int | None
    """How many CPU threads torch uses."""

    deterministic: bool
    """Give the same bytes every time on CUDA too; a CPU always does."""

    channels_last: bool
    """Keep features channels-last, which is faster on most processors."""

    compile: bool
    """Compile the backbone with torch.compile first."""

    tile: str
    """Paint in tiles of so many px, to the same picture in less memory; auto where the whole would
    not fit; off never."""

    scratch: str | None
    """Folder for what a picture in tiles has no memory for; it is empty again at the end."""

    force: bool
    """Start even if memory seems too short."""
