"""How a picture is painted by optimisation: read this file and you have seen the whole of it."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from impasto.errors import CheckpointError, NonFiniteError
from impasto.events import Event, Finished, Preview
from impasto.imaging import array_to_pil, tensors, with_alpha
from impasto.methods import compose
from impasto.methods import device as devices
from impasto.methods.checkpoint import Checkpoint
from impasto.methods.optimization import canvas
from impasto.methods.optimization.history import History
from impasto.methods.optimization.objective import Objective
from impasto.methods.optimization.optimizers import Optimizer
from impasto.methods.optimization.preparation import Preparation, check, plan, prepare, seedless
from impasto.methods.optimization.run_state import RunState
from impasto.methods.optimization.schedule import Scale
from impasto.methods.optimization.settling import has_settled
from impasto.methods.optimization.targets import Scene
from impasto.methods.optimization.tiles.away import AwayPainting, here, is_finite
from impasto.methods.optimization.tiles.canvas import enlarged_plane
from impasto.methods.protocol import RunOptions
from impasto.methods.result import Result
from impasto.settings import StyleSettings
from impasto.settings.heeded import HEEDED
from impasto.task import StyleTask

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["Optimization", "OptimizationRun"]

MAX_RETRIES = 3


class Optimization:
    """The pixels themselves are the parameters (Gatys et al., 2016); it reads no `model`.

    Example:
        >>> from impasto import samples
        >>> task = StyleTask.of(samples.content("chelsea"), samples.style("swirls"))
        >>> run = Optimization().prepare(task, StyleSettings(size=64, steps=2), RunOptions())
        >>> [type(event).__name__ for event in run]
        ['Started', 'Step', 'Step', 'Finished']
    """

    name = "optimization"
    reads = HEEDED["optimization"]

    def check(self, settings: StyleSettings) -> None:
        """As `impasto.methods.protocol.Method.check` says."""
        check(settings)

    def seedless(self, settings: StyleSettings) -> str:
        """As `impasto.methods.seedless` says."""
        return seedless(settings)

    def prepare(
        self, task: StyleTask[Any], settings: StyleSettings, options: RunOptions
    ) -> OptimizationRun:
        """As `impasto.methods.protocol.Method.prepare` says."""
        return OptimizationRun(prepare(task, settings, options), options)


class OptimizationRun(Iterator[Event]):
    """A painting in progress.

    Args:
        ready: everything it works with.
        options: previews, the state to go on from, the format that will be written.

    Attributes:
        settings: all of them.
        pictures: content, styles and masks at the final size.
        scales: coarse to fine, with the most steps that each may have.
    """

    def __init__(self, ready: Preparation, options: RunOptions) -> None:
        self._ready, self._options = ready, options
        self.settings = ready.pictures.settings
        self.pictures, self.scales = ready.pictures, ready.scales
        self._generator = torch.Generator().manual_seed(self.settings.seed)
        self._scale, self._scale_step, self._retries = 0, 0, 0
        self._optimizer: Optimizer | None = None
        self._restored: Optimizer | None = None
        self._scene: Scene | None = None
        self._history = History(self.scales)
        if options.resume is not None:
            with devices.naming_shortage(self.settings.backbone):
                self._restore(RunState.read(options.resume.state))
        self._count = self._count_events(done=len(self._history))
        self._clock = time.monotonic() - self._history.seconds
        self._ended_s: float | None = None
        self._events = self._paint()

    def __len__(self) -> int:
        """How many events it gives at most, if no scale ends before its steps are used up."""
        return self._count

    def __next__(self) -> Event:
        with devices.naming_shortage(self.settings.backbone):
            return next(self._events)

    def _count_events(self, done: int) -> int:
        """`Started`, a `Step` each, its `Preview` where one is due, and `Finished`."""
        steps, every = sum(scale.steps for scale in self.scales), self._options.preview_every
        previews = steps // every - done // every if every else 0
        return 1 + steps - done + previews + 1

    # The painting itself

    def _paint(self) -> Iterator[Event]:
        """Coarse to fine: at each scale a new objective, started from the last scale's picture."""
        yield self._ready.started(len(self._history) + 1, self._history.scales())
        while self._scale < len(self.scales):
            yield from self._paint_scale(self.scales[self._scale])
            if self._scale + 1 == len(self.scales):
                break
            self._history.end_scale()
            self._scale += 1
            self._scale_step = 0
        self._ended_s = self.seconds
        result = self.result()
        notes = (*self._ready.later_notes(), *result.omissions(self._options.output_format))
        yield Finished(len(self._history), result.picture, self.seconds, notes)

    def _paint_scale(self, scale: Scale) -> Iterator[Event]:
        coarser = self._scene
        self._scene = self._ready.scene(scale)
        restored, self._restored = self._restored, None
        if restored is None:
            restored = self._ready.optimizer(scale, self._begin(scale, self._scene, coarser))
        self._optimizer = restored
        objective = self._ready.objective(scale, self._scene, self._optimizer)
        while self._scale_step < scale.steps and not self._is_settled():
            if isinstance(objective, Objective):
                is_another = objective.begin(self._scale_step)
                self._renew(is_another and not self._retries)
            losses, gradient = objective.evaluate(self._optimizer.ask())
            if not (math.isfinite(losses["total"]) and is_finite(gradient)):
                self._undo(losses["total"])
                continue
            self._optimizer.tell(losses["total"], gradient)
            self._scale_step += 1
            step = self._history.add(losses, self.seconds, self._retries)
            self._retries = 0
            yield step
            if self._options.preview_every and step.step % self._options.preview_every == 0:
                so_far = self._cropped(self._optimizer.best())
                yield Preview(step.step, compose.preview(self.pictures, so_far))

    def _renew(self, is_another: bool) -> None:
        """Let an optimizer that compares losses forget the one of a function that is over."""
        if is_another and self._optimizer is not None and hasattr(self._optimizer, "renew"):
            self._optimizer.renew()

    def _is_settled(self) -> bool:
        """Whether a coarse scale brings so little that the next one begins; the last one never."""
        is_last = self._scale + 1 == len(self.scales)
        if self.settings.text_weight:
            return False  # with other cut-outs the loss is another, and tells nothing of progress
        return not is_last and has_settled(self._history.at_scale(), self.settings.scale_tolerance)

    def _restore(self, state: RunState) -> None:
        """Go on where an earlier run stopped.

        Raises:
            CheckpointError: the state is damaged, or the backbone has other weights now.
        """
        state.verify_weights(self._ready.weights_sha256())
        state.verify_clip(self._ready.clip_sha256())
        ended = state.ends(self.scales)
        self._history = History(self.scales, state.losses, state.history, ended)
        self._scale, self._scale_step = state.scale, state.scale_step
        self._retries = state.retries
        self._generator.set_state(state.random_state)
        scale = self.scales[self._scale]
        self._restored = self._ready.optimizer(scale, self._ready.blank(scale))
        state.restore(self._restored)

    def _begin(self, scale: Scale, scene: Scene, coarser: Scene | None) -> Tensor:
        """The picture a scale begins from: the last scale's, or what the settings start from."""
        if self._optimizer is not None and coarser is not None:
            if self._ready.is_tiled(scale):
                best, share = self._optimizer.best(), self._ready.detail
                planes = self._ready.planes
                return enlarged_plane(best, scene.content, coarser.content, share, planes)
            larger = canvas.enlarged(self._optimizer.best(), *scale.canvas)
            if share := self._ready.detail:
                larger.add_(canvas.detail(scene.content, coarser.content), alpha=share)
            return larger
        assert self._ready.pyramid is not None  # there is a scale
        if (start := self._ready.pyramid.start(scale)) is not None:
            return start
        init, noise = self.settings.init, self.settings.noise
        colours = scene.colours() if init == "style" else ()
        return canvas.start(init, scene.content, colours, noise=noise, generator=self._generator)

    def _undo(self, loss: float) -> None:
        """Go back from a picture whose loss or gradient is not finite."""
        self._retries += 1
        if self._retries >= MAX_RETRIES or self._optimizer is None:
            what = "the gradient was not finite" if math.isfinite(loss) else f"the loss was {loss}"
            good = None if self._optimizer is None else self._optimizer.good()
            raise NonFiniteError(
                f"{what} at step {len(self._history) + 1}, {self._retries} times in "
                "a row, each with a smaller move: lower --lr or the weights of the losses",
                result=None if good is None else self._result(self._cropped(good)),
            )
        self._optimizer.shrink()

    # What can be asked between two events

    def past_events(self) -> Iterator[Event]:
        """What a run that goes on from a checkpoint has told already; nothing for a fresh one."""
        if len(self._history):
            yield self._ready.started(1, self.scales)
            yield from self._history

    @property
    def shape(self) -> tuple[int, int]:
        """(height, width) of the finished picture, in px."""
        return self.pictures.shape

    @property
    def seconds(self) -> float:
        """Since the start, pauses between a checkpoint and its resumption left out."""
        return time.monotonic() - self._clock if self._ended_s is None else self._ended_s

    @property
    def losses(self) -> list[dict[str, float]]:
        """Weighted losses of every step so far."""
        return self._history.losses

    def standardised(self) -> Tensor:
        """The picture the next step will evaluate, (1, 3, H, W), standardised; not a copy.

        It is without its margin. Before the first step it is the content image at its final size.
        """
        if self._optimizer is None or self._scene is None:
            return tensors.preprocess(self.pictures.guide).to(self._ready.device)
        return self._cropped(self._scene.composed(here(self._optimizer.ask())))

    def picture(self) -> Image:
        """The picture so far at its final size, 8 bit, RGBA if the content has transparency."""
        return self.result().picture

    def result(self) -> Result:
        """The picture so far at its final size, and how it came about."""
        if self._optimizer is None:
            return self._result(self.standardised())
        return self._result(self._cropped(self._optimizer.best()))

    def _cropped(self, x: Tensor) -> Tensor:
        """What is painted at the present scale, without the margin."""
        return canvas.cropped(x, self.scales[self._scale].margin)

    def _result(self, x: Tensor) -> Result:
        content, pixels = self.pictures.content, compose.pixels(self.pictures, x)
        return Result(
            picture=with_alpha(array_to_pil(pixels, content.scratch), content.alpha),
            pixels=pixels,
            losses=self.losses,
            settings=self.settings,
            seconds=self.seconds,
            content=content,
            inputs=self.pictures.inputs.paths(),
            scales=plan(self._history.scales()),
            recipe=self.pictures.inputs.record(self.settings),
        )

    def checkpoint(self, outputs: dict[str, Any] | None = None) -> Checkpoint:
        """The state between two events, to be written with `checkpoint.save`.

        Args:
            outputs: what the caller wants to find again, as JSON knows it.

        Raises:
            CheckpointError: before the first step, or if an input is not a file.
        """
        if self._optimizer is None or not len(self._history):
            raise CheckpointError("nothing is painted yet: a checkpoint needs at least one step")
        optimizer = self._optimizer.state()
        # What lay with others may be lost, and the state be of some steps before.
        behind = self._optimizer.behind if isinstance(self._optimizer, AwayPainting) else 0
        if behind == len(self._history):
            raise CheckpointError("all that was painted is lost: a checkpoint needs one step")
        state = RunState(
            scale=self._scale,
            scale_step=self._scale_step - behind,
            retries=0 if behind else self._retries,
            weights_sha256=self._ready.weights_sha256(),
            clip_sha256=self._ready.clip_sha256(),
            optimizer=optimizer,
            history=self._history.tensor()[: len(self._history) - behind],
            random_state=self._generator.get_state(),
            losses=self._history.names,
            ended=self._history.ended,
            tile=self._ready.tile,
            wide=self._ready.wide,
            forms=self.pictures.forms,
        )
        return Checkpoint.of(self.pictures.inputs, self.settings, state.as_state(), outputs)
