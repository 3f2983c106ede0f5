from __future__ import annotations

import pytest

from impasto.training.stylizers.course import Course


def test_the_learning_rate_rises_then_falls_to_a_fiftieth() -> None:
    course = Course(steps=500, lr=1.0)
    rates = [course.rate(step) for step in range(1, 501)]
    assert rates[0] == pytest.approx(0.05, rel=1e-3)
    assert 20 <= rates.index(max(rates)) + 1 <= 21
    assert rates[-1] == pytest.approx(0.02)
