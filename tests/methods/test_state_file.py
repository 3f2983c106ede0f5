from __future__ import annotations

import errno
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from impasto.errors import CheckpointError, OutputError
from impasto.methods import state_file
from impasto.methods.state_file import InputFile


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    path = tmp_path / "kept"
    state_file.save(path, "walk 1", {"miles": [1, 2.5]}, {"map": torch.eye(3)}, "a state")
    return path


def test_what_is_kept_comes_back(kept: Path) -> None:
    again = state_file.load(kept, ("walk 1",), "a walk wrote")
    assert again.about == {"miles": [1, 2.5]}
    assert again.tensors["map"].equal(torch.eye(3))


def test_a_file_tells_its_format_before_it_is_read(kept: Path) -> None:
    assert state_file.format_of(kept) == "walk 1"


def test_what_keeps_no_state_has_no_format(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("hello, this is no state at all")
    (tmp_path / "huge").write_bytes(b"\xff" * 9)
    (tmp_path / "empty").touch()
    save_file({"x": torch.zeros(1)}, tmp_path / "weights")
    for name in ("text", "huge", "empty", "weights", "missing", "."):
        assert state_file.format_of(tmp_path / name) == ""


def test_a_state_of_another_format_is_refused_with_what_to_give(kept: Path) -> None:
    with pytest.raises(CheckpointError, match=r"this version \(swim 2\): give a file that a swim"):
        state_file.load(kept, ("swim 2", "swim 1"), "a swim wrote")


def test_a_state_takes_the_place_of_its_own_kind_alone(kept: Path) -> None:
    state_file.save(kept, "walk 2", {}, {}, "a state")
    assert state_file.format_of(kept) == "walk 2"
    with pytest.raises(OutputError, match="where this work would be kept, keeps other work"):
        state_file.save(kept, "swim 1", {}, {}, "a state")
    assert state_file.format_of(kept) == "walk 2"


def test_what_keeps_no_work_is_replaced_if_that_is_said(tmp_path: Path) -> None:
    path = tmp_path / "text"
    state_file.check_own(path, "walk 1", overwrite=False)  # nothing is there
    path.write_text("no state")
    state_file.check_own(path, "walk 1", overwrite=True)
    message = "where the walk would be kept, is no checkpoint: choose another output, or move it"
    with pytest.raises(OutputError, match=message):
        state_file.check_own(path, "walk 1", "the walk", overwrite=False)


def test_a_place_that_cannot_even_be_looked_at_is_told_as_one_that_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def closed(*_: object) -> bool:
        raise PermissionError(errno.EACCES, "Permission denied")

    path = tmp_path / ("long" * 100)
    monkeypatch.setattr(Path, "is_file", closed)
    state_file.check_own(path, "walk 1", overwrite=False)
    with pytest.raises(OutputError, match=r"cannot be written \(.*: name a state in a folder"):
        state_file.save(path, "walk 1", {}, {}, "a state")


def test_a_spoilt_byte_is_noticed(kept: Path) -> None:
    data = bytearray(kept.read_bytes())
    data[-1] ^= 1
    kept.write_bytes(data)
    with pytest.raises(CheckpointError, match="not a whole checkpoint"):
        state_file.load(kept, ("walk 1",), "a walk wrote")


def test_an_input_that_has_changed_or_gone_is_named(tmp_path: Path) -> None:
    path = tmp_path / "photo.png"
    path.write_bytes(b"one")
    file = InputFile.of(path)
    file.verify("the photograph")
    path.write_bytes(b"two")
    with pytest.raises(CheckpointError, match=r"the photograph, .*photo\.png, has changed since"):
        file.verify("the photograph")
    path.unlink()
    with pytest.raises(CheckpointError, match=r"the photograph, .*photo\.png, cannot be read"):
        file.verify("the photograph")
