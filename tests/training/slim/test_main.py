from __future__ import annotations

from pathlib import Path
from shutil import copytree

import pytest
import torch
from PIL import Image

from training.slim import __main__ as program
from training.slim.config import Recipe

SMALL = ["--set", "widths=[4,4,8,8,8]", "--set", "crops=[[32,2]]"]


@pytest.fixture
def arguments(photos: Path, art: Path, teacher_folder: Path, tmp_path: Path) -> list[str]:
    """All that has to be given, but for an end."""
    folders = {"--photos": photos, "--art": art, "--teachers": teacher_folder}
    places = {**folders, "--out": tmp_path / "new.safetensors"}
    return [*(text for pair in places.items() for text in map(str, pair)), "--threads", "1"]


def complaint(capsys: pytest.CaptureFixture[str]) -> str:
    """The one line on standard error, without its `error: `."""
    message = capsys.readouterr().err
    assert message.startswith("error: ")
    assert message.count("\n") == 1
    return message.removeprefix("error: ").strip()


def test_a_training_from_first_to_last(
    arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert program.main([*arguments, *SMALL, "--steps", "2", "--checkpoint-every", "1"]) == 0
    assert f"wrote {tmp_path / 'new.safetensors'}" in capsys.readouterr().out.replace("\n", "")
    kinds = {".safetensors", ".checkpoint", ".jsonl", ".png"}
    assert {path.suffix for path in tmp_path.iterdir()} == kinds
    assert program.main([*arguments, *SMALL, "--steps", "3", "--resume"]) == 0
    command = [*arguments, *SMALL, "--steps", "3", "--resume", "--set", "lr=0.5"]
    assert program.main(command) == 2
    assert "was begun with another choice of recipe: pass the --set" in complaint(capsys)
    (tmp_path / "new.checkpoint").write_bytes(b"nonsense")
    assert program.main([*arguments, *SMALL, "--steps", "3", "--resume"]) == 2
    assert "new.checkpoint cannot be read" in complaint(capsys)


@pytest.mark.parametrize(
    ("more", "wish"),
    [
        ([], "never ends: give a number above 0"),
        (["--steps", "-3"], "never ends"),
        (["--minutes", "nan"], "never ends"),
        (["--steps", "many"], "argument --steps: invalid int value: 'many'"),
        (["--steps", "1", "--device", "abacus"], "argument --device: invalid choice"),
        (["--steps", "1", "--colour"], "unrecognized arguments: --colour"),
        (["--steps", "1", "--resume"], "there is no checkpoint"),
        (["--steps", "1", "--threads", "-1"], "threads is -1"),
        (["--steps", "1", "--checkpoint-every", "0"], "checkpoint_every is 0"),
        (["--steps", "1", "--photos", "nowhere"], "nowhere is not a folder"),
        (["--steps", "1", "--art", "nowhere"], "nowhere is not a folder"),
        (["--steps", "1", "--teachers", "nowhere"], "there is no teacher nowhere/"),
        (["--steps", "1", "--out", "nowhere/a.safetensors"], "nowhere does not exist"),
        (["--steps", "1", "--out", "weights.pth"], "give a name that ends in .safetensors"),
    ],
)
def test_a_wrong_argument_is_one_line_and_exit_code_2(
    arguments: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    more: list[str],
    wish: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert program.main([*arguments, *SMALL, *more]) == 2
    assert wish in complaint(capsys)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("pair", "wish"),
    [
        ("colour=3", "'colour' is not a field of the recipe; there are: widths, depths"),
        ("width=[4]", "did you mean 'widths'?"),
        ("matches=[]", "'matches' is not a field of the recipe"),
        ("lr=fast", "--set lr=fast: 'fast' is not JSON; quote strings"),
        ("lr", "'' is not JSON"),
        ('lr="x"', "lr is 'x': give a number"),
        ("lr=NaN", "lr is nan: give a finite number"),
        ("widths=[0]", "widths 0 is 0: give a whole number of at least 1"),
        ("widths=[8,8]", "widths is (8, 8): tuple should have at least 5 items"),
        ("crops=[[100,4]]", "crops 0 is 100: it must be a multiple of 16"),
        ('padding="banana"', "padding is 'banana': it must be 'zero' or 'reflect'"),
        ("depths=[2,2,4,1,1]", "'relu4_2' is not a layer of the student"),
    ],
)
def test_a_wrong_value_of_the_recipe_is_told_by_its_field(
    arguments: list[str], capsys: pytest.CaptureFixture[str], pair: str, wish: str
) -> None:
    assert program.main([*arguments, "--steps", "1", "--set", pair]) == 2
    assert wish in complaint(capsys)


def test_nothing_given_says_what_has_to_be(capsys: pytest.CaptureFixture[str]) -> None:
    assert program.main([]) == 2
    assert "the following arguments are required: --photos, --art" in complaint(capsys)


def test_help_is_given_without_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        program.main(["--help"])
    assert end.value.code == 0
    assert "--held-out" in capsys.readouterr().out


def test_changes_are_read_as_json() -> None:
    recipe = program.change(Recipe(), ["lr=0.5", 'pooling="average"', "crops=[[64, 2]]"])
    assert recipe == Recipe(lr=0.5, pooling="average", crops=((64, 2),))


def test_a_broken_picture_is_named(
    arguments: list[str], photos: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    picture = copytree(photos, tmp_path / "torn") / "photo2.png"
    picture.write_bytes(picture.read_bytes()[:50])
    assert program.main([*arguments, *SMALL, "--steps", "1", "--photos", str(picture.parent)]) == 2
    assert "photo2.png cannot be read" in complaint(capsys)


def test_works_of_the_list_are_held_out_and_others_by_name(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ("wave_crop", "vg_la_cafe", "a", "b", "c")
    folder = tmp_path / "art"
    folder.mkdir()
    for name in names:
        Image.new("RGB", (128, 128)).save(folder / f"{name}.png")
    art_names: list[tuple[str, ...]] = []

    def record(crops: object, photos: object, art: object, share: float) -> None:  # noqa: ARG001
        art_names.append(art.names)  # type: ignore[attr-defined]
        raise KeyboardInterrupt

    monkeypatch.setattr("training.slim.learning.Crops.__init__", record)
    for more in ([], ["--held-out", "a"]):
        program.main([*arguments, *SMALL, "--steps", "1", "--art", str(folder), *more])
    assert art_names == [("a", "b"), ("b",)]  # the last of each is judged by


def test_interrupting_says_how_to_go_on(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("training.slim.learning.Learning._learn", interrupt)
    assert program.main([*arguments, *SMALL, "--steps", "1"]) == 130
    assert capsys.readouterr().err == "stopped; --resume goes on from the last checkpoint\n"


def test_a_full_disk_and_a_loss_without_number_are_failures_of_the_work(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("training.slim.saving.write_checkpoint", full)
    assert program.main([*arguments, *SMALL, "--steps", "1", "--checkpoint-every", "1"]) == 1
    assert complaint(capsys) == "[Errno 28] No space left on device"
    # A teacher's feature that is no number gives a loss that is none.
    monkeypatch.setattr("training.slim.distillation.residual", lambda *_: torch.tensor(torch.nan))
    assert program.main([*arguments, *SMALL, "--steps", "1"]) == 1
    assert "the loss of step 1 is nan" in complaint(capsys)
