"""How often one client may knock: a bucket of coins each, which fills again with time."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

__all__ = ["Rates"]

MOST_CLIENTS = 10_000


class Rates:
    """A token bucket for each client (Turner, "New directions in communications", 1986).

    Args:
        per_s: coins that come back in a second.
        burst: coins a bucket holds.
        clock: seconds, never going back.

    Example:
        >>> now = [0.0]
        >>> rates = Rates(per_s=0.5, burst=2, clock=lambda: now[0])
        >>> [rates.take("ada") for _ in range(3)]
        [0, 0, 2]
        >>> now[0] = 2.0
        >>> rates.take("ada")
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
