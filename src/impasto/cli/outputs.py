"""What a painting command writes, checked before the long work and kept in its checkpoint."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from impasto.errors import CheckpointError, OutputError

__all__ = ["Outputs"]


@dataclass(frozen=True)
class Outputs:
    """Where a command writes.

    Attributes:
        output: the painted picture.
        plot: the loss curves.
        log: the events, one JSON object a line.
        save_every: steps between numbered pictures; 0 for none.
        checkpoint: the file to go on from, written anew each time.
        checkpoint_every: steps between two checkpoints.
    """

    output: Path
    plot: Path | None = None
    log: Path | None = None
    save_every: int = 0
    checkpoint: Path | None = None
    checkpoint_every: int = field(default=25)

    def check(self, inputs: list[Path], bits: int = 8) -> None:
        """Refuse what could not be written at the end, or would overwrite an input.

        Args:
            inputs: files the run reads.
            bits: a channel in the output, 8 or 16.

        Raises:
            OutputError: naming the place and the remedy.
        """
        from impasto import image
        from impasto.reports.curves import check_plot

        if self.output.is_dir():
            raise OutputError(f"{self.output} is a folder: name a file for the picture")
        image.check_output(self.output, inputs=inputs, bits=bits)
        self._check_numbered(inputs)
        if self.plot is not None:
            check_plot(self.plot)
        taken = {path.resolve(): "an input" for path in inputs}
        for name in ("output", "plot", "log", "checkpoint"):
            path: Path | None = getattr(self, name)
            if path is None:
                continue
            if path.is_dir():
                raise OutputError(f"{path} is a folder: name a file for the {name}")
            if not path.absolute().parent.is_dir():
                raise OutputError(f"{path}: its folder does not exist: make it first")
            if (where := path.resolve()) in taken:
                raise OutputError(
                    f"{path} is {taken[where]} already: give the {name} a name of its own"
                )
            taken[where] = f"the {name}"

    def _check_numbered(self, inputs: list[Path]) -> None:
        """Refuse an input that one of the numbered pictures would overwrite."""
        name = re.compile(rf"{re.escape(self.output.stem)}-\d{{5,}}{re.escape(self.output.suffix)}")
        for path in inputs:
            beside = path.resolve().parent == self.output.resolve().parent
            if self.save_every and beside and name.fullmatch(path.resolve().name):
                raise OutputError(
                    f"{path} is an input and has the name of a numbered picture of {self.output}: "
                    "choose another output"
                )

    @property
    def rescue(self) -> Path:
        """Where a checkpoint goes when the run is interrupted."""
        return self.checkpoint or self.output.with_name(
            f"{self.output.stem}.checkpoint.safetensors"
        )

    def numbered(self, step: int) -> Path:
        """Where the picture after a step goes."""
        return self.output.with_name(f"{self.output.stem}-{step:05d}{self.output.suffix}")

    def as_json(self) -> dict[str, Any]:
        """For a checkpoint: absolute paths, so that `resume` works from any folder."""
        return {
            name: str(value.absolute()) if isinstance(value, Path) else value
            for name, value in asdict(self).items()
        }

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Outputs:
        """The outputs of the run a checkpoint was written by.

        Raises:
            CheckpointError: if the checkpoint names none, as one from a library call.
        """
        if not kept.get("output"):
            raise CheckpointError(
                "this checkpoint names no output: it was written by a program, which has to "
                "resume it itself with impasto.run(…, resume=…)"
            )
        known = {f.name for f in fields(cls)}
        values = {name: value for name, value in kept.items() if name in known}
        for name in ("output", "plot", "log", "checkpoint"):
            values[name] = Path(values[name]) if values.get(name) else None
        return cls(**values)
