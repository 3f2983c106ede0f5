from __future__ import annotations

import sys
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pytest

from impasto import samples
from impasto.errors import ImpastoError, OutputError, PictureError, SettingError, WeightsError
from impasto.settings import StyleSettings
from impasto.workflows.batch import (
    BatchStarted,
    Item,
    ItemDone,
    ItemFailed,
    ItemSkipped,
    ItemStarted,
    ItemStep,
    Note,
    plan,
    run,
)
from impasto.workflows.batch.manifest import MANIFEST, Manifest
from impasto.workflows.batch.runner import LOCK
from impasto.workflows.executors import Died, Raised

TINY = StyleSettings(size=48, steps=2)


@pytest.fixture
def batch(
    photo: Callable[..., Path], style: Path, tmp_path: Path, in_process: list[str]
) -> Callable[..., tuple[list[Any], list[str]]]:
    """Paints three photographs; gives all events, and the names of what was not skipped."""
    for seed, name in enumerate(("a.jpg", "sub/b.png", "c.gif")):
        photo(f"in/{name}", seed)

    def paint(settings: StyleSettings = TINY, **more: Any) -> tuple[list[Any], list[str]]:
        in_process.clear()
        output = tmp_path / "out"
        events = list(run(plan([tmp_path / "in"], output), style, output, settings, **more))
        return events, list(in_process)

    return paint


ALL = ["a.jpg", "c.png", "sub/b.png"]


def test_a_batch_tells_of_each_picture_what_becomes_of_it(
    batch: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "in" / "c.gif").write_bytes(b"")
    events, items = batch()
    assert items == ALL
    kinds = [type(event) for event in events]
    painting = [ItemStarted, ItemStep, ItemStep, ItemDone]
    assert kinds == [BatchStarted, *painting, ItemStarted, ItemFailed, *painting]
    assert events[0] == BatchStarted(pictures=3, todo=3, jobs=1, steps=2)
    assert "c.gif is empty" in events[6].reason
    names = [path.relative_to(tmp_path / "out") for path in (tmp_path / "out").rglob("*")]
    assert {str(name) for name in names} == {"a.jpg", "sub", "sub/b.png", MANIFEST}


