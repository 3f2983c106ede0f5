"""Who may come in: the host that is asked, the site that asks, the token."""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Collection
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers

from impasto.service.http.problems import Problem

__all__ = ["check_host", "check_site", "is_loopback", "knows"]

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


def knows(token: str, headers: Headers) -> bool:
    """Whether a request carries the token, as `Bearer` or as the password of `Basic`.

    The comparison takes as long wherever the two differ.

    Example:
        >>> knows("secret", Headers({"Authorization": "Bearer secret"}))
        True
        >>> knows("secret", Headers({"Authorization": "Bearer other"}))
        False
    """
    scheme, _, given = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            given = base64.b64decode(given.strip(), validate=True).decode().partition(":")[2]
        except (binascii.Error, ValueError):
            given = ""
    elif scheme.lower() != "bearer":
        given = ""
    return hmac.compare_digest(given.strip().encode(), token.encode())


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
