"""Everything a painting needs before its first step, made ready or refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import torch
from torch import Tensor, nn

from impasto.errors import PartTooSmallError, PictureError, SettingError
from impasto.events import Started
from impasto.folders import check_scratch
from impasto.losses import style_loss
from impasto.methods import device as devices
from impasto.methods import precision
from impasto.methods.inputs import Inputs
from impasto.methods.optimization import canvas
from impasto.methods.optimization.duration import Pace, measure
from impasto.methods.optimization.guidance import Guidance, check_text
from impasto.methods.optimization.looker import Looker
from impasto.methods.optimization.objective import (
    Objective,
    style_layers,
)
from impasto.methods.optimization.optimizers import BandedLBFGS, Optimizer, choose, corner_weight
from impasto.methods.optimization.pyramid import Pyramid
from impasto.methods.optimization.regions import Geometry, region_layers, region_places
from impasto.methods.optimization.schedule import WIDEST_MARGIN, Scale, plan_scales
from impasto.methods.optimization.targets import Scene
from impasto.methods.optimization.tiles.away import AwayPainting
from impasto.methods.optimization.tiles.grid import Grid, Reach
from impasto.methods.optimization.tiles.objective import TiledObjective, tile_work
from impasto.methods.optimization.tiles.sharing import AwayPaintings
from impasto.methods.pictures import Pictures
from impasto.methods.planes import Planes, release
from impasto.methods.protocol import RunOptions
from impasto.settings import STARTS, StyleSettings, described
from impasto.task import StyleTask
from impasto.text import format_path

__all__ = ["Preparation", "check", "plan", "prepare", "seedless"]


@dataclass(frozen=True)
class Preparation:
    """What a painting works with.

    Attributes:
        device: where it is computed.
        pictures: content, styles, masks and start picture at the final size.
        scales: coarse to fine; none if only colours are moved.
        pyramid: the pictures at each scale; None if only colours are moved.
        network: gives features by layer, frozen, on the device; None if only colours are moved.
        looker: the network as it is called at each step: compiled, if the settings ask for it.
        predicted_bytes: peak of memory, this process included; 0 if nobody can tell.
        pace: how quick the steps will be; None if nobody can tell.
        notes: what a person may not expect of this run.
        terms: what else the picture is to make small, beside the losses of the settings.
        tile: px of a tile that a larger scale is painted in; 0 for the whole.
        wide: px of such a tile from left to right; 0 for as many as from top to bottom.
        planes: where the pictures of such scales lie.
        away: how others hold the rows of such scales; None where this process does.
        guidance: what words ask for; None where they ask for nothing.
    """

    device: torch.device
    pictures: Pictures
    scales: tuple[Scale, ...] = ()
    pyramid: Pyramid | None = None
    network: Any = None
    looker: Callable[[Tensor], dict[str, Tensor]] | None = None
    geometry: Geometry | None = None
    predicted_bytes: int = 0
    pace: Pace | None = None
    notes: tuple[str, ...] = ()
    terms: tuple[Any, ...] = ()
    tile: int = 0
    wide: int = 0
    planes: Planes = field(default_factory=Planes)
    away: AwayPaintings | None = None
    guidance: Guidance | None = None

    @property
    def detail(self) -> float:
        """Share of the content image's detail that an enlarged picture gets.

        It is 0 where the content has no weight, or was not in the picture to begin with.
        """
        settings = self.pictures.settings
        shows = settings.weights.content and any(settings.content_layers.values())
        begins = self.pictures.init is None and settings.init in ("content", "blend")
        return settings.detail if shows and begins else 0.0

    def weights_sha256(self) -> str:
        """Of the network; empty where there is none, or one that was brought along says none."""
        digest = getattr(self.network, "sha256", None)
        return "" if digest is None else str(digest())

    def clip_sha256(self) -> str:
        """Of the model that reads the words; empty where none does."""
        return "" if self.guidance is None else self.guidance.clip.sha256()

    def started(self, first_step: int, scales: Sequence[Scale]) -> Started:
        """The event that a run begins with.

        Args:
            first_step: the number of the first step that will follow.
            scales: with the steps that each had or may have, coarse to fine.
        """
        return Started(
            steps=sum(scale.steps for scale in scales),
            scales=plan(scales),
            backbone=self.pictures.settings.backbone,
            device=str(self.device),
            threads=torch.get_num_threads(),
            first_step=first_step,
            predicted_bytes=self.predicted_bytes,
            notes=self.notes,
            method="optimization",
            shape=self.pictures.shape,
            precision=self.pictures.settings.precision,
            predicted_s=0.0 if self.pace is None else self.pace.seconds(scales, first_step),
        )

    def scene(self, scale: Scale) -> Scene:
        """What is looked at, at a scale."""
        assert self.pyramid is not None  # there are scales only where something is painted
        scene = self.pyramid.at(scale)
        self.pyramid.forget(scale)
        return scene

    def is_tiled(self, scale: Scale) -> bool:
        """Whether a scale is painted in tiles."""
        return self.pyramid is not None and self.pyramid.is_tiled(scale)

    def objective(
        self, scale: Scale, scene: Scene, optimizer: Optimizer | None = None
    ) -> Objective | TiledObjective | AwayPainting:
        """What is to be made small, at a scale, by the optimizer that was made for it."""
        settings, geometry = self.pictures.settings, self.geometry or {}
        if self.is_tiled(scale):
            work = tile_work(self.network, scene, settings, geometry, self.tile, self.wide)
            if isinstance(optimizer, AwayPainting):
                optimizer.attach(work, scene)
                return optimizer
            return TiledObjective(work, scene, self.planes)
        return Objective(
            self.network,
            scene,
            settings,
            geometry=geometry,
            compiled=self.looker,
            terms=self.terms,
        )

    def blank(self, scale: Scale) -> Tensor:
        """A picture of nothing at a scale, (1, 3, H, W)."""
        if self.is_tiled(scale):
            return self.planes.new(1, 3, *scale.canvas)
        return torch.zeros(1, 3, *scale.canvas, device=self.device)

    def optimizer(self, scale: Scale, begin: Tensor) -> Optimizer:
        """What moves the pixels of a scale, from a picture to begin with."""
        settings = self.pictures.settings
        if not self.is_tiled(scale):
            return choose(settings, canvas.SynthesizedImage(begin).pixels, scale.steps)
        if self.away is not None:
            return self.away.painting(begin, settings, self.planes)
        if settings.optimizer == "adam" or corner_weight(settings):
            return choose(settings, nn.Parameter(begin), scale.steps)
        rows = Grid(*scale.canvas, self.tile, Reach(0, 0)).rows
        numbers = settings.lr, settings.lbfgs_history, settings.lbfgs_sobolev
        return BandedLBFGS.of(begin, rows, self.planes.new, *numbers, release)

    def later_notes(self) -> tuple[str, ...]:
        """What was not to be known at the beginning."""
        return () if self.away is None else tuple(self.away.notes)


def plan(scales: Sequence[Scale]) -> tuple[tuple[tuple[int, int], int], ...]:
    """((height, width), steps) of each scale in px, coarse to fine."""
    return tuple(((scale.height, scale.width), scale.steps) for scale in scales)


def check(settings: StyleSettings) -> None:
    """Refuse a device that is not here, and layers or heads that the backbone has not.

    Raises:
        ImpastoError: what is wrong with the settings.
    """
    precision.resolved(settings, devices.choose(settings.device))
    Looker.of(settings, (), RunOptions())


def seedless(settings: StyleSettings) -> str:
    """Why another seed would paint the same; empty where it would not."""
    if settings.text_weight and settings.color != "only":
        return ""
    if settings.color == "only":
        return "colours are moved without any chance; leave --color only out to paint"
    is_noisy = settings.init in STARTS and settings.init != "content"
    if settings.init == "blend" and not settings.noise:
        is_noisy = False
    if is_noisy or style_loss(settings.style_loss).directions is not None:
        return ""
    return (
        f"nothing is random with --init {settings.init} and --style-loss {settings.style_loss}; "
        "--init noise gives variants"
    )


def prepare(task: StyleTask[Any], settings: StyleSettings, options: RunOptions) -> Preparation:
    """Read, plan, check the memory, fit, build the targets, and load the network last.

    What is cheap to refuse is refused first.

    Raises:
        ImpastoError: whatever is wrong with the inputs; see `impasto.errors`.
    """
    device = devices.choose(settings.device)
    check_text(settings, task.prompt, device)
    look = Looker.of(settings, task.regions, options)

    away = AwayPaintings.of(options.holders, settings, look.untiled(options, device), device)
    inputs = Inputs.read(task, settings)
    faster = look.is_direct(device) and not _reads_features(options) and not inputs.regions()
    settings = precision.resolved(settings, device, faster=faster)
    devices.set_up(settings, device)
    own_notes = tuple(precision.notes(settings, device, goes_on=options.resume is not None))
    look = look.computed_in(settings.precision)
    if settings.color == "only":
        pictures = Pictures.fit(inputs, settings)
        told = (*inputs.notes(settings), *pictures.content.notes, *_idle_seed(settings, task))
        return Preparation(device, pictures, notes=tuple(dict.fromkeys(told)))

    guidance = Guidance.of(settings, task.prompt, device)
    if guidance is not None:
        options = replace(options, terms=(*options.terms, guidance))
    shape = inputs.final_shape(settings)
    scales = plan_scales(
        *shape,
        settings.steps,
        coarsest=settings.coarsest,
        coarse_share=settings.coarse_share,
        smallest_side=look.smallest_side,
        margin=settings.margin,
        widest_margin=WIDEST_MARGIN if _knows_tiles(options) else max(shape),
    )
    planes = Planes(check_scratch(settings.scratch))
    (tile, wide), predicted = look.check_memory(inputs, scales[-1], device, options, planes, away)

    pictures = Pictures.fit(inputs, settings, options.faces, forms=_holds_forms(options))
    pictures.check_sizes(look.smallest_side, settings.backbone)
    _check_painted(pictures)

    pyramid = Pyramid(pictures, scales, look.smallest_side, device, tile, planes)
    told = (
        *pictures.inputs.notes(settings),
        *_idle_seed(settings, task),
        *_plain_styles(pyramid),
        *_layers_left_out(pyramid, look.geometry),
        *own_notes,
        *_in_tiles(pyramid, planes),
        *(() if away is None else away.plan(scales, tile)),
        *(() if guidance is None else guidance.notes),
    )
    notes = tuple(dict.fromkeys(told))  # each once: several styles may be parts of one picture
    network = look.load(options).to(device)
    compiled = torch.compile(network, dynamic=True) if settings.compile else None
    # Nobody knows what a network or terms that were brought along cost, nor how long compiling is.
    known = look.brought is None and not options.terms and compiled is None
    smallest = look.smallest_side
    pace = measure(network, pictures, scales, look.geometry, device, smallest) if known else None
    return Preparation(
        device,
        pictures,
        scales,
        pyramid,
        network,
        compiled,
        look.geometry,
        predicted,
        pace,
        notes,
        options.terms,
        tile,
        wide,
        planes,
        away,
        guidance,
    )


def _reads_features(options: RunOptions) -> bool:
    """Whether terms that were brought along may; one whose `layers` are none reads pixels alone."""
    return any(tuple(getattr(term, "layers", ("any",))) for term in options.terms)


def _knows_tiles(options: RunOptions) -> bool:
    """Whether a run begins, or was begun by a version that had tiles, and narrower margins."""
    return options.resume is None or "tile" in options.resume.state


def _holds_forms(options: RunOptions) -> bool:
    """Whether faces are held by their forms too: in all that no earlier version has begun."""
    return options.resume is None or bool(options.resume.state.get("forms"))


def _check_painted(pictures: Pictures) -> None:
    """Refuse an optimizer that would have to move pixels which stay as they are.

    Raises:
        SettingError: it knows the total variation of all pixels, not of those that are painted.
    """
    if corner_weight(pictures.settings) and pictures.painted is not None:
        raise SettingError(
            f"a part of {pictures.content.name} stays as it is, and --optimizer proximal paints "
            "all of it: take --optimizer lbfgs and --tv-loss charbonnier, or mask and keep nothing"
        )


def _idle_seed(settings: StyleSettings, task: StyleTask[Any]) -> Iterator[str]:
    """A note where a seed was chosen and changes nothing; what is arranged may have its own use."""
    reason = seedless(settings) if task.asked is None else ""
    if reason and settings.seed != described("seed").default:
        yield f"seed {settings.seed} changes nothing: {reason}"


def _in_tiles(pyramid: Pyramid, planes: Planes) -> Iterator[str]:
    """A note where nobody asked for tiles, and memory is too short for the whole."""
    asked = pyramid.pictures.settings.tile
    if pyramid.tile and pyramid.is_tiled(pyramid.scales[-1]) and not asked.isdecimal():
        where = "memory" if planes.folder is None else format_path(planes.folder)
        kept = ", but that features alone hold faces there" if pyramid.pictures.faces else ""
        yield (
            f"the whole does not fit into memory: it is painted in tiles of {pyramid.tile} px, to "
            f"the same picture{kept}, and what is large lies in {where}"
        )


def _plain_styles(pyramid: Pyramid) -> Iterator[str]:
    """A note for each picture that has no texture."""
    content = pyramid.pictures.content
    if pyramid.blank:
        yield f"{content.name} is blank: the painting keeps its colour, and little else holds it"
    for style, plain in zip(pyramid.pictures.styles, pyramid.plain, strict=True):
        if plain and style_layers(pyramid.pictures.settings):
            yield (
                f"{style.name} is plain where it is learnt from: it has a colour to give, "
                "and no brush strokes"
            )


def _layers_left_out(pyramid: Pyramid, geometry: Geometry) -> Iterator[str]:
    """A note for each region that some layers cannot show.

    Raises:
        PartTooSmallError: if none can at the final size.
        PictureError: if none can show what is to be learnt of its style.
    """
    pictures, scales = pyramid.pictures, pyramid.scales
    if not style_layers(pictures.settings) or not pictures.regional:
        return
    left_out: dict[tuple[int, str], dict[str, int]] = {}
    for scale in scales:
        scene = pyramid.at(scale)
        for number, region in enumerate(scene.regions):
            name = " and ".join(style.name for style in region.styles)
            layers = region_layers(region, pictures.settings)
            places = region_places(scene, region, geometry, layers)
            if scale is scales[-1] and not places:
                text = (
                    f"the part of {pictures.content.name} that is painted like {name}, or the "
                    f"part of {name} to learn from, is too small for every style layer at "
                    f"{scale.width} x {scale.height} px: make the mask larger, or pass a larger "
                    "--size"
                )
                if region_places(scene, replace(region, styles=()), geometry, layers):
                    raise PictureError(text)  # of the style
                raise PartTooSmallError(text, number)
            for layer in layers:
                if layer not in places:
                    sizes = left_out.setdefault((number, name), {})
                    sizes[layer] = max(scale.height, scale.width)
    for (_, name), missing in left_out.items():
        listed = ", ".join(f"{layer} up to {size} px" for layer, size in missing.items())
        yield f"some layers are left out for {name}, with too small a region: {listed}"
