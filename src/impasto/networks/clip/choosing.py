"""Styles that CLIP chooses where words name none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from impasto import imaging, samples
from impasto.errors import SettingError
from impasto.networks.clip.model import Clip
from impasto.networks.clip.ranking import rank
from impasto.words.plan import DECIMALS, Plan, PlannedStyle
from impasto.words.planning import MOST_TEXT, plan_of

__all__ = ["plan_by_clip"]

MOST_CHOSEN = 3  # styles in a blend; more are mud
LEAST_SHARE = 0.05  # of a blend; less is not seen


def plan_by_clip(
    text: str,
    clip: Clip,
    *,
    given: int = 0,
    pictures: Mapping[str, imaging.Source] | None = None,
    templates: Sequence[str] = ("{}",),
) -> Plan:
    """The vocabulary's plan; where the words name no style, with the pictures nearest to them.

    Words that the vocabulary does not know count too: CLIP reads the whole phrase.

    Args:
        text: a phrase of at most `MOST_TEXT` characters.
        clip: what looks and reads.
        given: how many style pictures are given beside it: then none is chosen.
        pictures: what there is to choose from, by name; the samples if left out.
        templates: as for `rank`.

    Raises:
        SettingError: the words are empty or too long.
        PictureError: a picture cannot be read.
    """
    if given or not text.strip() or len(text) > MOST_TEXT:
        return plan_of(text, given=given)
    try:
        plan = plan_of(text, chooses=False)
    except SettingError:
        alone = "the vocabulary knows nothing of it: CLIP alone reads it"
        plan = Plan.model_validate({"text": text, "notes": (alone,)})
    if plan.styles:
        return plan
    if pictures is None:
        pictures = {name: samples.style(name) for name in samples.names("style")}
    nearest = rank(clip, pictures, text, templates=templates)[:MOST_CHOSEN]
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


def _rounded(shares: Sequence[float]) -> list[float]:
    """Shares that are 1 together, as a person reads and writes them.

    Example:
        >>> _rounded([2.0, 1.0])
        [0.667, 0.333]
    """
    rest = [round(share / sum(shares), DECIMALS) for share in shares[1:]]
    return [round(1 - sum(rest), DECIMALS), *rest]
