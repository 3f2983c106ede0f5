"""A module of torch as an ONNX graph in memory."""

from __future__ import annotations

import contextlib
import io
import logging
import warnings
from collections.abc import Iterator, Mapping
from typing import Any

import torch
from torch import Tensor, nn
from torch.export import Dim

from impasto.errors import MissingPackageError

__all__ = ["halved", "needed", "traced"]

OPSET = 18
LONGEST_SIDE = 2**15  # px
FOLDED = 2**26  # numbers: whatever does not depend on the inputs is computed once, here
FILLERS = ("ConstantOfShape", "EyeLike")  # which the folding leaves alone if it is not told
LARGE = 64  # numbers: what is smaller stays as fine as it is


def traced(module: nn.Module, inputs: Mapping[str, Tensor], output: str, smallest: int) -> Any:
    """The graph of a module.

    Args:
        module: takes the inputs in their order, gives one tensor.
        inputs: an example of each, by name; those of three axes are pictures, whose sides may have
            any length and whose channels may be 3 or 4.
        output: its name.
        smallest: side of pictures, in px.

    Returns:
        An `onnx.ModelProto`.

    Raises:
        MissingPackageError: a package of the extra `onnx` is missing.
    """
    needed()
    height, width = (Dim(name, min=smallest, max=LONGEST_SIDE) for name in ("height", "width"))
    sides = {0: height, 1: width, 2: Dim("channels", min=3, max=4)}
    shapes = {name: sides if tensor.dim() == 3 else None for name, tensor in inputs.items()}
    with _quiet(), torch.no_grad():
        program = torch.onnx.export(
            module.eval(),
            tuple(inputs.values()),
            dynamo=True,
            dynamic_shapes=shapes,
            input_names=[*inputs],
            output_names=[output],
            opset_version=OPSET,
            verbose=False,
        )
        assert program is not None
        _fold(program.model)
    return program.model_proto


def needed() -> None:
    """Load what tracing needs, so that a lack of it is told before any work.

    Raises:
        MissingPackageError: a package of the extra `onnx` is missing.
    """
    for package in ("onnx", "onnxscript", "onnxruntime"):
        try:
            __import__(package)
        except ImportError:
            raise MissingPackageError("impasto export", package, "onnx") from None


def _fold(model: Any) -> None:
    """Compute whatever depends on no input."""
    from onnxscript import optimizer

    optimizer.fold_constants(
        model,
        onnx_shape_inference=False,
        input_size_limit=FOLDED,
        output_size_limit=FOLDED,
        should_fold=lambda node: True if node.op_type in FILLERS else None,
    )
    optimizer.remove_unused_nodes(model)


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep back what the exporter tells of itself: of torchvision, which is not needed here."""
    loggers = [logging.getLogger(name) for name in ("torch.onnx", "onnxscript", "torch.export")]
    levels = [logger.level for logger in loggers]
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        try:
            for logger in loggers:
                logger.setLevel(logging.ERROR)
            yield
        finally:
            for logger, level in zip(loggers, levels, strict=True):
                logger.setLevel(level)


def halved(model: Any) -> None:
    """Keep large tensors of a graph as float16, each with a Cast to float32 behind it.

    A runtime casts once, as it loads the graph, and computes in float32 all the same.

    Args:
        model: an `onnx.ModelProto`, changed in place.
    """
    import numpy as np
    from onnx import TensorProto, helper, numpy_helper

    graph, casts = model.graph, []
    for tensor in graph.initializer:
        numbers = numpy_helper.to_array(tensor)
        if numbers.dtype != np.float32 or numbers.size < LARGE:
            continue
        name = tensor.name
        stored = numpy_helper.from_array(numbers.astype(np.float16), f"{name}.half")
        tensor.CopyFrom(stored)
        casts.append(helper.make_node("Cast", [stored.name], [name], to=TensorProto.FLOAT))
    nodes = [*casts, *graph.node]
    del graph.node[:]
    graph.node.extend(nodes)
