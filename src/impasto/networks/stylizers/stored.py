"""One-pass networks in files: safetensors, large tensors at 8 bits a number, no code in them.

A tensor of at least `LARGE` numbers is kept as whole numbers from -127 to 127, row by row, and a
factor for each row; the others as float16. The text beside them says what the network is.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save as to_bytes
from torch import Tensor

from impasto import files
from impasto.errors import WeightsError
from impasto.networks.stylizers.model import OnePass
from impasto.networks.stylizers.painter import Plan
from impasto.networks.weights.read import metadata, opened
from impasto.text import format_path

__all__ = ["FORMAT", "load", "save"]

FORMAT = "impasto-one-pass-1"
LARGE = 1024  # numbers
FACTOR = ".factor"
MOST_NUMBERS = 100_000_000  # of all kernels together, thirty times the bundled network's
# Nothing that anybody would paint with is larger; a file that asks for more is refused unread.
MOST = {"widths": 512, "blocks": 32, "kernels": 64, "code": 1024, "hidden": 1024, "rows": 4096}


def save(path: str | Path, network: OnePass, text: Mapping[str, str]) -> None:
    """Write a network, whole or not at all.

    Args:
        path: ends in `.safetensors`.
        network: any.
        text: what a person should know of it.

    Raises:
        OSError: the place cannot be written.
    """
    tensors: dict[str, Tensor] = {}
    for name, tensor in network.state_dict().items():
        tensors.update(_packed(name, tensor.detach().cpu().float()))
    layout = {
        "format": FORMAT,
        "plan": json.dumps(asdict(network.plan)),
        "reads": json.dumps(network.reader is not None),
        "styles": json.dumps(network.names, ensure_ascii=False),
    }
    with files.replacing(Path(path)) as place:
        place.write_bytes(_ordered(to_bytes(tensors, {**text, **layout})))


def _ordered(data: bytes) -> bytes:
    """Safetensors with the text in the order of its names: equal networks make equal files."""
    length = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + length])
    header["__metadata__"] = dict(sorted(header["__metadata__"].items()))
    text = json.dumps(header, separators=(",", ":"), ensure_ascii=False).encode()
    text += b" " * (-len(text) % 8)  # the tensors behind it stay aligned
    return len(text).to_bytes(8, "little") + text + data[8 + length :]


def load(path: str | Path) -> OnePass:
    """Read a network; whatever a file holds, no code of it is run.

    Raises:
        WeightsError: it cannot be read, is no one-pass network, or is damaged.
    """
    path = Path(path)
    with opened(path) as stored:
        text = metadata(path)
        if text.get("format") != FORMAT:
            raise WeightsError(
                f"{format_path(path)} is no one-pass network: pass a file that impasto train wrote"
            )
        network = _laid_out(path, text)
        wanted = network.state_dict()
        known = {*wanted, *(name + FACTOR for name in wanted)}
        strange = sorted(set(stored) - known)
        missing = sorted(set(wanted) - set(stored))
        if strange or missing:
            what = f"lacks {missing[0]}" if missing else f"holds {strange[0][:60]!a}"
            raise _damaged(path, what)
        shapes = {name: stored[name].shape for name in wanted}
        for name, tensor in wanted.items():
            if shapes[name] != tuple(tensor.shape):
                raise _damaged(path, f"{name} is {shapes[name]}, wanted {tuple(tensor.shape)}")
        read = {name: entry.read() for name, entry in stored.items()}
    state = {name: _unpacked(path, name, read) for name in wanted}
    network.load_state_dict(state)
    return network.eval().requires_grad_(False)


def _packed(name: str, tensor: Tensor) -> dict[str, Tensor]:
    if tensor.dim() < 2 or tensor.numel() < LARGE:
        return {name: tensor.half().contiguous()}
    # A row is what one number of the outcome is summed from: kernels have two leading axes.
    leading = 2 if tensor.dim() == 5 else 1
    rows = tensor.flatten(leading)
    factors = (rows.abs().amax(-1, keepdim=True) / 127).clamp(min=1e-8)
    whole = (rows / factors).round().to(torch.int8).view(tensor.shape)
    return {name: whole.contiguous(), name + FACTOR: factors.squeeze(-1).contiguous()}


def _unpacked(path: Path, name: str, read: Mapping[str, Tensor]) -> Tensor:
    tensor = read[name]
    factors = read.get(name + FACTOR)
    if (tensor.dtype == torch.int8) != (factors is not None):
        raise _damaged(path, f"{name} and its factors do not go together")
    if factors is not None:
        leading = 2 if tensor.dim() == 5 else 1
        if factors.shape != tensor.shape[:leading]:
            raise _damaged(path, f"{name} has factors of shape {tuple(factors.shape)}")
        tensor = tensor.float() * factors.float().view(
            *factors.shape, *[1] * (tensor.dim() - leading)
        )
    elif not tensor.is_floating_point():
        raise _damaged(path, f"{name} is {tensor.dtype}")
    tensor = tensor.to(torch.float32, copy=True).contiguous()
    if not tensor.isfinite().all():
        raise _damaged(path, f"{name} has numbers that are not finite")
    return tensor


def _laid_out(path: Path, text: Mapping[str, str]) -> OnePass:
    """The network that a file says it is, with random numbers."""
    try:
        given = json.loads(text["plan"])
        reads, names = json.loads(text["reads"]), json.loads(text["styles"])
        plan = Plan(**{**given, "widths": tuple(given["widths"])})
        _check_plan(plan)
        fits = isinstance(reads, bool) and isinstance(names, list)
        fits = fits and all(isinstance(name, str) for name in names)
        if not fits or len(names) > MOST["rows"] or not (reads or names):
            raise ValueError("styles")
        return OnePass(plan, reads=reads, rows=names)
    # Text from outside may be anything.
    except Exception as error:
        raise _damaged(path, f"its layout cannot be read ({type(error).__name__})") from error


def _check_plan(plan: Plan) -> None:
    most: dict[str, Any] = {
        **MOST,
        "trunk_kernels": MOST["kernels"],
        "top_kernels": MOST["kernels"],
    }
    for field in fields(plan):
        value = getattr(plan, field.name)
        values = value if isinstance(value, tuple) else (value,)
        if len(values) != (4 if field.name == "widths" else 1):
            raise ValueError(field.name)
        for number in values:
            if type(number) is not int or not 1 <= number <= most[field.name]:
                raise ValueError(field.name)
    if sum(one.kernels * one.after * one.before * 9 for one in plan.styled()) > MOST_NUMBERS:
        raise ValueError("kernels")


def _damaged(path: Path, what: str) -> WeightsError:
    return WeightsError(
        f"{format_path(path)} is a one-pass network that is damaged or of another release: {what}; "
        "get it again, or train it anew"
    )
