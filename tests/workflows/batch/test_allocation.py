from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from PIL import Image

from impasto.methods import device as devices
from impasto.settings import StyleSettings
from impasto.workflows.batch.allocation import Allocation, allocate, largest_px

SETTINGS = StyleSettings(size=None, steps=2)


@pytest.fixture
def free(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Sets how many bytes are free."""
    return lambda count: monkeypatch.setattr(devices, "free_bytes", lambda _: count)


def test_threads_are_shared_and_each_process_has_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch, "get_num_threads", lambda: 6)
    assert [allocate(jobs, 1, SETTINGS).threads for jobs in (1, 2, 4, 7)] == [None, 3, 1, 1]
    assert allocate(2, 1, SETTINGS.replace(threads=5)).threads == 5


def test_there_are_no_more_jobs_than_memory_holds_at_once(free: Callable[[int], None]) -> None:
    free(4000)
    assert allocate(4, 1000, SETTINGS)[::2] == (4, None)
    free(3999)
    allocation = allocate(4, 1000, SETTINGS)
    assert allocation.jobs == 3
    assert "painting 3 at once; --force" in str(allocation.note)


def test_one_job_there_always_is_and_force_keeps_them_all(free: Callable[[int], None]) -> None:
    free(0)
    assert allocate(4, 1000, SETTINGS).jobs == 1
    assert allocate(2, 1000, SETTINGS.replace(force=True, threads=1)) == Allocation(2, 1, None)


def test_a_painting_that_takes_no_memory_fits_as_often_as_wished(
    free: Callable[[int], None],
) -> None:
    free(4000)
    assert allocate(4, 0, SETTINGS).jobs == 4


def test_the_largest_painting_counts_at_the_size_it_will_have(
    photo: Callable[..., Path], tmp_path: Path
) -> None:
    Image.new("RGB", (90, 10)).save(tmp_path / "wide.png")
    contents = [tmp_path / "wide.png", photo("a.jpg")]  # 60 x 40 px: 2400, about 49 x 49
    assert largest_px(contents, SETTINGS) == 49
    assert largest_px(contents, SETTINGS.replace(size=30)) == 25  # 30 x 20 px: 600
    assert largest_px(contents, SETTINGS.replace(shape=(10, 10), fit="stretch")) == 10


def test_files_without_a_header_are_passed_over(photo: Callable[..., Path], tmp_path: Path) -> None:
    (tmp_path / "b.jpg").write_bytes(b"not a picture")
    bad = [tmp_path / "b.jpg", tmp_path / "gone.jpg"]
    assert largest_px([*bad, photo("a.jpg")], SETTINGS) == 49
    assert largest_px(bad, SETTINGS) is None
