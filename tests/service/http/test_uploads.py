"""Hostile uploads: each a clear refusal, or a job whose worker will say what is wrong."""

from __future__ import annotations

import struct
import sys
import zlib
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from starlette.testclient import TestClient

from impasto import samples
from impasto.service.http.app import create_app
from impasto.service.http.state import Limits
from impasto.service.jobs.store import Store
from tests.service.conftest import Post
from tests.service.http.test_api import problem
from tests.studio import HERE, png

SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><image href="file:///"/></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it is large, and would be if it were decoded."""

    def chunk(name: bytes, data: bytes) -> bytes:
        checksum = struct.pack(">I", zlib.crc32(name + data))
        return struct.pack(">I", len(data)) + name + data + checksum

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    data = zlib.compress(bytes(1_000_000), 9)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
    )


def uploads_in(store: Store) -> list[Path]:
    return [path for path in (store.folder.path / "uploads").rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("content", "status", "kind", "sentence"),
    [
        (b"", 422, "picture", "the content image is empty (0 bytes): export or download it again"),
        (SVG, 415, "picture", "the content image is not a picture impasto reads (JPEG, PNG"),
        (HTML, 415, "picture", "the content image is not a picture impasto reads"),
        (b"\0" * 4096, 415, "picture", "is not a picture impasto reads"),
        (b"P6 2 2 255 ", 415, "picture", "is not a picture impasto reads"),
        (b"%!PS-Adobe-3.0 EPSF-3.0", 415, "picture", "is not a picture impasto reads"),
        (bomb(60_000, 60_000), 413, "picture", "60,000 x 60,000 px (3,600.0 megapixels)"),
        (bomb(2**31 - 1, 1), 413, "picture", "above the limit of 100"),
        (bomb(0, 5), 422, "picture", "it holds no pixel"),
        (b"\x89PNG\r\n\x1a\n" + bytes(99), 422, "picture", "its PNG data is damaged"),
        (b"\xff\xd8\xff\xe0" + b"\x41" * 80, 422, "picture", None),
        (b"GIF89a" + bytes(40), 422, "picture", "it holds no pixel"),
        (b"II*\0\x08\0\0\0\xff\xff" + bytes(400), 422, "picture", None),
    ],
)
def test_what_is_no_picture_is_refused_by_its_head(
    content: bytes, status: int, kind: str, sentence: str | None, post: Post, store: Store
) -> None:
    answer = post(content=content)
    if sentence is None:  # cut or damaged: either is right
        assert answer.status_code in (202, 422)
        return
    assert sentence in problem(answer, status, kind)
    assert uploads_in(store) == []
    assert store.jobs() == []


@pytest.mark.parametrize("name", ["chelsea", "coffee"])
@pytest.mark.parametrize("end", [100, 700, 5000])
def test_a_cut_file_is_taken_and_left_to_the_worker(name: str, end: int, post: Post) -> None:
    assert post(content=samples.content(name).read_bytes()[:end]).status_code == 202


@pytest.mark.parametrize(
    "name",
    ["../../etc/passwd", "/etc/passwd", "a\0b.png", "%00.png", "..\\..\\x", "{0}%s.png", "a" * 999],
)
def test_a_file_s_name_is_nothing(name: str, post: Post, store: Store) -> None:
    answer = post(content=(name, png()), styles=(name, png(colour="red")))
    assert answer.status_code == 202
    names = {path.name for path in store.folder.path.rglob("*")}
    assert all(set(digits) <= set("0123456789abcdef") for digits in names - _OURS(store))
    refused = post(content=(name, SVG))
    assert "passwd" not in problem(refused, 415, "picture")


def _OURS(store: Store) -> set[str]:  # noqa: N802
    database = {path.name for path in store.folder.path.iterdir()}
    return database | {"uploads", "jobs"}


def test_the_declared_type_of_a_file_is_nothing_either(post: Post) -> None:
    assert post(content=("photo.png", HTML, "image/png")).status_code == 415
    assert post(content=("evil.html", png(), "text/html")).status_code == 202


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"content": []}, "0 content images are given: send exactly one"),
        ({"content": [png(), png()]}, "2 content images are given: send exactly one"),
        ({"styles": []}, "no style is given: send at least one picture to learn from"),
        ({"styles": [png()] * 9}, "9 styles are above the limit of 8"),
        ({"masks": [png(), png()]}, "2 masks for 1 style: give one mask for each style"),
        ({"style_masks": [png(), png()]}, "2 style masks for 1 style"),
        ({"stile": png()}, "'stile' is not a field of the form; did you mean 'styles'?"),
    ],
)
def test_pictures_that_do_not_fit_together_are_refused(
    fields: dict[str, Any], sentence: str, post: Post, store: Store
) -> None:
    answer = post(**fields)
    assert answer.status_code == 422
    assert sentence in answer.json()["detail"]
    assert uploads_in(store) == []


def test_the_second_style_is_told_by_its_number(post: Post) -> None:
    assert "style image 2 is empty" in post(styles=[png(), b""]).json()["detail"]


def test_shares_have_to_fit_the_styles(post: Post) -> None:
    sentence = problem(post(settings='{"style_blend": [0.5, 0.5]}'), 422, "setting")
    assert "style_blend has 2 shares for 1 style" in sentence


def test_a_picture_that_is_text_is_asked_for_as_a_file(api: TestClient) -> None:
    answer = api.post("/api/jobs", data={"content": "x"}, files={"styles": ("s", png())})
    assert "-F content=@FILE" in problem(answer, 422, "input")


def test_settings_that_are_a_file_or_twice_are_refused(api: TestClient) -> None:
    files = [("content", ("a", png())), ("styles", ("b", png())), ("settings", ("s", b"{}"))]
    assert "not as a file" in problem(api.post("/api/jobs", files=files), 422, "input")
    answer = api.post("/api/jobs", files=files[:2], data={"settings": ["{}", "{}"]})
    assert "send it once" in problem(answer, 422, "input")


def test_settings_that_are_too_long_are_refused(post: Post) -> None:
    long = '{"recipe": "' + "a" * 70_000 + '"}'
    assert "exceeded maximum size" in problem(post(settings=long), 413, "form")


FORM = "multipart/form-data; boundary=x"
HEAD = b'--x\r\nContent-Disposition: form-data; name="content"; filename="a"\r\n\r\n'


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        ("application/json", b"{}", 415),
        ("", b"", 415),
        ("application/x-www-form-urlencoded", b"content=a&styles=b", 415),
        ("multipart/form-data", b"--x--", 400),
        ("multipart/form-data; boundary=x; charset=utf-16", b"--x--\r\n", 415),
        (FORM, b"no boundary at all", 400),
        (FORM, b"--x\r\nContent-Type: text/plain\r\n\r\nnameless\r\n--x--\r\n", 400),
        (FORM, HEAD + png()[:40], 422),
        (FORM, b"", 422),
        (FORM, b"--x--\r\n", 422),
        (FORM, b"--x\r\n" + b"a" * 100_000 + b": b\r\n\r\n", 400),
        (FORM, b"".join(HEAD + b"\r\n" for _ in range(60)) + b"--x--\r\n", 413),
        (f"multipart/form-data; boundary={'b' * 5000}", b"--b--\r\n", 400),
        ("multipart/form-data; boundary=\xff", b"--x--\r\n", 400),
    ],
)
def test_a_form_that_is_none_is_a_clear_refusal(
    kind: str, body: bytes, status: int, api: TestClient, store: Store
) -> None:
    headers = {"Content-Type": kind.encode("latin-1")} if kind else {}
    answer = api.post("/api/jobs", content=body, headers=headers)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert uploads_in(store) == []


def test_pictures_that_are_too_large_together_are_refused(store: Store) -> None:
    app = create_app(store, limits=Limits(max_upload_mb=0.01), page=False)
    api = TestClient(app, base_url=HERE)
    files = [("content", ("a", png() + bytes(6000))), ("styles", ("b", png() + bytes(6000)))]
    sentence = problem(api.post("/api/jobs", files=files), 413, "too-large")
    assert "above the limit of 0.01 MB" in sentence
    declared = {"Content-Length": "2000000000", "Content-Type": FORM}
    problem(api.post("/api/jobs", content=b"", headers=declared), 413, "too-large")


def test_a_picture_above_the_limit_of_pixels_is_refused_and_the_worker_s_lowered(
    store: Store,
) -> None:
    app = create_app(store, limits=Limits(max_megapixels=0.0001), page=False)
    api = TestClient(app, base_url=HERE)
    files = [("content", ("a", png(12, 8))), ("styles", ("b", png(11, 10)))]
    sentence = problem(api.post("/api/jobs", files=files), 413, "picture")
    assert "the style image is 11 x 10 px" in sentence
    files[1] = ("styles", ("b", png(9, 9)))
    assert api.post("/api/jobs", files=files).json()["settings"]["max_megapixels"] == 0.0001


def test_no_picture_is_decoded(api: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def decoded(*_: object, **__: object) -> None:
        raise AssertionError("a picture was decoded in the web process")

    data = samples.style("swirls").read_bytes()
    files = [("content", ("a", data)), ("styles", ("b", png()))]
    monkeypatch.setattr(Image.Image, "load", decoded)
    monkeypatch.setattr(sys.modules["PIL.ImageFile"].ImageFile, "__init__", decoded)
    monkeypatch.setattr(sys.modules["impasto.imaging.read"], "decode", decoded)
    assert api.post("/api/jobs", files=files).status_code == 202
