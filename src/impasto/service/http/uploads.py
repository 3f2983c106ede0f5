"""What strangers post: a form becomes settings and uploads, and nothing in it is trusted.

Of pictures only the headers are read; settings may name no file and nothing of this machine.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from importlib.util import find_spec
from typing import Any, BinaryIO, NoReturn

from fastapi import Request
from python_multipart.multipart import parse_options_header
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException

from impasto.errors import (
    InputError,
    MissingPackageError,
    PictureError,
    SettingError,
    UnknownNameError,
)
from impasto.imaging.files import recognised
from impasto.imaging.read import size_check
from impasto.service.http.image_size import image_size
from impasto.service.http.problems import Problem
from impasto.service.http.state import AppState, Limits
from impasto.settings import StyleSettings, describe
from impasto.settings.heeded import HEEDED, refuse_unheeded
from impasto.settings.model_files import BY_FILE
from impasto.settings.recipes import recipe_names
from impasto.task import Role, StyleTask, start_file

__all__ = [
    "FIELDS",
    "FORM",
    "SERVER_ONLY",
    "check_picture",
    "checked",
    "open_form",
    "pictures_of",
    "read_form",
    "untrusted_settings",
]

FIELDS: Mapping[str, str] = {
    Role(kind).field: kind for kind in ("content", "style", "mask", "style mask", "keep")
}
"""The form's fields of pictures, and the kind of role of each; none starts from a picture."""

_MEDIA = "multipart/form-data"
_FILE = {"type": "string", "format": "binary"}
_FILES = {"type": "array", "items": _FILE}
FORM: dict[str, Any] = {
    "required": True,
    "content": {
        _MEDIA: {
            "schema": {
                "type": "object",
                "required": ["content", "styles"],
                "additionalProperties": False,
                "properties": {
                    "content": {**_FILE, "description": "The photograph to paint."},
                    "styles": {**_FILES, "minItems": 1, "description": "Pictures to learn from."},
                    "masks": {**_FILES, "description": "White where each style paints."},
                    "style_masks": {**_FILES, "description": "White where each style is learnt."},
                    "keep": {**_FILE, "description": "White where the photograph stays."},
                    "settings": {
                        "type": "string",
                        "contentMediaType": "application/json",
                        "description": "Settings by name, as a JSON object; those that name "
                        "files or the machine are refused.",
                        "example": '{"recipe": "default", "strength": 0.6, "size": 512}',
                    },
                },
            },
            "encoding": {"settings": {"contentType": "application/json"}},
        }
    },
}
"""The form, as the description of the API shows it."""


async def read_form(request: Request, app_state: AppState) -> tuple[StyleSettings, dict[str, str]]:
    """What a request asks for; its pictures are in the folder then.

    Args:
        request: a multipart form: one `content`, one or more `styles`, if wanted `masks` and
            `style_masks`, one for each style, `keep`, and `settings` as a JSON object.
        app_state: whose folder keeps them.

    Returns:
        The settings, and the SHA-256 of each upload by role, as in `Job`.

    Raises:
        Problem: no form, a broken or too large one, or a picture that `check_picture` refuses.
        ImpastoError: settings or numbers of pictures that do not fit.
    """
    async with open_form(request, app_state.limits) as form:
        settings, files = checked(form, app_state.limits)
        inputs = {}
        for role, file in files.items():
            await file.seek(0)
            keep = app_state.store.folder.keep_upload
            inputs[str(role)] = await app_state.keeping(keep, file.file)
        return settings, inputs


def checked(form: FormData, limits: Limits) -> tuple[StyleSettings, dict[Role, UploadFile]]:
    """The settings and the pictures of a form that asks for a painting.

    Args:
        form: from `open_form`.
        limits: what is refused.

    Raises:
        Problem, ImpastoError: as for `read_form`.
    """
    settings = untrusted_settings(_text(form), max_megapixels=limits.max_megapixels)
    files = pictures_of(form)
    styles = sum(role.kind == "style" for role in files)
    if styles > limits.max_styles:
        raise InputError(
            f"{styles} styles are above the limit of {limits.max_styles}: leave some out"
        )
    task = StyleTask.from_roles({str(role): file for role, file in files.items()})
    task.check_blend(settings.style_blend)
    for role, file in files.items():
        check_picture(file.file, role.phrase, limits.max_megapixels)
    return settings, files


