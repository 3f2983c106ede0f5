"""What strangers post to have a picture painted: settings and pictures of a form.

Of pictures only the headers are read.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any, BinaryIO

import anyio
from fastapi import Request
from starlette.datastructures import FormData, UploadFile

from impasto.errors import InputError, MissingPackageError, PictureError
from impasto.imaging.files import recognised
from impasto.imaging.read import size_check
from impasto.service.http.auth import client_of
from impasto.service.http.forms import (
    FILE,
    FILES,
    described,
    files_of,
    json_text,
    open_form,
    text_of,
)
from impasto.service.http.image_size import image_size
from impasto.service.http.json_object import json_object
from impasto.service.http.problems import Problem
from impasto.service.http.state import AppState, Limits
from impasto.service.http.texts import check_characters, check_length
from impasto.service.http.untrusted_settings import untrusted_settings
from impasto.service.http.words import (
    plan_record,
    plan_styles,
    posted_plan,
    rank_for,
    untrusted_plan,
)
from impasto.settings import StyleSettings
from impasto.task import Role, StyleTask
from impasto.words import Plan
from impasto.words.choosing import Rank

__all__ = [
    "FORM",
    "PHOTOGRAPH_ALONE",
    "Posted",
    "check_has_style",
    "check_picture",
    "check_styles",
    "checked_form",
    "keep",
    "pictures_of",
    "read_form",
]

# The form's fields of pictures, and the kind of role of each; none starts from a picture.
_KINDS = {Role(kind).field: kind for kind in ("content", "style", "mask", "style mask", "keep")}
_FIELDS: Mapping[str, Any] = {
    "content": {**FILE, "description": "The photograph to paint."},
    "styles": {**FILES, "description": "Pictures to learn from; without a text at least one."},
    "masks": {**FILES, "description": "White where each style paints."},
    "style_masks": {**FILES, "description": "White where each style is learnt."},
    "keep": {**FILE, "description": "White where the photograph stays."},
    "settings": json_text(
        "Settings by name, as a JSON object; those that name files or the machine are refused.",
        '{"recipe": "default", "strength": 0.6, "size": 512}',
    ),
    "text": {
        "type": "string",
        "description": "The painting in words, in place of styles or beside them; what is in the "
        "settings counts before them. Where the server has a CLIP model, a text_weight above 0 in "
        "the settings lets them guide the painting too.",
        "example": "mostly watercolour, a little woodcut, cold",
    },
    "plan": json_text(
        "What words came to, as `POST /api/plan` answered it: in place of `text`.",
        '{"text": "waves", "styles": [{"source": "great-wave", "share": 1}], "style_scale": 0.6}',
    ),
}
FORM = described(_FIELDS, ["content"])
PHOTOGRAPH_ALONE = described({"content": _FIELDS["content"]}, ["content"])
"""The forms, as the description of the API shows them."""


@dataclass(frozen=True)
class Posted:
    """What a form asks for.

    Attributes:
        settings: complete.
        files: pictures by role.
        plan: what its words came to, if there are any; its styles follow those in `files`.
    """

    settings: StyleSettings
    files: dict[Role, UploadFile]
    plan: Plan | None = None

    @property
    def given(self) -> int:
        """How many style pictures came."""
        return sum(role.kind == "style" for role in self.files)

    def plan_files(self) -> dict[str, Path]:
        """The files of the plan's styles, by role; they may have to be painted first.

        Raises:
            ImpastoError: as for `plan_styles`.
        """
        files = [] if self.plan is None else plan_styles(self.plan)
        return {str(Role("style", self.given + n)): file for n, file in enumerate(files, 1)}

    def plan_record(self) -> dict[str, Any] | None:
        """The plan, as a job keeps it."""
        names = [f"style-{number}.jpg" for number in range(1, self.given + 1)]
        return None if self.plan is None else plan_record(self.plan, names)


async def read_form(request: Request, app_state: AppState) -> tuple[Posted, dict[str, str]]:
    """What a request asks for; its pictures are in the folder then.

    Args:
        request: a multipart form: one `content`, one or more `styles`, a `text` or a `plan`, if
            wanted `masks` and `style_masks`, one for each style, `keep`, and `settings` as a JSON
            object.
        app_state: whose folder keeps them.

    Returns:
        What is asked, and the SHA-256 of each upload by role, as in `Job`.

    Raises:
        Problem: no form, a broken or too large one, or a picture that `check_picture` refuses.
        ImpastoError: settings or numbers of pictures that do not fit.
    """
    async with open_form(request, app_state.limits) as form:
        posted = await checked_form(form, app_state, client_of(request.scope))
        inputs = {str(role): await keep(app_state, file) for role, file in posted.files.items()}
        planned = await app_state.keeping(posted.plan_files)
        for role, path in planned.items():
            inputs[role] = await app_state.keeping(app_state.store.folder.keep_upload, path)
        return posted, inputs


async def keep(app_state: AppState, file: UploadFile) -> str:
    """Keep an upload in the studio's folder; its SHA-256."""
    await file.seek(0)
    return await app_state.keeping(app_state.store.folder.keep_upload, file.file)


