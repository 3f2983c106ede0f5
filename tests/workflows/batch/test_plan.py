from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from impasto.errors import OutputError, PictureError, UnknownNameError
from impasto.workflows.batch import plan
from impasto.workflows.batch.manifest import MANIFEST
from impasto.workflows.batch.plan import FORMATS


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def touch(*names: str) -> None:
    """Empty files: nothing is opened while a batch is planned."""
    for name in names:
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).touch()


def names(*contents: str, output: str = "out", **more: Any) -> list[str]:
    return [item.name for item in plan(contents, output, **more)]


def test_folders_are_walked_in_natural_order_and_their_paths_kept() -> None:
    touch("in/p10.jpg", "in/p9.jpg", "in/b/2.PNG", "in/b/10.tif", "in/A.webp")
    assert names("in") == ["A.webp", "b/2.PNG", "b/10.tif", "p9.jpg", "p10.jpg"]


def test_contents_come_in_the_order_given() -> None:
    touch("in/a.jpg", "z.jpg", "b.jpg")
    assert names("z.jpg", "in", "b.jpg") == ["z.jpg", "a.jpg", "b.jpg"]


def test_hidden_and_other_files_are_left_out_of_folders() -> None:
    touch("in/.a.jpg", "in/.trash/b.jpg", "in/notes.txt", "in/no suffix", "in/c.jpg")
    assert names("in") == ["c.jpg"]


def test_a_file_given_by_name_is_taken_whatever_its_suffix() -> None:
    touch("notes.txt", ".hidden.jpg")
    assert names("notes.txt", ".hidden.jpg") == ["notes.png", ".hidden.jpg"]


@pytest.mark.parametrize("again", ["in/a.jpg", "in", "in/../in", "link.jpg", "linked"])
def test_a_file_that_is_met_twice_counts_once(again: str) -> None:
    touch("in/a.jpg")
    Path("link.jpg").symlink_to("in/a.jpg")
    Path("linked").symlink_to("in")
    assert names("in", again) == ["a.jpg"]


def test_links_that_lead_in_a_circle_end() -> None:
    touch("in/a.jpg")
    Path("in/round").symlink_to(Path("in").absolute())
    assert names("in") == ["a.jpg"]


def test_the_output_inside_a_folder_of_contents_is_left_out() -> None:
    touch("in/a.jpg", "in/out/a.jpg", "in/out/sub/b.jpg")
    assert names("in", output="in/out") == ["a.jpg"]
    assert names("in", output=str(Path("in/out").absolute())) == ["a.jpg"]


def test_a_folder_that_another_batch_painted_into_counts_only_by_name() -> None:
    touch("in/a.jpg", "in/other/b.jpg", f"in/other/{MANIFEST}")
    assert names("in") == ["a.jpg"]
    assert names("in/other") == ["b.jpg"]


@pytest.mark.parametrize(
    ("content", "bits", "painting"),
    [
        ("a.JPG", "auto", "a.JPG"),
        ("a.jpeg", "8", "a.jpeg"),
        ("a.gif", "auto", "a.png"),
        ("a.webp", "16", "a.png"),
        ("a.tif", "16", "a.tif"),
    ],
)
def test_the_format_is_kept_where_it_can_be_written(content: str, bits: str, painting: str) -> None:
    touch(content)
    assert names(content, bits=bits) == [painting]


@pytest.mark.parametrize("format", FORMATS)
def test_a_format_for_all_overrides(format: str) -> None:
    touch("in/a.jpg", "in/b.gif")
    assert names("in", format=format) == [f"a.{format}", f"b.{format}"]


def test_an_unknown_format_and_one_too_shallow_are_refused() -> None:
    touch("a.jpg")
    with pytest.raises(UnknownNameError, match="png, jpg, webp, tiff"):
        names("a.jpg", format="jpgg")
    with pytest.raises(OutputError, match="--format png or tiff, or 8 bits"):
        names("a.jpg", format="jpg", bits="16")


@pytest.mark.parametrize(
    ("one", "other", "format"),
    [("in/a.jpg", "on/a.jpg", None), ("in/a.gif", "in/a.png", None), ("a.jpg", "a.tif", "webp")],
)
def test_two_paintings_with_one_name_are_refused(one: str, other: str, format: str | None) -> None:
    touch(one, other)
    with pytest.raises(OutputError) as error:
        names(one, other, format=format)
    for part in (one, other, "out/a.", "rename one of them"):
        assert part in str(error.value)


def test_the_folder_above_both_is_the_remedy_it_is_said_to_be() -> None:
    touch("all/in/a.jpg", "all/on/a.jpg")
    assert names("all") == ["in/a.jpg", "on/a.jpg"]


def test_a_folder_cannot_be_painted_onto_itself() -> None:
    touch("in/a.gif")
    Path("link").symlink_to("in")
    for output in ("in", "link", "in/../in"):
        with pytest.raises(OutputError, match="both a folder of contents and the output"):
            names("in", output=output)


def test_an_input_is_never_overwritten() -> None:
    touch("a.jpg", "b.jpg", "out/style.jpg", "in/style.jpg")
    with pytest.raises(OutputError, match=r"would overwrite the input a\.jpg"):
        names("a.jpg", output=".")
    with pytest.raises(OutputError, match=r"would overwrite the input out/style\.jpg"):
        names("in/style.jpg", inputs=["out/style.jpg"])
    Path("out/b.jpg").symlink_to(Path("a.jpg").absolute())
    with pytest.raises(OutputError, match=r"painting of b\.jpg would overwrite the input a\.jpg"):
        names("a.jpg", "b.jpg")


def test_what_is_not_there_is_refused() -> None:
    Path("empty").mkdir()
    touch("a.jpg")
    with pytest.raises(PictureError, match=r"gone\.jpg does not exist"):
        names("a.jpg", "gone.jpg")
    with pytest.raises(PictureError, match="there is no picture"):
        names("empty")
    # An unset variable of a script must not mean the folder one stands in.
    with pytest.raises(PictureError, match="the name of a content is empty"):
        names("")
    with pytest.raises(OutputError, match="the name of the output folder is empty"):
        names("a.jpg", output="")


def test_nothing_is_written() -> None:
    touch("a.jpg")
    names("a.jpg")
    assert [path.name for path in Path().iterdir()] == ["a.jpg"]


@pytest.mark.parametrize("suffix", [".jfif", ".jpe", ".JFIF", ".hif", ".dib"])
def test_rarer_endings_of_a_format_are_painted_too(suffix: str) -> None:
    touch(f"in/a{suffix}")
    assert len(names("in")) == 1


def test_pictures_that_are_not_read_are_reported_and_other_files_are_not() -> None:
    touch("in/a.jpg", "in/b.psd", "in/c.AVIF", "in/notes.txt", "in/.hidden.psd", "in/sub/d.nef")
    Path("in/e").write_bytes(b"GIF89a" + bytes(20))
    left_out: list[Path] = []
    assert names("in", on_left_out=left_out.append) == ["a.jpg"]
    assert [path.name for path in left_out] == ["b.psd", "c.AVIF", "e", "d.nef"]
