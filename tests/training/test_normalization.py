from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from PIL import Image
from safetensors import safe_open
from torch import Tensor

from impasto.errors import PictureError
from impasto.networks.features import VGG, Backbone
from impasto.networks.features.plan import Plan
from impasto.networks.weights import Bundled
from training import normalization
from training.normalization import main, mean_activations, photographs


def test_every_place_of_every_picture_counts_alike(tiny_vgg: Callable[..., VGG]) -> None:
    network = tiny_vgg("relu1_1", "relu2_1")
    small, large = torch.randn(1, 3, 4, 4), torch.randn(1, 3, 8, 12)
    means = mean_activations(network, [small, large])
    for layer, mean in means.items():
        flat = torch.cat([network(x)[layer].flatten(2) for x in (small, large)], 2)
        assert torch.allclose(mean, flat.double().mean((0, 2)))


def test_photographs_are_spread_evenly_over_their_names(tmp_path: Path) -> None:
    for number in range(6):
        (tmp_path / f"{number}.jpg").touch()
    (tmp_path / "notes.txt").touch()
    assert [path.name for path in photographs(tmp_path, 3)] == ["0.jpg", "2.jpg", "4.jpg"]
    assert len(photographs(tmp_path, 6)) == 6


@pytest.mark.parametrize("count", [0, 7])
def test_more_than_there_are_and_none_are_refused(count: int, tmp_path: Path) -> None:
    for number in range(6):
        (tmp_path / f"{number}.jpg").touch()
    with pytest.raises(PictureError, match=f"holds 6 photographs, and {count} are to be"):
        photographs(tmp_path, count)


def test_the_file_has_one_row_for_each_convolution(
    tmp_path: Path,
    tiny_plan: Plan,
    tiny_weights: dict[str, Tensor],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Here(Bundled):
        def load(self, *_: object, **__: object) -> dict[str, Tensor]:
            return tiny_weights

    tiny = Backbone("tiny", tiny_plan, Here(tmp_path, "CC0", "made by a test"))
    monkeypatch.setattr(normalization, "BACKBONES", {normalization.NETWORK: tiny})
    (tmp_path / "photos").mkdir()
    for number in range(3):
        Image.new("RGB", (16, 12), (number * 80, 90, 200)).save(tmp_path / f"photos/{number}.png")
    out = tmp_path / "means.safetensors"
    main([str(tmp_path / "photos"), "--count", "2", "--out", str(out)])
    with safe_open(out, framework="pt") as file:
        rows = {name: tuple(file.get_slice(name).get_shape()) for name in file.keys()}  # noqa: SIM118
        assert "2, 0.png to 1.png" in file.metadata()["photographs"]
    assert rows == {c.conv: (c.channels_out,) for c in tiny_plan}
