"""`--cluster` of `stylize` and `resume`: what it refuses, and that it paints the same file."""

from __future__ import annotations

from itertools import count
from pathlib import Path
from typing import Any

import pytest

from impasto.cli.app import main
from impasto.errors import ClusterError, MemoryShortError
from impasto.files import file_sha256
from impasto.methods.optimization.tiles import sharing
from impasto.methods.optimization.tiles.away import AwayPainting

SMALL = ["--size", "160", "--steps", "4", "--tile", "128", "--margin", "0"]


def stylize(output: Path, *more: str) -> int:
    return main(["stylize", "chelsea", "swirls", "-q", "-o", str(output), *SMALL, *more])


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--optimizer", "adam"], "optimizer adam moves the whole picture at once"),
        (["--style-loss", "sliced"], "style_loss sliced sees the whole picture at once"),
        (["--tile", "off"], "tile is off, and others are given tiles"),
        (["--server", "http://127.0.0.1:1"], "leave one of them out"),
        (["--cluster", "local:0"], "'local:0' is no cluster: give local:N"),
    ],
)
def test_what_cannot_be_shared_out_is_refused(
    options: list[str], reason: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert stylize(tmp_path / "out.png", "--cluster", "local:2", *options) == 2
    assert reason in capsys.readouterr().err
    assert not (tmp_path / "out.png").exists()


def test_colours_alone_are_moved_by_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["stylize", "chelsea", "swirls", "-o", str(tmp_path / "out.png")]
    assert main([*words, "--color", "only", "--cluster", "local:2"]) == 2
    assert "--color only moves colours" in capsys.readouterr().err


def test_one_pass_has_nothing_to_share_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["stylize", "chelsea", "swirls", "-o", str(tmp_path / "out.png")]
    assert main([*words, "--method", "one-pass", "--cluster", "local:1"]) == 2
    assert "a cluster means nothing to the method one-pass" in capsys.readouterr().err


def test_workers_of_this_machine_that_do_not_fit_beside_each_other_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sharing, "file_bytes", lambda _: 2**50)
    assert (
        stylize(tmp_path / "out.png", "--cluster", "local:2", "--size", "400")
        == MemoryShortError.exit_code
    )
    told = capsys.readouterr().err
    assert "with 2 workers of this machine needs about" in told
    assert "take fewer workers, --scratch DIR" in told


def test_a_cluster_that_is_gone_leaves_a_checkpoint_beside_the_picture(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    evaluate, calls = AwayPainting.evaluate, count(1)

    def gone(self: AwayPainting, x: Any) -> Any:
        if next(calls) == 3:
            raise ClusterError("the head is gone")
        return evaluate(self, x)

    monkeypatch.setattr(AwayPainting, "evaluate", gone)
    assert stylize(tmp_path / "out.png", "--cluster", "local:2") == 1
    assert "the head is gone; go on with: impasto resume" in capsys.readouterr().err
    assert (tmp_path / "out.checkpoint.safetensors").exists()


def test_two_workers_write_the_file_that_one_process_writes(tmp_path: Path) -> None:
    assert stylize(tmp_path / "alone.png", "--threads", "1") == 0
    assert stylize(tmp_path / "two.png", "--cluster", "local:2") == 0
    assert file_sha256(tmp_path / "two.png") == file_sha256(tmp_path / "alone.png")
