"""What a picture is to make small at one scale: the weighted sum of loss terms."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import torch
from torch import Tensor

from impasto import losses
from impasto.errors import SettingError
from impasto.losses.sums import Sums
from impasto.losses.taps import Float32Tap
from impasto.losses.terms import (
    ContentTarget,
    ContentTerm,
    LossTerm,
    StyleTarget,
    StyleTerm,
    TotalVariationTerm,
)
from impasto.methods.optimization.face_structure import face_structure
from impasto.methods.optimization.kept_faces import content_in_faces, hold_of, parts_of
from impasto.methods.optimization.regions import (
    Geometry,
    content_places,
    content_share,
    region_layers,
    region_places,
    seeing_parts,
)
from impasto.methods.optimization.targets import Region, Scene, StyleView
from impasto.networks.features.passes import Looks, Workspace
from impasto.settings import StyleSettings
from impasto.task import RegionOptions

__all__ = [
    "TOTAL",
    "Objective",
    "TermFactory",
    "View",
    "features_by",
    "goes_direct",
    "layers_needed",
    "style_layers",
    "style_term",
]

Features: TypeAlias = dict[str, Tensor]
TOTAL = "total"
NO_GEOMETRY = (1, 1)  # where nothing is weighed by place


def layers_needed(settings: StyleSettings, regions: Iterable[RegionOptions] = ()) -> list[str]:
    """The layers that have a weight, each once, in the order of the settings."""
    content = settings.content_layers if settings.weights.content else {}
    named = [layer for layer, weight in content.items() if weight]
    own = [layer for region in regions for layer in region.style_layers or ()]
    return list(dict.fromkeys([*named, *style_layers(settings), *own]))


def style_layers(settings: StyleSettings) -> list[str]:
    """The layers that hold the style, in the order of the settings."""
    if not settings.weights.style:
        return []
    return [layer for layer, weight in settings.style_layers.items() if weight]


@dataclass(frozen=True)
class View:
    """What a term is bound to at one scale.

    Attributes:
        scene: content, styles and where each of them counts.
        settings: all of them.
        features: gives those of a picture (1, 3, H, W), standardised, by layer.
        geometry: of the layers; empty where nothing needs it.
        sums: gives those of a style too large to be looked at whole, by layer, from where it counts
            at each and whether it is plain; None where all are looked at whole.
    """

    scene: Scene
    settings: StyleSettings
    features: Callable[[Tensor], Features]
    geometry: Geometry
    sums: Callable[[StyleView, Mapping[str, Tensor | None], bool], dict[str, Sums]] | None = None

    def look(
        self, style: StyleView, counts: Mapping[str, Tensor | None], plain: bool
    ) -> Mapping[str, Tensor | Sums]:
        """What `losses.StyleLoss` takes of a style, by layer.

        Args:
            style: one of the scene.
            counts: where it counts, by each layer that is wanted.
            plain: whether the loss is one of plain styles.
        """
        if self.sums is not None:
            return self.sums(style, counts, plain)
        return self.features(style.pixels)


# Binds a term at a scale. A factory of another package may have an attribute `layers`: names of
# layers that the network has to collect for it; none, where its term reads the picture alone.
TermFactory: TypeAlias = Callable[[View], LossTerm]


def content_term(view: View) -> ContentTerm:
    """Keeps the features of the content image."""
    settings, scene = view.settings, view.scene
    layers = settings.content_layers if settings.weights.content else {}
    targets: list[ContentTarget] = []
    seen = None
    if any(layers.values()):
        features = view.features(scene.content)
        share = content_share(scene)
        targets = [
            ContentTarget(
                layer,
                weight * share,
                features[layer],
                content_places(scene, view.geometry, layer),
            )
            for layer, weight in layers.items()
            if weight
        ]
        weight = settings.weights.style / settings.weights.content
        seen = face_structure(scene, [hold_of(face) for face in scene.faces], weight)
        formed = () if seen is None else seen.faces
        targets += [
            ContentTarget(kept.layer, kept.weight, features[kept.layer], kept.places)
            for kept in content_in_faces(scene, settings, view.geometry, formed=formed)
        ]
    loss = losses.ContentLoss(settings.content_loss, blank=scene.blank)
    return ContentTerm(targets, loss, settings.weights.content, seen=seen)


def style_term(view: View) -> StyleTerm:
    """Takes on the statistics of the styles, each region those of its own."""
    targets = [target for region in view.scene.regions for target in _style(view, region)]
    return StyleTerm(targets, view.settings.weights.style)


def total_variation_term(view: View) -> TotalVariationTerm:
    """Smooths."""
    loss = losses.TotalVariationLoss(view.settings.tv_loss)
    return TotalVariationTerm(loss, view.settings.weights.tv)


TERMS: tuple[TermFactory, ...] = (content_term, style_term, total_variation_term)


def _style(view: View, region: Region) -> list[StyleTarget]:
    settings = view.settings
    side = max(view.scene.content.shape[-2:])
    weights = seeing_parts(
        region_layers(region, settings), view.geometry, side, settings.field_share
    )
    places_by_layer = region_places(view.scene, region, view.geometry, weights)
    if not places_by_layer:
        return []
    plain = all(style.plain for style in region.styles)
    by_style = [
        view.look(style, {layer: at.styles[n] for layer, at in places_by_layer.items()}, plain)
        for n, style in enumerate(region.styles)
    ]
    share = view.scene.share(region)
    targets = []
    for layer, places in places_by_layer.items():
        loss = losses.StyleLoss(
            [features[layer] for features in by_style],
            settings.style_loss,
            shares=region.shares,
            style_weights=places.styles,
            heads=settings.gram_heads,
            seed=settings.seed,
            plain=plain,
        )
        seen = view.geometry.get(layer, NO_GEOMETRY)
        targets += [
            StyleTarget(layer, share * part * weights[layer], loss, where)
            for part, where in parts_of(view.scene, places.picture, *seen)
        ]
    return targets


def features_by(
    network: Callable[[Tensor], Features], x: Tensor, *, bf16: bool = False
) -> Features:
    """A network's features of (1, 3, H, W), in float32 whatever they were computed in."""
    if not bf16:
        return network(x)
    with torch.autocast(x.device.type, torch.bfloat16):
        features = network(x)
    return {layer: feature.float() for layer, feature in features.items()}


