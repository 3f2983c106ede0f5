"""Talking to a studio by its HTTP API."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx

from tools.golden.tree import TaskError

__all__ = ["Studio"]

LOOK_S = 0.2
ENDS = ("finished", "failed", "cancelled")


class Studio:
    """A studio's jobs.

    Args:
        url: of the studio.
    """

    def __init__(self, url: str) -> None:
        self._jobs = f"{url}/api/jobs"
        # One for all that is asked: each reads the machine's certificates anew.
        self._client = httpx.Client(trust_env=False)

    def post(
        self,
        settings: Mapping[str, Any],
        content: Path,
        styles: Sequence[Path],
        masks: Sequence[Path] = (),
    ) -> str:
        """Send a job.

        Returns:
            Its id.

        Raises:
            TaskError: it is refused.
        """
        files = [("content", content)]
        files += [("styles", path) for path in styles] + [("masks", path) for path in masks]
        answer = httpx.post(
            self._jobs,
            data={"settings": json.dumps(settings)},
            files=[(field, (field, path.read_bytes())) for field, path in files],
            trust_env=False,
        )
        if not answer.is_success:
            raise TaskError(f"the studio refused a job: {answer.text[:200]}")
        return str(answer.json()["id"])

    def wait_for_end(self, id: str) -> str:
        """Wait until a job has ended; its state then."""
        while (state := self._get(id).json()["state"]) not in ENDS:
            time.sleep(LOOK_S)
        return str(state)

    def cancel(self, id: str) -> None:
        """Ask for a job's end."""
        httpx.delete(f"{self._jobs}/{id}", trust_env=False).raise_for_status()

    def picture(self, id: str) -> bytes:
        """The picture of a finished job.

        Raises:
            TaskError: it has none.
        """
        answer = self._get(f"{id}/image")
        if not answer.is_success:
            raise TaskError(f"a job has no picture: {answer.text[:200]}")
        return answer.content

    def steps(self, id: str) -> Iterator[tuple[int, float]]:
        """(step, seconds since its start) of a job, as the studio tells them.

        The seconds are of no two attempts alike: by them a job begun anew is known.
        """
        place = f"{self._jobs}/{id}/events"
        with httpx.stream("GET", place, timeout=60, trust_env=False) as response:
            for line in response.iter_lines():
                data = json.loads(line.removeprefix("data:")) if line.startswith("data:") else {}
                if "losses" in data and "step" in data:
                    yield data["step"], data["seconds"]

    def _get(self, path: str) -> httpx.Response:
        return self._client.get(f"{self._jobs}/{path}")
