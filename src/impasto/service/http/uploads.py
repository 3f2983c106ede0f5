"""A posted form becomes settings and kept uploads; of the pictures only the headers are read."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from importlib.util import find_spec
from typing import BinaryIO

from fastapi import Request
from python_multipart.multipart import parse_options_header
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException

from impasto.errors import InputError, MissingPackageError, PictureError, UnknownNameError
from impasto.imaging.files import recognised
from impasto.imaging.read import size_check
from impasto.service.http.image_size import told_size
from impasto.service.http.limits import Limits
from impasto.service.http.problems import Problem
from impasto.service.http.state import Studio
from impasto.service.http.untrusted_settings import settings_from
from impasto.settings import StyleSettings
from impasto.task import Role, StyleTask

__all__ = ["FIELDS", "check_picture", "posted"]

FIELDS: Mapping[str, str] = {
    Role(kind).field: kind for kind in ("content", "style", "mask", "style mask")
}
"""The form's fields of pictures, and the kind of role of each; none starts from a picture."""

_FORM = b"multipart/form-data"


async def posted(request: Request, studio: Studio) -> tuple[StyleSettings, dict[str, str]]:
    """What a request asks for; its pictures are in the folder then.

    Args:
        request: a multipart form: one `content`, one or more `styles`, if wanted `masks` and
            `style_masks`, one for each style, and `settings` as a JSON object.
        studio: whose folder keeps them.

    Returns:
        The settings, and the SHA-256 of each upload by role, as in `Job`.

    Raises:
        Problem: no form, a broken or too large one, or a picture that `check_picture` refuses.
        ImpastoError: settings or numbers of pictures that do not fit.
    """
    limits = studio.limits
    async with _form(request, limits) as form:
        settings = settings_from(_text(form), max_megapixels=limits.max_megapixels)
        files = _files(form)
        styles = sum(role.kind == "style" for role in files)
        if styles > limits.max_styles:
            raise InputError(
                f"{styles} styles are above the limit of {limits.max_styles}: leave some out"
            )
        task = StyleTask.from_roles({str(role): file for role, file in files.items()})
        task.check_blend(settings.style_blend)
        for role, file in files.items():
            check_picture(file.file, role.phrase, limits.max_megapixels)
        kept = {}
        for role, file in files.items():
            await file.seek(0)
            kept[str(role)] = await studio.keeping(studio.store.folder.keep_upload, file.file)
        return settings, kept


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
        size = told_size(file, kind.name)
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
async def _form(request: Request, limits: Limits) -> AsyncIterator[FormData]:
    """The parts of a form; what it keeps on disk meanwhile is gone after the block."""
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    if kind.lower() != _FORM:
        raise Problem(415, "form", f"the request is no form: send pictures as {_FORM.decode()}")
    if options.get(b"charset", b"utf-8").lower() not in (b"utf-8", b"utf8"):
        raise Problem(415, "form", "the form is not in UTF-8: leave its charset out")
    files = 1 + 3 * (limits.max_styles + 1)  # one too many is told in our own words
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
    given = form.getlist("settings")
    if len(given) > 1 or any(not isinstance(value, str) for value in given):
        raise InputError("settings has to be one text of JSON: send it once, and not as a file")
    return str(given[0]) if given else ""


def _files(form: FormData) -> dict[Role, UploadFile]:
    """The pictures by role."""
    for name in form:
        if name != "settings" and name not in FIELDS:
            raise UnknownNameError("field of the form", name[:80], [*FIELDS, "settings"])
    if len(form.getlist("content")) != 1:
        raise InputError(
            f"{len(form.getlist('content'))} content images are given: send exactly one"
        )
    found = {}
    for field, kind in FIELDS.items():
        for number, value in enumerate(form.getlist(field), 1):
            if not isinstance(value, UploadFile):
                raise InputError(
                    f"{field} has to be a file: send it with a file name, as curl does with "
                    f"-F {field}=@picture.jpg"
                )
            found[Role(kind, number)] = value
    return found
