from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file

from impasto.errors import MissingPackageError, WeightsError
from impasto.networks.clip.folder import ClipFolder
from impasto.networks.clip.model import load
from tests.clips import changed_json, write_chinese_clip, write_clip

pytest.importorskip("transformers", reason="the extra clip is not installed")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_clip(tmp_path_factory.mktemp("models") / "clip")


@pytest.fixture
def copy(folder: Path, tmp_path: Path) -> Path:
    """One to be spoilt."""
    made = tmp_path / "copy"
    made.mkdir()
    for file in folder.iterdir():
        (made / file.name).write_bytes(file.read_bytes())
    return made


def test_vectors_are_those_of_transformers_but_of_length_1(folder: Path) -> None:
    from transformers import CLIPModel

    clip, reference = load(str(folder)), CLIPModel.from_pretrained(folder).eval()
    x = torch.rand(2, 3, 32, 32, generator=torch.Generator().manual_seed(0))
    told = ClipFolder.read(folder)
    mean, std = (torch.tensor(v).view(3, 1, 1) for v in (told.mean, told.std))
    ids = torch.tensor([[0, 3, 6, 4, 9, 1]])  # its ends around "a photo of fire"
    with torch.no_grad():
        seen = reference.visual_projection(
            reference.vision_model(pixel_values=(x - mean) / std).pooler_output
        )
        told_words = reference.text_projection(reference.text_model(input_ids=ids).pooler_output)
    assert torch.allclose(clip.pictures(x), F.normalize(seen, dim=-1), atol=1e-6)
    words = clip.words(["a photo of fire"])
    assert torch.allclose(words, F.normalize(told_words, dim=-1), atol=1e-6)


def test_a_chinese_clip_reads_chinese(tmp_path: Path) -> None:
    from transformers import ChineseCLIPModel

    folder = write_chinese_clip(tmp_path / "clip")
    clip, reference = load(str(folder)), ChineseCLIPModel.from_pretrained(folder).eval()
    ids = torch.tensor([[2, 5, 6, 8, 3]])
    with torch.no_grad():
        first = reference.text_model(input_ids=ids).last_hidden_state[:, 0]
        told = F.normalize(reference.text_projection(first), dim=-1)
    assert torch.allclose(clip.words(["水彩画"]), told, atol=1e-6)
    assert clip.pictures(torch.zeros(1, 3, 40, 40)).shape == (1, 8)


def test_a_sentence_is_read_alike_whatever_stands_beside_it(folder: Path) -> None:
    clip = load(str(folder))
    both = clip.words(["fire", "a painting of cold water in blue"])
    assert torch.equal(both[:1], clip.words(["fire"]))
    assert (clip.tokens("a fire"), clip.longest) == (4, 16)
    assert torch.equal(clip.words(["a " * 50]), clip.words(["a " * 14]))  # and its two ends


def test_the_middle_of_a_long_picture_is_looked_at(folder: Path) -> None:
    clip = load(str(folder))
    wide = torch.zeros(1, 3, 32, 96)
    wide[..., 32:64] = torch.rand(3, 32, 32, generator=torch.Generator().manual_seed(1))
    assert torch.equal(clip.pictures(wide), clip.pictures(wide[..., 32:64]))
    assert clip.pictures(torch.rand(1, 3, 7, 5)).shape == (1, 8)


def test_gradients_reach_the_pixels_and_not_the_weights(folder: Path) -> None:
    clip = load(str(folder))
    x = torch.rand(1, 3, 48, 48, requires_grad=True)
    clip.pictures(x)[0, 0].backward()
    assert x.grad is not None
    assert x.grad.abs().sum() > 0
    assert not clip.words(["fire"]).requires_grad


def test_it_is_loaded_once_until_its_files_change(copy: Path) -> None:
    clip = load(str(copy))
    assert load(str(copy)) is clip
    weights = load_file(copy / "model.safetensors")
    save_file({name: 2 * weight for name, weight in weights.items()}, copy / "model.safetensors")
    (copy / "tokenizer.json").write_text((copy / "tokenizer.json").read_text() + " ")
    assert load(str(copy)) is not clip


