"""What tests of several packages share: a network small enough to be thought through, folders of
their own, and a server on the loopback that gives files well or badly."""

from __future__ import annotations

import os
import re
import signal
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

# Before torch loads: the threads of a test must not spin on the cores of another program.
os.environ.setdefault("GOMP_SPINCOUNT", "3000")

import pytest
import torch
from torch import Tensor

from impasto.networks.features.plan import Plan
from impasto.networks.features.vgg import VGG
from tests import warm
from tests.workflows.executors.simulated import Machines, machines

torch.set_num_threads(1)  # pictures here are too small to share
# A shell starts what it runs in the background with Ctrl-C ignored, and programs keep to that.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what looks at the page in a browser, however it comes by one."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)


@pytest.fixture
def warm_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pools whose processes find torch loaded. That they start in the cold is proved elsewhere."""
    if warm.WARM:
        for name in ("local", "process_holders"):
            monkeypatch.setattr(f"impasto.workflows.executors.{name}.get_context", warm.context)


@pytest.fixture(scope="session")
def cluster() -> Iterator[Machines]:
    """A Ray cluster with one worker, to which tests add machines of their own."""
    with machines() as some:
        some.add()
        yield some


TINY = Plan((4, 6, 8), (2, 2, 1))


@pytest.fixture
def tiny_plan() -> Plan:
    """conv1_1, conv1_2, conv2_1, conv2_2, conv3_1, a few channels each."""
    return TINY


@pytest.fixture
def tiny_weights() -> dict[str, Tensor]:
    """The same random weights for `tiny_plan` every time."""
    generator = torch.Generator().manual_seed(7)
    shapes = TINY.shapes(["relu3_1"])
    return {
        name: torch.randn(shape, generator=generator) / max(1, sum(shape[1:])) ** 0.5
        for name, shape in shapes.items()
    }


@pytest.fixture
def tiny_vgg(tiny_weights: dict[str, Tensor]) -> Callable[..., VGG]:
    """Makes a `VGG` of `tiny_plan` that collects the layers it is given."""

    def make(*layers: str, **options: str) -> VGG:
        return VGG(TINY, layers, tiny_weights, name="tiny", **options)  # type: ignore[arg-type]

    return make


@pytest.fixture(scope="session", autouse=True)
def no_library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No picture of whoever runs the tests is a style by its name."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IMPASTO_LIBRARY", str(tmp_path_factory.getbasetemp() / "library"))
        yield


@pytest.fixture
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Caches in the test's own folder, and no way to any server but its own."""
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "torch"))
    monkeypatch.setenv("IMPASTO_CACHE", str(tmp_path / "cache"))
    # Port 9 discards, and nothing listens there: a test that forgets the server goes nowhere.
    monkeypatch.setenv("IMPASTO_WEIGHTS_URL", "http://127.0.0.1:9")


@dataclass
class Server:
    """What it serves, how badly, and what it was asked."""

    url: str
    stop: Callable[[], None]
    files: dict[str, bytes] = field(default_factory=dict)
    knows_ranges: bool = True
    tells_length: bool = True
    cut_after: int | None = None
    cuts: int = 10**9
    status: int = 200
    content_type: str = "application/octet-stream"
    wrong_range: bool = False
    redirect: bool = False
    ranges: list[str | None] = field(default_factory=list)
    sent: int = 0
    arrived: threading.Event = field(default_factory=threading.Event)
    gate: threading.Event = field(default_factory=threading.Event)


class Handler(BaseHTTPRequestHandler):
    state: Server

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def do_GET(self) -> None:
        state = self.state
        if state.redirect and not self.path.startswith("/moved"):
            self.send_response(302)
            self.send_header("Location", f"{state.url}/moved{self.path}")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        span = self.headers.get("Range")
        state.ranges.append(span)
        state.arrived.set()
        assert state.gate.wait(60)
        body = state.files.get(self.path.rsplit("/", 1)[1])
        if body is None or state.status != 200:
            self.send_error(404 if body is None else state.status)
            return
        first = int(re.fullmatch(r"bytes=(\d+)-", span)[1]) if span else 0
        if first and state.knows_ranges:
            if first >= len(body):
                self.send_error(416)
                return
            self.send_response(206)
            offset = first + 1 if state.wrong_range else first
            self.send_header("Content-Range", f"bytes {offset}-{len(body) - 1}/{len(body)}")
            body = body[first:]
        else:
            self.send_response(200)
        if state.tells_length:
            self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Type", state.content_type)
        self.end_headers()
        if state.cut_after is not None and state.cuts > 0:
            state.cuts -= 1
            body = body[: state.cut_after]
        # Counted first: the client may be done before this thread goes on.
        state.sent += len(body)
        self.wfile.write(body)


@pytest.fixture
def server(
    own_folders: None,  # noqa: ARG001 - it has to come first
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Server]:
    """A mirror of weights that is asked in place of torch's host."""
    handler = type("BoundHandler", (Handler,), {})
    http = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()

    def stop() -> None:
        if thread.is_alive():
            http.shutdown()
            thread.join()
            http.server_close()

    state = Server(f"http://127.0.0.1:{http.server_port}", stop)
    state.gate.set()
    handler.state = state
    monkeypatch.setenv("IMPASTO_WEIGHTS_URL", state.url)
    yield state
    state.gate.set()
    stop()


@pytest.fixture
def own_recipes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty recipe folder of the test's own."""
    monkeypatch.setenv("IMPASTO_CONFIG", str(tmp_path / "config"))
    own = tmp_path / "config" / "recipes"
    own.mkdir(parents=True)
    return own
