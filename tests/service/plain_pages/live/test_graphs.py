from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from impasto.errors import InputError, OutputError
from impasto.service.plain_pages.live import graphs
from impasto.service.plain_pages.live.packed import twin_of
from tests.service.plain_pages.live.conftest import graph


def test_a_pair_is_kept_under_the_names_that_the_page_asks_for(pair: Path) -> None:
    assert graphs.present() == {}
    kept = graphs.keep(pair)
    assert kept == graphs.present()
    assert kept["painter.onnx"].path.read_bytes() == (pair / "brush-painter.onnx").read_bytes()
    for one in kept.values():
        body = one.path.read_bytes()
        assert one.bytes == len(body)
        assert gzip.decompress(twin_of(one.path).read_bytes()) == body


def test_one_graph_alone_is_none(pair: Path) -> None:
    graphs.keep(pair)["reader.onnx"].path.unlink()
    assert graphs.present() == {}
    assert len(graphs.keep(pair)) == 2


def test_another_network_has_another_address(pair: Path) -> None:
    before = graphs.keep(pair)
    for kind in ("painter", "reader"):
        (pair / f"brush-{kind}.onnx").write_bytes(graph(kind, "other"))
    after = graphs.keep(pair)
    for name in graphs.NAMES:
        assert before[name].digest != after[name].digest
        assert not before[name].path.exists()
        body = after[name].path.read_bytes()
        assert gzip.decompress(twin_of(after[name].path).read_bytes()) == body


def test_a_pair_that_cannot_be_packed_leaves_the_one_before_as_it_was(
    pair: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(path: Path) -> None:
        raise OSError(28, f"No space left on device: {path.name}")

    before = graphs.keep(pair)
    for kind in ("painter", "reader"):
        (pair / f"brush-{kind}.onnx").write_bytes(graph(kind, "other"))
    monkeypatch.setattr(graphs, "pack", fail)
    with pytest.raises(OutputError, match="no space left"):
        graphs.keep(pair)
    assert graphs.present() == before
    for one in before.values():
        assert gzip.decompress(twin_of(one.path).read_bytes()) == one.path.read_bytes()
    assert len(list(graphs.folder().iterdir())) == 1


def test_plain_names_make_a_pair_too(pair: Path) -> None:
    for path in list(pair.iterdir()):
        path.rename(path.with_name(path.name.removeprefix("brush-")))
    assert len(graphs.keep(pair)) == 2


def test_no_pair_and_two_pairs_are_refused(pair: Path) -> None:
    (pair / "brush-reader.onnx").rename(pair / "other-reader.onnx")
    with pytest.raises(InputError, match="has no pair of graphs"):
        graphs.keep(pair)
    for name in ("brush-reader.onnx", "other-painter.onnx"):
        (pair / name).write_bytes(b"x")
    with pytest.raises(InputError, match="has 2 pairs of graphs"):
        graphs.keep(pair)
    assert graphs.present() == {}


def test_a_graph_that_is_too_large_for_any_browser_is_refused(
    pair: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(graphs, "LARGEST", len(graph("painter")) - 1)
    with pytest.raises(InputError, match=r"brush-painter\.onnx has \d+ bytes, and a browser"):
        graphs.keep(pair)


@pytest.mark.parametrize("body", [b"", b"a web page", graph("reader"), graph("painter")[:-1]])
def test_what_is_no_painter_is_refused(pair: Path, body: bytes) -> None:
    (pair / "brush-painter.onnx").write_bytes(body)
    with pytest.raises(InputError, match=r"brush-painter\.onnx is no painter that this impasto"):
        graphs.keep(pair)
    assert graphs.present() == {}


def test_a_painter_and_a_reader_of_two_networks_are_refused(pair: Path) -> None:
    (pair / "brush-reader.onnx").write_bytes(graph("reader", "other"))
    with pytest.raises(InputError, match="are not of one network"):
        graphs.keep(pair)


def test_a_cache_that_cannot_be_written_is_told(
    pair: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("IMPASTO_CACHE", str(tmp_path / "file"))
    with pytest.raises(OutputError, match=r"cannot be written .* IMPASTO_CACHE"):
        graphs.keep(pair)