def goes_direct(settings: StyleSettings, device: torch.device) -> bool:
    """Whether a VGG's gradients come by `Direct` there."""
    return device.type == "cpu" and not settings.compile


class Direct:
    """Losses and their gradient in one pass down a network and back, without differentiation.

    Args:
        network: has `value_and_gradient`, as `impasto.networks.features.vgg.VGG` has.
        terms: each of taps, or reads the picture alone.
        dtype: of the features and their gradients.
    """

    def __init__(
        self, network: Any, terms: Sequence[LossTerm], dtype: torch.dtype = torch.float32
    ) -> None:
        self._network, self._terms = network, terms
        self._workspace = Workspace(dtype)
        self._taps: dict[str, list[Looks]] = {}
        self._places: dict[str, list[tuple[str, int, float]]] = {}  # of a term's taps, by its name
        for term in terms:
            for layer, weight, tap in term.taps() if hasattr(term, "taps") else ():
                if dtype != torch.float32:
                    tap = Float32Tap.where_needed(tap)
                looks = self._taps.setdefault(layer, [])
                places = self._places.setdefault(term.name, [])
                places.append((layer, len(looks), term.weight * weight))
                looks.append(Looks(term.weight * weight, tap))

    @classmethod
    def of(
        cls, network: object, terms: Sequence[LossTerm], dtype: torch.dtype = torch.float32
    ) -> Direct | None:
        """The direct way; None where the network or a term of features knows none."""
        if not hasattr(network, "value_and_gradient"):
            return None
        if any(term.layers and not hasattr(term, "taps") for term in terms):
            return None
        return cls(network, terms, dtype)

    def __call__(self, picture: Tensor) -> tuple[dict[str, Tensor], Tensor]:
        """Weighted losses and total, and the gradient of the total.

        Args:
            picture: (1, 3, H, W), standardised.
        """
        losses, gradient = self._network.value_and_gradient(picture, self._taps, self._workspace)
        if self._workspace.dtype == torch.bfloat16 and not picture.isfinite().all():
            gradient.fill_(torch.nan)  # the ReLU of bfloat16 makes 0 of a NaN
        weighted = {}
        for term in self._terms:
            if hasattr(term, "taps") or hasattr(term, "add_gradient"):
                parts = [w * losses[layer][n] for layer, n, w in self._places.get(term.name, ())]
                if hasattr(term, "add_gradient"):
                    parts.append(term.weight * term.add_gradient(picture, gradient))
                weighted[term.name] = sum(parts, picture.new_zeros(()))
                continue
            loss, own = _of_picture(term, picture)
            weighted[term.name] = loss
            if own is not None:
                gradient = gradient.add_(own)
        return _with_total(weighted), gradient


