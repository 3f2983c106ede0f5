"""Memory of the machine: what this process holds, and what is free."""

from __future__ import annotations

from pathlib import Path

import psutil

__all__ = ["free_bytes", "resident_bytes"]


def resident_bytes() -> int:
    """What this process holds in memory now."""
    return int(psutil.Process().memory_info().rss)


def free_bytes() -> int:
    """Memory that can still be taken, in bytes.

    In a container the control group's limit counts, where it is lower.
    """
    return min(int(psutil.virtual_memory().available), _cgroup_free())


def _cgroup_free(root: Path = Path("/sys/fs/cgroup")) -> int:
    """What the control group still allows; versions 2 and 1."""
    for limit, used in (
        ("memory.max", "memory.current"),
        ("memory/memory.limit_in_bytes", "memory/memory.usage_in_bytes"),
    ):
        try:
            free = int((root / limit).read_text()) - int((root / used).read_text())
            return free + _reclaimable((root / used).with_name("memory.stat"))
        except (OSError, ValueError):  # no such group, or "max": no limit
            continue
    return 2**63


def _reclaimable(stat: Path) -> int:
    """File cache that a control group counts as used and gives back when asked."""
    try:
        rows = dict(line.split() for line in stat.read_text().splitlines())
    except (OSError, ValueError):
        return 0
    return int(rows.get("total_inactive_file", rows.get("inactive_file", 0)))
