from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from impasto.errors import FetchError
from impasto.networks.weights import Published, hub_path
from impasto.networks.weights.fetch import fetch

at_once = partial(fetch, backoff_s=0)


@pytest.mark.usefixtures("good")
def test_a_good_server_gives_the_file_and_nothing_is_left_beside_it(
    tiny: Published, body: bytes
) -> None:
    progress: list[tuple[int, int | None]] = []
    path = at_once(tiny, on_progress=lambda size, total: progress.append((size, total)))
    assert path == hub_path(tiny)
    assert path.read_bytes() == body
    assert list(path.parent.iterdir()) == [path]
    assert progress[0] == (0, len(body))
    assert progress[-1] == (len(body), len(body))
    assert progress == sorted(progress)


def test_a_file_that_is_there_is_not_asked_for(
    good: Any, tiny: Published, body: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub_path(tiny).parent.mkdir(parents=True)
    hub_path(tiny).write_bytes(body)
    # Nothing is looked at but the file: neither the mirror's address nor a lock.
    monkeypatch.setenv("IMPASTO_WEIGHTS_URL", "no address")
    assert at_once(tiny) == hub_path(tiny)
    assert good.ranges == []


def test_a_download_that_broke_off_sends_only_the_rest(
    good: Any, tiny: Published, body: bytes
) -> None:
    good.cut_after, good.cuts = 70_000, 1
    assert at_once(tiny).read_bytes() == body
    assert good.ranges == [None, "bytes=70000-"]
    assert good.sent == len(body)


def test_the_next_run_resumes_what_the_last_one_left(
    good: Any, tiny: Published, part: Path, body: bytes
) -> None:
    part.write_bytes(body[:1000])
    progress: list[tuple[int, int | None]] = []
    at_once(tiny, on_progress=lambda size, total: progress.append((size, total)))
    assert hub_path(tiny).read_bytes() == body
    assert good.ranges == ["bytes=1000-"]
    assert good.sent == len(body) - 1000
    assert progress[0] == (1000, len(body))


def test_a_server_without_ranges_starts_again(
    good: Any, tiny: Published, part: Path, body: bytes
) -> None:
    part.write_bytes(b"x" * 1000)
    good.knows_ranges = False
    assert at_once(tiny).read_bytes() == body


def test_a_server_that_tells_no_length_has_no_total(
    good: Any, tiny: Published, body: bytes
) -> None:
    good.tells_length = False
    totals = set()
    path = at_once(tiny, on_progress=lambda _size, total: totals.add(total))
    assert path.read_bytes() == body
    assert totals == {None}


def test_a_part_that_was_whole_already_is_taken(
    good: Any, tiny: Published, part: Path, body: bytes
) -> None:
    part.write_bytes(body)
    assert at_once(tiny).read_bytes() == body
    assert good.sent == 0


def test_a_part_longer_than_the_file_is_started_again(
    good: Any, tiny: Published, part: Path, body: bytes
) -> None:
    part.write_bytes(body + b"more")
    assert at_once(tiny).read_bytes() == body
    assert good.ranges == [f"bytes={len(body) + 4}-", None]


@pytest.mark.usefixtures("good")
def test_a_part_of_something_else_does_not_pass(tiny: Published, part: Path, body: bytes) -> None:
    part.write_bytes(b"x" * 1000)
    with pytest.raises(FetchError, match="the name promises"):
        at_once(tiny)
    assert at_once(tiny).read_bytes() == body


def test_another_range_than_asked_for_is_not_appended(
    good: Any, tiny: Published, part: Path, body: bytes
) -> None:
    part.write_bytes(body[:1000])
    good.wrong_range = True
    assert at_once(tiny).read_bytes() == body
    assert good.ranges == ["bytes=1000-", None]


def test_redirects_are_followed(good: Any, tiny: Published, body: bytes) -> None:
    good.redirect = True
    good.cut_after, good.cuts = 1000, 1
    assert at_once(tiny).read_bytes() == body
    assert good.ranges == [None, "bytes=1000-"]


def test_an_interrupt_leaves_the_part_to_resume(
    good: Any, tiny: Published, part: Path, body: bytes
) -> None:
    def interrupt(size: int, _total: int | None) -> None:
        if size:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        at_once(tiny, on_progress=interrupt)
    length = part.stat().st_size
    assert 0 < length < len(body)
    assert at_once(tiny).read_bytes() == body
    assert good.ranges == [None, f"bytes={length}-"]


def test_two_at_once_download_once(good: Any, tiny: Published, body: bytes) -> None:
    good.gate.clear()
    waiting = threading.Event()
    paths: list[Path] = []

    def run(progress: Callable[[int, int | None], None]) -> None:
        paths.append(at_once(tiny, on_progress=progress))

    first = threading.Thread(target=run, args=[lambda _size, _total: None])
    first.start()
    assert good.arrived.wait(60)
    second = threading.Thread(target=run, args=[lambda _size, _total: waiting.set()])
    second.start()
    assert waiting.wait(60)
    good.gate.set()
    first.join(60)
    second.join(60)
    assert paths == [hub_path(tiny)] * 2
    assert paths[0].read_bytes() == body
    assert good.ranges == [None]


def test_a_proxy_is_honoured(good: Any, tiny: Published, monkeypatch: pytest.MonkeyPatch) -> None:
    # The server stands in as proxy: it is asked for an address on a host that does not exist.
    monkeypatch.setenv("HTTP_PROXY", good.url)
    monkeypatch.setenv("IMPASTO_WEIGHTS_URL", "http://weights.invalid/nets")
    assert at_once(tiny) == hub_path(tiny)
