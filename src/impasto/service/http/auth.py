"""Who may come in, and how often: the host asked for, the site that asks, the token, the rate."""

from __future__ import annotations

import base64
import binascii
import hmac
import math
import time
from collections.abc import Callable, Collection
from ipaddress import IPv6Address, ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import Scope

from impasto.service.http.problems import Problem

__all__ = ["RateLimiter", "check_host", "check_site", "client_of", "has_token", "is_loopback"]

MOST_CLIENTS = 10_000
_SAFE = ("GET", "HEAD", "OPTIONS")


def is_loopback(host: str) -> bool:
    """Whether a host is this machine, seen from itself; a name counts only if it is localhost.

    Example:
        >>> [is_loopback(host) for host in ("127.0.0.1", "::1", "localhost", "0.0.0.0", "me.org")]
        [True, True, True, False, False]
    """
    if host.lower() == "localhost" or host.lower().endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def check_host(headers: Headers) -> None:
    """Refuse a studio without a token to whoever asks for another host than this machine.

    A page from elsewhere can lead its own name to 127.0.0.1 and then read what stands there (DNS
    rebinding); the browser still tells the name.

    Raises:
        Problem: 403.
    """
    host = _host(f"//{headers.get('host', '')}")
    if host is None or not is_loopback(host):
        raise Problem(
            403,
            "host",
            "this studio has no token and so answers on this machine's own names only, like "
            "localhost and 127.0.0.1: ask for one of these, or set IMPASTO_TOKEN",
        )


def check_site(method: str, headers: Headers, origins: Collection[str]) -> None:
    """Refuse what changes something when a page of another site asks for it.

    Args:
        method: of the request.
        headers: of the request.
        origins: other sites that may.

    Raises:
        Problem: 403.
    """
    origin = headers.get("origin")
    if method in _SAFE or (origin is not None and origin in origins):
        return
    site = headers.get("sec-fetch-site", "none")
    elsewhere = origin is not None and _netloc(origin) != headers.get("host", "").lower()
    if elsewhere or site not in ("none", "same-origin"):
        raise Problem(
            403,
            "site",
            "this comes from a page of another site, which may not use this studio: open the "
            "studio's own page, or allow that site with --allow-origin",
        )


def has_token(token: str, headers: Headers) -> bool:
    """Whether a request carries the token, as `Bearer` or as the password of `Basic`.

    The comparison takes as long wherever the two differ.

    Example:
        >>> has_token("secret", Headers({"Authorization": "Bearer secret"}))
        True
        >>> has_token("secret", Headers({"Authorization": "Bearer other"}))
        False
    """
    scheme, _, password = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            password = base64.b64decode(password.strip(), validate=True).decode().partition(":")[2]
        except (binascii.Error, ValueError):
            password = ""
    elif scheme.lower() != "bearer":
        password = ""
    return hmac.compare_digest(password.strip().encode(), token.encode())


def client_of(scope: Scope) -> str:
    """Who asks, as far as limits go: an address, of IPv6 the network (its first 64 bits).

    Example:
        >>> client_of({"client": ("2001:db8::1:2:3:4", 5)}), client_of({"client": None})
        ('2001:db8::', 'unknown')
    """
    host = scope["client"][0] if scope.get("client") else "unknown"
    try:
        address = ip_address(host)
    except ValueError:
        return str(host)
    if isinstance(address, IPv6Address) and address.ipv4_mapped is None:
        return str(IPv6Address(int(address) >> 64 << 64))
    return str(host)


class RateLimiter:
    """How often one client may ask.

    Each has a token bucket (Turner, "New directions in communications", 1986), which fills again
    with time.

    Args:
        per_s: coins that come back in a second.
        burst: coins a bucket holds.
        clock: seconds, never going back.

    Example:
        >>> now = [0.0]
        >>> limiter = RateLimiter(per_s=0.5, burst=2, clock=lambda: now[0])
        >>> [limiter.take("ada") for _ in range(3)]
        [0, 0, 2]
        >>> now[0] = 2.0
        >>> limiter.take("ada")
        0
    """

    def __init__(
        self, per_s: float, burst: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._per_s, self._burst, self._clock = per_s, burst, clock
        self._buckets: dict[str, tuple[float, float]] = {}

    def take(self, client: str) -> int:
        """One coin of a client's; 0, or the whole seconds until there is one again."""
        now, coins = self._at(client)
        if coins < 1:
            return math.ceil((1 - coins) / self._per_s)
        self._put(client, now, coins - 1)
        return 0

    def wait(self, client: str) -> int:
        """What `take` would say, taking nothing."""
        _, coins = self._at(client)
        return 0 if coins >= 1 else math.ceil((1 - coins) / self._per_s)

    def _at(self, client: str) -> tuple[float, float]:
        now = self._clock()
        then, coins = self._buckets.get(client, (now, float(self._burst)))
        return now, min(float(self._burst), coins + (now - then) * self._per_s)

    def _put(self, client: str, now: float, coins: float) -> None:
        if client not in self._buckets and len(self._buckets) >= MOST_CLIENTS:
            full = {name for name in self._buckets if self._at(name)[1] >= self._burst - 1}
            # Were none full, all begin anew: memory stays bounded whoever knocks.
            for name in full or set(self._buckets):
                del self._buckets[name]
        self._buckets[client] = now, coins


def _host(address: str) -> str | None:
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None


def _netloc(origin: str) -> str | None:
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return None
