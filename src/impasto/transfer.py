"""How a picture is painted: read this file and you have seen the whole of it."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from impasto import backbones, canvas, image
from impasto.engine import device as devices
from impasto.engine import memory
from impasto.engine.checkpoint import Checkpoint
from impasto.engine.objective import Objective, layers_needed
from impasto.engine.optimizers import LBFGS, Adam, Optimizer
from impasto.engine.pictures import Pictures
from impasto.engine.result import Result, with_alpha
from impasto.engine.schedule import Scale, learning_rate, plan_scales
from impasto.errors import CheckpointError, NonFiniteError
from impasto.events import Event, Finished, Preview, Started, Step
from impasto.settings import StyleSettings

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["Painting", "Result", "run", "stylize"]

MAX_RETRIES = 3
LOSSES = ("content", "style", "tv", "total")


def stylize(
    content: image.Source,
    style: image.Source,
    settings: StyleSettings | None = None,
    **given: Any,
) -> Result:
    """Paint one picture.

    Args:
        content, style: a path, a PIL image, or an array (H, W, 3), uint8, uint16 or float in
            [0, 1].
        settings: all settings; `default` if left out.
        **given: single settings, in place of those in `settings`.

    Raises:
        ImpastoError: see `impasto.errors`.

    Example:
        >>> from impasto import samples
        >>> result = stylize(samples.content("chelsea"), samples.style("swirls"), size=64, steps=4)
        >>> result.picture.size
        (64, 43)
    """
    painting = run(content, style, settings, **given)
    for _ in painting:
        pass
    return painting.result()


def run(
    content: image.Source,
    style: image.Source,
    settings: StyleSettings | None = None,
    *,
    preview_every: int = 0,
    on_fetch: Callable[[int, int | None], None] | None = None,
    resume: Checkpoint | None = None,
    **given: Any,
) -> Painting:
    """Paint one picture, event by event; stopping to iterate is cancelling.

    Args:
        content, style, settings, given: as for `stylize`.
        preview_every: a `Preview` after every so many steps; 0 for none.
        on_fetch: called with (bytes here, bytes in all) while weights are fetched.
        resume: the state of an earlier run of the same pictures and settings to go on from.

    Returns:
        An iterator of `Started`, `Step`, `Preview` and `Finished` events, which can also tell
        the picture and the state between any two of them.

    Raises:
        ImpastoError: see `impasto.errors`; everything about the inputs at once.
    """
    settings = settings.but(**given) if settings else StyleSettings(**given)
    return Painting(content, style, settings, preview_every, on_fetch, resume)


def resumed(
    state: Checkpoint,
    *,
    preview_every: int = 0,
    on_fetch: Callable[[int, int | None], None] | None = None,
) -> Painting:
    """Go on with an earlier run, from its checkpoint alone.

    Args:
        state: what `impasto.engine.checkpoint.load` read.
        preview_every, on_fetch: as for `run`.

    Raises:
        CheckpointError: if an input is gone or has changed since.
        ImpastoError: as for `run`.
    """
    state.verify_inputs()
    settings = StyleSettings(**{**state.settings, "threads": state.threads})
    return run(
        state.inputs["content"].path,
        state.inputs["style"].path,
        settings,
        preview_every=preview_every,
        on_fetch=on_fetch,
        resume=state,
    )


class Painting(Iterator[Event]):
    """A run in progress; made by `run`."""

    def __init__(
        self,
        content: image.Source,
        style: image.Source,
        settings: StyleSettings,
        preview_every: int,
        on_fetch: Callable[[int, int | None], None] | None,
        resume: Checkpoint | None,
    ) -> None:
        self.settings = settings
        self.device = devices.choose(settings.device)
        devices.set_up(settings, self.device)
        self.pictures = Pictures.read(content, style, settings, self.device)
        layers = layers_needed(settings)
        plan = backbones.find(settings.backbone).plan
        self._smallest = plan.smallest_side(layers, name=settings.backbone)
        self.pictures.check_sizes(self._smallest, settings.backbone)
        self.scales = plan_scales(
            self.pictures.content.height,
            self.pictures.content.width,
            settings.steps,
            coarsest=settings.coarsest,
            coarse_share=settings.coarse_share,
            smallest_side=self._smallest,
        )
        self.backbone = backbones.load(
            settings.backbone,
            layers,
            weights_file=settings.weights_file,
            pooling=settings.pooling,
            padding=settings.padding,
            channels_last=settings.channels_last,
            on_progress=on_fetch,
        ).to(self.device)
        final = self.pictures.content.height, self.pictures.content.width
        self.predicted_bytes = memory.check(plan, layers, final, settings, self.device)
        self._preview_every = preview_every
        self._generator = torch.Generator().manual_seed(settings.seed)
        self._history: list[list[float]] = []
        self._scale, self._scale_step, self._retries = 0, 0, 0
        self._optimizer: Optimizer | None = None
        self._resume = resume
        if resume is not None:
            self._history = resume.history.tolist()
            self._scale, self._retries = resume.scale, resume.retries
            self._generator.set_state(resume.random_state)
        self._clock = time.monotonic() - (self._history[-1][4] if self._history else 0.0)
        self._events = self._paint()

    def __next__(self) -> Event:
        return next(self._events)

    def _paint(self) -> Iterator[Event]:
        """Coarse to fine: at each scale a new objective, started from the last scale's picture."""
        yield self._started(first_step=len(self._history) + 1)
        while self._scale < len(self.scales):
            yield from self._paint_scale(self.scales[self._scale])
            if self._scale + 1 == len(self.scales):
                break
            self._scale += 1
            self._scale_step = 0
        yield Finished(len(self._history), self.picture(), self.seconds)

    def _paint_scale(self, scale: Scale) -> Iterator[Event]:
        content, style = self.pictures.at(scale, self._smallest)
        objective = Objective(self.backbone, content, style, self.settings)
        if self._resume is not None:
            self._optimizer = self._move(content, scale)
            self._resume.restore(self._optimizer)
            self._scale_step, self._resume = self._resume.scale_step, None
        else:
            self._optimizer = self._move(self._begin(scale, content, style), scale)
        while self._scale_step < scale.steps:
            losses, gradient = objective.evaluate(self._optimizer.ask())
            if not (math.isfinite(losses["total"]) and gradient.isfinite().all()):
                self._undo(losses["total"])
                continue
            self._optimizer.tell(losses["total"], gradient)
            self._scale_step += 1
            self._history.append([*(losses[name] for name in LOSSES), self.seconds, self._retries])
            step, retries, self._retries = len(self._history), self._retries, 0
            size = (scale.height, scale.width)
            yield Step(step, self.settings.steps, size, losses, self.seconds, retries)
            if self._preview_every and step % self._preview_every == 0:
                yield Preview(step, image.to_pil(image.postprocess(self._optimizer.best())))

    def _begin(self, scale: Scale, content: Tensor, style: Tensor) -> Tensor:
        """The picture a scale begins from."""
        if self._optimizer is not None:
            return canvas.resized(self._optimizer.best(), scale.height, scale.width)
        if self.pictures.init is not None:
            return self.pictures.start_at(scale)
        return canvas.start(
            self.settings.init,  # type: ignore[arg-type]  # StyleSettings lets no other pass
            content,
            style,
            noise=self.settings.noise,
            generator=self._generator,
        )

    def _move(self, begin: Tensor, scale: Scale) -> Optimizer:
        """The optimizer of a scale."""
        settings, pixels = self.settings, canvas.SynthesizedImage(begin).pixels
        optimizer: Optimizer
        if settings.optimizer == "lbfgs":
            optimizer = LBFGS(pixels, settings.lr, settings.lbfgs_history, settings.lbfgs_sobolev)
        else:
            optimizer = Adam(
                pixels,
                lambda step: learning_rate(
                    step,
                    scale.steps,
                    lr=settings.lr,
                    schedule=settings.lr_schedule,
                    decay=settings.lr_decay,
                    decay_every=settings.lr_decay_every,
                ),
            )
        return optimizer

    def _undo(self, loss: float) -> None:
        """Go back from a picture whose loss or gradient is not finite."""
        self._retries += 1
        if self._retries >= MAX_RETRIES or self._optimizer is None:
            raise NonFiniteError(
                f"the loss was {loss} at step {len(self._history) + 1}, {self._retries} times in "
                "a row, each with a smaller move: lower --lr or the weights of the losses",
                picture=self.picture() if self._history else None,
            )
        self._optimizer.shrink()

    def _started(self, first_step: int) -> Started:
        return Started(
            steps=self.settings.steps,
            scales=tuple(((s.height, s.width), s.steps) for s in self.scales),
            backbone=self.settings.backbone,
            device=str(self.device),
            threads=torch.get_num_threads(),
            first_step=first_step,
            predicted_bytes=self.predicted_bytes,
        )

    def past_events(self) -> Iterator[Event]:
        """What a run that goes on from a checkpoint has told already; nothing for a fresh one."""
        if not self._history:
            return
        yield self._started(first_step=1)
        sizes = [(s.height, s.width) for s in self.scales for _ in range(s.steps)]
        for number, (row, size) in enumerate(zip(self._history, sizes, strict=False), 1):
            *losses, seconds, retries = row
            named = dict(zip(LOSSES, losses, strict=True))
            yield Step(number, self.settings.steps, size, named, seconds, int(retries))

    @property
    def seconds(self) -> float:
        """Since the start, pauses between a checkpoint and its resumption left out."""
        return time.monotonic() - self._clock

    @property
    def losses(self) -> list[dict[str, float]]:
        """Weighted losses of every step so far."""
        return [dict(zip(LOSSES, row, strict=False)) for row in self._history]

    def standardised(self) -> Tensor:
        """The picture the next step will evaluate, (1, 3, H, W), standardised; not a copy.

        Raises:
            CheckpointError: before the first step.
        """
        if self._optimizer is None:
            raise CheckpointError("nothing is painted yet: take at least one step")
        return self._optimizer.ask()

    def picture(self) -> Image:
        """The picture so far at its final size, 8 bit, RGBA if the content has transparency."""
        return self.result().picture

    def result(self) -> Result:
        """The picture so far at its final size, and how it came about."""
        content = self.pictures.content
        if self._optimizer is None:
            begun = image.preprocess(content)
        else:
            best = self._optimizer.best()
            begun = canvas.resized(best, content.height, content.width)
        painted = image.postprocess(begun)
        return Result(
            picture=with_alpha(image.to_pil(painted), content.alpha),
            pixels=image.to_array(painted),
            losses=self.losses,
            settings=self.settings,
            seconds=self.seconds,
            content=content,
            inputs=self.pictures.paths(),
        )

    def checkpoint(self, outputs: dict[str, Any] | None = None) -> Checkpoint:
        """The state between two events, to be written with `impasto.engine.checkpoint.save`.

        Args:
            outputs: what the caller wants to find again, as JSON knows it.

        Raises:
            CheckpointError: before the first step, or if an input is not a file.
        """
        if self._optimizer is None or not self._history:
            raise CheckpointError("nothing is painted yet: a checkpoint needs at least one step")
        return Checkpoint(
            settings=self.pictures.located(self.settings).model_dump(mode="json"),
            inputs=self.pictures.files(),
            outputs=outputs or {},
            scale=self._scale,
            scale_step=self._scale_step,
            retries=self._retries,
            threads=torch.get_num_threads(),
            optimizer=self._optimizer.state(),
            history=torch.tensor(self._history, dtype=torch.float64),
            random_state=self._generator.get_state(),
        )
