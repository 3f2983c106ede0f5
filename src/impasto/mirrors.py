"""Mirrors: addresses that a variable of the environment names in place of the usual ones."""

from __future__ import annotations

import os

from impasto.errors import SettingError

__all__ = ["mirror"]


def mirror(variable: str, usual: str, remedy: str) -> str:
    """Where something is fetched from.

    Args:
        variable: that may name another place.
        usual: the address where it does not.
        remedy: what to do about a wrong one.

    Returns:
        The address without a slash at its end.

    Raises:
        SettingError: it is not an http or https address.

    Example:
        >>> mirror("IMPASTO_NO_SUCH", "https://example.org/", "unset it")
        'https://example.org'
    """
    import httpx

    address = os.environ.get(variable, "").strip() or usual
    try:
        parsed = httpx.URL(address)
        is_address = parsed.scheme in ("http", "https") and bool(parsed.host)
    except httpx.InvalidURL:
        is_address = False
    if not is_address:
        raise SettingError(
            f"{variable} is {address!r}; wanted an address that starts with http:// or https://: "
            f"{remedy}"
        )
    return address.rstrip("/")
