"""What the machines of a Ray cluster have room for, and what is asked of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from impasto.workflows.executors import Needs
from impasto.workflows.executors.ray_cluster import Machine

__all__ = ["actor_options", "room_of", "why_none"]


def room_of(machine: Machine, needs: Needs, refused: Collection[str]) -> int:
    """How many workers a machine has room for.

    Args:
        machine: of the cluster.
        needs: of a worker.
        refused: ids of machines that are not used.
    """
    if machine.id in refused:
        return 0
    room = machine.cores // needs.cores
    if needs.memory_bytes:
        room = min(room, machine.memory_bytes // needs.memory_bytes)
    return room


def actor_options(machine: Machine, needs: Needs) -> dict[str, Any]:
    """What Ray is told of a worker: it stays on its machine, and is not started anew there."""
    from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

    options: dict[str, Any] = {
        "num_cpus": needs.cores,
        "max_restarts": 0,
        "max_task_retries": 0,
        "scheduling_strategy": NodeAffinitySchedulingStrategy(machine.id, soft=False),
    }
    return options | ({"memory": needs.memory_bytes} if needs.memory_bytes else {})


def why_none(
    address: str, machines: Sequence[Machine], needs: Needs, refused: Mapping[str, str]
) -> str:
    """Why no machine of a cluster can be used, and what would help, in a sentence.

    Args:
        address: of the cluster.
        machines: that are there.
        needs: of a worker.
        refused: by the id of a machine, why it is not used.
    """
    why = "; ".join(f"{m.address}: {refused[m.id]}" for m in machines if m.id in refused)
    cores = needs.cores
    wish = f"{cores} free processor{'s' if cores > 1 else ''} (threads is {cores})"
    if needs.memory_bytes:
        wish += f" and {needs.memory_bytes / 1e9:.1f} GB of memory"
    if not why:
        why = f"{len(machines)} of them are there, and none has {wish}"
    return f"no machine of the cluster {address} can be used ({why}): add one that can"
