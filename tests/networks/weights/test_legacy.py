from __future__ import annotations

import io
import pickle
import tracemalloc
from collections import OrderedDict
from pathlib import Path
from typing import Any

import pytest
import torch

from impasto.networks.weights.legacy import DTYPES, MAGIC, VERSION, NotPlainError, read_legacy


def save(path: Path, thing: Any) -> Path:
    torch.save(thing, path, _use_new_zipfile_serialization=False)
    return path


@pytest.mark.parametrize("dtype", DTYPES.values(), ids=str)
def test_every_dtype_comes_back_as_torch_reads_it(dtype: torch.dtype, tmp_path: Path) -> None:
    path = save(tmp_path / "a.pth", {"a": torch.arange(6).reshape(2, 3).to(dtype)})
    with path.open("rb") as file:
        tensor = read_legacy(file)["a"].read()
    assert tensor.dtype is dtype
    assert torch.equal(tensor, torch.load(path, weights_only=True)["a"])


def test_tensors_are_read_in_any_order_and_more_than_once(tmp_path: Path) -> None:
    tensors = OrderedDict((f"t{i}", torch.full((i + 1, 2), float(i))) for i in range(12))
    path = save(tmp_path / "a.pth", tensors)
    with path.open("rb") as file:
        entries = read_legacy(file)
        assert list(entries) == list(tensors)
        for name in [*reversed(tensors), *tensors]:
            assert torch.equal(entries[name].read(), tensors[name])


def test_views_and_shared_storages_are_what_they_were(tmp_path: Path) -> None:
    whole = torch.arange(24.0).reshape(4, 6)
    views = {"whole": whole, "turned": whole.T, "middle": whole[1:3, 2:4], "one": whole[3, 5]}
    path = save(tmp_path / "a.pth", views)
    with path.open("rb") as file:
        for name, tensor in read_legacy(file).items():
            assert tensor.shape == tuple(views[name].shape)
            assert torch.equal(tensor.read(), views[name])


def test_parameters_and_empty_tensors_are_tensors(tmp_path: Path) -> None:
    path = save(tmp_path / "a.pth", {"p": torch.nn.Parameter(torch.ones(3)), "e": torch.ones(0)})
    with path.open("rb") as file:
        entries = read_legacy(file)
        assert torch.equal(entries["p"].read(), torch.ones(3))
        assert entries["e"].read().shape == (0,)


def test_the_form_of_2017_is_read(tmp_path: Path) -> None:
    # _rebuild_tensor came before _rebuild_tensor_v2 and has neither grad nor hooks; Python 2
    # wrote names as bytes.
    path = save(tmp_path / "a.pth", {"a": torch.arange(6.0).reshape(2, 3)})
    body = path.read_bytes()
    tail = b"\x89ccollections\nOrderedDict\n"
    start = body.index(b"\x89", body.index(b"_rebuild_tensor_v2"))
    end = body.index(b"R", body.index(b")R", start) + 2)
    assert body[start : start + len(tail)] == tail
    closing = body[body.rindex(b"t", start, end) : end]
    body = body[:start] + closing + body[end:]
    body = body.replace(b"_rebuild_tensor_v2", b"_rebuild_tensor", 1)
    body = body.replace(b"X\x01\x00\x00\x00a", b"U\x01a", 1)
    path.write_bytes(body)
    with path.open("rb") as file:
        tensor = read_legacy(file)["a"].read()
    assert torch.equal(tensor, torch.arange(6.0).reshape(2, 3))


class CountingFile(io.FileIO):
    byte_count = 0

    def readinto(self, room: Any) -> int | None:
        count = super().readinto(room)
        self.byte_count += count or 0
        return count


def test_only_the_bytes_asked_for_are_read(tmp_path: Path) -> None:
    tensors = {"a": torch.ones(4), "big": torch.ones(1 << 18), "b": torch.ones(4)}
    path = save(tmp_path / "a.pth", tensors)
    raw = CountingFile(path)
    with io.BufferedReader(raw) as file:
        entries = read_legacy(file)
        assert torch.equal(entries["a"].read(), tensors["a"])
        assert torch.equal(entries["b"].read(), tensors["b"])
        assert raw.byte_count < 100_000
        assert torch.equal(entries["big"].read(), tensors["big"])
        assert raw.byte_count > 1 << 20


@pytest.mark.parametrize("tail", [1, 100, 420])
def test_a_file_cut_short_is_noticed_before_anything_is_read(tail: int, tmp_path: Path) -> None:
    path = save(tmp_path / "a.pth", {"a": torch.ones(4), "b": torch.ones(100)})
    path.write_bytes(path.read_bytes()[:-tail])
    with path.open("rb") as file, pytest.raises(Exception, match="bytes"):
        read_legacy(file)


def test_a_storage_of_another_length_than_its_tensor_says_is_told(tmp_path: Path) -> None:
    path = save(tmp_path / "a.pth", {"a": torch.ones(7)})
    body = path.read_bytes()
    path.write_bytes(body[:-36] + (5).to_bytes(8, "little") + body[-28:])
    with path.open("rb") as file, pytest.raises(ValueError, match="has 5 elements, wanted 7"):
        read_legacy(file)


class Trap:
    sprung = False

    def __reduce__(self) -> tuple[Any, ...]:
        return (setattr, (Trap, "sprung", True))


def test_code_in_the_pickle_is_not_run(tmp_path: Path) -> None:
    path = save(tmp_path / "a.pth", {"a": torch.ones(1), "trap": Trap()})
    with path.open("rb") as file, pytest.raises(NotPlainError, match="setattr"):
        read_legacy(file)
    assert not Trap.sprung


@pytest.mark.parametrize("thing", [42, "text", {"a": 1}])
def test_another_pickle_is_told(thing: Any, tmp_path: Path) -> None:
    path = tmp_path / "a.pth"
    path.write_bytes(pickle.dumps(thing))
    with path.open("rb") as file, pytest.raises(ValueError, match="does not begin as torch"):
        read_legacy(file)


def test_another_byte_order_is_left_to_torch(tmp_path: Path) -> None:
    path = save(tmp_path / "a.pth", {"a": torch.ones(1)})
    body = path.read_bytes()
    place = body.index(b"little_endian")
    truth = body.index(b"\x88", place)
    path.write_bytes(body[:truth] + b"\x89" + body[truth + 1 :])
    with path.open("rb") as file, pytest.raises(NotPlainError, match="byte order"):
        read_legacy(file)


def test_a_memo_index_out_of_all_proportion_takes_no_memory(tmp_path: Path) -> None:
    path = tmp_path / "a.pth"
    head = [pickle.dumps(part, 2) for part in (MAGIC, VERSION, {"little_endian": True})]
    with_index = b"\x80\x02}r" + (1 << 20).to_bytes(4, "little") + b"."
    path.write_bytes(b"".join([*head, with_index, pickle.dumps([], 2)]))
    tracemalloc.start()
    try:
        with path.open("rb") as file:
            assert read_legacy(file) == {}
        assert tracemalloc.get_traced_memory()[1] < 1 << 20
    finally:
        tracemalloc.stop()
