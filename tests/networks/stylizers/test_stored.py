import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from impasto import imaging, samples
from impasto.errors import WeightsError
from impasto.imaging import tensors
from impasto.losses.moments import moments
from impasto.networks import BRUSH_FILE, SLIM_FILE, features, stylizers
from impasto.networks.stylizers import OnePass, Plan
from impasto.networks.weights import metadata

TINY = Plan(widths=(8, 8, 8, 16), blocks=1, trunk_kernels=2, top_kernels=2, code=6, hidden=8)


@pytest.fixture
def network() -> OnePass:
    torch.manual_seed(1)
    network = OnePass(TINY, reads=False, rows=("blue", "red"))
    torch.nn.init.normal_(network.codes)
    return network.eval().requires_grad_(False)


@pytest.fixture
def file(network: OnePass, tmp_path: Path) -> Path:
    path = tmp_path / "own.safetensors"
    stylizers.save(path, network, {"made": "here"})
    return path


def test_a_network_paints_from_its_file_as_it_did(network: OnePass, file: Path) -> None:
    read = stylizers.load(file)
    x = torch.randn(1, 3, 32, 32)
    assert (read.names, metadata(file)["made"]) == (("blue", "red"), "here")
    for row in ("blue", "2"):
        ours, theirs = (n.painter.paint(x, n.hand(n.code(row))) for n in (network, read))
        assert (ours - theirs).abs().max() < 0.05 * ours.std()


def test_the_bundled_network_reads_and_is_small() -> None:
    network = stylizers.load(BRUSH_FILE)
    assert network.reader is not None
    assert BRUSH_FILE.stat().st_size <= 4_000_000


def test_the_bundled_reader_draws_photographs_back_to_paintings() -> None:
    reader = stylizers.load(BRUSH_FILE).reader
    assert reader is not None
    look = features.load("slim", list(reader.projections))
    photograph = imaging.fitted(imaging.read(samples.content("coffee")), size=256)
    with torch.inference_mode():
        seen = look(tensors.preprocess(photograph))
        statistics = {layer: moments(x) for layer, x in seen.items()}
        code = reader(statistics)
        beyond = reader.inner(code)[0, 0].item()
        reader.outer.weight.zero_()
        before = reader.inner(reader(statistics))[0, 0].item()
    assert before > 1
    assert abs(beyond) < 0.05


def changed(file: Path, tensors=None, **text: str) -> Path:
    own = metadata(file)
    save_file({**load_file(file), **(tensors or {})}, file, {**own, **text})
    return file


@pytest.mark.parametrize(
    "plan",
    [
        {"widths": [8, 8, 8]},
        {"widths": [8, 8, 8, 10**9]},
        {"blocks": 10**9},
        {"widths": [512] * 4, "blocks": 32, "trunk_kernels": 64},
        {"blocks": True},
        {"code": -1},
        {"more": 1},
    ],
)
def test_a_layout_that_asks_for_too_much_is_refused_unread(file: Path, plan: dict) -> None:
    own = json.loads(metadata(file)["plan"])
    with pytest.raises(WeightsError, match="its layout cannot be read"):
        stylizers.load(changed(file, plan=json.dumps({**own, **plan})))


@pytest.mark.parametrize(
    ("tensors", "said"),
    [
        ({"codes": torch.zeros(3, 6)}, "codes is"),
        ({"strange": torch.zeros(1)}, "holds 'strange'"),
        ({"painter.stem.bias": torch.full((8,), torch.nan)}, "not finite"),
        ({"painter.stem.bias": torch.zeros(8, dtype=torch.int64)}, "torch.int64"),
        ({"painter.kernels.block0a.factor": torch.zeros(5)}, "factors of shape"),
    ],
)
def test_damaged_tensors_are_named(file: Path, tensors: dict, said: str) -> None:
    with pytest.raises(WeightsError, match=said):
        stylizers.load(changed(file, tensors))


def test_another_network_is_no_one_pass_network() -> None:
    with pytest.raises(WeightsError, match="no one-pass network: pass a file"):
        stylizers.load(SLIM_FILE)


def test_a_text_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "own.safetensors"
    path.write_text("hello")
    with pytest.raises(WeightsError):
        stylizers.load(path)
