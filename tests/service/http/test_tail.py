from __future__ import annotations

import json
from pathlib import Path

import pytest

from impasto.service.http import tail as module
from impasto.service.http.tail import Tail


def line(id: int, event: str = "step", **data: object) -> str:
    return json.dumps({"id": id, "event": event, "data": data}) + "\n"


def steps(first: int, last: int, shift: int = 0) -> str:
    return "".join(line(n + shift, step=n) for n in range(first, last + 1))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "events.jsonl"


def told(tail: Tail) -> list[tuple[int, int]]:
    return [(found.id, found.data["step"]) for found in tail.read()]


def append(path: Path, text: str) -> None:
    with path.open("a") as file:
        file.write(text)


def cut(path: Path, lines: int) -> None:
    kept = "".join(path.read_text().splitlines(keepends=True)[:lines])
    with path.open("r+") as file:
        file.truncate(len(kept))


def test_a_file_that_is_not_there_yet_has_no_news(path: Path) -> None:
    tail = Tail(path)
    assert tail.read() == []
    path.write_text(steps(1, 2))
    assert told(tail) == [(1, 1), (2, 2)]


def test_each_line_is_told_once_when_it_is_whole(path: Path) -> None:
    tail = Tail(path)
    text = steps(1, 3)
    path.write_text(text[:-5])
    assert told(tail) == [(1, 1), (2, 2)]
    append(path, text[-5:])
    assert told(tail) == [(3, 3)]
    assert tail.read() == []


def test_a_reader_goes_on_after_the_line_it_knows(path: Path) -> None:
    path.write_text(steps(1, 5))
    assert told(Tail(path, after=3)) == [(4, 4), (5, 5)]
    assert told(Tail(path, after=99)) == []


def test_what_is_repeated_after_a_cut_is_not_told_again(path: Path) -> None:
    path.write_text(steps(1, 5))
    tail = Tail(path)
    tail.read()
    cut(path, 2)
    assert tail.read() == []
    append(path, steps(3, 5))
    assert tail.read() == []
    append(path, steps(6, 7))
    assert told(tail) == [(6, 6), (7, 7)]


def test_a_cut_file_that_grew_past_the_place_is_seen_through(path: Path) -> None:
    path.write_text(steps(1, 5))
    tail = Tail(path)
    tail.read()
    cut(path, 2)
    append(path, line(3, "preview", step=2) + steps(3, 9, shift=1))  # longer than before
    assert [(n, event) for n, event in told(tail) if event > 5] == [
        (n + 1, n) for n in range(6, 10)
    ]


def test_a_file_written_anew_in_its_place_is_read_from_its_beginning(path: Path) -> None:
    path.write_text(steps(1, 3))
    tail = Tail(path)
    tail.read()
    other = path.with_suffix(".part")
    other.write_text(steps(1, 5))
    other.replace(path)
    assert told(tail) == [(4, 4), (5, 5)]


def test_the_start_is_told_once_and_the_end_always(path: Path) -> None:
    path.write_text(line(1, "started") + line(2, step=1))
    tail = Tail(path)
    assert [found.event for found in tail.read()] == ["started", "step"]
    assert not tail.ended
    cut(path, 0)
    append(path, line(1, "started") + line(2, step=1) + line(3, "finished", step=1))
    found = tail.read() + tail.read()
    assert [one.event for one in found] == ["finished"]
    assert tail.ended


def test_a_large_file_comes_in_parts(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_AT_ONCE", 300)
    path.write_text(steps(1, 50))
    tail, found = Tail(path), []
    while part := told(tail):
        found += part
    assert found == [(n, n) for n in range(1, 51)]


@pytest.mark.parametrize("noise", ["\n", "[]\n", "{\n", '{"id": 9, "event": "step", "data": {}}\n'])
def test_what_is_no_event_is_waited_out(noise: str, path: Path) -> None:
    path.write_text(steps(1, 1) + noise)
    tail = Tail(path)
    assert told(tail) == [(1, 1)]
    assert tail.read() == []
    cut(path, 1)
    append(path, steps(2, 2))
    assert told(tail) == [(2, 2)]
