"""ONNX Runtime for browsers: six files of one published package, fetched once and checked.

The package on the npm registry has 33 MB and is pinned by its SHA-256, and so is each of the files
that is taken from it. They come from the registry, or from a folder that somebody filled elsewhere.
"""

from __future__ import annotations

import shutil
import tarfile
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

import httpx

from impasto.errors import FetchError, InputError, reason_of
from impasto.files import cache_folder, file_lock, file_sha256
from impasto.mirrors import mirror
from impasto.service.plain_pages.live.folders import whole_folder
from impasto.service.plain_pages.live.packed import pack
from impasto.text import format_path

__all__ = ["FILES", "PACKAGE", "REGISTRY_VARIABLE", "VERSION", "Pin", "fetch", "folder", "is_there"]

VERSION = "1.30.0"
REGISTRY = "https://registry.npmjs.org"
REGISTRY_VARIABLE = "npm_config_registry"  # as npm itself has it
INSIDE = "package/dist/"
TIMEOUT = httpx.Timeout(30.0, connect=15.0)
CHUNK = 1 << 20

Progress: TypeAlias = Callable[[int, int | None], None]
"""Called with the bytes that are there, and all there will be."""


class Pin(NamedTuple):
    """What a file must be: its size in bytes, and its SHA-256."""

    bytes: int
    sha256: str

    def fits(self, path: Path) -> bool:
        """Whether a file is this very one; one that is not there, or cannot be read, is not.

        Example:
            >>> PACKAGE.fits(Path("nowhere"))
            False
        """
        try:
            return path.stat().st_size == self.bytes and file_sha256(path) == self.sha256
        except OSError:
            return False


ARCHIVE = f"onnxruntime-web-{VERSION}.tgz"
PACKAGE = Pin(33_106_585, "d2228df7e4616bc3348bf504ee888f3bec43789a273f0a63f3e68d203ce3bf71")
FILES: Mapping[str, Pin] = MappingProxyType(
    {
        # What runs on processors, and what runs on graphics cards too: program, loader, wasm.
        "ort.wasm.min.mjs": Pin(
            50_126, "219e6a1fc8a9938268d18efca3c91d310bd2f4a59bbd13744df5b2b7fc6cee3b"
        ),
        "ort-wasm-simd-threaded.mjs": Pin(
            24_381, "e13f7f94fc51b4ca72b12faeb1ee95f4ace6dfbc8939bc718aabdc0a27c4299b"
        ),
        "ort-wasm-simd-threaded.wasm": Pin(
            14_239_897, "3398c10d07d229bd91b364548e130e0e51a8e5704b88c7c083ebbeb78842dee2"
        ),
        "ort.webgpu.min.mjs": Pin(
            66_349, "3dffff71811bc13a3a3d9591c57ca5ee5735b8f5f3eaf789510b02bb040ae3a0"
        ),
        "ort-wasm-simd-threaded.asyncify.mjs": Pin(
            53_057, "3d1c85995364bb643302fc6fd877a0c3ba5ae72401815e0f24828a53d9191e28"
        ),
        "ort-wasm-simd-threaded.asyncify.wasm": Pin(
            26_781_914, "39f9f0894d478800487ed9f7dbe92618498db320cf55c8e3d89adff8dce658da"
        ),
    }
)


def folder() -> Path:
    """Where the files lie, whether or not they are there; the name says of which version."""
    return cache_folder() / "live" / f"onnxruntime-web-{VERSION}"


def is_there() -> bool:
    """Whether the runtime was fetched: it is put in its place whole or not at all."""
    return folder().is_dir()


