"""The page on style losses, with what was measured while its picture was painted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

__all__ = ["Trial", "style_losses_page"]

# What each kind takes from a style image, and when to choose it.
SAYINGS: Mapping[str, tuple[str, str]] = {
    "shifted": (
        "mean and covariance of its features, and their covariance three places apart",
        "you do not know yet: strokes that go on as the style's do, and its colours",
    ),
    "moments": (
        "mean and covariance of its features",
        "time presses, or a subject unlike the style needs care; strokes crumble sooner",
    ),
    "gram": (
        "its Gram matrices, means and all",
        "you want the classic look: light and colour first, fewer large motifs",
    ),
    "wasserstein": (
        "the normal distribution with its mean and covariance",
        "`moments` is nearly right and should be a touch calmer",
    ),
    "sliced": (
        "its whole distribution, along two random directions a channel",
        "brushwork should be dense and rich in contrast, and time does not press",
    ),
    "histogram": (
        "the distribution of each channel by itself",
        "`sliced` takes too long; colours may drift, for nothing says which channels go together",
    ),
}


class Trial(NamedTuple):
    """One painting.

    Attributes:
        kind: the style loss.
        seconds: of the whole painting.
        steps: it took.
    """

    kind: str
    seconds: float
    steps: int


def style_losses_page(trials: Sequence[Trial], size: int, machine: Mapping[str, Any]) -> str:
    """The page as Markdown.

    Args:
        trials: one for each kind, "moments" among them.
        size: side of the paintings, in px.
        machine: as `benchmarks.machine.describe` gives it.
    """
    plain = next(trial for trial in trials if trial.kind == "moments")
    rows = [
        f"| `{t.kind}` | {SAYINGS[t.kind][0]} | {SAYINGS[t.kind][1]} | {t.seconds:.0f} "
        f"| {t.seconds / plain.seconds:.1f} |"
        for t in trials
    ]
    return TEXT.format(
        rows="\n".join(rows),
        size=size,
        steps=plain.steps,
        processor=machine["processor"].rstrip(),
        threads="1 thread" if machine["threads"] == 1 else f"{machine['threads']} threads",
        torch=machine["torch"],
    )


TEXT = """\
<!-- Written by `python -m tools.showcase --only losses`; change `tools/style_losses.py`. -->

# Which style loss

A style loss compares what is left of a style image's features once it is forgotten where things
are. `--style-loss NAME` says what is left; `shifted` is the recipe `default`'s. This is one pair
under each, all else alike:

![One photograph in one style under six style losses](gallery/style-losses.jpg)

| `--style-loss` | what a style is | take it when | seconds | over `moments` |
| --- | --- | --- | --- | --- |
{rows}

{size} x {size} px, {steps} steps, one run each in turn, {threads} of an {processor},
torch {torch}; compare the ratios, not the seconds.

All six are divided by the style's own size, with a floor for a style of one flat colour, so that
one `--strength` serves them all. A seventh, `gram-raw`, is the chapter's and the first paper's Gram
loss as it stands; its weight depends on the network and the picture, and it belongs to the recipes
`chapter` and `gatys`.

## Several styles

Several style images are blended **as statistics, not as losses**: their means and covariances, Gram
matrices or quantiles are averaged by `--style-blend`, and the painting is compared with the
average.

- For squared distances both have the same minimum: Σ wₖ (x − tₖ)² is (x − Σ wₖ tₖ)² plus a
  constant. The average is cheaper, one comparison in place of one a style, and the loss does not
  stay large at its own minimum, so `--strength` means what it means for one style.
- Divided by each style's own size the losses would not add up to that: a faint style would pull
  more than a strong one of the same share.
- `sliced` and `histogram` average quantiles, which is the distribution in the middle between the
  others (their Wasserstein barycentre): halfway between a dark and a light style lies a mid-grey
  one. Pooling the features of both would ask for dark and light spots beside each other.
- `wasserstein` averages the moments, of which it makes its normal distribution.
"""
