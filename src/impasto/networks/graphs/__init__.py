"""One-pass networks as ONNX graphs: read with care, and run by onnxruntime, without torch."""

from __future__ import annotations

from impasto.networks.graphs.contents import OPERATORS, Contents
from impasto.networks.graphs.graph import FORMAT, KINDS, LARGEST, Graph

__all__ = ["FORMAT", "KINDS", "LARGEST", "OPERATORS", "Contents", "Graph"]
