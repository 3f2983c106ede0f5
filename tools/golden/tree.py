"""A tree of source code, and running the `impasto` that is in it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["TaskError", "Tree", "check_out", "kill"]

TIMEOUT_S = 600
END_S = 60
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")


class TaskError(Exception):
    """A command of a task failed; the message says how, in one line."""


@dataclass(frozen=True)
class Tree:
    """One side of the comparison.

    Attributes:
        root: the folder that holds `src/impasto`.
        home: folder for caches and settings; nothing of the person's own is read.
        cwd: folder the commands run in, so that inputs have short names.
        more: of the environment.
    """

    root: Path
    home: Path
    cwd: Path
    more: Mapping[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> Mapping[str, str]:
        """What commands see: this tree's code, one thread, no network but the loopback."""
        variables = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith("IMPASTO_") and not name.lower().endswith("_proxy")
        }
        own = {
            "PYTHONPATH": str(self.root / "src"),
            "IMPASTO_CACHE": str(self.home / "cache"),
            "IMPASTO_CONFIG": str(self.home / "config"),
            "IMPASTO_DATA": str(self.home / "data"),
            "IMPASTO_DEBUG": "1",
            # Port 9 discards, and nothing listens there.
            "IMPASTO_WEIGHTS_URL": "http://127.0.0.1:9",
            "CUDA_VISIBLE_DEVICES": "",
        }
        return {**variables, **ONE_THREAD, **own, **self.more}

    def check(self) -> None:
        """See that it is this tree's code that runs.

        Raises:
            TaskError: it is another's.
        """
        code = "import impasto; print(impasto.__file__)"
        file = Path(self.run([sys.executable, "-P", "-c", code]).strip())
        if not file.resolve().is_relative_to((self.root / "src").resolve()):
            raise TaskError(f"the code in {file} runs in place of that in {self.root}")

    def impasto(self, *words: str | Path) -> str:
        """Run a command of impasto's to its end.

        Returns:
            What it printed.

        Raises:
            TaskError: it failed, or took longer than ten minutes.
        """
        return self.run(self._command(*words))

    def run(self, command: list[str]) -> str:
        """Run any command in this tree's environment. Returns and raises as `impasto` does."""
        try:
            result = subprocess.run(
                command,
                cwd=self.cwd,
                env=self.environment,
                timeout=TIMEOUT_S,
                capture_output=True,
                text=True,
            )
        except subprocess.TimeoutExpired:
            raise TaskError(f"it was not done after {TIMEOUT_S} s") from None
        if result.returncode:
            last = (result.stderr.strip() or result.stdout.strip()).splitlines()[-1:]
            raise TaskError(f"exit code {result.returncode}: {' '.join(last)}")
        return result.stdout

    @contextmanager
    def start(self, *words: str | Path) -> Iterator[subprocess.Popen[str]]:
        """Start a command of impasto's in a process group of its own, killed after the block."""
        process = subprocess.Popen(
            self._command(*words),
            cwd=self.cwd,
            env=self.environment,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        try:
            yield process
        finally:
            kill(process)

    @contextmanager
    def serving(self, data: Path, *words: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
        """The URL of a studio on a free port, and its process; ended in good order at last.

        Args:
            data: its data folder.
            words: further options of `impasto serve`.

        Raises:
            TaskError: it does not start.
        """
        with self.start("serve", "--no-page", "--port", "0", "--data", data, *words) as process:
            assert process.stdout is not None
            line = process.stdout.readline()
            match = re.search(r"http://\S+", line)
            if not match:
                raise TaskError(f"impasto serve did not start: {line.strip()}")
            yield match[0], process
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(END_S)

    def _command(self, *words: str | Path) -> list[str]:
        return [sys.executable, "-P", "-m", "impasto", *map(str, words)]


def kill(process: subprocess.Popen[str]) -> None:
    """Kill a process and those it started, as a loss of power would."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    if process.stdout is not None:
        process.stdout.close()


@contextmanager
def check_out(revision: str, repository: Path) -> Iterator[Path]:
    """A revision in a temporary worktree, which is removed after the block, however it ends.

    Raises:
        TaskError: git does not know the revision.
    """

    def git(*words: str) -> None:
        result = subprocess.run(["git", *words], cwd=repository, capture_output=True, text=True)
        if result.returncode:
            raise TaskError(f"git {words[0]} {words[1]} failed: {result.stderr.strip()}")

    with tempfile.TemporaryDirectory(prefix="impasto-base-") as folder:
        place = Path(folder) / "tree"
        try:
            git("worktree", "add", "--quiet", "--detach", str(place), revision)
            yield place
        finally:
            if place.exists():
                git("worktree", "remove", "--force", str(place))