@pytest.mark.skipif(sys.platform == "win32", reason="signals are other there")
def test_what_happens_to_a_worker_is_told_of_its_picture(
    photo: Callable[..., Path], style: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Dying:
        def __init__(self, _workers: int) -> None:
            pass

        def run(self, _work: Any, items: list[Item]) -> Generator[Any, None, None]:
            yield Died(items[0], 0, -9)
            yield Died(items[1], 1, 3)
            yield Raised(items[2], 0, "it went mad")
            yield Died(items[3], 0, 0, "3 times over")

    monkeypatch.setattr("impasto.workflows.batch.runner.ProcessExecutor", Dying)
    photos = [photo(f"{name}.jpg", seed) for seed, name in enumerate("abcd")]
    items = plan(photos, tmp_path / "out")
    _, *failures = run(items, style, tmp_path / "out", TINY)
    remedy = "free some memory, pass a smaller --size or take fewer --jobs"
    died = "the process that painted it died"
    assert failures == [
        ItemFailed(items[0], 0, f"{died} (SIGKILL); most often memory ran out: {remedy}"),
        ItemFailed(items[1], 1, f"{died} (exit code 3); {remedy}"),
        ItemFailed(items[2], 0, "it went mad", unexpected=True),
        ItemFailed(
            items[3], 0, f"{died} (3 times over); free some memory or pass a smaller --size"
        ),
    ]


def test_a_second_time_nothing_is_painted_or_touched(
    batch: Callable[..., Any], tmp_path: Path
) -> None:
    batch()
    files = [path for path in (tmp_path / "out").rglob("*") if path.is_file()]
    before = [(path.read_bytes(), path.stat().st_mtime_ns, path.stat().st_ino) for path in files]
    events, items = batch()
    assert items == []
    assert events[0] == BatchStarted(pictures=3, todo=0, jobs=1, steps=2)
    assert [event.item.name for event in events[1:]] == ALL
    assert {type(event) for event in events[1:]} == {ItemSkipped}
    assert before == [
        (path.read_bytes(), path.stat().st_mtime_ns, path.stat().st_ino) for path in files
    ]


def test_auto_takes_what_was_painted_in_another_precision_for_done(
    batch: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert batch(precision="float32")[1] == ALL
    monkeypatch.setattr("impasto.methods.precision.has_bfloat16", lambda *_: True)
    assert batch(precision="auto")[1] == []
    assert batch(precision="bf16")[1] == ALL


CHANGES: dict[str, tuple[Callable[[Path], object], list[str]]] = {
    "a painting is gone": (lambda d: (d / "out" / "a.jpg").unlink(), ["a.jpg"]),
    "a painting is another": (lambda d: (d / "out" / "c.png").write_bytes(b"?"), ["c.png"]),
    "a content is another": (
        lambda d: (d / "in" / "a.jpg").write_bytes(samples.content("coffee").read_bytes()),
        ["a.jpg"],
    ),
    "the style is another": (
        lambda d: (d / "style.png").write_bytes(samples.style("swirls").read_bytes()),
        ALL,
    ),
    "the manifest is gone": (lambda d: (d / "out" / MANIFEST).unlink(), ALL),
    "files are only touched": (lambda d: (d / "out" / "a.jpg").touch(), []),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_is_no_longer_as_it_was_is_painted_again(
    change: str, batch: Callable[..., Any], tmp_path: Path
) -> None:
    make, expected = CHANGES[change]
    batch()
    make(tmp_path)
    assert batch()[1] == expected
    assert batch()[1] == []


def test_settings_that_shape_the_picture_paint_it_again_and_others_do_not(
    batch: Callable[..., Any],
) -> None:
    batch()
    assert batch(TINY.replace(threads=1, max_megapixels=50))[1] == []
    assert batch(seed=1)[1] == ALL


def test_a_picture_that_failed_is_tried_again(batch: Callable[..., Any], tmp_path: Path) -> None:
    path = tmp_path / "in" / "a.jpg"
    data = path.read_bytes()
    path.write_bytes(data[:200])
    batch()
    path.write_bytes(data)
    assert batch()[1] == ["a.jpg"]


def test_what_was_painted_before_it_was_stopped_stays(
    batch: Callable[..., Any], style: Path, tmp_path: Path
) -> None:
    output = tmp_path / "out"
    events = run(plan([tmp_path / "in"], output), style, output, TINY)
    next(event for event in events if isinstance(event, ItemDone))
    events.close()
    assert not (output / LOCK).exists()
    assert batch()[1] == ALL[1:]


def test_drafts_of_a_killed_batch_are_cleared_away(
    batch: Callable[..., Any], tmp_path: Path
) -> None:
    draft = tmp_path / "out" / "sub" / ".b.png.0123abcd.part"
    draft.parent.mkdir(parents=True)
    draft.touch()
    batch()
    assert not draft.exists()


def test_damaged_lines_of_the_manifest_get_one_note(
    batch: Callable[..., Any], tmp_path: Path
) -> None:
    batch()
    path = tmp_path / "out" / MANIFEST
    lines = path.read_text().splitlines()
    path.write_text("\n".join(["?", lines[0], "{", lines[2]]) + "\n")
    events, items = batch()
    assert items == ["c.png"]
    (note,) = [event for event in events if isinstance(event, Note)]
    assert f"{MANIFEST} has 2 damaged lines" in note.line


def test_two_batches_do_not_paint_into_one_folder(
    batch: Callable[..., Any], style: Path, tmp_path: Path
) -> None:
    output = tmp_path / "out"
    first = run(plan([tmp_path / "in"], output), style, output, TINY)
    next(first)
    with pytest.raises(OutputError, match="another batch is painting into"):
        batch()
    first.close()
    assert batch()[1] == ALL


def test_the_lock_file_of_a_killed_batch_is_no_hindrance(
    batch: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / LOCK).touch()
    assert batch()[1] == ALL


REFUSALS: dict[str, tuple[dict[str, Any], type[ImpastoError]]] = {
    "jobs": ({"jobs": 0}, SettingError),
    "a backbone": ({"backbone": "vgg11"}, SettingError),
    "a layer": ({"style_layers": "relu9_1"}, SettingError),
    "a device": ({"device": "tpu"}, SettingError),
    "precision": ({"precision": "half"}, SettingError),
    "weights": ({"weights_file": "gone.pth"}, WeightsError),
    "a start": ({"init": "image:gone.png"}, PictureError),
    "a size too small for all": ({"size": 4}, PictureError),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_what_is_wrong_for_all_is_refused_before_anything_is_made(
    case: str, batch: Callable[..., Any], tmp_path: Path
) -> None:
    options, kind = REFUSALS[case]
    with pytest.raises(kind):
        batch(**options)
    assert not (tmp_path / "out").exists()


def test_a_style_that_is_missing_is_refused_and_one_that_is_none(
    batch: Callable[..., Any], style: Path, tmp_path: Path
) -> None:
    style.write_bytes(b"not a picture at all")
    with pytest.raises(PictureError, match=r"style\.png is not a picture"):
        batch()
    style.unlink()
    with pytest.raises(PictureError, match=r"style\.png does not exist"):
        batch()
    assert not (tmp_path / "out").exists()


def test_a_batch_larger_than_the_memory_is_refused_picture_by_picture(
    batch: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("impasto.methods.device.free_bytes", lambda _: 0)
    events, _ = batch(jobs=2)
    assert events[0] == BatchStarted(pictures=3, todo=3, jobs=1, steps=2)
    (note,) = [event for event in events if isinstance(event, Note)]
    assert "painting 1 at once" in note.line
    failures = [event for event in events if isinstance(event, ItemFailed)]
    assert [failure.item.name for failure in failures] == ALL
    assert all("--force" in failure.reason for failure in failures)


def test_the_same_note_of_many_pictures_is_told_once(
    batch: Callable[..., Any],
) -> None:
    events, _ = batch(style_scale=2)
    (note,) = {event for event in events if isinstance(event, Note)}
    assert "strokes come out finer" in note.line
    assert events.count(note) == 1


def test_an_output_folder_that_cannot_be_made_is_refused(
    batch: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "out").touch()
    with pytest.raises(OutputError, match=r"the output folder .*out cannot be made or written"):
        batch()


def test_a_record_that_cannot_be_written_ends_the_batch(
    batch: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OutputError("no room for the record")

    monkeypatch.setattr(Manifest, "add", full)
    with pytest.raises(OutputError, match="no room for the record"):
        batch()
    monkeypatch.undo()
    assert not (tmp_path / "out" / LOCK).exists()


def test_records_say_what_was_painted_from_what(batch: Callable[..., Any], tmp_path: Path) -> None:
    batch()
    record = Manifest(tmp_path / "out").get("sub/b.png")
    assert record is not None
    assert record.content == str(tmp_path / "in" / "sub" / "b.png")
