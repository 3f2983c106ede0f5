from __future__ import annotations

from pathlib import Path

import pytest

from impasto.networks.weights import VGG16, VGG19, hub_path, part_path
from impasto.networks.weights.places import parts_of, there


def test_hub_path_is_torchs_own(tmp_path: Path) -> None:
    assert hub_path(VGG19) == tmp_path / "torch/hub/checkpoints/vgg19-dcbb9e9d.pth"


def test_hub_path_follows_the_cache_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TORCH_HOME")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert hub_path(VGG16) == tmp_path / "xdg/torch/hub/checkpoints/vgg16-397923af.pth"


def test_part_path_tells_checkpoints_and_layers_apart() -> None:
    a = part_path(VGG19, {"a": (1,), "b": (2, 3)})
    assert a.name.startswith("vgg19-dcbb9e9d-")
    assert a.suffix == ".safetensors"
    assert a == part_path(VGG19, {"b": (2, 3), "a": (1,)})
    others = [part_path(VGG16, {"a": (1,), "b": (2, 3)}), part_path(VGG19, {"a": (1,)})]
    others.append(part_path(VGG19, {"a": (1,), "b": (3, 2)}))
    assert len({a, *others}) == 4


def test_the_cache_is_the_systems_unless_told_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert part_path(VGG19, {}).parent == tmp_path / "cache/weights"
    monkeypatch.delenv("IMPASTO_CACHE")
    assert part_path(VGG19, {}).parent.parts[-2:] == ("impasto", "weights")


def test_parts_of_a_checkpoint_are_not_anothers() -> None:
    assert parts_of(VGG19) == []
    ours, theirs = part_path(VGG19, {"a": (1,)}), part_path(VGG16, {"a": (1,)})
    ours.parent.mkdir(parents=True)
    ours.touch()
    theirs.touch()
    assert parts_of(VGG19) == [ours]


def test_there_is_about_files_that_can_be_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    assert there(tmp_path / "file")
    assert not there(tmp_path)
    assert not there(tmp_path / "none")

    def refuse(_self: Path) -> bool:
        raise PermissionError

    monkeypatch.setattr(Path, "is_file", refuse)
    assert not there(tmp_path / "file")