async def checked_form(form: FormData, app_state: AppState, client: str) -> Posted:
    """What a form asks for that wants a painting.

    Args:
        form: from `open_form`.
        app_state: whose limits hold, and whose CLIP may choose styles.
        client: who asks, by which limits count.

    Raises:
        Problem, ImpastoError: as for `read_form`.
    """
    has_words = bool(text_of(form, "text", "one text").strip())
    rank = rank_for(app_state, client, threading.Event()) if has_words else None
    check = partial(_checked, form, app_state.limits, rank, app_state.guides)
    if rank is None:
        return check()
    return await anyio.to_thread.run_sync(check, limiter=app_state.drafting)  # it may take seconds


def _checked(form: FormData, limits: Limits, rank: Rank | None, guides: bool) -> Posted:
    files = pictures_of(form)
    given = sum(role.kind == "style" for role in files)
    told = text_of(form, "settings")
    guiding = guides and bool(json_object(told, "settings", "{}").get("text_weight"))
    plan = _plan(form, given, limits, rank, guiding)
    settings = untrusted_settings(
        told,
        max_megapixels=limits.max_megapixels,
        defaults={} if plan is None else plan.settings(given),
        max_text_crops=limits.max_text_crops if guides else 0,
    )
    check_length("text_source has", settings.text_source, limits.max_phrase)
    check_characters("text_source has", settings.text_source)
    check_characters("text_templates has", settings.text_templates)
    if settings.text_weight and (plan is None or not plan.text.strip()):
        raise InputError(
            f"text_weight is {settings.text_weight:g}, and there are no words to follow: send them "
            "as text, or leave text_weight out"
        )
    if plan is None:
        check_has_style(files)
    pictures: dict[str, Any] = {str(role): file for role, file in files.items()}
    for number, source in enumerate([] if plan is None else plan.sources(), given + 1):
        pictures[str(Role("style", number))] = source
    check_styles(StyleTask.from_roles(pictures), settings, limits)
    for role, file in files.items():
        check_picture(file.file, role.phrase, limits.max_megapixels)
    return Posted(settings, files, plan)


def _plan(
    form: FormData, given: int, limits: Limits, rank: Rank | None, guides: bool
) -> Plan | None:
    """What is to be painted in words: a plan that was shown, or words to be read."""
    text, shown = text_of(form, "text", "one text"), text_of(form, "plan")
    if text.strip() and shown.strip():
        raise InputError("text and plan both say what is painted: send one of them")
    if shown.strip():
        return posted_plan(shown, limits.max_phrase)
    if not text.strip():
        return None
    return untrusted_plan(text, given, limits.max_phrase, rank=rank, guides=guides)


def check_has_style(files: Iterable[Role]) -> None:
    """Refuse a form without a style.

    Args:
        files: the roles of all.

    Raises:
        InputError: there is none.

    Example:
        >>> check_has_style([Role("content"), Role("style")])
        >>> check_has_style([Role("film")])
        Traceback (most recent call last):
        impasto.errors.InputError: no style is given: send at least one picture to learn from
    """
    if not any(role.kind == "style" for role in files):
        raise InputError("no style is given: send at least one picture to learn from")


def check_styles(task: StyleTask[Any], settings: StyleSettings, limits: Limits) -> None:
    """Refuse more styles than a server paints with, or shares that do not fit them.

    Raises:
        InputError: they are too many.
        SettingError: `style_blend` does not fit them.
    """
    if (styles := len(task.styles)) > limits.max_styles:
        raise InputError(
            f"{styles} styles are above the limit of {limits.max_styles}: leave some out"
        )
    task.check_blend(settings.style_blend)


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


def pictures_of(form: FormData) -> dict[Role, UploadFile]:
    """The pictures of a form by role, the content image among them.

    Raises:
        UnknownNameError, InputError: as for `files_of`.
    """
    return files_of(form, _KINDS, ["settings", "text", "plan"], one="content")
