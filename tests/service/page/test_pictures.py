"""Pictures that the page carries inside itself."""

from __future__ import annotations

import base64
import io
from pathlib import Path

import numpy as np
from PIL import Image

from impasto.errors import JobStateError
from impasto.service.contract import State
from impasto.service.page.pictures import JobPictures, data_url
from tests.service.page.conftest import remote_job
from tests.studio import png


def decode(address: str) -> Image.Image:
    head, data = address.split(",")
    assert head == "data:image/jpeg;base64"
    return Image.open(io.BytesIO(base64.b64decode(data)))


def test_a_large_picture_is_made_smaller(tmp_path: Path) -> None:
    Image.new("RGB", (400, 200), "teal").save(tmp_path / "a.png")
    assert decode(data_url(tmp_path / "a.png", 100)).size == (100, 50)


def test_what_is_transparent_lies_on_paper(tmp_path: Path) -> None:
    Image.new("RGBA", (8, 8), (255, 0, 0, 0)).save(tmp_path / "a.png")
    pixel = decode(data_url(tmp_path / "a.png")).getpixel((4, 4))
    assert np.abs(np.subtract(pixel, (250, 248, 243))).max() <= 2


class Api:
    """The routes of pictures, which count how often they are asked."""

    def __init__(self, image: bytes | None = None, preview: bytes | None = None) -> None:
        self.pictures, self.requests = (image, preview), 0

    def image(self, _id: str) -> bytes:
        self.requests += 1
        if self.pictures[0] is None:
            raise JobStateError("there is a picture only of a finished job")
        return self.pictures[0]

    def preview(self, _id: str) -> bytes | None:
        self.requests += 1
        return self.pictures[1]


def test_a_job_without_a_picture_has_none() -> None:
    for state in State:
        assert JobPictures().of(Api(), remote_job("a", state)) == ""


def test_the_picture_of_a_running_job_changes_with_its_preview() -> None:
    pictures, job = JobPictures(), remote_job("a", State.RUNNING)
    first = pictures.of(Api(preview=png(colour="black")), job)
    assert pictures.of(Api(preview=png(colour="white")), job) != first


def test_the_picture_of_a_job_that_has_ended_is_asked_for_once() -> None:
    for state, api in (
        (State.FINISHED, Api(image=png(colour="red"))),
        (State.CANCELLED, Api(preview=png(colour="red"))),
    ):
        pictures, job = JobPictures(), remote_job("a", state)
        first = pictures.of(api, job)
        assert np.abs(np.subtract(decode(first).getpixel((4, 4)), (255, 0, 0))).max() <= 2
        assert pictures.of(api, job) == first
        assert api.requests == 1


def test_a_painting_whose_file_is_gone_leaves_its_last_preview() -> None:
    address = JobPictures().of(Api(preview=png(colour="red")), remote_job("a", State.FINISHED))
    assert decode(address).size == (12, 8)
