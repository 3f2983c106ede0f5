from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from impasto.cli import main
from impasto.exporters import onnx
from impasto.networks.stylizers import OnePass, Plan, save

SMALL = Plan(widths=(8, 8, 8, 8), blocks=1, trunk_kernels=1, top_kernels=1, code=8, hidden=8)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of one.safetensors, with a style, and two.safetensors, with two."""
    monkeypatch.chdir(tmp_path)
    save("one.safetensors", OnePass(SMALL, reads=False, rows=["waves"]), {})
    save("two.safetensors", OnePass(SMALL, reads=False, rows=["waves", "irises"]), {})
    return tmp_path


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What is asked of the exporter, in place of the work."""
    calls: list[dict[str, Any]] = []

    def one_style(path: Path, _: Any, code: Any, **options: Any) -> onnx.Export:
        calls.append({"path": path, "code": tuple(code.shape), **options})
        return onnx.Export(path, "baked", 2_058_000, 1)

    def any_style(path: Path, _: Any, **options: Any) -> tuple[onnx.Export, ...]:
        calls.append({"path": path, **options})
        return tuple(onnx.Export(file, "painter", 9_000_000, 0) for file in onnx.pair(path))

    monkeypatch.setattr(onnx, "one_style", one_style)
    monkeypatch.setattr(onnx, "any_style", any_style)
    return calls


def test_the_only_style_of_a_network_is_baked_in(
    here: Path, asked: list[dict[str, Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export", "one.safetensors", "--half"]) == 0
    assert asked == [
        {
            "path": Path("one.onnx"),
            "code": (8,),
            "name": "one",
            "style": "waves",
            "strength": 0.5,
            "half": True,
        }
    ]
    assert capsys.readouterr().out == "one.onnx  2 MB, 1 level of 255 from torch at most\n"
    assert not list(here.glob("*.onnx"))


@pytest.mark.usefixtures("here")
def test_a_row_is_chosen_by_name_or_number(asked: list[dict[str, Any]]) -> None:
    for row in ("irises", "2"):
        arguments = ["two.safetensors", "--style", row, "--strength", "1", "-o", "my.onnx", "-q"]
        assert main(["export", *arguments]) == 0
    assert [(call["style"], call["strength"]) for call in asked] == [("irises", 1.0)] * 2


@pytest.mark.usefixtures("here")
def test_the_bundled_network_is_called_brush(
    asked: list[dict[str, Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export", "brush", "--any-style"]) == 0
    assert asked == [{"path": Path("brush.onnx"), "name": "brush", "half": False}]
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "brush-painter.onnx  9 MB, 0 levels of 255 from torch at most"
    assert lines[1].startswith("brush-reader.onnx  9 MB")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["two.safetensors"], "(its rows: waves, irises): choose one with --style, or take"),
        (["brush"], "brush paints more than one style: choose one with --style"),
        (["two.safetensors", "--style", "wave"], "'wave' is not a style of this network; did you"),
        (["brush", "--style", "nowhere.jpg"], "nowhere.jpg does not exist"),
        (["brush", "--any-style", "--style", "x"], "--any-style leaves style and strength to"),
        (["brush", "--any-style", "--strength", "1"], "and --strength bakes one in"),
        (["one.safetensors", "-o", "my.pb"], "my.pb shall be an ONNX file: let its name end in"),
        (["one.safetensors", "-o", "no/my.onnx"], "no/my.onnx cannot be written"),
        (["nothing.safetensors"], "nothing.safetensors"),
        (["junk.safetensors"], "junk.safetensors"),
        (["one.safetensors", "-o", "there.onnx"], "there.onnx is there already"),
    ],
)
def test_what_cannot_be_exported_is_told_in_one_line(
    arguments: list[str],
    words: str,
    here: Path,
    asked: list[dict[str, Any]],
    capsys: pytest.CaptureFixture[str],
) -> None:
    (here / "junk.safetensors").write_bytes(b"junk")
    (here / "there.onnx").write_bytes(b"")
    assert main(["export", *arguments]) == 2
    err = capsys.readouterr().err
    assert err.startswith("impasto: ")
    assert err.count("\n") == 1
    assert words in err
    assert not asked


@pytest.mark.parametrize("package", ["onnx", "onnxscript", "onnxruntime"])
def test_a_lack_of_packages_gives_the_pip_line(
    package: str, here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    assert main(["export", "one.safetensors"]) == 2
    line = f"impasto export needs the package {package}: pip install 'impasto[onnx]'"
    assert capsys.readouterr().err == f"impasto: {line}\n"
    assert not list(here.glob("*.onnx"))


def test_a_painted_style_is_baked_in_by_the_name_of_its_painter(
    here: Path, asked: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("skimage", reason="the extra words is not installed")
    monkeypatch.setenv("IMPASTO_CACHE", str(here / "cache"))
    source = "paint:pencil?palette=navy,ivory&width=80&height=64"
    assert main(["export", "brush", "--style", source]) == 0
    (call,) = asked
    assert (call["path"], call["style"]) == (Path("brush.onnx"), "pencil")
