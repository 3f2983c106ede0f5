"""What one pass is predicted to take is what a child process is seen to take."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import torch

from benchmarks.machine import measure_impasto
from impasto import samples
from impasto.errors import MemoryShortError, OutputError
from impasto.methods.one_pass import memory
from impasto.methods.one_pass.engine import WHOLE_PX
from impasto.methods.one_pass.memory import file_bytes, predict_bytes
from impasto.painting import run
from impasto.settings import StyleSettings

PLAIN = StyleSettings(precision="float32")
# Other processors have other kernels, whose buffers differ.
LEAST, MOST = 0.75, 1.35


def predicted(side: int, settings: StyleSettings = PLAIN, **more: object) -> int:
    return predict_bytes((side, side), [], settings, WHOLE_PX, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "size", ["1024", *(pytest.param(s, marks=pytest.mark.slow) for s in ("2048", "4096"))]
)
@pytest.mark.parametrize("has_scratch", [True, False])
def test_the_prediction_is_near_what_is_taken(size: str, has_scratch: bool, tmp_path: Path) -> None:
    log, scratch = tmp_path / "log.jsonl", tmp_path / "scratch"
    scratch.mkdir()
    command = ["stylize", str(samples.content("coffee")), str(samples.style("swirls")), "--fast"]
    command += ["-o", str(tmp_path / "out.png"), "--log", str(log), "--size", size, "--upscale"]
    command += ["--precision", "float32"]
    command += ["--scratch", str(scratch)] if has_scratch else []
    peak = measure_impasto(*command).peak_bytes
    prediction = json.loads(log.read_text().splitlines()[0])["predicted_bytes"]
    assert LEAST < peak / prediction < MOST
    assert not list(scratch.iterdir())


def test_in_files_a_picture_of_any_size_takes_the_same() -> None:
    assert predicted(4096, in_files=True) == predicted(20_000, in_files=True) < 700_000_000
    assert predicted(4096) < predicted(8192)


def test_at_once_it_takes_more_than_in_tiles() -> None:
    assert predicted(4096, StyleSettings(precision="float32", tile="off")) > 3 * predicted(4096)
    assert predicted(4096, StyleSettings(precision="float32", tile="3000")) > predicted(4096)


def test_masks_take_their_own() -> None:
    each = predicted(2048, masks=3) - predicted(2048, masks=2)
    assert each == 4 * 2048**2
    assert predicted(2048, masks=3, in_files=True) == predicted(2048, in_files=True)


def test_a_refusal_names_a_folder_for_what_memory_does_not_hold(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(memory.devices, "free_bytes", lambda _device: 700_000_000)
    large = (15_000, 20_000), [], PLAIN, torch.device("cpu"), WHOLE_PX
    with pytest.raises(MemoryShortError, match="--scratch DIR for what memory does not hold"):
        memory.check(*large)
    assert memory.check(*large, in_files=True)


def test_a_folder_without_room_is_refused_before_anything_is_painted(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    few = shutil.disk_usage(tmp_path)._replace(free=file_bytes((64, 96)) - 1)
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: few)
    asked = {"method": "one-pass", "size": 96, "scratch": str(tmp_path)}
    with pytest.raises(OutputError, match="make room, or pass another --scratch"):
        run(samples.content("chelsea"), samples.style("swirls"), **asked)
