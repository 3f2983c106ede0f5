"""Words that guide a painting by optimisation, and the model that reads them."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator

from impasto.settings.fields import Group, setting

__all__ = ["THEME", "GuidanceSettings"]

THEME = "Words"
LONGEST, MOST = 2000, 32  # letters and sentences of the templates


def _templates(value: str) -> str:
    sentences = [sentence.strip() for sentence in value.split(";")]
    if len(value) > LONGEST or len(sentences) > MOST:
        raise ValueError(f"give at most {MOST} sentences and {LONGEST} letters")
    if any(sentence.count("{}") != 1 for sentence in sentences):
        raise ValueError("give sentences with {} once in each, where the words go, and ; between")
    return "; ".join(sentences)


class GuidanceSettings(Group):
    """Words that guide a painting by optimisation, and the model that reads them."""

    clip: str | None = setting(
        None,
        "CLIP model that reads words and looks at pictures: a folder, or OWNER/MODEL of the "
        "Hugging Face hub.",
        THEME,
        scope="machine",
        metavar="FOLDER|MODEL",
        unset="none",
    )
    text_weight: float = setting(
        0.0,
        "Factor of the loss of --text itself, seen by --clip; 0: words only choose styles and "
        "settings.",
        THEME,
        ge=0,
    )
    text_crops: int = setting(
        8, "How many cut-outs of the picture CLIP looks at in a step.", THEME, ge=1, le=256
    )
    text_templates: Annotated[str, AfterValidator(_templates)] = setting(
        "{}; a picture of {}; a detail of {}; a close view of {}",
        "Sentences that the words stand in, averaged; ; between them.",
        THEME,
        metavar="SENTENCE;…",
    )
    text_source: str = setting(
        "a photo", "What the photograph is, in words: the way leads from there.", THEME
    )
