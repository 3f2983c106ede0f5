from __future__ import annotations

import http.client
import socket
import threading
from collections.abc import Iterator

import pytest
from fastapi import FastAPI

from impasto.service.http import connections
from impasto.service.http.serving import Server, bound

WAIT_S = 0.3


@pytest.fixture
def address(app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, int]]:
    """A server whose patience is short."""
    monkeypatch.setattr(connections, "WAIT_S", WAIT_S)
    started = threading.Event()
    with bound("127.0.0.1", 0) as place:
        server = Server(app, started.set)
        thread = threading.Thread(target=server.run, args=([place],), daemon=True)
        thread.start()
        assert started.wait(30)
        yield place.getsockname()[:2]
        server.should_exit = True
        thread.join(30)


def is_closed(client: socket.socket) -> bool:
    """Waits until the other side closes."""
    client.settimeout(30)
    try:
        return client.recv(1) == b""
    except ConnectionResetError:
        return True


def status(address: tuple[str, int]) -> int:
    client = http.client.HTTPConnection(*address, timeout=30)
    client.request("GET", "/healthz")
    try:
        return client.getresponse().status
    finally:
        client.close()


def test_half_a_request_is_given_up_while_others_are_served(address: tuple[str, int]) -> None:
    clients = [socket.create_connection(address, timeout=30) for _ in range(40)]
    for client in clients:
        client.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Half")
    assert status(address) == 200
    assert all(map(is_closed, clients))
    for client in clients:
        client.close()


def test_a_client_with_too_many_of_them_is_refused_more(
    address: tuple[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "WAIT_S", 3600.0)
    clients = [socket.create_connection(address, timeout=30) for _ in range(200)]
    # Those beyond the limit are closed at once, long before the others' time is up.
    assert all(map(is_closed, clients[connections.MOST_WAITING :]))
    for client in clients:
        client.close()
    # They have gone when the server has noticed it.
    for _ in range(1000):
        try:
            assert status(address) == 200
            break
        except (http.client.HTTPException, ConnectionError):
            continue
    else:
        pytest.fail("the server did not recover")


def test_a_second_request_on_a_connection_has_its_time_too(address: tuple[str, int]) -> None:
    client = http.client.HTTPConnection(*address, timeout=30)
    for _ in range(2):
        client.request("GET", "/healthz")
        assert client.getresponse().read()
    assert client.sock is not None
    client.sock.sendall(b"GET /healthz HTTP/1.1\r\n")
    assert is_closed(client.sock)
    client.close()
