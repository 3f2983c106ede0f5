from __future__ import annotations

import pytest
import torch
from torch import Tensor

from impasto.errors import SettingError
from impasto.losses import GramLoss, gram_loss, gram_matrix
from impasto.losses.gram import split_heads


@pytest.fixture
def noise() -> Tensor:
    generator = torch.Generator().manual_seed(0)
    return torch.randn(2, 4, 3, 5, dtype=torch.float64, generator=generator)


def test_gram_is_the_formula_written_out(noise: Tensor) -> None:
    gram = gram_matrix(noise)
    assert gram.shape == (2, 4, 4)
    for b in range(2):
        for i in range(4):
            for j in range(4):
                one, other = noise[b, i].flatten().tolist(), noise[b, j].flatten().tolist()
                by_hand = sum(u * v for u, v in zip(one, other, strict=True)) / (4 * 15)
                assert gram[b, i, j].item() == pytest.approx(by_hand)


def test_gram_of_orthogonal_channels_is_diagonal() -> None:
    stripes = torch.tensor([[1.0, 1.0, 1.0, 1.0], [1.0, -1.0, 1.0, -1.0], [1.0, 1.0, -1.0, -1.0]])
    gram = gram_matrix(stripes.view(1, 3, 2, 2))
    assert torch.allclose(gram, torch.eye(3) / 3)


def test_gram_does_not_feel_where_things_are(noise: Tensor) -> None:
    places = torch.randperm(15, generator=torch.Generator().manual_seed(1))
    shuffle = noise.flatten(2)[..., places].view_as(noise)
    assert not torch.equal(shuffle, noise)
    assert torch.allclose(gram_matrix(shuffle), gram_matrix(noise))


def test_gram_does_not_feel_the_size_of_a_repeated_picture(noise: Tensor) -> None:
    assert torch.allclose(gram_matrix(noise.repeat(1, 1, 2, 3)), gram_matrix(noise))


@pytest.mark.parametrize("heads", [2, 4])
def test_heads_are_the_blocks_on_the_diagonal(noise: Tensor, heads: int) -> None:
    whole, by_head = gram_matrix(noise), gram_matrix(noise, heads)
    width = 4 // heads
    assert by_head.shape == (2, heads, width, width)
    for head in range(heads):
        block = slice(head * width, (head + 1) * width)
        assert torch.allclose(by_head[:, head], whole[:, block, block])


def test_heads_that_do_not_fit_are_told_those_that_do() -> None:
    with pytest.raises(SettingError, match=r"6 channels .* 4 heads: take one of 1, 2, 3, 6"):
        split_heads(torch.zeros(1, 6, 2, 2), 4)


@pytest.mark.parametrize("heads", [1, 2])
def test_the_loss_is_the_mean_square_of_the_difference(noise: Tensor, heads: int) -> None:
    target = gram_matrix(noise.flip(0) * 2, heads)
    difference = (gram_matrix(noise, heads) - target).flatten().tolist()
    by_hand = sum(d * d for d in difference) / len(difference)
    assert gram_loss(noise, target, heads).item() == pytest.approx(by_hand)


def test_the_gradient_is_that_of_the_formula(noise: Tensor) -> None:
    target = gram_matrix(noise.flip(0))
    assert torch.autograd.gradcheck(
        lambda x: gram_loss(x, target),
        noise.clone().requires_grad_(),
    )


def test_the_module_keeps_the_target_and_no_graph(noise: Tensor) -> None:
    loss = GramLoss(noise.clone().requires_grad_(), heads=2)
    assert not loss.target.requires_grad
    assert loss(noise).item() == 0
    assert loss(2 * noise) == gram_loss(2 * noise, gram_matrix(noise, 2), 2)
    assert list(loss.state_dict()) == ["target"]


def test_a_style_may_have_another_size_than_the_picture(noise: Tensor) -> None:
    assert GramLoss(noise)(torch.zeros(2, 4, 9, 2, dtype=torch.float64)).item() > 0
