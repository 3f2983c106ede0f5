"""A small runtime: files of a few bytes, pinned as the real ones are, in a package like theirs."""

from __future__ import annotations

import hashlib
import io
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from impasto.networks.graphs import FORMAT
from impasto.service.plain_pages.live import runtime
from impasto.service.plain_pages.live.runtime import Pin

BODIES = {"ort.mjs": b"export const ort = 1;\n" * 40, "ort.wasm": bytes(range(256)) * 20}
Archive = Callable[..., bytes]


@pytest.fixture(autouse=True)
def apart(own_folders: None) -> None:
    """Every test here has a cache of its own, and no network."""


def pin(body: bytes) -> Pin:
    return Pin(len(body), hashlib.sha256(body).hexdigest())


def archive(bodies: dict[str, bytes], *others: tarfile.TarInfo) -> bytes:
    """A package with these files in its folder dist, behind members that nobody asked for."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        for other in others:
            tar.addfile(other, io.BytesIO(b"x" * other.size))
        for name, body in {"package.json": b"{}", **bodies}.items():
            inside = name if name == "package.json" else f"dist/{name}"
            member = tarfile.TarInfo(f"package/{inside}")
            member.size = len(body)
            tar.addfile(member, io.BytesIO(body))
    return buffer.getvalue()


@pytest.fixture
def publish(monkeypatch: pytest.MonkeyPatch, server: Any) -> Callable[[bytes], Any]:
    """Pins a package in place of the real one, and puts it on a registry that is asked for it."""

    def published(package: bytes) -> Any:
        monkeypatch.setattr(runtime, "FILES", {name: pin(body) for name, body in BODIES.items()})
        monkeypatch.setattr(runtime, "PACKAGE", pin(package))
        monkeypatch.setenv(runtime.REGISTRY_VARIABLE, server.url)
        server.files[runtime.ARCHIVE] = package
        return server

    return published


@pytest.fixture
def package() -> bytes:
    return archive(BODIES)


def graph(kind: str, pair: str = "one") -> bytes:
    """An ONNX file that holds nothing but what it says of itself."""
    texts = {"impasto": FORMAT, "kind": kind, "pair": pair}

    def part(number: int, body: bytes) -> bytes:
        return bytes([number << 3 | 2, len(body)]) + body

    entries = (part(1, key.encode()) + part(2, value.encode()) for key, value in texts.items())
    return b"".join(part(14, entry) for entry in entries)


@pytest.fixture
def pair(tmp_path: Path) -> Path:
    """A folder with two graphs, as `impasto export brush --any-style` names them."""
    folder = tmp_path / "graphs"
    folder.mkdir()
    for kind in ("painter", "reader"):
        (folder / f"brush-{kind}.onnx").write_bytes(graph(kind))
    return folder
