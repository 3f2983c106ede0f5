from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from impasto import losses
from impasto.errors import SettingError, UnknownNameError
from impasto.imaging.tensors import MEAN, STD
from impasto.losses.perceptual import PerceptualLoss
from impasto.networks.features import VGG

Make = Callable[..., VGG]


def picture(seed: int, height: int = 32, width: int = 32, batch: int = 2) -> Tensor:
    return torch.rand(batch, 3, height, width, generator=torch.Generator().manual_seed(seed))


@pytest.mark.parametrize("style_loss", ["moments", "gram-raw"])
def test_equal_pictures_are_0_apart(style_loss) -> None:
    loss = PerceptualLoss("slim", ["relu3_1"], ["relu1_1"], style_loss=style_loss)
    assert loss(picture(0), picture(0)).item() == 0
    assert loss(picture(0), picture(1)).item() > 0


def test_it_is_the_weighted_sum_written_out(tiny_vgg: Make) -> None:
    net = tiny_vgg("relu1_1", "relu2_1")
    output, target = picture(0), picture(1)
    loss = PerceptualLoss(net, {"relu2_1": 3.0}, {"relu1_1": 5.0, "relu2_1": 7.0})
    mean, std = (torch.tensor(v).view(3, 1, 1) for v in (MEAN, STD))
    features, target_features = (net((p - mean) / std) for p in (output, target))
    by_hand = 3 * losses.relative_mse(features["relu2_1"], target_features["relu2_1"])
    for layer, weight in (("relu1_1", 5), ("relu2_1", 7)):
        by_hand += weight * losses.moments_loss(
            features[layer], losses.moments(target_features[layer])
        )
    assert loss(output, target).item() == pytest.approx(by_hand.item(), rel=1e-5)


def test_pictures_may_come_standardised(tiny_vgg: Make) -> None:
    net = tiny_vgg("relu2_1")
    mean, std = (torch.tensor(v).view(3, 1, 1) for v in (MEAN, STD))
    plain = PerceptualLoss(net, ["relu2_1"])
    standard = PerceptualLoss(net, ["relu2_1"], standardise=False)
    one, other = picture(0), picture(1)
    value = standard((one - mean) / std, (other - mean) / std)
    assert plain(one, other).item() == pytest.approx(value.item(), rel=1e-5)


def test_the_gradient_flows_to_the_output_only() -> None:
    loss = PerceptualLoss("slim", ["relu2_1"], ["relu1_1"])
    output, target = picture(0).requires_grad_(), picture(1).requires_grad_()
    loss(output, target).backward()
    assert output.grad is not None
    assert output.grad.abs().max() > 0
    assert target.grad is None
    assert list(loss.parameters()) == []


def test_for_style_alone_the_target_may_have_another_size() -> None:
    loss = PerceptualLoss("slim", (), ["relu1_1", "relu2_1"])
    assert loss(picture(0), picture(1, 24, 40)).item() > 0


def test_style_does_not_feel_where_things_are(tiny_vgg: Make) -> None:
    loss = PerceptualLoss(tiny_vgg("relu1_1"), (), ["relu1_1"])
    one = picture(0)
    value = loss(one.roll(7, -1), one).item()
    assert value < 0.01 * loss(picture(1) ** 3, one).item()


def test_it_moves_to_double_and_back_through_a_file() -> None:
    loss = PerceptualLoss("slim", ["relu2_1"])
    file = io.BytesIO()
    torch.save(loss.state_dict(), file)
    file.seek(0)
    other = PerceptualLoss("slim", ["relu2_1"])
    other.mean.zero_()
    other.load_state_dict(torch.load(file, weights_only=True))
    value = loss(picture(0), picture(1)).item()
    assert other(picture(0), picture(1)).item() == value
    double = other.double()(picture(0).double(), picture(1).double())
    assert double.dtype == torch.float64
    assert double.item() == pytest.approx(value, rel=1e-4)


def test_five_steps_of_training_make_it_smaller() -> None:
    torch.manual_seed(0)
    net = nn.Conv2d(3, 3, 3, padding=1)
    loss = PerceptualLoss("slim", ["relu2_1"], ["relu1_1"])
    adam = torch.optim.Adam(net.parameters(), lr=0.02)
    values = []
    for _ in range(6):
        value = loss(net(picture(0)), picture(0))
        values.append(value.item())
        adam.zero_grad()
        value.backward()
        adam.step()
    assert values[-1] < 0.8 * values[0]


