from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx as onnx_file
import pytest
import torch

from impasto import __version__, imaging, samples, stylize
from impasto.errors import NonFiniteError, PictureError, SettingError, UnknownNameError
from impasto.exporters import onnx
from impasto.imaging.tensors import postprocess, preprocess, to_array
from impasto.networks.graphs import Graph
from impasto.networks.stylizers import OnePass, Plan

SMALL = Plan(widths=(8, 8, 8, 8), blocks=1, trunk_kernels=2, top_kernels=2, code=16, hidden=8)


def network(*, reads: bool = False) -> OnePass:
    """With numbers drawn by chance, and two rows."""
    torch.manual_seed(3)
    made = OnePass(SMALL, reads=reads, rows=("waves", "irises"))
    torch.nn.init.normal_(made.codes)
    torch.nn.init.normal_(made.painter.numbers.weight, std=0.1)
    return made.eval().requires_grad_(False)


@pytest.fixture(scope="module")
def baked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Paints waves at strength 0.75."""
    path = tmp_path_factory.mktemp("baked") / "waves.onnx"
    code = network().code("waves")
    written = onnx.one_style(
        path, network(), code, name="small", style="waves", strength=0.75, half=True
    )
    assert written == onnx.Export(path, "baked", path.stat().st_size, written.difference)
    assert written.difference <= 1
    return path


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Paints any style."""
    path = tmp_path_factory.mktemp("any") / "any.onnx"
    painter, reader = onnx.any_style(path, network(reads=True), name="small")
    assert [painter.path.name, reader.path.name] == ["any-painter.onnx", "any-reader.onnx"]
    assert max(painter.difference, reader.difference) <= 1
    return path


def by_torch(made: OnePass, code: torch.Tensor, strength: float, image: np.ndarray) -> np.ndarray:
    """The painting by the network itself, (H, W, 3) levels."""
    x = preprocess(imaging.read(image))
    with torch.inference_mode():
        painted = made.painter.paint(x, made.hand(code, strength))
    return np.rint(to_array(postprocess(painted)) * 255)


@pytest.mark.parametrize("shape", [(16, 16), (25, 39), (64, 101), (200, 256)])
def test_a_baked_graph_paints_as_torch_at_any_size(baked: Path, shape: tuple[int, int]) -> None:
    photo = imaging.read(samples.content("coffee"))
    image = imaging.fitted(photo, shape=shape, fit="cover").pixels
    painted = Graph(baked, 1).run(image=image)
    assert painted.shape == (*shape, 3)
    wanted = by_torch(network(), network().code("waves"), 0.5, image)
    assert np.abs(painted - wanted).max() <= 1


def test_transparency_is_passed_over(baked: Path) -> None:
    image = np.random.default_rng(1).integers(0, 256, (40, 50, 3), np.uint8)
    clear = np.dstack([image, np.zeros((40, 50), np.uint8)])
    graph = Graph(baked, 1)
    assert (graph.run(image=clear) == graph.run(image=image)).all()


def test_a_file_says_what_it_is(baked: Path) -> None:
    text = Graph(baked, 1).text
    said = {name: text[name] for name in ("kind", "network", "style", "strength", "smallest_side")}
    assert said == {
        "kind": "baked",
        "network": "small",
        "style": "waves",
        "strength": "0.75",
        "smallest_side": "16",
    }
    assert text["version"] == __version__
    assert text["run_with"].startswith("onnxruntime ")
    assert text["checked"].startswith("1 level of 255 from torch ")


def test_a_baked_graph_is_sound_to_others_and_plain(baked: Path) -> None:
    model = onnx_file.load(baked)
    onnx_file.checker.check_model(model, full_check=True)
    # 3 on the way down, 2 a block, 4 on the way up, 2 beside, each with a kernel that is fixed.
    fixed = {tensor.name for tensor in model.graph.initializer}
    cast = {n.output[0] for n in model.graph.node if n.op_type == "Cast" and n.input[0] in fixed}
    kernels = [n.input[1] for n in model.graph.node if n.op_type == "Conv"]
    assert len(kernels) == 4 + 2 + 4 + 2
    assert set(kernels) <= fixed | cast
    types = {t.data_type for t in model.graph.initializer if np.prod(t.dims) >= 64}
    assert types == {onnx_file.TensorProto.FLOAT16}


def test_a_pair_paints_the_style_of_a_picture_as_torch_does(pair: Path) -> None:
    made, style = network(reads=True), imaging.read(samples.style("swirls"))
    style = imaging.fitted(style, size=96)
    image = imaging.fitted(imaging.read(samples.content("coffee")), size=90).pixels
    painter, reader = (Graph(path, 1) for path in onnx.pair(pair))
    code = reader.run(style=style.pixels)
    painted = painter.run(image=image, code=code, strength=np.full((1, 1), -1, np.float32))
    read = torch.from_numpy(code)[0]
    assert np.abs(painted - by_torch(made, read, -1.0, image)).max() <= 1
    assert painter.text["pair"] == reader.text["pair"]
    assert reader.smallest_side == 32


def test_what_was_exported_paints_through_the_front_door(pair: Path) -> None:
    result = stylize("coffee", "swirls", model=str(pair), size=64)
    assert result.picture.size == (64, 43)


def test_the_code_of_a_row_is_its_own_and_that_of_a_picture_is_read() -> None:
    made = network(reads=True)
    assert (onnx.code_of(made, "irises") == made.codes[1]).all()
    assert not torch.equal(onnx.code_of(made, "swirls"), onnx.code_of(made, "woodcut"))
    assert (onnx.code_of(network(), "2") == network().codes[1]).all()
    with pytest.raises(UnknownNameError, match="'swirls' is not a style of this network"):
        onnx.code_of(network(), "swirls")


def test_a_style_that_is_too_small_is_refused(tmp_path: Path) -> None:
    imaging.write(tmp_path / "s.png", np.zeros((20, 40, 3)))
    with pytest.raises(PictureError, match="is 40 x 20 px, and the smallest style has 32 px"):
        onnx.code_of(network(reads=True), tmp_path / "s.png")


def test_a_network_of_rows_has_no_reader_to_write(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match=r"paints waves, irises and reads no other style"):
        onnx.any_style(tmp_path / "any.onnx", network(), name="small")


def test_a_graph_that_paints_otherwise_is_not_kept(
    baked: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(onnx, "traced", lambda *_: onnx_file.load(baked))
    run = Graph.run
    monkeypatch.setattr(Graph, "run", lambda self, **inputs: run(self, **inputs) ^ 2)
    place = tmp_path / "waves.onnx"
    place.write_text("before")
    with pytest.raises(NonFiniteError, match=r"differs from torch by [23] levels of 255 at 136 x"):
        onnx.one_style(
            place, network(), network().code("waves"), name="small", style="waves", strength=0.75
        )
    assert place.read_text() == "before"
    assert [path.name for path in tmp_path.iterdir()] == ["waves.onnx"]
