from __future__ import annotations

import errno
import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from impasto.errors import InputError, OutputError, UnknownNameError
from impasto.library import Library, library_folder, search
from impasto.samples.lookup import sample_or


def painted(path: Path, colour: tuple[int, int, int]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.full((64, 64, 3), colour, np.uint8)).save(path)
    return path


@pytest.fixture
def ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Library:
    """An empty library, which `Library()` finds too."""
    monkeypatch.setenv("IMPASTO_LIBRARY", str(tmp_path / "library"))
    monkeypatch.chdir(tmp_path)
    return Library()


def test_a_folder_is_copied_and_works_when_it_is_gone(ours: Library, tmp_path: Path) -> None:
    red = painted(tmp_path / "mine" / "Red_Sea 1.png", (200, 20, 20))
    blue = painted(tmp_path / "mine" / "inside" / "sky.PNG", (20, 30, 200))
    (tmp_path / "mine" / "notes.txt").write_text("no picture")
    added = list(ours.add([tmp_path / "mine"]))
    assert [(each.file, each.name) for each in added] == [(red, "red-sea-1"), (blue, "sky")]
    red.unlink()
    assert ours.names() == ["red-sea-1", "sky"]
    assert [entry.title for entry in ours.entries()] == ["Red Sea 1", "sky"]
    path = ours.path_of("red-sea-1")
    assert path is not None
    assert sample_or("style", "red-sea-1") == path
    assert search(["red"])[0].name == "red-sea-1"
    assert ours.path_of("gone") is None


def test_the_same_picture_is_there_once_and_may_get_a_title(ours: Library, tmp_path: Path) -> None:
    one, same = (painted(tmp_path / name, (9, 9, 200)) for name in ("a.png", "b.png"))
    assert [each.name for each in ours.add([one])] == ["a"]
    again = list(ours.add([same]))
    assert [(each.name, each.was_there) for each in again] == [("a", True)]
    assert [each.was_there for each in ours.add([same], title="夜 Night")] == [True]
    assert search(words="夜")[0].name == "a"
    other = painted(tmp_path / "in" / "a.png", (200, 9, 9))
    assert [each.name for each in ours.add([other])] == ["a-2"]


def test_a_name_of_a_sample_is_not_given(ours: Library, tmp_path: Path) -> None:
    file = painted(tmp_path / "swirls.png", (9, 9, 200))
    assert [each.name for each in ours.add([file])] == ["swirls-2"]


def test_what_cannot_be_read_is_left_out_and_told(ours: Library, tmp_path: Path) -> None:
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"\x89PNG\r\n\x1a\n and no more")
    good = painted(tmp_path / "good.png", (9, 9, 200))
    left, added = ours.add([broken, good])
    assert left.name == ""
    assert "broken.png" in left.problem
    assert added.name == "good"


def test_wrong_wishes_are_told(ours: Library, tmp_path: Path) -> None:
    files = [painted(tmp_path / f"{n}.png", (n, 9, 200)) for n in (1, 2)]
    with pytest.raises(InputError, match="a title for 2 pictures: give one"):
        list(ours.add(files, title="Two"))
    with pytest.raises(InputError, match=r"gone.png does not exist: name a picture or a folder"):
        list(ours.add([tmp_path / "gone.png"]))
    list(ours.add(files))
    with pytest.raises(UnknownNameError, match="'3' is not a picture of the library"):
        ours.remove("3")


def test_what_is_removed_is_gone_with_its_copy(ours: Library, tmp_path: Path) -> None:
    file = painted(tmp_path / "a.png", (9, 9, 200))
    list(ours.add([file]))
    copy = ours.path_of("a")
    assert copy is not None
    ours.remove("a")
    assert not copy.exists()
    assert file.exists()
    assert ours.names() == []


