"""What strangers post to have a drawing, words or a face painted: pictures, options and settings.

The fields of each form are made from the options of its kind, so that a kind is written once. What
names a file of this machine, such as a font, is for who runs the server to choose.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import Request
from starlette.datastructures import FormData, UploadFile

from impasto.arrangements import options_of
from impasto.arrangements.options import Options
from impasto.errors import InputError, SettingError
from impasto.service.http.forms import (
    FILE,
    FILES,
    described,
    files_of,
    json_text,
    open_form,
    text_of,
)
from impasto.service.http.json_object import json_object, quoted
from impasto.service.http.state import AppState, Limits
from impasto.service.http.texts import check_characters, check_length
from impasto.service.http.untrusted_settings import untrusted_settings
from impasto.service.http.uploads import check_picture, check_styles, keep
from impasto.settings import StyleSettings, describe
from impasto.task import Role, StyleTask

__all__ = ["ArrangedForm", "Posted", "checked", "form_of", "read_form", "untrusted_options"]

_TEXTS = ("options", "settings")


@dataclass(frozen=True)
class ArrangedForm:
    """How the API describes the form of a kind.

    Attributes:
        kind: of `impasto.arrangements.KINDS`.
        pictures: what each of its pictures is, by the kind of role.
        example: options, as a JSON object.
    """

    kind: str
    pictures: Mapping[str, str]
    example: str = "{}"


@dataclass(frozen=True)
class Posted:
    """What a form asks for.

    Attributes:
        settings: complete.
        options: of the kind, complete.
        files: pictures by role.
    """

    settings: StyleSettings
    options: dict[str, Any]
    files: dict[Role, UploadFile]


def form_of(form: ArrangedForm) -> dict[str, Any]:
    """A form as the description of the API shows it.

    Args:
        form: of a kind.
    """
    model = options_of(form.kind)
    fields: dict[str, Any] = {}
    for kind in (*model.needs, *model.takes):
        words = {"description": form.pictures[kind]}
        if kind in Role.SINGLE:
            fields[Role(kind).field] = {**FILE, **words}
        else:
            least = {"minItems": 1} if kind in model.needs else {}
            fields[Role(kind).field] = {**FILES, **least, **words}
    fields["options"] = json_text("How it is arranged, as a JSON object by name.", form.example)
    fields["options"]["contentSchema"] = _schema(model)
    fields["settings"] = json_text(
        f"Settings by name, as for a painting; left out, those of the recipe {form.kind}.",
        f'{{"recipe": "{form.kind}", "size": 512}}',
    )
    return described(fields, [Role(kind).field for kind in model.needs])


def _schema(model: type[Options]) -> dict[str, Any]:
    """The options that a request may have, by name, as a JSON schema."""
    refused = _server_only(model)
    schema = model.model_json_schema()
    shown = ("type", "anyOf", "enum", "const", "default", "description", "minimum", "maximum")
    fields = {
        name: {key: field[key] for key in shown if key in field}
        for name, field in schema.get("properties", {}).items()
        if name not in refused
    }
    return {"type": "object", "additionalProperties": False, "properties": fields}


async def read_form(
    request: Request, app_state: AppState, kind: str
) -> tuple[StyleSettings, dict[str, Any], dict[str, str]]:
    """What a request asks for; its pictures are in the folder then.

    Args:
        request: a multipart form as `form_of` describes it.
        app_state: whose folder keeps the pictures.
        kind: of arrangement.

    Returns:
        The settings, the options, and the SHA-256 of each upload by role, as in `Job`.

    Raises:
        Problem, ImpastoError: as for `checked`; `Problem` too where there is no form.
    """
    async with open_form(request, app_state.limits) as form:
        posted = checked(form, app_state.limits, kind)
        inputs = {str(role): await keep(app_state, file) for role, file in posted.files.items()}
        return posted.settings, posted.options, inputs


def checked(form: FormData, limits: Limits, kind: str) -> Posted:
    """What a form asks for, as far as shows without decoding a picture.

    Args:
        form: from `open_form`.
        limits: what is refused.
        kind: of arrangement.

    Raises:
        Problem: a picture that `check_picture` refuses.
        ImpastoError: settings, options or pictures that do not fit.
    """
    model = options_of(kind)
    settings = untrusted_settings(
        text_of(form, "settings"),
        max_megapixels=limits.max_megapixels,
        defaults={"recipe": kind},
    )
    options = untrusted_options(text_of(form, "options"), model, limits)
    kinds = {Role(one).field: one for one in (*model.needs, *model.takes)}
    files = files_of(form, kinds, _TEXTS, one="content" if "content" in model.needs else None)
    roles = [str(role) for role in files]
    model.check_roles(roles)
    model.of(**options).check_with(roles)
    styles = [file for role, file in files.items() if role.kind == "style"]
    check_styles(StyleTask[Any].of(None, styles), settings, limits)
    for role, file in files.items():
        check_picture(file.file, role.phrase, limits.max_megapixels)
    return Posted(settings, options, files)


def untrusted_options(text: str, model: type[Options], limits: Limits) -> dict[str, Any]:
    """Complete options from the JSON of a request.

    Args:
        text: a JSON object of options by name; empty for none.
        model: of the kind.
        limits: `max_text` and `max_lines` of every text among them count.

    Raises:
        SettingError: no JSON object, an option out of its range, one that names a file or one that
            stands for several paintings.
        UnknownNameError: an option that is not one of the known ones.
        InputError: a text beyond the limits, or of characters that nothing draws.
    """
    values = json_object(text, "options", "{}")
    for name in _server_only(model):
        if values.get(name) is not None:
            raise SettingError(
                f"{name} is {quoted(values.pop(name))}, but it is for who runs the server to "
                "choose: leave it out"
            )
        values.pop(name, None)
    asked = model.of(**values)
    asked.check_single()
    options = asked.model_dump(mode="json")
    for name, value in options.items():
        if isinstance(value, str):
            _check_text(name, value, limits)
    return options


def _check_text(name: str, text: str, limits: Limits) -> None:
    check_length(f"{name} has", text, limits.max_text)
    if (lines := text.count("\n") + 1) > limits.max_lines:
        raise InputError(
            f"{name} has {lines} lines, above the limit of {limits.max_lines}: leave some out"
        )
    check_characters(f"{name} has", text, allowed="\n")


def _server_only(model: type[Options]) -> list[str]:
    """Options that name a file, or that whoever runs the server chooses."""
    return [one.name for one in describe(model) if one.file or one.scope != "task"]
