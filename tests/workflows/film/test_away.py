"""Films whose shots are painted elsewhere: by this process in another's place, and by Ray."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Generator
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import Any, Self

import pytest
from PIL import Image

from impasto.errors import ImpastoError, MissingPackageError, SettingError
from impasto.settings import StyleSettings
from impasto.workflows import executors
from impasto.workflows.executors import Assigned
from impasto.workflows.executors.local import SerialExecutor
from impasto.workflows.film import away
from impasto.workflows.film import run as running
from impasto.workflows.film.ask import asked
from impasto.workflows.film.events import FilmFrame, FilmStarted
from impasto.workflows.film.manifest import Journal
from impasto.workflows.film.order import Order
from impasto.workflows.film.paths import journal_path
from impasto.workflows.parcels import Unpacked
from tests.workflows.executors.simulated import Machines
from tests.workflows.film.test_run import of, small

Films = Callable[..., Path]


class LosesAWorker(SerialExecutor):
    """A cluster that loses the worker of the first item after some messages."""

    def run(self, work: Any, items: Any) -> Generator[Any, None, None]:
        for number, item in enumerate(items):
            if number == 0:
                yield from islice(super().run(work, [item]), 6)
                assert isinstance(again := next(super().run(work, [item])), Assigned)
                assert again.item == item
            yield from super().run(work, [item])


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> Callable[[Any], None]:
    """Sets what paints in the place of every cluster."""

    def take(executor: Any) -> None:
        monkeypatch.setattr(executors, "open", lambda *_, **__: executor, raising=False)

    take(SerialExecutor())
    return take


def paint(film: Path, output: Path, cluster: str | None = "head", **more: Any) -> list[Any]:
    order = small(asked(film, "swirls", output, threads=1, **more))
    return list(running.run(order, cluster=cluster))


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.usefixtures("smears", "elsewhere")
def test_a_film_painted_elsewhere_has_the_same_bytes(film: Films, tmp_path: Path) -> None:
    here, there = tmp_path / "here.mp4", tmp_path / "there.mp4"
    paint(film(), here, None)
    events = paint(film(), there)
    assert sha256(there) == sha256(here)
    assert [event.number for event in of(FilmFrame, events)] == list(range(1, 13))
    assert not journal_path(there).exists()


@pytest.mark.usefixtures("smears", "elsewhere")
def test_a_folder_of_pictures_is_sent_as_well(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(4):
        Image.new("RGB", (64, 48), (60 * number, 90, 30)).save(folder / f"f-{number}.png")
    for source, name in ((folder, "a"), (folder / "f-%d.png", "b")):
        for cluster, place in ((None, "here"), ("head", "there")):
            paint(source, tmp_path / f"{name}-{place}.mp4", cluster)
        assert sha256(tmp_path / f"{name}-there.mp4") == sha256(tmp_path / f"{name}-here.mp4")


@pytest.mark.usefixtures("smears", "elsewhere")
def test_masks_are_sent_as_well(film: Films, tmp_path: Path) -> None:
    folder = tmp_path / "masks"
    folder.mkdir()
    for number in range(12):
        Image.new("L", (64, 48), 20 * number).save(folder / f"m-{number}.png")
    Image.new("L", (64, 48), 90).save(still := tmp_path / "still.png")
    for cluster, place in ((None, "here"), ("head", "there")):
        more = {"masks": folder / "m-%d.png", "style_masks": still, "keep": still}
        paint(film(), tmp_path / f"{place}.mp4", cluster, **more)
    assert sha256(tmp_path / "there.mp4") == sha256(tmp_path / "here.mp4")


def test_an_order_names_all_its_files_where_they_lie_there(tmp_path: Path) -> None:
    given = {f"in/{name}": tmp_path / "0" / name for name in ("a.mp4", "s.png", "t.png", "m-1.png")}
    order = Order(
        "paint",
        "in/a.mp4",
        None,
        StyleSettings(),
        (4, 4),
        ("in/s.png",),
        masks=("in/m-%d.png",),
        style_masks=("in/t.png",),
        keep="in/m-1.png",
    )
    there = away._moved(order, Unpacked(tmp_path, given))
    assert (there.film, there.styles) == (str(tmp_path / "0/a.mp4"), (str(tmp_path / "0/s.png"),))
    assert there.places == (str(tmp_path / "0/m-%d.png"), str(tmp_path / "0/m-1.png"))
    assert there.style_masks == (str(tmp_path / "0/t.png"),)


@pytest.mark.usefixtures("smears")
def test_frames_that_are_painted_again_for_a_lost_worker_are_told_once(
    film: Films, tmp_path: Path, elsewhere: Callable[[Any], None]
) -> None:
    paint(film(), tmp_path / "here.mp4", None)
    elsewhere(LosesAWorker())
    events = paint(film(), tmp_path / "there.mp4")
    assert [event.number for event in of(FilmFrame, events)] == list(range(1, 13))
    assert sha256(tmp_path / "there.mp4") == sha256(tmp_path / "here.mp4")


@pytest.mark.usefixtures("smears", "elsewhere")
def test_what_was_painted_elsewhere_before_a_stop_is_gone_on_with(
    film: Films, tmp_path: Path
) -> None:
    paint(film(), tmp_path / "here.mp4", None)
    output = tmp_path / "there.mp4"
    order = small(asked(film(), "swirls", output, threads=1))
    events = running.run(order, cluster="head")
    for event in events:
        if isinstance(event, FilmFrame) and event.number == 8:
            events.close()
    again = list(running.go_on(Journal.load(journal_path(output))))
    (started,) = of(FilmStarted, again)
    assert started.done == 7  # the first shot
    assert sha256(output) == sha256(tmp_path / "here.mp4")


@pytest.mark.usefixtures("smears")
def test_a_film_that_is_gone_on_with_does_without_ray(
    film: Films, tmp_path: Path, elsewhere: Callable[[Any], None]
) -> None:
    class NotInstalled(SerialExecutor):
        def __enter__(self) -> Self:
            raise MissingPackageError("a cluster", "ray", "cluster")

    output = tmp_path / "there.mp4"
    events = running.run(small(asked(film(), "swirls", output, threads=1)), cluster="head")
    for event in events:
        if isinstance(event, FilmFrame):
            events.close()
    elsewhere(NotInstalled())
    again = list(running.go_on(Journal.load(journal_path(output))))
    (started,) = of(FilmStarted, again)
    assert "until then the film goes on here" in " ".join(started.notes)
    assert output.exists()


@pytest.mark.usefixtures("smears", "elsewhere")
def test_segments_that_are_whole_before_an_error_are_kept(
    film: Films, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paint = away.paint_shot

    def fails_in_the_end(*shot: Any) -> Generator[Any, None, None]:
        frames = len(list(paint(*shot)))
        yield from ()
        raise ImpastoError(f"what comes after {frames} frames cannot be read")

    monkeypatch.setattr(away, "paint_shot", fails_in_the_end)
    output = tmp_path / "there.mp4"
    with pytest.raises(ImpastoError, match="cannot be read"):
        list(running.run(small(asked(film(), "swirls", output, threads=1)), cluster="head"))
    journal = Journal.load(journal_path(output))
    assert journal.state(journal.plan.shots[0]).hashes


@pytest.mark.usefixtures("smears", "elsewhere")
def test_jobs_of_this_machine_and_a_cluster_exclude_each_other(film: Films, tmp_path: Path) -> None:
    order = small(asked(film(), "swirls", tmp_path / "out.mp4"))
    with pytest.raises(SettingError, match="leave one of them out"):
        list(running.run(order, jobs=2, cluster="head"))


@pytest.mark.skipif(find_spec("ray") is None, reason="Ray is not installed")
def test_a_cluster_paints_the_bytes_of_one_process(
    cluster: Machines, film: Films, tmp_path: Path
) -> None:
    source = film()
    paint(source, tmp_path / "here.mp4", None)
    paint(source, tmp_path / "there.mp4", cluster.address)
    assert sha256(tmp_path / "there.mp4") == sha256(tmp_path / "here.mp4")
