"""What the cells of a grid differ in, read from the words of `impasto explore`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from impasto import samples
from impasto.cli.options import flag
from impasto.errors import SettingError, UnknownNameError
from impasto.settings import StyleSettings, load_settings
from impasto.settings.resolve import LISTED

__all__ = ["EVERY", "STYLE", "VARIED_START", "parse_vary", "vary_seeds", "vary_styles"]

HOLD_COMMAS = ("content_layers", "style_layers", "style_blend")
STYLE, EVERY = "style", "all"
VARIED_START = "noise"  # a start whose seed shows in the painting


def parse_vary(texts: Iterable[str], common: dict[str, Any]) -> dict[str, list[str]]:
    """Settings and their values, by field name, from "name=value,value".

    Args:
        texts: one for each setting; values that hold commas stand between semicolons. `style` has
            pictures and names of samples, `all` for all of these.
        common: what is set for all cells.

    Raises:
        UnknownNameError: no such setting.
        SettingError: no values, a setting twice, or one that is given as well.

    Example:
        >>> parse_vary(["strength=0.2,0.8", "style-layers=relu1_1,relu2_1;relu4_1"], {})
        {'strength': ['0.2', '0.8'], 'style_layers': ['relu1_1,relu2_1', 'relu4_1']}
    """
    fields = {_option(name): name for name in StyleSettings.model_fields} | {STYLE: STYLE}
    varied: dict[str, list[str]] = {}
    for text in texts:
        option, mark, values = text.partition("=")
        option = option.strip().removeprefix("--").replace("_", "-")
        name = fields.get(option, option.replace("-", "_"))
        if name not in fields.values():
            raise UnknownNameError("setting", option, fields, listed=LISTED)
        apart = ";" if ";" in values or name in HOLD_COMMAS else ","
        split = [value.strip() for value in values.split(apart)]
        if not mark or not all(split):
            raise SettingError(
                f"--vary {text!r} lacks a value: write it like --vary strength=0.2,0.5,0.8"
            )
        if name in varied:
            raise SettingError(f"{option} is varied twice: give all its values in one --vary")
        if name in common:
            raise SettingError(f"{option} is varied and given: leave one of them out")
        varied[name] = _with_samples(split) if name == STYLE else split
    return varied


def vary_styles(
    varied: dict[str, list[str]],
    given: Sequence[str],
    names: str | None,
    each: bool,
    taught: bool = False,
) -> tuple[list[str], dict[str, list[str]]]:
    """Which styles all cells have, and what varies, the style among it where it does.

    Args:
        varied: as `parse_vary` gives it.
        given: styles that stand beside the photograph.
        names: of styles with cells of their own, with commas between; `all` for all samples.
        each: whether those that are given have cells of their own.
        taught: whether a model may have been taught its styles, so that none is needed.

    Raises:
        SettingError: no style, or some in two places.

    Example:
        >>> vary_styles({"strength": ["0.2"]}, ["a.jpg", "b.jpg"], None, True)
        ([], {'style': ['a.jpg', 'b.jpg'], 'strength': ['0.2']})
    """
    listed = [] if names is None else _with_samples([name.strip() for name in names.split(",")])
    if STYLE in varied and (given or listed or each):
        raise SettingError(
            "--vary style=… names the styles already: leave out the others, --each and --styles, "
            "or name them all there"
        )
    if not (given or listed or STYLE in varied or taught):
        raise SettingError(
            "no style is given: name a picture or a sample after the photograph, or --styles "
            f"{EVERY} for all samples"
        )
    if not (listed or each):
        return list(given), varied
    return [], {STYLE: [*given, *listed], **varied}


def vary_seeds(
    varied: dict[str, list[str]], common: dict[str, Any], count: int | None
) -> tuple[dict[str, list[str]], dict[str, Any]]:
    """What varies with as many seeds as there shall be variants, and what all cells share.

    Where no start is chosen they begin from noise: from the photograph all would be one painting.

    Args:
        varied: as `parse_vary` gives it.
        common: what is set for all cells, as it was typed.
        count: of variants; None for none.

    Raises:
        SettingError: seeds are given as well.
    """
    if count is None:
        return varied, common
    if "seed" in varied or "seed" in common:
        raise SettingError("--variants chooses the seeds itself: leave seed out")
    from impasto.methods import choose, seedless

    settings = load_settings(common)
    reason = seedless(settings)
    if reason and "init" not in choose(settings).reads:
        raise SettingError(f"--variants would all be one painting: {reason}")
    if reason and "init" not in common and "init" not in varied:
        common = {**common, "init": VARIED_START}
    return {**varied, "seed": [str(seed) for seed in range(count)]}, common


def _with_samples(styles: Sequence[str]) -> list[str]:
    """Styles with the names of all samples in place of `all`."""
    return [
        name for style in styles for name in (samples.names("style") if style == EVERY else [style])
    ]


def _option(name: str) -> str:
    return flag(name).removeprefix("--")
