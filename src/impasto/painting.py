"""The verbs: paint a picture whole, or event by event, or go on with one that was stopped."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Unpack

from impasto import imaging, methods
from impasto.arrangements import arrange
from impasto.asked import Asked
from impasto.events import Event
from impasto.methods.protocol import OnFetch, Run, RunOptions
from impasto.methods.result import Result
from impasto.samples.lookup import located
from impasto.settings import StyleOptions, StyleSettings, complete, from_stored
from impasto.task import StyleTask, start_file

if TYPE_CHECKING:
    from impasto.methods.checkpoint import Checkpoint
    from impasto.methods.holding import Holders

__all__ = ["Result", "Run", "paint", "resumed", "run", "stylize"]


def stylize(
    content: imaging.Source,
    style: imaging.Sources | None = None,
    settings: StyleSettings | None = None,
    *,
    masks: imaging.Sources | None = None,
    style_masks: imaging.Sources | None = None,
    keep: imaging.Source | None = None,
    prompt: str = "",
    on_event: Callable[[Event], None] = lambda _event: None,
    **overrides: Unpack[StyleOptions],
) -> Result:
    """Paint one picture.

    Args:
        content: a path, the name of a sample, the bytes of a file, a binary file object, a PIL
            image, an array (H, W, 3) or (H, W, 4), uint8, uint16 or float in [0, 1], or a tensor
            (3, H, W) or (1, 3, H, W) of the same.
        style: likewise, or a list of several, which are blended, or painted where `masks` say;
            None where the settings name a `model` that was taught its styles.
        settings: all settings; `default` if left out.
        masks: one for each style, white where it paints, grey for a share; the content image
            stays where none does. Of the content image's ratio.
        style_masks: one for each style, white where it is learnt from. Of that style's ratio.
        keep: white where the content image stays as it is, whatever is painted elsewhere; of its
            ratio. Of this as of `masks`, a cut-out counts where it is opaque.
        prompt: words that guide an optimisation, where the settings give them a `text_weight`.
        on_event: called with every event, as `run` yields them; what it raises ends the painting.
        **overrides: single settings, in place of those in `settings`.

    Raises:
        ImpastoError: see `impasto.errors`.

    Example:
        >>> result = stylize("chelsea", "swirls", size=64, steps=4)
        >>> result.picture.size
        (64, 43)
    """
    painting = run(
        content,
        style,
        settings,
        masks=masks,
        style_masks=style_masks,
        keep=keep,
        prompt=prompt,
        **overrides,
    )
    for event in painting:
        on_event(event)
    return painting.result()


def run(
    content: imaging.Source,
    style: imaging.Sources | None = None,
    settings: StyleSettings | None = None,
    *,
    masks: imaging.Sources | None = None,
    style_masks: imaging.Sources | None = None,
    keep: imaging.Source | None = None,
    prompt: str = "",
    preview_every: int = 0,
    on_fetch: OnFetch | None = None,
    resume: Checkpoint | None = None,
    **overrides: Unpack[StyleOptions],
) -> Run:
    """Paint one picture, event by event; stopping to iterate is cancelling.

    Args:
        content, style, settings, masks, style_masks, keep, prompt, overrides: as for `stylize`.
        preview_every: a `Preview` after every so many steps; 0 for none.
        on_fetch: called with (bytes here, bytes in all) while weights are fetched.
        resume: the state of an earlier run of the same pictures and settings to go on from.

    Returns:
        An iterator of events, which can also tell the picture and the state between any two of
        them; see `impasto.methods.protocol.Run`.

    Raises:
        ImpastoError: see `impasto.errors`; everything about the inputs at once.
    """
    task = StyleTask.of(
        content,
        () if style is None else style,
        masks=masks,
        style_masks=style_masks,
        keep=keep,
        taught=style is None,
    ).replace(prompt=prompt)
    options = RunOptions(preview_every=preview_every, on_fetch=on_fetch, resume=resume)
    return paint(task, settings, options, **overrides)


def paint(
    task: StyleTask[Any] | Asked[Any],
    settings: StyleSettings | None = None,
    options: RunOptions | None = None,
    **overrides: Unpack[StyleOptions],
) -> Run:
    """Paint a task with the method that its settings name: the door of `stylize` and all the rest.

    Args:
        task: sources of pictures, as `impasto.imaging.read` takes them, or names of samples. A
            start picture takes the place of the setting `init`. Of a drawing, words or a face the
            task is arranged first.
        settings, overrides: as for `stylize`; what is arranged has a recipe of its kind's name in
            place of `default`.
        options: previews, the state to go on from, an extractor or terms of your own.

    Returns:
        As for `run`.

    Raises:
        ImpastoError: as for `run`.
    """
    if isinstance(task, Asked):
        if settings is None and "recipe" not in overrides:
            overrides["recipe"] = task.kind
        settings = complete(settings, overrides)
        task = arrange(task, settings)
    else:
        settings, task = complete(settings, overrides), located(task)
    if settings.model is None:
        task.check_styles()
    if task.start is None and (named := start_file(settings.init)) is not None:
        task = task.replace(start=named)
    return methods.choose(settings).prepare(task, settings, options or RunOptions())


def resumed(
    state: Checkpoint,
    *,
    preview_every: int = 0,
    on_fetch: OnFetch | None = None,
    output_format: str | None = None,
    holders: Holders | None = None,
    scratch: str | None = None,
) -> Run:
    """Go on with an earlier run, from its checkpoint alone.

    Args:
        state: what `impasto.methods.checkpoint.load` read.
        preview_every, on_fetch: as for `run`.
        output_format, holders: as in `RunOptions`.
        scratch: a folder in place of the setting that it was begun with.

    Raises:
        CheckpointError: if an input is gone or has changed since.
        ImpastoError: as for `run`.
    """
    state.verify_inputs()
    changed = {"threads": state.threads} | ({"scratch": scratch} if scratch is not None else {})
    settings = from_stored({**state.settings, **changed})
    options = RunOptions(preview_every, on_fetch, state, output_format, holders=holders)
    return paint(state.task(), settings, options)
