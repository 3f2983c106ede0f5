"""The values that were used last."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, Generic, TypeVar

__all__ = ["LruCache"]

Value = TypeVar("Value")


class LruCache(Generic[Value]):
    """The values that were used last, by key; safe to use from several threads.

    Example:
        >>> cache = LruCache[int](2)
        >>> [cache.get(key, lambda: len(key)) for key in ("a", "bb", "ccc")], len(cache)
        ([1, 2, 3], 2)
    """

    def __init__(self, size: int) -> None:
        self._size, self._lock = size, threading.Lock()
        self._values: OrderedDict[Any, Value] = OrderedDict()

    def __len__(self) -> int:
        return len(self._values)

    def get(self, key: Any, make: Callable[[], Value]) -> Value:
        """The value of a key; made if it is missing, by one thread or more at a time."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
                return self._values[key]
        value = make()  # without the lock: it may take long
        with self._lock:
            value = self._values.setdefault(key, value)
            self._values.move_to_end(key)
            while len(self._values) > self._size:
                self._values.popitem(last=False)
        return value
