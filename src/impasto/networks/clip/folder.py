"""The folder that a CLIP model lies in, as far as it is known without torch."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from impasto.errors import FetchError, MissingPackageError, WeightsError, reason_of
from impasto.files import file_sha256
from impasto.text import format_path

__all__ = ["CLIP", "CONFIG", "KINDS", "ClipFolder", "found", "is_hub_name", "located_model"]

CLIP = "clip"
KINDS = (CLIP, "chinese_clip")
"""What `model_type` may be in a folder's config.json."""

CONFIG, PREPROCESSING = "config.json", "preprocessor_config.json"
WEIGHTS, INDEX = "model.safetensors", "model.safetensors.index.json"
# By what is looked for first: any of them tells how words become numbers.
TOKENIZERS = (("tokenizer.json",), ("vocab.json", "merges.txt"), ("vocab.txt",))
LARGEST_JSON = 16_000_000  # bytes; an index of the largest CLIP has a hundredth of it
# Means and deviations of the photographs that OpenAI's CLIP learnt from, for a folder that has no
# other: RGB in [0, 1].
MEAN, STD = (0.48145466, 0.4578275, 0.40821073), (0.26862954, 0.26130258, 0.27577711)


@dataclass(frozen=True)
class ClipFolder:
    """A CLIP model on disk. Nothing in it is run: its files are numbers and tables.

    Attributes:
        path: of the folder.
        config: what config.json says.
        weights: the files of its tensors.
        tokenizer: the files that tell how words become numbers.
        mean, std: of each channel, RGB in [0, 1], that pictures are standardised with.
    """

    path: Path
    config: Mapping[str, Any]
    weights: tuple[Path, ...]
    tokenizer: tuple[Path, ...]
    mean: tuple[float, ...] = MEAN
    std: tuple[float, ...] = STD

    @classmethod
    def read(cls, path: Path) -> ClipFolder:
        """Look into a folder.

        Raises:
            WeightsError: it lacks a file, or one is not what it has to be.
        """
        name = format_path(path)
        config = _object(path / CONFIG)
        if config.get("model_type") not in KINDS:
            raise WeightsError(
                f"{name} holds a model of the kind {_short(config.get('model_type'))}: give the "
                f"folder of a CLIP model, one of {', '.join(KINDS)}"
            )
        tokenizer = next((f for f in TOKENIZERS if all((path / n).is_file() for n in f)), None)
        if tokenizer is None:
            ways = ", or ".join(" and ".join(files) for files in TOKENIZERS)
            raise WeightsError(
                f"{name} has no table of words: put {ways} there, as the model was published"
            )
        mean: tuple[float, ...] = MEAN
        std: tuple[float, ...] = STD
        if (path / PREPROCESSING).is_file():
            told = _object(path / PREPROCESSING)
            mean = _colour(told, "image_mean", MEAN, path)
            std = _colour(told, "image_std", STD, path)
        if not all(std):
            raise WeightsError(
                f"{format_path(path / PREPROCESSING)} has 0 in image_std: give numbers above 0"
            )
        files = tuple(path / file for file in tokenizer)
        return cls(path, MappingProxyType(config), _weights(path), files, mean, std)

    def files(self) -> tuple[Path, ...]:
        """All that decides what the model says."""
        told = [file for file in (self.path / PREPROCESSING,) if file.is_file()]
        return (self.path / CONFIG, *self.weights, *self.tokenizer, *told)

    def sha256(self) -> str:
        """Of `files`, 64 hex digits.

        Raises:
            WeightsError: a file cannot be read.
        """
        digest = hashlib.sha256()
        for file in self.files():
            try:
                digest.update(f"{file.name} {file_sha256(file)}\n".encode())
            except (OSError, ValueError) as error:
                raise _unreadable(file, error) from None
        return digest.hexdigest()


def is_hub_name(name: str) -> bool:
    """Whether a name may be that of a model of the hub, by its look.

    Example:
        >>> is_hub_name("openai/clip-vit-base-patch32"), is_hub_name("../clip"), is_hub_name("a/b/")
        (True, False, False)
    """
    return re.fullmatch(r"\w[\w.-]*/\w[\w.-]*", name, re.ASCII) is not None and ".." not in name


