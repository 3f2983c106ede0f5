"""A painter learns styles of one's own, step by step: read this file and you have seen how.

Everything a step draws follows from the seed and its number, so that a training which goes on from
a checkpoint ends with the bytes of one that was not stopped (same machine, same threads).
"""

from __future__ import annotations

import copy
import math
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import torch
from torch import Tensor, nn

from impasto.errors import CheckpointError, NonFiniteError
from impasto.imaging.tensors import MEAN, STD
from impasto.networks.stylizers import Hand
from impasto.networks.stylizers.reader import LAYERS as READ
from impasto.training.crops import draw_crops, generator_for
from impasto.training.stylizers import start
from impasto.training.stylizers.course import Course
from impasto.training.stylizers.discriminator import Discriminator, hinge_loss
from impasto.training.stylizers.objective import (
    Guide,
    Target,
    colour_statistics,
    evaluate,
    grey_content,
)

__all__ = ["Gradient", "Learning", "standardised"]

# Of Adam: few steps of many kinds of pictures, so the second moment forgets sooner than usual.
BETAS = (0.9, 0.99)
CRITIC_LR, CRITIC_BETAS = 4e-4, (0.5, 0.99)
CLIP = 2.0  # of the gradient's norm
# What is kept is an average over about the last eighth of the steps so far, however many there are:
# polynomial-decay averaging (Shamir and Zhang, 2013).
DECAY = 7
CODE_PRIOR = 1e-3  # of the mean square of codes, for points between and around styles
BLENDED = 0.25  # share of the draws that blend two styles
ADVERSARIAL_FROM = 2 / 3  # of the training, from which on a critic takes part
TRIED, TIMED = 2, 3  # steps before the clock, and by it
FAR = 1_000_000  # steps, of a training whose first steps no critic sees


class Draw(NamedTuple):
    """What a step is drawn.

    Attributes:
        content: (B, 3, H, W), standardised.
        shares: (N, S), of each style, N draws of S styles.
        strengths: (N,).
        generator: for what else the step draws.
    """

    content: Tensor
    shares: Tensor
    strengths: Tensor
    generator: torch.Generator


class Gradient(NamedTuple):
    """What a share of a step gives.

    Attributes:
        losses: weighted, by name, their sum `total` last.
        gradients: of each parameter of the network, in their order.
    """

    losses: dict[str, float]
    gradients: list[Tensor]