def check_picture(file: BinaryIO, name: str, max_megapixels: float) -> None:
    """See by its header that a file is a picture impasto may paint; nothing is decoded.

    One that is cut short passes: the worker, which decodes it, will say so.

    Args:
        file: read from its beginning.
        name: of the picture in messages.
        max_megapixels: pictures above it are refused.

    Raises:
        Problem: 415 in no format impasto reads, 413 too many pixels, 422 empty or damaged.
    """
    file.seek(0)
    head = file.read(64)
    try:
        kind = recognised(head, name)
        if kind.name == "HEIC" and find_spec("pillow_heif") is None:
            raise MissingPackageError(name, "pillow-heif", "heic")
        size = image_size(file, kind.name)
    except PictureError as error:
        raise Problem.of(error, 415 if head else 422) from None
    except ValueError:
        raise Problem.of(
            PictureError(
                f"{name} cannot be decoded: its {kind.name} data is damaged or of a rare kind; "
                "export or download it again"
            )
        ) from None
    if size is not None:
        try:
            size_check(name, max_megapixels)(*size)
        except PictureError as error:
            raise Problem.of(error, 413 if all(side > 0 for side in size) else 422) from None


@asynccontextmanager
async def open_form(request: Request, limits: Limits) -> AsyncIterator[FormData]:
    """The parts of a form; what it keeps on disk meanwhile is gone after the block.

    Args:
        request: with a multipart form.
        limits: what is refused.

    Raises:
        Problem: no form, or a broken or too large one.
    """
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    if kind.decode("latin-1").lower() != _MEDIA:
        raise Problem(415, "form", f"the request is no form: send pictures as {_MEDIA}")
    if options.get(b"charset", b"utf-8").lower() not in (b"utf-8", b"utf8"):
        raise Problem(415, "form", "the form is not in UTF-8: leave its charset out")
    files = 2 + 3 * (limits.max_styles + 1)  # one too many gets a sentence of our own
    try:
        form = await request.form(
            max_files=files, max_fields=8, max_part_size=limits.max_settings_kb * 1024
        )
    except HTTPException as error:
        wish = str(error.detail).rstrip(".")
        status = 413 if wish.startswith(("Part exceeded", "Too many")) else 400
        raise Problem(
            status, "form", f"the form cannot be read ({wish[0].lower()}{wish[1:]}): mend it"
        ) from None
    try:
        yield form
    finally:
        await form.close()


def _text(form: FormData) -> str:
    values = form.getlist("settings")
    if len(values) > 1 or any(not isinstance(value, str) for value in values):
        raise InputError("settings has to be one text of JSON: send it once, and not as a file")
    return str(values[0]) if values else ""


def pictures_of(form: FormData) -> dict[Role, UploadFile]:
    """The pictures of a form by role, the content image among them.

    Raises:
        UnknownNameError: a field that means nothing here.
        InputError: not one content image, or a text in place of a file.
    """
    for name in form:
        if name != "settings" and name not in FIELDS:
            raise UnknownNameError("field of the form", name[:80], [*FIELDS, "settings"])
    if len(form.getlist("content")) != 1:
        raise InputError(
            f"{len(form.getlist('content'))} content images are given: send exactly one"
        )
    files = {}
    for field, kind in FIELDS.items():
        for number, value in enumerate(form.getlist(field), 1):
            if not isinstance(value, UploadFile):
                raise InputError(
                    f"{field} has to be a file: send it with a file name, as curl does with "
                    f"-F {field}=@picture.jpg"
                )
            files[Role(kind, number)] = value
    return files