@pytest.mark.parametrize("index", ["{", "[]", '{"format": "other"}', "\xff", "[" * 100_000])
def test_a_damaged_index_is_told_once_and_built_anew(
    ours: Library, tmp_path: Path, index: str
) -> None:
    list(ours.add([painted(tmp_path / "a.png", (9, 9, 200))], title="Lost"))
    (ours.folder / "index.json").write_bytes(index.encode("latin-1"))
    told: list[str] = []
    mended = Library(ours.folder, told.append)
    assert [entry.title for entry in mended.entries()] == ["a"]
    assert len(told) == 1
    assert "is damaged or gone: its 1 pictures are measured anew" in told[0]
    assert json.loads((ours.folder / "index.json").read_text())["pictures"].keys() == {"a"}
    assert mended.names() == ["a"]
    assert len(told) == 1


@pytest.mark.parametrize("elsewhere", [True, False])
def test_an_index_that_is_gone_or_leads_out_of_the_folder_is_built_anew(
    ours: Library, tmp_path: Path, elsewhere: bool
) -> None:
    (added,) = ours.add([painted(tmp_path / "own.png", (9, 9, 200))])
    index = ours.folder / "index.json"
    if elsewhere:
        index.write_text(index.read_text().replace('"own.png"', '"../own.png"'))
    else:
        index.unlink()
    assert ours.path_of(added.name) == ours.folder / "pictures" / "own.png"


@pytest.mark.parametrize("file", ["", "a\0.png", "../a.png"])
def test_an_index_with_a_name_of_no_file_is_built_anew(
    ours: Library, tmp_path: Path, file: str
) -> None:
    list(ours.add([painted(tmp_path / "a.png", (9, 9, 200))]))
    index = ours.folder / "index.json"
    data = json.loads(index.read_text("utf-8"))
    data["pictures"]["a"]["file"] = file
    index.write_text(json.dumps(data), "utf-8")
    assert ours.path_of("a") == ours.folder / "pictures" / "a.png"


@pytest.mark.skipif(sys.platform in ("darwin", "win32"), reason="names are Unicode there")
def test_a_file_whose_name_is_no_text_is_added_and_stops_no_other(
    ours: Library, tmp_path: Path
) -> None:
    folder = tmp_path / "mine"
    odd = painted(folder / os.fsdecode(b"\xff\xfe red.png"), (200, 9, 9))
    painted(folder / "z.png", (9, 9, 200))
    assert [(each.name, each.problem) for each in ours.add([folder])] == [("z", ""), ("red", "")]
    assert ours.entries()[0].title == "red"
    list(ours.add([odd], title="a\x1b[31m\udcff night"))
    assert ours.entries()[0].title == "a [31m night"


def test_files_of_the_longest_names_are_added(ours: Library, tmp_path: Path) -> None:
    stem = "a" * 240
    files = [painted(tmp_path / f"{n}" / f"{stem}.png", (n * 99, 9, 200)) for n in range(3)]
    assert [len(each.name) for each in ours.add(files)] == [60, 62, 62]


def test_two_who_add_at_once_lose_nothing(ours: Library, tmp_path: Path) -> None:
    files = [painted(tmp_path / f"p{n}.png", (n * 20, 9, 200)) for n in range(6)]
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda file: list(Library(ours.folder).add([file])), files))
    assert ours.names() == [f"p{n}" for n in range(6)]


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    file = painted(tmp_path / "a.png", (9, 9, 200))
    with pytest.raises((OutputError, InputError), match="IMPASTO_LIBRARY"):
        list(Library(tmp_path / "file" / "library").add([file]))


def test_where_no_index_can_be_written_nothing_is_lost_and_nothing_left(
    ours: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, new = (painted(tmp_path / f"{n}.png", (n * 99, 9, 200)) for n in (1, 2))
    list(ours.add([kept]))

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "no space left on device")

    monkeypatch.setattr(Library, "_write", full)
    with pytest.raises(OutputError, match="cannot be written"):
        list(ours.add([new]))
    with pytest.raises(OutputError, match="cannot be written"):
        ours.remove("1")
    assert ours.names() == ["1"]
    assert [file.name for file in (ours.folder / "pictures").iterdir()] == ["1.png"]


def test_the_folder_is_the_users_unless_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("IMPASTO_LIBRARY", raising=False)
    assert library_folder().name == "library"
    assert "impasto" in str(library_folder())
