"""How a picture is painted: read this file and you have seen the whole of it."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from impasto import imaging
from impasto.errors import CheckpointError, NonFiniteError, SettingError
from impasto.events import Event, Finished, Preview
from impasto.imaging import tensors
from impasto.methods import compose
from impasto.methods.optimization import canvas, memory
from impasto.methods.optimization.checkpoint import Checkpoint
from impasto.methods.optimization.history import History
from impasto.methods.optimization.optimizers import Optimizer, choose, copied
from impasto.methods.optimization.preparation import Preparation, prepare
from impasto.methods.optimization.schedule import Scale
from impasto.methods.optimization.targets import Scene
from impasto.methods.result import Result, with_alpha
from impasto.settings import StyleSettings

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["Painting", "Result", "resumed", "run", "stylize"]

MAX_RETRIES = 3


def stylize(
    content: imaging.Source,
    style: imaging.Sources,
    settings: StyleSettings | None = None,
    *,
    masks: imaging.Sources | None = None,
    style_masks: imaging.Sources | None = None,
    **given: Any,
) -> Result:
    """Paint one picture.

    Args:
        content: a path, a PIL image, or an array (H, W, 3) or (H, W, 4), uint8, uint16 or float
            in [0, 1].
        style: likewise, or a list of several, which are blended, or painted where `masks` say.
        settings: all settings; `default` if left out.
        masks: one for each style, white where it paints, grey for a share; the content image
            stays where none does. Of the content image's ratio.
        style_masks: one for each style, white where it is learnt from. Of that style's ratio.
        **given: single settings, in place of those in `settings`.

    Raises:
        ImpastoError: see `impasto.errors`.

    Example:
        >>> from impasto import samples
        >>> result = stylize(samples.content("chelsea"), samples.style("swirls"), size=64, steps=4)
        >>> result.picture.size
        (64, 43)
    """
    painting = run(content, style, settings, masks=masks, style_masks=style_masks, **given)
    for _ in painting:
        pass
    return painting.result()


def run(
    content: imaging.Source,
    style: imaging.Sources,
    settings: StyleSettings | None = None,
    *,
    masks: imaging.Sources | None = None,
    style_masks: imaging.Sources | None = None,
    preview_every: int = 0,
    on_fetch: Callable[[int, int | None], None] | None = None,
    resume: Checkpoint | None = None,
    **given: Any,
) -> Painting:
    """Paint one picture, event by event; stopping to iterate is cancelling.

    Args:
        content, style, settings, masks, style_masks, given: as for `stylize`.
        preview_every: a `Preview` after every so many steps; 0 for none.
        on_fetch: called with (bytes here, bytes in all) while weights are fetched.
        resume: the state of an earlier run of the same pictures and settings to go on from.

    Returns:
        An iterator of `Started`, `Step`, `Preview` and `Finished` events, which can also tell
        the picture and the state between any two of them.

    Raises:
        ImpastoError: see `impasto.errors`; everything about the inputs at once.
    """
    if settings is not None and not isinstance(settings, StyleSettings):
        raise SettingError(
            f"settings is a {type(settings).__name__}: pass a StyleSettings, or single settings "
            "by name, as in size=512"
        )
    settings = StyleSettings(**given) if settings is None else settings.replace(**given)
    ready = prepare(content, style, settings, on_fetch, masks=masks, style_masks=style_masks)
    return Painting(ready, preview_every, resume)


def resumed(
    state: Checkpoint,
    *,
    preview_every: int = 0,
    on_fetch: Callable[[int, int | None], None] | None = None,
) -> Painting:
    """Go on with an earlier run, from its checkpoint alone.

    Args:
        state: what `impasto.methods.optimization.checkpoint.load` read.
        preview_every, on_fetch: as for `run`.

    Raises:
        CheckpointError: if an input is gone or has changed since.
        ImpastoError: as for `run`.
    """
    state.verify_inputs()
    settings = StyleSettings(**{**state.settings, "threads": state.threads})
    return run(
        state.inputs["content"].path,
        state.paths("style"),
        settings,
        masks=state.paths("mask"),
        style_masks=state.paths("style mask"),
        preview_every=preview_every,
        on_fetch=on_fetch,
        resume=state,
    )


class Painting(Iterator[Event]):
    """A run in progress; made by `run`."""

    def __init__(self, ready: Preparation, preview_every: int, resume: Checkpoint | None) -> None:
        self._ready, self.settings = ready, ready.pictures.settings
        self.pictures, self.scales = ready.pictures, ready.scales
        self._preview_every = preview_every
        self._generator = torch.Generator().manual_seed(self.settings.seed)
        self._scale, self._scale_step, self._retries = 0, 0, 0
        self._optimizer: Optimizer | None = None
        self._scene: Scene | None = None
        self._resume = resume
        self._history = History(self.scales, resume.history if resume else None)
        if resume is not None:
            resume.verify_weights(self._ready.weights_sha256())
            self._scale, self._retries = resume.scale, resume.retries
            self._generator.set_state(resume.random_state)
        self._clock = time.monotonic() - self._history.seconds
        self._ended_s: float | None = None
        self._events = self._paint()

    def __next__(self) -> Event:
        with memory.shortage_told(self.settings):
            return next(self._events)

    def _paint(self) -> Iterator[Event]:
        """Coarse to fine: at each scale a new objective, started from the last scale's picture."""
        yield self._ready.started(first_step=len(self._history) + 1)
        while self._scale < len(self.scales):
            yield from self._paint_scale(self.scales[self._scale])
            if self._scale + 1 == len(self.scales):
                break
            self._scale += 1
            self._scale_step = 0
        self._ended_s = self.seconds
        yield Finished(len(self._history), self.picture(), self.seconds)

    def _paint_scale(self, scale: Scale) -> Iterator[Event]:
        self._scene, objective = self._ready.at(scale)
        if self._resume is not None:
            self._optimizer = self._move(self._scene.content, scale)
            self._resume.restore(self._optimizer)
            self._scale_step, self._resume = self._resume.scale_step, None
        else:
            self._optimizer = self._move(self._begin(scale, self._scene), scale)
        while self._scale_step < scale.steps:
            losses, gradient = objective.evaluate(self._optimizer.ask())
            if not (math.isfinite(losses["total"]) and gradient.isfinite().all()):
                self._undo(losses["total"])
                continue
            self._optimizer.tell(losses["total"], gradient)
            self._scale_step += 1
            step = self._history.add(losses, self.seconds, self._retries)
            self._retries = 0
            yield step
            if self._preview_every and step.step % self._preview_every == 0:
                seen = self._cropped(self._optimizer.best())
                yield Preview(step.step, compose.preview(self.pictures, seen))

    def _begin(self, scale: Scale, scene: Scene) -> Tensor:
        """The picture a scale begins from."""
        if self._optimizer is not None:
            return canvas.enlarged(self._optimizer.best(), *scale.canvas)
        if self.pictures.init is not None:
            return self.pictures.start_at(scale)
        init, noise = self.settings.init, self.settings.noise
        colours = scene.colours() if init == "style" else ()
        return canvas.start(init, scene.content, colours, noise=noise, generator=self._generator)

    def _move(self, begin: Tensor, scale: Scale) -> Optimizer:
        """The optimizer of a scale."""
        return choose(self.settings, canvas.SynthesizedImage(begin).pixels, scale.steps)

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

    def past_events(self) -> Iterator[Event]:
        """What a run that goes on from a checkpoint has told already; nothing for a fresh one."""
        if len(self._history):
            yield self._ready.started(first_step=1)
            yield from self._history

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
        return self._cropped(self._scene.shown(self._optimizer.ask()))

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
            picture=with_alpha(tensors.array_to_pil(pixels), content.alpha),
            pixels=pixels,
            losses=self.losses,
            settings=self.settings,
            seconds=self.seconds,
            content=content,
            inputs=self.pictures.inputs.paths(),
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
        return Checkpoint(
            settings=self.pictures.inputs.located(self.settings).model_dump(mode="json"),
            inputs=self.pictures.inputs.files(),
            outputs=outputs or {},
            scale=self._scale,
            scale_step=self._scale_step,
            retries=self._retries,
            threads=torch.get_num_threads(),
            weights_sha256=self._ready.weights_sha256(),
            optimizer=copied(self._optimizer.state()),
            history=self._history.tensor(),
            random_state=self._generator.get_state(),
        )
