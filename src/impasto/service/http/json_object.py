"""A JSON object that a stranger posts as text, with a sentence for each way in which it is none."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from impasto.errors import SettingError

__all__ = ["json_object", "quoted"]

_SHOWN = 80  # characters of a value in a message


def json_object(text: str, name: str, example: str) -> dict[str, Any]:
    """What a text of JSON holds, by name; empty text is an empty object.

    Args:
        text: of a request.
        name: of the field it came in, for messages.
        example: such an object.

    Raises:
        SettingError: no JSON, no object, nested too deeply, a key twice, or a number that is none.

    Example:
        >>> json_object('{"steps": 100}', "settings", "{}"), json_object(" ", "settings", "{}")
        ({'steps': 100}, {})
        >>> json_object('[1]', "options", '{"vertical": true}')
        Traceback (most recent call last):
        ...
        impasto.errors.SettingError: options has to be a JSON object, like {"vertical": true}
    """
    if not text.strip():
        return {}

    def each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        values = dict(pairs)
        if len(values) < len(pairs):
            names = [one for one, _ in pairs]
            twice = next(one for one in values if names.count(one) > 1)
            raise SettingError(f"{name} has {quoted(twice)} twice: give each one once")
        return values

    def no_number(word: str) -> NoReturn:
        raise SettingError(f"{name} has {word}, which is no JSON number: give a finite number")

    try:
        values = json.loads(text, parse_constant=no_number, object_pairs_hook=each_once)
    except RecursionError:
        raise SettingError(f"{name} is nested too deeply: give an object like {example}") from None
    except json.JSONDecodeError as error:
        raise SettingError(
            f"{name} is not JSON: {error.msg.lower()} at character {error.pos + 1}"
        ) from None
    except ValueError:  # Python reads no whole number of thousands of digits
        raise SettingError(f"{name} has a number too long to be read: give a shorter one") from None
    if not isinstance(values, dict):
        raise SettingError(f"{name} has to be a JSON object, like {example}")
    return values


def quoted(value: Any) -> str:
    """A value in a message, shortened."""
    text = repr(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
