"""Films over HTTP: what is refused before it is decoded, and how the painted one is taken."""

from __future__ import annotations

import importlib.util
import json
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

pytest.importorskip("fastapi", reason="the extra web is not installed")
pytest.importorskip("av", reason="the extra video is not installed")

from starlette.testclient import TestClient

from impasto.service import film_probe
from impasto.service.contract import FilmOptions
from impasto.service.film_probe import FilmFacts
from impasto.service.http import films, state
from impasto.service.http.app import create_app
from impasto.service.http.films import check_film
from impasto.service.http.in_flight import InFlight
from impasto.service.http.problems import Problem
from impasto.service.http.state import Limits
from impasto.service.jobs.film_work import RESULT
from impasto.service.jobs.store import Store
from impasto.settings import StyleSettings
from tests.films import make_film
from tests.studio import HERE, png
from tests.tried import FakeTryOn

Send = Callable[..., Any]
BYTES = bytes(range(256)) * 4  # stands for a painted film
pytestmark = pytest.mark.usefixtures("looks_at_a_film_once")


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Nearly half a second: 12 frames of 64 x 48 px."""
    path = tmp_path_factory.mktemp("clip") / "clip.mp4"
    return make_film(path, count=12, sounds=("aac",)).read_bytes()


@pytest.fixture
def send(store: Store, clip: bytes) -> Send:
    """Posts a film to a server with the given limits."""

    def post(
        settings: Any = None,
        options: Any = None,
        *,
        film: bytes | None = None,
        limits: Limits | None = None,
        **fields: Any,
    ) -> Any:
        api = TestClient(create_app(store, page=False, limits=limits), base_url=HERE)
        files = [("film", ("C:\\holiday.mp4", clip if film is None else film))]
        files.append(("styles", ("style.png", png(colour="red"))))
        data = {"settings": json.dumps(settings or {}), "options": json.dumps(options or {})}
        return api.post("/api/films", files=files, data=data | fields)

    return post


def refusal(answer: Any, status: int) -> str:
    """The sentence of a refusal."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    return str(answer.json()["detail"])


def uploads(store: Store) -> list[Path]:
    return [path for path in (store.folder.path / "uploads").rglob("*") if path.is_file()]


def test_a_film_is_queued_as_a_job_of_kind_video(send: Send, store: Store) -> None:
    answer = send({"strength": 0.7, "size": 32}, {"end": 0.25, "sound": False})
    assert answer.status_code == 202, answer.text
    job = answer.json()
    assert (job["kind"], job["state"], list(job["inputs"])) == (
        "video",
        "queued",
        ["film", "style"],
    )
    assert job["film"] == {"start": 0.0, "end": 0.25, "fps": None, "sound": False}
    assert (job["settings"]["method"], job["settings"]["strength"]) == ("one-pass", 0.7)
    assert answer.headers["location"] == f"/api/jobs/{job['id']}"
    assert store.get(job["id"]).film_work == {
        "options": job["film"],
        "most_frames": Limits().max_film_frames,
        "most_seconds": Limits().max_film_seconds,
        "most_bytes": Limits().max_film_disk_mb * 1e6,
        "most_megapixels": Limits().max_film_megapixels,
        "sized": ["size"],
    }


@pytest.mark.parametrize(
    ("limits", "options", "sentence"),
    [
        (Limits(max_film_megapixels=0.003), {}, "frames of 64 x 48 px, above the limit of 0.003"),
        (Limits(max_film_seconds=0.4), {}, "0.48 s to paint, above the limit of 0.4 s"),
        (Limits(max_film_frames=5), {}, "about 12 frames to paint, above the limit of 5"),
        (
            Limits(max_film_frames=12),
            {"fps": 50},
            "about 24 frames to paint, above the limit of 12",
        ),
        (Limits(max_film_disk_mb=0.001), {}, "of the disk, above the limit of 0.001 MB"),
    ],
    ids=["pixels", "seconds", "frames", "frames by fps", "disk"],
)
def test_a_film_beyond_a_limit_is_refused_and_not_kept(
    send: Send, store: Store, limits: Limits, options: Any, sentence: str
) -> None:
    assert sentence in refusal(send(options=options, limits=limits), 413)
    assert uploads(store) == []
    assert store.jobs() == []


def test_a_part_of_a_long_film_is_within_the_limits(send: Send) -> None:
    limits = Limits(max_film_seconds=0.3, max_film_frames=12)
    assert send(options={"start": 0.24}, limits=limits).status_code == 202


def test_a_part_far_into_a_film_counts_by_all_that_is_read_for_it() -> None:
    facts, options = FilmFacts(360, 640, 1.0, 0.0, 0), FilmOptions(start=900_000, end=900_001)
    assert check_film(facts, StyleSettings(), options, Limits(max_film_frames=900_001)) == 1
    for fps in (None, 240.0):
        dense = options.model_copy(update={"fps": fps})
        with pytest.raises(Problem, match="frames up to the end of what is painted"):
            check_film(facts, StyleSettings(), dense, Limits(max_film_frames=900_000))


