from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from impasto.errors import PictureError
from impasto.networks import SLIM_FILE
from impasto.settings import StyleSettings, described, recipes
from impasto.settings.recipes import MEANT_BEFORE, RECIPES
from impasto.workflows.batch.fingerprint import (
    SINCE_0_1_0,
    content_sha256,
    earlier_fingerprints,
    fingerprint,
)

PLAIN = StyleSettings(size=48, steps=2)


def test_it_is_the_same_for_the_same_bytes_under_another_name(style: Path) -> None:
    copy = style.with_name("copy.png")
    copy.write_bytes(style.read_bytes())
    assert fingerprint([copy], PLAIN) == fingerprint([style], PLAIN)


def test_it_changes_with_the_styles_and_their_order(style: Path) -> None:
    other = style.with_name("other.png")
    Image.new("RGB", (64, 64), "teal").save(other)
    choices = [[style], [other], [style, other], [other, style]]
    assert len({fingerprint(styles, PLAIN) for styles in choices}) == 4


@pytest.mark.parametrize(
    "options",
    [
        {"threads": 3},
        {"device": "cpu"},
        {"force": True},
        {"channels_last": False},
        {"max_megapixels": 500},
    ],
    ids=str,
)
def test_it_ignores_what_leaves_the_picture_as_it_is(
    options: dict[str, object], style: Path
) -> None:
    assert fingerprint([style], PLAIN.replace(**options)) == fingerprint([style], PLAIN)


@pytest.mark.parametrize(
    "options",
    [{"steps": 3}, {"strength": 0.6}, {"precision": "bf16"}, {"bits": "16"}, {"size": 50}],
    ids=str,
)
def test_it_changes_with_what_shapes_the_picture(options: dict[str, object], style: Path) -> None:
    assert fingerprint([style], PLAIN.replace(**options)) != fingerprint([style], PLAIN)


def test_files_that_settings_name_count_by_what_is_in_them(style: Path, tmp_path: Path) -> None:
    start, weights = tmp_path / "start.png", tmp_path / "weights.pth"
    settings = PLAIN.replace(init=f"image:{start}", weights_file=str(weights))
    prints = set()
    for colour, data in (("teal", b"1"), ("navy", b"1"), ("navy", b"2")):
        Image.new("RGB", (64, 64), colour).save(start)
        weights.write_bytes(data)
        prints.add(fingerprint([style], settings))
    assert len(prints) == 3
    path = tmp_path / "moved.png"
    start.rename(path)
    assert fingerprint([style], settings.replace(init=f"image:{path}")) in prints


def test_both_files_of_an_exported_pair_count(style: Path, tmp_path: Path) -> None:
    seen = []
    for painter, reader in ((b"1", b"1"), (b"2", b"1"), (b"2", b"2")):
        (tmp_path / "any-painter.onnx").write_bytes(painter)
        (tmp_path / "any-reader.onnx").write_bytes(reader)
        names = ("any.onnx", "any-painter.onnx")
        one, other = (fingerprint([style], StyleSettings(model=str(tmp_path / n))) for n in names)
        assert one == other
        seen.append(one)
    assert len(set(seen)) == 3


def test_clip_counts_by_what_is_in_it_and_only_where_it_guides(style: Path, tmp_path: Path) -> None:
    clip = tmp_path / "clip"
    clip.mkdir()
    (clip / "config.json").write_text('{"model_type": "clip"}')
    (clip / "tokenizer.json").write_text("{}")
    settings, prints = PLAIN.replace(clip=str(clip)), set()
    for data in (b"1", b"2"):
        (clip / "model.safetensors").write_bytes(data)
        assert fingerprint([style], settings) == fingerprint([style], PLAIN)
        prints.add(fingerprint([style], settings.replace(text_weight=0.5)))
    assert len(prints) == 2
    clip.rename(tmp_path / "moved")
    moved = settings.replace(clip=str(tmp_path / "moved"), text_weight=0.5)
    assert fingerprint([style], moved) in prints


def test_a_style_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PictureError, match=r"gone\.png does not exist"):
        fingerprint([tmp_path / "gone.png"], PLAIN)


def test_the_hash_of_a_file_is_known_and_that_of_none_is_none(tmp_path: Path) -> None:
    (tmp_path / "abc").write_bytes(b"abc")
    assert str(content_sha256(tmp_path / "abc")).startswith("ba7816bf8f01cfea414140de5dae2223")
    assert content_sha256(tmp_path / "gone") is None
    assert content_sha256(tmp_path) is None


def test_a_batch_that_0_1_0_painted_is_known_again(tmp_path: Path) -> None:
    style = tmp_path / "style.png"
    Image.new("RGB", (8, 8), "red").save(style)
    settings = StyleSettings(strength=0.4, size=64, **MEANT_BEFORE)
    record = {
        name: value
        for name, value in settings.model_dump(mode="json").items()
        if name not in SINCE_0_1_0 and described(name).shapes_picture
    }
    record["weights_file"] = content_sha256(SLIM_FILE)
    facts = {"styles": [content_sha256(style)], "settings": record}
    then = hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()
    assert earlier_fingerprints([style], settings) == {then}
    assert then != fingerprint([style], settings)
    assert earlier_fingerprints([style], settings.replace(scale_tolerance=0.1)) == frozenset()


def test_what_0_1_0_would_have_painted_otherwise_is_not_taken_for_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    style = tmp_path / "style.png"
    Image.new("RGB", (8, 8), "red").save(style)
    later = {"default": replace(RECIPES["default"], base_weights=(9.0, 1.0))}
    monkeypatch.setattr(recipes, "RECIPES", later)
    assert earlier_fingerprints([style], StyleSettings()) == frozenset()
