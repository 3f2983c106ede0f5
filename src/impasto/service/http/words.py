"""What words about a painting come to, for a stranger: styles that come along, and settings.

A plan is made when a job is posted, and kept with it. Its styles are the samples and what painters
of ours make, and become uploads as if they had been sent; the pictures of whoever runs the studio
are not searched.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from impasto import samples
from impasto.errors import InputError
from impasto.samples.lookup import sample_or
from impasto.words import Plan, plan_of

__all__ = ["plan_record", "plan_styles", "untrusted_plan"]


def untrusted_plan(text: str, given: int, most: int) -> Plan:
    """The plan that words in a request come to.

    Args:
        text: the words.
        given: how many style pictures come beside them.
        most: characters that they may have.

    Raises:
        SettingError: nothing of them is understood.
        InputError: they are too long.

    Example:
        >>> untrusted_plan("mostly watercolour", given=0, most=500).sources()
        ['watercolour']
    """
    if len(text) > most:
        raise InputError(
            f"the words have {len(text)} characters, above the limit of {most}: shorten them"
        )
    plan = plan_of(text, given=given)
    plan.check_sources(samples.names("style"))
    return plan


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
    return {**plan.model_dump(mode="json"), "command_line": plan.command(styles=given)}
