from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from impasto.cli.outputs import Outputs, default_output, output_of
from impasto.errors import CheckpointError, OutputError
from impasto.settings import StyleSettings
from impasto.task import files_of


@pytest.fixture
def inputs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Two pictures in the current folder."""
    monkeypatch.chdir(tmp_path)
    for name in ("content.png", "style.png"):
        (tmp_path / name).write_bytes(b"picture")
    return [Path("content.png"), Path("style.png")]


ALL = Outputs(
    Path("out.png"), Path("plot.png"), Path("log.jsonl"), 10, Path("run"), 5, Path("film.gif")
)


def test_places_that_can_be_written_pass_and_nothing_is_written(inputs: list[Path]) -> None:
    ALL.check(inputs)
    assert sorted(path.name for path in Path().iterdir()) == ["content.png", "style.png"]


@pytest.mark.parametrize("name", ["output", "plot", "log", "checkpoint", "film"])
def test_no_output_may_be_an_input(name: str, inputs: list[Path], tmp_path: Path) -> None:
    for spelling in ("style.png", "./style.png", str(tmp_path / "style.png")):
        with pytest.raises(OutputError, match=r"style\.png"):
            replace(ALL, **{name: Path(spelling)}).check(inputs)


def test_a_film_may_be_no_input_and_no_other_output(inputs: list[Path]) -> None:
    Path("style.webp").write_bytes(b"picture")
    with pytest.raises(OutputError, match=r"style\.webp is one of the inputs"):
        replace(ALL, film=Path("style.webp")).check([*inputs, Path("style.webp")])
    with pytest.raises(OutputError, match="is the output already: give the film its own name"):
        Outputs(Path("out.webp"), film=Path("out.webp")).check(inputs)


def test_previews_are_asked_for_where_there_is_a_film() -> None:
    assert ALL.preview_every(250) == 3
    assert replace(ALL, film=None).preview_every(250) == 0


def test_a_film_of_nothing_painted_is_refused(inputs: list[Path]) -> None:
    outputs = Outputs(Path("out.png"), film=Path("film.gif"))
    with pytest.raises(OutputError, match="--film has nothing to write"):
        outputs.check(inputs, no_steps="--color only moves colours")


@pytest.mark.parametrize("name", ["output", "plot", "log", "checkpoint", "film"])
def test_no_output_may_be_a_link_to_an_input(name: str, inputs: list[Path]) -> None:
    Path("link.png").symlink_to("style.png")
    with pytest.raises(OutputError, match=r"link\.png"):
        replace(ALL, **{name: Path("link.png")}).check(inputs)


@pytest.mark.parametrize(("one", "other"), [("plot", "output"), ("checkpoint", "log")])
def test_no_two_outputs_may_be_one_file(one: str, other: str, inputs: list[Path]) -> None:
    same = replace(ALL, **{one: getattr(ALL, other)})
    with pytest.raises(OutputError, match=r"is the .* already: give the .* its own name"):
        same.check(inputs)


@pytest.mark.parametrize("name", ["output", "plot", "log", "checkpoint", "film"])
def test_a_missing_folder_is_told(name: str, inputs: list[Path]) -> None:
    place = Path("nowhere/x.gif" if name == "film" else "nowhere/x.png")
    with pytest.raises(OutputError, match="folder"):
        replace(ALL, **{name: place}).check(inputs)


@pytest.mark.parametrize("name", ["output", "plot", "log", "checkpoint", "film"])
def test_a_folder_is_no_file(name: str, inputs: list[Path]) -> None:
    Path("folder.png").mkdir()
    with pytest.raises(OutputError, match=r"folder\.png"):
        replace(ALL, **{name: Path("folder.png")}).check(inputs)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"output": Path("out.xyz")}, "png"),
        ({"plot": Path("plot.jpg")}, "svg"),
        ({"film": Path("film.mp4")}, r"\.gif or \.webp"),
    ],
    ids=["output", "plot", "film"],
)
def test_an_unknown_format_is_told(
    changes: dict[str, Any], message: str, inputs: list[Path]
) -> None:
    with pytest.raises(OutputError, match=message):
        replace(ALL, **changes).check(inputs)


@pytest.mark.parametrize("outputs", [ALL, Outputs(Path("out.png"))], ids=["all", "least"])
def test_a_checkpoint_brings_them_back_from_any_folder(
    outputs: Outputs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    record = json.loads(json.dumps(outputs.as_json()))
    monkeypatch.chdir("/")
    back = Outputs.from_json(record)
    assert back.output == tmp_path / "out.png"
    assert back.log == (tmp_path / "log.jsonl" if outputs.log else None)
    assert (back.save_every, back.checkpoint_every) == (
        outputs.save_every,
        outputs.checkpoint_every,
    )
    assert back.as_json() == record


def test_a_checkpoint_of_a_program_cannot_be_resumed_here() -> None:
    with pytest.raises(CheckpointError, match=r"impasto\.run\(…, resume=…\)"):
        Outputs.from_json({})


def test_what_a_later_version_keeps_beside_is_passed_over() -> None:
    assert Outputs.from_json({"output": "out.png", "colour": "red"}) == Outputs(Path("out.png"))


def test_names_on_the_way_come_from_the_output() -> None:
    outputs = Outputs(Path("a/b.c.png"))
    assert outputs.numbered(7) == Path("a/b.c-00007.png")
    assert outputs.rescue == Path("a/b.c.checkpoint.safetensors")
    assert replace(outputs, checkpoint=Path("run")).rescue == Path("run")


def test_a_hard_link_of_an_input_is_the_input(tmp_path: Path) -> None:
    photo = tmp_path / "photo.png"
    photo.write_bytes(b"photo")
    (tmp_path / "log.jsonl").hardlink_to(photo)
    outputs = Outputs(tmp_path / "out.png", log=tmp_path / "log.jsonl")
    with pytest.raises(OutputError, match="one of the inputs"):
        outputs.check([photo])


def test_the_rescue_checkpoint_is_no_input_either(tmp_path: Path) -> None:
    weights = tmp_path / "out.checkpoint.safetensors"
    weights.write_bytes(b"weights")
    with pytest.raises(OutputError, match="one of the inputs"):
        Outputs(tmp_path / "out.png").check([weights])


def test_a_numbered_picture_may_not_be_another_output(tmp_path: Path) -> None:
    outputs = Outputs(tmp_path / "o.png", plot=tmp_path / "o-00002.png", save_every=1)
    with pytest.raises(OutputError, match="name of a numbered picture"):
        outputs.check([])


def test_the_files_of_settings_are_start_picture_and_weights() -> None:
    assert files_of(StyleSettings()) == []
    settings = StyleSettings(init="image:start.png", weights_file="net.safetensors")
    assert files_of(settings) == [Path("start.png"), Path("net.safetensors")]


def test_a_long_name_is_refused_only_for_files_that_are_wanted(tmp_path: Path) -> None:
    output = tmp_path / f"{'ä' * 120}.png"
    outputs = Outputs(output)
    outputs.check([])
    assert len(os.fsencode(outputs.rescue.name)) <= 255
    assert outputs.rescue.name.endswith("ä.checkpoint.safetensors")
    with pytest.raises(OutputError, match=r"99999\.png is too long a name"):
        Outputs(tmp_path / f"{'a' * 248}.png", save_every=5).check([])


def test_a_picture_without_a_name_is_called_after_what_it_is_made_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    names = ["in/my photo.jpg", "swirls", tmp_path / "wood.cut.png"]
    assert default_output(names) == Path("my photo-swirls-wood.cut.png")
    for name in ("photo-swirls.png", "photo-swirls-2.png"):
        Path(name).touch()
    assert default_output(["photo.jpg", "swirls"]) == Path("photo-swirls-3.png")


def test_a_name_that_nobody_asked_for_is_short_enough_for_all_that_stands_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Outputs(default_output(["é" * 120 + ".jpg", "s" * 100])).check([])


def test_standard_output_needs_no_folder_and_its_format_is_png_or_the_one_chosen(
    inputs: list[Path],
) -> None:
    outputs = Outputs(None)
    outputs.check(inputs)
    assert (outputs.format, outputs.name, outputs.rescue) == ("PNG", "standard output", None)
    assert replace(outputs, chosen_format="jpg").format == "JPEG"
    assert replace(outputs, checkpoint=Path("run")).rescue == Path("run")


@pytest.mark.parametrize(
    ("outputs", "message"),
    [
        (Outputs(None, save_every=5), "--save-every numbers pictures by the name of the output"),
        (Outputs(None, chosen_format="gif"), "'gif' is no format impasto writes: use JPEG, PNG"),
        (Outputs(Path("a.png"), chosen_format="jpg"), "a.png ends as PNG does, and --format is"),
        (Outputs(Path("a.png"), checkpoint=Path("-")), "the checkpoint is written to a file, and"),
        (Outputs(None, log=Path("-")), "the log is written to a file, and - is standard output"),
    ],
)
def test_what_standard_output_cannot_be_is_told(
    outputs: Outputs, message: str, inputs: list[Path]
) -> None:
    with pytest.raises(OutputError) as refusal:
        outputs.check(inputs)
    assert message in str(refusal.value)
    assert not Path("-").exists()


def test_a_format_that_agrees_with_the_ending_may_be_said_too(inputs: list[Path]) -> None:
    Outputs(Path("out.jpeg"), chosen_format="jpg").check(inputs)


def test_sixteen_bits_are_refused_of_a_format_that_lacks_them_on_standard_output_too() -> None:
    with pytest.raises(OutputError, match=r"standard output shall have 16 bits, which JPEG"):
        Outputs(None, chosen_format="jpg").check([], 16)


def test_a_checkpoint_remembers_standard_output_and_no_file_of_its_name() -> None:
    record = json.loads(json.dumps(Outputs(None, chosen_format="jpg").as_json()))
    assert Outputs.from_json(record) == Outputs(None, chosen_format="jpg")
    assert Outputs.from_json(Outputs(Path("-")).as_json()).output == Path("-").absolute()


def test_a_dash_is_standard_output_and_a_dash_in_a_folder_a_file() -> None:
    assert output_of("-", ["photo.jpg"]) is None
    assert output_of("./-", []) == Path("-")
    assert output_of(None, ["photo.jpg", "swirls"], "webp") == Path("photo-swirls.webp")
    with pytest.raises(OutputError, match="'gif' is no format impasto writes"):
        output_of(None, ["photo.jpg"], "gif")


def test_an_output_with_a_name_that_no_file_can_have_is_refused(tmp_path: Path) -> None:
    outputs = Outputs(tmp_path / ("x" * 300 + ".png"))
    with pytest.raises(OutputError, match="too long a name"):
        outputs.check([])
