from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from benchmarks.quality.contenders import IDENTITY, LAYERS, Contender, builtin, candidate, select
from impasto.errors import SettingError, UnknownNameError, WeightsError

TABLE = builtin(Path("teachers"), Path("slim-v0.safetensors"))


def test_a_network_never_reads_what_it_guided() -> None:
    assert TABLE["squeezenet"].judges == ("vgg19_pca",)
    assert TABLE["components"].judges == ("squeezenet1_1",)
    assert TABLE["slim"].judges == TABLE[IDENTITY].judges == ("squeezenet1_1", "vgg19_pca")


def test_every_kind_has_the_same_weight_of_style_and_of_content() -> None:
    for layers in LAYERS.values():
        assert sum(layers["style_layers"].values()) == 5
        assert sum(layers["content_layers"].values()) == 1


def test_kinds_differ_in_their_layers_alone() -> None:
    slim = TABLE["slim"].settings(size=64, steps=3, seed=0, strength=0.3)
    other = TABLE["squeezenet"].settings(size=64, steps=3, seed=0, strength=0.3)
    assert slim == other.replace(content_layers=slim.content_layers, style_layers=slim.style_layers)


def test_strength_moves_the_content_weight_alone() -> None:
    weights = [
        TABLE["slim"].settings(size=64, steps=3, seed=0, strength=strength).weights
        for strength in (0.0, 0.5, 1.0)
    ]
    assert [w.content for w in weights] == pytest.approx([22.5, 1.5, 0.1])
    assert {(w.style, w.tv) for w in weights} == {(1.0, 1.0)}


def test_weights_are_known_by_what_is_in_their_file(tmp_path: Path) -> None:
    file = tmp_path / "w.safetensors"
    file.write_bytes(b"weights")
    one = Contender("one", "slim", str(file))
    assert one.weights() == hashlib.sha256(b"weights").hexdigest()
    before = one.identity()
    file.write_bytes(b"other weights")
    assert one.identity() != before


def test_weights_that_are_not_there_are_told() -> None:
    with pytest.raises(WeightsError, match="slim-v0"):
        TABLE["slim-v0"].weights()


def test_a_candidate_is_spelt_with_name_file_and_pooling() -> None:
    assert candidate("wide=a,b.safetensors,max") == Contender(
        "wide", "slim", "a,b.safetensors", "max"
    )
    assert candidate("wide=a.safetensors").pooling == ""


@pytest.mark.parametrize("text", ["wide", "=a", "wide=", "wide=a,median", "../wide=a", "..=a"])
def test_a_candidate_spelt_otherwise_is_refused(text: str) -> None:
    with pytest.raises(SettingError, match="NAME=FILE"):
        candidate(text)


def test_all_contenders_take_part_unless_some_are_named() -> None:
    assert [one.name for one in select(TABLE, "", [], "slim")] == list(TABLE)
    some = select(TABLE, "squeezenet", ["wide=w.safetensors"], "slim-v0")
    assert [one.name for one in some] == ["slim-v0", "squeezenet", "wide"]


def test_unknown_names_and_names_used_twice_are_refused() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'squeezenet'"):
        select(TABLE, "squeezenett", [], "slim")
    with pytest.raises(UnknownNameError, match="wide"):
        select(TABLE, "", [], "wide")
    with pytest.raises(SettingError, match="names of their own"):
        select(TABLE, "", ["slim=w.safetensors"], "slim")
    with pytest.raises(SettingError, match="names of their own"):
        select(TABLE, "", ["w=a.safetensors", "w=b.safetensors"], "slim")
