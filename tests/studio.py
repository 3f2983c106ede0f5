"""A worker that does what it is told and paints nothing, for tests of whoever watches."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

from PIL import Image

if TYPE_CHECKING:
    from impasto.service.jobs.store import Store
    from impasto.service.jobs.tables import Job

LOSSES = {"content": 0.5, "style": 0.25, "tv": 0.25, "total": 1.0}
HERE = "http://127.0.0.1:8000"


def png(width: int = 12, height: int = 8, colour: str = "teal") -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(file, "PNG")
    return file.getvalue()


def events_of(store: Store, job: Job) -> list[dict[str, Any]]:
    """Every line of a job's log as it is now; one that is still being written is left out."""
    path = store.folder.job(job.id) / "events.jsonl"
    whole = path.read_bytes().rpartition(b"\n")[0] if path.exists() else b""
    return [json.loads(line) for line in whole.splitlines()]


class FakeWorker:
    """Takes a job and tells of it as a worker does, a line at a time."""

    def __init__(self, store: Store, job: Job) -> None:
        self.store, self.id, self.lines = store, job.id, 0
        self.folder = store.folder.job(job.id)
        self.events = self.folder / "events.jsonl"

    def claim(self) -> FakeWorker:
        claimed = self.store.claim("fake")
        assert claimed is not None
        assert claimed.id == self.id
        return self

    def tell(self, event: str, **data: Any) -> None:
        from impasto.service.jobs.log import EventLog

        log = EventLog(self.events, self.lines)
        log.add(event, data)
        log.close()
        self.lines += 1

    def start(self, steps: int = 4) -> None:
        scales = [{"scale": [43, 64], "steps": steps}]
        self.tell("started", steps=steps, scales=scales, backbone="slim", notes=[])

    def step(self, number: int, steps: int = 4) -> None:
        step_data = {"scale": [43, 64], "losses": LOSSES, "seconds": number / 2}
        self.tell("step", step=number, steps=steps, **step_data)
        self.store.beat(self.id, "fake", step=number, steps=steps, losses=LOSSES)

    def preview(self, number: int) -> None:
        (self.folder / "preview.png").write_bytes(png(6, 4, "gold"))
        self.tell("preview", step=number)

    def cut(self, keep: int) -> None:
        """What a worker does first that takes the job up from its checkpoint."""
        lines = self.events.read_bytes().splitlines(keepends=True)
        with self.events.open("r+b") as file:
            file.truncate(sum(map(len, lines[:keep])))
        self.lines = keep

    def finish(self, picture: bytes | None = None) -> None:
        (self.folder / "result.png").write_bytes(picture or png(64, 43, "orange"))
        (self.folder / "losses.png").write_bytes(png(8, 4, "white"))
        self.tell("finished", step=4, seconds=2.0, size=[43, 64])
        self.store.finish(self.id, "fake", seconds=2.0)

    def fail(self, sentence: str, **more: Any) -> None:
        self.tell("failed", error=sentence, **more)
        self.store.fail(self.id, "fake", sentence)

    def paint(self) -> None:
        self.start()
        for number in range(1, 5):
            self.step(number)
        self.preview(4)
        self.finish()
