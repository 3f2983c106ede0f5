"""The process that tries on, seen from the server: what it does with an item is the tests' own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from impasto import samples
from impasto.errors import QueueFullError
from impasto.service.try_on import process
from impasto.service.try_on.painter import (
    Draft,
    Item,
    Look,
    Read,
    Refusal,
    Thumbnail,
    WarmUp,
)
from impasto.service.try_on.process import (
    ITEM_S,
    MOST_PER_CLIENT,
    START_S,
    Refused,
    TryOn,
    Unavailable,
)
from impasto.settings import StyleSettings
from impasto.workflows.executors.local import Worker

BROKEN, DEADLY, SURPRISE, ENDLESS = b"broken", b"deadly", b"surprise", b"endless"
NAMES = samples.names("style")


def report(item: Item) -> Iterator[bytes | Refusal]:
    """Says who works, and on what; some photographs end badly."""
    if isinstance(item, WarmUp):
        return
    if isinstance(item, Look):
        yield json.dumps([1.0, 0.0] if item.style == NAMES[3] else [0.0, 1.0]).encode()
    elif isinstance(item, Read):
        yield json.dumps({"vector": [0.8, 0.6], "scale": 1e6}).encode()
    elif isinstance(item, Thumbnail):
        yield item.style.encode() + item.square
    elif isinstance(item, Draft):
        yield f"{os.getpid()} {item.settings.strength}".encode()
    elif item.photograph == BROKEN:
        yield Refusal(422, "picture", "it is broken: choose another")
    elif item.photograph == DEADLY:
        os._exit(3)
    elif item.photograph == ENDLESS:
        threading.Event().wait()
    elif item.photograph == SURPRISE:
        raise RuntimeError("nobody foresaw that")
    else:
        yield item.photograph + str(os.getpid()).encode()


@pytest.fixture(scope="module")
def try_on() -> Iterator[TryOn]:
    started = TryOn(report)
    started.start()
    yield started
    started.stop()


def there() -> threading.Event:
    return threading.Event()


def strip(try_on: TryOn, photograph: bytes, client: str = "ada") -> dict[str, bytes]:
    return try_on.strip(photograph, 1.0, client, there())


def test_a_strip_has_a_picture_for_each_sample_style(try_on: TryOn) -> None:
    pictures = strip(try_on, b"cat")
    assert tuple(pictures) == NAMES
    assert all(data.startswith(name.encode() + b"cat") for name, data in pictures.items())


def test_another_process_paints_and_the_same_one_each_time(try_on: TryOn) -> None:
    first, second = (strip(try_on, name)[NAMES[0]] for name in (b"dog", b"cow"))
    pids = {int(data.removeprefix(NAMES[0].encode())[3:]) for data in (first, second)}
    assert len(pids) == 1
    assert os.getpid() not in pids


def test_what_was_painted_is_kept(try_on: TryOn, monkeypatch: pytest.MonkeyPatch) -> None:
    settings, inputs = StyleSettings(strength=0.3), {"content": b"c", "style": Path("s")}
    asked = [strip(try_on, b"kept"), try_on.draft(inputs, settings, 1.0, "ada", there())]
    monkeypatch.setattr(try_on, "_ask", lambda *_: pytest.fail("it was painted twice"))
    again = [strip(try_on, b"kept"), try_on.draft(inputs, settings, 1.0, "ada", there())]
    assert again == asked


def test_styles_are_ranked_by_their_cosines_and_looked_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[Item] = []

    def ask(item: Item, _: threading.Event) -> bytes:
        asked.append(item)
        (answer,) = report(item)
        assert isinstance(answer, bytes)
        return answer

    seeing = TryOn(report, clip="clip")
    monkeypatch.setattr(seeing, "_ask", ask)
    first, *others = seeing.ranked("cold", "ada", there())
    assert (first.name, first.similarity, first.share) == (NAMES[3], 0.8, 1.0)
    assert [style.name for style in others] == sorted(set(NAMES) - {NAMES[3]})
    assert asked == [*(Look("clip", name) for name in NAMES), Read("clip", "cold")]
    seeing.ranked("cold", "ada", there())
    seeing.ranked("warm", "ada", there())
    assert asked[len(NAMES) + 1 :] == [Read("clip", "warm")]


def test_samples_are_looked_at_as_soon_as_the_process_is_warm(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seeing = TryOn(report, clip="clip")
    looked = []
    monkeypatch.setattr(seeing, "_ready", lambda _: None)
    monkeypatch.setattr(seeing, "_ask", lambda item, _: looked.append(item.style) or b"[1.0, 0.0]")
    seeing._warm()
    assert looked == list(NAMES)
    assert set(seeing._looked) == set(NAMES)


def test_a_model_that_is_none_is_not_asked_for_every_sample(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seeing = TryOn(report, clip="clip")
    asked = []

    def refuse(item: Item, _: threading.Event) -> bytes:
        asked.append(item)
        raise Refused(Refusal(422, "weights", "it is no CLIP model"))

    monkeypatch.setattr(seeing, "_ready", lambda _: None)
    monkeypatch.setattr(seeing, "_ask", refuse)
    seeing._warm()
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("item", "patience"),
    [(Look("clip", "swirls"), START_S), (Read("clip", "cold"), START_S), (WarmUp(1), ITEM_S)],
)
def test_who_asks_clip_has_as_long_as_its_model_may_take_to_load(
    try_on: TryOn, monkeypatch: pytest.MonkeyPatch, item: Item, patience: float
) -> None:
    worker = SimpleNamespace(busy=True, assign=lambda _: None)
    given: list[float] = []

    def hear(_: object, until: float) -> bytes:
        given.append(until - 100.0)
        worker.busy = False
        return b"[]"

    monkeypatch.setattr(process, "time", SimpleNamespace(monotonic=lambda: 100.0))
    monkeypatch.setattr(try_on, "_ready", lambda _: worker)
    monkeypatch.setattr(try_on, "_hear", hear)
    assert try_on._ask(item, there()) == b"[]"
    assert given == [patience]


def test_nothing_is_ranked_without_a_model(try_on: TryOn) -> None:
    assert not try_on.ranks
    with pytest.raises(Unavailable):
        try_on.ranked("cold", "ada", there())


def test_another_strength_is_another_draft(try_on: TryOn) -> None:
    inputs = {"content": b"c", "style": b"s"}
    drafts = [
        try_on.draft(inputs, StyleSettings(strength=strength), 1.0, "ada", there())
        for strength in (0.2, 0.8)
    ]
    assert [draft.split()[1] for draft in drafts] == [b"0.2", b"0.8"]


def test_what_the_process_refuses_is_handed_on(try_on: TryOn) -> None:
    with pytest.raises(Refused, match="it is broken") as refused:
        strip(try_on, BROKEN)
    assert (refused.value.refusal.status, refused.value.refusal.kind) == (422, "picture")


@pytest.mark.parametrize("photograph", [DEADLY, SURPRISE])
def test_a_process_that_dies_or_fails_is_replaced(try_on: TryOn, photograph: bytes) -> None:
    before = strip(try_on, b"before" + photograph)[NAMES[0]]
    with pytest.raises(Unavailable):
        strip(try_on, photograph)
    after = strip(try_on, b"behind" + photograph)[NAMES[0]]
    assert after != before.replace(b"before", b"behind")  # another pid


def test_nothing_is_painted_for_who_has_left(
    try_on: TryOn, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone, painted = there(), []
    assign = try_on._ask

    def leave_after_three(item: Item, event: threading.Event) -> bytes:
        if isinstance(item, Thumbnail):
            painted.append(item.style)
            if len(painted) == 3:
                gone.set()
        return assign(item, event)

    monkeypatch.setattr(try_on, "_ask", leave_after_three)
    with pytest.raises(Unavailable):
        try_on.strip(b"left", 1.0, "ada", gone)
    assert painted == list(NAMES[:3])
    monkeypatch.undo()
    assert len(strip(try_on, b"left")) == len(NAMES)  # nothing half done was kept


def test_what_lasts_when_nobody_waits_any_more_is_ended_and_replaced_at_once(
    try_on: TryOn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "PARTING_S", 0.0)
    gone, hear = there(), try_on._hear

    def leave(*args: Any) -> bytes | Refusal | None:
        gone.set()
        return hear(*args)

    before = strip(try_on, b"before it")[NAMES[0]]
    assert try_on._worker is not None
    painting = try_on._worker.process
    monkeypatch.setattr(try_on, "_start_s", 0.0)
    monkeypatch.setattr(try_on, "_hear", leave)
    with pytest.raises(Unavailable):
        try_on.strip(ENDLESS, 1.0, "ada", gone)
    assert not painting.is_alive()
    for thread in threading.enumerate():
        if thread.name == "try-on":
            thread.join()
    assert try_on._worker.free  # with no request since
    monkeypatch.undo()
    assert strip(try_on, b"behind it")[NAMES[0]] != before.replace(b"before", b"behind")


def test_what_nobody_waits_for_has_as_long_as_a_process_takes_to_start(
    try_on: TryOn, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = strip(try_on, b"before a start")[NAMES[0]]
    assert 0 < try_on._start_s < START_S
    gone, hear, now = there(), try_on._hear, 100.0
    left: list[float] = []

    def leave(worker: Worker[Item, bytes | Refusal], until: float) -> bytes | Refusal | None:
        gone.set()
        left.append(until - now)
        return hear(worker, until) if len(left) > 1 else None

    monkeypatch.setattr(process, "time", SimpleNamespace(monotonic=lambda: now))
    monkeypatch.setattr(try_on, "_start_s", 7.0)
    monkeypatch.setattr(try_on, "_hear", leave)
    with pytest.raises(Unavailable):
        try_on.strip(b"in a start", 1.0, "ada", gone)
    assert left[:2] == [ITEM_S, 7.0]
    monkeypatch.undo()
    assert strip(try_on, b"behind a start")[NAMES[0]] == before.replace(b"before", b"behind")


def test_only_so_many_wait_for_one_client(try_on: TryOn) -> None:
    endings: list[BaseException | None] = []

    def wait() -> None:
        try:
            strip(try_on, b"crowd")
            endings.append(None)
        except QueueFullError as error:
            endings.append(error)

    with try_on._turn:
        crowd = [threading.Thread(target=wait) for _ in range(MOST_PER_CLIENT)]
        for one in crowd:
            one.start()
        while try_on._waiting["ada"] < MOST_PER_CLIENT:
            pass
        with pytest.raises(QueueFullError, match="as many as may"):
            strip(try_on, b"crowd")
    for one in crowd:
        one.join()
    assert endings == [None] * MOST_PER_CLIENT
    assert not try_on._waiting


def test_nothing_answers_once_it_is_stopped() -> None:
    stopped = TryOn(report)
    stopped.stop()
    with pytest.raises(Unavailable):
        strip(stopped, b"cat")


def test_the_server_s_side_imports_no_torch() -> None:
    code = (
        "import sys; sys.modules['torch'] = None\n"
        "import impasto.service.try_on.process\n"
        "from impasto.service.try_on.painter import WarmUp\n"
        "print('fine')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "fine\n"
