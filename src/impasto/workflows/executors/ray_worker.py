"""What runs on the machines of a cluster: a worker, and what it says of its machine."""

from __future__ import annotations

import os
import platform
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import impasto
from impasto.workflows.executors import Needs
from impasto.workflows.executors.local import attempt
from impasto.workflows.executors.ordered import forget_old

__all__ = ["BEGUN", "FETCH_S", "Facts", "RemoteWorker"]

BEGUN = "begun"  # what a worker says first of an item, with its process
FETCH_S = 120.0


@dataclass(frozen=True)
class Facts:
    """What a machine has that changes bytes, or whether it can paint at all.

    Attributes:
        impasto, torch, python: versions; None where it is not installed.
        bf16: whether processors compute in it, or where `auto` was asked, whether that takes it;
            None where nobody asked.
    """

    impasto: str
    torch: str | None
    python: str
    bf16: bool | None = None

    @classmethod
    def here(cls, needs: Needs) -> Facts:
        """Of this machine."""
        return cls(
            impasto.__version__,
            _version("torch"),
            ".".join(platform.python_version_tuple()[:2]),
            _has_bfloat16(needs.precision),
        )

    def unlike(self, other: Facts, precision: str) -> str | None:
        """Why a machine that has `other` is not used beside this one; None if it is.

        Args:
            other: of that machine.
            precision: that was asked for.

        Example:
            >>> here = Facts("1.0", "2.13.0", "3.11")
            >>> here.unlike(here, "float32")
            >>> here.unlike(Facts("1.0", "2.9.0", "3.11"), "float32")
            'it has torch 2.9.0, and this machine 2.13.0'
        """
        mine, others = asdict(self), asdict(other)
        bf16 = others.pop("bf16")
        if precision == "bf16" and not bf16:
            return "bf16 was asked for, which its processors do not compute in"
        if precision == "auto" and bf16 != self.bf16:
            return "it takes another precision than this machine: give one, --precision float32"
        for name, there in others.items():
            if there != mine[name]:
                return f"it has {name} {there or 'not at all'}, and this machine {mine[name]}"
        return None


class RemoteWorker:
    """The process of a cluster that works on whole items, one after the other.

    Args:
        needs: what was asked of it.
        path: where modules are looked for beside its own; those of a driver on the same machine.
    """

    def __init__(self, needs: Needs, path: tuple[str, ...] = ()) -> None:
        import sys

        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all; the driver decides
        sys.path.extend(entry for entry in path if entry not in sys.path)
        self._needs = needs
        self._works: dict[int, Callable[[Any], Iterable[Any]]] = {}
        if needs.threads is not None:
            import torch

            torch.set_num_threads(needs.threads)

    def facts(self) -> Facts:
        """Of its machine."""
        return Facts.here(self._needs)

    def work(self, number: int, sent: list[Any], item: Any) -> Iterator[tuple[str, Any]]:
        """Work on an item.

        Args:
            number: of the work.
            sent: the work, as a reference of Ray's in a list, which leaves it where it is.
            item: what to work on.

        Yields:
            `BEGUN` with the number of this process, then what `local.attempt` does.
        """
        import ray

        yield BEGUN, os.getpid()
        if number not in self._works:
            self._works[number] = ray.get(sent[0], timeout=FETCH_S)
            forget_old(self._works)
        yield from attempt(self._works[number], item)


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _has_bfloat16(precision: str) -> bool | None:
    if precision not in ("auto", "bf16"):
        return None
    from impasto.methods.precision import FASTER, has_bfloat16

    return has_bfloat16("cpu", *(FASTER if precision == "auto" else ()))
