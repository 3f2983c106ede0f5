"""Words about a painting, read into a plan: styles with shares, and settings.

`plan_of` reads a phrase with the vocabulary of `vocabulary.toml`, in English and Chinese; nothing
is guessed, and what is not understood is named. It needs no torch.
"""

from __future__ import annotations

from impasto.words.plan import Plan, PlannedStyle, Wishes
from impasto.words.planning import Library, plan_of

__all__ = ["Library", "Plan", "PlannedStyle", "Wishes", "plan_of"]
