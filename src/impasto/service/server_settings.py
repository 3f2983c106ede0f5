"""How a studio is set up: what its commands are told, and for the rest the environment.

What the environment may say:

| variable | what it holds |
| --- | --- |
| `IMPASTO_TOKEN` | what requests must carry |
| `IMPASTO_DATA` | the data folder, unless `--data` names one |
| `IMPASTO_DATABASE_URL` | where jobs are kept, if not in that folder |
| `IMPASTO_CLUSTER` | the cluster that workers hand pictures to, unless `--cluster` names one |
| `IMPASTO_ENDPOINT` | where a language model is asked, unless `--endpoint` says so |
| `IMPASTO_LANGUAGE_MODEL` | its name, unless `--language-model` gives it |
| `IMPASTO_CLIP` | the CLIP model of server and workers, unless `--clip` names one |
| `IMPASTO_LLM_KEY` | what requests to it carry |
"""

from __future__ import annotations

from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Self

import platformdirs
from pydantic import Field, ValidationError, model_validator
from pydantic.fields import FieldInfo

from impasto.errors import MissingPackageError, SettingError
from impasto.networks.clip.folder import found, located_model
from impasto.settings.resolve import setting_error
from impasto.settings.server import ServerOptions
from impasto.words.language_model import LanguageModel

try:
    from pydantic_settings import (
        BaseSettings,
        EnvSettingsSource,
        PydanticBaseSettingsSource,
        SettingsConfigDict,
    )
except ImportError:
    raise MissingPackageError("the studio", "pydantic-settings", "web") from None

__all__ = ["ServerSettings", "StoreSettings"]

FROM_ENVIRONMENT = (
    *("token", "data", "database_url", "cluster", "endpoint", "language_model", "clip"),
)
SHORT_TOKEN = 16

_DATA = Field(default_factory=lambda: platformdirs.user_data_path("impasto"))


class _Environment(EnvSettingsSource):
    """The environment, as far as it is asked.

    Not for every option: where a service of Kubernetes is called impasto, IMPASTO_PORT is there
    too, and is no number.
    """

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        """Value, name and whether it is JSON, for one field."""
        if field_name not in FROM_ENVIRONMENT:
            return None, field_name, False
        return super().get_field_value(field, field_name)


class StoreSettings(BaseSettings):
    """Where jobs and their files are kept: what a worker has to know.

    Args:
        **options: `data`, the data folder, and the other fields; None: as if it were left out.

    Raises:
        SettingError: a value that cannot be, an unknown name.

    Example:
        >>> StoreSettings(data="jobs").data.name
        'jobs'
    """

    model_config = SettingsConfigDict(
        env_prefix="IMPASTO_",
        env_ignore_empty=True,
        frozen=True,
        extra="forbid",
        allow_inf_nan=False,
    )

    data: Path = _DATA
    # It may hold a password.
    database_url: str | None = Field(None, repr=False)
    cluster: str | None = None
    clip: str | None = None

    def __init__(self, **options: Any) -> None:
        try:
            super().__init__(**{name: v for name, v in options.items() if v is not None})
        except ValidationError as error:
            raise setting_error(error, type(self).model_fields) from None

    def clip_model(self) -> str | None:
        """The CLIP model, as it is found from any folder; None where none is named.

        Raises:
            MissingPackageError: the extra `clip` is not installed.
            WeightsError: no such folder, or not that of a CLIP model.
            FetchError: a model of the hub that cannot be fetched.
        """
        if self.clip is None:
            return None
        if find_spec("transformers") is None:
            raise MissingPackageError("a CLIP model", "transformers", "clip")
        found(self.clip)
        return located_model(self.clip)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - pydantic's
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - pydantic's
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - pydantic's
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What is given, then the environment; no file of variables, which nobody looks for."""
        return init_settings, _Environment(settings_cls)


class ServerSettings(StoreSettings, ServerOptions):
    """All of a studio: the options of `impasto serve`, where its jobs are, and who may come in.

    Raises:
        SettingError: as for `StoreSettings`; other machines would be let in without a token; a
            token that cannot be sent; a language model that nobody could ask.

    Example:
        >>> settings = ServerSettings(host="0.0.0.0", token="correct horse battery staple")
        >>> settings.port, "horse" in repr(settings)
        (8000, False)
    """

    model_config = StoreSettings.model_config

    data: Path = _DATA
    token: str | None = Field(None, repr=False)

    @model_validator(mode="after")
    def _check_access(self) -> Self:
        from impasto.service.http.auth import is_loopback

        if self.token is None and not is_loopback(self.host):
            raise SettingError(
                f"host is {self.host}, which other machines can reach: set IMPASTO_TOKEN to a "
                f"secret of {SHORT_TOKEN} letters or more first, or leave --host out"
            )
        if self.token is not None and not (self.token.isascii() and self.token.isprintable()):
            raise SettingError("IMPASTO_TOKEN has letters no header can carry: take ASCII letters")
        self.reader()
        return self

    def reader(self) -> LanguageModel | None:
        """The language model that reads descriptions; None where none is named.

        Raises:
            SettingError: it is named in part, or nobody could ask it.
        """
        model = LanguageModel.named(self.endpoint, self.language_model)
        return None if model is None else replace(model, called="its endpoint")
