"""Write what every bundled style is like, measured from its file: `library/bundled.json`.

    python -m tools.bundled_styles

Once for each picture that is added, and for all when what is measured changes: on another processor
a last digit may differ, so `tools.generate` does not write it.
"""

from __future__ import annotations

import json
from pathlib import Path

from impasto import imaging, samples
from impasto.library import measure
from impasto.library.bundled import FILE

__all__ = ["PLACE", "page"]

PLACE = Path(__file__).parents[1] / "src" / "impasto" / "library" / FILE


def page() -> str:
    """The file: by name the titles in both languages, and the attributes to four digits."""
    rows = {}
    for name in samples.names("style"):
        about = measure(imaging.read(samples.style(name))).as_json()
        numbers = {k: round(v, 4) if isinstance(v, float) else v for k, v in about.items()}
        title = " / ".join(samples.caption("style", name, language) for language in ("en", "zh"))
        rows[name] = {"title": title, "attributes": numbers}
    return json.dumps(rows, ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    PLACE.write_text(page(), encoding="utf-8")
    print(PLACE)
