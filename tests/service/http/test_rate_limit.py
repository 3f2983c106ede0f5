from __future__ import annotations

import pytest

from impasto.service.http import rate_limit
from impasto.service.http.rate_limit import Rates


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_burst_passes_and_then_one_at_a_time() -> None:
    clock = Clock()
    bucket = Rates(per_s=2, burst=3, clock=clock)
    assert [bucket.take("ada") for _ in range(4)] == [0, 0, 0, 1]
    clock.now = 0.5
    assert [bucket.take("ada") for _ in range(2)] == [0, 1]


def test_clients_do_not_pay_for_each_other() -> None:
    bucket = Rates(per_s=0.1, burst=1, clock=Clock())
    assert [bucket.take("ada"), bucket.take("ada"), bucket.take("bob")] == [0, 10, 0]


def test_a_look_takes_nothing() -> None:
    bucket = Rates(per_s=1, burst=1, clock=Clock())
    assert [bucket.wait("ada") for _ in range(3)] == [0, 0, 0]
    bucket.take("ada")
    assert bucket.wait("ada") == 1


def test_memory_is_bounded_whoever_knocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_limit, "MOST_CLIENTS", 3)
    bucket = Rates(per_s=1, burst=5, clock=Clock())
    for number in range(100):
        assert bucket.take(f"client {number}") == 0
    assert len(bucket._buckets) <= 3
