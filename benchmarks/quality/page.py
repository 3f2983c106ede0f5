"""The quality benchmark as a page of the docs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.quality import tables
from benchmarks.quality.figures import MIDDLE
from benchmarks.quality.pairs import CONTENTS, STYLES
from impasto.settings import StyleSettings

__all__ = ["render"]

PAGE = """# Which backbone guides best

Written by `python -m benchmarks.quality`; every painting's figures are in
[benchmarks/results/quality.json](../benchmarks/results/quality.json).

## How it is compared

{pairs} pairs of {contents} photographs and {styles} paintings, {size} px on the longest side, one
seed, {steps} steps (`default` takes up to {usual}), strengths {strengths}; of the paintings
asked for, {missing} are missing. The losses, their weights and the scales are the same for all
(`COMMON` in `benchmarks/quality/contenders.py`, much as in the recipe `default`); only the guide
differs. {held_out} were kept out of the training of `slim`;
`slim-v0`, trained before that was decided, had seen them.

A painting is read as the saved 8-bit PNG, by networks that did **not** guide it: SqueezeNet 1.1 for
those painted with the VGG components, the components for those painted with SqueezeNet, both for
the rest. Both were the **teachers** of `slim` and `slim-v0`, which may flatter these two.

- **Style distance** of a layer: |μ − μ'|² / tr Σ' + |Σ − Σ'|² / |Σ'|², with μ', Σ' the mean and
  covariance of the style image's features, averaged over the judge's layers.
- **Content distance** of a layer: mean squared difference over the variance of the content image's
  features, averaged over the judge's deeper layers.
- **At equal content distance**: each pair's paintings give a curve of style over content distance,
  straight between strengths in log-log. Where the curves of a contender and of `{reference}` share
  content distances, nine places of them are compared; *over reference's* is the geometric mean of
  the ratios over pairs, below 1 better, ± its standard error, in which pairs of one photograph or
  one painting count together (Cameron, Gelbach and Miller, 2011); *won* is the share of pairs
  below 1.
  *Style* is the mean where content is as far as in `{reference}`'s painting at {middle:g}, over the
  pairs that get there: not the same for all, so compare by the ratio. Pairs whose curves share
  nothing are *apart*.
- **Colour**: sliced Wasserstein distance to the style image's colours in Oklab, 100 from black to
  white.
- **Fine noise**: share of luma energy above half the Nyquist frequency, over the larger of the
  content's and the style's own, median over paintings; above 1 is noise that neither had. Brush
  strokes are fine too, so who paints more style has more of it; *at equal style* compares
  paintings with as much style, as style is compared at equal content.
- **Seconds**: wall clock for a painting, one thread a process, {processes} at a time, so comparable
  within this run only; **CPU s**: what the process itself took of it; **MB**: peak of a process of
  its own for one painting.

## Style at equal content

All pairs:

{against}

Only the styles that no training of `slim` saw:

{held_out_table}

## Fine noise

All pairs, with the strengths' medians:

{noise}

## Read at strength {middle:g}

`photograph` is the content image, unchanged: what painting begins from.

{readings}

## The contenders

- `slim`: the bundled backbone. `slim-v0`: the one before it.
- `squeezenet`: SqueezeNet 1.1 itself; style at conv1, fire3, fire4, fire7 and fire9, content at
  fire4 and fire7.
- `components`: the VGG-19 components themselves; style at relu1_1 to relu4_1, content at relu3_1
  and relu4_1. Their channels carry large arbitrary constants, beside which nothing else would
  count, so each loses its mean over ten sample pictures first. As published, 37 of the 64 channels
  at relu4_1 are 0 everywhere and the others nearly nowhere: but for its poolings the network is
  almost linear, which makes it a judge of colour and tone more than of strokes.
- `vgg19-random`: VGG-19 with random orthogonal weights, four pairs only, a pass is dear.

Machine: {machine}.
"""


def render(results: Mapping[str, Any]) -> str:
    """The page.

    Args:
        results: see `figures.results_of`.
    """
    figures, setting = results["contenders"], results["setting"]
    pairs = {line["pair"] for line in results["paintings"]}
    about = results["machine"]
    return PAGE.format(
        pairs=len(pairs),
        contents=len(CONTENTS),
        styles=len(STYLES),
        usual=StyleSettings().steps,
        held_out=" and ".join(f"`{name}`" for name in results["held_out"]),
        reference=results["reference"],
        middle=MIDDLE,
        against=tables.against(figures, results["reference"]),
        held_out_table=tables.against(figures, results["reference"], "equal_content_held_out"),
        noise=tables.noise(figures, results["reference"]),
        readings=tables.readings(figures),
        machine=f"{about['processor']}, {about['cores']} cores, torch {about['torch']}",
        missing=results["missing"] or "none",
        **{**setting, **{name: _list(setting[name]) for name in ("strengths", "processes")}},
    )


def _list(numbers: Sequence[float]) -> str:
    return ", ".join(f"{number:g}" for number in numbers) or "an unknown number"
