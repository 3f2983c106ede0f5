"""A training with its files: it begins or goes on, tells, saves, and writes the weights."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch

from impasto.errors import CheckpointError
from impasto.networks.weights import read_tensors
from training.held_out import HELD_OUT, is_held_out
from training.slim import checks, report, saving
from training.slim.config import Recipe
from training.slim.data import Folder
from training.slim.learning import Learning, StepResult
from training.slim.lr_schedule import Length
from training.slim.precision import features_dtype
from training.slim.saving import CHECKPOINT, LOG, PLOT
from training.slim.self_generated import SIDE
from training.slim.teachers import describe

__all__ = ["Session"]

# Pictures are kept at sizes that every crop can be cut from and that fit in memory.
PHOTO_SIDE, ART_SIDE = 512, 768


@dataclass
class Session:
    """A training, and where it writes.

    Attributes:
        learning: the training.
        out: the weights; beside them, with other endings, lie the checkpoint, the log, the plot.
        facts: of data, teachers and code, for the weights' metadata.
        pictures: names of all that is learnt from or examined on.
        checkpoint_every: steps.
        lines: of the log so far.
    """

    learning: Learning
    out: Path
    facts: dict[str, str]
    pictures: list[str]
    checkpoint_every: int
    lines: list[dict[str, Any]] = field(default_factory=list)

    @classmethod
    def begin(
        cls,
        recipe: Recipe,
        *,
        photos: Path,
        art: Sequence[Path],
        teachers: Path | None,
        out: Path,
        steps: int = 0,
        minutes: float = 0.0,
        resume: bool = False,
        device: str = "cpu",
        threads: int = 0,
        checkpoint_every: int = 500,
        held_out: Iterable[str] = (),
        start: Path | None = None,
    ) -> Session:
        """Read pictures and teachers, and what to begin or to go on from.

        `start` is weights that a training wrote; a checkpoint that is resumed holds newer ones.

        Raises:
            ImpastoError: whatever is wrong with the inputs.
        """
        checks.check_options(out, device, threads, checkpoint_every)
        length = Length(steps, 60 * minutes)
        checkpoint = out.with_suffix(CHECKPOINT)
        state = saving.read_checkpoint(checkpoint) if resume else {}
        checks.check_same(checkpoint, state, "recipe", saving.as_json(recipe), "--set")
        if threads:
            torch.set_num_threads(threads)
        named = set(held_out)
        smallest = max([side for side, _ in recipe.crops] + [SIDE] * bool(recipe.painted))

        def left_out(stem: str) -> bool:
            return stem in named or is_held_out(stem)

        of_photos = Folder.read(photos, smallest=smallest, longest=PHOTO_SIDE, without=left_out)
        of_art = Folder.joined(
            Folder.read(folder, smallest=smallest, longest=ART_SIDE, without=left_out)
            for folder in art
        )
        pictures = [*of_photos.names, *of_art.names]
        options = "--photos, --art and --held-out"
        checks.check_same(checkpoint, state, "pictures", pictures, options)
        shapes = recipe.plan.shapes(recipe.layers)
        weights = read_tensors(start, shapes) if start else None
        learning = Learning(recipe, length, of_photos, of_art, teachers, device, weights)
        facts = {
            "photos": f"{len(of_photos.names)} from {photos.name}",
            "art": f"{len(of_art.names)} from {' and '.join(folder.name for folder in art)}, "
            f"without {', '.join([*HELD_OUT, *sorted(named)])}",
            "teachers": "; ".join(describe(teachers, name) for name in learning.teachers),
            "start": saving.describe(start) if start else "random",
            "precision": str(features_dtype(device)).removeprefix("torch."),
            # Now: by the end the files may be those of another commit than what is running.
            "commit": saving.commit(),
        }
        checks.check_same(checkpoint, state, "teachers", facts["teachers"], "--teachers")
        session = cls(learning, out, facts, pictures, checkpoint_every)
        if state:
            session._go_on(state)
        report.rewrite(session.log, session.lines)
        return session

    @property
    def checkpoint(self) -> Path:
        """The state of the training, replaced every so many steps."""
        return self.out.with_suffix(CHECKPOINT)

    @property
    def log(self) -> Path:
        """One line of JSON for each examination."""
        return self.out.with_suffix(LOG)

    def _go_on(self, state: dict[str, Any]) -> None:
        try:
            self.learning.restore(state)
        # A damaged state fails in as many ways as it has parts.
        except Exception as error:
            raise CheckpointError(
                f"{self.checkpoint} does not fit this training ({error}): start without --resume"
            ) from error
        self.facts["start"] = state.get("start", self.facts["start"])
        self.lines = report.read(self.log, upto=self.learning.step)

    def __iter__(self) -> Iterator[StepResult]:
        """Go on to the end; at the end the weights are written."""
        losses: list[float] = []
        for result in self.learning:
            losses.append(result.loss)
            if result.step % self.checkpoint_every == 0:
                self._save(result, losses)
                losses = []
            yield result
        self._examine(self.learning.step, losses)
        self._write()

    def _save(self, result: StepResult, losses: list[float]) -> None:
        self._examine(result.step, losses)
        saving.write_checkpoint(self.checkpoint, self._state())
        self._write()

    def _state(self) -> dict[str, Any]:
        own = {
            "recipe": saving.as_json(self.learning.recipe),
            "pictures": self.pictures,
            "teachers": self.facts["teachers"],
            "start": self.facts["start"],
        }
        return {**self.learning.state(), **own}

    def _examine(self, step: int, losses: list[float]) -> None:
        if not losses:
            return
        self.lines.append(
            {
                "step": step,
                "seconds": round(self.learning.seconds, 1),
                "loss": round(sum(losses) / len(losses), 5),
                "unexplained": {k: round(v, 5) for k, v in self.learning.examine().items()},
            }
        )
        report.append(self.log, self.lines[-1])
        report.plot(self.out.with_suffix(PLOT), self.lines)

    def _write(self) -> None:
        recipe = self.learning.recipe
        plan = recipe.plan.upto(recipe.layers)
        metadata = {
            **self.facts,
            "name": self.out.stem,
            "input": "RGB in [0, 1], minus (0.485, 0.456, 0.406), over (0.229, 0.224, 0.225)",
            "layers": f"{plan[0].conv} to {plan[-1].conv} of VGG-19, widths {recipe.widths}",
            "pooling": recipe.pooling,
            "padding": recipe.padding,
            "settings": json.dumps(recipe.as_dict()),
            "length": f"{self.learning.step} steps, {self.learning.seconds / 60:.0f} minutes",
            "device": self.learning.device,
            "licence": "MIT",
        }
        saving.write_weights(self.out, self.learning.weights(), metadata)
