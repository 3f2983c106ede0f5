"""What is asked: a photograph, the styles to paint it in, and where each of them counts.

One value travels from the command line, the upload form and the job row to the methods that paint:
a `StyleTask` of whatever stands for a picture there (a source to read, the name of a file, the hash
of an upload). `Role` is the one way in which the pictures of a task are named.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from impasto.asked import Asked
from impasto.errors import InputError, SettingError
from impasto.settings.model_files import files_of_model
from impasto.settings.recipe_files import IMAGE

if TYPE_CHECKING:
    from impasto.settings import StyleSettings

__all__ = ["IMAGE", "RegionOptions", "Role", "StyleTask", "files_of", "start_file"]

P = TypeVar("P")
Q = TypeVar("Q")

# Kind of role: the field of an upload form, and the words of messages.
_KINDS = {
    "content": ("content", "content image"),
    "style": ("styles", "style image"),
    "mask": ("masks", "mask"),
    "style mask": ("style_masks", "style mask"),
    "keep": ("keep", "mask of what is kept"),
    "labels": ("labels", "label map"),
    "init": ("init", "start image"),
    "film": ("film", "film"),
}
_SINGLE = ("content", "keep", "labels", "init", "film")


@dataclass(frozen=True, order=True)
class Role:
    """What a picture is in a task.

    As text it is the kind, with its number from the second on: `content`, `style`, `style 2`,
    `mask`, `style mask 3`, `keep`, `labels`, `init`, `film`.

    Attributes:
        kind: one of `Role.KINDS`; of those in `Role.SINGLE` there is but one.
        number: from 1; content, keep, labels, init and film have but one.

    Example:
        >>> str(Role("style", 2)), Role.parse("style mask 3"), Role.parse("content").phrase
        ('style 2', Role(kind='style mask', number=3), 'the content image')
    """

    kind: str
    number: int = 1

    KINDS = tuple(_KINDS)
    SINGLE = _SINGLE

    def __post_init__(self) -> None:
        if self.kind not in _KINDS or self.number < 1 or (self.kind in _SINGLE and self.number > 1):
            raise InputError(f"{self} is no role of a picture: take one of {', '.join(_KINDS)}")

    def __str__(self) -> str:
        return self.kind if self.number == 1 else f"{self.kind} {self.number}"

    @classmethod
    def parse(cls, text: str) -> Role:
        """The role that `str` wrote.

        Raises:
            InputError: it is none.
        """
        found = re.fullmatch(r"([a-z ]+?)(?: ([1-9]\d*))?", text)
        return cls(found[1], int(found[2] or 1)) if found else cls(text)

    @classmethod
    def of_field(cls, name: str, number: int = 1) -> Role:
        """The role of the `number`-th file in a field of an upload form.

        Raises:
            InputError: there is no such field.

        Example:
            >>> str(Role.of_field("style_masks", 2))
            'style mask 2'
        """
        return cls({form: kind for kind, (form, _) in _KINDS.items()}.get(name, name), number)

    @property
    def field(self) -> str:
        """The field of an upload form that its file is sent in."""
        return _KINDS[self.kind][0]

    @property
    def phrase(self) -> str:
        """What a message calls it: "the content image", "style image 2"."""
        words = _KINDS[self.kind][1]
        return f"the {words}" if self.number == 1 else f"{words} {self.number}"


@dataclass(frozen=True)
class RegionOptions:
    """How the region of one mask is painted, where it differs from the rest.

    Attributes:
        style_layers: layers that hold its style, with weights; None for those of the settings.
        content_weight: factor of the content loss in it, at least 0.
        hard: whether its edges are hard: each pixel and each place of a layer belongs to it whole
            or not at all, by which half of the mask's range it lies in.
    """

    style_layers: Mapping[str, float] | None = None
    content_weight: float = 1.0
    hard: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.content_weight < float("inf"):
            raise SettingError(
                f"the content_weight of a region is {self.content_weight}: give a finite number of "
                "at least 0"
            )
        if self.style_layers is not None and not any(self.style_layers.values()):
            raise SettingError(
                "the style_layers of a region have no weight above 0: give one a weight, or None "
                "for those of the settings"
            )

    def as_json(self) -> dict[str, Any]:
        """For a checkpoint or a job row; `RegionOptions(**…)` reads it."""
        layers = None if self.style_layers is None else dict(self.style_layers)
        return {
            "style_layers": layers,
            "content_weight": self.content_weight,
            "hard": self.hard,
        }


@dataclass(frozen=True)
class StyleTask(Generic[P]):
    """What is to be painted.

    Attributes:
        content: the photograph.
        styles: at least one picture to learn from; several are blended, or paint where their
            masks are white.
        masks: one for each style, or none: white where it paints, grey for a share.
        style_masks: one for each style, or none: white where it is learnt from.
        start: the picture the painting begins from; None for what the setting `init` says.
        regions: one for each mask, or none.
        prompt: words for methods that read them.
        keep: white where the photograph stays whatever the masks say; None for nowhere.
        taught: whether no style picture is needed: the network that paints was taught its styles.
        asked: what it was arranged from, if it was; its pictures are then made of those.

    Raises:
        InputError: no style, or masks or regions that are not as many as the styles.

    Example:
        >>> task = StyleTask.of("photo.jpg", ["a.jpg", "b.jpg"])
        >>> [str(role) for role in task.by_role()]
        ['content', 'style', 'style 2']
        >>> StyleTask.from_roles({"style": 2, "content": 1}).map(lambda number: number * 10)
        StyleTask(content=10, styles=(20,))
    """

    content: P
    styles: tuple[P, ...]
    masks: tuple[P, ...] = ()
    style_masks: tuple[P, ...] = ()
    start: P | None = None
    regions: tuple[RegionOptions, ...] = field(default=())
    prompt: str = ""
    keep: P | None = None
    taught: bool = False
    asked: Asked[P] | None = None

    def __post_init__(self) -> None:
        if not self.taught:
            self.check_styles()
        styles = len(self.styles)
        for what, count in (("mask", len(self.masks)), ("style mask", len(self.style_masks))):
            if count not in (0, styles):
                raise SettingError(
                    f"{_counted(count, what)} for {_counted(styles, 'style')}: give one {what} for "
                    "each style, in their order, or none"
                )
        if len(self.regions) not in (0, len(self.masks)):
            raise SettingError(
                f"{_counted(len(self.regions), 'region')} for {_counted(len(self.masks), 'mask')}: "
                "give one region for each mask, in their order, or none"
            )

    def check_styles(self) -> None:
        """Refuse a task without a style picture.

        Raises:
            SettingError: there is none.
        """
        if not self.styles:
            raise SettingError("no style is given: name at least one picture to learn from")

    def __repr__(self) -> str:
        # No comparison: arrays and tensors answer one with more than yes or no.
        shown = [f"content={_shown(self.content)}"]
        for name in ("styles", "masks", "style_masks"):
            if pictures := getattr(self, name):
                inside = ", ".join(map(_shown, pictures)) + ("," if len(pictures) == 1 else "")
                shown.append(f"{name}=({inside})")
        shown += [] if self.keep is None else [f"keep={_shown(self.keep)}"]
        shown += [] if self.start is None else [f"start={_shown(self.start)}"]
        shown += [f"regions={self.regions!r}"] if self.regions else []
        shown += [f"prompt={self.prompt!r}"] if self.prompt else []
        shown += ["taught=True"] if self.taught else []
        shown += [f"asked={self.asked.kind}"] if self.asked else []
        return f"StyleTask({', '.join(shown)})"

    @classmethod
    def of(
        cls,
        content: P,
        styles: P | Sequence[P],
        *,
        masks: P | Sequence[P] | None = None,
        style_masks: P | Sequence[P] | None = None,
        start: P | None = None,
        regions: Iterable[RegionOptions] = (),
        keep: P | None = None,
        taught: bool = False,
    ) -> StyleTask[P]:
        """A task of pictures given singly or in lists; a tuple or list is several pictures."""
        return cls(
            content,
            _several(styles),
            _several(masks),
            _several(style_masks),
            start,
            tuple(regions),
            keep=keep,
            taught=taught,
        )

    @classmethod
    def from_roles(
        cls,
        pictures: Mapping[str, P],
        *,
        regions: Iterable[RegionOptions] = (),
        prompt: str = "",
    ) -> StyleTask[P]:
        """The task whose pictures have these roles; the inverse of `by_role`.

        Raises:
            InputError: a role that is none, is missing, or leaves a number out.
        """
        kinds: dict[str, dict[int, P]] = {}
        for text, picture in pictures.items():
            role = Role.parse(text)
            kinds.setdefault(role.kind, {})[role.number] = picture
        for kind, numbered in kinds.items():
            for number in range(1, len(numbered) + 1):
                if number not in numbered:
                    raise InputError(
                        f"there is a {kind} {max(numbered)} and no {Role(kind, number)}: number "
                        "them from 1 without gaps"
                    )
        if "content" not in kinds:
            raise InputError("a task without a content image: give one")
        found = {
            kind: tuple(picture for _, picture in sorted(numbered.items(), key=lambda row: row[0]))
            for kind, numbered in kinds.items()
        }
        return cls(
            found["content"][0],
            found.get("style", ()),
            found.get("mask", ()),
            found.get("style mask", ()),
            found["init"][0] if "init" in found else None,
            tuple(regions),
            prompt,
            found["keep"][0] if "keep" in found else None,
        )

    def by_role(self) -> dict[Role, P]:
        """Every picture by its role, content first and the start picture last."""
        return dict(self._roles())

    def given(self) -> dict[str, P]:
        """The pictures that a person gave, by role as text: its own, or what those were made of."""
        if self.asked is not None:
            return dict(self.asked.pictures)
        return {str(role): picture for role, picture in self.by_role().items()}

    def _roles(self) -> Iterator[tuple[Role, P]]:
        yield Role("content"), self.content
        for kind, pictures in (
            ("style", self.styles),
            ("mask", self.masks),
            ("style mask", self.style_masks),
        ):
            for number, picture in enumerate(pictures, 1):
                yield Role(kind, number), picture
        if self.keep is not None:
            yield Role("keep"), self.keep
        if self.start is not None:
            yield Role("init"), self.start

    def map(self, change: Callable[[P], Q]) -> StyleTask[Q]:
        """The same task of other things: each picture replaced by what `change` makes of it."""
        return StyleTask(
            change(self.content),
            tuple(map(change, self.styles)),
            tuple(map(change, self.masks)),
            tuple(map(change, self.style_masks)),
            None if self.start is None else change(self.start),
            self.regions,
            self.prompt,
            None if self.keep is None else change(self.keep),
            self.taught,
            None if self.asked is None else self.asked.map(change),
        )

    def check_blend(self, shares: Sequence[float] | None, taught: int = 0) -> None:
        """Refuse shares of the styles that do not fit them.

        Args:
            shares: the setting `style_blend`; None for equal ones.
            taught: how many styles a network was taught and paints in, where no picture is given.

        Raises:
            SettingError: not as many as the styles, or beside masks.
        """
        if shares is None:
            return
        styles = len(self.styles) or taught
        if len(shares) != styles:
            raise SettingError(
                f"style_blend has {_counted(len(shares), 'share')} for "
                f"{_counted(styles, 'style')}: give one share for each style, in their "
                "order"
            )
        if self.masks:
            raise SettingError(
                "masks say where each style paints, and style_blend how they mix everywhere: give "
                "one of them (a grey mask mixes where it is grey)"
            )

    def replace(self, **changes: Any) -> StyleTask[P]:
        """The same task with some attributes replaced."""
        return replace(self, **changes)


def start_file(init: str) -> str | None:
    """The file that the setting `init` names as the start picture; None if it names none.

    Example:
        >>> start_file("image:sketch.png"), start_file("noise")
        ('sketch.png', None)
    """
    return init.removeprefix(IMAGE) if init.startswith(IMAGE) else None


def files_of(settings: StyleSettings) -> list[Path]:
    """The files that settings name, and that no output may overwrite: start picture and networks.

    Example:
        >>> from impasto.settings import StyleSettings
        >>> [file.name for file in files_of(StyleSettings(init="image:start.png"))]
        ['start.png']
    """
    named = (start_file(settings.init), settings.weights_file, *files_of_model(settings.model))
    return [Path(file) for file in named if file]


def _several(pictures: P | Sequence[P] | None) -> tuple[P, ...]:
    """One picture, several or none, as a tuple."""
    if pictures is None:
        return ()
    return tuple(pictures) if isinstance(pictures, list | tuple) else (cast(P, pictures),)


def _shown(picture: object) -> str:
    """A picture in the text of a task: a file's bytes by their number alone."""
    if isinstance(picture, bytes | bytearray):
        return f"<{len(picture):,} bytes>"
    return repr(picture)


def _counted(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"
