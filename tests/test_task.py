from __future__ import annotations

import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from impasto.errors import InputError, SettingError
from impasto.task import RegionOptions, Role, StyleTask, start_file

TEXTS = ["content", "style", "style 2", "mask", "mask 10", "style mask", "style mask 3", "init"]


@pytest.mark.parametrize("text", TEXTS)
def test_a_role_is_read_as_it_is_written(text: str) -> None:
    assert str(Role.parse(text)) == text


@pytest.mark.parametrize("text", ["", "styles", "style 0", "style 02", "content 2", "init 2", "2"])
def test_what_is_no_role_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="is no role of a picture: take one of content, style"):
        Role.parse(text)


@pytest.mark.parametrize("kind", Role.KINDS)
def test_each_role_has_a_field_of_the_form_and_is_found_by_it(kind: str) -> None:
    assert Role.of_field(Role(kind).field) == Role(kind)


def test_a_field_that_is_none_is_refused() -> None:
    with pytest.raises(InputError, match="no role"):
        Role.of_field("weights")


@pytest.mark.parametrize(
    ("role", "phrase"),
    [
        ("content", "the content image"),
        ("style 2", "style image 2"),
        ("mask", "the mask"),
        ("style mask 3", "style mask 3"),
        ("init", "the start image"),
    ],
)
def test_messages_name_a_role_in_words(role: str, phrase: str) -> None:
    assert Role.parse(role).phrase == phrase


def test_a_task_comes_back_from_its_roles() -> None:
    task = StyleTask.of(1, [2, 3], masks=[4, 5], style_masks=(6, 7), start=8)
    roles = {str(role): picture for role, picture in task.by_role().items()}
    assert list(roles) == [
        *("content", "style", "style 2", "mask", "mask 2", "style mask", "style mask 2", "init"),
    ]
    assert StyleTask.from_roles(roles) == task
    assert StyleTask.from_roles(dict(reversed(roles.items()))) == task


def test_more_than_nine_styles_keep_their_order() -> None:
    task = StyleTask.of(0, list(range(1, 13)))
    roles = {str(role): picture for role, picture in task.by_role().items()}
    assert StyleTask.from_roles(dict(sorted(roles.items()))) == task


@pytest.mark.parametrize(
    ("roles", "words"),
    [
        ({"style": 1}, "without a content image"),
        ({"content": 1}, "no style is given"),
        ({"content": 1, "style": 2, "style 3": 3}, "a style 3 and no style 2"),
        ({"content": 1, "style 2": 2}, "a style 2 and no style:"),
        ({"content": 1, "style": 2, "weights": 3}, "weights is no role"),
    ],
)
def test_roles_that_make_no_task_are_refused(roles: dict[str, int], words: str) -> None:
    with pytest.raises(InputError, match=words):
        StyleTask.from_roles(roles)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"masks": [1]}, "1 mask for 2 styles: give one mask for each style"),
        ({"style_masks": [1, 2, 3]}, "3 style masks for 2 styles"),
        ({"regions": [RegionOptions()]}, "1 region for 0 masks"),
        ({"masks": [1, 2], "regions": [RegionOptions()]}, "1 region for 2 masks"),
    ],
)
def test_masks_and_regions_have_to_be_as_many_as_the_styles(
    options: dict[str, Any], words: str
) -> None:
    with pytest.raises(SettingError, match=words):
        StyleTask.of(1, [2, 3], **options)


@pytest.mark.parametrize("weight", [-1.0, float("nan"), float("inf")])
def test_a_region_has_no_odd_weight(weight: float) -> None:
    with pytest.raises(SettingError, match="content_weight of a region"):
        RegionOptions(content_weight=weight)


def test_options_of_a_region_come_back_from_json() -> None:
    options = RegionOptions({"relu1_1": 0.5}, 2.0, hard=True)
    assert RegionOptions(**options.as_json()) == options
    assert RegionOptions(**RegionOptions().as_json()) == RegionOptions()


def test_one_picture_and_a_list_of_one_are_the_same_task() -> None:
    assert StyleTask.of("a", "b", masks="c") == StyleTask.of("a", ["b"], masks=("c",))


def test_only_a_start_of_that_form_names_a_file() -> None:
    assert start_file("image:a:b.png") == "a:b.png"
    assert start_file("content") is None


def test_a_task_needs_neither_torch_nor_pillow() -> None:
    code = "import sys, impasto.task; sys.exit(bool({'torch', 'PIL', 'numpy'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_task_of_arrays_and_bytes_is_printed_in_short() -> None:
    photo, start = np.zeros((1, 2)), np.zeros((1, 1))
    task = StyleTask.of(photo, [b"a" * 5000, "b.jpg"], masks=["left.png", "right.png"], start=start)
    assert repr(task) == (
        "StyleTask(content=array([[0., 0.]]), styles=(<5,000 bytes>, 'b.jpg'), "
        "masks=('left.png', 'right.png'), start=array([[0.]]))"
    )


def test_what_is_kept_is_a_role_of_its_own() -> None:
    task = StyleTask.of("photo", "style", keep="sky")
    assert [str(role) for role in task.by_role()] == ["content", "style", "keep"]
    again = StyleTask.from_roles({str(role): name for role, name in task.by_role().items()})
    assert again == task
    assert task.map(str.upper).keep == "SKY"
    with pytest.raises(InputError, match="keep 2 is no role"):
        Role("keep", 2)
