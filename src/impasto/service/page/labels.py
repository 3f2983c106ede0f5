"""Settings by the names that the page gives them, in its two languages."""

from __future__ import annotations

import re

from impasto.service.page import settings_zh
from impasto.service.page.controls import Control, controls

__all__ = ["in_labels", "words_of"]

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

    def label(found: re.Match[str]) -> str:
        name = next(filter(None, found.groups())).replace("-", "_")
        return labels.get(name, found[0])

    return _NAME.sub(label, sentence)
