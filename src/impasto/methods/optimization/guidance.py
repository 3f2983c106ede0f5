"""Words that guide a painting: one more loss, of what CLIP sees in cut-outs of the picture.

The patch loss of CLIPstyler (Kwon and Ye, CVPR 2022) beside our own losses, on the pixels. It
leaves the paper where that paints with a network and draws anew at every step: the cut-outs stay
for `HELD` steps, since a line search compares losses of one and the same function, and are drawn
from the seed and the number of the step alone, so that a run goes on exactly. They lie evenly over
the picture, and are turned in perspective without any black around them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from impasto.errors import SettingError
from impasto.imaging import tensors
from impasto.losses.direction import direction_loss
from impasto.losses.terms import Features
from impasto.methods.optimization import canvas
from impasto.methods.optimization.objective import View
from impasto.settings import StyleSettings

__all__ = ["HELD", "Guidance", "TextTerm", "check_text"]

HELD = 10
"""Steps for which the same cut-outs are looked at."""

# Steps of a sequence that fills a square evenly, however long it is: powers of 1 / 1.3247, the
# root of x³ = x + 1 (Roberts, "The unreasonable effectiveness of quasirandom sequences", 2018).
EVEN = torch.tensor([0.7548776662, 0.5698402910])
CROP_SHARE = 0.25  # of the shorter side, as the paper's 128 px of 512
SMALLEST_CROP = 64  # px; what is enlarged more than that is a blur to CLIP
# How far a corner moves inwards at most, in halves of a side (torchvision's `distortion_scale`).
DISTORTION = 0.5
# Floats that a gradient keeps for each place and layer of a transformer, over its width: measured
# with a random ViT-B/32 (docs/clip.md).
KEPT = 20
FLOAT = 4  # bytes


def check_text(settings: StyleSettings, prompt: str, device: torch.device) -> None:
    """Refuse words that count and are missing, or that nobody could read or follow.

    Raises:
        SettingError: `text_weight` is above 0, and there are no words or no CLIP; or the same bytes
            are asked for where torch has no such gradients.
    """
    if not settings.text_weight:
        return
    weight = f"text_weight is {settings.text_weight:g}"
    if settings.clip is None:
        raise SettingError(
            f"{weight}, and no CLIP model reads the words: name one with --clip FOLDER, or leave "
            "text_weight out"
        )
    if not prompt.strip():
        raise SettingError(
            f"{weight}, and there are no words to follow: give them (--text, or prompt= in Python),"
            " or leave text_weight out"
        )
    if settings.deterministic and device.type == "cuda":
        raise SettingError(
            f"{weight}, and the gradients of its cut-outs are never quite the same on CUDA: leave "
            "--deterministic out, or pass --device cpu"
        )


@dataclass(frozen=True)
class Guidance:
    """What words ask of a painting; binds a term at each scale, as `RunOptions.terms` has them.

    Attributes:
        clip: an `impasto.networks.clip.model.Clip`, on the device of the painting.
        text, text_source: (1, D), of the words and of what the photograph is.
        crops: how many cut-outs are looked at in a step.
        weight: factor of the loss.
        seed: of the cut-outs.
        notes: what a person may not expect.
    """

    clip: Any
    text: Tensor
    text_source: Tensor
    crops: int
    weight: float
    seed: int
    notes: tuple[str, ...] = ()
    layers: Sequence[str] = ()

    @classmethod
    def of(cls, settings: StyleSettings, prompt: str, device: torch.device) -> Guidance | None:
        """What the words of a task ask for; None where they have no weight.

        Raises:
            SettingError: as for `check_text`, or words that ask for nothing.
            ImpastoError: as for `impasto.networks.clip.model.load`.
        """
        check_text(settings, prompt, device)
        if not settings.text_weight:
            return None
        # Here, since they need the extra `clip`.
        from impasto.networks.clip import model, ranking

        assert settings.clip is not None  # or they were refused
        clip = model.load(settings.clip).to(device)
        templates = settings.text_templates.split(";")
        text = ranking.mean_of(clip, templates, prompt)
        source = ranking.mean_of(clip, templates, settings.text_source)
        if torch.equal(text, source):
            raise SettingError(
                f"the words {prompt!r} are to CLIP what text_source is, {settings.text_source!r}: "
                "there is no way from one to the other, so give others"
            )
        tokens = max(clip.tokens(sentence) for sentence in ranking.filled(templates, prompt))
        cut = f"the words have {tokens} tokens, of which {clip.name} reads {clip.longest}"
        notes = (cut,) if tokens > clip.longest else ()
        return cls(
            clip, text, source, settings.text_crops, settings.text_weight, settings.seed, notes
        )

    def kept_bytes(self) -> int:
        """What a gradient through CLIP keeps beside its weights."""
        kept: int = KEPT * self.crops * self.clip.places()
        return FLOAT * kept

    def __call__(self, view: View) -> TextTerm:
        """The term at a scale."""
        return TextTerm(self, view.scene.content, view.scene.margin)


class TextTerm:
    """How far cut-outs of the picture are from where the words point; reads the picture alone.

    Args:
        guidance: what the words ask for.
        content: (1, 3, H, W), standardised, with its margin.
        margin: px at each edge that are not looked at.
    """

    name, layers = "text", ()

    def __init__(self, guidance: Guidance, content: Tensor, margin: int) -> None:
        self._guidance, self._margin = guidance, margin
        self.weight = guidance.weight
        with torch.no_grad():
            self._source = guidance.clip.pictures(self._shown(content))
        self._round = -1
        self._corners: list[tuple[int, int]] = []
        self._turned = torch.empty(0)
        height, width = (side - 2 * margin for side in content.shape[-2:])
        self._size = height, width
        self.begin(0)

    def begin(self, step: int) -> bool:
        """Choose the cut-outs of a step of this scale, counted from 0.

        Returns:
            Whether they are others than those of the step before, so that losses of both cannot be
            compared.
        """
        if self._round != step // HELD:
            self._round = step // HELD
            self._draw()
        return step > 0 and step % HELD == 0

    def __call__(self, picture: Tensor, features: Features) -> Tensor:  # noqa: ARG002 - a term's
        """The loss before its weight."""
        asked = self._guidance
        return direction_loss(
            asked.clip.pictures(self._cut_outs(self._shown(picture))),
            self._source,
            asked.text,
            asked.text_source,
        )

    def _shown(self, x: Tensor) -> Tensor:
        """What of a picture is painted, in [0, 1]."""
        mean, std = (x.new_tensor(value).view(3, 1, 1) for value in (tensors.MEAN, tensors.STD))
        return (canvas.cropped(x, self._margin) * std + mean).clamp(0, 1)

    def _cut_outs(self, x01: Tensor) -> Tensor:
        """(N, 3, side, side) of (1, 3, H, W)."""
        side, seen = crop_side(*self._size), self._guidance.clip.side
        cut = [x01[..., top : top + side, left : left + side] for top, left in self._corners]
        squares = tensors.resized(torch.cat(cut), seen, seen)
        return F.grid_sample(
            squares, self._turned.to(x01), padding_mode="border", align_corners=False
        )

    def _draw(self) -> None:
        """Where the cut-outs of this round lie and how they are turned."""
        asked, (height, width) = self._guidance, self._size
        named = f"{asked.seed} {height} {width} {self._round}".encode()
        seed = int.from_bytes(hashlib.sha256(named).digest()[:4])
        random = torch.Generator().manual_seed(seed)
        even = torch.rand(2, generator=random) + torch.arange(asked.crops)[:, None] * EVEN
        side = crop_side(height, width)
        room = torch.tensor([height - side + 1, width - side + 1])
        self._corners = [(int(y), int(x)) for y, x in (even % 1 * room).long().minimum(room - 1)]
        inwards = DISTORTION * torch.rand(asked.crops, 4, 2, generator=random, dtype=torch.float64)
        self._turned = torch.stack([perspective(moves, asked.clip.side) for moves in inwards])


def crop_side(height: int, width: int) -> int:
    """Of the square cut-outs of a picture, in px.

    Example:
        >>> crop_side(512, 768), crop_side(96, 128), crop_side(40, 60)
        (128, 64, 40)
    """
    shorter = min(height, width)
    return max(round(CROP_SHARE * shorter), min(SMALLEST_CROP, shorter))


CORNERS = ((-1.0, -1.0), (1.0, -1.0), (-1.0, 1.0), (1.0, 1.0))


def perspective(inwards: Tensor, side: int) -> Tensor:
    """Where each px of a square looks, so that its corners see points within it.

    Args:
        inwards: (4, 2) float64, how far the points that corners see lie within them, in halves of a
            side, x and y: upper left, upper right, lower left, lower right.
        side: of the square, in px.

    Returns:
        (side, side, 2), x and y from -1 to 1, as `grid_sample` takes them.

    Example:
        >>> grid = perspective(torch.zeros(4, 2, dtype=torch.float64), 4)
        >>> [round(x, 6) for x in grid[0, :, 0].tolist()]  # as it is: the middles of four px
        [-0.75, -0.25, 0.25, 0.75]
    """
    corners = torch.tensor(CORNERS, dtype=torch.float64)
    points = corners - corners * inwards
    rows, values = [], []
    for (u, v), (x, y) in zip(corners.tolist(), points.tolist(), strict=True):
        rows += [[u, v, 1, 0, 0, 0, -u * x, -v * x], [0, 0, 0, u, v, 1, -u * y, -v * y]]
        values += [x, y]
    lens = torch.linalg.solve(
        torch.tensor(rows, dtype=torch.float64), torch.tensor(values, dtype=torch.float64)
    )
    projection = torch.cat([lens, lens.new_ones(1)]).view(3, 3)
    middles = (torch.arange(side, dtype=torch.float64) + 0.5) * 2 / side - 1
    v, u = torch.meshgrid(middles, middles, indexing="ij")
    seen = torch.stack([u, v, torch.ones_like(u)], dim=-1) @ projection.mT  # (side, side, 3)
    return (seen[..., :2] / seen[..., 2:]).float()
