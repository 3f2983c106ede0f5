"""Styles that CLIP chooses where words name none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from impasto import imaging, samples
from impasto.networks.clip.model import Clip
from impasto.networks.clip.ranking import rank
from impasto.words.choosing import Ranked, plan_by_rank
from impasto.words.plan import Plan

__all__ = ["plan_by_clip"]


def plan_by_clip(
    text: str,
    clip: Clip,
    *,
    given: int = 0,
    guides: bool = False,
    pictures: Mapping[str, imaging.Source] | None = None,
    templates: Sequence[str] = ("{}",),
) -> Plan:
    """The vocabulary's plan; where the words name no style, with the pictures nearest to them.

    Args:
        text: as for `impasto.words.choosing.plan_by_rank`.
        clip: what looks and reads.
        given, guides: likewise.
        pictures: what there is to choose from, by name; the samples if left out.
        templates: as for `rank`.

    Raises:
        SettingError: as there.
        PictureError: a picture cannot be read.
    """

    def ranked(words: str) -> list[Ranked]:
        shown = pictures
        if shown is None:
            shown = {name: samples.style(name) for name in samples.names("style")}
        return rank(clip, shown, words, templates=templates)

    return plan_by_rank(text, ranked, given=given, guides=guides)
