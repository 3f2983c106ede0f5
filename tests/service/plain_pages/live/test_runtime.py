from __future__ import annotations

import gzip
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from impasto.errors import FetchError, InputError, SettingError
from impasto.service.plain_pages.live import runtime
from impasto.service.plain_pages.live.packed import twin_of
from tests.service.plain_pages.live.conftest import BODIES, archive, pin

Publish = Callable[[bytes], Any]


def kept() -> dict[str, bytes]:
    """What lies in the runtime's folder, without the packed twins."""
    files = [path for path in runtime.folder().iterdir() if path.suffix != ".gz"]
    return {path.name: path.read_bytes() for path in files}


def test_the_wanted_files_alone_are_kept_each_with_its_twin(
    publish: Publish, package: bytes
) -> None:
    publish(package)
    seen: list[int] = []
    assert not runtime.is_there()
    folder = runtime.fetch(on_progress=lambda done, _total: seen.append(done))
    assert runtime.is_there()
    assert kept() == BODIES
    for name, body in BODIES.items():
        assert gzip.decompress(twin_of(folder / name).read_bytes()) == body
    assert (seen[0], seen[-1]) == (0, len(package))
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]


def test_what_is_there_is_not_fetched_again(publish: Publish, package: bytes) -> None:
    server = publish(package)
    runtime.fetch()
    runtime.fetch()
    assert len(server.ranges) == 1


def member(name: str, kind: bytes = tarfile.REGTYPE, link: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname, info.size = kind, link, 4 if kind == tarfile.REGTYPE else 0
    return info


def test_nothing_of_a_hostile_package_lands_anywhere(publish: Publish, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    hostile = (
        member("../../evil"),
        member(str(outside / "evil")),
        member("package/dist/../../evil"),
        member("package/dist/ort.mjs", tarfile.SYMTYPE, str(outside / "linked")),
        member("package/dist/ort.wasm", tarfile.LNKTYPE, "../../evil"),
        member("package/dist/ort.mjs", tarfile.FIFOTYPE),
        member("package/dist/ort.mjs"),  # of another size than the one that was published
    )
    publish(archive(BODIES, *hostile))
    runtime.fetch()
    assert kept() == BODIES
    assert list(outside.iterdir()) == []
    assert not list(tmp_path.rglob("evil"))


def test_a_package_of_another_hash_is_refused_and_nothing_of_it_kept(
    publish: Publish, package: bytes
) -> None:
    server = publish(package)
    server.files[runtime.ARCHIVE] = package[:-1] + b"x"
    with pytest.raises(FetchError, match=r"came as [\d,]+ bytes whose SHA-256 begins"):
        runtime.fetch()
    assert not runtime.is_there()
    assert list(runtime.folder().parent.iterdir()) == []


def test_a_package_without_a_wanted_file_is_refused(publish: Publish) -> None:
    publish(archive({"ort.mjs": BODIES["ort.mjs"]}))
    with pytest.raises(FetchError, match=r"has no ort\.wasm as it was published"):
        runtime.fetch()
    assert not runtime.is_there()


def test_what_goes_on_above_the_pinned_size_is_not_read_to_its_end(
    publish: Publish, package: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = publish(package)
    monkeypatch.setattr(runtime, "CHUNK", 64)
    server.files[runtime.ARCHIVE] = package * 3
    seen: list[int] = []
    with pytest.raises(FetchError, match="nothing of it was kept"):
        runtime.fetch(on_progress=lambda done, _total: seen.append(done))
    assert max(seen) <= len(package)


def test_a_registry_that_has_it_not_or_is_not_there_is_told_with_the_way_round(
    publish: Publish, package: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = publish(package)
    server.files.clear()
    with pytest.raises(FetchError, match=r"answered with 404 .*impasto live fetch --from DIR"):
        runtime.fetch()
    monkeypatch.setenv(runtime.REGISTRY_VARIABLE, "http://secret:word@127.0.0.1:9")
    with pytest.raises(FetchError, match=r"could not be fetched .*--from DIR") as caught:
        runtime.fetch()
    assert "word" not in str(caught.value)


@pytest.mark.parametrize("address", ["registry", "ftp://example.org", "http://"])
def test_a_registry_that_is_no_address_is_refused(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(runtime.REGISTRY_VARIABLE, address)
    with pytest.raises(SettingError, match="wanted an address"):
        runtime.fetch()


def test_a_folder_gives_the_package_or_its_files(
    publish: Publish, package: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = publish(package)
    packed, loose = tmp_path / "packed", tmp_path / "loose"
    for folder in (packed, loose):
        folder.mkdir()
    (packed / runtime.ARCHIVE).write_bytes(package)
    for name, body in BODIES.items():
        (loose / name).write_bytes(body)
    for folder in (packed, loose):
        monkeypatch.setenv("IMPASTO_CACHE", str(tmp_path / f"cache-{folder.name}"))
        runtime.fetch(folder)
        assert kept() == BODIES
    assert server.ranges == []


def test_a_folder_with_another_file_of_that_name_is_refused(
    publish: Publish, package: bytes, tmp_path: Path
) -> None:
    publish(package)
    (tmp_path / "ort.mjs").write_bytes(b"export const ort = 2;\n")
    with pytest.raises(InputError, match=r"has another ort\.mjs: put onnxruntime-web"):
        runtime.fetch(tmp_path)
    (tmp_path / "ort.mjs").unlink()
    with pytest.raises(InputError, match=r"has no ort\.mjs"):
        runtime.fetch(tmp_path)


def test_a_cache_that_cannot_be_written_is_told(
    publish: Publish, package: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(package)
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("IMPASTO_CACHE", str(tmp_path / "file"))
    with pytest.raises(FetchError, match=r"cannot be written .* IMPASTO_CACHE"):
        runtime.fetch()


def test_a_pin_fits_its_own_bytes_alone(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"abc")
    assert pin(b"abc").fits(path)
    assert not pin(b"abd").fits(path)
    assert not pin(b"ab").fits(path)
