"""How long a step of a large picture takes with more workers: its tasks measured, the rest a model.

Each task of a step is measured on real bands, alone, in seconds of one processor: what a band
measures and pulls, what L-BFGS does with its rows, and what the driver does with the sums. A step
goes through phases, and each ends with the slowest worker; between them bytes travel. From that
follows how long a step takes. The network between the machines is an assumption, and is written
down with the result.

    python -m benchmarks.scaling --out benchmarks/results/scaling.json
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import torch
from torch import Tensor

from benchmarks.machine import describe
from impasto import imaging, samples
from impasto.imaging.tensors import preprocess
from impasto.losses.sums import Sums
from impasto.methods.optimization.objective import layers_needed
from impasto.methods.optimization.optimizers.sobolev import HALO
from impasto.methods.optimization.optimizers.stack import KINDS, PLANES
from impasto.methods.optimization.schedule import WIDEST_MARGIN
from impasto.methods.optimization.targets import Scene
from impasto.methods.optimization.tiles.away import SNAPSHOT_EVERY
from impasto.methods.optimization.tiles.held import Spill, rows_of
from impasto.methods.optimization.tiles.holder import Holder, Shared
from impasto.methods.optimization.tiles.objective import tile_work
from impasto.methods.optimization.tiles.reduce import divisors, style_loss
from impasto.methods.optimization.tiles.sharing import as_large, even_tile
from impasto.networks import features
from impasto.networks.features.layers import geometry
from impasto.settings import StyleSettings
from impasto.workflows.executors.packing import packed, unpacked

__all__ = ["Link", "Step", "Tasks", "main", "measure", "model"]

SIZES, WORKERS = (2048, 4096, 8192), (1, 2, 4, 8, 32)
ROUNDS = 12  # calls of all workers in a step, each of which waits for the slowest
REPEATS = 3
PX = 12  # bytes of three float32
Value = TypeVar("Value")


@dataclass(frozen=True)
class Link:
    """The network between machines.

    Attributes:
        bytes_per_s: of a machine's link, one way.
        latency_s: of a call and its answer.
    """

    bytes_per_s: float = 1.25e9  # 10 Gbit/s
    latency_s: float = 0.002


@dataclass(frozen=True)
class Tasks:
    """What a step is made of, in seconds of one processor and in bytes.

    Attributes:
        size, tile: of the picture, and of a tile from top to bottom, in px.
        bands: of the picture.
        measure_s, pull_s, add_s: of a band, in an evaluation.
        metric_s: of a band: the preconditioner of the aim and of the newest turn, and the products
            with all turns.
        combine_s: of a band: all else that the optimizer does with its rows.
        driver_s: from the sums of all bands to the slopes.
        packing_s_per_gb: of what is sent, both ends together.
        sums_bytes: that a band sends.
        slopes_bytes: that each worker is sent.
        beside_bytes, spill_bytes, edge_bytes: that a worker exchanges with both neighbours.
        snapshot_bytes: of all bands, every few steps.
    """

    size: int
    tile: int
    bands: int
    measure_s: float
    pull_s: float
    add_s: float
    metric_s: float
    combine_s: float
    driver_s: float
    packing_s_per_gb: float
    sums_bytes: int
    slopes_bytes: int
    beside_bytes: int
    spill_bytes: int
    edge_bytes: int
    snapshot_bytes: int


@dataclass(frozen=True)
class Step:
    """How long a step takes with some workers, in seconds, by what it waits for."""

    workers: int
    tile: int
    bands_each: int
    computing_s: float
    driver_s: float
    travelling_s: float
    snapshot_s: float

    @property
    def total_s(self) -> float:
        """Of all."""
        return self.computing_s + self.driver_s + self.travelling_s + self.snapshot_s


def model(tasks: Tasks, workers: int, link: Link) -> Step:
    """A step as the tasks and the network make it.

    Each phase lasts as long as the worker with the most bands. Sums, slopes and the state that the
    driver keeps pass through its one link; px beside edges travel between all neighbours at once.

    Args:
        tasks: as measured.
        workers: how many; those without a band wait.
        link: between any two machines.

    Example:
        >>> one_second = Tasks(64, 32, 4, 0.5, 0.5, *[0.0] * 5, *[0] * 6)
        >>> [model(one_second, n, Link(1e9, 0.0)).total_s for n in (1, 2, 3)]
        [4.0, 2.0, 2.0]
    """
    workers = min(workers, tasks.bands)
    each = -(-tasks.bands // workers)
    computing = each * (
        tasks.measure_s + tasks.pull_s + tasks.add_s + tasks.metric_s + tasks.combine_s
    )
    if workers == 1:
        return Step(1, tasks.tile, each, computing, tasks.driver_s, 0.0, 0.0)
    through_driver = tasks.bands * tasks.sums_bytes + workers * tasks.slopes_bytes
    beside = tasks.beside_bytes + tasks.spill_bytes + tasks.edge_bytes
    packing = tasks.packing_s_per_gb / 1e9
    travelling = ROUNDS * link.latency_s
    travelling += (through_driver + beside) * (1 / link.bytes_per_s + packing)
    snapshot = tasks.snapshot_bytes / SNAPSHOT_EVERY * (1 / link.bytes_per_s + packing)
    return Step(workers, tasks.tile, each, computing, tasks.driver_s, travelling, snapshot)


def measure(size: int, tile: int) -> Tasks:
    """The tasks of a square picture's step, on a band from its middle, with a full history.

    Args:
        size: of the picture, in px; its margin is added.
        tile: in px, from top to bottom; it is as wide as `auto` makes it.
    """
    settings = StyleSettings()
    network = features.load("slim", layers_needed(settings))
    side = size + 2 * WIDEST_MARGIN
    style = preprocess(imaging.read(samples.style("swirls")))
    nothing = torch.zeros(1, 1, 1, 1).expand(1, 3, side, side)
    scene, places = Scene.of(nothing, style), geometry(features.find("slim"))
    work = tile_work(network, scene, settings, places, tile, as_large(tile))
    bands = work.grid.bands
    middle = len(bands) // 2
    band = bands[middle]
    _, seen = rows_of([band])
    generator = torch.Generator().manual_seed(0)

    def rows(height: int) -> Tensor:
        return torch.randn(1, 3, height, side, generator=generator)

    content = rows(seen.stop - seen.start)
    shared = Shared(work, settings.lbfgs_history, settings.lbfgs_sobolev, torch.get_num_threads())
    holder: Any = Holder(shared, middle, middle + 1, content, None)
    looked = divisors(work, holder.look())
    own = band.own.stop - band.own.start
    before, after = work.grid.reach
    holder.plane("pixels").copy_(content[:, :, before : before + own])
    beside = content[:, :, :before].clone(), content[:, :, before + own :].clone()

    sums, measure_s = _timed(lambda: holder.measure(*beside))
    every = [_other(sums[0]) for _ in bands]
    (_, slopes), driver_s = _timed(lambda: style_loss(work, every))
    spills, pull_s = _timed(lambda: holder.pull(slopes, looked))
    # As much as comes from both neighbours is added to as many rows.
    from_above = [Spill(slice(band.own.start, band.own.start + after), content[:, :, :after])]
    from_below = [Spill(slice(band.own.stop - before, band.own.stop), content[:, :, :before])]
    _, add_s = _timed(lambda: holder.add(from_above, from_below))
    metric_s, combine_s = _optimizer(holder, settings.lbfgs_history)
    pieces, packing_s = _timed(lambda: unpacked(packed(content)))
    del pieces
    row = PX * side
    plane = row * side
    pairs = len(KINDS) * SNAPSHOT_EVERY * plane // 2
    return Tasks(
        size,
        tile,
        len(bands),
        measure_s,
        pull_s,
        add_s,
        metric_s,
        combine_s,
        driver_s,
        packing_s / (content.nbytes / 1e9),
        packed(sums[0]).size,
        packed(slopes).size,
        (before + after) * row,
        sum(part.gradient.nbytes for spill in spills for part in spill),
        2 * 2 * HALO * row,
        len(PLANES) * plane + pairs,
    )


def _optimizer(holder: Any, history: int) -> tuple[float, float]:
    """Seconds of the preconditioner with its products, and of all else, with a full history."""
    holder.tell("begin")
    for count in range(history):
        holder.tell("aim", [0.01] * count)
        holder.precondition(None, None)
        holder.tell("go", 0.1)
        holder.each("remember")
        holder.tell("keep", True)
    weights = [0.01] * history
    seconds = 0.0
    for name, arguments in (
        ("remember", ()),
        ("aim", (weights,)),
        ("combine", (0.1, weights)),
        ("go", (0.1,)),
    ):
        _, own = _timed(partial(holder.each, name, *arguments))
        seconds += own
    edges = holder.edges(("aim", "turn"))
    _, metric_s = _timed(lambda: holder.precondition(edges[1], edges[0]))
    return metric_s, seconds


def _timed(call: Callable[[], Value]) -> tuple[Value, float]:
    """What a call gives, and the seconds of the processor that it took, the best of some calls.

    Who else computes beside it makes it slower, and never faster.
    """
    seconds = []
    for _ in range(REPEATS):
        begun = time.process_time()
        value = call()
        seconds.append(time.process_time() - begun)
    return value, min(seconds)


def _other(sums: list[Sums]) -> list[Sums]:
    """The same sums, as another band would send them."""
    copied: list[Sums] = unpacked(packed(sums))
    return copied


def main() -> None:
    """Measure, model, and write what came out."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--sizes", type=int, nargs="*", default=list(SIZES))
    chosen = parser.parse_args()
    torch.set_num_threads(1)
    link, results = Link(), []
    for size in chosen.sizes:
        tiles = {n: even_tile(size + 2 * WIDEST_MARGIN, n) for n in WORKERS}
        tasks = {tile: measure(size, tile) for tile in sorted(set(tiles.values()))}
        steps = [model(tasks[tiles[n]], n, link) for n in WORKERS]
        results.append(
            {
                "size": size,
                "tasks": [asdict(own) for own in tasks.values()],
                "steps": [
                    asdict(step)
                    | {
                        "total_s": step.total_s,
                        "efficiency": steps[0].total_s / (n * step.total_s),
                    }
                    for n, step in zip(WORKERS, steps, strict=True)
                ],
            }
        )
        for n, step in zip(WORKERS, steps, strict=True):
            share = steps[0].total_s / (n * step.total_s)
            print(
                f"{size} px, {n:2} workers: {step.total_s:7.2f} s a step, {share:.0%}", flush=True
            )
    report = {"machine": describe(), "link": asdict(link), "rounds": ROUNDS, "results": results}
    if chosen.out is not None:
        chosen.out.write_text(json.dumps(report, indent=2) + "\n")


if __name__ == "__main__":
    main()
