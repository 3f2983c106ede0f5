from __future__ import annotations

import numpy as np
import pytest
from onnx import TensorProto, helper, numpy_helper

from impasto.networks.graphs import Contents
from tests.graphs import IMAGE, PAINTING, inverting, model


def test_text_and_operators_are_found() -> None:
    contents = Contents.of(inverting(style="waves").SerializeToString())
    assert contents.text["style"] == "waves"
    assert contents.operators == {"Cast", "Sub"}
    assert contents.unknown == ()
    assert not contents.is_external
    assert not contents.is_nested


def test_numbers_in_another_file_are_found_wherever_they_stand() -> None:
    outside = numpy_helper.from_array(np.float32(255), "white")
    outside.data_location = TensorProto.EXTERNAL
    outside.external_data.add(key="location", value="../../etc/passwd")
    initializer = inverting()
    initializer.graph.initializer[0].CopyFrom(outside)
    attribute = inverting()
    attribute.graph.node.insert(0, helper.make_node("Constant", [], ["more"], value=outside))
    for made in (initializer, attribute):
        assert Contents.of(made.SerializeToString()).is_external


def test_graphs_within_the_graph_and_functions_are_found() -> None:
    inner = inverting().graph
    branch = helper.make_node("If", ["so"], ["painting"], then_branch=inner, else_branch=inner)
    nested = model([branch], [IMAGE], PAINTING, {})
    function = inverting()
    function.functions.append(helper.make_function("own", "f", [], [], [], []))
    for made in (nested, function):
        assert Contents.of(made.SerializeToString()).is_nested


def test_operators_of_others_are_unknown_and_bear_their_domain() -> None:
    nodes = [
        helper.make_node("Identity", ["image"], ["same"]),
        helper.make_node("Loop", ["same"], ["again"]),
        helper.make_node("Run", ["again"], ["painting"], domain="com.example"),
    ]
    contents = Contents.of(model(nodes, [IMAGE], PAINTING, {}).SerializeToString())
    assert contents.unknown == ("Loop", "com.example.Run")


@pytest.mark.parametrize(
    "data",
    [
        b"\x80",
        b"\x80" * 11,
        b"\x72\x7f\x00",
        b"\x70\x01",
        b"\x72\x02\x0a\xff",
        b"\x73",
        b"<html>",
    ],
    ids=["cut", "endless", "short", "number", "inside", "kind", "page"],
)
def test_what_is_no_protocol_buffer_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        Contents.of(data)


def test_a_file_cut_anywhere_is_refused_or_says_less() -> None:
    data = inverting().SerializeToString()
    for end in range(len(data)):
        try:
            assert len(Contents.of(data[:end]).text) < len(Contents.of(data).text)
        except ValueError:
            continue
