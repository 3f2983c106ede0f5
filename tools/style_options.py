"""The settings as keywords with types, for editors and type checkers.

They are written into a file of the package, as `make docs` does: what a type checker reads cannot
be made while a program runs.
"""

from __future__ import annotations

import re
import textwrap
import types
from collections.abc import Iterator
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BeforeValidator
from pydantic.fields import FieldInfo

from impasto.settings import StyleSettings, describe

__all__ = ["module"]

WIDTH = 100

HEAD = '''\
"""Every setting as a keyword with its type, so that editors complete it and mypy knows it.

Written by `python -m tools.generate` from `StyleSettings`; change that instead.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, TypedDict

__all__ = ["StyleOptions"]


class StyleOptions(TypedDict, total=False):
    """Keywords of `impasto.stylize` and `run`: single settings, as a caller may write them."""
'''


def module() -> str:
    """The text of `impasto/settings/options.py`."""
    parts = [HEAD]
    for name, field in StyleSettings.model_fields.items():
        parts.append(f"    {name}: {_hint_of(field)}\n{_docstring(field)}\n")
    return "\n".join(parts)


def _hint_of(field: FieldInfo) -> str:
    """What may be given: the field's own type, and what its validators make that of."""
    return " | ".join(_hints(Annotated[(field.annotation, *field.metadata, None)]))


def _hints(annotation: Any) -> Iterator[str]:
    """The parts of a union."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        inner, *rules = arguments
        hints = list(_hints(inner))
        validators = [rule.func for rule in rules if isinstance(rule, BeforeValidator)]
        if str in validators:  # a number does as well as its digits
            choices = get_args(inner)
            hints = list(_hints(Literal[(*choices, *(int(c) for c in choices if c.isdigit()))]))
        elif validators:  # they read text
            none = [hint for hint in hints if hint == "None"]
            hints = [*(hint for hint in hints if hint != "None"), "str", *none]
        yield from hints
    elif origin in (Union, types.UnionType):
        for argument in arguments:
            yield from _hints(argument)
    elif origin is Literal:
        values = ", ".join(f'"{a}"' if isinstance(a, str) else str(a) for a in arguments)
        yield f"Literal[{values}]"
    elif origin is dict:
        yield f"Mapping[{', '.join(next(_hints(argument)) for argument in arguments)}]"
    elif origin is tuple and arguments[-1] is Ellipsis:
        yield f"Sequence[{next(_hints(arguments[0]))}]"
    elif origin is tuple:
        yield f"tuple[{', '.join(next(_hints(argument)) for argument in arguments)}]"
    else:
        yield "None" if annotation is type(None) else annotation.__name__


def _docstring(field: FieldInfo) -> str:
    """The help line under a key, with the names that settings have in Python."""
    text = field.description or ""
    for setting in describe():
        text = re.sub(rf"{re.escape(setting.flag)}(?![\w-])", setting.name, text)
    return textwrap.indent(textwrap.fill(f'"""{text}"""', WIDTH - 4), "    ")
