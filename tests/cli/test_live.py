from __future__ import annotations

import hashlib
import sys
from pathlib import Path
from typing import Any

import pytest

from impasto.cli import main
from impasto.service.plain_pages.live import graphs, runtime
from tests.service.plain_pages.live.conftest import graph

pytestmark = pytest.mark.usefixtures("own_folders")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What somebody brought on a stick: a runtime of one small file, and two graphs."""
    body = b"export const ort = 1;\n"
    sha256 = hashlib.sha256(body).hexdigest()
    monkeypatch.setattr(runtime, "FILES", {"ort.mjs": runtime.Pin(len(body), sha256)})
    place = tmp_path / "stick"
    place.mkdir()
    for name, content in (
        ("ort.mjs", body),
        ("painter.onnx", graph("painter")),
        ("reader.onnx", graph("reader")),
    ):
        (place / name).write_bytes(content)
    return place


def test_all_comes_from_a_folder(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["live", "fetch", "--from", str(folder)]) == 0
    assert runtime.is_there()
    assert len(graphs.present()) == 2
    assert capsys.readouterr().out.split() == [str(runtime.folder()), str(graphs.folder())]


def test_a_folder_without_graphs_is_refused_in_one_line(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "reader.onnx").unlink()
    assert main(["live", "fetch", "-q", "--from", str(folder)]) == 2
    captured: Any = capsys.readouterr()
    assert "has no pair of graphs" in captured.err
    assert captured.err.count("\n") == 1


def test_without_a_folder_the_graphs_are_those_of_the_bundled_network(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    exports: list[str] = []

    def export(path: Path, network: Any, *, name: str, half: bool) -> None:
        exports.append(f"{name} {network.plan.code} {half}")
        for kind in ("painter", "reader"):
            path.with_name(f"{path.stem}-{kind}.onnx").write_bytes(graph(kind))

    monkeypatch.setattr("impasto.exporters.onnx.any_style", export)
    monkeypatch.setattr("impasto.exporters.tracing.needed", lambda: None)
    runtime.fetch(folder)  # it is there already, and the registry is not asked
    assert main(["live", "fetch", "-q"]) == 0
    assert exports == ["brush 128 True"]
    assert len(graphs.present()) == 2
    assert capsys.readouterr().out == ""


def test_a_missing_extra_is_told_before_anything_is_fetched(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fetched: list[str] = []
    monkeypatch.setattr(runtime, "fetch", lambda *_, **__: fetched.append("runtime"))
    monkeypatch.setitem(sys.modules, "onnxscript", None)
    assert main(["live", "fetch"]) != 0
    assert "onnxscript" in capsys.readouterr().err
    assert fetched == []


def test_live_alone_shows_its_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["live"]) == 0
    assert "fetch" in capsys.readouterr().out