def found(name: str) -> ClipFolder:
    """The folder that somebody names, or that of a model of the hub, which is fetched once.

    Args:
        name: a folder; or OWNER/MODEL, whose config, tables and safetensors come from the hub of
            Hugging Face, or from what was fetched of it before, which is not asked for again.

    Raises:
        WeightsError: there is no such folder, or it is not that of a CLIP model.
        FetchError: the model cannot be fetched.
        MissingPackageError: the extra `clip` is not installed, and a model of the hub is named.
    """
    folder = Path(name).expanduser()
    try:
        is_folder = folder.is_dir()
    except (OSError, ValueError):  # a name too long, or with a NUL
        is_folder = False
    if is_folder:
        return ClipFolder.read(folder.absolute())
    if not is_hub_name(name):
        raise WeightsError(
            f"{format_path(name)} is no folder: give that of a CLIP model, or OWNER/MODEL of the "
            "hub"
        )
    return ClipFolder.read(_fetched(name))


def located_model(name: str) -> str:
    """What finds the same model from any folder; a model of the hub keeps its name.

    Example:
        >>> located_model("openai/clip-vit-base-patch32")
        'openai/clip-vit-base-patch32'
    """
    folder = Path(name).expanduser()
    return str(folder.absolute()) if folder.is_dir() else name


def _fetched(name: str) -> Path:
    """Where a model of the hub lies, once it is there."""
    try:
        from huggingface_hub import snapshot_download
    except ImportError:
        raise MissingPackageError(f"the CLIP model {name}", "huggingface-hub", "clip") from None
    wanted = [CONFIG, PREPROCESSING, WEIGHTS, INDEX, "model-*.safetensors"]
    wanted += [file for files in TOKENIZERS for file in files]
    reason = ""
    for offline in (True, False):
        try:
            place = Path(snapshot_download(name, allow_patterns=wanted, local_files_only=offline))
        # The hub's client raises a dozen kinds, its network's among them.
        except Exception as error:
            reason = _first_sentence(error)
            continue
        # What was broken off may lack its weights.
        if not offline or (place / WEIGHTS).is_file() or (place / INDEX).is_file():
            return place
    raise FetchError(
        f"the CLIP model {name} is no folder here and cannot be fetched from the hub ({reason}): "
        "check its name and the network, or fetch it elsewhere and give its folder"
    )


def _weights(path: Path) -> tuple[Path, ...]:
    """The files of the tensors: one, or those that an index names, all in the folder itself."""
    if (path / WEIGHTS).is_file():
        return (path / WEIGHTS,)
    if not (path / INDEX).is_file():
        raise WeightsError(
            f"{format_path(path)} has no {WEIGHTS}, and weights of other kinds could run code: "
            "give a folder that has it (save_pretrained of transformers writes it)"
        )
    named = _object(path / INDEX).get("weight_map")
    files = sorted({str(file) for file in named.values()}) if isinstance(named, dict) else []
    if not files or any(Path(file).name != file for file in files):
        raise WeightsError(
            f"{format_path(path / INDEX)} names no files of its own folder: get the model again"
        )
    return tuple(path / file for file in files)


def _object(path: Path) -> dict[str, Any]:
    """A JSON object."""
    try:
        if path.stat().st_size > LARGEST_JSON:
            raise WeightsError(
                f"{format_path(path)} has {path.stat().st_size:,} bytes, which no table of a CLIP "
                "model has: get the model again"
            )
        value = json.loads(path.read_bytes())
    except OSError as error:
        raise _unreadable(path, error) from None
    except (ValueError, RecursionError):
        raise WeightsError(f"{format_path(path)} is not JSON: get the model again") from None
    if not isinstance(value, dict):
        raise WeightsError(f"{format_path(path)} is no JSON object: get the model again")
    return value


def _colour(
    told: Mapping[str, Any], name: str, usual: tuple[float, ...], path: Path
) -> tuple[float, ...]:
    value = told.get(name, usual)
    right = isinstance(value, list | tuple) and len(value) == 3
    if not right or not all(isinstance(v, int | float) and 0 <= v <= 1 for v in value):
        raise WeightsError(
            f"{format_path(path / PREPROCESSING)} has {_short(value)} for {name}: give three "
            "numbers from 0 to 1"
        )
    return tuple(map(float, value))


def _unreadable(path: Path, error: Exception) -> WeightsError:
    return WeightsError(
        f"{format_path(path)} cannot be read ({reason_of(error)}): give the folder of a CLIP model "
        "with config.json, its words and model.safetensors"
    )


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:60]}…"


def _first_sentence(error: Exception) -> str:
    line = (str(error).strip().splitlines() or [type(error).__name__])[0].partition(". ")[0]
    return line[:160] if line.isprintable() else ascii(line[:160])
