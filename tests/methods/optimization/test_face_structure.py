"""Forms of kept faces: what holds them, and what it leaves free."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from impasto.faces import Face
from impasto.methods.optimization import face_structure as module
from impasto.methods.optimization.face_structure import FaceStructure, face_structure
from impasto.methods.optimization.targets import Scene

FACE = Face((30, 30, 90, 114), 1.0, (45, 60), (75, 60), (60, 75), (48, 93), (72, 93))


def content(height: int = 152, width: int = 120) -> torch.Tensor:
    """Blurred noise: forms everywhere."""
    noise = torch.randn(1, 3, height // 8, width // 8, generator=torch.Generator().manual_seed(0))
    return torch.nn.functional.interpolate(noise, (height, width), mode="bicubic")


PHOTO = content()


def scene(*kept: Face, photo: torch.Tensor = PHOTO) -> Scene:
    return replace(Scene.of(photo, torch.zeros(1, 3, 40, 40)), faces=kept)


def held(*kept: Face, weight: float = 1.0, photo: torch.Tensor = PHOTO) -> FaceStructure:
    found = face_structure(scene(*kept, photo=photo), [1.0] * len(kept), weight)
    assert found is not None
    return found


def test_the_photograph_itself_and_one_of_other_contrast_lose_nothing() -> None:
    loss = held(FACE)
    assert loss(PHOTO).item() == pytest.approx(0, abs=1e-4)
    assert loss(0.7 * PHOTO + 0.4).item() < 0.02 * loss(-PHOTO).item()
    assert loss(PHOTO.flip(-1)).item() > 0.2 * loss(-PHOTO).item()


def test_what_is_painted_beside_the_face_is_free() -> None:
    loss, painting = held(FACE), PHOTO.clone()
    painting[..., :6] = -painting[..., :6]
    assert loss(painting).item() < 0.01 * loss(-PHOTO).item()


def test_eyes_and_mouth_count_more_than_a_cheek() -> None:
    loss = held(FACE)

    def spoiled(x: float, y: float) -> float:
        painting, (left, top) = PHOTO.clone(), (round(x) - 5, round(y) - 5)
        spot = painting[..., top : top + 10, left : left + 10]
        painting[..., top : top + 10, left : left + 10] = -spot
        return loss(painting).item()

    assert spoiled(*FACE.left_eye) > 1.5 * spoiled(86, 78)


def test_its_gradient_is_that_of_differentiation_and_within_the_face() -> None:
    loss, x = held(FACE, FACE.moved(0.4, 0.4, 4, 90)), content(152, 120).flip(-2)
    x.requires_grad_()
    (wished,) = torch.autograd.grad(3 * loss(x), x)
    gradient = torch.ones_like(x)
    told = loss.add_gradient(x.detach(), gradient, 3.0)
    assert told.item() == pytest.approx(loss(x).item())
    assert torch.allclose(gradient - 1, wished, atol=1e-6)
    assert wished[..., 119].abs().max() < 0.01 * wished.abs().max()


def test_a_large_face_is_looked_at_smaller_and_counts_by_its_share_of_the_picture() -> None:
    large = FACE.moved(3, 3)
    photo = torch.nn.functional.interpolate(PHOTO, scale_factor=3, mode="bicubic")
    losses = [
        held(FACE)(-PHOTO).item(),
        held(large, photo=photo)(-photo).item(),
        held(FACE, weight=2.0)(-PHOTO).item(),
    ]
    assert losses[1] == pytest.approx(losses[0], rel=0.1)
    assert losses[2] == pytest.approx(2 * losses[0])


def test_a_face_is_made_smaller_as_by_a_filter_with_antialiasing() -> None:
    size = round(0.3 * PHOTO.shape[-2]), round(0.3 * PHOTO.shape[-1])
    wished = torch.nn.functional.interpolate(PHOTO, size, mode="bilinear", antialias=True)
    assert torch.allclose(module._smaller(PHOTO, 0.3), wished, atol=1e-5)


def test_what_is_too_small_beyond_the_picture_or_hidden_holds_nothing() -> None:
    for face in (FACE.moved(0.1, 0.1), FACE.moved(1, 1, 900)):
        assert face_structure(scene(face), [1.0], 1.0) is None
    assert face_structure(scene(), [], 1.0) is None
    hidden = replace(scene(FACE), visible=torch.zeros(1, 1, 152, 120))
    assert face_structure(hidden, [1.0], 1.0) is None
