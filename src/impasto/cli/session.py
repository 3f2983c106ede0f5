"""A painting of this process at the command line: run it, write what was asked, lose nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from impasto.cli.outputs import Outputs
from impasto.cli.painting import Painting
from impasto.cli.runner import follow, stop_sentence
from impasto.errors import CheckpointError, ClusterError, ImpastoError, NonFiniteError, OutputError
from impasto.events import Event, Part, Started, Step
from impasto.text import format_bytes

if TYPE_CHECKING:
    from impasto.methods.protocol import Run
    from impasto.reports import Film

__all__ = ["paint"]


def paint(
    run: Run,
    outputs: Outputs,
    verbosity: int = 0,
    *,
    as_json: bool = False,
    on_event: Callable[[Event], None] = lambda _: None,
) -> int:
    """Follow a run to its end and write its outputs.

    Args:
        run: fresh, or made to resume.
        outputs: already checked.
        verbosity: as for `Progress`.
        as_json: as for `Painting`.
        on_event: called with every event before it is shown.

    Returns:
        The exit code: 0, or 130 when Ctrl-C stopped it (143 for a SIGTERM); then the picture so
        far and a checkpoint are written.

    Raises:
        NonFiniteError: after the last good picture was written.
    """
    return follow(iter(run), _LocalPainting(run, outputs, verbosity, as_json, on_event))


class _LocalPainting(Painting):
    """A picture that this process paints."""

    def __init__(
        self,
        run: Run,
        outputs: Outputs,
        verbosity: int,
        as_json: bool,
        on_event: Callable[[Event], None],
    ) -> None:
        outputs.check_shape(run.shape, by_bands=run.settings.scratch is not None)
        super().__init__(outputs, run.settings, verbosity, as_json)
        self._run, self._on_event = run, on_event
        self.open_log(run.past_events())

    def take(self, event: Event) -> None:
        self._on_event(event)
        super().take(event)

    def write_on_the_way(self, event: Event) -> None:
        if self.film is not None:
            self._show(event, self.film)
        every = self.outputs.save_every
        if isinstance(event, Step) and every and event.step % every == 0:
            self.survives(self._write_numbered, event.step)
        # After it: what goes on from the checkpoint does not paint that step again.
        if self.outputs.checkpoint is not None and self._is_due(event):
            self._save_checkpoint(self.outputs.checkpoint)

    def _show(self, event: Event, film: Film) -> None:
        """Add to the film what there is to see: the photograph, previews, the end."""
        if isinstance(event, Started):
            film.add(self._run.picture())
            if event.first_step > 1:
                self.remark(
                    "the film has no frames from before the checkpoint: it goes from the "
                    f"photograph to step {event.first_step} at once"
                )
        film(event)

    def _write_numbered(self, step: int) -> None:
        self._run.result().save(self.outputs.numbered(step))

    def _is_due(self, event: Event) -> bool:
        """Whether a checkpoint is: after every part, which is larger than a step, of the work."""
        if isinstance(event, Step):
            return event.step % self.outputs.checkpoint_every == 0
        return isinstance(event, Part)

    def write_results(self) -> tuple[tuple[int, int], float]:
        """Write picture and curves; if the picture cannot be, keep the work in a checkpoint."""
        try:
            self._write_picture(zoom=self.outputs.deep_zoom)
        except OutputError as error:
            rescue = self.outputs.rescue
            if rescue is None:
                raise
            try:
                self._save_checkpoint(rescue)
            except OutputError:
                raise OutputError(f"{error}; nor could a checkpoint be kept beside it") from None
            except CheckpointError as reason:
                raise OutputError(f"{error}; nor could a checkpoint be kept ({reason})") from None
            raise OutputError(
                f"{error}; the work is kept: when there is room, {self._resumption(rescue)}"
            ) from None
        self.write_film()
        self.plot()
        return self._run.shape, self._run.seconds

    def _write_picture(self, zoom: Path | None = None) -> None:
        """Write the picture as it is now to its file or to standard output, and in tiles."""
        result = self._run.result()
        if self.outputs.output is None:
            self.send(result.to_bytes(self.outputs.format))
        else:
            result.save(self.outputs.output)
        if zoom is not None:
            result.save_deep_zoom(zoom)

    def _resumption(self, checkpoint: Path) -> str:
        """The command that goes on from a checkpoint."""
        where = " -o OUT" if self.outputs.output is None else ""
        return f"impasto resume {checkpoint}{where}"

    def stop(self) -> str:
        keeps = getattr(self._run, "keeps_state", True)
        rescue = self.outputs.rescue if keeps else None
        # The checkpoint first: from it all the rest can be had again.
        has_checkpoint = rescue is not None and self.survives(self._save_checkpoint, rescue)
        has_picture = self.survives(self._write_picture_so_far) and self.outputs.output is not None
        has_film = self.film is not None and self.survives(self._write_film_so_far, self.film)
        kept = [f"the picture so far is in {self.outputs.output}"] if has_picture else []
        kept += [f"the film so far in {self.outputs.film}"] if has_film else []
        if rescue is not None and has_checkpoint:
            size = format_bytes(rescue.stat().st_size)
            kept.append(f"a checkpoint is in {rescue}, {size}")
        return stop_sentence(
            after=self.extent,
            but="" if self.outputs.output is not None else self._unsent(),
            state=", ".join(kept),
            resume=f"go on with: {self._resumption(rescue)}" if rescue and has_checkpoint else "",
        )

    def _unsent(self) -> str:
        """Why there is no picture on standard output: its reader would take it for the finished."""
        asked = "" if self.outputs.rescue else ", and no --checkpoint was asked for"
        return f"standard output takes the finished picture alone{asked}"

    def rescue(self, error: ImpastoError) -> ImpastoError:
        """Keep the last good picture of a run whose losses stayed NaN or infinite, and the state
        of one whose machines are gone."""
        rescue = self.outputs.rescue
        if isinstance(error, ClusterError) and rescue is not None:
            if not self.survives(self._save_checkpoint, rescue):
                return error
            return ClusterError(f"{error}; go on with: {self._resumption(rescue)}")
        if not isinstance(error, NonFiniteError) or error.result is None:
            return error
        if self.outputs.output is not None:
            error.result.save(self.outputs.output)
            end = f"the last good picture is in {self.outputs.output}"
        else:
            end = "standard output takes the finished picture alone: -o FILE keeps the last good"
        self.write_film()
        self.plot()
        return NonFiniteError(f"{error}; {end}")

    def _write_film_so_far(self, film: Film) -> None:
        film.add(self._run.picture())
        self.write_film()

    def _write_picture_so_far(self) -> None:
        if self.outputs.output is not None:
            self._write_picture()
        self.plot()

    def _save_checkpoint(self, path: Path) -> None:
        from impasto.methods import checkpoint

        checkpoint.save(self._run.checkpoint(self.outputs.as_json()), path)
