"""The page as a part of a FastAPI application."""

from __future__ import annotations

import json
import os
import shutil
import time
from contextlib import suppress
from importlib.resources import files
from pathlib import Path

import gradio as gr
from fastapi import FastAPI
from starlette.routing import Mount

from impasto import samples
from impasto.service.http.limits import Limits
from impasto.service.http.state import Studio
from impasto.service.jobs.store import Store
from impasto.service.page import texts
from impasto.service.page.actions import Actions
from impasto.service.page.doors import Doors
from impasto.service.page.layout import laid_out
from impasto.service.page.masks import COLOURS, LONGEST
from impasto.service.page.panel import translations
from impasto.service.page.theme import favicon, style, theme
from impasto.service.page.wiring import wire

__all__ = ["mount"]

KEPT_S = 24 * 3600  # how long what was dropped, and what was made to be downloaded, stays
SWEPT_S = 3600


def mount(app: FastAPI, store: Store) -> FastAPI:
    """Put the page at "/" of an application; routes the application has already come first.

    Limits are those of `app.state.studio` if there is one. Gradio keeps what is dropped on the
    page in a folder that only its environment variable GRADIO_TEMP_DIR can choose; it is set to
    one in the store's data folder, for this process.

    Args:
        app: the application.
        store: whose jobs they are.

    Returns:
        The same application.
    """
    studio = getattr(app.state, "studio", None) or Studio(store, Limits())
    place = _place(store.folder.path)
    os.environ["GRADIO_TEMP_DIR"] = str(place)
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    t = translations()
    with gr.Blocks(
        title="impasto", analytics_enabled=False, delete_cache=(SWEPT_S, KEPT_S)
    ) as page:
        wire(laid_out(t), Actions(studio, place), page)
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
        max_file_size=studio.limits.max_upload_bytes,
        ssr_mode=False,
        enable_monitoring=False,
        pwa=False,
        mcp_server=False,
        i18n=t,
        theme=theme(),
        css=style(),
        head=_head(),
    )
    route = app.routes[-1]
    assert isinstance(route, Mount)
    route.app = Doors(route.app, place)
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


def _head() -> str:
    """The page's own script, with its words and the brush's colours."""
    given = {
        "words": {"en": texts.ENGLISH, "zh": texts.CHINESE},
        "brushes": COLOURS,
        "longest": LONGEST,
    }
    told = json.dumps(given).replace("<", "\\u003c")
    script = (files(__package__) / "page.js").read_text("utf-8")
    return (
        '<meta name="color-scheme" content="light">'
        f"<script>window.impasto = {told};</script><script>{script}</script>"
    )
