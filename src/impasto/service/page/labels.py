"""Settings by the names that the page gives them, in its two languages."""

from __future__ import annotations

import re

from impasto.service.contract import JobOut
from impasto.service.page import settings_zh
from impasto.service.page.choices import choice
from impasto.service.page.controls import Control, controls, values_of
from impasto.settings import StyleSettings
from impasto.text import format_value

__all__ = ["differences", "in_labels", "named_in", "words_of"]

# A setting is meant where it is spelt as none but a setting is, or where a message begins with it.
_NAME = re.compile(
    r"--([a-z]+(?:-[a-z]+)*)|(?<![\w/.-])([a-z]+(?:_[a-z]+)+)(?![\w-]|\.\w)"
    r"|^([a-z]+)(?= is | and [a-z_]+ both )|(?<= and )([a-z]+)(?= both )"
)


def words_of(control: Control, language: str) -> tuple[str, str]:
    """The label and the help of a control; what another package adds has but its own words."""
    own = control.label, control.help
    return settings_zh.SETTINGS.get(control.name, own) if language == "zh" else own


def in_labels(sentence: str, language: str) -> str:
    """A message with the labels of the page in the place of the settings' names.

    Example:
        >>> in_labels("content_weight is -1: leave it out, or --strength", "en")
        'Content weight is -1: leave it out, or Strength'
        >>> in_labels("size and shape both set the size of the picture", "zh")
        '尺寸 and 确切尺寸 both set the size of the picture'
    """
    labels = {control.name: words_of(control, language)[0] for control in controls()}
    return _NAME.sub(lambda found: labels.get(_name(found), found[0]), sentence)


def named_in(sentence: str) -> list[str]:
    """The settings of the page that a message names before it comes to the remedy.

    Example:
        >>> named_in("content_weight is -1: leave it out, or --strength")
        ['content_weight']
    """
    known = {control.name for control in controls()}
    names = (_name(found) for found in _NAME.finditer(sentence.partition(": ")[0]))
    return [name for name in dict.fromkeys(names) if name in known]


def _name(found: re.Match[str]) -> str:
    return str(next(filter(None, found.groups()))).replace("-", "_")


def differences(one: JobOut, other: JobOut, language: str) -> list[tuple[str, str, str]]:
    """The settings in which two jobs differ: label, the one's value, the other's."""
    first, second = (values_of(StyleSettings(**job.settings)) for job in (one, other))
    return [
        (words_of(c, language)[0], _shown(c, value, language), _shown(c, its, language))
        for c, value, its in zip(controls(), first, second, strict=True)
        if value != its
    ]


def _shown(control: Control, value: object, language: str) -> str:
    """A value as a table shows it; a dash for nothing."""
    if control.kind == "choice":
        return choice(control.name, str(value), language)
    # In one line: a line break would end the HTML that it stands in.
    return " ".join(format_value(value).split()) if value not in (None, "") else "–"
