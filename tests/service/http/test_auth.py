from __future__ import annotations

import base64

import pytest
from starlette.datastructures import Headers

from impasto.service.http import auth
from impasto.service.http.auth import (
    RateLimiter,
    check_host,
    check_site,
    client_of,
    has_token,
    is_loopback,
)
from impasto.service.http.problems import Problem


def basic(text: str) -> Headers:
    return Headers({"Authorization": f"Basic {base64.b64encode(text.encode()).decode()}"})


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "::1", "localhost", "a.localhost"])
def test_this_machine_is_known_by_its_own_names(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.0.0.1", "example.org", "localhost.org", ""])
def test_what_others_can_reach_is_no_loopback(host: str) -> None:
    assert not is_loopback(host)


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost", "[::1]:8000"])
def test_a_studio_without_token_answers_to_its_own_names(host: str) -> None:
    check_host(Headers({"Host": host}))


@pytest.mark.parametrize("host", ["evil.org:8000", "127.0.0.1.evil.org", "", "[::1", "localhost@x"])
def test_a_name_led_to_this_machine_is_refused(host: str) -> None:
    with pytest.raises(Problem) as caught:
        check_host(Headers({"Host": host}))
    assert caught.value.status == 403


@pytest.mark.parametrize(
    "given",
    [
        {"Origin": "https://evil.org"},
        {"Origin": "null"},
        {"Origin": "http://studio:9"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": "http://studio:8000"},
    ],
)
def test_a_page_of_another_site_changes_nothing(given: dict[str, str]) -> None:
    headers = Headers({"Host": "studio:8000", **given})
    with pytest.raises(Problem) as caught:
        check_site("POST", headers, ())
    assert caught.value.status == 403
    check_site("GET", headers, ())  # what it reads, the browser does not show it


def test_the_own_page_and_programs_may_change_things() -> None:
    own = {"Host": "studio:8000", "Origin": "http://studio:8000", "Sec-Fetch-Site": "same-origin"}
    check_site("POST", Headers(own), ())
    check_site("DELETE", Headers({"Host": "studio:8000"}), ())
    check_site("POST", Headers({"Host": "a", "Origin": "https://b.org"}), ["https://b.org"])


def test_the_token_is_a_bearer_or_the_password_of_any_user() -> None:
    assert has_token("secret", Headers({"Authorization": "bearer secret"}))
    assert has_token("secret", basic("anybody:secret"))
    assert has_token("a:b", basic("anybody:a:b"))


@pytest.mark.parametrize(
    "value", ["", "secret", "Bearer", "Bearer secre", "Bearer secret2", "Basic !", "Basic c2VjcmV0"]
)
def test_anything_else_is_not_the_token(value: str) -> None:
    assert not has_token("secret", Headers({"Authorization": value}))
    assert not has_token("secret", Headers({}))


def test_a_client_is_an_address_or_a_network_of_version_6() -> None:
    assert client_of({"client": ("10.0.0.1", 9)}) == "10.0.0.1"
    near, far = ("2001:db8:0:1::1", 9), ("2001:db8:0:1:ffff::2", 9)
    assert client_of({"client": near}) == client_of({"client": far}) == "2001:db8:0:1::"
    assert client_of({"client": ("testclient", 9)}) == "testclient"


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_burst_passes_and_then_one_at_a_time() -> None:
    clock = Clock()
    bucket = RateLimiter(per_s=2, burst=3, clock=clock)
    assert [bucket.take("ada") for _ in range(4)] == [0, 0, 0, 1]
    clock.now = 0.5
    assert [bucket.take("ada") for _ in range(2)] == [0, 1]


def test_clients_do_not_pay_for_each_other() -> None:
    bucket = RateLimiter(per_s=0.1, burst=1, clock=Clock())
    assert [bucket.take("ada"), bucket.take("ada"), bucket.take("bob")] == [0, 10, 0]


def test_a_look_takes_nothing() -> None:
    bucket = RateLimiter(per_s=1, burst=1, clock=Clock())
    assert [bucket.wait("ada") for _ in range(3)] == [0, 0, 0]
    bucket.take("ada")
    assert bucket.wait("ada") == 1


def test_memory_is_bounded_whoever_knocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(auth, "MOST_CLIENTS", 3)
    bucket = RateLimiter(per_s=1, burst=5, clock=Clock())
    for number in range(100):
        assert bucket.take(f"client {number}") == 0
    assert len(bucket._buckets) <= 3
