from __future__ import annotations

import http.client
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta

import pytest
from fastapi import FastAPI

from impasto.errors import SettingError
from impasto.service.http import serving
from impasto.service.http.serving import Server, bound, keeping, run, url_of
from impasto.service.jobs.store import Store
from impasto.service.jobs.tables import Job


class FakeWorkers:
    """In the supervisor's place."""

    def __init__(self) -> None:
        self.calls: list[str] = []

    def start(self) -> None:
        self.calls.append("start")

    def stop(self) -> None:
        self.calls.append("stop")


@pytest.fixture
def place() -> Iterator[socket.socket]:
    with bound("127.0.0.1", 0) as opened:
        yield opened


def test_a_port_in_use_is_one_sentence(place: socket.socket) -> None:
    port = place.getsockname()[1]
    with pytest.raises(SettingError, match=f"port {port} of 127.0.0.1 cannot be had .*in use"):
        bound("127.0.0.1", port)


def test_a_host_that_is_not_here_is_one_sentence() -> None:
    with pytest.raises(SettingError, match=r"port 8000 of 192\.0\.2\.1 cannot be had"):
        bound("192.0.2.1", 8000)


def test_an_address_can_be_typed_into_a_browser(place: socket.socket) -> None:
    assert url_of(place) == f"http://127.0.0.1:{place.getsockname()[1]}"
    if socket.has_ipv6:
        with bound("::1", 0) as opened:
            assert url_of(opened).startswith("http://[::1]:")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_server_answers_until_a_signal_and_stops_its_workers(
    number: signal.Signals, app: FastAPI, place: socket.socket, job: Job
) -> None:
    workers, events = FakeWorkers(), []
    server: Server

    def ask() -> None:
        link = http.client.HTTPConnection("127.0.0.1", place.getsockname()[1], timeout=20)
        link.request("GET", f"/api/jobs/{job.id}/events")
        answer = link.getresponse()
        events.append((answer.status, answer.readline()))
        server.handle_exit(number, None)  # an open stream does not hold it up
        with suppress(http.client.HTTPException, ValueError):  # ends well or not, but it ends
            answer.read()
        events.append((0, b""))
        link.close()

    asking = threading.Thread(target=ask)
    server = Server(app, asking.start)
    before = signal.getsignal(number)
    run(server, place, workers)  # type: ignore[arg-type] - of a supervisor no more is used
    asking.join(60)
    assert events[0] == (200, b"retry: 2000\n")
    assert len(events) == 2
    assert workers.calls == ["start", "stop"]
    assert signal.getsignal(number) is before


def test_the_workers_are_stopped_when_the_server_breaks(app: FastAPI, place: socket.socket) -> None:
    def broken() -> None:
        raise RuntimeError

    workers = FakeWorkers()
    with pytest.raises(RuntimeError):
        run(Server(app, broken), place, workers)  # type: ignore[arg-type]
    assert workers.calls == ["start", "stop"]


def test_old_jobs_are_removed_now_and_again(
    store: Store, job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.cancel(job.id)
    swept = threading.Semaphore(0)
    expire = store.expire

    def counted(keep_days: float) -> int:
        expired = expire(keep_days)
        swept.release()
        return expired

    monkeypatch.setattr(serving, "SWEEP_S", 0.001)
    monkeypatch.setattr(store, "expire", counted)
    with keeping(store, timedelta(days=30).days):
        assert swept.acquire(timeout=60)
        assert swept.acquire(timeout=60)
    assert [job_left.id for job_left in store.jobs()] == [job.id]
    with keeping(store, 0):
        assert swept.acquire(timeout=60)
        assert swept.acquire(timeout=60)
    assert store.jobs() == []