def _of_picture(term: LossTerm, picture: Tensor) -> tuple[Tensor, Tensor | None]:
    """The weighted loss of a term that reads no features, and its gradient if it has one."""
    x = picture.detach().requires_grad_()
    loss = term.weight * term(x, {})
    own = torch.autograd.grad(loss, x)[0] if loss.requires_grad else None
    return loss.detach(), own


class Objective:
    """What the synthesized image is to make small.

    Args:
        network: gives features by layer of (1, 3, H, W); at least `layers_needed(settings)`.
        scene: what it is compared with; the synthesized image has the content's shape.
        settings: weights, layers and kinds of losses.
        geometry: of the network's layers, which masks and transparency need.
        compiled: the network compiled, for the passes that are repeated.
        terms: what else is to be made small, beside the losses of the settings.

    Attributes:
        terms: in the order in which they are summed.
    """

    def __init__(
        self,
        network: Callable[[Tensor], Features],
        scene: Scene,
        settings: StyleSettings,
        *,
        geometry: Geometry | None = None,
        compiled: Callable[[Tensor], Features] | None = None,
        terms: Sequence[TermFactory] = (),
    ) -> None:
        self.scene = scene
        self._bf16 = settings.precision == "bf16"
        self._network = network
        view = View(scene, settings, self.features, geometry or {})
        with torch.no_grad():
            self.terms: tuple[LossTerm, ...] = tuple(bind(view) for bind in (*TERMS, *terms))
        _check_names(self.terms)
        self._network = network if compiled is None else compiled
        self._direct = None
        if compiled is None and goes_direct(settings, scene.content.device):
            dtype = torch.bfloat16 if self._bf16 else torch.float32
            self._direct = Direct.of(network, self.terms, dtype)

    def features(self, x: Tensor) -> Features:
        """The network's features of (1, 3, H, W), in float32 whatever they were computed in."""
        return features_by(self._network, x, bf16=self._bf16)

    def __call__(self, x: Tensor) -> dict[str, Tensor]:
        """Weighted losses by the names of the terms, and their sum, total.

        Args:
            x: (1, 3, H, W), standardised.
        """
        x = self.scene.composed(x)
        features = self.features(x)
        weighted = {term.name: term.weight * term(x, features) for term in self.terms}
        return _with_total(weighted)

    def begin(self, step: int) -> bool:
        """Tell terms that have `begin` which step of the scale comes next, counted from 0.

        Returns:
            Whether the loss is another function from here on.
        """
        others = [term.begin(step) for term in self.terms if hasattr(term, "begin")]
        return any(others)

    def evaluate(self, x: Tensor) -> tuple[Mapping[str, float], Tensor]:
        """Weighted losses as numbers, and the gradient of their sum, shaped like `x`."""
        with torch.inference_mode(False), torch.enable_grad():  # whatever the caller's mode is
            x = x.detach().clone()
            if self._direct is not None:
                weighted, gradient = self._direct(self.scene.composed(x))
                if self.scene.painted is not None:
                    gradient.mul_(self.scene.painted)
            else:
                weighted = self(x.requires_grad_())
                (gradient,) = torch.autograd.grad(weighted[TOTAL], x)
        return _numbers(weighted), gradient


def _with_total(weighted: dict[str, Tensor]) -> dict[str, Tensor]:
    return weighted | {TOTAL: sum(weighted.values(), torch.zeros(()))}


def _numbers(weighted: Mapping[str, Tensor]) -> dict[str, float]:
    return {name: loss.item() for name, loss in weighted.items()}


def _check_names(terms: Sequence[LossTerm]) -> None:
    """Refuse terms that could not be told apart."""
    names = [term.name for term in terms]
    for name in names:
        if name == TOTAL or names.count(name) > 1:
            raise SettingError(
                f"a loss term is called {name}, which is taken: give each term a name of its own"
            )
