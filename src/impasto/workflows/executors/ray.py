"""Items worked on by the machines of a Ray cluster: one actor a worker, a queue of our own.

Ray could queue and retry by itself. Then nobody would know which worker has which item, and an item
would be tried again whatever it had reported before.
"""

from __future__ import annotations

import sys
import time
from collections import Counter, deque
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from typing import Any, Generic, Self, TypeVar

from impasto.errors import ClusterError
from impasto.workflows.executors import (
    Assigned,
    Completed,
    Died,
    Message,
    Needs,
    Raised,
    Report,
)
from impasto.workflows.executors.local import COMPLETED, RAISED, REPORT, reason_in_words
from impasto.workflows.executors.ordered import Numbers, forget_old
from impasto.workflows.executors.ray_cluster import CALL_S, Cluster, Machine
from impasto.workflows.executors.ray_room import actor_options, room_of, why_none
from impasto.workflows.executors.ray_worker import BEGUN, FETCH_S, Facts, RemoteWorker

__all__ = ["RayExecutor"]

Item = TypeVar("Item")
Value = TypeVar("Value")

IN_FLIGHT = 2  # items of a worker: the next one travels while one is worked on,
SHORT_S = 5.0  # where items take no longer; else it would wait there while other workers are idle
TRIES = 3  # of an item whose workers are lost
WAIT_S = 0.5  # for messages
LOOK_S = 2.0  # between two looks at the machines
START_S = 45.0  # for a worker to be ready; others may have what the machine has
FULL_S = 60.0  # until a machine that had no room for a worker is asked again
EMPTY_S = 50.0  # without any worker, until the cluster is given up
FAILURES = 3  # of a machine's workers to start, until it is not used


@dataclass(eq=False)
class _Task(Generic[Item]):
    """An item, how often it was the next of a worker that was lost, and when it was begun."""

    item: Item
    losses: int = 0
    begun: float = 0.0


@dataclass(eq=False)
class _Worker:
    """An actor seen from the driver: its tasks with their streams of messages, in their order."""

    number: int
    machine: Machine
    actor: Any
    facts: Any  # a reference to them until they are here, then None
    started: float = field(default_factory=time.monotonic)
    tasks: deque[tuple[_Task[Any], Any]] = field(default_factory=deque)

    @property
    def is_ready(self) -> bool:
        """Whether it can be given items."""
        return self.facts is None


