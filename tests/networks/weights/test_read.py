from __future__ import annotations

import os
import pickle
from collections import OrderedDict
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file

from impasto.errors import WeightsError
from impasto.networks.weights import metadata, read_tensors

Shapes = dict[str, tuple[int, ...]]
StateDict = OrderedDict[str, torch.Tensor]
FORMS = ("safetensors", "zip", "legacy")


def write(path: Path, thing: Any, form: str = "zip") -> Path:
    if form == "safetensors":
        save_file(thing, path)
    else:
        torch.save(thing, path, _use_new_zipfile_serialization=form == "zip")
    return path


@pytest.mark.parametrize("form", FORMS)
def test_the_tensors_asked_for_come_in_order_and_no_other(
    form: str, tmp_path: Path, state_dict: StateDict, shapes: Shapes
) -> None:
    path = write(tmp_path / "a", state_dict, form)
    backwards = dict(reversed(shapes.items()))
    tensors = read_tensors(path, backwards)
    assert list(tensors) == list(backwards)
    for name, tensor in tensors.items():
        assert torch.equal(tensor, state_dict[name])
    assert read_tensors(str(path), {}) == {}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float64])
def test_other_precisions_become_float32(form: str, dtype: torch.dtype, tmp_path: Path) -> None:
    path = write(tmp_path / "a", {"a": torch.tensor([0.5, -2.0]).to(dtype)}, form)
    tensor = read_tensors(path, {"a": (2,)})["a"]
    assert tensor.dtype is torch.float32
    assert tensor.tolist() == [0.5, -2.0]


@pytest.mark.parametrize("form", FORMS)
def test_what_was_read_does_not_hang_on_the_file(
    form: str, tmp_path: Path, state_dict: StateDict, shapes: Shapes
) -> None:
    path = write(tmp_path / "a", state_dict, form)
    tensors = read_tensors(path, shapes)
    with path.open("rb+") as file:
        file.write(bytes(path.stat().st_size))
    for name, tensor in tensors.items():
        assert torch.equal(tensor, state_dict[name])


@pytest.mark.parametrize("form", ["zip", "legacy"])
def test_views_become_contiguous_and_parameters_plain(form: str, tmp_path: Path) -> None:
    matrix = torch.nn.Parameter(torch.arange(6.0).reshape(2, 3))
    path = write(tmp_path / "a.pth", {"p": matrix, "t": matrix.detach().T}, form)
    tensors = read_tensors(path, {"p": (2, 3), "t": (3, 2)})
    assert tensors["t"].is_contiguous()
    assert torch.equal(tensors["t"], tensors["p"].T)
    assert not tensors["p"].requires_grad


@pytest.mark.parametrize("wrapper", ["module.", "model.", "_orig_mod.", "module._orig_mod."])
def test_names_that_training_wrapped_are_unwrapped(
    wrapper: str, tmp_path: Path, state_dict: StateDict, shapes: Shapes
) -> None:
    path = write(tmp_path / "a.pth", {wrapper + name: t for name, t in state_dict.items()})
    assert torch.equal(read_tensors(path, shapes)["features.0.bias"], state_dict["features.0.bias"])


def test_an_exact_name_goes_before_a_wrapped_one(tmp_path: Path) -> None:
    path = write(tmp_path / "a.pth", {"a": torch.ones(1), "module.a": torch.zeros(2)})
    assert read_tensors(path, {"a": (1,)})["a"].tolist() == [1.0]


@pytest.mark.parametrize("form", FORMS)
def test_missing_names_are_told_beside_those_there_are(
    form: str, tmp_path: Path, shapes: Shapes
) -> None:
    path = write(tmp_path / "a", {"conv1.weight": torch.ones(1)}, form)
    with pytest.raises(WeightsError) as error:
        read_tensors(path, shapes)
    assert str(error.value) == (
        f"{path} lacks 2 of 2 tensors: features.0.weight, features.0.bias; it has conv1.weight: "
        "pass a checkpoint of this backbone with torchvision's key names"
    )