def test_the_bytes_of_a_film_have_a_limit_of_their_own(send: Send, clip: bytes) -> None:
    small = len(clip) / 1e6 - 0.0001
    told = refusal(send(limits=Limits(max_film_mb=small)), 413)
    assert "above the limit of" in told
    assert "send a shorter or smaller one" in told
    # Pictures keep theirs, whatever films may have.
    assert send(limits=Limits(max_upload_mb=0.0005)).status_code == 202


def test_styles_do_not_use_up_what_is_left_for_the_film(send: Send) -> None:
    told = refusal(send(limits=Limits(max_upload_mb=0.00005)), 413)
    assert "for all of them together" in told


def post_masks(store: Store, clip: bytes, *masks: tuple[str, bytes]) -> Any:
    api = TestClient(create_app(store, page=False), base_url=HERE)
    files = [("film", ("clip.mp4", clip)), ("styles", ("style.png", png(colour="red")))]
    files += [(field, (f"{field}.png", data)) for field, data in masks]
    return api.post("/api/films", files=files)


def test_masks_are_pictures_one_for_each_style(store: Store, clip: bytes) -> None:
    mask = png()
    answer = post_masks(store, clip, ("masks", mask), ("style_masks", png()), ("keep", mask))
    assert answer.status_code == 202, answer.text
    assert list(answer.json()["inputs"]) == ["film", "style", "mask", "style mask", "keep"]
    two = post_masks(store, clip, ("masks", mask), ("masks", mask))
    assert refusal(two, 422).startswith("2 masks for 1 style")
    film = post_masks(store, clip, ("keep", clip))
    assert refusal(film, 415).startswith("the mask of what is kept is not a picture")


def test_too_many_films_at_once_are_refused_for_now(send: Send) -> None:
    answer = send(limits=Limits(film_uploads=0))
    assert "too many films are being sent" in refusal(answer, 429)
    assert answer.headers["retry-after"] == "30"


def test_a_client_sends_no_more_than_so_many_films_at_once(store: Store, clip: bytes) -> None:
    app = create_app(store, page=False)
    films_sent = app.state.studio.films
    films_sent.update({"testclient": 2, "another": 3})
    files = [("film", ("clip.mp4", clip)), ("styles", ("style.png", png()))]
    post = partial(TestClient(app, base_url=HERE).post, "/api/films", files=files)
    told = refusal(post(), 429)
    assert told == "2 films of yours are being sent, and no more may: wait for one of them"
    films_sent["testclient"] = 1
    assert post().status_code == 202
    assert films_sent == {"testclient": 1, "another": 3}


