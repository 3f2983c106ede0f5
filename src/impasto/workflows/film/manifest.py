"""The journal of a film: what is asked, its plan, and how far each shot is.

Two things lie beside the output. The journal itself, `NAME.checkpoint.safetensors`, is written once
and names everything. The hidden folder `.NAME.segments` has the segments that are done, a film
each, and for each shot one file, written anew after each segment: which of them are done, and the
state in which the painter goes on. Every file is whole or not there, so a kill at any time costs a
segment at most.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from impasto.errors import CheckpointError, InputError, OutputError, reason_of
from impasto.files import file_sha256
from impasto.methods import state_file
from impasto.methods.state_file import InputFile
from impasto.text import format_path
from impasto.workflows.film.order import Order
from impasto.workflows.film.paths import FORMAT, segments_folder
from impasto.workflows.film.plan import Plan, Shot

__all__ = ["Journal", "ShotState"]

SHOT = "impasto-film-shot 1"
WISH = "a film that was stopped left beside its output"


@dataclass(frozen=True)
class ShotState:
    """How far a shot is.

    Attributes:
        hashes: SHA-256 of each segment that is done, in hex.
        arrays: the painter's state after them, and what the last of them ends with.
    """

    hashes: tuple[str, ...] = ()
    arrays: Mapping[str, NDArray[Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class Journal:
    """What is kept of a film, so that it can be gone on with.

    Attributes:
        path: of the journal.
        order: what is asked; its paths are absolute.
        plan: its shots and segments.
        inputs: every file that is read, as it was.
        outputs: what a command writes beside the film; empty for a library call.
    """

    path: Path
    order: Order
    plan: Plan
    inputs: Mapping[str, InputFile]
    outputs: Mapping[str, Any] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        """Of the segments."""
        return segments_folder(self.path)

    @classmethod
    def begin(cls, path: Path, order: Order, plan: Plan, outputs: Mapping[str, Any]) -> Journal:
        """Write the journal of a film that begins; segments of an earlier one are removed.

        Raises:
            OutputError: a place that cannot be written.
            InputError: an input that cannot be read.
        """
        order = order.located()
        inputs = {what: _as_it_is(what, file) for what, file in order.inputs().items()}
        journal = cls(path.absolute(), order, plan, inputs, outputs)
        journal.remove()
        try:
            journal.folder.mkdir()
        except OSError as error:
            raise OutputError(
                f"{format_path(journal.folder)}, which keeps what is painted, cannot be made "
                f"({reason_of(error)}): choose another place for the film"
            ) from None
        about = {
            "order": order.as_json(),
            "plan": plan.as_json(),
            "inputs": {what: asdict(file) for what, file in inputs.items()},
            "outputs": dict(outputs),
        }
        state_file.save(journal.path, FORMAT, about, {}, "an output")
        return journal

    @classmethod
    def load(cls, path: Path) -> Journal:
        """The journal of a film that was stopped.

        Raises:
            CheckpointError: there is none, it is damaged, or an input is gone or has changed.
        """
        journal = cls.read(path)
        for what, file in journal.inputs.items():
            file.verify(f"{what} of this painting")
        if not journal.folder.is_dir():
            raise CheckpointError(
                f"{format_path(journal.folder)}, which has what is painted, is gone: "
                "put it back beside the checkpoint, or start anew"
            )
        return journal

    @classmethod
    def read(cls, path: Path) -> Journal:
        """What a journal says, whatever became of its inputs and segments.

        Raises:
            CheckpointError: there is none, or it is damaged.
        """
        about = state_file.load(path, (FORMAT,), WISH).about
        try:
            inputs = {what: InputFile(**file) for what, file in about["inputs"].items()}
            order, plan = Order.from_json(about["order"]), Plan.from_json(about["plan"])
            outputs = about["outputs"]
        except (LookupError, TypeError, ValueError) as error:
            raise state_file.not_whole(path, error) from None
        return cls(path.absolute(), order, plan, inputs, outputs)

    def segment(self, shot: Shot, number: int) -> Path:
        """The file of a segment of a shot, numbered from 0."""
        return self.folder / f"{shot.number:05d}-{number:05d}.nut"

    def segments(self) -> list[Path]:
        """The files of all segments, in the order of the film."""
        return [
            self.segment(shot, n) for shot in self.plan.shots for n in range(len(shot.segments))
        ]

    def keep(self, shot: Shot, hashes: tuple[str, ...], arrays: Mapping[str, Any]) -> None:
        """Write down that the next segment of a shot is done.

        Args:
            shot: whose.
            hashes: of all its segments that are done.
            arrays: the painter's state after them; nothing is kept of a shot that is done.

        Raises:
            OutputError: it cannot be written.
        """
        done = len(hashes) == len(shot.segments)
        tensors = {name: torch.from_numpy(np.array(a)) for name, a in arrays.items() if not done}
        state_file.save(self._state(shot), SHOT, {"hashes": hashes}, tensors, "the film")

    def state(self, shot: Shot) -> ShotState:
        """How far a shot is; what is damaged counts as not painted, with all that follows it."""
        path = self._state(shot)
        if not path.exists():
            return ShotState()
        try:
            kept = state_file.load(path, (SHOT,), WISH)
        except CheckpointError:
            return ShotState()
        hashes = tuple(kept.about["hashes"])
        whole = all(_sha256(self.segment(shot, n)) == digest for n, digest in enumerate(hashes))
        arrays = {name: tensor.numpy() for name, tensor in kept.tensors.items()}
        return ShotState(hashes, arrays) if whole else ShotState()

    def done(self, shot: Shot) -> int:
        """Frames of a shot that need not be painted again: those of its whole segments."""
        kept = len(self.state(shot).hashes)
        return sum(count for _, count in shot.segments[:kept])

    def remove(self) -> None:
        """Take everything away, when the film is there."""
        with suppress(OSError):
            self.path.unlink(missing_ok=True)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _state(self, shot: Shot) -> Path:
        return self.folder / f"{shot.number:05d}.safetensors"


def _as_it_is(what: str, path: Path) -> InputFile:
    try:
        return InputFile.of(path)
    except OSError as error:
        raise InputError(
            f"{what}, {format_path(path)}, cannot be read ({reason_of(error)}): give another"
        ) from None


def _sha256(path: Path) -> str:
    try:
        return file_sha256(path)
    except OSError:
        return ""
