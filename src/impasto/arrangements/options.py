"""What a kind of arrangement is told beside its pictures: a model of options, written once."""

from __future__ import annotations

from collections.abc import Container
from typing import Any, ClassVar, Self

from pydantic import ValidationError

from impasto.errors import InputError
from impasto.settings.fields import Group
from impasto.settings.resolve import setting_error
from impasto.task import Role

__all__ = ["Options"]


class Options(Group):
    """The options of a kind, as fields that `impasto.settings.fields.setting` describes.

    Command line, API and page are made from them, as from the settings of a painting. Nothing here
    needs torch or reads a picture.

    Attributes:
        needs: kinds of roles of which a picture has to be given.
        takes: kinds of roles of which one may be.
    """

    needs: ClassVar[tuple[str, ...]] = ("content", "style")
    takes: ClassVar[tuple[str, ...]] = ()

    @classmethod
    def of(cls, **values: Any) -> Self:
        """Options that are checked.

        Raises:
            SettingError: one is unknown or out of its range.
        """
        try:
            return cls(**values)
        except ValidationError as error:
            raise setting_error(error, cls.model_fields) from None

    def check_single(self) -> None:
        """Refuse options that stand for several paintings, where one is asked for.

        Raises:
            SettingError: naming the option.

        Example:
            >>> Options.of().check_single()
        """

    def check_with(self, roles: Container[str]) -> None:
        """Refuse options that do not go together with the pictures; most go with all.

        Args:
            roles: of all that are given, as text.

        Raises:
            SettingError: an option is missing, or has no meaning beside a picture.
        """

    @classmethod
    def check_roles(cls, roles: Any) -> None:
        """Refuse pictures that the kind has no use for, and the lack of one that it needs.

        Args:
            roles: of all that are given, as text.

        Raises:
            InputError: naming the first.

        Example:
            >>> Options.check_roles(["content", "style"])
            >>> Options.check_roles(["content"])
            Traceback (most recent call last):
            impasto.errors.InputError: the style image is missing: give one
        """
        given = [Role.parse(role) for role in roles]
        for role in given:
            if role.kind not in (*cls.needs, *cls.takes):
                raise InputError(f"{role.phrase} has no meaning here: leave it out")
        for kind in cls.needs:
            if kind not in {role.kind for role in given}:
                raise InputError(f"{Role(kind).phrase} is missing: give one")
