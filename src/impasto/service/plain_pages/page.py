"""A plain page: its HTML, its files, and what it has to know beforehand, by their addresses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Any

from fastapi import APIRouter, Response
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse

from impasto import samples
from impasto.service.http.problems import Problem
from impasto.service.page.texts import LANGUAGE_COOKIE, LANGUAGES
from impasto.service.page.thumbnails import address_of

__all__ = ["FRESH", "SHARED", "Assets", "PlainPage", "nothing", "shared_routes"]

FRESH = {"Cache-Control": "no-cache"}  # asked for anew at every visit
_MEDIA = {".css": "text/css", ".js": "text/javascript"}
_FRAME = Path(str(files(__package__))) / "static"


@dataclass(frozen=True)
class Assets:
    """Files of a folder that are served at "/NAME/", each by its own name.

    Attributes:
        name: see above.
        folder: where they lie.
        names: of all that are served.
    """

    name: str
    folder: Path
    names: tuple[str, ...]

    def route(self, router: APIRouter) -> None:
        """Answer their addresses; any other below "/NAME/" is none."""

        def asset(name: str) -> Response:
            if name not in self.names:
                raise nothing()
            path = self.folder / name
            return FileResponse(path, media_type=_MEDIA[path.suffix], headers=FRESH)

        router.add_api_route(f"/{self.name}/{{name}}", asset, methods=["GET", "HEAD"])


SHARED = Assets(
    "plain",
    Path(str(files(__package__))) / "shared",
    (
        "plain.css",
        "words.js",
        "strip.js",
        "files.js",
        "easel.js",
        "photographs.js",
        "style.js",
        "telling.js",
        "watch.js",
    ),
)
"""Looks and scripts that the pages share."""


def shared_routes() -> APIRouter:
    """Those of the files that plain pages share; they are no part of the API."""
    router = APIRouter(include_in_schema=False)
    SHARED.route(router)
    return router


@dataclass(frozen=True)
class PlainPage:
    """A page at "/NAME", made of `NAME.html`, `NAME.js` and others of its folder.

    Attributes:
        name: see above.
        folder: where its files lie.
        assets: names of those that are served, beside the HTML.
        words: what it says, by language and key.
        links: the addresses of other pages by the key of their words.
        samples: the kinds of samples it shows.
        sides: sizes to choose from, longest sides in px; "" is the input's own.
        side: the one that is chosen at first.
        strength: the strength that is chosen at first, in percent.
        is_private: whether it shows by a lock that pictures stay where they are.

    Example:
        >>> words = {"en": dict.fromkeys(("title", "tagline"), "a page"), "zh": {}}
        >>> PlainPage("page", Path(), (), words, {}, ()).contents()["samples"]
        {}
    """

    name: str
    folder: Path
    assets: tuple[str, ...]
    words: Mapping[str, Mapping[str, str]]
    links: Mapping[str, str]
    samples: tuple[samples.Kind, ...]
    sides: tuple[str, ...] = ("384", "512", "768")
    side: str = "512"
    strength: int = 50
    is_private: bool = False

    def html(self) -> str:
        """The page, in English until its script has looked for the visitor's language.

        In the HTML of a desk `$key` is a text of the page, and `$NAME` the part of that name.
        """
        english, chinese = self.words["en"], self.words["zh"]
        looks = [
            f"{assets.name}/{name}"
            for assets in (SHARED, Assets(self.name, self.folder, self.assets))
            for name in assets.names
            if name.endswith(".css")
        ]
        links = (
            f'<a href="{address}" data-text="{key}">{english[key]}</a>'
            for key, address in self.links.items()
        )
        parts = {
            "name": self.name,
            "looks": "\n".join(f'  <link rel="stylesheet" href="{one}">' for one in looks),
            "links": " ".join(links),
            "sign": _read("lock.svg").strip() if self.is_private else "",
            "unreachable_zh": chinese["unreachable"],
        }
        desk = Template((self.folder / f"{self.name}.html").read_text("utf-8"))
        of_desk = {name: self._part(name) for name in desk.get_identifiers() if name.isupper()}
        parts["desk"] = desk.substitute(english, **of_desk)
        return Template(_read("frame.html")).substitute(english, **parts)

    def _part(self, name: str) -> str:
        """A part that the desks of several pages have."""
        part = Template(_read(f"parts/{name.lower()}.html"))
        values = {"STRENGTH_VALUE": self.strength, "SIDES_TABS": self._tabs_of_sides()}
        return part.substitute(self.words["en"], **values).strip()

    def _tabs_of_sides(self) -> str:
        own = f'<span data-text="side_own">{self.words["en"].get("side_own", "")}</span>'
        return "\n".join(
            f'<label><input type="radio" name="side" value="{side}"'
            f"{' checked' if side == self.side else ''}>"
            f"{f'<span>{side}</span>' if side else own}</label>"
            for side in self.sides
        )

    def contents(self, **more: object) -> dict[str, object]:
        """What the page has to know, its addresses from its own address on.

        Args:
            **more: what it alone has to know.
        """
        return {
            "samples": {kind: _shown(kind) for kind in self.samples},
            "words": self.words,
            "languages": LANGUAGES,
            "cookie": LANGUAGE_COOKIE,
            **more,
        }

    def router(self, contents: Callable[..., dict[str, object]]) -> APIRouter:
        """The routes of the page and its files; they answer GET and HEAD alone, and are no part of
        the API.

        Args:
            contents: a route that answers what `PlainPage.contents` gives.
        """
        router, html = APIRouter(include_in_schema=False), self.html()

        def get(path: str, route: Callable[..., Any]) -> None:
            router.add_api_route(f"/{self.name}{path}", route, methods=["GET", "HEAD"])

        get("", lambda: HTMLResponse(html, headers=FRESH))
        get("/", lambda: RedirectResponse(f"../{self.name}"))
        get("/contents.json", contents)
        Assets(self.name, self.folder, self.assets).route(router)
        return router


def nothing() -> Problem:
    """The answer to an address that is none."""
    return Problem(404, "unknown-address", "there is nothing at this address")


def _read(name: str) -> str:
    return (_FRAME / name).read_text("utf-8")


def _shown(kind: samples.Kind) -> list[dict[str, str]]:
    """The samples of a kind: names, captions, and addresses from the page's own on."""
    return [
        {
            "name": name,
            "address": f"live/samples/{kind}/{name}.jpg",
            "thumbnail": address_of(kind, name),
            "en": samples.caption(kind, name, "en"),
            "zh": samples.caption(kind, name, "zh"),
        }
        for name in samples.names(kind)
    ]
