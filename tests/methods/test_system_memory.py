from __future__ import annotations

from pathlib import Path

import psutil

from impasto.methods import system_memory


def test_the_limit_of_a_control_group_counts(tmp_path: Path) -> None:
    (tmp_path / "memory.max").write_text("3000\n")
    (tmp_path / "memory.current").write_text("1000\n")
    assert system_memory._cgroup_free(tmp_path) == 2000


def test_file_cache_of_a_control_group_is_free(tmp_path: Path) -> None:
    (tmp_path / "memory.max").write_text("3000\n")
    (tmp_path / "memory.current").write_text("1000\n")
    (tmp_path / "memory.stat").write_text("anon 300\ninactive_file 600\nactive_file 100\n")
    assert system_memory._cgroup_free(tmp_path) == 2600


def test_a_control_group_without_a_limit_or_none_at_all_limits_nothing(tmp_path: Path) -> None:
    assert system_memory._cgroup_free(tmp_path) >= 2**62
    (tmp_path / "memory.max").write_text("max\n")
    (tmp_path / "memory.current").write_text("1000\n")
    assert system_memory._cgroup_free(tmp_path) >= 2**62


def test_free_memory_is_no_more_than_the_machine_has() -> None:
    assert 0 < system_memory.free_bytes() <= psutil.virtual_memory().total


def test_this_process_holds_some() -> None:
    assert system_memory.resident_bytes() > 1e6
