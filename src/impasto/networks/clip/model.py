"""A CLIP model in memory: unit vectors of pictures and of words, which mean the like where they
point alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from functools import lru_cache
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from safetensors import safe_open
from torch import Tensor, nn

from impasto.errors import MissingPackageError, WeightsError
from impasto.imaging import tensors
from impasto.networks.clip.folder import CLIP, CONFIG, ClipFolder, found
from impasto.networks.weights.read import listed
from impasto.text import format_path

__all__ = ["Clip", "load"]

# All that a folder may say of its network; the rest of config.json, which could ask for code of
# others, is not handed on.
_LAYERS = ("hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads")
_KINDS = ("hidden_act", "layer_norm_eps")
_TOKENS = ("vocab_size", "max_position_embeddings", "type_vocab_size")
_MARKS = ("bos_token_id", "eos_token_id", "pad_token_id")
TEXT = (*_LAYERS, *_KINDS, *_TOKENS, *_MARKS)
VISION = (*_LAYERS, *_KINDS, "image_size", "patch_size")
# What early folders of CLIP say is the number of the end of a sentence; it is the largest there is.
LEGACY_END = 2
LARGEST_SCALE = 100.0  # of similarities, as in the paper (section 2.5)


class Clip:
    """Vectors of pictures and words (Radford et al., 2021); frozen.

    Pictures are resized by our own antialiased bicubic filter in float32, where the published
    preprocessing rounds to 8 bits in between.

    Args:
        model: of transformers, with its weights.
        tokenizer: gives the numbers of the words of a sentence, `encode(text).ids`.
        folder: that they come from.

    Attributes:
        name: of the folder, for messages.
        side: of the square pictures that it looks at, in px.
        longest: how many tokens of a sentence it reads.
        scale: factor of a cosine before a softmax, as it was learnt.
    """

    def __init__(self, model: Any, tokenizer: Any, folder: ClipFolder) -> None:
        self._model, self._tokenizer, self._folder = model, tokenizer, folder
        self.name = folder.path.name
        self.side = int(model.config.vision_config.image_size)
        self.longest = int(model.config.text_config.max_position_embeddings)
        self.scale = min(float(model.logit_scale.detach().exp()), LARGEST_SCALE)

    def to(self, device: torch.device) -> Clip:
        """The same on a device."""
        self._model.to(device)
        return self

    @property
    def device(self) -> torch.device:
        """Where it is."""
        device: torch.device = self._model.logit_scale.device
        return device

    def places(self) -> int:
        """Numbers that its layers hold of one picture: layers x places x width."""
        vision = self._model.config.vision_config
        across = int(vision.image_size) // int(vision.patch_size)
        return int(vision.num_hidden_layers) * (across**2 + 1) * int(vision.hidden_size)

    def sha256(self) -> str:
        """Of its files, as `ClipFolder.sha256` says."""
        return self._folder.sha256()

    def pictures(self, x: Tensor) -> Tensor:
        """Unit vectors of pictures; gradients go through.

        Args:
            x: (N, 3, H, W), RGB in [0, 1]; the shorter side is resized to `side`, and what the
                longer one has more is cut off on both sides alike.

        Returns:
            (N, D).
        """
        height, width = x.shape[-2:]
        share = self.side / min(height, width)
        x = tensors.resized(x, round(height * share), round(width * share))
        top, left = (x.shape[-2] - self.side) // 2, (x.shape[-1] - self.side) // 2
        x = x[..., top : top + self.side, left : left + self.side]
        mean, std = (x.new_tensor(v).view(3, 1, 1) for v in (self._folder.mean, self._folder.std))
        seen = self._model.vision_model(pixel_values=(x - mean) / std)
        return F.normalize(self._model.visual_projection(seen.pooler_output), dim=-1)

    def words(self, sentences: Sequence[str]) -> Tensor:
        """Unit vectors of sentences, (N, D).

        Each is read alone, so that none depends on what stands beside it.

        Raises:
            WeightsError: the table of words is not this model's.
        """
        return torch.cat([self._sentence(sentence) for sentence in sentences])

    def tokens(self, sentence: str) -> int:
        """How many tokens a sentence has before any is cut, those of its ends included."""
        self._tokenizer.no_truncation()
        return len(self._tokenizer.encode(sentence).ids)

    def _sentence(self, sentence: str) -> Tensor:
        self._tokenizer.enable_truncation(self.longest)
        ids: list[int] = self._tokenizer.encode(sentence).ids
        config, first = self._model.config.text_config, self._folder.config["model_type"] != CLIP
        # A CLIP without the end that it knows would answer the same to any words.
        ends = first or config.eos_token_id in (LEGACY_END, *ids)
        if not ids or max(ids) >= config.vocab_size or not ends:
            raise WeightsError(
                f"the table of words of {self.name} is not that of its weights: get the model again"
            )
        with torch.no_grad():
            told = self._model.text_model(input_ids=torch.tensor([ids], device=self.device))
            pooled = told.last_hidden_state[:, 0] if first else told.pooler_output
            return F.normalize(self._model.text_projection(pooled), dim=-1)


def load(name: str) -> Clip:
    """The model in a folder or of the hub; the last one stays loaded.

    Args:
        name: as `impasto.networks.clip.folder.found` takes it.

    Raises:
        MissingPackageError: the extra `clip` is not installed.
        WeightsError: the folder is not that of a CLIP model, or is damaged.
        FetchError: the model of the hub cannot be fetched.
    """
    _transformers()
    folder = found(name)
    files = _there(folder.files())
    stamps = tuple((file.stat().st_mtime_ns, file.stat().st_size) for file in files)
    return _loaded(folder.path, stamps)


@lru_cache(maxsize=1)
def _loaded(path: Path, stamps: tuple[tuple[int, int], ...]) -> Clip:  # noqa: ARG001 - of what is kept
    folder = ClipFolder.read(path)
    model = _model(folder)
    return Clip(model, _tokenizer(folder), folder)


def _there(files: Sequence[Path]) -> Sequence[Path]:
    """Files that an index may name and nobody has."""
    for file in files:
        if not file.is_file():
            raise WeightsError(f"{format_path(file)} does not exist: get the model again")
    return files


def _transformers() -> Any:
    try:
        import transformers
    except ImportError:
        raise MissingPackageError("a CLIP model", "transformers", "clip") from None
    return transformers


def _model(folder: ClipFolder) -> Any:
    """The network with its weights, once every tensor is known to be there."""
    name = format_path(folder.path)
    with ExitStack() as stack:
        stored: dict[str, Any] = {}
        for file in folder.weights:
            stored |= _opened(file, stack)
        try:
            with torch.device("meta"):
                model = _bare(folder, most_layers=len(stored))
        # What a config of strangers says makes constructors raise anything at all.
        except Exception as error:
            raise WeightsError(
                f"{format_path(folder.path / CONFIG)} makes no network ({_line(error)}): get the "
                "model again"
            ) from None
        wanted = {key: tuple(tensor.shape) for key, tensor in model.state_dict().items()}
        if missing := [key for key in wanted if key not in stored]:
            raise WeightsError(
                f"{name} lacks {len(missing)} of {len(wanted)} tensors ({listed(missing)}): give "
                "the folder of a whole CLIP model"
            )
        if other := [k for k, shape in wanted.items() if tuple(stored[k].get_shape()) != shape]:
            raise WeightsError(
                f"{name} has {len(other)} of {len(wanted)} tensors in another shape than its "
                f"config.json says ({listed(other)}): get the model again"
            )
        weights = {key: _float32(stored[key][...]) for key in wanted}
    for key, tensor in weights.items():
        if not tensor.isfinite().all():
            raise WeightsError(f"{name} has numbers in {key} that are not finite: get it again")
    model.load_state_dict(weights, assign=True)
    _count_places(model)
    return model.eval().requires_grad_(False)


def _opened(path: Path, stack: ExitStack) -> dict[str, Any]:
    """The tensors of a safetensors file by name, read as they are asked for."""
    try:
        file = stack.enter_context(safe_open(path, framework="pt"))
        return {key: file.get_slice(key) for key in file.keys()}  # noqa: SIM118 - it is no mapping
    # Bytes from outside make the parser raise anything at all.
    except Exception as error:
        raise WeightsError(
            f"{format_path(path)} cannot be read as safetensors ({_line(error)}): delete it and "
            "get it again"
        ) from None


def _line(error: Exception) -> str:
    """What a library says of a file, short and in plain letters."""
    line = (str(error).strip().splitlines() or [type(error).__name__])[0][:120]
    return line if line.isprintable() else ascii(line)


def _bare(folder: ClipFolder, most_layers: int) -> Any:
    """The network that a config describes, without weights."""
    transformers = _transformers()
    told = folder.config
    text, vision = (_only(told.get(f"{part}_config"), keys) for part, keys in _PARTS)
    for part in (text, vision):
        if int(part.get("num_hidden_layers", 0)) > most_layers:
            raise ValueError("more layers than tensors")
    kind = "CLIP" if told["model_type"] == CLIP else "ChineseCLIP"
    config = getattr(transformers, f"{kind}Config")(
        text_config=text, vision_config=vision, **_only(told, ("projection_dim",))
    )
    return getattr(transformers, f"{kind}Model")(config)


_PARTS = (("text", TEXT), ("vision", VISION))


def _only(told: Any, keys: Sequence[str]) -> dict[str, Any]:
    """What a config says of some things."""
    if not isinstance(told, Mapping):
        raise ValueError("text_config and vision_config have to be objects")
    return {key: told[key] for key in keys if key in told}


def _float32(tensor: Tensor) -> Tensor:
    """Apart from the file, which would be held open, or change."""
    return tensor.to(torch.float32, copy=True).contiguous()


def _count_places(model: nn.Module) -> None:
    """Fill what a network counts its places with, which no file holds."""
    for name, buffer in model.named_buffers():
        if not buffer.is_meta:
            continue
        owner, _, own = name.rpartition(".")
        count = torch.arange(buffer.shape[-1]).expand(buffer.shape)
        filling = count if own == "position_ids" else torch.zeros(buffer.shape)
        model.get_submodule(owner).register_buffer(own, filling.to(buffer.dtype), persistent=False)


def _tokenizer(folder: ClipFolder) -> Any:
    """What makes numbers of words."""
    import tokenizers

    transformers = _transformers()
    try:
        kind = folder.tokenizer[0].name
        if kind == "tokenizer.json":
            return tokenizers.Tokenizer.from_file(str(folder.tokenizer[0]))
        if kind == "vocab.json":
            files = dict(zip(("vocab", "merges"), map(str, folder.tokenizer), strict=True))
            return transformers.CLIPTokenizer(**files).backend_tokenizer
        return transformers.BertTokenizer(vocab=str(folder.tokenizer[0])).backend_tokenizer
    # The reader of tokenizers raises plain `Exception`.
    except Exception as error:
        raise WeightsError(
            f"{format_path(folder.tokenizer[0])} is no table of words ({_line(error)}): get the "
            "model again"
        ) from None