def test_a_long_list_is_cut(tmp_path: Path) -> None:
    path = write(tmp_path / "a.pth", {"k" * 99: torch.ones(1)})
    with pytest.raises(
        WeightsError, match=r"lacks 9 of 9 .* n0, n1, n2, and 6 more; .* k{57}\.{3}:"
    ):
        read_tensors(path, {f"n{i}": (1,) for i in range(9)})


@pytest.mark.parametrize("form", FORMS)
def test_another_shape_is_told_beside_the_wanted_one(
    form: str, tmp_path: Path, state_dict: StateDict, shapes: Shapes
) -> None:
    path = write(tmp_path / "a", state_dict, form)
    shapes["features.0.weight"] = (64, 3, 3, 3)
    with pytest.raises(
        WeightsError, match=r"1 of 2 .* features.0.weight is \(4, 3, 3, 3\), wanted \(64, "
    ):
        read_tensors(path, shapes)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_numbers_that_are_not_finite_are_refused(form: str, bad: float, tmp_path: Path) -> None:
    path = write(tmp_path / "a", {"a": torch.tensor([1.0, bad])}, form)
    with pytest.raises(WeightsError, match="a has NaN or infinite numbers"):
        read_tensors(path, {"a": (2,)})


@pytest.mark.parametrize("form", FORMS)
def test_whole_numbers_are_no_weights(form: str, tmp_path: Path) -> None:
    path = write(tmp_path / "a", {"a": torch.tensor([1, 2])}, form)
    with pytest.raises(WeightsError, match=r"a is torch\.int64"):
        read_tensors(path, {"a": (2,)})


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("keep", [0.02, 0.5, 0.999])
def test_a_file_cut_short_is_told(
    form: str, keep: float, tmp_path: Path, state_dict: StateDict, shapes: Shapes
) -> None:
    path = write(tmp_path / "a", state_dict, form)
    body = path.read_bytes()
    path.write_bytes(body[: int(len(body) * keep)])
    with pytest.raises(WeightsError, match=r"cut short, damaged .* delete it and get it again"):
        read_tensors(path, shapes)


class Trap:
    sprung = False

    def __reduce__(self) -> tuple[Any, ...]:
        return (setattr, (Trap, "sprung", True))


@pytest.mark.parametrize("form", ["zip", "legacy"])
def test_code_in_a_checkpoint_is_refused_and_not_run(form: str, tmp_path: Path) -> None:
    path = write(tmp_path / "a.pth", {"a": torch.ones(1), "trap": Trap()}, form)
    with pytest.raises(
        WeightsError, match=r"need code to load, which impasto never runs.*state_dict"
    ):
        read_tensors(path, {"a": (1,)})
    assert not Trap.sprung


def test_a_plain_pickle_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.pth"
    path.write_bytes(pickle.dumps({"a": [1.0]}))
    with pytest.raises(WeightsError, match="cut short, damaged or of another format"):
        read_tensors(path, {"a": (1,)})


def test_a_web_page_is_no_checkpoint(tmp_path: Path) -> None:
    path = tmp_path / "a.pth"
    path.write_text("<!DOCTYPE html><title>Sign in</title>")
    with pytest.raises(WeightsError, match="is not a checkpoint; wanted a state dict"):
        read_tensors(path, {"a": (1,)})


def test_files_that_cannot_be_files_of_weights(tmp_path: Path) -> None:
    (tmp_path / "empty.pth").touch()
    os.mkfifo(tmp_path / "fifo.pth")
    for name, problem in [
        ("none.pth", "does not exist"),
        (".", "is not a file"),
        ("fifo.pth", "is not a file"),
        ("empty.pth", "is empty"),
        ("empty.pth/below.pth", "does not exist"),
        ("n" * 300, "cannot be read"),
        ("a\0b", "does not exist|cannot be read"),
    ]:
        with pytest.raises(WeightsError, match=problem):
            read_tensors(tmp_path / name, {"a": (1,)})


def test_a_file_that_may_not_be_read_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path / "a.pth", {"a": torch.ones(1)})

    def refuse(*_args: Any, **_options: Any) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(WeightsError, match=r"cannot be read \(Permission denied\)"):
        read_tensors(path, {"a": (1,)})


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