def test_half_precision_is_read_as_float32(copy: Path) -> None:
    weights = load_file(copy / "model.safetensors")
    save_file({name: weight.half() for name, weight in weights.items()}, copy / "model.safetensors")
    assert load(str(copy)).pictures(torch.rand(1, 3, 32, 32)).dtype == torch.float32


def lacking(folder: Path) -> None:
    weights = load_file(folder / "model.safetensors")
    del weights["text_projection.weight"]
    save_file(weights, folder / "model.safetensors")


def infinite(folder: Path) -> None:
    weights = load_file(folder / "model.safetensors")
    weights["text_projection.weight"][0] = float("inf")
    save_file(weights, folder / "model.safetensors")


def vision(**changes: object) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        told = json.loads((folder / "config.json").read_text())["vision_config"]
        changed_json(folder / "config.json", vision_config={**told, **changes})

    return change


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lacking, r"lacks 1 of 78 tensors \(text_projection.weight\)"),
        (infinite, "numbers in text_projection.weight that are not finite"),
        (vision(hidden_size=32), "tensors in another shape than its config.json says"),
        (vision(image_size=10**9), "tensors in another shape"),
        (vision(num_hidden_layers=10**9), r"makes no network \(more layers than tensors\)"),
        (vision(hidden_size="many"), "makes no network"),
        (vision(hidden_act="eval"), "makes no network"),
        (lambda at: changed_json(at / "config.json", text_config=[]), "have to be objects"),
        (lambda at: (at / "model.safetensors").write_bytes(b""), "cannot be read as safetensors"),
        (
            lambda at: torch.save({"a": torch.zeros(1)}, at / "model.safetensors"),
            "cannot be read as safetensors",
        ),
        (lambda at: (at / "tokenizer.json").write_text("{}"), "is no table of words"),
    ],
)
def test_a_folder_that_is_damaged_or_lies_is_told_in_a_sentence(
    spoil: Callable[[Path], None], message: str, copy: Path
) -> None:
    spoil(copy)
    with pytest.raises(WeightsError, match=message) as caught:
        load(str(copy))
    assert "\n" not in str(caught.value)


def test_words_of_another_model_are_refused(copy: Path) -> None:
    text = (copy / "tokenizer.json").read_text()
    (copy / "tokenizer.json").write_text(text.replace('"fire": 9', '"fire": 900'))
    assert (copy / "tokenizer.json").read_text() != text
    with pytest.raises(WeightsError, match="table of words of copy is not that of its weights"):
        load(str(copy)).words(["fire"])


def test_words_without_the_end_that_the_model_knows_are_refused(copy: Path) -> None:
    told = json.loads((copy / "config.json").read_text())["text_config"]
    changed_json(copy / "config.json", text_config={**told, "eos_token_id": 7})
    with pytest.raises(WeightsError, match="table of words of copy is not that of its weights"):
        load(str(copy)).words(["fire"])
    changed_json(copy / "config.json", text_config={**told, "eos_token_id": 2})
    assert load(str(copy)).words(["fire"]).shape == (1, 8)  # read where the largest number stands


def test_code_that_a_folder_names_is_neither_run_nor_looked_at(copy: Path) -> None:
    (copy / "evil.py").write_text("raise SystemExit('it was run')")
    classes = {"AutoConfig": "evil.Config", "AutoModel": "evil.Model"}
    changed_json(copy / "config.json", auto_map=classes, attn_implementation="some/kernels")
    vision(_attn_implementation="some/kernels", auto_map=classes)(copy)
    (copy / "tokenizer_config.json").write_text('{"auto_map": {"AutoTokenizer": "evil.Words"}}')
    (copy / "adapter_config.json").write_text('{"base_model_name_or_path": "some/model"}')
    load(str(copy))


def test_without_the_extra_the_pip_line_is_told(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "transformers", None)
    with pytest.raises(MissingPackageError, match=r"pip install 'impasto\[clip\]'"):
        load(str(folder))
