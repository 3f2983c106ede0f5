"""What a studio is told by its command line and by its environment."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("pydantic_settings", reason="the extra web is not installed")

from impasto.errors import MissingPackageError, SettingError, UnknownNameError, WeightsError
from impasto.service import server_settings
from impasto.service.server_settings import FROM_ENVIRONMENT, ServerSettings, StoreSettings
from impasto.settings import describe
from impasto.settings.server import ServerOptions
from tests.clips import write_clip


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment that says nothing of a studio."""
    for name in list(os.environ):
        if name.upper().startswith("IMPASTO_"):
            monkeypatch.delenv(name)


def test_the_environment_says_where_jobs_are_and_who_may_come_in(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("IMPASTO_DATA", "/srv/jobs")
    monkeypatch.setenv("IMPASTO_DATABASE_URL", "postgresql+psycopg://me:hidden@host/db")
    monkeypatch.setenv("IMPASTO_TOKEN", "a long secret, no words")
    settings = ServerSettings()
    assert settings.data == Path("/srv/jobs")
    assert settings.database_url == "postgresql+psycopg://me:hidden@host/db"
    assert settings.token == "a long secret, no words"
    assert "hidden" not in repr(settings)
    assert "secret" not in repr(settings)
    store = StoreSettings()
    assert (store.data, store.database_url) == (settings.data, settings.database_url)


def test_what_is_given_takes_the_place_of_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("IMPASTO_DATA", "/srv/jobs")
    assert StoreSettings(data=Path("here")).data == Path("here")
    assert StoreSettings(data=None).data == Path("/srv/jobs")


def test_a_variable_that_is_empty_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = ServerSettings()
    for name in ("DATA", "DATABASE_URL", "TOKEN"):
        monkeypatch.setenv(f"IMPASTO_{name}", "")
    assert ServerSettings() == expected
    assert expected.token is None
    assert expected.data.name == "impasto"


def test_options_are_not_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    # As Kubernetes sets it where a service is called impasto.
    monkeypatch.setenv("IMPASTO_PORT", "tcp://10.0.0.7:8000")
    for name in ServerOptions.model_fields.keys() - {"port", *FROM_ENVIRONMENT}:
        monkeypatch.setenv(f"IMPASTO_{name.upper()}", "7")
    plain, settings = ServerOptions(), ServerSettings()
    for name in ServerOptions.model_fields.keys() - set(FROM_ENVIRONMENT):
        assert getattr(settings, name) == getattr(plain, name), name


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.0.7", "studio.example"])
def test_another_address_wants_a_token(host: str) -> None:
    with pytest.raises(SettingError, match=f"host is {host}, which other machines can reach"):
        ServerSettings(host=host)
    assert ServerSettings(host=host, token="x" * 16).host == host


def test_a_worker_does_not_mind_a_token_that_only_a_server_needs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("IMPASTO_TOKEN", "schlüssel")
    with pytest.raises(SettingError, match="take ASCII letters"):
        ServerSettings()
    StoreSettings()


@pytest.mark.parametrize(
    ("options", "kind", "expected"),
    [
        ({"port": 70_000}, SettingError, "port is 70000: give a whole number from 0 to 65535"),
        ({"keep_days": float("inf")}, SettingError, "keep_days is inf: give a finite number"),
        ({"prot": 1}, UnknownNameError, "did you mean 'port'"),
    ],
)
def test_what_cannot_be_is_told_as_any_setting_is(
    options: dict[str, Any], kind: type[SettingError], expected: str
) -> None:
    with pytest.raises(kind, match=expected):
        ServerSettings(**options)


def test_without_the_package_the_pip_line_is_given() -> None:
    code = (
        "import sys; sys.modules['pydantic_settings'] = None\n"
        "from impasto.errors import MissingPackageError\n"
        "try:\n    import impasto.service.server_settings\n"
        "except MissingPackageError as error:\n    print(error)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert "pip install 'impasto[web]'" in done.stdout, done.stderr


def test_a_clip_model_is_named_by_an_option_or_by_the_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pytest.importorskip("transformers", reason="the extra clip is not installed")
    assert ServerSettings().clip_model() is None
    write_clip(tmp_path / "clip")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("IMPASTO_CLIP", "clip")
    assert StoreSettings().clip_model() == str(tmp_path / "clip")
    with pytest.raises(WeightsError, match="elsewhere is no folder: give that of a CLIP model"):
        ServerSettings(clip="elsewhere").clip_model()


def test_a_clip_model_without_its_package_is_told_the_pip_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(server_settings, "find_spec", lambda _: None)
    with pytest.raises(MissingPackageError, match=r"pip install 'impasto\[clip\]'"):
        ServerSettings(clip="clip").clip_model()


def test_no_option_of_a_studio_is_said_to_shape_a_picture() -> None:
    options = {option.name: option for option in describe(ServerOptions)}
    assert {option.scope for option in options.values()} == {"server"}
    assert not any(option.shapes_picture for option in options.values())
    assert [name for name, option in options.items() if option.file] == ["data"]


def test_a_language_model_is_named_by_options_or_by_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert ServerSettings().reader() is None
    monkeypatch.setenv("IMPASTO_ENDPOINT", "http://127.0.0.1:11434/v1")
    monkeypatch.setenv("IMPASTO_LANGUAGE_MODEL", "small")
    monkeypatch.setenv("IMPASTO_LLM_KEY", "sk-very-secret")
    settings = ServerSettings(language_model="large")
    reader = settings.reader()
    assert reader is not None
    assert (reader.endpoint, reader.name) == ("http://127.0.0.1:11434/v1", "large")
    assert reader.key == "sk-very-secret"
    assert "secret" not in repr(settings) + repr(reader)
    monkeypatch.delenv("IMPASTO_LANGUAGE_MODEL")
    with pytest.raises(SettingError, match="give --language-model NAME beside --endpoint"):
        ServerSettings()
    with pytest.raises(SettingError, match="is no endpoint of a language model"):
        ServerSettings(endpoint="file:///etc/passwd", language_model="small")
