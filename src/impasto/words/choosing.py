"""Styles that are chosen by what they look like, where words name none."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from impasto.errors import SettingError
from impasto.words.plan import DECIMALS, Plan, PlannedStyle
from impasto.words.planning import MOST_TEXT, plan_of

__all__ = ["Rank", "Ranked", "plan_by_rank", "shares_of"]

MOST_CHOSEN = 3  # styles in a blend; more are mud
LEAST_SHARE = 0.05  # of a blend; less is not seen


@dataclass(frozen=True)
class Ranked:
    """A picture and how near the words it is.

    Attributes:
        name: of the picture.
        similarity: cosine of the two vectors, from -1 to 1.
        share: of all that were ranked; all shares are 1 together.
    """

    name: str
    similarity: float
    share: float


Rank: TypeAlias = Callable[[str], Sequence[Ranked]]
"""From words to pictures, the nearest first."""


def plan_by_rank(text: str, rank: Rank, *, given: int = 0, guides: bool = False) -> Plan:
    """The vocabulary's plan; where the words name no style, with the pictures nearest to them.

    Words that the vocabulary does not know count too: who ranks reads the whole phrase.

    Args:
        text: a phrase of at most `MOST_TEXT` characters.
        rank: asked where no style is named and none is given.
        given: how many style pictures are given beside it: then none is chosen.
        guides: whether the words guide the painting too, so that the vocabulary need not know any.

    Raises:
        SettingError: the words are empty or too long, or say nothing that counts.

    Example:
        >>> def rank(words: str) -> list[Ranked]:
        ...     return [Ranked("swirls", 0.3, 0.75), Ranked("mosaic", 0.2, 0.25)]
        >>> plan_by_rank("like rain at night", rank).sources()
        ['swirls', 'mosaic']
        >>> plan_by_rank("woodcut, cold", rank).sources()
        ['woodcut']
    """
    if not text.strip() or len(text) > MOST_TEXT:
        return plan_of(text, given=given)
    try:
        plan = plan_of(text, given=given, chooses=False)
    except SettingError:
        if given and not guides:
            raise
        alone = "the vocabulary knows nothing of it: CLIP alone reads it"
        plan = Plan.model_validate({"text": text, "notes": (alone,)})
    if plan.styles or given:
        return plan
    nearest = rank(text)[:MOST_CHOSEN]
    all_shares = sum(picture.share for picture in nearest)
    seen = [picture for picture in nearest if picture.share >= LEAST_SHARE * all_shares]
    shares = _rounded([picture.share for picture in seen])
    chosen = tuple(
        PlannedStyle(source=picture.name, share=share)
        for picture, share in zip(seen, shares, strict=True)
    )
    told = ", ".join(f"{picture.name} {picture.similarity:.3f}" for picture in nearest)
    note = f"no style is named: CLIP finds these nearest ({told})"
    return plan.model_copy(update={"styles": chosen, "notes": (*plan.notes, note)})


def shares_of(similarities: Sequence[float], scale: float) -> list[float]:
    """The softmax of similarities.

    Args:
        similarities: cosines.
        scale: factor before the softmax; the larger, the more the nearest has.

    Example:
        >>> shares_of([0.3, 0.3], 100.0), shares_of([1.0, 0.0], 1000.0)
        ([0.5, 0.5], [1.0, 0.0])
    """
    most = max(similarities)
    powers = [math.exp(scale * (similarity - most)) for similarity in similarities]
    return [power / sum(powers) for power in powers]


def _rounded(shares: Sequence[float]) -> list[float]:
    """Shares that are 1 together, as a person reads and writes them.

    Example:
        >>> _rounded([2.0, 1.0])
        [0.667, 0.333]
    """
    rest = [round(share / sum(shares), DECIMALS) for share in shares[1:]]
    return [round(1 - sum(rest), DECIMALS), *rest]
