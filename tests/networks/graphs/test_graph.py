from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from onnx import ModelProto, TensorProto, helper, save

from impasto.errors import MissingPackageError, WeightsError
from impasto.networks import graphs
from impasto.networks.graphs import Graph
from tests.graphs import (
    CODE,
    IMAGE,
    PAINTING,
    STRENGTH,
    STYLE,
    inverting,
    model,
    write_baked,
    write_pair,
)


def test_a_graph_says_what_it_is_and_paints(tmp_path: Path) -> None:
    graph = Graph(write_baked(tmp_path / "my.onnx"), threads=1)
    assert (graph.kind, graph.smallest_side, graph.threads) == ("baked", 24, 1)
    image = np.full((30, 40, 3), 55, np.uint8)
    assert (graph.run(image=image) == 200).all()
    assert (graph.lean().run(image=image[::-1]) == 200).all()


def test_a_painter_takes_a_code_and_a_strength(tmp_path: Path) -> None:
    write_pair(tmp_path)
    reader = Graph(tmp_path / "any-reader.onnx", 1)
    code = reader.run(style=np.full((40, 40, 3), (10, 20, 30), np.uint8))
    assert code.tolist() == [[10, 20, 30]]
    painted = Graph(tmp_path / "any-painter.onnx", 1).run(
        image=np.zeros((24, 24, 3), np.uint8), code=code, strength=np.ones((1, 1), np.float32)
    )
    assert painted[0, 0].tolist() == [20, 30, 40]


def refusal(path: Path) -> str:
    with pytest.raises(WeightsError) as raised:
        Graph(path, 1)
    sentence = str(raised.value)
    assert "\n" not in sentence
    return sentence.replace(str(path), "FILE")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "FILE is no network that this impasto exported"),
        (b"<html>404</html>", "FILE is no ONNX file, or a damaged one: export it again"),
        (inverting().SerializeToString()[:-9], "FILE is no ONNX file, or a damaged one"),
    ],
    ids=["empty", "page", "cut"],
)
def test_what_is_no_network_is_refused(data: bytes, words: str, tmp_path: Path) -> None:
    path = tmp_path / "my.onnx"
    path.write_bytes(data)
    assert refusal(path).startswith(words)


def test_a_missing_file_a_folder_and_a_huge_one_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert refusal(tmp_path / "no.onnx").startswith("FILE does not exist: name")
    assert refusal(tmp_path).startswith("FILE is no regular file")
    path = write_baked(tmp_path / "my.onnx")
    monkeypatch.setattr(graphs.graph, "LARGEST", 100)
    assert "bytes, and no network of impasto has more than 100" in refusal(path)


def with_external(made: ModelProto) -> None:
    made.graph.initializer[0].data_location = TensorProto.EXTERNAL
    made.graph.initializer[0].external_data.add(key="location", value="/etc/hostname")


def with_loop(made: ModelProto) -> None:
    made.graph.node[0].op_type = "Loop"


def with_custom_operator(made: ModelProto) -> None:
    made.graph.node[0].domain = "com.example"


def with_other_output(made: ModelProto) -> None:
    made.graph.node[-1].output[0] = made.graph.output[0].name = "picture"


def with_floats(made: ModelProto) -> None:
    made.graph.node[1].output[0] = "painting"
    del made.graph.node[2]
    made.graph.output[0].type.tensor_type.elem_type = TensorProto.FLOAT


def with_wrong_wiring(made: ModelProto) -> None:
    made.graph.node[1].input[1] = "nothing"


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (with_external, "FILE keeps numbers in another file, as no network does"),
        (with_loop, "FILE computes with 'Loop', as no network does"),
        (with_custom_operator, "FILE computes with 'com.example.Cast'"),
        (with_other_output, "FILE takes and gives other things than a network"),
        (with_floats, "FILE takes and gives other things than a network"),
        (with_wrong_wiring, "FILE is no ONNX file, or a damaged one ("),
    ],
)
def test_hostile_and_broken_graphs_are_refused(
    spoil: Callable[[ModelProto], None], words: str, tmp_path: Path
) -> None:
    made = inverting()
    spoil(made)
    path = tmp_path / "my.onnx"
    save(made, path) if not made.graph.initializer[0].external_data else path.write_bytes(
        made.SerializeToString()
    )
    assert refusal(path).startswith(words)


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (inverting(impasto="another-9"), "FILE is no network that this impasto exported"),
        (inverting(kind="other"), "FILE takes and gives other things"),
        (inverting(kind="painter"), "FILE takes and gives other things"),
        (inverting(smallest_side="small"), "FILE is no ONNX file, or a damaged one"),
        (
            model(
                [helper.make_node("Identity", ["image"], ["painting"])],
                [IMAGE, CODE, STRENGTH],
                PAINTING,
                {"kind": "baked"},
            ),
            "FILE takes and gives other things",
        ),
    ],
    ids=["format", "kind", "inputs", "side", "unknown inputs"],
)
def test_foreign_graphs_are_refused(made: ModelProto, words: str, tmp_path: Path) -> None:
    save(made, tmp_path / "my.onnx")
    assert refusal(tmp_path / "my.onnx").startswith(words)


def test_what_cannot_be_computed_is_told_in_one_sentence(tmp_path: Path) -> None:
    graph = Graph(write_baked(tmp_path / "my.onnx"), 1)
    with pytest.raises(WeightsError, match=r"my.onnx cannot be computed \(") as raised:
        graph.run(image=np.zeros((2, 2), np.uint8))
    assert "\n" not in str(raised.value)


def cut(starts: list[int], ends: list[int], axes: list[int]) -> ModelProto:
    """Paints a part of the photograph."""
    nodes = [helper.make_node("Slice", ["image", "starts", "ends", "axes"], ["painting"])]
    numbers = {"starts": np.array(starts), "ends": np.array(ends), "axes": np.array(axes)}
    return model(nodes, [IMAGE], PAINTING, {"kind": "baked"}, numbers)


@pytest.mark.parametrize(
    ("made", "shape"),
    [(cut([0], [10], [0]), "10 x 40 x 3"), (cut([0], [0], [1]), "30 x 0 x 3")],
    ids=["too few rows", "nothing"],
)
def test_a_painting_of_another_size_than_the_photograph_is_refused(
    made: ModelProto, shape: str, tmp_path: Path
) -> None:
    save(made, tmp_path / "my.onnx")
    graph = Graph(tmp_path / "my.onnx", 1)
    with pytest.raises(WeightsError, match=f"has made {shape} where 30 x 40 x 3 belong"):
        graph.run(image=np.zeros((30, 40, 3), np.uint8))


def test_a_code_that_is_no_row_is_refused(tmp_path: Path) -> None:
    nodes = [
        helper.make_node("Cast", ["style"], ["levels"], to=TensorProto.FLOAT),
        helper.make_node("ReduceMean", ["levels", "sides"], ["code"], keepdims=0),
    ]
    code = helper.make_tensor_value_info("code", TensorProto.FLOAT, None)
    made = model(nodes, [STYLE], code, {"kind": "reader"}, {"sides": np.array([0, 1])})
    save(made, tmp_path / "my.onnx")
    with pytest.raises(WeightsError, match="has made 3 where 1 x 3 belong"):
        Graph(tmp_path / "my.onnx", 1).run(style=np.zeros((40, 40, 3), np.uint8))


def test_a_lack_of_onnxruntime_gives_the_pip_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_baked(tmp_path / "my.onnx")
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(MissingPackageError, match=r"pip install 'impasto\[onnxruntime\]'"):
        Graph(path)
