"""The try-on's process as the server sees it: started once, asked by request after request."""

from __future__ import annotations

import hashlib
import json
import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from operator import mul
from pathlib import Path
from typing import Any

from impasto import samples
from impasto.errors import QueueFullError
from impasto.service.contract import PAINTING
from impasto.service.lru_cache import LruCache
from impasto.service.try_on.painter import (
    Draft,
    Item,
    Look,
    Palette,
    Read,
    Refusal,
    Shrink,
    Thumbnail,
    WarmUp,
    work,
)
from impasto.settings import StyleSettings
from impasto.words.choosing import Ranked, shares_of
from impasto.workflows.executors import Raised
from impasto.workflows.executors.local import READY, REPORT, Worker

__all__ = ["Refused", "TryOn", "Unavailable"]

NICE = 5  # before the workers, who give way by 10, and behind the server
MOST_WAITING, MOST_PER_CLIENT = 16, 4
KEPT_STRIPS, KEPT_DRAFTS, KEPT_PALETTES = 16, 64, 64  # some 150 kB each, and 80 kB
KEPT_PHRASES = 256  # a vector each, 10 kB
START_S, ITEM_S = 120.0, 30.0
# That an item may still last when nobody waits for it any more; most drafts take less. Where a
# process took longer to start and warm up, it has that long: another would be ready no sooner.
PARTING_S = 1.0
LOOK_S = 0.1
_log = logging.getLogger("impasto.service.try_on")


class Refused(Exception):  # noqa: N818 - it is an answer
    """What is wrong with a picture.

    Args:
        refusal: as the process said it.
    """

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.detail)
        self.refusal = refusal


class Unavailable(Exception):  # noqa: N818 - it is an answer
    """Nobody waits for the answer any more, or the process that paints cannot give one."""


