from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from impasto.errors import WeightsError
from impasto.networks.weights import read_quantized

SHAPES = {"first.weight": (2, 1, 1, 2), "first.bias": (2,)}
NAMES = {"first": "block1_conv1"}
REMEDY = "get it again"


def stored() -> dict[str, Any]:
    """What the file has: four indices into three values."""
    return {
        "block1_conv1_W_q": torch.tensor([0, 2, 1, 1], dtype=torch.uint8).view(2, 1, 1, 2),
        "block1_conv1_W_table": torch.tensor([-1.0, 0.0, 5.0]),
        "block1_conv1_b": torch.tensor([7.0, 8.0]),
        "block1_conv2_b": torch.tensor([9.0]),
    }


def saved(path: Path, **changes: Any) -> Path:
    tensors = stored() | changes
    torch.save({name: value for name, value in tensors.items() if value is not None}, path)
    return path


def test_an_index_stands_for_a_value_of_the_table(tmp_path: Path) -> None:
    tensors = read_quantized(saved(tmp_path / "q.bin"), SHAPES, NAMES, REMEDY)
    assert list(tensors) == list(SHAPES)
    assert tensors["first.weight"].flatten().tolist() == [-1, 5, 0, 0]
    assert tensors["first.bias"].tolist() == [7, 8]
    assert {tensor.dtype for tensor in tensors.values()} == {torch.float32}


def test_a_bias_alone_can_be_read(tmp_path: Path) -> None:
    path = saved(tmp_path / "q.bin", block1_conv1_W_q=None)
    assert list(read_quantized(path, {"first.bias": (2,)}, NAMES, REMEDY)) == ["first.bias"]


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        ("block1_conv1_W_q", None, "there is no block1_conv1_W_q; it has block1_conv1_W_table"),
        ("block1_conv1_W_table", None, "there is no block1_conv1_W_table"),
        ("block1_conv1_b", None, "there is no block1_conv1_b"),
        ("block1_conv1_b", torch.zeros(3), r"block1_conv1_b is \(3,\), wanted \(2,\)"),
        (
            "block1_conv1_W_q",
            torch.zeros(2, 1, 2, 1, dtype=torch.uint8),
            r"W_q is \(2, 1, 2, 1\), wanted \(2, 1, 1, 2\)",
        ),
        ("block1_conv1_W_q", torch.zeros(2, 1, 1, 2), "W_q is torch.float32.*wanted torch.uint8"),
        ("block1_conv1_b", torch.zeros(2).half(), "b is torch.float16.*wanted torch.float32"),
        (
            "block1_conv1_W_table",
            torch.zeros(2),
            "has the index 2, and its table 2 values.*up to 1",
        ),
        ("block1_conv1_W_table", torch.zeros(3, 1), r"is \(3, 1\); wanted one row of at most 256"),
        ("block1_conv1_W_table", torch.zeros(0), r"is \(0,\); wanted one row of at most 256"),
        ("block1_conv1_W_table", torch.zeros(257), r"is \(257,\); wanted one row of at most 256"),
        ("block1_conv1_W_table", torch.tensor([0, 1, torch.nan]), "table has NaN or infinite"),
        ("block1_conv1_b", torch.tensor([0, torch.inf]), "b has NaN or infinite"),
    ],
)
def test_what_does_not_fit_is_told_with_the_remedy(
    name: str, value: Any, complaint: str, tmp_path: Path
) -> None:
    path = saved(tmp_path / "q.bin", **{name: value})
    with pytest.raises(WeightsError, match=complaint) as caught:
        read_quantized(path, SHAPES, NAMES, REMEDY)
    assert str(caught.value).startswith(f"{path}: ")
    assert str(caught.value).endswith(f": {REMEDY}")


def nothing(path: Path) -> None:
    """No file at all."""


def cut(path: Path) -> None:
    saved(path)
    path.write_bytes(path.read_bytes()[:-100])


def code(path: Path) -> None:
    torch.save({"block1_conv1_b": Path("x")}, path)


@pytest.mark.parametrize(
    ("make", "complaint"),
    [
        (nothing, "does not exist"),
        (Path.touch, "is empty"),
        (Path.mkdir, "is not a file"),
        (lambda path: path.write_bytes(b"<html>no</html>"), "is not a checkpoint"),
        (cut, "cannot be read as a checkpoint"),
        (code, "holds objects that need code to load"),
        (lambda path: torch.save([1], path), "is not a checkpoint"),
        (lambda path: torch.save({}, path), "there is no block1_conv1_W_table; it has no tensors"),
    ],
)
def test_a_file_that_is_none_of_ours_is_told(
    make: Callable[[Path], Any], complaint: str, tmp_path: Path
) -> None:
    path = tmp_path / "q.bin"
    make(path)
    with pytest.raises(WeightsError, match=complaint):
        read_quantized(path, SHAPES, NAMES, REMEDY)
