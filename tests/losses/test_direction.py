from __future__ import annotations

import math

import pytest
import torch

from impasto.losses.direction import THRESHOLD, direction_loss


def drawn(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def test_it_is_the_formula_of_the_paper_above_the_threshold() -> None:
    pictures, source = drawn(6, 5), drawn(1, 5, seed=1)
    text, text_source = drawn(1, 5, seed=2), drawn(1, 5, seed=3)
    expected = []
    for picture in pictures.tolist():
        way = [a - b for a, b in zip(picture, source[0].tolist(), strict=True)]
        wished = [a - b for a, b in zip(text[0].tolist(), text_source[0].tolist(), strict=True)]
        dot = sum(a * b for a, b in zip(way, wished, strict=True))
        loss = 1 - dot / math.hypot(*way) / math.hypot(*wished)
        expected.append(max(0.0, loss - 0.7))
    assert 0 < sum(e > 0 for e in expected) < 6
    loss = direction_loss(pictures, source, text, text_source)
    assert loss.item() == pytest.approx(sum(expected) / 6, abs=1e-12)


def test_its_gradient_is_that_of_the_paper_which_leaves_out_what_is_near() -> None:
    pictures = drawn(6, 5).requires_grad_()
    source, text, text_source = drawn(1, 5, seed=1), drawn(1, 5, seed=2), drawn(1, 5, seed=3)
    (ours,) = torch.autograd.grad(direction_loss(pictures, source, text, text_source), pictures)
    apart = 1 - torch.cosine_similarity(pictures - source, text - text_source)
    papers = torch.where(apart <= THRESHOLD, 0, apart).mean()
    assert torch.allclose(ours, torch.autograd.grad(papers, pictures)[0], atol=1e-12)
    assert (ours.abs().sum(1) == 0).any()


def test_the_wrong_way_is_the_most_that_it_is() -> None:
    zero, right = torch.zeros(1, 2), torch.tensor([[1.0, 0.0]])
    assert direction_loss(-3 * right, zero, right, zero, 0.0).item() == 2
    assert direction_loss(5 * right, zero, right, zero, 0.0).item() == 0