class Learning:
    """A training in progress.

    Args:
        course: what decides the weights.
        names: of the styles.
        styles: (1, 3, H, W) each, uint8, as large as their strokes are to be learnt.
        photographs: (1, 3, H, W) each, uint8, to learn from.
        guide: that looks, on the device.
        recolours: whether colours of the photographs are varied.
        device: "cpu" or "cuda".

    Attributes:
        styles, photographs, recolours: as given.
        step: the last one that was taken.
        network: as it learns; `averaged` is what is kept.
        elsewhere: gives the gradients of all shares of a step in their order, in place of this
            process; None where that computes them.
    """

    def __init__(
        self,
        course: Course,
        names: Sequence[str],
        styles: Sequence[Tensor],
        photographs: Sequence[Tensor],
        guide: Guide,
        *,
        recolours: bool = False,
        device: str = "cpu",
    ) -> None:
        self.course, self.guide, self.device = course, guide, device
        self.styles, self.photographs = list(styles), list(photographs)
        self.recolours = recolours
        self.targets, self.colours = self._look(styles)
        statistics = {layer: self.targets.full[layer].moments() for layer in READ}
        self.network = start.begin(
            names, statistics, width=course.width, start=course.start, seed=course.seed
        ).to(device)
        self.averaged = copy.deepcopy(self.network).requires_grad_(False)
        self.step = 0
        self.elsewhere: Callable[[Learning], list[Gradient]] | None = None
        self._optimizer = torch.optim.Adam(self.network.parameters(), course.lr, betas=BETAS)
        self._critic: Discriminator | None = None
        if course.adversarial:
            with torch.random.fork_rng(devices=[]):
                torch.manual_seed(course.seed)
                self._critic = Discriminator().to(device)
            self._critic_optimizer = torch.optim.Adam(
                self._critic.parameters(), CRITIC_LR, betas=CRITIC_BETAS
            )

    @torch.no_grad()
    def _look(self, styles: Sequence[Tensor]) -> tuple[Target, tuple[Tensor, Tensor]]:
        """What the guide sees of the styles, which may be of many sizes, and their colours."""
        looks = [standardised(style.to(self.device)) for style in styles]
        colours = [colour_statistics(look) for look in looks]
        means, covariances = zip(*colours, strict=True)
        targets = Target.joined([self.guide.target(look) for look in looks])
        return targets, (torch.cat(means), torch.cat(covariances))

    def learn(self) -> dict[str, float]:
        """Take the next step.

        Returns:
            The weighted losses by name, their sum `total` last, before the step.

        Raises:
            NonFiniteError: the losses are; the state is then worth nothing.
        """
        self.step += 1
        for group in self._optimizer.param_groups:
            group["lr"] = self.course.rate(self.step)
        if self.elsewhere is not None:
            numbers = self._take_mean(self.elsewhere(self))
        elif self.course.shares > 1:
            numbers = self._take_mean([self.gradient(n) for n in range(self.course.shares)])
        else:
            numbers = self._backward(0)
        nn.utils.clip_grad_norm_(self.network.parameters(), CLIP)
        self._optimizer.step()
        self._average()
        if not math.isfinite(numbers["total"]):
            raise NonFiniteError(
                f"the loss of step {self.step} is {numbers['total']}: begin anew, with another "
                "--seed"
            )
        return numbers

    def gradient(self, share: int) -> Gradient:
        """What a share of the present step gives, with the network as it is.

        Args:
            share: its number, from 0; each draws for itself.
        """
        losses = self._backward(share)
        parameters = self.network.parameters()
        zeros = torch.zeros_like
        return Gradient(
            losses, [zeros(p) if p.grad is None else p.grad.clone() for p in parameters]
        )

    def _backward(self, share: int) -> dict[str, float]:
        """Leave the gradient of a share at the parameters; its losses."""
        draw = self._draw(share)
        painted = self._paint(draw)
        losses = self._losses(painted, draw)
        if self._critic is not None and self.step > ADVERSARIAL_FROM * self.course.steps:
            opinion = self._critic_opinion(self._critic, painted, draw)
            losses["adversarial"] = self.course.adversarial * opinion
            losses["total"] = losses.pop("total") + losses["adversarial"]
        self._optimizer.zero_grad()
        losses["total"].backward()  # type: ignore[no-untyped-call]
        return {name: loss.item() for name, loss in losses.items()}

    def _take_mean(self, gradients: Sequence[Gradient]) -> dict[str, float]:
        """Leave the mean gradient at the parameters; the mean losses."""
        count = len(gradients)
        for place, parameter in enumerate(self.network.parameters()):
            total = torch.zeros_like(parameter)
            for gradient in gradients:  # in their order: sums depend on it
                total += gradient.gradients[place].to(total.device)
            parameter.grad = total / count
        names = gradients[0].losses
        return {name: sum(own.losses[name] for own in gradients) / count for name in names}

    def _draw(self, share: int = 0) -> Draw:
        course = self.course
        own = (share,) if share else ()
        generator = generator_for(course.seed, self.step, *own)
        crops = draw_crops(
            self.photographs, course.batch, course.side, generator, recolours=self.recolours
        )
        content = standardised(crops.to(self.device))
        even = torch.rand(course.draws, generator=generator) * 2 - 1
        strengths = even**3  # the middle, which is the default, most often
        count = len(self.styles)
        shares = torch.zeros(course.draws, count)
        rolls = torch.rand(course.draws, 2, generator=generator).tolist()
        for row, (blends, share) in zip(shares, rolls, strict=True):
            one, *others = torch.randperm(count, generator=generator).tolist()
            row[one] = 1.0
            if others and blends < BLENDED:
                row[one], row[others[0]] = share, 1 - share
        return Draw(content, shares.to(self.device), strengths.to(self.device), generator)

    def _paint(self, draw: Draw) -> Tensor:
        """(B, 3, H, W), standardised: the crops in turn by each of the draws."""
        low = self.course.dtype != torch.float32
        codes = draw.shares @ self.network.codes
        parts = draw.content.tensor_split(len(codes))
        with torch.autocast(self.device, self.course.dtype, low):
            hands: list[Hand] = self.network.painter.hands(codes, draw.strengths[:, None])
            painted = [
                self.network.painter.paint(part, hand, wraps=True)
                for part, hand in zip(parts, hands, strict=True)
            ]
        return torch.cat(painted).float()

    def _losses(self, painted: Tensor, draw: Draw) -> dict[str, Tensor]:
        times = self.course.batch // self.course.draws
        target = self.targets.mixed(draw.shares).repeated(times)
        mean, covariance = (
            torch.tensordot(draw.shares, of, 1).repeat_interleave(times, 0) for of in self.colours
        )
        losses = evaluate(
            [self.guide],
            [target],
            (mean, covariance),
            painted,
            grey_content(draw.content),
            draw.strengths.repeat_interleave(times),
        )
        if len(self.styles) > 1:
            losses["prior"] = CODE_PRIOR * self.network.codes.square().mean()
            losses["total"] = losses.pop("total") + losses["prior"]
        return losses

    def _critic_opinion(self, critic: Discriminator, painted: Tensor, draw: Draw) -> Tensor:
        """Teach the critic by a step, and ask it of what was painted."""
        course = self.course
        real = draw_crops(self.styles, course.batch, course.side, draw.generator)
        real = standardised(real.to(self.device))
        self._critic_optimizer.zero_grad()
        loss = hinge_loss(critic(real), real=True)
        loss = loss + hinge_loss(critic(painted.detach()), real=False)
        loss.backward()  # type: ignore[no-untyped-call]
        self._critic_optimizer.step()
        critic.requires_grad_(False)
        scores = critic(painted)
        critic.requires_grad_(True)
        return -sum((score.mean() for score in scores), painted.new_zeros(())) / len(scores)

    @torch.no_grad()
    def _average(self) -> None:
        share = (1 + DECAY) / (1 + DECAY + self.step)
        own, average = ([*network.parameters()] for network in (self.network, self.averaged))
        torch._foreach_lerp_(average, own, share)  # type: ignore[arg-type]

    def measured_step_s(self) -> float:
        """Seconds that a step takes in the mean, by some that are undone afterwards.

        A critic takes part in the last of them alone, and is counted for its share of the steps.
        """
        before, course = copy.deepcopy(self.state()), self.course
        self.course = replace(course, steps=FAR)
        seconds = self._timed_step_s()
        if self._critic is not None:
            self.course = replace(course, steps=1)
            judged = self._timed_step_s()
            seconds += (1 - ADVERSARIAL_FROM) * (judged - seconds)
        self.course = course
        self.restore(before)
        return seconds

    def _timed_step_s(self) -> float:
        for _ in range(TRIED):
            self.learn()
        seconds = []
        for _ in range(TIMED):
            begun = time.perf_counter()
            self.learn()
            seconds.append(time.perf_counter() - begun)
        return statistics.median(seconds)

    def state(self) -> dict[str, Tensor]:
        """All that the next step depends on, besides course and pictures, by name."""
        parts: dict[str, Mapping[str, Tensor]] = {
            "network": self.network.state_dict(),
            "averaged": self.averaged.state_dict(),
            "optimizer": _flat(self._optimizer),
        }
        if self._critic is not None:
            parts["critic"] = self._critic.state_dict()
            parts["critic_optimizer"] = _flat(self._critic_optimizer)
        state = {f"{part}/{name}": t for part, of in parts.items() for name, t in of.items()}
        return state | {"step": torch.tensor(self.step)}

    def restore(self, state: Mapping[str, Tensor]) -> None:
        """Go on from where `state` was taken.

        Raises:
            CheckpointError: it is of another training.
        """
        parts: dict[str, dict[str, Tensor]] = {}
        for name, tensor in state.items():
            part, _, rest = name.partition("/")
            parts.setdefault(part, {})[rest] = tensor
        try:
            self.network.load_state_dict(parts["network"])
            self.averaged.load_state_dict(parts["averaged"])
            _unflatten(self._optimizer, parts.get("optimizer", {}))
            if self._critic is not None:
                self._critic.load_state_dict(parts["critic"])
                _unflatten(self._critic_optimizer, parts.get("critic_optimizer", {}))
            self.step = int(state["step"])
        # What does not fit fails in as many ways as there are parts.
        except Exception as error:
            raise CheckpointError(
                f"the checkpoint does not fit this training ({error}): start anew"
            ) from error


def standardised(pixels: Tensor) -> Tensor:
    """(B, 3, H, W) from 0 to 255 as the networks want it, channels last.

    Example:
        >>> round(standardised(torch.zeros(1, 3, 1, 1)).flatten()[0].item(), 3)
        -2.118
    """
    mean, std = (torch.tensor(v, device=pixels.device).view(1, 3, 1, 1) for v in (MEAN, STD))
    x = (pixels.float() / 255 - mean) / std
    return x.contiguous(memory_format=torch.channels_last)


def _flat(optimizer: torch.optim.Optimizer) -> dict[str, Tensor]:
    """The tensors of an optimizer's state by parameter and name."""
    state = optimizer.state_dict()["state"]
    return {f"{number}/{name}": t for number, own in state.items() for name, t in own.items()}


def _unflatten(optimizer: torch.optim.Optimizer, tensors: Mapping[str, Tensor]) -> None:
    state: dict[int, dict[str, Tensor]] = {}
    for key, tensor in tensors.items():
        number, _, name = key.partition("/")
        state.setdefault(int(number), {})[name] = tensor
    optimizer.load_state_dict({**optimizer.state_dict(), "state": state})
