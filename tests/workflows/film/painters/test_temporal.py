from __future__ import annotations

import pytest
import torch

from impasto.imaging.tensors import resized
from impasto.methods.optimization.objective import View
from impasto.methods.optimization.targets import Region, Scene, StyleView
from impasto.settings import StyleSettings
from impasto.workflows.film.painters.temporal import Held, TemporalTerm


def view(height: int, width: int, margin: int) -> View:
    content = torch.zeros(1, 3, height + 2 * margin, width + 2 * margin)
    scene = Scene(content, (Region((StyleView(content),), (1.0,)),), margin=margin)
    return View(scene, StyleSettings(), lambda _: {}, {})


def test_the_gradient_is_that_of_the_loss() -> None:
    torch.manual_seed(0)
    picture, target = torch.randn(2, 1, 3, 6, 7)
    term = TemporalTerm(target, torch.rand(1, 1, 6, 7), weight=3.0)
    x = picture.clone().requires_grad_()
    loss = term(x)
    (expected,) = torch.autograd.grad(term.weight * loss, x)
    gradient = torch.ones_like(picture)
    assert term.add_gradient(picture, gradient).item() == pytest.approx(loss.item())
    assert torch.allclose(gradient, 1 + expected, atol=1e-6)


def test_what_does_not_count_pulls_nothing() -> None:
    term = TemporalTerm(torch.zeros(1, 3, 4, 4), torch.zeros(1, 1, 4, 4))
    assert term(torch.ones(1, 3, 4, 4)).item() == 0


def test_a_term_has_the_size_of_its_scale_and_the_margin_mirrors() -> None:
    torch.manual_seed(0)
    target, share = torch.randn(1, 3, 32, 48), torch.rand(1, 1, 32, 48)
    term = Held(target, share, 5.0)(view(16, 24, 2))
    assert term.weight == 5.0
    assert term.target.shape == (1, 3, 20, 28)
    assert torch.equal(term.target[..., 2:-2, 2:-2], resized(target, 16, 24))
    assert torch.equal(term.target[..., 0, :], term.target[..., 4, :])
    assert term.share.shape == (1, 1, 20, 28)
    assert 0 <= term.share.min() <= term.share.max() <= 1


def test_a_term_reads_no_layers() -> None:
    held = Held(torch.zeros(1, 3, 8, 8), torch.ones(1, 1, 8, 8), 1.0)
    assert tuple(held.layers) == tuple(held(view(8, 8, 0)).layers) == ()
