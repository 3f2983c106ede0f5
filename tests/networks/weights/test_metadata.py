from __future__ import annotations

from pathlib import Path

import torch
from safetensors.torch import save_file

from impasto.networks.weights import metadata


def test_metadata_is_what_was_saved(tmp_path: Path) -> None:
    file = tmp_path / "w.safetensors"
    save_file({"a": torch.zeros(1)}, file, metadata={"licence": "MIT"})
    assert metadata(file) == metadata(str(file)) == {"licence": "MIT"}


def test_a_file_without_metadata_has_none(tmp_path: Path) -> None:
    file = tmp_path / "w.safetensors"
    save_file({"a": torch.zeros(1)}, file)
    assert metadata(file) == {}


def test_other_files_have_none(tmp_path: Path) -> None:
    torch.save({"a": torch.zeros(1)}, tmp_path / "w.pth")
    (tmp_path / "w.safetensors").write_bytes(b"no tensors at all")
    assert metadata(tmp_path / "w.pth") == metadata(tmp_path / "w.safetensors") == {}
    assert metadata(tmp_path) == {}
