from __future__ import annotations

import httpx
import pytest

from impasto.errors import ServerError
from impasto.events import Finished, Preview, Started, Step
from impasto.service.client.stream import ServerSentEvent, received, typed

STEP = {"step": 3, "steps": 9, "scale": [4, 6], "losses": {"total": 2}, "seconds": 1.5}


def stream(lines: list[str]) -> httpx.Response:
    """A server's answer of these lines."""
    text = "".join(f"{line}\n" for line in lines)
    return httpx.Response(200, headers={"Content-Type": "text/event-stream"}, text=text)


def test_events_are_parted_by_empty_lines_and_comments_are_passed_over() -> None:
    lines = ["retry: 2000", "", "id: 7", "event: step", 'data: {"a": 1}', "", ": still here", ""]
    assert list(received(stream(lines))) == [ServerSentEvent("7", "step", {"a": 1})]


def test_an_event_cut_off_in_its_middle_is_none() -> None:
    assert list(received(stream(["id: 7", "event: step", 'data: {"a": 1}']))) == []


def test_where_there_is_nothing_more_no_event_comes() -> None:
    assert list(received(httpx.Response(204))) == []


def test_what_is_no_stream_of_events_is_refused_in_a_sentence() -> None:
    page = httpx.Response(200, headers={"Content-Type": "text/html"}, text="<p>Log in</p>")
    with pytest.raises(ServerError, match=r"answers with text/html.* where events should come"):
        list(received(page))


@pytest.mark.parametrize("data", ["[]", "{", "x"])
def test_data_that_is_no_object_is_told(data: str) -> None:
    with pytest.raises(ServerError, match="no JSON object"):
        list(received(stream(["event: step", f"data: {data}", ""])))


def test_a_step_is_what_a_run_at_home_would_tell() -> None:
    expected = Step(3, 9, (4, 6), {"total": 2.0}, 1.5)
    assert typed(ServerSentEvent("1", "step", STEP), {}) == expected


def test_a_start_takes_from_the_job_what_the_event_does_not_say() -> None:
    scales = [{"scale": [4, 6], "steps": 9}]
    event = typed(
        ServerSentEvent("1", "started", {"steps": 9, "scales": scales}), {"backbone": "slim"}
    )
    assert event == Started(9, (((4, 6), 9),), "slim", "the server", 0)
    pairs = typed(
        ServerSentEvent("1", "started", {"steps": 9, "scales": [[[4, 6], 9]]}), {"backbone": "slim"}
    )
    assert pairs == event


def test_pictures_are_still_on_the_server() -> None:
    assert typed(ServerSentEvent("1", "preview", {"step": 4}), {}) == Preview(4, None)
    event = typed(ServerSentEvent("1", "finished", {"step": 9, "seconds": 2.5}), {})
    assert event == Finished(9, None, 2.5)


def test_what_a_later_version_may_tell_is_passed_over() -> None:
    assert typed(ServerSentEvent("1", "sparkle", {}), {}) is None


@pytest.mark.parametrize("missing", ["step", "steps", "scale"])
def test_a_step_that_lacks_something_is_told(missing: str) -> None:
    data = {name: value for name, value in STEP.items() if name != missing}
    with pytest.raises(ServerError, match="use the same version"):
        typed(ServerSentEvent("1", "step", data), {})
