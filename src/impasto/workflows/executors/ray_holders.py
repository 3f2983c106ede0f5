"""Objects in actors of a Ray cluster, each of which holds a part of one work."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from impasto.errors import ClusterError
from impasto.methods.holding import Each, Group, LostHolderError
from impasto.workflows.executors import Needs
from impasto.workflows.executors.local import reason_in_words
from impasto.workflows.executors.ordered import Failed
from impasto.workflows.executors.packing import Packed, packed, unpacked
from impasto.workflows.executors.ray_cluster import CALL_S, Cluster, Machine
from impasto.workflows.executors.ray_room import actor_options, room_of, why_none
from impasto.workflows.executors.ray_worker import FETCH_S, Facts
from impasto.workflows.executors.served import Served

__all__ = ["RayHolders"]

WAIT_S = 0.5  # for answers
LOOK_S = 2.0  # between two looks at the machines
START_S = 45.0  # for an actor to be ready
ALIVE_S = 2.0  # for a sign of life, or of death
OTHERS_S = 10.0  # for the others, once one is
LARGE = 2**20  # bytes, that are sent once to each machine
EMPTY_S = 50.0  # without any machine, until the cluster is given up
# Of a call, after which an actor counts as lost: a constant, and a part for each byte that it was
# given to hold. VGG-19 on one slow core takes some 1e-5 s a byte.
ANSWER_S, BYTE_S = 900.0, 5e-5


class RemoteError(Exception):
    """An error on its way from an actor: its message and its exit code."""


class RemoteHolder:
    """The actor.

    Args:
        needs: what was asked of it.
    """

    def __init__(self, needs: Needs) -> None:
        self._needs, self._served = needs, Served()

    def facts(self) -> Facts:
        """Of its machine."""
        return Facts.here(self._needs)

    def make(self, make: Callable[..., Any], shared: Packed, *arguments: Packed) -> None:
        """As `Served.make` says."""
        _raise(self._served.make(make, shared, list(arguments)))

    def call(self, name: str, parts: int, *arguments: Packed) -> Any:
        """As `Served.call` says."""
        answer = self._served.call(name, list(arguments), parts)
        if isinstance(answer, Failed):
            _raise(answer)
            return None
        return answer if parts > 1 else answer[0]


def _raise(failed: Failed | None) -> None:
    if failed is not None:
        raise RemoteError(failed.message, failed.exit_code)


@dataclass(eq=False)
class _Actor:
    handle: Any
    machine: Machine


class RayHolders:
    """Actors on the machines of a cluster, as many as these have room for.

    Args:
        address: HOST:PORT of the cluster's head.
        needs: of each actor.

    Raises:
        MissingPackageError: Ray is not installed.
        ClusterError: nobody answers at the address.
    """

    is_here = False

    def __init__(self, address: str, needs: Needs) -> None:
        self._cluster, self._needs = Cluster(address), needs
        self._mine = Facts.here(needs)
        self._actors: list[_Actor] = []
        self._refused: dict[str, str] = {}
        self._notes: list[str] = []
        self._shared: tuple[Any, Any] | None = None
        self._has_lost = False  # some actors, since machines were looked at

    def ready(self, memory_bytes: int = 0) -> int:
        """As `Holders.ready` says: actors that run, on machines that are as this one.

        Raises:
            ClusterError: there is none for 50 s.
        """
        if memory_bytes > self._needs.memory_bytes:
            self._needs = replace(self._needs, memory_bytes=memory_bytes)
            self._thin_out()
        until = time.monotonic() + EMPTY_S
        while True:
            if self._actors and not self._has_lost:
                return len(self._actors)
            self._has_lost = False
            machines = self._cluster.machines()
            self._begin([actor for m in machines for actor in self._places(m)])
            if not self._actors:
                if time.monotonic() > until or (machines and not any(map(self._room, machines))):
                    address = self._cluster.address
                    raise ClusterError(why_none(address, machines, self._needs, self._refused))
                time.sleep(WAIT_S)

    def start(self, make: Callable[..., Any], shared: Any, each: Each) -> Group:
        """As `Holders.start` says."""
        cluster = self._cluster
        if self._shared is None or self._shared[0] is not shared:
            put = partial(cluster.ray.put, packed(shared))
            self._shared = shared, cluster.call(put, seconds=FETCH_S)
        sent = self._shared[1]
        group = _RayGroup(self, [actor.handle for actor in self._actors[: len(each)]])
        try:
            group.make(make, sent, each)
        except LostHolderError:
            self.lose()  # else the one that is gone is handed out again
            raise
        return group

    def notes(self) -> Sequence[str]:
        """As `Holders.notes` says."""
        return tuple(self._notes)

    @property
    def cluster(self) -> Cluster:
        """The connection."""
        return self._cluster

    def lose(self) -> None:
        """Keep the actors that are alive, though they may be busy yet; others join them later."""
        cluster, ray = self._cluster, self._cluster.ray
        asked = {cluster.call(actor.handle.facts.remote): actor for actor in self._actors}
        until = time.monotonic() + ALIVE_S
        while asked and time.monotonic() < until:
            wait = partial(ray.wait, list(asked), num_returns=1, timeout=WAIT_S)
            for reference in cluster.call(wait)[0]:
                actor = asked.pop(reference)
                try:
                    cluster.call(partial(ray.get, reference, timeout=CALL_S / 2))
                except ray.exceptions.RayError:
                    self._actors.remove(actor)
        self._has_lost = True

    def close(self) -> None:
        """End all actors, and leave the cluster."""
        self.end()
        self._cluster.close()

    # Actors

    def _room(self, machine: Machine) -> int:
        return room_of(machine, self._needs, self._refused)

    def _thin_out(self) -> None:
        """End actors where more of them run than memory has room for."""
        taken: Counter[str] = Counter()
        for actor in list(self._actors):
            taken[actor.machine.id] += 1
            if taken[actor.machine.id] > self._room(actor.machine):
                self._actors.remove(actor)
                self._kill(actor)

    def _places(self, machine: Machine) -> Iterator[_Actor]:
        """An actor for each free place that a machine has."""
        cluster = self._cluster
        kind = cluster.ray.remote(RemoteHolder).options(**actor_options(machine, self._needs))
        taken = sum(actor.machine.id == machine.id for actor in self._actors)
        for _ in range(self._room(machine) - taken):
            yield _Actor(cluster.call(partial(kind.remote, self._needs)), machine)

    def _begin(self, actors: list[_Actor]) -> None:
        """Keep the actors that answer in time, and are as this machine."""
        cluster, ray = self._cluster, self._cluster.ray
        asked = {cluster.call(actor.handle.facts.remote): actor for actor in actors}
        until = time.monotonic() + START_S
        while asked and time.monotonic() < until:
            wait = partial(ray.wait, list(asked), num_returns=1, timeout=WAIT_S)
            answered = cluster.call(wait)[0]
            for reference in answered:
                self._take(asked.pop(reference), reference)
                until = min(until, time.monotonic() + OTHERS_S)
            if not answered:  # a machine that is gone is not waited for
                here = {machine.id for machine in cluster.machines()}
                for reference, actor in list(asked.items()):
                    if actor.machine.id not in here:
                        self._kill(asked.pop(reference))
        for actor in asked.values():
            self._kill(actor)

    def _take(self, actor: _Actor, reference: Any) -> None:
        """Keep an actor, if its machine is as this one."""
        ray = self._cluster.ray
        try:
            facts = self._cluster.call(partial(ray.get, reference, timeout=CALL_S / 2))
        except ray.exceptions.RayError as error:
            if "ModuleNotFoundError" in str(error):
                self._refuse(actor, "it does not have the packages that this machine has")
            return  # its machine is gone, or memory is short there
        if (unlike := self._mine.unlike(facts, self._needs.precision)) is not None:
            self._refuse(actor, unlike)
            self._kill(actor)
            return
        self._actors.append(actor)

    def _refuse(self, actor: _Actor, why: str) -> None:
        machine = actor.machine
        if machine.id not in self._refused:
            self._refused[machine.id] = why
            self._notes.append(f"the machine {machine.address} is not used: {why}")

    def _kill(self, actor: _Actor) -> None:
        with suppress(Exception):  # it is gone already, or ends with the cluster
            self._cluster.call(partial(self._cluster.ray.kill, actor.handle, no_restart=True))

    def end(self) -> None:
        """End all actors; others are started when they are asked for."""
        for actor in self._actors:
            self._kill(actor)
        self._actors = []


class _RayGroup:
    def __init__(self, holders: RayHolders, actors: Sequence[Any]) -> None:
        self._holders, self._actors = holders, list(actors)
        self._cluster = holders.cluster
        self._limit_s = ANSWER_S

    def __len__(self) -> int:
        return len(self._actors)

    def make(self, make: Callable[..., Any], shared: Any, each: Each) -> None:
        sent = []
        for actor, own in zip(self._actors, each, strict=True):
            pieces = list(map(packed, own))
            held = sum(piece.size for piece in pieces)
            self._limit_s = max(self._limit_s, ANSWER_S + BYTE_S * held)
            sent.append(self._send(partial(actor.make.remote, make, shared, *pieces)))
        self._wait(sent)

    def call(self, name: str, *common: Any, each: Each | None = None, parts: int = 0) -> list[Any]:
        """As `Group.call` says; tokens are Ray's references, which travel between actors."""
        same = self._common(common)
        own = each or [()] * len(self)

        sent = [
            self._send(
                partial(
                    actor.call.options(num_returns=max(1, parts)).remote,
                    name,
                    parts,
                    *same,
                    *map(self._token, more),
                )
            )
            for actor, more in zip(self._actors, own, strict=True)
        ]
        if parts:  # what goes wrong is heard by who is given them
            return [tuple(answer) if parts > 1 else (answer,) for answer in sent]
        return [unpacked(answer) for answer in self._wait(sent)]

    def one(self, number: int, name: str, *arguments: Any) -> Any:
        """As `Group.one` says."""
        actor = self._actors[number]
        sent = self._send(partial(actor.call.remote, name, 0, *map(packed, arguments)))
        return unpacked(self._wait([sent])[0])

    def close(self) -> None:
        """As `Group.close` says."""
        self._holders.lose()

    def _common(self, values: Sequence[Any]) -> list[Any]:
        """What all are sent; where it is large, once to each machine."""
        pieces = [packed(value) for value in values]
        ray = self._cluster.ray
        return [
            self._send(partial(ray.put, piece)) if piece.size > LARGE else piece for piece in pieces
        ]

    def _token(self, value: Any) -> Any:
        return value if isinstance(value, self._cluster.ray.ObjectRef) else packed(value)

    def _send(self, call: Callable[[], Any]) -> Any:
        """What a call gives that takes its arguments along."""
        return self._cluster.call(call, seconds=FETCH_S)

    def _wait(self, references: list[Any]) -> list[Any]:
        """The values, once all are there.

        Raises:
            LostHolderError: an actor, or its machine, is gone or late.
            ImpastoError: what was raised there.
        """
        ray, waiting = self._cluster.ray, list(references)
        until = time.monotonic() + self._limit_s
        looked = time.monotonic()
        while waiting:
            wait = partial(ray.wait, waiting, num_returns=len(waiting), timeout=WAIT_S)
            waiting = self._cluster.call(wait)[1]
            if waiting and time.monotonic() > until:
                self._holders.end()
                raise LostHolderError(f"it had not answered for {self._limit_s:.0f} s")
            if time.monotonic() - looked > LOOK_S:
                looked = time.monotonic()
                self._cluster.machines()  # a head that is gone is told
        try:
            found: list[Any] = self._cluster.call(
                partial(ray.get, references, timeout=FETCH_S), seconds=FETCH_S + CALL_S
            )
        except ray.exceptions.RayTaskError as error:
            raise _remote(ray, error) from None
        except ray.exceptions.OutOfMemoryError:
            raise LostHolderError("memory ran out on its machine") from None
        except ray.exceptions.RayError:
            raise LostHolderError("its process or its machine is gone") from None
        return found


def _remote(ray: Any, error: Any) -> Exception:
    """What was raised in an actor, or in one that it waited for, anew."""
    cause = error.cause
    if isinstance(cause, ray.exceptions.RayTaskError):
        return _remote(ray, cause)
    if isinstance(cause, RemoteError):
        return Failed(*cause.args).error()
    if isinstance(cause, ray.exceptions.RayError):
        return LostHolderError("its process or its machine is gone")
    return Failed(reason_in_words(cause or error), 1).error()