# Settings of the machine that change nothing for others, or only the bytes of the picture.
_HARMLESS = ("precision", "deterministic", "channels_last")
SERVER_ONLY = (
    "weights_file",
    "model",
    *(s.name for s in describe() if s.scope == "machine" and s.name not in _HARMLESS),
)
"""What only who runs the server may choose: files and the machine."""


def untrusted_settings(
    text: str, *, max_megapixels: float = 100.0, defaults: Mapping[str, Any] | None = None
) -> StyleSettings:
    """Complete settings from the JSON of a request.

    Args:
        text: a JSON object of settings by name; empty for the recipe `default`.
        max_megapixels: the server's limit, which those of the settings are brought down to.
        defaults: settings that count where the text does not name them.

    Raises:
        SettingError: no JSON object, a key twice, a setting out of its range, one that names a
            file or the machine, or one that the method does not heed and that is not the recipe's.
        UnknownNameError: a name that is not one of the known ones; recipes are the built-in ones.

    Example:
        >>> untrusted_settings('{"recipe": "gatys", "steps": 20}').init
        'noise'
        >>> untrusted_settings('{"device": "auto"}').device  # as it is when nobody chooses
        'auto'
    """
    values = {**(defaults or {}), **(_object(text) if text.strip() else {})}
    recipe = values.get("recipe", "default")
    if not isinstance(recipe, str) or recipe not in recipe_names():
        raise UnknownNameError("recipe", str(recipe)[:80], recipe_names())
    for name in SERVER_ONLY:
        plain = StyleSettings.model_fields[name].default
        if values.get(name) not in (None, plain):
            raise SettingError(
                f"{name} is {_quoted(values[name])}, but it is for who runs the server to choose: "
                "leave it out"
            )
    if values.get("precision") == "bf16":
        raise SettingError(
            "precision is bf16, which takes a server without the hardware many times as long: "
            "leave it out, and it is taken where it is faster"
        )
    if values.get("method") in BY_FILE:
        raise SettingError(
            f"method is {values['method']}, which paints with a file that only who runs the server "
            "can name: choose one-pass"
        )
    start = values.get("init")
    if isinstance(start, str) and start_file(start) is not None:
        raise SettingError(
            f"init is {_quoted(start)}, and a server opens no file by its name: start from "
            "content, noise, blend or style"
        )
    own = {name: StyleSettings.model_fields[name].default for name in SERVER_ONLY}
    settings = StyleSettings(**{**values, **own})
    _refuse_unheeded(settings, values)
    if settings.max_megapixels <= max_megapixels:
        return settings
    return settings.replace(max_megapixels=max_megapixels)


def _refuse_unheeded(settings: StyleSettings, values: Mapping[str, Any]) -> None:
    """Refuse what a built-in method does not heed; what is the recipe's own is no wish."""
    if settings.method not in HEEDED:
        return
    own = StyleSettings(recipe=settings.recipe)
    given = {
        name
        for name, value in values.items()
        if value is not None and getattr(settings, name) != getattr(own, name)
    }
    refuse_unheeded(given, settings.method, HEEDED[settings.method])


def _object(text: str) -> dict[str, Any]:
    try:
        values = json.loads(text, parse_constant=_no_number, object_pairs_hook=_each_once)
    except RecursionError:
        raise SettingError(
            "settings is nested too deeply: give a JSON object of settings"
        ) from None
    except json.JSONDecodeError as error:
        raise SettingError(
            f"settings is not JSON: {error.msg.lower()} at character {error.pos + 1}"
        ) from None
    except ValueError:  # Python reads no whole number of thousands of digits
        raise SettingError(
            "settings has a number too long to be read: give a shorter one"
        ) from None
    if not isinstance(values, dict):
        raise SettingError('settings has to be a JSON object, like {"steps": 100}')
    return values


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in values if names.count(name) > 1)
        raise SettingError(f"settings has {_quoted(twice)} twice: give each setting once")
    return values


def _no_number(text: str) -> NoReturn:
    raise SettingError(f"settings has {text}, which is no JSON number: give a finite number")


def _quoted(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:80]}…"
