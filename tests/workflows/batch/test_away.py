"""Batches on a cluster of simulated machines: the same pictures, each once, whoever is lost."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable
from contextlib import nullcontext
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psutil
import pytest

from impasto.errors import ClusterError, SettingError
from impasto.settings import StyleSettings
from impasto.workflows.batch import Item, ItemDone, ItemFailed, ItemStarted, plan, run
from impasto.workflows.batch.away import Painting, kept, paint_sent, sent
from impasto.workflows.batch.manifest import MANIFEST
from impasto.workflows.batch.worker import Failure
from impasto.workflows.parcels import Parcel
from tests.workflows.executors.simulated import Machines

TINY = StyleSettings(size=48, steps=2, threads=1, precision="float32")
needs_ray = pytest.mark.skipif(find_spec("ray") is None, reason="Ray is not installed")


def painted(folder: Path) -> dict[str, str]:
    """SHA-256 of each painted file, by its name."""
    files = [file for file in folder.rglob("*") if file.is_file() and file.name != MANIFEST]
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def of(kind: type, events: list[Any]) -> list[Any]:
    return [event for event in events if isinstance(event, kind)]


@needs_ray
def test_one_worker_two_and_none_paint_the_same_bytes(
    cluster: Machines, photo: Callable[..., Path], style: Path, tmp_path: Path
) -> None:
    photos = [photo(f"in/{n}.png", n) for n in range(3)]
    folders = {place: tmp_path / place for place in ("here", "one", "two")}
    for place, folder in folders.items():
        address = None if place == "here" else cluster.address
        with cluster.another() if place == "two" else nullcontext():
            events = list(run(plan(photos, folder), style, folder, TINY, cluster=address))
        assert len(of(ItemDone, events)) == 3
        workers = {event.worker for event in of(ItemStarted, events)}
        assert workers <= {0, 1}  # one that is ready early may paint them all
        assert place == "two" or len(workers) == 1
    here = painted(folders["here"])
    assert painted(folders["one"]) == here
    assert painted(folders["two"]) == here


@needs_ray
def test_forty_pictures_are_painted_once_each_though_a_worker_and_a_machine_are_lost(
    cluster: Machines, photo: Callable[..., Path], style: Path, tmp_path: Path
) -> None:
    photos = [photo(f"in/{n}.png", n) for n in range(40)]
    output, node = tmp_path / "out", cluster.add()
    events, killed = [], False
    for event in run(plan(photos, output), style, output, TINY, cluster=cluster.address):
        events.append(event)
        done = len(of(ItemDone, events))
        if isinstance(event, ItemStarted) and done == 5 and not killed:
            psutil.Process(event.pid).kill()
            killed = True  # and not whoever takes its picture over
        if isinstance(event, ItemDone) and done == 15:
            cluster.lose(node)
    assert not of(ItemFailed, events)
    done = Counter(event.item.name for event in of(ItemDone, events))
    assert done == {f"{n}.png": 1 for n in range(40)}
    assert len((output / MANIFEST).read_text().splitlines()) == 40
    assert set(painted(output)) == set(done)


@needs_ray
def test_a_cluster_that_is_not_there_costs_nothing_but_a_sentence(
    photo: Callable[..., Path], style: Path, tmp_path: Path
) -> None:
    items = plan([photo("a.png")], tmp_path / "out")
    with pytest.raises(ClusterError, match="nobody answers there"):
        list(run(items, style, tmp_path / "out", TINY, cluster="127.0.0.1:1"))


def test_jobs_of_this_machine_and_a_cluster_exclude_each_other(
    photo: Callable[..., Path], style: Path, tmp_path: Path
) -> None:
    items = plan([photo("a.png")], tmp_path / "out")
    with pytest.raises(SettingError, match="leave one of them out"):
        next(run(items, style, tmp_path / "out", TINY, jobs=2, cluster="local:2"))


def test_a_picture_that_cannot_be_read_is_refused_by_the_name_it_has_here(tmp_path: Path) -> None:
    (picture,) = sent([Item(tmp_path / "gone.png", "gone.png")], 100.0)
    (refusal,) = paint_sent(picture, Parcel(), [], TINY)
    assert isinstance(refusal, Failure)
    assert refusal.reason.startswith(f"{tmp_path / 'gone.png'} does not exist")


def test_what_is_wrong_with_a_picture_there_is_told_by_the_name_it_has_here(
    tmp_path: Path, style: Path
) -> None:
    small = tmp_path / "damaged.png"
    small.write_bytes(style.read_bytes()[:200])
    (picture,) = sent([Item(small, "a.png")], 100.0)
    (failure,) = paint_sent(picture, Parcel.of([style]), [style], TINY)
    assert isinstance(failure, Failure)
    assert failure.reason.startswith(f"{small} ")


def test_a_painting_that_cannot_be_written_is_a_failure_of_its_picture(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file where a folder should be")
    painting = Painting((4, 4), "00", 1.0, b"bytes")
    written = kept(painting, tmp_path / "out" / "a.png")
    assert isinstance(written, Failure)
    assert "out" in written.reason
