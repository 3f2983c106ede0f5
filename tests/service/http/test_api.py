"""Every route, with answers known by thought."""

from __future__ import annotations

import io
import json
from typing import Any
from urllib.parse import quote

import pytest
from fastapi import FastAPI
from PIL import Image
from starlette.testclient import TestClient

from impasto.service.contract import State
from impasto.service.http.app import create_app
from impasto.service.http.state import Limits
from impasto.service.jobs.store import Store
from impasto.service.jobs.tables import Job
from impasto.settings import StyleSettings, from_stored
from tests.service.conftest import Post
from tests.studio import HERE, LOSSES, FakeWorker, png

NOBODY = "0" * 32


def problem(answer: Any, status: int, kind: str) -> str:
    """The sentence of a refusal, which has to be a whole problem."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert (body["status"], body["type"]) == (status, f"urn:impasto:problem:{kind}")
    assert body["title"]
    assert "\n" not in body["detail"]
    return str(body["detail"])


def test_a_posted_job_waits_and_is_in_the_store(post: Post, store: Store) -> None:
    answer = post()
    assert answer.status_code == 202
    body = answer.json()
    assert body["state"] == "queued"
    assert answer.headers["location"] == f"/api/jobs/{body['id']}"
    job = store.get(body["id"])
    assert from_stored(job.settings) == StyleSettings(size=64, steps=4)
    assert store.folder.upload(job.inputs["content"]).read_bytes() == png()
    assert store.folder.upload(job.inputs["style"]).read_bytes() == png(colour="red")


def test_what_is_kept_is_sent_as_a_picture_of_its_own(post: Post, store: Store) -> None:
    keep = png(7, 7)
    body = post(keep=[keep]).json()
    roles = store.get(body["id"]).inputs
    assert set(roles) == {"content", "style", "keep"}
    assert store.folder.upload(roles["keep"]).read_bytes() == keep


def test_several_styles_and_masks_keep_their_order(post: Post, store: Store) -> None:
    styles, masks = [png(colour="red"), png(colour="blue")], [png(5, 5), png(6, 6)]
    body = post(styles=styles, masks=masks, style_masks=masks[::-1]).json()
    roles = store.get(body["id"]).inputs
    assert list(roles) == [
        "content", "style", "style 2", "mask", "mask 2", "style mask", "style mask 2",
    ]  # fmt: skip
    assert store.folder.upload(roles["style 2"]).read_bytes() == styles[1]
    assert store.folder.upload(roles["style mask"]).read_bytes() == masks[1]


def test_settings_may_be_left_out(api: TestClient) -> None:
    files = [("content", ("a", png())), ("styles", ("b", png()))]
    body = api.post("/api/jobs", files=files).json()
    assert StyleSettings(**body["settings"]) == StyleSettings()
    assert (body["recipe"], body["strength"]) == ("default", 0.5)


def test_a_job_is_shown_without_what_is_nobody_s_business(api: TestClient, job: Job) -> None:
    body = api.get(f"/api/jobs/{job.id}").json()
    assert body["id"] == job.id
    assert (body["state"], body["step"], body["steps"], body["error"]) == ("queued", 0, None, None)
    assert body["created_at"].endswith("Z")
    assert not {"client", "threads"} & body.keys()


def test_a_running_job_shows_how_far_it_is(api: TestClient, worker: FakeWorker) -> None:
    worker.start()
    worker.step(3)
    body = api.get(f"/api/jobs/{worker.id}").json()
    assert (body["state"], body["step"], body["steps"]) == ("running", 3, 4)
    assert body["losses"] == LOSSES


def test_jobs_are_listed_newest_first_page_by_page(post: Post, api: TestClient) -> None:
    ids = [post().json()["id"] for _ in range(3)]
    first = api.get("/api/jobs", params={"limit": 2}).json()
    assert [job["id"] for job in first["jobs"]] == [ids[2], ids[1]]
    rest = api.get("/api/jobs", params={"limit": 2, "before": first["next"]}).json()
    assert [job["id"] for job in rest["jobs"]] == [ids[0]]
    assert rest["next"] is None
    assert api.get("/api/jobs", params={"state": "failed"}).json() == {"jobs": [], "next": None}


def test_a_waiting_job_is_cancelled_at_once_and_can_be_removed(
    api: TestClient, store: Store, job: Job
) -> None:
    address = f"/api/jobs/{job.id}"
    refused = api.delete(address, params={"purge": True})
    assert "cancel it first" in problem(refused, 409, "job-state")
    assert api.delete(address).json()["state"] == "cancelled"
    assert api.delete(address).json()["state"] == "cancelled"
    assert api.delete(address, params={"purge": True}).status_code == 204
    assert api.get(address).status_code == 404
    assert not store.folder.upload(job.inputs["content"]).exists()


def test_a_running_job_is_asked_to_end(api: TestClient, worker: FakeWorker) -> None:
    body = api.delete(f"/api/jobs/{worker.id}").json()
    assert (body["state"], body["cancel_asked"]) == ("running", True)
    assert worker.store.beat(worker.id, "fake") is True


@pytest.mark.parametrize("path", ["", "/events", "/image", "/preview", "/losses"])
@pytest.mark.parametrize("id", [NOBODY, "x", "..%2F..", "%00", "a" * 5000])
def test_a_job_that_is_not_there_is_told_so_everywhere(
    path: str, id: str, api: TestClient, store: Store
) -> None:
    answer = api.get(f"/api/jobs/{id}{path}")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert len(answer.text) < 1000
    assert not list((store.folder.path / "jobs").iterdir())


def test_the_picture_of_a_finished_job_comes_in_three_formats(
    api: TestClient, worker: FakeWorker
) -> None:
    worker.paint()
    address = f"/api/jobs/{worker.id}/image"
    for format, name in (("png", "PNG"), ("jpeg", "JPEG"), ("webp", "WEBP")):
        answer = api.get(address, params={"format": format})
        assert answer.headers["content-type"] == f"image/{format}"
        assert f"impasto-{worker.id[:8]}.{format}" in answer.headers["content-disposition"]
        picture = Image.open(io.BytesIO(answer.content))
        assert (picture.format, picture.size) == (name, (64, 43))
        red, green, blue = picture.convert("RGB").getpixel((30, 20))
        assert (abs(red - 255) < 4, abs(green - 165) < 4, blue < 4) == (True, True, True)
    assert api.get(address).content == (worker.folder / "result.png").read_bytes()


def test_a_picture_that_is_known_is_not_sent_again(api: TestClient, worker: FakeWorker) -> None:
    worker.start()
    worker.preview(1)
    response = api.get(f"/api/jobs/{worker.id}/preview")
    assert response.headers["content-type"] == "image/png"
    assert response.content == png(6, 4, "gold")
    condition = {"If-None-Match": response.headers["etag"]}
    again = api.get(f"/api/jobs/{worker.id}/preview", headers=condition)
    assert (again.status_code, again.content) == (304, b"")
    worker.finish()
    address = f"/api/jobs/{worker.id}/image"
    etag = api.get(address).headers["etag"]
    assert api.get(address, headers={"If-None-Match": etag}).status_code == 304
    assert api.get(address, headers={"If-None-Match": '"other"'}).status_code == 200


def test_before_there_is_a_picture_none_is_sent(api: TestClient, job: Job) -> None:
    assert api.get(f"/api/jobs/{job.id}/preview").status_code == 204
    sentence = problem(api.get(f"/api/jobs/{job.id}/image"), 409, "job-state")
    assert "is queued: there is a picture only of a finished job" in sentence
    drawn = api.get(f"/api/jobs/{job.id}/losses", params={"format": "png"})
    assert "format=json" in problem(drawn, 409, "job-state")


def test_a_failed_job_says_why_in_place_of_its_picture(api: TestClient, worker: FakeWorker) -> None:
    worker.fail("the style image is cut short")
    sentence = problem(api.get(f"/api/jobs/{worker.id}/image"), 409, "job-state")
    assert "is failed (the style image is cut short)" in sentence
    assert api.get(f"/api/jobs/{worker.id}").json()["error"] == "the style image is cut short"


def test_losses_are_columns_or_a_drawing(api: TestClient, worker: FakeWorker) -> None:
    address = f"/api/jobs/{worker.id}/losses"
    assert api.get(address).json() == {"step": [], "seconds": [], "losses": {}}
    worker.start()
    worker.step(1)
    worker.step(2)
    body = api.get(address).json()
    assert (body["step"], body["seconds"]) == ([1, 2], [0.5, 1.0])
    assert body["losses"] == {name: [value, value] for name, value in LOSSES.items()}
    worker.finish()
    drawn = api.get(address, params={"format": "png"})
    assert drawn.headers["content-type"] == "image/png"
    assert drawn.content == png(8, 4, "white")


def test_a_full_queue_is_told_before_the_pictures_are_read(store: Store, job: Job) -> None:
    app = create_app(store, limits=Limits(max_queued=1), page=False)
    answer = TestClient(app, base_url=HERE).post("/api/jobs", content=b"not even a form")
    assert "1 jobs are waiting" in problem(answer, 429, "queue-full")
    assert int(answer.headers["retry-after"]) > 0
    assert store.counts()[State.QUEUED] == 1
    assert job.state is State.QUEUED


def test_one_client_cannot_take_all_places(store: Store) -> None:
    app = create_app(store, limits=Limits(max_per_client=1), page=False)
    files = [("content", ("a", png())), ("styles", ("b", png()))]
    ada = TestClient(app, base_url=HERE, client=("10.0.0.1", 1))
    bob = TestClient(app, base_url=HERE, client=("10.0.0.2", 1))
    assert ada.post("/api/jobs", files=files).status_code == 202
    problem(ada.post("/api/jobs", files=files), 429, "queue-full")
    assert bob.post("/api/jobs", files=files).status_code == 202


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"limit": "0"}, "limit is '0': give a whole number of at least 1"),
        ({"limit": "x"}, "limit is 'x': give a whole number"),
        ({"state": "lost"}, "state is 'lost': it must be 'queued', 'running'"),
    ],
)
def test_a_parameter_that_cannot_be_is_one_sentence(
    query: dict[str, str], sentence: str, api: TestClient
) -> None:
    assert sentence in problem(api.get("/api/jobs", params=query), 422, "parameter")


def test_what_is_not_there_or_not_meant_is_a_problem_too(api: TestClient) -> None:
    assert "/openapi.json" in problem(api.get("/nowhere"), 404, "not-found")
    refused = api.put("/api/jobs")
    assert "PUT is not for" in problem(refused, 405, "method-not-allowed")
    assert "POST" in refused.headers["allow"]


def test_a_disk_that_is_full_is_no_fault_of_the_client(
    app: FastAPI, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> str:
        from impasto.errors import OutputError

        raise OutputError("the data folder /home/ada/secret cannot be written")

    monkeypatch.setattr(app.state.studio.store.folder, "keep_upload", full)
    sentence = problem(post(), 503, "storage")
    assert "secret" not in sentence


def test_a_fault_of_ours_shows_no_trace(
    app: FastAPI, api: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_id: str) -> Job:
        raise ZeroDivisionError("line 7 of a secret file")

    monkeypatch.setattr(app.state.studio.store, "get", broken)
    answer = api.get(f"/api/jobs/{NOBODY}")
    problem(answer, 500, "internal")
    assert "secret" not in answer.text
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")


def test_nothing_is_allowed_to_other_sites_unless_asked(api: TestClient, store: Store) -> None:
    site = {"Origin": "https://site.example"}
    assert "access-control-allow-origin" not in api.get("/api/recipes", headers=site).headers
    other_app = create_app(store, page=False, origins=["https://site.example"])
    answer = TestClient(other_app, base_url=HERE).get("/api/recipes", headers=site)
    assert answer.headers["access-control-allow-origin"] == "https://site.example"


def test_the_settings_shown_can_be_posted_again(post: Post) -> None:
    first = post(settings='{"recipe": "gatys", "steps": 9, "size": 64}').json()
    assert post(settings=json.dumps(first["settings"])).json()["settings"] == first["settings"]


def test_events_so_far_come_at_once_and_only_those_that_are_new(
    api: TestClient, worker: FakeWorker
) -> None:
    worker.start()
    worker.step(1)
    path = f"/api/jobs/{worker.id}/events"
    body = api.get(path, params={"follow": "false"}).text
    assert [line for line in body.splitlines() if line.startswith("event")] == [
        "event: started",
        "event: step",
    ]
    worker.step(2)
    body = api.get(path, params={"follow": "false"}, headers={"Last-Event-ID": "2"}).text
    assert [line for line in body.splitlines() if line.startswith("id")] == ["id: 3"]


def test_events_so_far_of_a_job_cancelled_while_it_waited_are_its_end(
    api: TestClient, job: Job
) -> None:
    api.delete(f"/api/jobs/{job.id}")
    path = f"/api/jobs/{job.id}/events"
    assert "event: cancelled" in api.get(path, params={"follow": "false"}).text
    condition = api.get(path, params={"follow": "false"}, headers={"Last-Event-ID": "1"})
    assert (condition.status_code, condition.text) == (204, "")


def test_what_was_posted_can_be_had_again_to_the_byte(post: Post, api: TestClient) -> None:
    job = post(styles=[png(colour="red"), png(colour="gold")]).json()
    path = f"/api/jobs/{job['id']}/inputs"
    assert api.get(f"{path}/content").content == png()
    answer = api.get(f"{path}/style 2")
    assert answer.content == png(colour="gold")
    condition = {"If-None-Match": answer.headers["etag"]}
    assert api.get(f"{path}/style 2", headers=condition).status_code == 304


@pytest.mark.parametrize("role", ["style 3", "../../x", "mask", "a" * 300])
def test_an_input_that_was_not_posted_is_told_so(api: TestClient, job: Job, role: str) -> None:
    answer = api.get(f"/api/jobs/{job.id}/inputs/{quote(role, safe='')}")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


def test_an_upload_that_was_swept_away_is_told_so(api: TestClient, job: Job, store: Store) -> None:
    store.folder.remove_upload(job.inputs["content"])
    answer = api.get(f"/api/jobs/{job.id}/inputs/content")
    assert "swept away" in problem(answer, 404, "unknown-input")
