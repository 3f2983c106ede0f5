"""A try-on that paints nothing: it notes what it is asked, and answers plain colours."""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from PIL import Image

from impasto import samples
from impasto.service.try_on.process import TryOn
from impasto.settings import StyleSettings
from impasto.words.choosing import Ranked

COLOURS = [
    {
        "hex": "#102030",
        "word": "navy",
        "share": 0.75,
        "place": [0.5, 0.25],
        "paint": "#102030",
    },
    {
        "hex": "#e0d0c0",
        "word": "sand",
        "share": 0.25,
        "place": [0.5, 0.75],
        "paint": "#e0d0c0",
    },
]


def jpeg(width: int, height: int, colour: str) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(file, "JPEG")
    return file.getvalue()


class FakeTryOn(TryOn):
    """Answers at once, or what `before` raises.

    Attributes:
        strips, drafts, palettes, clients: what it was asked for, in order, and by whom.
        kinds: of the drafts, with their options.
        words: that it was asked to rank styles by.
        before: called before each answer, with the event that says that nobody waits any more.
    """

    def __init__(self, clip: str | None = None) -> None:
        super().__init__(lambda _: [], clip=clip)
        self.words: list[str] = []
        self.strips: list[bytes] = []
        self.drafts: list[tuple[dict[str, Any], StyleSettings]] = []
        self.palettes: list[dict[str, Any]] = []
        self.kinds: list[tuple[str, Any]] = []
        self.clients: list[str] = []
        self.before: Callable[[threading.Event], object] = lambda _: None

    def strip(
        self,
        photograph: bytes,
        max_megapixels: float,  # noqa: ARG002 - as the real one has it
        client: str,
        gone: threading.Event,
    ) -> dict[str, bytes]:
        self.strips.append(photograph)
        self.clients.append(client)
        self.before(gone)
        return {name: jpeg(112, 112, "teal") for name in samples.names("style")}

    def draft(
        self,
        inputs: Mapping[str, bytes | Path],
        settings: StyleSettings,
        max_megapixels: float,  # noqa: ARG002 - as the real one has it
        client: str,
        gone: threading.Event,
        *,
        kind: str = "painting",
        options: Mapping[str, Any] | None = None,
    ) -> bytes:
        self.drafts.append((dict(inputs), settings))
        self.kinds.append((kind, options))
        self.clients.append(client)
        self.before(gone)
        return jpeg(96, 64, "gold")

    def ranked(self, words: str, client: str, gone: threading.Event) -> list[Ranked]:
        self.words.append(words)
        self.clients.append(client)
        self.before(gone)
        return [Ranked("great-wave", 0.3, 0.75), Ranked("swirls", 0.2, 0.25)]

    def palette(
        self,
        inputs: Mapping[str, bytes | Path],
        max_megapixels: float,  # noqa: ARG002 - as the real one has it
        client: str,
        gone: threading.Event,
    ) -> bytes:
        self.palettes.append(dict(inputs))
        self.clients.append(client)
        self.before(gone)
        return json.dumps(COLOURS).encode()
