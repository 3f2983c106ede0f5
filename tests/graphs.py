"""ONNX files whose answers are known by thought, in the place of networks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from onnx import ModelProto, TensorProto, helper, numpy_helper, save

from impasto.networks.graphs import FORMAT

IMAGE = helper.make_tensor_value_info("image", TensorProto.UINT8, ["height", "width", "channels"])
STYLE = helper.make_tensor_value_info("style", TensorProto.UINT8, ["height", "width", "channels"])
CODE = helper.make_tensor_value_info("code", TensorProto.FLOAT, [1, 3])
STRENGTH = helper.make_tensor_value_info("strength", TensorProto.FLOAT, [1, 1])
PAINTING = helper.make_tensor_value_info("painting", TensorProto.UINT8, ["height", "width", 3])
TEXT = {"network": "tiny", "smallest_side": "24", "pair": "1"}


def model(
    nodes: Sequence[Any],
    inputs: Sequence[Any],
    output: Any,
    text: Mapping[str, str],
    constants: Mapping[str, Any] | None = None,
) -> ModelProto:
    """A model that says of itself what a network of `impasto export` does."""
    numbers = [numpy_helper.from_array(np.array(v), n) for n, v in (constants or {}).items()]
    graph = helper.make_graph(nodes, "tiny", inputs, [output], numbers)
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)])
    made.ir_version = 9
    helper.set_model_props(made, {"impasto": FORMAT, **TEXT, **text})
    return made


def inverting(**text: str) -> ModelProto:
    """Paints the negative of a photograph, as a baked network."""
    nodes = [
        helper.make_node("Cast", ["image"], ["levels"], to=TensorProto.FLOAT),
        helper.make_node("Sub", ["white", "levels"], ["negative"]),
        helper.make_node("Cast", ["negative"], ["painting"], to=TensorProto.UINT8),
    ]
    about = {"kind": "baked", "style": "negative", "strength": "0.5", **text}
    return model(nodes, [IMAGE], PAINTING, about, {"white": np.float32(255)})


def flat(**text: str) -> ModelProto:
    """Paints all in the colour of a code, and as many levels lighter as the strength says tens."""
    nodes = [
        helper.make_node("Cast", ["image"], ["levels"], to=TensorProto.FLOAT),
        helper.make_node("Mul", ["levels", "zero"], ["black"]),
        helper.make_node("Mul", ["strength", "ten"], ["light"]),
        helper.make_node("Add", ["code", "light"], ["colour"]),
        helper.make_node("Add", ["black", "colour"], ["painted"]),
        helper.make_node("Cast", ["painted"], ["painting"], to=TensorProto.UINT8),
    ]
    numbers = {"zero": np.float32(0), "ten": np.float32(10)}
    inputs = [IMAGE, CODE, STRENGTH]
    return model(nodes, inputs, PAINTING, {"kind": "painter", **text}, numbers)


def mean_colour(**text: str) -> ModelProto:
    """Reads the mean colour of a style as its code, in levels."""
    nodes = [
        helper.make_node("Cast", ["style"], ["levels"], to=TensorProto.FLOAT),
        helper.make_node("ReduceMean", ["levels", "sides"], ["colour"], keepdims=0),
        helper.make_node("Unsqueeze", ["colour", "first"], ["code"]),
    ]
    numbers = {"sides": np.array([0, 1]), "first": np.array([0])}
    about = {"kind": "reader", "smallest_side": "32", **text}
    return model(nodes, [STYLE], CODE, about, numbers)


def write_baked(path: Path, **text: str) -> Path:
    """A file that paints the negative."""
    save(inverting(**text), path)
    return path


def write_pair(folder: Path, **text: str) -> Path:
    """`any-painter.onnx` and `any-reader.onnx`; the path that both were exported under."""
    save(flat(**text), folder / "any-painter.onnx")
    save(mean_colour(), folder / "any-reader.onnx")
    return folder / "any.onnx"
