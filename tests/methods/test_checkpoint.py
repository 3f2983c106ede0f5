from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor

from impasto.errors import CheckpointError, OutputError
from impasto.methods import checkpoint as checkpoints
from impasto.methods import state_file
from impasto.methods.checkpoint import Checkpoint, InputFile
from impasto.settings import StyleSettings
from impasto.task import RegionOptions


@pytest.fixture
def inputs(tmp_path: Path) -> dict[str, InputFile]:
    for role in ("content", "style"):
        (tmp_path / f"{role}.png").write_bytes(role.encode())
    return {role: InputFile.of(tmp_path / f"{role}.png") for role in ("content", "style")}


@pytest.fixture
def state(inputs: dict[str, InputFile]) -> Checkpoint:
    """Of a method that keeps a picture, some noise and numbers with all their digits."""
    return Checkpoint(
        settings=StyleSettings(recipe="chapter").model_dump(mode="json"),
        inputs=inputs,
        threads=3,
        state={
            "tile": 5,
            "loss": 1 / 3,
            "names": ["content", "depth"],
            "picture": torch.randn(1, 3, 4, 5, generator=torch.Generator().manual_seed(0)),
            "history": torch.tensor([[0.1, 1 / 3, math.pi, 1e-9]], dtype=torch.float64),
            "random_state": torch.Generator().manual_seed(5).get_state(),
        },
        outputs={"output": "/a/ü.png", "save_every": 0, "plot": None},
        regions=[RegionOptions({"relu1_1": 1.0}, hard=True).as_json()],
        prompt="a storm",
    )


def at_tile(state: Checkpoint, tile: int) -> Checkpoint:
    return replace(state, state={**state.state, "tile": tile})


def assert_same(one: Checkpoint, other: Checkpoint) -> None:
    assert one.state.keys() == other.state.keys()
    for name, value in one.state.items():
        if isinstance(value, Tensor):
            assert torch.equal(value, other.state[name]), name
            assert value.dtype == other.state[name].dtype, name
        else:
            assert value == other.state[name], name
    assert replace(one, state={}) == replace(other, state={})


def test_what_is_saved_is_loaded_to_the_last_bit(state: Checkpoint, tmp_path: Path) -> None:
    file = tmp_path / "run.safetensors"
    checkpoints.save(state, file)
    copy = checkpoints.load(file)
    assert_same(copy, state)
    assert StyleSettings(**copy.settings) == StyleSettings(recipe="chapter")


def test_saving_replaces_the_old_one_and_leaves_nothing_beside(
    state: Checkpoint, tmp_path: Path
) -> None:
    folder = tmp_path / "runs"
    folder.mkdir()
    for step in (5, 6):
        checkpoints.save(at_tile(state, step), folder / "run")
    assert [path.name for path in folder.iterdir()] == ["run"]
    assert checkpoints.load(folder / "run").state["tile"] == 6


def test_a_failing_save_leaves_the_old_one_whole(
    state: Checkpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "runs"
    folder.mkdir()
    checkpoints.save(state, folder / "run")

    def full(_tensors: object, part: str, _metadata: object) -> None:
        Path(part).write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(state_file, "save_file", full)
    with pytest.raises(OutputError, match=r"run cannot be written \(No space left on device\)"):
        checkpoints.save(at_tile(state, 6), folder / "run")
    assert [path.name for path in folder.iterdir()] == ["run"]
    assert_same(checkpoints.load(folder / "run"), state)


def test_a_folder_that_is_not_there_cannot_be_written(state: Checkpoint, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"cannot be written.*folder that can be written to"):
        checkpoints.save(state, tmp_path / "nowhere" / "run")


@pytest.mark.parametrize("tenths", range(10))
def test_a_checkpoint_cut_short_is_told(state: Checkpoint, tmp_path: Path, tenths: int) -> None:
    file = tmp_path / "run"
    checkpoints.save(state, file)
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) * tenths // 10])
    with pytest.raises(CheckpointError, match=r"not a whole checkpoint.*start anew"):
        checkpoints.load(file)


def test_a_spoilt_byte_in_the_header_is_refused_or_harmless(
    state: Checkpoint, tmp_path: Path
) -> None:
    file = tmp_path / "run"
    checkpoints.save(state, file)
    whole = file.read_bytes()
    length = 8 + int.from_bytes(whole[:8], "little")
    refusals = []
    for place in range(0, length, 7):
        file.write_bytes(whole[:place] + bytes([whole[place] ^ 0x15]) + whole[place + 1 :])
        try:
            copy = checkpoints.load(file)
        except CheckpointError as error:
            refusals.append(str(error))
        else:
            assert_same(copy, state)
    assert refusals
    assert not any("\n" in refusal for refusal in refusals)


def write_safetensors(path: Path) -> None:
    save_file({"x": torch.zeros(3)}, path)


def write_another_version(path: Path) -> None:
    save_file({"x": torch.zeros(3)}, path, {"format": "impasto checkpoint 999", "run": "{}"})


def write_without_tensors(path: Path) -> None:
    save_file({"x": torch.zeros(3)}, path, {"format": checkpoints.FORMAT, "run": "{}"})


def write_a_list(path: Path) -> None:
    run = {"state": {}, "inputs": []}
    metadata = {"format": checkpoints.FORMAT, "run": json.dumps(run)}
    save_file({"x": torch.zeros(3)}, path, metadata)


@pytest.mark.parametrize(
    "write",
    [
        write_safetensors,
        write_another_version,
        write_without_tensors,
        write_a_list,
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(b"\xff" * 100),
        lambda path: path.write_text("a letter"),
        lambda path: path.mkdir(),
        lambda _path: None,
    ],
    ids=["safetensors", "version", "empty run", "list", "empty", "ones", "text", "folder", "gone"],
)
def test_what_is_no_checkpoint_is_told(write: Callable[[Path], object], tmp_path: Path) -> None:
    write(tmp_path / "run")
    with pytest.raises(CheckpointError, match=r"run (is no|does not exist)"):
        checkpoints.load(tmp_path / "run")


def test_an_input_is_known_by_its_absolute_path_and_its_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a").write_bytes(b"paint")
    monkeypatch.chdir(tmp_path)
    digest = hashlib.sha256(b"paint").hexdigest()
    assert InputFile.of(Path("a")) == InputFile(str(tmp_path / "a"), digest)


def test_inputs_as_they_were_are_fine(state: Checkpoint) -> None:
    state.verify_inputs()


def test_a_changed_input_is_told(state: Checkpoint, tmp_path: Path) -> None:
    (tmp_path / "style.png").write_bytes(b"another style")
    with pytest.raises(CheckpointError, match=r"the style of this run, .*style\.png, has changed"):
        state.verify_inputs()


def test_a_missing_input_is_told(state: Checkpoint, tmp_path: Path) -> None:
    (tmp_path / "content.png").unlink()
    with pytest.raises(CheckpointError, match=r"the content .*content\.png, cannot be read"):
        state.verify_inputs()


def test_a_name_that_is_nothing_and_one_of_a_folder_are_told(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match=r"stop2 does not exist: give the file that --check"):
        checkpoints.load(tmp_path / "stop2")
    with pytest.raises(
        CheckpointError, match=r" is no file: give the file that --checkpoint wrote"
    ):
        checkpoints.load(tmp_path)