def test_unknown_names_are_told() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'slim'"):
        PerceptualLoss("slimm")
    with pytest.raises(UnknownNameError, match="layer of slim"):
        PerceptualLoss("slim", ["relu9_1"])


def test_a_fixed_style_is_the_style_of_each_call() -> None:
    style = picture(3)
    layers = ["relu1_1", "relu2_1"]
    for kind in losses.STYLE_LOSSES:
        constant = PerceptualLoss("slim", [], layers, style_loss=kind, style=style)
        each = PerceptualLoss("slim", [], layers, style_loss=kind)
        assert constant(picture(0)).item() == each(picture(0), style).item()


def test_a_fixed_style_is_looked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    loss = PerceptualLoss("slim", ["relu2_1"], ["relu1_1"], style=picture(3))
    inputs = []
    forward = loss.backbone.forward
    monkeypatch.setattr(loss.backbone, "forward", lambda x: inputs.append(x) or forward(x))
    loss(picture(0), picture(1))
    loss(picture(2), picture(1))
    assert len(inputs) == 4  # output and content target of each call


@pytest.mark.parametrize("kind", ["moments", "wasserstein", "sliced", "histogram"])
def test_told_that_a_style_is_plain_it_wants_no_texture(kind: str) -> None:
    paper = torch.full((1, 3, 48, 48), 0.9)
    picture = torch.rand(1, 3, 48, 48, generator=torch.Generator().manual_seed(0))
    layers = ["relu1_1", "relu2_1"]
    ordinary, plain = (
        PerceptualLoss("slim", [], layers, style_loss=kind, style=paper, plain=plain)
        for plain in (False, True)
    )

    def calm_and_rough(grey: float) -> tuple[Tensor, Tensor]:
        calm, rough = (grey + contrast * (picture - 0.5) for contrast in (0.05, 0.2))
        return calm, rough

    calm, rough = calm_and_rough(0.5)
    assert ordinary(rough) < ordinary(calm)  # of a wrong colour the rougher one is nearer: mud
    for grey in (0.6, 0.8):
        calm, rough = calm_and_rough(grey)
        assert plain(calm) < plain(rough)


def test_a_fixed_style_goes_into_the_state_and_another_may_be_set() -> None:
    loss = PerceptualLoss("slim", [], ["relu1_1"], style=picture(3))
    value = loss(picture(0)).item()
    other = PerceptualLoss("slim", [], ["relu1_1"], style=picture(4))
    assert other(picture(0)).item() != value
    other.load_state_dict(loss.state_dict())
    assert other(picture(0)).item() == value
    other.set_style(picture(4))
    assert other(picture(0)).item() != value
    assert list(loss.parameters()) == []


def test_one_style_serves_every_picture_of_a_batch() -> None:
    loss = PerceptualLoss("slim", [], ["relu1_1"], style=picture(3)[:1])
    batch = picture(0)
    apart = [loss(one[None]).item() for one in batch]
    assert loss(batch).item() == pytest.approx(sum(apart) / len(apart), rel=1e-4)


def test_the_gradient_reaches_the_output_and_nothing_else() -> None:
    loss = PerceptualLoss("slim", ["relu2_1"], ["relu1_1"], style=picture(3))
    output, target = picture(0).requires_grad_(), picture(1).requires_grad_()
    loss(output, target).backward()
    assert output.grad is not None
    assert output.grad.abs().max() > 0
    assert target.grad is None


@pytest.mark.parametrize(
    ("make", "call", "words"),
    [
        (lambda: PerceptualLoss("slim", {"relu1_1": -1.0}), None, "weight of relu1_1 is -1"),
        (lambda: PerceptualLoss("slim", style=picture(3)), None, "no style_layers"),
        (lambda: PerceptualLoss("slim"), (picture(0),), "no target is given"),
        (
            lambda: PerceptualLoss("slim"),
            (picture(0), picture(1)[..., :-8]),
            "same height and width",
        ),
        (lambda: PerceptualLoss("slim"), (picture(0)[0], picture(1)), r"give \(B, 3, H, W\)"),
    ],
)
def test_what_cannot_be_compared_is_told_in_a_sentence(make: Any, call: Any, words: str) -> None:
    def try_it() -> None:
        loss = make()
        loss(*call)

    with pytest.raises(SettingError, match=words):
        try_it()
