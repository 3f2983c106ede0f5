"""The way from a published name to a whole file in torch's hub cache."""

from __future__ import annotations

from pathlib import Path

from impasto.errors import FetchError
from impasto.files import file_lock
from impasto.networks.weights.published import Progress, Published, hub_path, is_there
from impasto.text import format_path

__all__ = ["fetch"]


def fetch(
    published: Published,
    *,
    on_progress: Progress | None = None,
    tries: int = 3,
    backoff_s: float = 1.0,
) -> Path:
    """Download a checkpoint, unless it is there already, and check its hash.

    The bytes go into NAME.part beside the final file, which is renamed when the hash in its
    name fits. What broke off stays for the next call to resume, also after Ctrl-C. A second
    process waits for the first behind NAME.lock and then finds the file: with one part file
    each, neither could resume what the other left behind.

    Args:
        published: which checkpoint.
        on_progress: called with the bytes that are there and the bytes there will be.
        tries: how often the download is started before it is given up.
        backoff_s: seconds before the second try, doubled before each one after that.

    Returns:
        The path of the file in torch's hub cache.

    Raises:
        FetchError: the download did not arrive whole, or could not be kept.
        SettingError: `IMPASTO_WEIGHTS_URL` is not an address.
    """
    path = hub_path(published)
    if is_there(path):
        return path
    from impasto.networks.weights.download import Download  # httpx, which is seldom needed

    download = Download(published, path, on_progress or (lambda _done, _total: None))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = path.with_name(f"{path.name}.lock")
        with file_lock(lock, poll_s=0.2, on_wait=download.report):
            if not is_there(path):
                download.run(tries, backoff_s)
    except OSError as error:
        raise FetchError(
            f"{format_path(path)} cannot be written ({error.strerror or error}): give that folder "
            "room and write permission, or name another in TORCH_HOME"
        ) from error
    return path