class RayExecutor:
    """Workers on the machines of a Ray cluster, as many as these have room for.

    An item whose worker dies, or is lost with its machine, is worked on anew by another, three
    times in all. Machines with other versions than this one are not used, nor those without the
    hardware that the work needs. Machines that come are used from then on.

    Args:
        address: `local:N`, or HOST:PORT of the cluster's head.
        needs: of each worker.
        on_note: told, in a sentence, of each machine that is not used.

    Raises:
        MissingPackageError: Ray is not installed.
        ClusterError: nobody answers at the address. All this when it is entered or first run.
    """

    def __init__(
        self, address: str, needs: Needs, *, on_note: Callable[[str], None] = lambda _: None
    ) -> None:
        self._address, self._needs, self._on_note = address, needs, on_note
        self._cluster: Cluster | None = None
        self._stays = False
        self._workers: list[_Worker] = []
        self._refused: dict[str, str] = {}
        self._failures: Counter[str] = Counter()
        self._full: dict[str, float] = {}
        self._took_s: float | None = None  # the last item that was done
        self._numbers = Numbers()
        self._sent: dict[int, Any] = {}
        self._places = 0
        self._was_ready = False  # any worker: then others may come in the place of all that go
        self._looked = self._filled = 0.0

    def __enter__(self) -> Self:
        self._stays = True
        self._join()
        return self

    def __exit__(self, *error: object) -> None:
        self._stays = False
        self._leave()

    @property
    def workers(self) -> int:
        """How many workers the machines have room for, before any is started."""
        return self._count(self._join().machines())

    def run(
        self, work: Callable[[Item], Iterable[Value]], items: Iterable[Item]
    ) -> Generator[Message[Item, Value], None, None]:
        """As `Executor.run` says; `work`, items and reports have to be picklable.

        Raises:
            ClusterError: the cluster cannot be reached, has not answered for 20 s, or has had no
                machine to work on for 50 s; at once where none that is there will ever do.
        """
        rest, waiting = iter(items), deque[_Task[Item]]()
        self._took_s = None
        self._join()
        self._filled = time.monotonic()
        try:
            while True:
                ahead = max(1, IN_FLIGHT * self._places) - len(waiting)
                waiting.extend(_Task(item) for item in islice(rest, max(0, ahead)))
                if not waiting and not any(worker.tasks for worker in self._workers):
                    return
                self._look_after(len(waiting))
                self._assign(work, waiting)
                for worker in self._ready():
                    messages: Iterator[Message[Item, Value]] = self._heard(worker, waiting)
                    for message in messages:
                        told = time.monotonic()
                        yield message
                        self._leave_out(time.monotonic() - told)
        finally:
            if self._stays:
                self._end([worker for worker in self._workers if worker.tasks])
            else:
                self._leave()

    # Machines and workers.

    def _leave_out(self, seconds: float) -> None:
        """Count no time in which whoever listens was busy, and nobody looked after workers."""
        self._filled += seconds
        for worker in self._workers:
            worker.started += seconds

    def _join(self) -> Cluster:
        if self._cluster is None:
            self._cluster = Cluster(self._address)
            self._count(self._cluster.machines())
            self._looked = 0.0
        return self._cluster

    def _leave(self) -> None:
        self._end(list(self._workers))
        self._sent.clear()
        self._numbers = Numbers()
        if self._cluster is not None:
            self._cluster.close()
            self._cluster = None

    def _count(self, machines: list[Machine]) -> int:
        self._places = sum(map(self._room, machines))
        return self._places

    def _room(self, machine: Machine) -> int:
        return room_of(machine, self._needs, self._refused)

    def _look_after(self, waiting: int) -> None:
        """Start workers where there is room, and give up those that do not come."""
        cluster, now = self._join(), time.monotonic()
        if now - self._looked < LOOK_S and self._workers:
            return
        self._looked = now
        for worker in [w for w in self._workers if not w.is_ready]:
            if now - worker.started > START_S:
                self._full[worker.machine.id] = now + FULL_S
                self._end([worker])
        machines = cluster.machines()
        is_hopeless = bool(machines) and not self._count(machines) and not self._was_ready
        if any(worker.is_ready for worker in self._workers):
            self._filled = now
        elif now - self._filled > EMPTY_S or is_hopeless:
            raise ClusterError(why_none(self._address, machines, self._needs, self._refused))
        wanted = waiting + sum(len(worker.tasks) for worker in self._workers)
        free = [machine for machine in machines if self._full.get(machine.id, 0.0) <= now]
        for machine in self._in_turn(free):
            if len(self._workers) < wanted:
                self._start(machine)

    def _in_turn(self, machines: list[Machine]) -> Iterator[Machine]:
        """A machine for each free place, those with the most first."""
        taken = Counter(worker.machine.id for worker in self._workers)
        free = {machine: self._room(machine) - taken[machine.id] for machine in machines}
        while any(count > 0 for count in free.values()):
            machine = max(free, key=lambda machine: free[machine])
            free[machine] -= 1
            yield machine

    def _start(self, machine: Machine) -> None:
        cluster = self._join()
        options = actor_options(machine, self._needs)
        path = tuple(sys.path) if cluster.is_local else ()
        numbers = {worker.number for worker in self._workers}
        number = min(set(range(len(numbers) + 1)) - numbers)

        def start() -> _Worker:
            actor = cluster.ray.remote(RemoteWorker).options(**options).remote(self._needs, path)
            return _Worker(number, machine, actor, actor.facts.remote())

        self._workers.append(cluster.call(start))

    def _failed(self, worker: _Worker, why: str) -> None:
        """A worker did not start."""
        self._end([worker])
        self._failures[worker.machine.id] += 1
        if self._failures[worker.machine.id] >= FAILURES:
            self._refuse(worker.machine, why)

    def _refuse(self, machine: Machine, why: str) -> None:
        if machine.id not in self._refused:
            self._refused[machine.id] = why
            self._on_note(f"the machine {machine.address} is not used: {why}")
        self._end([w for w in self._workers if w.machine.id == machine.id and not w.is_ready])

    def _end(self, workers: list[_Worker]) -> None:
        """End workers at once."""
        for worker in workers:
            self._workers.remove(worker)
            self._looked = 0.0  # another may take its place at once
        if workers and self._cluster is not None:
            ray = self._cluster.ray

            def kill() -> None:
                for worker in workers:
                    ray.kill(worker.actor, no_restart=True)

            with suppress(Exception):  # they are gone already, or end with the cluster
                self._cluster.call(kill)

    # Items and messages.

    def _assign(self, work: Callable[[Item], Iterable[Value]], waiting: deque[_Task[Item]]) -> None:
        """Give each worker a first item before any has a second, where that shall be."""
        is_short = self._took_s is not None and self._took_s < SHORT_S
        for held in range(IN_FLIGHT if is_short else 1):
            for worker in self._workers:
                if waiting and worker.is_ready and len(worker.tasks) == held:
                    task = waiting.popleft()
                    worker.tasks.append((task, self._send(worker, work, task)))

    def _send(self, worker: _Worker, work: Callable[[Any], Iterable[Any]], task: _Task[Any]) -> Any:
        """The stream of messages of an item that is sent to a worker."""
        cluster, number = self._join(), self._numbers.of(work)

        def send() -> Any:
            if number not in self._sent:
                self._sent[number] = cluster.ray.put(work)
                forget_old(self._sent)
            stream = worker.actor.work.options(num_returns="streaming")
            return stream.remote(number, [self._sent[number]], task.item)

        return cluster.call(send, seconds=FETCH_S)

    def _ready(self) -> list[_Worker]:
        """Workers that have sent something, after at most half a second."""
        by_reference = {
            worker.tasks[0][1] if worker.is_ready else worker.facts: worker
            for worker in self._workers
            if worker.tasks or not worker.is_ready
        }
        if not by_reference:
            time.sleep(WAIT_S)
            return []
        cluster, all_of_them = self._join(), list(by_reference)

        def ready(count: int, seconds: float) -> list[Any]:
            wait = partial(cluster.ray.wait, num_returns=count, fetch_local=True)
            found: list[Any] = cluster.call(lambda: wait(all_of_them, timeout=seconds))[0]
            return found

        if not ready(1, WAIT_S):
            return []
        return [by_reference[reference] for reference in ready(len(all_of_them), 0)]

    def _heard(
        self, worker: _Worker, waiting: deque[_Task[Item]]
    ) -> Iterator[Message[Item, Value]]:
        """What a worker has sent means."""
        if worker not in self._workers:
            return  # ended meanwhile
        if not worker.is_ready:
            self._take_facts(worker)
            return
        cluster = self._join()
        ray = cluster.ray
        task, stream = worker.tasks[0]
        try:
            kind, value = cluster.call(lambda: _next(ray, stream), seconds=FETCH_S + CALL_S)
        except ray.exceptions.RayTaskError as error:  # an item or a report that cannot be pickled
            worker.tasks.popleft()
            yield Raised(task.item, worker.number, reason_in_words(error.cause or error))
            return
        except ray.exceptions.RayError as error:
            yield from self._lost(worker, error, waiting)
            return
        if kind == BEGUN:
            task.begun = time.monotonic()
            yield Assigned(task.item, worker.number, value)
        elif kind == REPORT:
            yield Report(task.item, worker.number, value)
        else:
            worker.tasks.popleft()
            if kind == RAISED:
                waiting.extendleft(later for later, _ in reversed(worker.tasks))
                worker.tasks.clear()
                self._end([worker])
                yield Raised(task.item, worker.number, value)
            else:
                assert kind == COMPLETED
                self._took_s = time.monotonic() - task.begun
                yield Completed(task.item, worker.number)

    def _mine(self) -> Facts:
        return Facts.here(self._needs)

    def _take_facts(self, worker: _Worker) -> None:
        cluster = self._join()
        ray = cluster.ray
        try:
            facts = cluster.call(lambda: ray.get(worker.facts, timeout=CALL_S / 2))
        except ray.exceptions.RayError as error:
            if "ModuleNotFoundError" in str(error):
                self._refuse(worker.machine, "it does not have the packages that this machine has")
            else:
                self._failed(worker, "its workers end as they start")
            return
        if (unlike := self._mine().unlike(facts, self._needs.precision)) is not None:
            self._refuse(worker.machine, unlike)
            return
        worker.facts = None
        self._was_ready = True
        self._failures[worker.machine.id] = 0

    def _lost(
        self, worker: _Worker, error: Exception, waiting: deque[_Task[Item]]
    ) -> Iterator[Died[Item]]:
        """A worker is gone: its items wait again, but for one that was lost too often."""
        again = [task for task, _ in worker.tasks]
        worker.tasks.clear()
        self._end([worker])
        task = again[0]
        task.losses += 1  # begun or not: it may be what ends its workers on its way to them
        if task.losses >= TRIES:
            again.pop(0)
            kind = self._join().ray.exceptions.OutOfMemoryError
            short = isinstance(error, kind) or "low on memory" in str(error)
            reason = f"{TRIES} times over{', as memory ran out' if short else ''}"
            yield Died(task.item, worker.number, 0, reason)
        waiting.extendleft(reversed(again))


def _next(ray: Any, stream: Any) -> tuple[str, Any]:
    """The next message of a stream, for which there is one.

    Raises:
        RayError: its worker is lost.
    """
    reference = next(stream, None)
    if reference is None:
        raise ray.exceptions.WorkerCrashedError
    message: tuple[str, Any] = ray.get(reference, timeout=FETCH_S)
    return message
