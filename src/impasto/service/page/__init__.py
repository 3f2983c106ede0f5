"""The page: a photograph and a style in, the picture as it is painted, made with Gradio.

`mount(app, store)` puts it at "/". Open `layout.py` for what stands where, `wiring.py` for what
happens when, and `actions.py` for what that does to the store.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from impasto.errors import MissingPackageError

if TYPE_CHECKING:
    from fastapi import FastAPI

    from impasto.service.jobs.store import Store

__all__ = ["mount"]


def mount(app: FastAPI, store: Store) -> FastAPI:
    """Put the page at "/" of an application; see `impasto.service.page.mounting.mount`.

    Raises:
        MissingPackageError: Gradio is not installed.
    """
    try:
        import gradio  # noqa: F401
    except ImportError:
        raise MissingPackageError("the page", "gradio", "web") from None
    from impasto.service.page.mounting import mount

    return mount(app, store)
