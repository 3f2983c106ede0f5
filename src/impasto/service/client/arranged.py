"""Drawings, words and faces from afar, and paintings asked for in words."""

from __future__ import annotations

import json
from typing import Any, Unpack

from impasto.arrangements import options_of
from impasto.asked import Asked
from impasto.samples.lookup import sample_or
from impasto.service.client.films import FilmClient
from impasto.service.client.validation import (
    Picture,
    answer_of,
    heeded,
    job_of,
    picture_bytes,
)
from impasto.service.contract import JobOut, path_of
from impasto.settings import StyleOptions, StyleSettings, complete
from impasto.task import Role

__all__ = ["ArrangedClient"]


class ArrangedClient(FilmClient):
    """What `impasto.Client` does with what is arranged before it is painted."""

    def submit_asked(
        self,
        asked: Asked[Any],
        settings: StyleSettings | None = None,
        **overrides: Unpack[StyleOptions],
    ) -> JobOut:
        """Send pictures, options and settings; the job waits then, and is as any other.

        Args:
            asked: what is to be arranged; samples by their names. Options that name a file, such
                as a font, are the server's to choose.
            settings: all settings; those of the recipe of the kind's name if left out.
            **overrides: single settings, in place of those in `settings`.

        Raises:
            ImpastoError: as for `submit`.

        Example:
            >>> from impasto import Client
            >>> with Client("http://127.0.0.1:9", tries=1) as client:
            ...     client.submit_asked(Asked("doodle", {}, {"content": b"", "style": "swirl"}))
            Traceback (most recent call last):
            ...
            impasto.errors.PictureError: swirl does not exist, and is no sample style: did you \
mean swirls? (impasto styles and impasto library list them)
        """
        model = options_of(asked.kind)
        model.check_roles(asked.pictures)
        one = model.of(**asked.options)
        one.check_single()
        one.check_with(asked.pictures)
        if settings is None and "recipe" not in overrides:
            overrides["recipe"] = asked.kind
        values = heeded(complete(settings, overrides))
        parts = [
            (role.field, (role.field, picture_bytes(_located(role, picture))))
            for role, picture in (
                (Role.parse(text), picture) for text, picture in asked.given().items()
            )
        ]
        form = {"settings": json.dumps(values), "options": json.dumps(dict(asked.options))}
        return job_of(self._ask("POST", path_of(asked.kind), data=form, files=parts))

    def plan(self, text: str, styles: int = 0) -> dict[str, Any]:
        """What words about a painting come to there; nothing is painted.

        Args:
            text: the words, in English or Chinese; `submit` takes them too.
            styles: how many style pictures come beside them.

        Returns:
            `styles` with shares, settings by name, `readings`, `unknown` words with their nearest,
            `notes`, and `command_line`, which paints the same.

        Raises:
            SettingError: nothing of the words is understood.
        """
        asked = {"text": text, "styles": styles}
        return answer_of(self._ask("POST", "/api/plan", json=asked))


def _located(role: Role, picture: Picture) -> Any:
    if role.kind == "content":
        return sample_or("content", picture)
    return sample_or("style", picture) if role.kind == "style" else picture
