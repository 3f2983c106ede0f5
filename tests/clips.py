"""Tiny random CLIP models, made by code and written as real ones are: they mean nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch

WORDS = ["a", "of", "in", "photo", "picture", "painting", "fire", "water", "cold", "blue", "red"]


def write_clip(folder: Path, *, side: int = 32, patch: int = 8, seed: int = 0) -> Path:
    """A CLIP of two layers each for pictures and words, of transformers' own class."""
    from transformers import CLIPConfig, CLIPModel

    common = {"hidden_size": 16, "intermediate_size": 32, "num_attention_heads": 2}
    config = CLIPConfig(
        text_config={
            **common,
            "num_hidden_layers": 2,
            "vocab_size": 64,
            "max_position_embeddings": 16,
            "bos_token_id": 0,
            "eos_token_id": 1,
            "pad_token_id": 1,
        },
        vision_config={**common, "num_hidden_layers": 2, "image_size": side, "patch_size": patch},
        projection_dim=8,
    )
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        CLIPModel(config).save_pretrained(folder)
    _tokenizer().save(str(folder / "tokenizer.json"))
    return folder


def write_chinese_clip(folder: Path) -> Path:
    """One whose words are read by a BERT, letter by letter."""
    from transformers import ChineseCLIPConfig, ChineseCLIPModel

    common = {"hidden_size": 16, "intermediate_size": 32, "num_attention_heads": 2}
    letters = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *"水彩油画火的照片蓝红"]
    config = ChineseCLIPConfig(
        text_config={
            **common,
            "num_hidden_layers": 1,
            "vocab_size": len(letters),
            "max_position_embeddings": 20,
        },
        vision_config={**common, "num_hidden_layers": 1, "image_size": 32, "patch_size": 16},
        projection_dim=8,
    )
    with torch.random.fork_rng():
        torch.manual_seed(0)
        ChineseCLIPModel(config).save_pretrained(folder)
    (folder / "vocab.txt").write_text("\n".join(letters), encoding="utf-8")
    return folder


def _tokenizer() -> Any:
    from tokenizers import Tokenizer, models, pre_tokenizers, processors

    vocabulary = {"<s>": 0, "</s>": 1, "?": 2} | {word: n for n, word in enumerate(WORDS, 3)}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="?"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.RobertaProcessing(("</s>", 1), ("<s>", 0))
    return tokenizer


def changed_json(path: Path, **changes: object) -> None:
    """Replace what a JSON file says; None takes it out."""
    told = {**json.loads(path.read_text()), **changes}
    path.write_text(json.dumps({name: value for name, value in told.items() if value is not None}))
