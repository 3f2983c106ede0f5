"""How a studio is run: what `impasto serve` may be told, beside what its environment says."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from re import fullmatch

from pydantic import field_validator

from impasto.settings.fields import Group, setting

__all__ = ["ServerOptions"]

ACCESS, JOBS, FILMS, WORDS = "Access", "Jobs", "Films", "Words"
_option = partial(setting, scope="server", shapes_picture=False)


class ServerOptions(Group):
    """The options of `impasto serve`.

    Example:
        >>> ServerOptions(port=0).host
        '127.0.0.1'
    """

    no_page: bool = _option(False, "Serve the API without the page.", "")
    host: str = _option(
        "127.0.0.1",
        "Address to listen on; any but this machine's own needs IMPASTO_TOKEN.",
        ACCESS,
        metavar="HOST",
    )
    port: int = _option(8000, "Port to listen on; 0 for a free one.", ACCESS, ge=0, le=65_535)
    allow_origin: tuple[str, ...] = _option(
        (),
        "Let pages of this site use the API, like https://example.org.",
        ACCESS,
        metavar="ORIGIN",
    )
    no_try_on: bool = _option(
        False, "Paint no thumbnails and no drafts of what somebody chooses.", JOBS
    )
    workers: int = _option(1, "How many jobs are painted at once.", JOBS, ge=0, le=64)
    data: Path | None = _option(
        None,
        "Where jobs and pictures are kept.",
        JOBS,
        metavar="DIR",
        file=True,
        unset="IMPASTO_DATA, else the user's data folder",
    )
    max_upload_mb: float = _option(
        32.0,
        "Refuse jobs whose pictures are larger than this in all.",
        JOBS,
        metavar="MB",
        ge=0.001,
        le=100_000,
    )
    max_queue: int = _option(100, "How many jobs may wait at once.", JOBS, ge=1)
    keep_days: float = _option(
        30.0,
        "Days after its end at which a job and its pictures are removed.",
        JOBS,
        metavar="N",
        ge=0,
        le=36_500,
    )
    max_film_mb: float = _option(
        256.0,
        "Refuse films whose file is larger than this.",
        FILMS,
        metavar="MB",
        ge=0.001,
        le=100_000,
    )
    max_film_megapixels: float = _option(
        8.9,
        "Refuse films whose frames have more pixels than this.",
        FILMS,
        metavar="N",
        ge=0.001,
        le=1000,
    )
    max_film_seconds: float = _option(
        300.0,
        "Refuse films of which more than this is to be painted.",
        FILMS,
        metavar="S",
        ge=0.001,
        le=1_000_000,
    )
    max_film_frames: int = _option(
        18_000, "Refuse films of which more frames are to be painted.", FILMS, ge=1
    )
    max_film_disk_mb: float = _option(
        4000.0,
        "Refuse films that would take more of the disk than this.",
        FILMS,
        metavar="MB",
        ge=0.001,
        le=100_000_000,
    )

    endpoint: str | None = _option(
        None,
        "Where a language model is asked to read descriptions into plans, like "
        "http://127.0.0.1:11434/v1; whoever asks for that sends words there.",
        WORDS,
        metavar="URL",
        unset="IMPASTO_ENDPOINT, else none is asked",
    )
    language_model: str | None = _option(
        None,
        "Name of that model; its key is in IMPASTO_LLM_KEY.",
        WORDS,
        metavar="NAME",
        unset="IMPASTO_LANGUAGE_MODEL",
    )

    clip: str | None = _option(
        None,
        "CLIP model by which words choose samples and guide paintings: a folder, or OWNER/MODEL of "
        "the Hugging Face hub.",
        WORDS,
        metavar="FOLDER|MODEL",
        unset="IMPASTO_CLIP, else none",
    )

    @field_validator("allow_origin")
    @classmethod
    def _check_origins(cls, origins: tuple[str, ...]) -> tuple[str, ...]:
        """A star would let every page of the web read what the studio holds."""
        for origin in origins:
            if not fullmatch(r"https?://[^/\s*@?#]+", origin):
                raise ValueError(
                    f"{origin} is no site: write its scheme and host, and its port if it has one, "
                    "like https://example.org"
                )
        return origins
