"""What an ONNX file holds, looked at before anything is computed with it.

An ONNX file is a protocol buffer: fields, each a number and a value. Only those are followed that
tell whether a graph is one of ours; the numbers of fields are those of `onnx.proto3`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

__all__ = ["OPERATORS", "Contents"]

Value: TypeAlias = int | memoryview

VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5  # kinds of values
OF_FIXED = {FIXED64: 8, FIXED32: 4}

_OURS = """
    Add AveragePool Cast Clip Concat Conv Div Expand Gather Gemm Identity InstanceNormalization
    Log MatMul Max Min Mod Mul Pad Range ReduceMean ReduceSum Relu Reshape Resize Round Shape
    Slice Split Sqrt Squeeze Sub Tanh Tile Transpose Unsqueeze
"""
OPERATORS = frozenset(_OURS.split())
"""All that the graphs of `impasto export` compute with: none of them repeats, branches or reads."""


@dataclass(frozen=True)
class Contents:
    """What an ONNX file holds.

    Attributes:
        text: beside the graph, by key.
        operators: names of all that it computes with; another domain's with that in front.
        is_external: whether some of its numbers lie in another file.
        is_nested: whether it holds functions, a graph within the graph, or training.

    Example:
        >>> Contents.of(bytes([0x72, 8, 10, 2, 107, 49, 18, 2, 118, 49])).text
        {'k1': 'v1'}
    """

    text: dict[str, str] = field(default_factory=dict)
    operators: frozenset[str] = frozenset()
    is_external: bool = False
    is_nested: bool = False

    @classmethod
    def of(cls, data: bytes) -> Contents:
        """Look through all bytes of a file.

        Raises:
            ValueError: they are no protocol buffer, or one of another shape.
        """
        text: dict[str, str] = {}
        operators: set[str] = set()
        external = nested = False
        for number, value in _fields(memoryview(data)):
            if number == 14:  # metadata_props
                entry = {n: _text(v) for n, v in _fields(_inside(value))}
                text[entry.get(1, "")] = entry.get(2, "")
            elif number == 7:  # graph
                for part, inner in _fields(_inside(value)):
                    if part == 1:  # node
                        name, outside, deep = _node(_inside(inner))
                        operators.add(name)
                        external, nested = external or outside, nested or deep
                    elif part == 5:  # initializer
                        external = external or _is_external(_inside(inner))
                    nested = nested or part == 15  # sparse_initializer
            nested = nested or number in (20, 25)  # training_info, functions
        return cls(text, frozenset(operators), external, nested)

    @property
    def unknown(self) -> tuple[str, ...]:
        """Operators that none of our graphs has."""
        return tuple(sorted(self.operators - OPERATORS))


def _node(data: memoryview) -> tuple[str, bool, bool]:
    """The operator of a node; whether numbers of it lie elsewhere; whether it holds a graph."""
    operator = domain = ""
    external = nested = False
    for number, value in _fields(data):
        if number == 4:
            operator = _text(value)
        elif number == 7:
            domain = _text(value)
        elif number == 5:  # attribute
            for part, inner in _fields(_inside(value)):
                if part in (5, 10):  # t, tensors
                    external = external or _is_external(_inside(inner))
                nested = nested or part in (6, 11, 22, 23)  # g, graphs, sparse tensors
    return (f"{domain}.{operator}" if domain not in ("", "ai.onnx") else operator), external, nested


def _is_external(tensor: memoryview) -> bool:
    """Whether the numbers of a tensor lie in another file."""
    return any(
        number == 13 or (number == 14 and value != 0) for number, value in _fields(tensor)
    )  # external_data, data_location


def _fields(data: memoryview) -> Iterator[tuple[int, Value]]:
    """(number, value) of each field of a message: whole numbers, or bytes."""
    place, end = 0, len(data)
    while place < end:
        key, place = _varint(data, place)
        number, kind = key >> 3, key & 7
        if kind == VARINT:
            value, place = _varint(data, place)
            yield number, value
            continue
        if kind == BYTES:
            length, place = _varint(data, place)
        elif kind in OF_FIXED:
            length = OF_FIXED[kind]
        else:
            raise ValueError(f"a value of kind {kind}")
        if length > end - place:
            raise ValueError(f"{length} bytes where {end - place} are left")
        yield number, data[place : place + length]
        place += length


def _varint(data: memoryview, place: int) -> tuple[int, int]:
    """A whole number of up to ten bytes, seven bits each, and where the next value begins."""
    number = 0
    for shift in range(0, 70, 7):
        if place >= len(data):
            raise ValueError("a number that is cut short")
        byte = data[place]
        place += 1
        number |= (byte & 0x7F) << shift
        if byte < 0x80:
            return number, place
    raise ValueError("a number of more than ten bytes")


def _inside(value: Value) -> memoryview:
    if isinstance(value, int):
        raise ValueError("a number where a message belongs")
    return value


def _text(value: Value) -> str:
    return str(_inside(value), "utf-8")
