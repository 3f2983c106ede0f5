from __future__ import annotations

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from impasto import __version__
from impasto.errors import OutputError
from impasto.settings import StyleSettings
from impasto.settings.recipes import RECIPES


def test_recipes_are_told_with_all_their_settings(api: TestClient) -> None:
    told = {recipe["name"]: recipe for recipe in api.get("/api/recipes").json()["recipes"]}
    assert list(told) == list(RECIPES)
    for name, recipe in told.items():
        assert StyleSettings(**recipe["settings"]) == StyleSettings(recipe=name)
    assert told["gatys"]["differs"] == RECIPES["gatys"].differs


def test_a_studio_that_works_is_well(api: TestClient) -> None:
    for path in ("/healthz", "/readyz"):
        assert api.get(path).json() == {"status": "ok", "version": __version__}


def test_a_studio_without_its_folder_lives_but_is_not_ready(
    app: FastAPI, api: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise OutputError("the data folder /home/ada cannot be written (no space left)")

    monkeypatch.setattr(app.state.studio.store, "health", broken)
    assert api.get("/healthz").status_code == 200
    answer = api.get("/readyz")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "30")
    assert "ada" not in answer.text
