"""Fixtures of films, with which the commands about films are tested too."""

from __future__ import annotations

from tests.workflows.film.conftest import film, smears

__all__ = ["film", "smears"]