class TryOn:
    """Paints thumbnails and drafts in a process of its own, one request at a time.

    Safe to use from several threads. What was painted last is kept in memory. A process that dies
    or takes too long is replaced at the next request, and at once if nobody waits for what it
    paints; it ends with this one, even by a kill.

    Args:
        do: what the process does with an item.
        clip: a CLIP model that ranks the sample styles by words, as
            `impasto.networks.clip.model.load` takes it; None where nothing does.

    Example:
        >>> try_on = TryOn()
        >>> try_on.stop()  # was never started
    """

    def __init__(
        self,
        do: Callable[[Item], Iterable[bytes | Refusal]] = work,
        *,
        clip: str | None = None,
    ) -> None:
        self._do, self._clip = do, clip
        self._looked: dict[str, list[float]] = {}  # vectors of samples, which stay the same
        self._phrases = LruCache[bytes](KEPT_PHRASES)
        self._strips = LruCache[dict[str, bytes]](KEPT_STRIPS)
        self._drafts = LruCache[bytes](KEPT_DRAFTS)
        self._palettes = LruCache[bytes](KEPT_PALETTES)
        self._waiting: Counter[str] = Counter()
        self._counting, self._turn = threading.Lock(), threading.Lock()
        self._worker: Worker[Item, bytes | Refusal] | None = None
        self._begun: float | None = None  # when the process was started, until it is warm
        self._start_s = 0.0  # from then until it was warm, the last time
        self._stopped = False

    def start(self) -> None:
        """Start the process, and let it warm up: the first request shall not wait for that."""
        threading.Thread(target=self._warm, name="try-on", daemon=True).start()

    def stop(self) -> None:
        """End the process, at once; who waits for it gets no answer."""
        self._stopped = True
        if self._worker is not None:
            self._worker.process.kill()
        with self._turn:
            self._end()

    def strip(
        self, photograph: bytes, max_megapixels: float, client: str, gone: threading.Event
    ) -> dict[str, bytes]:
        """A photograph in every sample style.

        Args:
            photograph: a picture's file.
            max_megapixels: larger ones are refused.
            client: who asks, by which limits count.
            gone: set when nobody waits for it any more.

        Returns:
            A square JPEG by the name of each sample style.

        Raises:
            QueueFullError: too many wait already, of all or of this client.
            Refused: the photograph cannot be read.
            Unavailable: nobody waits any more, or the process died.
        """

        def paint() -> dict[str, bytes]:
            square = self._ask(Shrink(photograph, max_megapixels), gone)
            return {
                name: self._ask(Thumbnail(square, name), gone) for name in samples.names("style")
            }

        with self._in_turn(client, gone):
            return self._strips.get(hashlib.sha256(photograph).digest(), paint)

    def draft(
        self,
        inputs: Mapping[str, bytes | Path],
        settings: StyleSettings,
        max_megapixels: float,
        client: str,
        gone: threading.Event,
        *,
        kind: str = PAINTING,
        options: Mapping[str, Any] | None = None,
    ) -> bytes:
        """A painting in one pass, small: a JPEG.

        Args:
            inputs: a file or its bytes, by role; the name of a file stands for what it holds.
            settings: of the painting.
            max_megapixels, client, gone: as for `strip`.
            kind, options: of what is arranged first.

        Raises:
            QueueFullError, Refused, Unavailable: as for `strip`.
        """
        facts = [kind, options or {}, _facts(inputs), settings.model_dump(mode="json")]
        key = json.dumps(facts, sort_keys=True)
        with self._in_turn(client, gone):
            item = Draft(inputs, settings, max_megapixels, kind, options or {})
            return self._drafts.get(key, lambda: self._ask(item, gone))

    def palette(
        self,
        inputs: Mapping[str, bytes | Path],
        max_megapixels: float,
        client: str,
        gone: threading.Event,
    ) -> bytes:
        """The parts of a painting that a drawing is painted of: a list, as JSON.

        Args:
            inputs: as for `draft`: `style`, and `labels` where there are such.
            max_megapixels, client, gone: as for `strip`.

        Raises:
            QueueFullError, Refused, Unavailable: as for `strip`.
        """
        key = json.dumps(_facts(inputs), sort_keys=True)
        with self._in_turn(client, gone):
            item = Palette(inputs, max_megapixels)
            return self._palettes.get(key, lambda: self._ask(item, gone))

    @property
    def ranks(self) -> bool:
        """Whether `ranked` can answer."""
        return self._clip is not None

    def ranked(self, words: str, client: str, gone: threading.Event) -> list[Ranked]:
        """The sample styles by how near CLIP finds them to words, the nearest first.

        CLIP looks at all of them once, as soon as the process is warm.

        Args:
            words: any.
            client, gone: as for `strip`.

        Raises:
            QueueFullError, Refused, Unavailable: as for `strip`; `Refused` too where the model is
                none.
        """
        if self._clip is None:
            raise Unavailable
        reading = Read(self._clip, words)
        with self._in_turn(client, gone):
            for name in samples.names("style"):
                self._look(name, gone)
            read = json.loads(self._phrases.get(words, lambda: self._ask(reading, gone)))
        cosines = [sum(map(mul, vector, read["vector"])) for vector in self._looked.values()]
        ranked = map(Ranked, self._looked, cosines, shares_of(cosines, read["scale"]))
        return sorted(ranked, key=lambda style: (-style.similarity, style.name))

    def _warm(self) -> None:
        there = threading.Event()
        with suppress(Unavailable, Refused):
            with self._turn:
                self._ready(there)
            for name in samples.names("style") if self.ranks else ():
                with self._turn:  # one at a time: whoever asks meanwhile comes between two
                    self._look(name, there)

    def _look(self, name: str, gone: threading.Event) -> None:
        """Have CLIP look at a sample style, unless it has done so."""
        if self._clip is not None and name not in self._looked:
            self._looked[name] = json.loads(self._ask(Look(self._clip, name), gone))

    @contextmanager
    def _in_turn(self, client: str, gone: threading.Event) -> Iterator[None]:
        """One request at a time, and only so many that wait."""
        with self._counting:
            if self._waiting[client] >= MOST_PER_CLIENT or self._waiting.total() >= MOST_WAITING:
                raise QueueFullError(
                    f"{self._waiting[client]} drafts of yours and {self._waiting.total()} in all "
                    "are waiting already, as many as may: try again later"
                )
            self._waiting[client] += 1
        try:
            with self._turn:
                if gone.is_set() or self._stopped:
                    raise Unavailable
                yield
        finally:
            with self._counting:
                self._waiting[client] -= 1
                if not self._waiting[client]:
                    del self._waiting[client]

    def _ask(self, item: Item, gone: threading.Event) -> bytes:
        """What the process makes of an item.

        Raises:
            Refused: it says what is wrong.
            Unavailable: nobody waits any more, or it died.
        """
        if gone.is_set():
            raise Unavailable
        worker = self._ready(gone)
        worker.assign(item)
        value: bytes | Refusal | None = None
        # Who looks or reads may have to load the model before.
        patience = START_S if isinstance(item, Look | Read) else ITEM_S
        until, left = time.monotonic() + patience, False
        while worker.busy:
            if gone.is_set() and not left:
                until, left = min(until, time.monotonic() + max(PARTING_S, self._start_s)), True
            try:
                heard = self._hear(worker, until)
            except Unavailable:
                if left:  # the next one shall not wait for its start
                    self.start()
                raise
            value = value if heard is None else heard
        if isinstance(value, Refusal):
            raise Refused(value)
        if value is None:
            self._end()
            raise Unavailable
        return value

    def _ready(self, gone: threading.Event) -> Worker[Item, bytes | Refusal]:
        """The process, warm and free."""
        worker = self._running()
        until = time.monotonic() + START_S
        while worker.busy or not worker.ready:
            self._hear(worker, until)
            if gone.is_set():
                raise Unavailable
        if self._begun is not None:
            self._start_s, self._begun = time.monotonic() - self._begun, None
        return worker

    def _hear(self, worker: Worker[Item, bytes | Refusal], until: float) -> bytes | Refusal | None:
        """The next thing that the process says, if it is what an item yields."""
        try:
            if not worker.line.poll(LOOK_S):
                if time.monotonic() > until:
                    raise EOFError
                return None
            sent = worker.line.recv()
        except (EOFError, OSError):
            self._end()
            raise Unavailable from None
        if sent[0] == READY:
            worker.ready = True
            worker.assign(WarmUp(NICE))
        elif sent[0] == REPORT:
            value: bytes | Refusal = sent[1]
            return value
        elif isinstance(message := worker.message(sent), Raised):
            _log.warning("a draft failed: %s", message.reason)
        return None

    def _running(self) -> Worker[Item, bytes | Refusal]:
        """The process, a fresh one if there is none that can be trusted."""
        if self._stopped:
            raise Unavailable
        if self._worker is not None and not (self._worker.trusted and self._alive):
            self._end()
        if self._worker is None:
            self._begun = time.monotonic()
            self._worker = Worker[Item, bytes | Refusal].start(0, self._do)
        return self._worker

    @property
    def _alive(self) -> bool:
        return self._worker is not None and self._worker.process.is_alive()

    def _end(self) -> None:
        if self._worker is not None:
            self._worker.process.kill()
            self._worker.process.join()
            self._worker.line.close()
            self._worker = None


def _facts(inputs: Mapping[str, bytes | Path]) -> dict[str, str]:
    """What tells inputs from others, by role."""
    return {
        role: hashlib.sha256(one).hexdigest() if isinstance(one, bytes) else str(one)
        for role, one in inputs.items()
    }
