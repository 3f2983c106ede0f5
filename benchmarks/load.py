"""How the studio bears many clients: `python -m benchmarks.load [--clients 50] [--out FILE.json]`.

It starts `impasto serve` with one worker (which is at nice 10, as always), lets so many clients
post one small job each at the same moment and then ask once a second until it is done, and tells
how long the answers took. A 429 is waited out for as long as its Retry-After says; it is an
answer, not a loss. The figures are worth something only beside the machine they were taken on.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
import psutil

from impasto import samples
from impasto.service.contract import State

__all__ = ["Tally", "figures", "knock", "measure"]

RESULTS = Path(__file__).with_name("results")
SETTINGS = {"size": 64, "coarsest": 0, "steps": 10}


@dataclass
class Tally:
    """What the clients met.

    Attributes:
        looks: seconds of each `GET /api/jobs/{id}`.
        posts: seconds of each `POST /api/jobs`, 429 included.
        statuses: how often each status came.
        ends: how many jobs came to each end.
        lost: clients whose job came to none in time.
    """

    looks: list[float] = field(default_factory=list)
    posts: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)
    ends: dict[str, int] = field(default_factory=dict)
    lost: int = 0

    def add(self, response: httpx.Response) -> None:
        """Count a status."""
        self.statuses[response.status_code] = self.statuses.get(response.status_code, 0) + 1


async def knock(
    url: str,
    clients: int,
    *,
    token: str | None = None,
    every_s: float = 1.0,
    limit_s: float = 600.0,
    transport: httpx.AsyncBaseTransport | None = None,
) -> Tally:
    """So many clients at once, each with one job.

    Args:
        url: of the studio.
        clients: how many.
        token: that it wants.
        every_s: seconds between a client's looks.
        limit_s: when what is not done is given up as lost.
        transport: in place of the network, for tests.
    """
    tally = Tally()
    pictures = [samples.content("chelsea").read_bytes(), samples.style("swirls").read_bytes()]
    headers = {"Authorization": f"Bearer {token}"} if token else {}

    async def one() -> None:
        # One connection each, as of so many machines.
        async with httpx.AsyncClient(
            base_url=url, headers=headers, timeout=60, transport=transport
        ) as client:
            try:
                async with asyncio.timeout(limit_s):
                    id = await _post(client, pictures, tally)
                    state = await _watch(client, id, tally, every_s)
                    tally.ends[state] = tally.ends.get(state, 0) + 1
            except (TimeoutError, httpx.HTTPError):
                tally.lost += 1

    await asyncio.gather(*(one() for _ in range(clients)))
    return tally


async def _post(client: httpx.AsyncClient, pictures: list[bytes], tally: Tally) -> str:
    fields = zip(("content", "styles"), pictures, strict=True)
    files = [(name, (name, data)) for name, data in fields]
    while True:
        start = time.perf_counter()
        answer = await client.post(
            "/api/jobs", data={"settings": json.dumps(SETTINGS)}, files=files
        )
        tally.posts.append(time.perf_counter() - start)
        tally.add(answer)
        if answer.status_code == 202:
            return str(answer.json()["id"])
        await asyncio.sleep(float(answer.headers.get("Retry-After", 1)))


async def _watch(client: httpx.AsyncClient, id: str, tally: Tally, every_s: float) -> str:
    while True:
        start = time.perf_counter()
        answer = await client.get(f"/api/jobs/{id}")
        tally.looks.append(time.perf_counter() - start)
        tally.add(answer)
        if answer.status_code == 200 and (state := answer.json()["state"]) in State.ends():
            return str(state)
        await asyncio.sleep(every_s)


def figures(tally: Tally) -> dict[str, Any]:
    """The tally as JSON: seconds as milliseconds at some shares of all answers."""
    return {
        "get_job_ms": _shares(tally.looks),
        "post_job_ms": _shares(tally.posts),
        "statuses": {str(status): count for status, count in sorted(tally.statuses.items())},
        "ends": tally.ends,
        "lost": tally.lost,
    }


def _shares(seconds: list[float]) -> dict[str, float]:
    """Milliseconds that a share of the answers stayed within.

    Example:
        >>> _shares([0.001 * n for n in range(1, 101)])
        {'count': 100, 'p50': 50.0, 'p95': 95.0, 'p99': 99.0, 'max': 100.0}
    """
    ordered = sorted(seconds)
    at = {
        f"p{share}": ordered[max(0, -(-len(ordered) * share // 100) - 1)] for share in (50, 95, 99)
    }
    at["max"] = ordered[-1]
    return {"count": len(ordered)} | {name: round(1000 * value, 1) for name, value in at.items()}


def measure(clients: int, *, page: bool = False) -> dict[str, Any]:
    """Start a studio, knock, and stop it."""
    with TemporaryDirectory(prefix="impasto-load-") as data:
        command = [sys.executable, "-m", "impasto", "serve", "--port", "0", "--data", data]
        environment = {name: value for name, value in os.environ.items() if "IMPASTO" not in name}
        with subprocess.Popen(
            [*command, *([] if page else ["--no-page"])],
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        ) as process:
            assert process.stdout is not None
            address = re.search(r"http://\S+", process.stdout.readline())
            assert address, "the studio did not start"
            studio = psutil.Process(process.pid)
            before, start = studio.memory_info().rss, time.perf_counter()
            result = figures(asyncio.run(knock(address[0], clients)))
            result["seconds"] = round(time.perf_counter() - start, 1)
            result["memory_grew_mb"] = round((studio.memory_info().rss - before) / 1e6, 1)
            process.terminate()
    return {"clients": clients, "page": page, **result}


def main() -> None:
    """Measure, write the JSON, print it."""
    from benchmarks import machine

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--page", action="store_true", help="with the page mounted")
    parser.add_argument("--out", type=Path, default=RESULTS / "load.json")
    options = parser.parse_args()
    results = {
        "machine": machine.describe(),
        "figures": measure(options.clients, page=options.page),
    }
    options.out.write_text(json.dumps(results, indent=2) + "\n")
    print(json.dumps(results["figures"], indent=2))


if __name__ == "__main__":
    main()
