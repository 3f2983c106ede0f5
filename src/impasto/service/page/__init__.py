"""The page: a photograph and a style in, the picture as it is painted, made with Gradio.

`mount(app)` puts it at "/". Open `layout.py` for what stands where, `wiring.py` and, for the form,
`form_wiring.py` for what happens when, and `actions.py` for what that asks of the HTTP API, by
which alone the page knows jobs. In the browser `page.js` starts the other scripts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from impasto.errors import MissingPackageError

if TYPE_CHECKING:
    from fastapi import FastAPI

__all__ = ["mount"]


def mount(app: FastAPI) -> FastAPI:
    """Put the page at "/" of an application; see `impasto.service.page.mounting.mount`.

    Raises:
        MissingPackageError: Gradio is not installed.
    """
    try:
        import gradio  # noqa: F401
    except ImportError:
        raise MissingPackageError("the page", "gradio", "web") from None
    from impasto.service.page.mounting import mount

    return mount(app)
