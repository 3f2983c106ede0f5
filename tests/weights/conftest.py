"""A small checkpoint, and a server on the loopback that gives it well or badly."""

from __future__ import annotations

import hashlib
import io
import os
import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import torch

from impasto.weights import Published, hub_path

SHAPES: dict[str, tuple[int, ...]] = {"features.0.weight": (4, 3, 3, 3), "features.0.bias": (4,)}


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
    asked: list[str | None] = field(default_factory=list)
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
        wanted = self.headers.get("Range")
        state.asked.append(wanted)
        state.arrived.set()
        assert state.gate.wait(20)
        body = state.files.get(self.path.rsplit("/", 1)[1])
        if body is None or state.status != 200:
            self.send_error(404 if body is None else state.status)
            return
        first = int(re.fullmatch(r"bytes=(\d+)-", wanted)[1]) if wanted else 0
        if first and state.knows_ranges:
            if first >= len(body):
                self.send_error(416)
                return
            self.send_response(206)
            told = first + 1 if state.wrong_range else first
            self.send_header("Content-Range", f"bytes {told}-{len(body) - 1}/{len(body)}")
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
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
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


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "torch"))
    monkeypatch.setenv("IMPASTO_CACHE", str(tmp_path / "cache"))
    # Port 9 discards, and nothing listens there: a test that forgets the server goes nowhere.
    monkeypatch.setenv("IMPASTO_WEIGHTS_URL", "http://127.0.0.1:9")


@pytest.fixture
def shapes() -> dict[str, tuple[int, ...]]:
    return dict(SHAPES)


@pytest.fixture
def state_dict() -> OrderedDict[str, torch.Tensor]:
    generator = torch.Generator().manual_seed(0)
    named = {**SHAPES, "classifier.0.weight": (80, 600)}
    return OrderedDict((n, torch.randn(s, generator=generator)) for n, s in named.items())


@pytest.fixture
def publish() -> Callable[[bytes], Published]:
    def publish(body: bytes) -> Published:
        prefix = hashlib.sha256(body).hexdigest()[:8]
        return Published("tiny", f"tiny-{prefix}.pth", len(body), "MIT", "made by a test")

    return publish


@pytest.fixture
def body(state_dict: OrderedDict[str, torch.Tensor]) -> bytes:
    """About 190 KiB in the format of torchvision's published files."""
    file = io.BytesIO()
    torch.save(state_dict, file, _use_new_zipfile_serialization=False)
    return file.getvalue()


@pytest.fixture
def tiny(body: bytes, publish: Callable[[bytes], Published]) -> Published:
    return publish(body)


@pytest.fixture
def good(server: Server, tiny: Published, body: bytes) -> Server:
    server.files[tiny.filename] = body
    return server


@pytest.fixture
def part(tiny: Published) -> Path:
    """Where the beginnings of a download of `tiny` are kept."""
    path = hub_path(tiny).with_name(f"{tiny.filename}.part")
    path.parent.mkdir(parents=True)
    return path
