"""`paint:oil?palette=ochre,%2320a0c0&scale=1.5&seed=3`: a style that a painter makes anew."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from difflib import get_close_matches
from urllib.parse import quote, unquote

from impasto.colours import parse_palette
from impasto.errors import ImpastoError, SettingError, UnknownNameError

__all__ = ["DIRECTED", "NAMES", "SCHEME", "SHOWS", "PaintSource", "is_paint"]

SCHEME = "paint:"

# What each painter shows: in English, in Chinese, and whether its strokes take a direction.
_PAINTERS = {
    "charcoal": ("a winter wood in rubbed charcoal", "擦抹炭笔的冬林", False),
    "gouache": ("a harbour town in flat, matt colour", "水粉平涂的港口小城", False),
    "ink-wash": ("misty hills and bamboo in ink", "水墨的远山与竹", False),
    "mosaic": ("tesserae along scrolling vines", "沿卷草排列的马赛克", False),
    "oil": ("a field under clouds, in thick paint", "厚涂油画：云下的田野", True),
    "pastel": ("evening over a marsh in broken chalk", "色粉笔触的湿地黄昏", True),
    "pencil": ("hills and trees in hatched lines", "铅笔排线的山与树", True),
    "pointillism": ("a river in divided colour", "点彩的河景", True),
    "stained-glass": ("a rose window", "教堂的玫瑰花窗", False),
    "swirls": ("a night sky in thick curved strokes", "弯曲粗笔触的夜空", True),
    "ukiyo-e": ("waves in flat colour and fine line", "平涂与细线的海浪", False),
    "watercolour": ("flowers in wet washes", "湿画法的水彩花卉", False),
    "woodcut": ("a sun over hills in cut lines", "刀刻线条的山上太阳", False),
}

NAMES = tuple(_PAINTERS)
"""Every painter."""

DIRECTED = frozenset(name for name, (_, _, directed) in _PAINTERS.items() if directed)
"""Those whose strokes take a direction."""

SHOWS = {name: (en, zh) for name, (en, zh, _) in _PAINTERS.items()}
"""What each paints, in English and Chinese."""

# Inclusive bounds of what is a number, and what it is without being named.
_BOUNDS: dict[str, tuple[float, float]] = {
    "scale": (0.5, 3.0),
    "direction": (0.0, 180.0),
    "seed": (0, 2**32 - 1),
    "width": (64, 2048),
    "height": (64, 2048),
}
_WHOLE = ("seed", "width", "height")
_KEYS = ("palette", *_BOUNDS)


@dataclass(frozen=True)
class PaintSource:
    """A style picture by what it is painted with; its text stands wherever a style does.

    Attributes:
        painter: one of `NAMES`.
        palette: "#rrggbb" each, at most 12; none for the painter's own colours. The painter
            chooses by lightness and chroma what each is for, whatever their order.
        scale: size of strokes, stones or panes, in parts of the painter's own; 0.5 to 3.
        direction: in which strokes lie, in degrees from the horizontal against the clock, 0 to 180;
            None for the painter's own way. Only those in `DIRECTED` take one.
        seed: of all that is left to chance.
        width, height: in px, 64 to 2048.

    Raises:
        SettingError: a value out of its bounds, or a direction for a painter without one.
        UnknownNameError: no such painter.

    Example:
        >>> source = PaintSource.parse("paint:watercolour?palette=ochre,%2320a0c0&scale=1.5")
        >>> source.palette, source.scale, source.seed
        (('#c8923b', '#20a0c0'), 1.5, 7)
        >>> source.text
        'paint:watercolour?palette=%23c8923b,%2320a0c0&scale=1.5'
        >>> PaintSource("oil", direction=45).text
        'paint:oil?direction=45'
    """

    painter: str
    palette: tuple[str, ...] = ()
    scale: float = 1.0
    direction: float | None = None
    seed: int = 7
    width: int = field(default=640)
    height: int = field(default=512)

    def __post_init__(self) -> None:
        if self.painter not in NAMES:
            raise UnknownNameError("painter", self.painter, NAMES, near=0.5)
        if self.palette:
            object.__setattr__(self, "palette", parse_palette(self.palette))
        for name, (low, high) in _BOUNDS.items():
            value = getattr(self, name)
            if value is None:
                continue
            if not (math.isfinite(value) and low <= value <= high):
                raise SettingError(
                    f"the {name} of {SCHEME}{self.painter} is {value:.10g}: give one from "
                    f"{low:.10g} to {high:.10g}"
                )
        if self.direction is not None and self.painter not in DIRECTED:
            with_one = ", ".join(name for name in NAMES if name in DIRECTED)
            raise SettingError(
                f"{SCHEME}{self.painter} has no strokes that could lie in a direction: leave "
                f"direction out, or take one of {with_one}"
            )

    @classmethod
    def parse(cls, text: str) -> PaintSource:
        """What `text` says; the inverse of the attribute of that name.

        Args:
            text: `paint:NAME`, and after a ? any of palette, scale, direction, seed, width and
                height, with & between. Colours are written as `impasto.colours.parse_palette`
                reads them, # also as %23.

        Raises:
            SettingError: it is no such text; the message names the part.
        """
        name, _, query = text.removeprefix(SCHEME).partition("?")
        values: dict[str, str] = {}
        for part in filter(None, query.split("&")):
            key, equals, value = part.partition("=")
            key, value = unquote(key).strip(), unquote(value).strip()
            if key not in _KEYS:
                nearest = get_close_matches(key, _KEYS, n=1)
                hint = f"did you mean {nearest[0]}?" if nearest else f"there are {', '.join(_KEYS)}"
                raise SettingError(f"{text} has {key!r}, which no painter knows: {hint}")
            if not equals or not value or key in values:
                wrong = "twice" if key in values else "without a value"
                raise SettingError(f"{text} has {key} {wrong}: write {key}=… once")
            values[key] = value
        palette = values.pop("palette", None)
        try:
            colours = () if palette is None else parse_palette(palette)
            numbers = {key: _number(key, value) for key, value in values.items()}
            return cls(unquote(name), colours, **numbers)  # type: ignore[arg-type]
        except UnknownNameError:
            raise
        except ImpastoError as error:
            raise SettingError(f"{text}: {error}") from None

    @property
    def text(self) -> str:
        """The shortest text that `parse` makes this of."""
        parts = dict[str, str]()
        if self.palette:
            parts["palette"] = ",".join(quote(colour) for colour in self.palette)
        for name in _BOUNDS:
            value = getattr(self, name)
            if value is not None and value != type(self).__dataclass_fields__[name].default:
                parts[name] = f"{value:.10g}"
        query = "&".join(f"{name}={value}" for name, value in parts.items())
        return f"{SCHEME}{self.painter}" + (f"?{query}" if query else "")


def is_paint(source: object) -> bool:
    """Whether a source is the text of a picture to be painted.

    Example:
        >>> is_paint("paint:oil"), is_paint("oil.jpg")
        (True, False)
    """
    return isinstance(source, str) and source.startswith(SCHEME)


def _number(key: str, value: str) -> float | int:
    try:
        return int(value) if key in _WHOLE else float(value)
    except ValueError:
        kind = "a whole number" if key in _WHOLE else "a number"
        raise SettingError(f"{key} is {value!r}: give {kind}") from None
