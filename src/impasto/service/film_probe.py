"""What a film's file says of itself, found by a process of its own that may break.

Reading a film runs FFmpeg over bytes that a stranger sent, and decodes the first frame. A server
does neither itself: this process has a limit of memory and of time, and says what it found as JSON.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from impasto.errors import FilmError, ImpastoError, MissingPackageError

__all__ = ["FilmFacts", "check_installed", "film_facts"]

TIMEOUT_S = 30.0
MOST_MEMORY = 3 * 2**30  # bytes of address space, most of it libraries
FAILED = 3  # exit code: a sentence of ours is on standard output
# Libraries that reserve memory for a thread of each core would meet that limit on a large machine.
_FEW_THREADS = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2"}
NEEDS = ("av", "cv2")  # what the extra `video` brings


@dataclass(frozen=True)
class FilmFacts:
    """What is known of a film before it is read.

    Attributes:
        height, width: of a frame, in px, upright.
        rate: frames a second, on average.
        seconds: how long; 0 where its file does not say.
        sounds: how many tracks of sound.
    """

    height: int
    width: int
    rate: float
    seconds: float
    sounds: int


def check_installed() -> None:
    """Refuse films where nothing reads them.

    Raises:
        MissingPackageError: the extra `video` is not installed on this machine.
    """
    for module, package in zip(NEEDS, ("av", "opencv-python-headless"), strict=True):
        if find_spec(module) is None:
            raise MissingPackageError("a film on this server", package, "video")


def film_facts(path: Path) -> FilmFacts:
    """What a film is; a few tenths of a second, in another process.

    Args:
        path: of the file.

    Raises:
        FilmError: it is none that can be read, in a sentence that calls it "the film".
        MissingPackageError: the extra `video` is not installed on this machine.
    """
    check_installed()
    command = [sys.executable, "-P", "-m", "impasto.service.film_probe", str(path)]
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=TIMEOUT_S,
            env=os.environ | _FEW_THREADS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise FilmError(
            f"the film took more than {TIMEOUT_S:g} s to be looked at: convert it to H.264 in an "
            ".mp4, or send a shorter one"
        ) from None
    if done.returncode == FAILED:
        raise FilmError(str(json.loads(done.stdout)["error"]))
    if done.returncode:
        raise FilmError(
            "the film cannot be read, and looking at it broke what reads films: convert it to "
            "H.264 in an .mp4"
        )
    return FilmFacts(**json.loads(done.stdout))


def _limit_memory() -> None:
    with suppress(ImportError, ValueError, OSError):  # other systems have no such limit
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_AS)
        limit = MOST_MEMORY if most == resource.RLIM_INFINITY else min(MOST_MEMORY, most)
        resource.setrlimit(resource.RLIMIT_AS, (limit, most))


def _look(path: Path) -> dict[str, float]:
    from impasto.media.film import open_source

    with open_source(path) as source:
        info = source.info
    return {
        "height": info.height,
        "width": info.width,
        "rate": float(info.rate),
        "seconds": float(info.seconds or (info.frames / info.rate if info.rate else 0)),
        "sounds": info.sounds,
    }


def _main(path: Path) -> int:
    from impasto.text import format_path

    _limit_memory()
    try:
        print(json.dumps(_look(path)))
    except ImpastoError as error:
        told = str(error).replace(format_path(path), "the film").replace(str(path), "the film")
        print(json.dumps({"error": told.replace(path.name, "the film")}))
        return FAILED
    return 0


if __name__ == "__main__":
    sys.exit(_main(Path(sys.argv[1])))
