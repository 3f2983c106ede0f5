"""The studio over HTTP: the API, the middleware before it, and the page.

Open `app.py` to see it whole, `api.py` for what a request does. The packages it stands on come with
the extra `web`; nothing below this folder knows them.
"""

from __future__ import annotations

from importlib.util import find_spec

from impasto.errors import MissingPackageError

__all__ = ["PACKAGES", "require"]

PACKAGES = {
    "fastapi": "fastapi",
    "uvicorn": "uvicorn",
    "sqlalchemy": "sqlalchemy",
    "alembic": "alembic",
    "pydantic_settings": "pydantic-settings",
    "python_multipart": "python-multipart",
    "prometheus_client": "prometheus-client",
}
"""What is imported, and what pip calls it."""


def require(wish: str, *, page: bool) -> None:
    """See that everything is installed.

    Args:
        wish: what needs it, for the message.
        page: whether the page is wanted too.

    Raises:
        MissingPackageError: the first that is missing.
    """
    packages = PACKAGES | ({"gradio": "gradio"} if page else {})
    for module, package in packages.items():
        if find_spec(module) is None:
            raise MissingPackageError(wish, package, "web")
