from __future__ import annotations

from datetime import UTC, datetime

from impasto.service.jobs.model import Job, State


def test_three_states_are_ends_and_two_are_not() -> None:
    assert [str(state) for state in State if state.ended] == ["finished", "failed", "cancelled"]
    assert [str(state) for state in State if not state.ended] == ["queued", "running"]


def test_two_jobs_share_no_losses() -> None:
    one, other = (Job(id, State.QUEUED, {}, {}, datetime.now(UTC)) for id in "ab")
    assert one.losses == {}
    assert one.losses is not other.losses
