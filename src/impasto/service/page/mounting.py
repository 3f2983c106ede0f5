"""The page as a part of a FastAPI application."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from importlib.resources import files
from pathlib import Path
from typing import Any

import gradio as gr
from fastapi import FastAPI
from starlette.routing import Mount

from impasto import samples
from impasto.imaging.codecs.formats import FORMATS
from impasto.service.http.state import Limits
from impasto.service.page import texts
from impasto.service.page.actions import BROWSER_FORMATS, MAX_STYLES, Actions
from impasto.service.page.allowlist import AllowList
from impasto.service.page.api import connector
from impasto.service.page.controls import UP_FRONT, controls
from impasto.service.page.early_script import EarlyScript
from impasto.service.page.layout import layout
from impasto.service.page.masks import COLOURS, FAINT, LONGEST
from impasto.service.page.theme import favicon, style, theme
from impasto.service.page.thumbnails import Thumbnails
from impasto.service.page.widgets import summary, translations
from impasto.service.page.wiring import wire
from impasto.settings.recipes import TEXTBOOK

__all__ = ["mount"]

KEPT_S = 24 * 3600  # how long what was dropped, and what was made to be downloaded, stays
SWEPT_S = 3600
SESSIONS = 20
EARLY = "language.js"
SCRIPTS = (  # each calls those before it
    "words.js",
    "samples.js",
    "mask_planes.js",
    "mask_brush.js",
    "pictures.js",
    "recipes.js",
    "settings.js",
    "easel.js",
    "try_on.js",
    "page.js",
)


def mount(app: FastAPI) -> FastAPI:
    """Put the page at "/" of an application; routes the application has already come first.

    It knows the application's jobs by the application's API alone. Gradio keeps what is dropped on
    the page in a folder that only its environment variable GRADIO_TEMP_DIR can choose; it is set to
    one in the studio's data folder, for this process.

    Args:
        app: the application, with its API and its `state.studio`, and its access middleware still
            to come.

    Returns:
        The same application.
    """
    limits, place = app.state.studio.limits, _place(app.state.studio.store.folder.path)
    drafts = app.state.studio.try_on is not None
    os.environ["GRADIO_TEMP_DIR"] = str(place)
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    t = translations()
    with gr.Blocks(
        title="impasto", analytics_enabled=False, delete_cache=(SWEPT_S, KEPT_S)
    ) as page:
        parts = layout(t)
        wire(parts, Actions(connector(app), limits, place, drafts=drafts), page)
    # Gradio keeps the last values of so many sessions, which nothing here asks it for.
    page.state_session_capacity = SESSIONS
    # Gradio asks only of a launched app that the files in its calls were uploaded to it.
    page.has_launched = True
    gr.mount_gradio_app(
        app,
        page,
        path="/",
        footer_links=[],
        run_history=False,
        allowed_paths=[str(samples.style(samples.names("style")[0]).parents[1])],
        favicon_path=str(favicon(place)),
        show_error=False,
        max_file_size=limits.max_upload_bytes,
        ssr_mode=False,
        enable_monitoring=False,
        pwa=False,
        mcp_server=False,
        i18n=t,
        theme=theme(),
        css=style(),
        head=_head(limits, drafts),
    )
    route = app.routes[-1]
    assert isinstance(route, Mount)
    languages = _given({"languages": texts.LANGUAGES, "cookie": texts.LANGUAGE_COOKIE})
    early = EarlyScript(route.app, languages + _script(EARLY))
    drawn = [
        number for number, function in page.fns.items() if parts.hidden["mask"] in function.inputs
    ]
    route.app = Thumbnails(AllowList(early, place, drawn))
    return app


def _place(data: Path) -> Path:
    """The page's own folder, without what an earlier server left in it long ago."""
    place = data / "page"
    place.mkdir(mode=0o700, exist_ok=True)
    for path in place.iterdir():
        with suppress(OSError):
            if path.stat().st_mtime < time.time() - KEPT_S:
                shutil.rmtree(path) if path.is_dir() else path.unlink()
    return place


def _head(limits: Limits, drafts: bool) -> str:
    """The page's own scripts, with their words, the brush's colours and what may be dropped."""
    panels = {c.name: c.group for c in controls() if c.name not in UP_FRONT}
    order = list(dict.fromkeys(panels.values()))
    places = ["#content", *(f"#style-{number}" for number in range(1, MAX_STYLES + 1))]
    values = {
        "words": {language: _words(language) for language in texts.LANGUAGES},
        "brushes": COLOURS,
        "longest": LONGEST,
        "faint": FAINT,
        "most": limits.max_upload_bytes,
        "readable": _endings([kind.name for kind in FORMATS]),
        "shown": _endings(BROWSER_FORMATS),
        "groups": {name: order.index(group) for name, group in panels.items()},
        "places": ", ".join(places),
        "textbook": TEXTBOOK,
        "drafts": drafts,
    }
    scripts = [_given(values), *map(_script, SCRIPTS)]
    return '<meta name="color-scheme" content="light">' + "".join(
        f"<script>{script}</script>" for script in scripts
    )


def _given(values: Mapping[str, Any]) -> str:
    """The line of JavaScript that hands values to the scripts behind it."""
    return f"window.impasto = {json.dumps(values)};\n".replace("<", "\\u003c")


def _script(name: str) -> str:
    return (files(__package__) / name).read_text("utf-8")


def _endings(formats: Sequence[str]) -> list[str]:
    return [s[1:] for kind in FORMATS if kind.name in formats for s in kind.suffixes]


def _words(language: str) -> dict[str, str]:
    """The texts of the page, and what the recipes of the literature are for."""
    summaries = {f"summary.{name}": summary(name, language) for name in TEXTBOOK}
    return {**texts.WORDS[language], **summaries}
