"""Programs of Python that start warm: forks of a process that has loaded torch and impasto.

A test that kills `impasto`, sends it signals or closes its pipes needs a process of its own; it
does not need two seconds of imports. A `Program` is a `subprocess.Popen` all the same, with the
streams, folder, environment, session, signals and exit code of its own. Only a warm program's
parent is another: the process that waits, loaded, as long as the tests run. Where the system
cannot do that, it is an ordinary start.
"""

from __future__ import annotations

import atexit
import gc
import importlib
import inspect
import json
import os
import runpy
import selectors
import signal
import socket
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from multiprocessing import get_context
from multiprocessing.context import ForkServerContext
from pathlib import Path
from types import ModuleType
from typing import Any

# What a program that paints loads anyway. None of it starts a thread, which no fork would have.
LOADED = (
    *("impasto.cli.app", "impasto.painting", "impasto.verbs", "impasto.imaging.tensors"),
    *("impasto.methods.optimization.run", "impasto.methods.one_pass.run", "matplotlib.figure"),
)
WARM = sys.platform == "linux"
_REQUEST_BYTES = 1 << 20  # arguments and environment, at most


class Program(subprocess.Popen[Any]):
    """`subprocess.Popen([sys.executable, *arguments], …)`, started warm.

    Args:
        arguments: `-m MODULE WORD…` or `-c CODE WORD…`, as they stand behind `python`.
        options: as `Popen` takes them; those of streams, `cwd`, `env` and `start_new_session`.
        loaded: the modules it finds loaded.
    """

    def __init__(
        self, arguments: list[str], *, loaded: Sequence[str] = LOADED, **options: Any
    ) -> None:
        self._loaded = tuple(loaded)
        super().__init__([sys.executable, *arguments], **options)

    if WARM:

        def _execute_child(self, *given: Any) -> None:
            names = list(inspect.signature(subprocess.Popen._execute_child).parameters)[1:]  # type: ignore[attr-defined]
            asked = dict(zip(names, given, strict=True))
            ends = [asked["p2cread"], asked["c2pwrite"], asked["errwrite"]]
            self._status, status = socket.socketpair()
            with status:
                # A stream that is not redirected is that of this process.
                streams = [number if end == -1 else end for number, end in enumerate(ends)]
                request = {
                    "arguments": asked["args"][1:],
                    "cwd": os.fspath(asked["cwd"] or Path.cwd()),
                    "environment": dict(asked["env"] or os.environ),
                    "session": asked["start_new_session"],
                }
                line = _template(self._loaded)
                socket.send_fds(line, [json.dumps(request).encode()], [*streams, status.fileno()])
                self.pid = int(line.recv(32))
            self._child_created = True
            pipes = ("p2cread", "p2cwrite", "c2pread", "c2pwrite", "errread", "errwrite")
            self._close_pipe_fds(*(asked[pipe] for pipe in pipes))  # type: ignore[attr-defined]

        def _try_wait(self, wait_flags: int) -> tuple[int, int]:
            self._status.setblocking(not wait_flags & os.WNOHANG)
            try:
                told = self._status.recv(32)
            except BlockingIOError:
                return 0, 0
            return self.pid, int(told)

        def _internal_poll(self, *_: Any, **__: Any) -> int | None:
            if self.returncode is None:
                with suppress(subprocess.TimeoutExpired):
                    self._wait(timeout=0)  # type: ignore[attr-defined]
            return self.returncode


def run(arguments: list[str], **options: Any) -> subprocess.CompletedProcess[Any]:
    """`subprocess.run([sys.executable, *arguments], …)`, started warm."""
    data, timeout = options.pop("input", None), options.pop("timeout", 120)
    if data is not None:
        options["stdin"] = subprocess.PIPE
    if options.pop("capture_output", False):
        options["stdout"] = options["stderr"] = subprocess.PIPE
    with Program(arguments, **options) as program:
        try:
            out, err = program.communicate(data, timeout)
        except BaseException:
            program.kill()
            raise
    return subprocess.CompletedProcess(arguments, program.returncode, out, err)


def context(_method: str) -> ForkServerContext:
    """As `get_context("spawn")` for a pool: its workers are forks of one that has loaded torch."""
    made = get_context("forkserver")
    made.set_forkserver_preload([*LOADED])
    return made


@cache
def _template(loaded: tuple[str, ...]) -> socket.socket:
    """The line to a template of this process, which ends when this process closes it."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        # By its file, from whatever folder; whose own folder is no place of packages.
        command = [sys.executable, "-P", __file__, str(theirs.fileno()), *loaded]
        template = subprocess.Popen(command, pass_fds=[theirs.fileno()])

    def end() -> None:
        ours.close()
        template.wait()

    atexit.register(end)
    return ours


def _serve(line: socket.socket) -> dict[str, Any] | None:
    """Fork for each request, and tell how the forks ended.

    Returns:
        In the template: None, when nobody asks any more. In a fork: what it shall run.
    """
    with selectors.DefaultSelector() as ready:
        ready.register(line, selectors.EVENT_READ)
        forks: dict[int, tuple[int, int]] = {}  # the handle of a process: its id, who is told
        while True:
            for key, _ in ready.select():
                if key.fd in forks:
                    ready.unregister(key.fd)
                    pid, status = forks.pop(key.fd)
                    _, code = os.waitpid(pid, 0)
                    with suppress(OSError):  # who started it asks no more
                        os.write(status, str(code).encode())
                    os.close(status)
                    os.close(key.fd)
                    continue
                words, fds, *_ = socket.recv_fds(line, _REQUEST_BYTES, 4)
                if not words:
                    return None
                pid = os.fork()
                if pid == 0:
                    for number, fd in enumerate(fds[:3]):
                        os.dup2(fd, number)
                    others = {status for _, status in forks.values()}
                    for fd in {*fds, *forks, *others, line.fileno()} - {0, 1, 2}:
                        os.close(fd)
                    line.detach()
                    return json.loads(words)
                handle = os.pidfd_open(pid)
                forks[handle] = pid, fds[3]
                ready.register(handle, selectors.EVENT_READ)
                line.send(str(pid).encode())
                for fd in fds[:3]:
                    os.close(fd)


def _become(request: dict[str, Any]) -> None:
    """Run what was asked for, as `python` would have begun with it."""
    if request["session"]:
        os.setsid()
    os.chdir(request["cwd"])
    os.environ.clear()
    os.environ.update(request["environment"])
    kind, what, *words = request["arguments"]
    if kind == "-m":
        sys.argv = [what, *words]
        runpy.run_module(what, run_name="__main__", alter_sys=True)
    else:
        sys.argv = [kind, *words]
        module = sys.modules["__main__"] = ModuleType("__main__")
        exec(compile(what, "<string>", "exec"), module.__dict__)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for name in sys.argv[2:]:
        importlib.import_module(name)
    gc.freeze()  # else the collector would copy all pages of every fork
    if (asked := _serve(socket.socket(fileno=int(sys.argv[1])))) is not None:
        _become(asked)
