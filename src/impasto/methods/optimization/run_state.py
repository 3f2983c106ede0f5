"""Where an optimisation stands between two steps, for a checkpoint and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from impasto.errors import CheckpointError
from impasto.methods.optimization.optimizers import Optimizer, State, copied, is_of_band
from impasto.methods.optimization.schedule import Scale

__all__ = ["RunState"]

# The columns of the history in the first format of a checkpoint, which did not name them.
FIRST_LOSSES = ("content", "style", "tv", "total")
OPTIMIZER = "optimizer"


@dataclass(frozen=True)
class RunState:
    """The state of an optimisation between two steps.

    Attributes:
        scale: which scale it is at, from 0.
        scale_step: steps done at that scale.
        retries: evaluations undone since the last step.
        weights_sha256: of the backbone's weights, as `VGG.sha256` gives it.
        optimizer: the optimizer's state.
        history: (steps done, losses + 2) float64: each loss, seconds, retries.
        random_state: of the generator of noise, as torch gives it.
        losses: names of the losses.
        ended: steps done at each scale before that one; None for a run whose scales had all the
            steps they might have, as earlier versions kept it.
        tile: px of a tile that larger scales are painted in; 0 for the whole.
        wide: of such a tile from left to right; 0 for as many as from top to bottom.
        clip_sha256: of the model that read the words, as `Clip.sha256` gives it; empty for none.
        forms: whether kept faces are held by their forms too, as earlier versions did not.
    """

    scale: int
    scale_step: int
    retries: int
    weights_sha256: str
    optimizer: State
    history: Tensor
    random_state: Tensor
    losses: tuple[str, ...] = FIRST_LOSSES
    ended: tuple[int, ...] | None = None
    tile: int = 0
    wide: int = 0
    clip_sha256: str = ""
    forms: bool = False

    @classmethod
    def read(cls, state: Mapping[str, Any]) -> RunState:
        """From the `state` of a checkpoint.

        Raises:
            CheckpointError: a part of it is missing or is of another kind.
        """
        try:
            optimizer: State = dict(state[OPTIMIZER])
            for name, value in state.items():
                if name.startswith(f"{OPTIMIZER}."):
                    optimizer[name.removeprefix(f"{OPTIMIZER}.")] = value
            ended = state.get("ended")
            return cls(
                scale=int(state["scale"]),
                scale_step=int(state["scale_step"]),
                retries=int(state["retries"]),
                weights_sha256=str(state["weights_sha256"]),
                optimizer=optimizer,
                history=state["history"].to(torch.float64),
                random_state=state["random_state"],
                losses=tuple(state.get("losses", FIRST_LOSSES)),
                ended=None if ended is None else tuple(map(int, ended)),
                tile=int(state.get("tile", 0)),
                wide=int(state.get("wide", 0)),
                clip_sha256=str(state.get("clip_sha256", "")),
                forms=bool(state.get("forms")),
            )
        except (AttributeError, LookupError, TypeError, ValueError) as error:
            raise _damaged(error) from None

    def as_state(self) -> dict[str, Any]:
        """For a checkpoint; a copy, which later steps do not change, unless it is of tiles.

        Those are for pictures of which memory holds no second one: write the state before the next
        step.
        """
        parts = self.optimizer if self.tile else copied(self.optimizer)
        tensors = {f"{OPTIMIZER}.{k}": v for k, v in parts.items() if isinstance(v, Tensor)}
        return {
            "scale": self.scale,
            "scale_step": self.scale_step,
            "retries": self.retries,
            "weights_sha256": self.weights_sha256,
            OPTIMIZER: {k: v for k, v in parts.items() if not isinstance(v, Tensor)},
            "history": self.history,
            "random_state": self.random_state,
            "losses": list(self.losses),
            "ended": None if self.ended is None else list(self.ended),
            "tile": self.tile,
            "wide": self.wide,
            "clip_sha256": self.clip_sha256,
            "forms": self.forms,
            **tensors,
        }

    def restore(self, optimizer: Optimizer) -> None:
        """Put an optimizer where this run's was.

        Raises:
            CheckpointError: if a part of its state is missing or has another shape.
        """
        pixels = optimizer.ask().shape
        try:
            for name, value in self.optimizer.items():
                if isinstance(value, Tensor) and not is_of_band(name) and value.shape != pixels:
                    raise ValueError(f"{name} has another shape than the picture")
            optimizer.load(self.optimizer)
        except (KeyError, RuntimeError, TypeError, ValueError) as error:
            if isinstance(error, RuntimeError) and "memory" in str(error):
                raise  # it ran out, and nothing is damaged
            raise _damaged(error) from None

    def verify_weights(self, sha256: str) -> None:
        """Check that the backbone has the weights it had.

        Raises:
            CheckpointError: if they are others.
        """
        if sha256 != self.weights_sha256:
            raise CheckpointError(
                "the backbone's weights are not those this run began with: put the old ones "
                "back (an older impasto may have bundled them), or start anew"
            )

    def verify_clip(self, sha256: str) -> None:
        """Check that the words are read by the model that read them.

        Raises:
            CheckpointError: by another.
        """
        if sha256 != self.clip_sha256:
            raise CheckpointError(
                "the CLIP model is not the one this run began with: put that one back where it "
                "was, or start anew"
            )

    def ends(self, scales: Sequence[Scale]) -> tuple[int, ...]:
        """How many steps each scale had that is over, coarse to fine.

        Raises:
            CheckpointError: if this state belongs to other scales.
        """
        most = [scale.steps for scale in scales[: self.scale + 1]]
        ended = tuple(most[: self.scale]) if self.ended is None else self.ended
        done = (*ended, self.scale_step)
        expected = sum(map(min, done, most))
        if expected != len(self.history) or len(done) != len(most):
            raise CheckpointError(
                f"{len(self.history)} steps are done and the scales of these settings have "
                f"{expected} up to there: go on with the impasto that wrote the checkpoint, or "
                "start anew"
            )
        return ended


def _damaged(error: Exception) -> CheckpointError:
    return CheckpointError(
        f"the checkpoint's state is damaged ({error}): give another, or start anew"
    )
