from __future__ import annotations

import io
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors import safe_open

from impasto.errors import FetchError, WeightsError
from impasto.networks.weights import Published, Status, hub_path, load, part_path, status

Shapes = dict[str, tuple[int, ...]]
StateDict = OrderedDict[str, torch.Tensor]


def put(checkpoint: Published, body: bytes) -> Path:
    path = hub_path(checkpoint)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)
    return path


def same(tensors: dict[str, torch.Tensor], state_dict: StateDict, shapes: Shapes) -> bool:
    return list(tensors) == list(shapes) and all(
        torch.equal(tensor, state_dict[name]) for name, tensor in tensors.items()
    )


def test_the_second_load_needs_neither_the_file_nor_the_server(
    server: Any, tiny: Published, body: bytes, state_dict: StateDict, shapes: Shapes
) -> None:
    server.files[tiny.filename] = body
    progress: list[int] = []
    first = load(tiny, shapes, on_progress=lambda size, _total: progress.append(size))
    assert same(first, state_dict, shapes)
    assert progress[-1] == len(body)
    server.stop()
    hub_path(tiny).unlink()
    assert same(load(tiny, shapes), state_dict, shapes)


def test_a_file_in_torchs_cache_is_found_without_a_request(
    server: Any, tiny: Published, body: bytes, state_dict: StateDict, shapes: Shapes
) -> None:
    put(tiny, body)
    assert same(load(tiny, shapes), state_dict, shapes)
    assert server.ranges == []


def test_the_part_holds_what_is_needed_and_says_whence(
    tiny: Published, body: bytes, shapes: Shapes
) -> None:
    path = put(tiny, body)
    load(tiny, shapes)
    part = part_path(tiny, shapes)
    assert list(part.parent.iterdir()) == [part]
    assert part.stat().st_mode == path.stat().st_mode
    with safe_open(part, framework="pt") as file:
        assert set(file.keys()) == set(shapes)
        assert file.metadata() == {"checkpoint": tiny.filename, "licence": "MIT"}


def test_another_set_of_layers_is_another_part(
    tiny: Published, body: bytes, state_dict: StateDict, shapes: Shapes
) -> None:
    put(tiny, body)
    load(tiny, shapes)
    fewer = {"features.0.bias": (4,)}
    assert same(load(tiny, fewer), state_dict, fewer)
    assert same(load(tiny, shapes), state_dict, shapes)


@pytest.mark.parametrize("rubbish", [b"", b"rubbish", bytes(100)])
def test_a_broken_part_is_made_again(
    rubbish: bytes, tiny: Published, body: bytes, state_dict: StateDict, shapes: Shapes
) -> None:
    path = put(tiny, body)
    load(tiny, shapes)
    part_path(tiny, shapes).write_bytes(rubbish)
    assert same(load(tiny, shapes), state_dict, shapes)
    path.unlink()
    assert same(load(tiny, shapes), state_dict, shapes)


def test_a_cache_that_cannot_be_written_is_done_without(
    tiny: Published, body: bytes, state_dict: StateDict, shapes: Shapes, tmp_path: Path
) -> None:
    put(tiny, body)
    (tmp_path / "cache").write_text("a file where the folder should be")
    assert same(load(tiny, shapes), state_dict, shapes)


def test_a_part_that_could_not_be_finished_leaves_nothing(
    tiny: Published, body: bytes, shapes: Shapes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_tensors: object, path: Path, _metadata: object) -> None:
        path.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    put(tiny, body)
    monkeypatch.setattr("impasto.networks.weights.cache.save_file", full)
    load(tiny, shapes)
    assert list(part_path(tiny, shapes).parent.iterdir()) == []


def test_a_file_that_is_not_what_its_name_says_is_refused(
    tiny: Published, body: bytes, shapes: Shapes
) -> None:
    path = put(tiny, body[:-1])
    with pytest.raises(WeightsError) as error:
        load(tiny, shapes)
    assert str(error.value).startswith(f"{path} is not what its name says: its SHA-256 begins ")
    assert str(error.value).endswith("delete it, and it will be downloaded again")
    assert not part_path(tiny, shapes).exists()


def test_a_file_that_may_not_be_read_is_told(
    tiny: Published, body: bytes, shapes: Shapes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_path: Path) -> str:
        raise PermissionError(13, "Permission denied")

    put(tiny, body)
    monkeypatch.setattr("impasto.networks.weights.cache.file_sha256", refuse)
    with pytest.raises(WeightsError, match=r"cannot be read \(Permission denied\)"):
        load(tiny, shapes)


def test_wrong_keys_from_the_server_are_told(
    server: Any, publish: Callable[[bytes], Published], shapes: Shapes
) -> None:
    file = io.BytesIO()
    torch.save({"conv.weight": torch.ones(4, 3, 3, 3)}, file)
    other = publish(file.getvalue())
    server.files[other.filename] = file.getvalue()
    with pytest.raises(WeightsError, match=r"lacks 2 of 2 .* it has conv\.weight"):
        load(other, shapes)


def test_wrong_shapes_from_the_server_are_told(
    server: Any, tiny: Published, body: bytes, shapes: Shapes
) -> None:
    server.files[tiny.filename] = body
    shapes["features.0.bias"] = (64,)
    with pytest.raises(WeightsError, match=r"features\.0\.bias is \(4,\), wanted \(64,\)"):
        load(tiny, shapes)
    assert not part_path(tiny, shapes).exists()


def test_without_file_and_server_the_download_fails(tiny: Published, shapes: Shapes) -> None:
    with pytest.raises(FetchError, match="backbone slim, which needs no download"):
        load(tiny, shapes)


def test_status_follows_a_checkpoint_from_absent_to_cached(
    tiny: Published, body: bytes, shapes: Shapes
) -> None:
    assert status(tiny) == Status("absent", None, 0)
    beginning = put(tiny, body).rename(hub_path(tiny).with_suffix(".pth.part"))
    assert status(tiny) == Status("partial", beginning, len(body))
    path = beginning.rename(hub_path(tiny))
    assert status(tiny) == Status("downloaded", path, len(body))
    load(tiny, shapes)
    part = part_path(tiny, shapes)
    assert status(tiny) == Status("cached", part, part.stat().st_size)
