from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file

from impasto.networks.weights.sources import NotACheckpointError, stored_tensors

TENSORS = {"a": torch.arange(6.0).reshape(2, 3), "b": torch.ones(2, dtype=torch.float16)}


def write(path: Path, form: str, thing: Any) -> Path:
    if form == "safetensors":
        save_file(thing, path)
    else:
        torch.save(thing, path, _use_new_zipfile_serialization=form == "zip")
    return path


@pytest.mark.parametrize("form", ["safetensors", "zip", "legacy"])
def test_every_format_gives_shapes_and_numbers(form: str, tmp_path: Path) -> None:
    # The name says nothing: the first bytes do.
    with stored_tensors(write(tmp_path / "weights", form, TENSORS)) as entries:
        assert {name: entry.shape for name, entry in entries.items()} == {"a": (2, 3), "b": (2,)}
        for name, entry in entries.items():
            assert torch.equal(entry.read(), TENSORS[name])


@pytest.mark.parametrize("form", ["zip", "legacy"])
@pytest.mark.parametrize("nest", ["state_dict", "model", "model_state_dict"])
def test_a_nested_state_dict_is_found(form: str, nest: str, tmp_path: Path) -> None:
    thing = {"epoch": 3, nest: TENSORS, "note": "best"}
    with stored_tensors(write(tmp_path / "a.pth", form, thing)) as entries:
        assert sorted(entries) == ["a", "b"]


def test_a_tensor_called_model_is_no_nest(tmp_path: Path) -> None:
    with stored_tensors(write(tmp_path / "a.pth", "zip", {"model": torch.ones(2)})) as entries:
        assert list(entries) == ["model"]


def test_what_is_no_tensor_is_left_out(tmp_path: Path) -> None:
    thing = {**TENSORS, "epoch": 3}
    with stored_tensors(write(tmp_path / "a.pth", "zip", thing)) as entries:
        assert sorted(entries) == ["a", "b"]


def test_an_archive_that_was_zipped_again_is_not_mapped(tmp_path: Path) -> None:
    zeros = {"a": torch.zeros(1000)}
    plain = write(tmp_path / "plain.pth", "zip", zeros)
    archive = tmp_path / "packed.pth"
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
    assert archive.stat().st_size < plain.stat().st_size
    with stored_tensors(archive) as entries:
        assert torch.equal(entries["a"].read(), zeros["a"])


@pytest.mark.parametrize("body", [b"<!DOCTYPE html>", b"version https://git-lfs", b"x"])
def test_other_files_are_no_checkpoint(body: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.pth"
    path.write_bytes(body)
    with pytest.raises(NotACheckpointError), stored_tensors(path):
        pass


@pytest.mark.parametrize("thing", [[torch.ones(1)], torch.ones(1), 3])
def test_a_file_without_a_dict_is_no_checkpoint(thing: Any, tmp_path: Path) -> None:
    path = write(tmp_path / "a.pth", "zip", thing)
    with pytest.raises(NotACheckpointError), stored_tensors(path):
        pass
