"""A list of words, each in its own file."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from impasto.asked import Asked
from impasto.errors import InputError, OutputError, SettingError
from impasto.settings import StyleSettings
from impasto.workflows.batch.events import BatchEvent, ItemDone, ItemFailed, ItemSkipped
from impasto.workflows.letters import file_name, plan, read_list, run
from tests.arrangements.letter.lettered import FONT, bar, effect, mask

SETTINGS = StyleSettings(recipe="letter", size=64, steps=1, threads=1)
LOST = "\U0010fffd"


@pytest.fixture
def asked(tmp_path: Path) -> Asked[str]:
    files = {"style": tmp_path / "effect.png", "style mask": tmp_path / "mask.png"}
    for (_, path), picture in zip(files.items(), (effect(), mask(bar())), strict=True):
        Image.fromarray(picture.pixels).save(path)
    pictures = {role: str(path) for role, path in files.items()}
    return Asked("letter", {"font": FONT, "looseness": 0.3}, pictures)


def painted(texts: list[str], asked: Asked[str], folder: Path) -> list[BatchEvent]:
    return list(run(texts, asked, folder, SETTINGS))


def names(events: list[BatchEvent], kind: type) -> list[str]:
    return [event.item.name for event in events if isinstance(event, kind)]


def test_each_line_has_its_file_and_a_failure_stops_nothing(
    asked: Asked[str], tmp_path: Path
) -> None:
    folder = tmp_path / "out"
    events = painted(["Hi", f"no{LOST}", "Ho"], asked, folder)
    assert names(events, ItemDone) == ["Hi.png", "Ho.png"]
    assert names(events, ItemFailed) == ["no.png"]
    assert Image.open(folder / "Hi.png").mode == "RGBA"


def test_what_is_there_is_not_painted_again_unless_it_would_be_another(
    asked: Asked[str], tmp_path: Path
) -> None:
    folder = tmp_path / "out"
    painted(["Hi"], asked, folder)
    assert names(painted(["Hi", "Ho"], asked, folder), ItemSkipped) == ["Hi.png"]
    (folder / "Ho.png").unlink()
    looser = Asked("letter", {**asked.options, "looseness": 0.9}, asked.pictures)
    assert names(painted(["Hi"], looser, folder), ItemDone) == ["Hi.png"]
    assert names(painted(["Ho"], asked, folder), ItemDone) == ["Ho.png"]


def test_a_list_is_read_line_by_line(tmp_path: Path) -> None:
    file = tmp_path / "words.txt"
    file.write_bytes("\ufeff春\r\n\r\n  Spring \n春\n".encode())
    assert read_list(file) == ["春", "Spring"]


@pytest.mark.parametrize("data", [b"\n \n", b"\xff\xfe\x00"])
def test_a_list_without_words_is_told(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "words.txt"
    file.write_bytes(data)
    with pytest.raises(InputError, match=r"words\.txt"):
        read_list(file)


def test_a_list_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_list(tmp_path / "none.txt")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("../../etc/passwd", "etc-passwd"),
        ("a/b\\c:d", "a-b-c-d"),
        ("新年 快乐！", "新年-快乐"),
        (r"two\nlines", "two-lines"),
        ("?!", "lettering"),
        ("x" * 300, "x" * 60),
    ],
)
def test_names_of_files_are_safe(text: str, name: str) -> None:
    assert file_name(text) == name


def test_names_that_are_alike_are_numbered() -> None:
    assert [item.name for item in plan(["A", "a!", "a?"])] == ["A.png", "a-2.png", "a-3.png"]


def test_glyphs_are_no_list(asked: Asked[str], tmp_path: Path) -> None:
    both = Asked("letter", asked.options, {**asked.pictures, "content": "logo.png"})
    with pytest.raises(SettingError, match="glyphs"):
        painted(["Hi"], both, tmp_path / "out")


def test_a_list_too_long_is_told_as_such_wherever_it_is_cut(tmp_path: Path) -> None:
    file = tmp_path / "words.txt"
    file.write_text("春" * 400_000, "utf-8")
    with pytest.raises(InputError, match="more than 1,000,000 bytes"):
        read_list(file)


@pytest.mark.parametrize("missing", ["font", "style mask"])
def test_a_file_that_is_not_there_is_told(asked: Asked[str], tmp_path: Path, missing: str) -> None:
    gone = str(tmp_path / "gone")
    if missing == "font":
        wrong = Asked("letter", {**asked.options, "font": gone}, asked.pictures)
    else:
        wrong = Asked("letter", asked.options, {**asked.pictures, missing: gone})
    with pytest.raises(InputError, match="gone cannot be read"):
        painted(["Hi"], wrong, tmp_path / "out")


def test_a_lettering_is_never_written_over_its_style(asked: Asked[str], tmp_path: Path) -> None:
    before = (tmp_path / "effect.png").read_bytes()
    with pytest.raises(OutputError, match=r"overwrite the input .*effect\.png"):
        painted(["Hi", "effect"], asked, tmp_path)
    assert (tmp_path / "effect.png").read_bytes() == before
    assert not (tmp_path / "Hi.png").exists()
