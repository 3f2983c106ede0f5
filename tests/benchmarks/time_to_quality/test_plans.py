from __future__ import annotations

import pytest

from benchmarks.time_to_quality.plans import PLANS, REFERENCE, select, settings_of
from impasto.errors import UnknownNameError


def test_the_reference_is_always_there_and_first() -> None:
    assert next(iter(PLANS)) == REFERENCE
    assert list(select("default, fewer")) == [REFERENCE, "fewer", "default"]
    assert select("") == dict(PLANS)


def test_a_plan_that_there_is_not_is_told() -> None:
    with pytest.raises(UnknownNameError, match="slowest"):
        select("slowest")


@pytest.mark.parametrize("name", PLANS)
def test_a_plan_says_only_how_steps_are_spent(name: str) -> None:
    settings = settings_of(PLANS[name], 384)
    assert (settings.size, settings.threads) == (384, 1)
    assert settings.weights == settings_of({}, 384).weights
