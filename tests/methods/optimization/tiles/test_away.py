"""Holders in this process, some of them lost at a chosen call: the bytes are always the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest
import torch
from torch import Tensor

from impasto.errors import ClusterError
from impasto.methods.holding import Each, Here, LostHolderError
from impasto.methods.optimization.optimizers import BandedLBFGS, State
from impasto.methods.optimization.targets import Scene
from impasto.methods.optimization.tiles.away import SNAPSHOT_EVERY, AwayPainting, Numbers
from impasto.methods.optimization.tiles.holder import Holder, shares
from impasto.methods.optimization.tiles.look import TileWork
from impasto.methods.optimization.tiles.objective import TiledObjective, tile_work
from impasto.methods.planes import Planes
from impasto.settings import StyleSettings
from tests.methods.optimization.tiles.test_objective import geometry, network

HEIGHT, WIDTH, CORE, STEPS = 288, 32, 64, 7
SETTINGS = StyleSettings(lbfgs_history=3, precision="float32", pooling="max")
OPTIMIZER = (1.0, 3, SETTINGS.lbfgs_sobolev)
NUMBERS = Numbers(*OPTIMIZER, threads=1)


def noise(*shape: int, seed: int) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


@pytest.fixture(scope="module")
def scene() -> Scene:
    content = noise(1, 3, HEIGHT, WIDTH, seed=1)
    styled = Scene.of(content, noise(1, 3, 64, 64, seed=2).cumsum(-1) / 8)
    painted = torch.ones(1, 1, HEIGHT, WIDTH)
    painted[:, :, :, :9] = 0.3  # a part is mixed with the photograph
    return Scene(content, styled.regions, painted=painted)


@pytest.fixture(scope="module")
def work(scene: Scene) -> TileWork:
    return tile_work(network(SETTINGS, torch.float32), scene, SETTINGS, geometry(), CORE)


class Losing(Here):
    """Objects of which one is lost when it is called for the n-th time of all, if at all."""

    def __init__(self, objects: Sequence[Any], due: Callable[[], bool]) -> None:
        super().__init__(objects)
        self._due = due

    def call(self, name: str, *common: Any, each: Each | None = None, parts: int = 0) -> list[Any]:
        if self._due():
            raise LostHolderError("SIGKILL")
        return super().call(name, *common, each=each, parts=parts)

    def one(self, number: int, name: str, *arguments: Any) -> Any:
        value = super().one(number, name, *arguments)
        if self._due():
            raise LostHolderError("SIGKILL")
        return value.clone() if isinstance(value, Tensor) else value


class InThisProcess:
    """Holders that count calls, and lose an object at some of them."""

    is_here = True

    def __init__(self, count: int, losses: Sequence[int] = ()) -> None:
        self.count, self.losses = count, set(losses)
        self.calls = self.starts = 0

    def ready(self, memory_bytes: int = 0) -> int:
        assert memory_bytes >= 0
        return self.count

    def start(self, make: Callable[..., Any], shared: Any, each: Each) -> Losing:
        self.starts += 1
        if self._is_due():
            raise LostHolderError("SIGKILL")
        return Losing([make(shared, *own) for own in each], self._is_due)

    def notes(self) -> Sequence[str]:
        return ()

    def _is_due(self) -> bool:
        self.calls += 1
        return self.calls in self.losses


def away(holders: InThisProcess, scene: Scene, work: TileWork) -> AwayPainting:
    painting = AwayPainting(holders, scene.content.clone(), NUMBERS, Planes())
    painting.attach(work, scene)
    return painting


def steps(painting: AwayPainting, count: int = STEPS) -> list[float]:
    losses = []
    for _ in range(count):
        own, gradient = painting.evaluate(painting.ask())
        painting.tell(own["total"], gradient)
        losses.append(own["total"])
    return losses


@pytest.fixture(scope="module")
def alone(scene: Scene, work: TileWork) -> tuple[list[float], State]:
    """What this process paints by itself: losses, and the state in the end."""
    rows = [band.own for band in work.grid.bands]
    optimizer = BandedLBFGS.of(scene.content.clone(), rows, torch.zeros, *OPTIMIZER)
    objective, losses = TiledObjective(work, scene, Planes()), []
    for _ in range(STEPS):
        own, gradient = objective.evaluate(optimizer.ask())
        optimizer.tell(own["total"], gradient)
        losses.append(own["total"])
    return losses, optimizer.state()


def assert_same(state: State, other: State) -> None:
    assert state.keys() == other.keys()
    for name, value in state.items():
        if isinstance(value, Tensor):
            assert torch.equal(value, torch.as_tensor(other[name])), name
        else:
            assert value == other[name], name


@pytest.mark.parametrize("count", [1, 2, 3])
def test_any_number_of_holders_gives_the_same_bytes(
    count: int, scene: Scene, work: TileWork, alone: tuple[list[float], State]
) -> None:
    assert len(shares(work.grid, count)) == count
    painting = away(InThisProcess(count), scene, work)
    losses, state = alone
    assert steps(painting) == losses
    assert_same(painting.state(), state)
    assert torch.equal(painting.best(), torch.as_tensor(state["point"]))


def test_a_loss_at_any_call_changes_no_byte(
    scene: Scene, work: TileWork, alone: tuple[list[float], State]
) -> None:
    losses, state = alone
    whole = InThisProcess(2)
    steps(away(whole, scene, work))
    calls = whole.calls
    for first in range(1, calls, 47):  # with a second one soon after, while all is done again
        holders = InThisProcess(2, [first, first + 9])
        painting = away(holders, scene, work)
        assert steps(painting) == losses
        assert_same(painting.state(), state)
        assert holders.starts == 3
        assert len(painting.notes) == 2


def test_losses_in_a_row_end_the_painting_and_leave_the_last_snapshot(
    scene: Scene, work: TileWork
) -> None:
    whole = InThisProcess(2)
    painting = away(whole, scene, work)
    steps(painting, SNAPSHOT_EVERY)
    snapshot = dict(painting.state())
    steps(painting, 1)
    whole.losses = set(range(whole.calls + 1, whole.calls + 1000))
    with pytest.raises(ClusterError, match=r"lost 4 times in a row \(SIGKILL\)"):
        steps(painting, 1)
    assert painting.behind == 1
    assert_same(painting.state(), snapshot)
    assert torch.equal(painting.best(), torch.as_tensor(snapshot["point"]))


def test_a_cluster_that_is_gone_at_a_snapshot_leaves_each_step_counted_once(
    scene: Scene, work: TileWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    painting = away(InThisProcess(2), scene, work)

    def gone(_: object) -> State:
        raise ClusterError("the head is gone")

    monkeypatch.setattr(BandedLBFGS, "state", gone)
    told: list[float] = []

    def go_on() -> None:
        for _ in range(STEPS):
            told.extend(steps(painting, 1))

    with pytest.raises(ClusterError, match="the head is gone"):
        go_on()
    assert painting.behind == len(told) == SNAPSHOT_EVERY
    assert painting.state()["started"] == 0


def test_a_state_is_gone_on_with_by_others_and_by_one_alone(
    scene: Scene, work: TileWork, alone: tuple[list[float], State]
) -> None:
    losses, state = alone
    before = away(InThisProcess(3), scene, work)
    steps(before, 4)
    kept = before.state()
    rows = [band.own for band in work.grid.bands]
    one = BandedLBFGS.of(torch.zeros_like(scene.content), rows, torch.zeros, *OPTIMIZER)
    one.load(kept)
    objective = TiledObjective(work, scene, Planes())
    for loss in losses[4:]:
        own, gradient = objective.evaluate(one.ask())
        assert own["total"] == loss
        one.tell(own["total"], gradient)
    assert_same(one.state(), state)
    other = AwayPainting(InThisProcess(2), torch.zeros_like(scene.content), NUMBERS, Planes())
    other.load(kept)
    other.attach(work, scene)
    assert steps(other, STEPS - 4) == losses[4:]
    assert_same(other.state(), state)


def test_a_move_that_is_not_finite_is_made_smaller_again_after_a_loss(
    scene: Scene, work: TileWork
) -> None:
    def painted(holders: InThisProcess) -> State:
        painting = away(holders, scene, work)
        steps(painting, 2)
        painting.shrink()
        holders.losses = {holders.calls + 1} if holders.losses else set()
        steps(painting, 2)
        return painting.state()

    assert_same(painted(InThisProcess(2, [10**9])), painted(InThisProcess(2)))


def test_before_the_first_step_the_state_holds_the_start(scene: Scene, work: TileWork) -> None:
    painting = away(InThisProcess(2), scene, work)
    assert torch.equal(painting.best(), scene.content)
    state = painting.state()
    assert state["started"] == 0
    assert torch.equal(torch.as_tensor(state["pixels"]), scene.content)


def test_each_holder_has_as_many_rows_as_its_neighbours_see(work: TileWork) -> None:
    reach = max(work.grid.reach)
    bands = work.grid.bands
    for first, last in shares(work.grid, 9):
        assert sum(band.own.stop - band.own.start for band in bands[first:last]) >= reach


def test_a_holder_that_was_not_made_has_nothing() -> None:
    assert not hasattr(Holder.__new__(Holder), "plane")
