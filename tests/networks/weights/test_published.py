from __future__ import annotations

import dataclasses
from itertools import pairwise
from pathlib import Path

import pytest

from impasto.errors import SettingError
from impasto.networks.weights import VGG16, VGG19, Published, hub_path, part_path
from impasto.networks.weights.published import is_there, parts_of


def test_the_published_names_are_torchvisions() -> None:
    assert VGG19.filename == "vgg19-dcbb9e9d.pth"
    assert VGG16.filename == "vgg16-397923af.pth"
    assert VGG16.sha256_prefix == "397923af"


@pytest.mark.parametrize("one", [VGG16, VGG19], ids=["vgg16", "vgg19"])
def test_the_sizes_hold_all_parameters_and_little_else(one: Published) -> None:
    # 3x3 convolutions, then 25088 -> 4096 -> 4096 -> 1000, all with biases, four bytes each.
    repeats = {"vgg16": (2, 2, 3, 3, 3), "vgg19": (2, 2, 4, 4, 4)}[one.backbone]
    widths = [3]
    for repeat, width in zip(repeats, (64, 128, 256, 512, 512), strict=True):
        widths += [width] * repeat
    convolutions = sum(9 * a * b + b for a, b in pairwise(widths))
    classifier = 25088 * 4096 + 4096 + 4096 * 4096 + 4096 + 4096 * 1000 + 1000
    assert 0 < one.bytes - 4 * (convolutions + classifier) < 10_000


def test_the_address_is_on_torchs_host(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("IMPASTO_WEIGHTS_URL")
    assert VGG19.url == "https://download.pytorch.org/models/vgg19-dcbb9e9d.pth"


def test_an_empty_mirror_is_no_mirror(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMPASTO_WEIGHTS_URL", " ")
    assert VGG19.url.startswith("https://download.pytorch.org/")


@pytest.mark.parametrize("mirror", ["https://mirror.test/nets", "https://mirror.test/nets/"])
def test_a_mirror_is_a_folder(mirror: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMPASTO_WEIGHTS_URL", mirror)
    assert VGG16.url == "https://mirror.test/nets/vgg16-397923af.pth"


@pytest.mark.parametrize(
    "mirror", ["ftp://a.test", "/srv/nets", "http://", "http://a:b", "http:\n"]
)
def test_a_mirror_that_is_no_address_is_refused(
    mirror: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IMPASTO_WEIGHTS_URL", mirror)
    with pytest.raises(SettingError, match=r"IMPASTO_WEIGHTS_URL is .* wanted an address"):
        _ = VGG19.url


def test_a_name_without_a_hash_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="carries no hash"):
        _ = dataclasses.replace(VGG19, filename="vgg19.pth").sha256_prefix


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
    assert is_there(tmp_path / "file")
    assert not is_there(tmp_path)
    assert not is_there(tmp_path / "none")

    def refuse(_self: Path) -> bool:
        raise PermissionError

    monkeypatch.setattr(Path, "is_file", refuse)
    assert not is_there(tmp_path / "file")
