from __future__ import annotations

import dataclasses
import shutil
import time
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from impasto.errors import FetchError, SettingError
from impasto.networks.weights import Published, hub_path
from impasto.networks.weights.fetch import fetch
from impasto.text import format_bytes

at_once = partial(fetch, backoff_s=0)


def test_a_server_that_always_breaks_off_is_given_up_and_the_part_kept(
    good: Any, tiny: Published, part: Path, body: bytes
) -> None:
    good.cut_after = 1000
    with pytest.raises(FetchError) as error:
        at_once(tiny)
    message = str(error.value)
    assert "failed 3 times (peer closed" in message
    assert f"3,000 of about {len(body):,} bytes are there: run it again and it resumes" in message
    assert part.read_bytes() == body[:3000]
    assert good.ranges == [None, "bytes=1000-", "bytes=2000-"]


def test_the_pause_doubles_with_each_try(
    good: Any, tiny: Published, monkeypatch: pytest.MonkeyPatch
) -> None:
    good.cut_after = 0
    pauses: list[float] = []
    monkeypatch.setattr(time, "sleep", pauses.append)
    with pytest.raises(FetchError, match="failed 4 times"):
        fetch(tiny, tries=4, backoff_s=0.5)
    assert pauses == [0.5, 1.0, 2.0]


def test_a_wrong_hash_is_refused_and_nothing_kept(good: Any, tiny: Published, body: bytes) -> None:
    good.files[tiny.filename] = body[:-1] + b"!"
    with pytest.raises(FetchError, match=f"the name promises {tiny.sha256_prefix}: they were del"):
        at_once(tiny)
    assert list(hub_path(tiny).parent.iterdir()) == []
    assert len(good.ranges) == 1


def test_without_a_server_the_message_says_what_to_put_where(good: Any, tiny: Published) -> None:
    good.stop()
    with pytest.raises(FetchError) as error:
        at_once(tiny)
    message = str(error.value)
    named = f"{tiny.filename}, {format_bytes(tiny.bytes)}, cannot be fetched"
    assert message.startswith(f"{named}: no connection to 127.0.0.1 (")
    assert message.endswith(
        f"check the network, or download {good.url}/{tiny.filename} elsewhere and put it at "
        f"{hub_path(tiny)}, or choose the backbone slim, which needs no download"
    )
    other = dataclasses.replace(tiny, instead="small, the same by pip")
    with pytest.raises(FetchError, match=r"needs no download, or small, the same by pip$"):
        at_once(other)


def test_a_server_that_goes_while_sending_is_told(good: Any, tiny: Published) -> None:
    good.cut_after = 1000
    with pytest.raises(FetchError, match=r"failed 3 times .*; 1,000 of about .* resumes"):
        at_once(tiny, on_progress=lambda size, _total: good.stop() if size else None)


@pytest.mark.parametrize("status", [403, 404, 410])
def test_a_refusal_is_not_tried_again(good: Any, tiny: Published, status: int) -> None:
    good.status = status
    with pytest.raises(FetchError, match=rf"127\.0\.0\.1 answered {status} .* backbone slim"):
        at_once(tiny)
    assert len(good.ranges) == 1


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_server_in_trouble_is_tried_again(good: Any, tiny: Published, status: int) -> None:
    good.status = status
    with pytest.raises(FetchError, match=rf"failed 3 times .*answered {status} .* backbone slim"):
        at_once(tiny)
    assert len(good.ranges) == 3


def test_a_login_page_does_not_overwrite_what_has_come(
    good: Any, tiny: Published, part: Path, body: bytes
) -> None:
    part.write_bytes(body[:1000])
    good.knows_ranges, good.content_type = False, "text/html; charset=utf-8"
    with pytest.raises(FetchError, match="sent a web page"):
        at_once(tiny)
    assert part.read_bytes() == body[:1000]


def test_a_folder_without_room_is_told_before_the_download(
    good: Any, tiny: Published, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: SimpleNamespace(free=10))
    with pytest.raises(
        FetchError, match=r"has 10 bytes free; .* needs .*: make room, .* TORCH_HOME"
    ):
        at_once(tiny)
    assert good.ranges == []


@pytest.mark.usefixtures("good")
def test_a_folder_that_cannot_be_written_is_told(tiny: Published, tmp_path: Path) -> None:
    (tmp_path / "torch").touch()
    with pytest.raises(FetchError, match=r"cannot be written \(.*TORCH_HOME"):
        at_once(tiny)


@pytest.mark.usefixtures("good")
def test_a_disk_that_fills_up_is_told_and_the_part_kept(
    tiny: Published, part: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real_open = Path.open

    class Full:
        def __init__(self, file: Any) -> None:
            self.file = file

        def __enter__(self) -> Full:
            return self

        def __exit__(self, *_error: object) -> None:
            self.file.close()

        def write(self, chunk: bytes) -> None:
            self.file.write(chunk[:100])
            raise OSError(28, "No space left on device")

    def open_full(path: Path, *mode: Any) -> Any:
        file = real_open(path, *mode)
        return Full(file) if path.suffix == ".part" else file

    monkeypatch.setattr(Path, "open", open_full)
    with pytest.raises(FetchError, match=r"cannot be written \(No space left on device\)"):
        at_once(tiny)
    assert part.stat().st_size == 100


def test_a_mirror_that_is_no_address_is_a_setting(
    tiny: Published, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IMPASTO_WEIGHTS_URL", "somewhere")
    with pytest.raises(SettingError, match="IMPASTO_WEIGHTS_URL"):
        at_once(tiny)


@pytest.mark.usefixtures("good")
def test_a_proxy_that_httpx_cannot_use_is_told(
    tiny: Published, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALL_PROXY", "gopher://127.0.0.1:9")
    with pytest.raises(FetchError, match="proxy setting cannot be used"):
        at_once(tiny)


def test_a_password_in_the_mirrors_address_is_not_told(
    good: Any, tiny: Published, monkeypatch: pytest.MonkeyPatch
) -> None:
    good.status = 403
    monkeypatch.setenv("IMPASTO_WEIGHTS_URL", good.url.replace("//", "//me:hidden@"))
    with pytest.raises(FetchError) as error:
        at_once(tiny)
    assert "hidden" not in str(error.value)
    assert f"download {good.url}/{tiny.filename} elsewhere" in str(error.value)
