"""What words about a painting come to, for a stranger: styles that come along, and settings.

A plan is made when a job is posted, and kept with it. Its styles are the samples and what painters
of ours make, and become uploads as if they had been sent; the pictures of whoever runs the studio
are not searched. Where CLIP is there it ranks the samples by words that name no style.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from impasto import samples
from impasto.errors import QueueFullError, ServerError, SettingError, UnknownNameError
from impasto.samples.lookup import sample_or
from impasto.service.http.json_object import json_object
from impasto.service.http.state import AppState
from impasto.service.http.texts import check_characters, check_length
from impasto.service.try_on.process import Refused, Unavailable
from impasto.settings.resolve import setting_error
from impasto.words import Plan, Wishes, plan_of
from impasto.words.choosing import Rank, Ranked, plan_by_rank
from impasto.words.language_model import LanguageModel, plan_by_model

__all__ = ["plan_record", "plan_styles", "posted_plan", "rank_for", "untrusted_plan"]

COMMAND_LINE = "command_line"
_log = logging.getLogger("impasto.service.http")


def rank_for(app_state: AppState, client: str, gone: threading.Event) -> Rank | None:
    """What ranks the samples by words; None where nothing does.

    Args:
        app_state: whose try-on asks CLIP.
        client, gone: as for `impasto.service.try_on.process.TryOn.strip`.

    Returns:
        From words to samples, the nearest first; it raises `ServerError` where CLIP does not
        answer.
    """
    try_on = app_state.try_on
    if try_on is None or not try_on.ranks:
        return None

    def rank(words: str) -> list[Ranked]:
        try:
            return try_on.ranked(words, client, gone)
        except Refused as error:  # of the model or its folder, which is nobody's business outside
            _log.warning("CLIP cannot rank styles: %s", error)
            raise ServerError("CLIP cannot rank styles here") from None
        except (QueueFullError, Unavailable):
            raise ServerError("CLIP does not answer now") from None

    return rank


def untrusted_plan(
    text: str,
    given: int,
    most: int,
    *,
    reader: LanguageModel | None = None,
    rank: Rank | None = None,
    guides: bool = False,
) -> Plan:
    """The plan that words in a request come to.

    Args:
        text: the words.
        given: how many style pictures come beside them.
        most: characters that they may have.
        reader: a language model that reads them; None for the vocabulary.
        rank: as `rank_for` gives it: chooses styles where the words name none.
        guides: whether the words guide the painting too, so that nobody need know any.

    Raises:
        SettingError: nothing of them is understood.
        InputError: they are too long, or have characters that nothing shows.

    Example:
        >>> untrusted_plan("mostly watercolour", given=0, most=500).sources()
        ['watercolour']
    """
    _check(text, most)
    if reader is not None:
        return plan_by_model(text, reader, given=given)
    try:
        plan = plan_by_rank(text, rank or _unranked, given=given, guides=guides)
    except ServerError as error:
        plan = _by_vocabulary(text, given, None if rank is None else error)
    plan.check_sources(samples.names("style"))
    return plan


def _by_vocabulary(text: str, given: int, unranked: ServerError | None) -> Plan:
    """The vocabulary's plan, or refusal, with the reason why CLIP ranked no styles."""
    try:
        plan = plan_of(text, given=given)
    except SettingError as error:
        raise SettingError(f"{unranked}, and {error}") if unranked else error from None
    if unranked is None:
        return plan
    return plan.model_copy(update={"notes": (*plan.notes, f"{unranked}: no style is ranked")})


def _unranked(words: str) -> list[Ranked]:  # noqa: ARG001 - a rank's
    raise ServerError("nothing ranks styles here")


def posted_plan(record: str, most: int) -> Plan:
    """A plan that a request brings along, as `plan_record` gave it; what is told of it is dropped.

    Args:
        record: JSON.
        most: characters that its words may have.

    Raises:
        SettingError: no plan.
        UnknownNameError: a part that a plan has not, or a style that there is not.
        InputError: its words are too long, or have characters that nothing shows.

    Example:
        >>> shown = '{"styles": [{"source": "great-wave", "share": 1}], "notes": ["a note"]}'
        >>> plan = posted_plan(shown, most=500)
        >>> plan.sources(), plan.notes
        (['great-wave'], ())
    """
    told = json_object(record, "plan", '{"styles": [{"source": "great-wave", "share": 1}]}')
    for name in told:
        if name not in (*Plan.model_fields, COMMAND_LINE):
            raise UnknownNameError("part of a plan", name[:80], Plan.model_fields)
    kept = {name: value for name, value in told.items() if name in (*Wishes.model_fields, "text")}
    try:
        plan = Plan.model_validate(kept)
    except ValidationError as error:
        raise setting_error(error, Plan.model_fields, whole="plan") from None
    _check(plan.text, most)
    plan.check_sources(samples.names("style"))
    return plan


def _check(text: str, most: int) -> None:
    check_length("the words have", text, most)
    check_characters("the words have", text)


def plan_styles(plan: Plan) -> list[Path]:
    """The files of a plan's styles, in their order; what a painter of ours makes may take seconds.

    Raises:
        ImpastoError: one cannot be painted here.
    """
    return [Path(sample_or("style", source)) for source in plan.sources()]


def plan_record(plan: Plan, given: Sequence[str]) -> dict[str, Any]:
    """A plan as an answer shows it: with the command line that it stands for.

    Args:
        plan: what words came to.
        given: what stands for the style pictures beside them, in the command line.
    """
    return {**plan.model_dump(mode="json"), COMMAND_LINE: plan.command(styles=given)}
