"""The values that were used last."""

from __future__ import annotations

from impasto.service.lru_cache import LruCache


def test_what_was_used_last_is_kept() -> None:
    cache, calls = LruCache[str](2), []

    def value(key: str) -> str:
        return cache.get(key, lambda: calls.append(key) or key)

    for key in ("a", "b", "a", "c", "a", "b"):
        assert value(key) == key
    assert calls == ["a", "b", "c", "b"]
