"""Forms that strangers post: how the API describes one, and its files and texts by field."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

from fastapi import Request
from python_multipart.multipart import parse_options_header
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException

from impasto.errors import InputError, UnknownNameError
from impasto.service.http.problems import Problem
from impasto.service.http.state import Limits
from impasto.task import Role

__all__ = ["FILE", "FILES", "QUEUED", "described", "files_of", "json_text", "open_form", "text_of"]

MEDIA = "multipart/form-data"
FILE = {"type": "string", "format": "binary"}
FILES = {"type": "array", "items": FILE}
_JSON = "application/json"
QUEUED: dict[int | str, dict[str, Any]] = {
    202: {
        "description": "The job, which waits now.",
        "headers": {"Location": {"description": "The job.", "schema": {"type": "string"}}},
    }
}
"""What is answered to a form that makes a job."""


def json_text(description: str, example: str) -> dict[str, Any]:
    """The description of a field that holds a JSON object.

    Args:
        description: what it means.
        example: such an object, as text.

    Example:
        >>> json_text("Seconds of the film.", '{"start": 2}')["contentMediaType"]
        'application/json'
    """
    return {
        "type": "string",
        "contentMediaType": _JSON,
        "description": description,
        "example": example,
    }


def described(fields: Mapping[str, Any], required: Sequence[str]) -> dict[str, Any]:
    """A form as the description of the API shows it.

    Args:
        fields: the schema of each.
        required: those that no request may leave out.

    Example:
        >>> form = described({"content": FILE}, ["content"])
        >>> form["content"]["multipart/form-data"]["schema"]["required"]
        ['content']
    """
    texts = [name for name, schema in fields.items() if "contentMediaType" in schema]
    media: dict[str, Any] = {
        "schema": {
            "type": "object",
            "required": list(required),
            "additionalProperties": False,
            "properties": dict(fields),
        }
    }
    if texts:
        media["encoding"] = {name: {"contentType": _JSON} for name in texts}
    return {"required": True, "content": {MEDIA: media}}


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
    if kind.decode("latin-1").lower() != MEDIA:
        raise Problem(415, "form", f"the request is no form: send pictures as {MEDIA}")
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


def text_of(form: FormData, field: str, what: str = "one text of JSON") -> str:
    """The text in a field of a form; empty where the field is not there.

    Args:
        form: from `open_form`.
        field: its name.
        what: it has to be, for messages.

    Raises:
        InputError: it is there twice, or is a file.

    Example:
        >>> form = FormData([("options", "{}")])
        >>> text_of(form, "options"), text_of(form, "settings")
        ('{}', '')
    """
    values = form.getlist(field)
    if len(values) > 1 or any(not isinstance(value, str) for value in values):
        raise InputError(f"{field} has to be {what}: send it once, and not as a file")
    return str(values[0]) if values else ""


def files_of(
    form: FormData, kinds: Mapping[str, str], texts: Sequence[str], one: str | None = None
) -> dict[Role, UploadFile]:
    """The files of a form by role, in the order of their fields.

    Args:
        form: from `open_form`.
        kinds: the fields of files, and the kind of role of each.
        texts: the other fields.
        one: the field of files that has to hold exactly one.

    Raises:
        UnknownNameError: a field that means nothing here.
        InputError: not one file in the field `one`, or a text in place of a file.

    Example:
        >>> from io import BytesIO
        >>> one, two = UploadFile(BytesIO()), UploadFile(BytesIO())
        >>> form = FormData([("styles", one), ("film", two), ("styles", one)])
        >>> [str(role) for role in files_of(form, {"film": "film", "styles": "style"}, [])]
        ['film', 'style', 'style 2']
    """
    for name in form:
        if name not in (*kinds, *texts):
            raise UnknownNameError("field of the form", name[:80], [*kinds, *texts])
    if one is not None and (count := len(form.getlist(one))) != 1:
        what = Role(kinds[one]).phrase.removeprefix("the ")
        raise InputError(f"{count} {what}s are given: send exactly one")
    files = {}
    for field, kind in kinds.items():
        for number, value in enumerate(form.getlist(field), 1):
            if not isinstance(value, UploadFile):
                raise InputError(
                    f"{field} has to be a file: send it with a file name, as curl does with "
                    f"-F {field}=@FILE"
                )
            if number == 2 and kind in Role.SINGLE:
                raise InputError(f"{field} has {len(form.getlist(field))} files: send one")
            files[Role(kind, number)] = value
    return files