def fetch(source: Path | None = None, *, on_progress: Progress | None = None) -> Path:
    """Put the runtime into the cache, unless it is there.

    Args:
        source: a folder that holds the package's archive, or its files; None: the npm registry, or
            the mirror of it that `npm_config_registry` names.
        on_progress: called with the bytes that came and all that will come.

    Returns:
        The folder that holds the files, each beside a twin that is packed for the way to browsers.

    Raises:
        FetchError: it did not arrive, or is not what was published.
        InputError: the folder does not have it.
        SettingError: `npm_config_registry` is no address.
    """
    place = folder()
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with file_lock(place.with_name(f"{place.name}.lock"), poll_s=0.2, on_wait=lambda: None):
            if not is_there():
                _put(place, source, on_progress or (lambda _done, _total: None))
    except OSError as error:
        raise FetchError(
            f"{format_path(place)} cannot be written ({reason_of(error)}): give that folder room "
            "and write permission, or name another in IMPASTO_CACHE"
        ) from error
    return place


def _put(place: Path, source: Path | None, on_progress: Progress) -> None:
    with whole_folder(place) as draft:
        if source is None:
            archive = draft / ARCHIVE
            _download(archive, on_progress)
            _unpack(archive, draft)
            archive.unlink()
        elif (source / ARCHIVE).is_file():
            _check(source / ARCHIVE)
            _unpack(source / ARCHIVE, draft)
        else:
            _copy(source, draft)
        for name in FILES:
            pack(draft / name)


def _download(archive: Path, on_progress: Progress) -> None:
    remedy = "name a mirror of the npm registry, or unset it"
    address = f"{mirror(REGISTRY_VARIABLE, REGISTRY, remedy)}/onnxruntime-web/-/{ARCHIVE}"
    shown = str(httpx.URL(address).copy_with(userinfo=b""))
    elsewhere = f"or download {shown} elsewhere, and pass its folder: impasto live fetch --from DIR"
    try:
        with (
            httpx.Client(follow_redirects=True, timeout=TIMEOUT) as client,
            client.stream("GET", address, headers={"Accept-Encoding": "identity"}) as response,
            archive.open("wb") as file,
        ):
            if response.status_code != 200:
                what = f"{response.status_code} {response.reason_phrase}"
                raise FetchError(f"{shown} was answered with {what}: try again later, {elsewhere}")
            done = 0
            on_progress(0, PACKAGE.bytes)
            for chunk in response.iter_raw(CHUNK):
                done += len(chunk)
                if done > PACKAGE.bytes:
                    break  # whatever it is, it is not the package
                file.write(chunk)
                on_progress(done, PACKAGE.bytes)
    except httpx.HTTPError as error:
        reason = str(error) or type(error).__name__
        raise FetchError(
            f"{shown} could not be fetched ({reason}): check the network, {elsewhere}"
        ) from error
    _check(archive)


def _check(archive: Path) -> None:
    if not PACKAGE.fits(archive):
        raise FetchError(
            f"{ARCHIVE} came as {archive.stat().st_size:,} bytes whose SHA-256 begins "
            f"{file_sha256(archive)[:8]}, and was published as {PACKAGE.bytes:,} bytes that begin "
            f"{PACKAGE.sha256[:8]}: nothing of it was kept; get it from another network or mirror"
        )


def _unpack(archive: Path, draft: Path) -> None:
    """Write the wanted files, and nothing else, whatever names the archive holds."""
    wanted = {f"{INSIDE}{name}": name for name in FILES}
    with tarfile.open(archive, "r:gz") as opened:
        for member in opened:
            name = wanted.get(member.name)
            if name is None or not member.isfile() or member.size != FILES[name].bytes:
                continue
            stream = opened.extractfile(member)
            assert stream is not None  # it is a regular file
            with stream, (draft / name).open("wb") as file:
                shutil.copyfileobj(stream, file, CHUNK)
    for name, pin in FILES.items():
        if not pin.fits(draft / name):
            raise FetchError(f"{ARCHIVE} has no {name} as it was published: get it again")


def _copy(source: Path, draft: Path) -> None:
    for name, pin in FILES.items():
        if not pin.fits(source / name):
            wrong = "another" if (source / name).is_file() else "no"
            raise InputError(
                f"{format_path(source)} has {wrong} {name}: put {ARCHIVE} of the npm registry "
                f"there, or all files of its folder dist, of version {VERSION}"
            )
        shutil.copyfile(source / name, draft / name)
