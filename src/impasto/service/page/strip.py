"""The samples on the page: rows of small pictures, and a line that says what one of them is."""

from __future__ import annotations

from html import escape

from impasto import samples
from impasto.samples.catalogue import DRAWINGS
from impasto.samples.paintings import PAINTINGS
from impasto.service.page.texts import ENGLISH
from impasto.service.page.thumbnails import SIDE, address_of

__all__ = ["strip"]

_GROUPS: dict[samples.Kind, str] = {"content": "sample_photographs", "style": "sample_styles"}


def strip() -> str:
    """The samples as buttons with their pictures; the page's script says which was picked, and
    puts the words of each into the person's language."""
    parts = [f'<span class="try" data-text="try">{escape(ENGLISH["try"])}</span>']
    for kind, key in _GROUPS.items():
        picks = "".join(_pick(kind, name) for name in samples.names(kind))
        label = escape(ENGLISH[key])
        parts.append(
            f'<div class="strip {kind}" role="group" aria-label="{label}" data-words="{key}">'
            f"{picks}</div>"
        )
    # For the eye: by ear each button has these words already.
    counts = f'data-works="{len(PAINTINGS)}" data-drawings="{len(DRAWINGS)}"'
    parts.append(f'<p class="caption" aria-hidden="true" {counts}></p>')
    return f'<div class="samples">{"".join(parts)}</div>'


def _pick(kind: samples.Kind, name: str) -> str:
    english, chinese = (escape(samples.caption(kind, name, one)) for one in ("en", "zh"))
    image = (
        f'<img src="{address_of(kind, name)}" alt="{english}" width="{SIDE}" height="{SIDE}" '
        'loading="lazy" decoding="async">'
    )
    return (
        f'<button type="button" class="pick" data-pick="{kind}:{escape(name)}" '
        f'data-en="{english}" data-zh="{chinese}">{image}</button>'
    )