def test_a_request_that_does_not_say_its_size_needs_room_for_the_largest(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = films.RESERVE + 2 * Limits().max_film_bytes - 1
    monkeypatch.setattr(films.shutil, "disk_usage", lambda _: SimpleNamespace(free=free))
    api = TestClient(create_app(store, page=False), base_url=HERE)
    kind = {"Content-Type": "multipart/form-data; boundary=x"}
    answer = api.post("/api/films", content=iter([b"--x--"]), headers=kind)
    assert "the studio's disk has less free" in refusal(answer, 503)


def test_a_client_at_its_limit_is_refused_before_its_film_is_read(
    send: Send, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(films, "check_installed", lambda: pytest.fail("the form is read"))
    told = refusal(send(limits=Limits(max_per_client=0)), 429)
    assert "of your jobs are waiting or running" in told
    assert uploads(store) == []


def test_a_film_that_the_queue_refuses_is_not_kept(
    send: Send, store: Store, clip: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Store, "check_room", lambda *_, **__: None)  # full only just now
    refusal(send(limits=Limits(max_per_client=0)), 429)
    assert clip not in [path.read_bytes() for path in uploads(store)]


def test_a_refused_film_takes_nothing_of_another_request_away(
    send: Send, store: Store, clip: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    facts, answers = films.film_facts, []

    def while_another_is_refused(path: Path) -> FilmFacts:
        monkeypatch.setattr(films, "film_facts", facts)
        answers.append(send(limits=Limits(max_film_seconds=0.1)))
        assert path.is_file()
        return facts(path)

    monkeypatch.setattr(films, "film_facts", while_another_is_refused)
    # Two servers would not know of each other.
    shared = InFlight(store)
    monkeypatch.setattr(state, "InFlight", lambda _: shared)
    answers.append(send())
    assert [answer.status_code for answer in answers] == [413, 202]
    assert store.folder.upload(answers[1].json()["inputs"]["film"]).read_bytes() == clip


def test_a_request_that_is_larger_than_any_film_is_refused_by_its_head(send: Send) -> None:
    told = refusal(send(limits=Limits(max_film_mb=0.0001, max_upload_mb=0.0001)), 413)
    assert "raise --max-film-mb of the server" in told


def test_a_full_disk_refuses_a_film_for_now(
    send: Send, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(store.folder.path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=1000))
    answer = send()
    assert "the studio's disk has less free" in refusal(answer, 503)
    assert answer.headers["retry-after"] == "60"


def test_a_frame_that_is_painted_larger_than_it_comes_counts_as_painted() -> None:
    facts = FilmFacts(360, 640, 25.0, 1.0, 0)
    settings = StyleSettings(size=1920, upscale=True)
    with pytest.raises(Problem, match="painted with frames of 1920 x 1080 px"):
        check_film(facts, settings, FilmOptions(), Limits(max_film_megapixels=2.0))


def test_a_film_that_does_not_say_its_length_wants_an_end() -> None:
    facts = FilmFacts(360, 640, 25.0, 0.0, 0)
    with pytest.raises(Exception, match="does not say how long it is"):
        check_film(facts, StyleSettings(), FilmOptions(), Limits())
    assert check_film(facts, StyleSettings(), FilmOptions(end=2), Limits()) == 50


@pytest.mark.parametrize(
    ("settings", "options", "sentence"),
    [
        ({"method": "optimization"}, {}, "a server paints films by one-pass"),
        ({"weights_file": "/etc/passwd"}, {}, "for who runs the server to choose"),
        ({"model": "there.safetensors"}, {}, "for who runs the server to choose"),
        ({"device": "cuda"}, {}, "for who runs the server to choose"),
        ({"init": "image:/etc/passwd"}, {}, "a server opens no file by its name"),
        ({"bits": "16"}, {}, "bits means nothing to a film"),
        ({"style_blend": [1, 2]}, {}, "style_blend has 2 shares for 1 style"),
        ({}, {"codec": "ffv1"}, "codec"),
        ({}, {"start": -1}, "start is -1"),
        ({}, {"start": 2, "end": 1}, "give an end after the start"),
        ({}, {"start": 7}, "the film lasts 0.48 s, and start is 7"),
        ({}, [1], "options has to be a JSON object"),
    ],
    ids=str,
)
def test_settings_and_options_that_do_not_fit_are_refused(
    send: Send, store: Store, settings: Any, options: Any, sentence: str
) -> None:
    assert sentence in refusal(send(settings, options), 422)
    assert uploads(store) == []


def test_what_is_no_film_is_refused_in_one_sentence(send: Send, store: Store) -> None:
    assert refusal(send(film=b"no film"), 422).startswith("the film is no film")
    assert refusal(send(film=b""), 422) == "the film is empty: send a film"
    assert "the film" in refusal(send(film=png()), 422)
    assert uploads(store) == []


@pytest.mark.parametrize(
    "text",
    [
        b"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nhttp://127.0.0.1:9/a.ts\n#EXT-X-ENDLIST\n",
        b"ffconcat version 1.0\nfile 'clip.mp4'\n",
    ],
    ids=["hls", "concat"],
)
def test_a_list_of_other_files_is_no_film(send: Send, text: bytes) -> None:
    assert "the film is no film" in refusal(send(film=text), 422)


def test_what_breaks_the_reader_breaks_no_server(
    send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(films, "film_facts", film_probe.film_facts)
    monkeypatch.setattr(film_probe.sys, "executable", shutil.which("false"))
    assert "looking at it broke what reads films" in refusal(send(), 422)


def test_a_server_without_the_extra_says_so(send: Send, monkeypatch: pytest.MonkeyPatch) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr(film_probe, "find_spec", lambda n: None if n == "av" else find(n))
    told = refusal(send(), 415)
    assert told == "a film on this server needs the package av: pip install 'impasto[video]'"


@pytest.mark.parametrize("missing", ["film", "styles"])
def test_a_form_without_a_film_or_a_style_is_refused(api: TestClient, missing: str) -> None:
    files = {"film": ("film", b"film"), "styles": ("style", png())}
    del files[missing]
    answer = api.post("/api/films", files=files)
    told = {
        "film": "0 films are given: send exactly one",
        "styles": "no style is given: send at least one picture to learn from",
    }
    assert refusal(answer, 422) == told[missing]
    assert answer.json()["type"] == "urn:impasto:problem:input"


def test_an_unknown_field_is_refused(send: Send) -> None:
    assert "field of the form" in refusal(send(path="/etc/passwd"), 422)


# The painted film


@pytest.fixture
def painted(send: Send, store: Store) -> str:
    """The id of a job whose film is painted."""
    id = str(send().json()["id"])
    assert store.claim("fake") is not None
    (store.folder.job(id) / RESULT).write_bytes(BYTES)
    store.finish(id, "fake", seconds=1.0)
    return id


def test_a_painted_film_is_taken_whole(api: TestClient, painted: str) -> None:
    answer = api.get(f"/api/jobs/{painted}/film")
    assert (answer.status_code, answer.content) == (200, BYTES)
    assert answer.headers["content-type"] == "video/mp4"
    assert answer.headers["accept-ranges"] == "bytes"
    name = f'filename="impasto-{painted[:8]}.mp4"'
    assert answer.headers["content-disposition"] == f"inline; {name}"
    kept = api.get(f"/api/jobs/{painted}/film", params={"download": "true"})
    assert kept.headers["content-disposition"] == f"attachment; {name}"
    again = {"If-None-Match": answer.headers["etag"]}
    assert api.get(f"/api/jobs/{painted}/film", headers=again).status_code == 304


@pytest.mark.parametrize(
    ("range", "begins", "ends"),
    [("bytes=0-1", 0, 1), ("bytes=1000-", 1000, 1023), ("bytes=-4", 1020, 1023)],
)
def test_a_part_of_a_painted_film_comes_alone(
    api: TestClient, painted: str, range: str, begins: int, ends: int
) -> None:
    answer = api.get(f"/api/jobs/{painted}/film", headers={"Range": range})
    assert (answer.status_code, answer.content) == (206, BYTES[begins : ends + 1])
    assert answer.headers["content-range"] == f"bytes {begins}-{ends}/{len(BYTES)}"
    assert answer.headers["content-type"] == "video/mp4"


def test_a_part_that_is_not_there_is_refused(api: TestClient, painted: str) -> None:
    answer = api.get(f"/api/jobs/{painted}/film", headers={"Range": "bytes=5000-"})
    assert refusal(answer, 416).startswith("the film has 1024 bytes, and Range is 'bytes=5000-'")
    assert answer.headers["content-range"] == "bytes */1024"


@pytest.mark.parametrize("range", ["bytes=9-0", "pages=1-2", "bytes=-", "bytes=0-1,4-5", "0-9"])
def test_a_range_that_need_not_be_heeded_gives_the_whole_film(
    api: TestClient, painted: str, range: str
) -> None:
    answer = api.get(f"/api/jobs/{painted}/film", headers={"Range": range})
    assert (answer.status_code, answer.content) == (200, BYTES)


@pytest.mark.parametrize(
    ("range", "same", "status"),
    [("bytes=0-1", True, 206), ("bytes=0-1", False, 200), ("bytes=0-1,4-5", True, 200)],
)
def test_a_part_comes_only_of_the_film_that_if_range_names(
    api: TestClient, painted: str, range: str, same: bool, status: int
) -> None:
    path = f"/api/jobs/{painted}/film"
    etag = api.get(path).headers["etag"] if same else '"another"'
    answer = api.get(path, headers={"Range": range, "If-Range": etag})
    assert (answer.status_code, answer.content) == (status, BYTES[:2] if status == 206 else BYTES)


def test_a_film_is_no_picture_and_a_picture_no_film(
    api: TestClient, painted: str, post: Any
) -> None:
    told = refusal(api.get(f"/api/jobs/{painted}/image"), 409)
    assert told == f"job {painted} is a film: take it at /api/jobs/{painted}/film"
    picture = post().json()["id"]
    assert "is a picture: take it at" in refusal(api.get(f"/api/jobs/{picture}/film"), 409)


def test_a_film_has_no_draft(store: Store, painted: str) -> None:
    app = create_app(store, page=False, try_on=FakeTryOn())
    answer = TestClient(app, base_url=HERE).get(f"/api/jobs/{painted}/draft")
    assert "is a film, which has no draft" in refusal(answer, 422)


def test_a_film_that_is_not_painted_yet_cannot_be_taken(api: TestClient, send: Send) -> None:
    id = send().json()["id"]
    assert "there is a film only of a finished job" in refusal(api.get(f"/api/jobs/{id}/film"), 409)


def test_removing_a_film_removes_its_files(api: TestClient, store: Store, painted: str) -> None:
    answer = api.delete(f"/api/jobs/{painted}", params={"purge": "true"})
    assert answer.status_code == 204
    assert uploads(store) == []
    assert not (store.folder.path / "jobs" / painted).exists()


def test_the_description_of_the_api_has_the_form_of_a_film(api: TestClient) -> None:
    paths = api.get("/openapi.json").json()["paths"]
    content = paths["/api/films"]["post"]["requestBody"]["content"]
    schema = content["multipart/form-data"]["schema"]
    pictures = {"styles", "masks", "style_masks", "keep"}
    assert set(schema["properties"]) == {"film", *pictures, "settings", "options"}
    assert set(paths["/api/jobs/{id}/film"]["get"]["responses"]) >= {"200", "206", "304", "404"}
