from __future__ import annotations

import torch

from impasto.training.stylizers.discriminator import Discriminator, hinge_loss


def test_a_critic_learns_to_tell_stripes_from_plain_grey() -> None:
    torch.manual_seed(0)
    critic = Discriminator()
    stripes = torch.ones(2, 3, 32, 32)
    stripes[..., ::4] = stripes[..., 1::4] = -1.0
    plain = torch.zeros(2, 3, 32, 32)
    optimizer = torch.optim.Adam(critic.parameters(), 2e-3)
    before = after = 0.0
    for _ in range(30):
        loss = hinge_loss(critic(stripes), real=True) + hinge_loss(critic(plain), real=False)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        after = loss.item()
        before = before or after
    assert after < 0.5 * before


def test_scores_beyond_the_hinge_cost_nothing() -> None:
    sure = [torch.full((1, 1, 2, 2), -1.5)]
    assert hinge_loss(sure, real=False).item() == 0
    assert hinge_loss(sure, real=True).item() == 2.5
