from __future__ import annotations

from dataclasses import replace

from benchmarks.scaling import Link, Tasks, model
from impasto.methods.optimization.tiles.away import SNAPSHOT_EVERY

NOTHING = Tasks(64, 32, 8, *[0.0] * 7, *[0] * 6)
FAST = Link(bytes_per_s=1e9, latency_s=0.0)


def test_workers_share_bands_and_wait_for_who_has_the_most() -> None:
    tasks = replace(NOTHING, measure_s=0.25, pull_s=0.75)
    seconds = [model(tasks, workers, FAST).total_s for workers in (1, 2, 3, 4, 8, 100)]
    assert seconds == [8, 4, 3, 2, 1, 1]


def test_one_worker_sends_nothing() -> None:
    tasks = replace(NOTHING, sums_bytes=10**9, snapshot_bytes=10**9, beside_bytes=10**9)
    assert model(tasks, 1, Link(latency_s=9.0)).total_s == 0


def test_sums_of_all_bands_pass_the_drivers_link_and_edges_pass_at_once() -> None:
    sums = replace(NOTHING, sums_bytes=10**9)
    assert [model(sums, workers, FAST).total_s for workers in (2, 8)] == [8, 8]
    edges = replace(NOTHING, beside_bytes=10**9)
    assert [model(edges, workers, FAST).total_s for workers in (2, 8)] == [1, 1]


def test_a_snapshot_is_shared_by_the_steps_up_to_the_next() -> None:
    tasks = replace(NOTHING, snapshot_bytes=SNAPSHOT_EVERY * 10**9)
    assert model(tasks, 2, FAST).total_s == 1
