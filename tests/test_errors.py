from __future__ import annotations

import re

import pytest

from impasto import errors


def read_tree() -> dict[str, str | None]:
    """Each error drawn at the top of errors.py, with the one it hangs from."""
    parents: dict[str, str | None] = {}
    trail: list[str] = []
    for match in re.finditer(r"^([ │├└─]*)(\w+Error)\b", errors.__doc__ or "", re.MULTILINE):
        depth = len(match[1]) // 4 - 1
        trail = [*trail[:depth], match[2]]
        parents[match[2]] = trail[-2] if depth else None
    return parents


def test_the_tree_drawn_is_the_tree_there_is() -> None:
    parents = read_tree()
    assert sorted(parents) == [name for name in errors.__all__ if name.endswith("Error")]
    for name, parent in parents.items():
        base = getattr(errors, name).__bases__[0]
        assert base is (getattr(errors, parent) if parent else Exception), name


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.ImpastoError, 1),
        (errors.InputError, 2),
        (errors.PictureError, 2),
        (errors.PartTooSmallError, 2),
        (errors.SettingError, 2),
        (errors.UnknownNameError, 2),
        (errors.OutputError, 2),
        (errors.WeightsError, 2),
        (errors.CheckpointError, 2),
        (errors.UnknownJobError, 2),
        (errors.JobStateError, 2),
        (errors.QueueFullError, 2),
        (errors.MissingPackageError, 2),
        (errors.FetchError, 1),
        (errors.NonFiniteError, 1),
        (errors.ServerError, 1),
        (errors.MemoryShortError, 3),
    ],
)
def test_each_error_ends_with_its_exit_code(error: type[errors.ImpastoError], code: int) -> None:
    assert error.exit_code == code


def test_an_unknown_name_is_told_the_nearest_and_all_there_are() -> None:
    error = errors.UnknownNameError("fruit", "aple", iter(["pear", "apple"]))
    assert str(error) == "'aple' is not a fruit; did you mean 'apple'? There are: pear, apple"
    assert (error.name, error.choices) == ("aple", ["pear", "apple"])


def test_of_too_many_names_the_nearest_are_told_and_where_all_stand() -> None:
    names = ["apple", "apples", "pear", "plum"]
    error = errors.UnknownNameError("fruit", "aple", names, listed="the garden")
    assert str(error) == (
        "'aple' is not a fruit; did you mean 'apple' or 'apples'? All 4 stand in the garden"
    )
    error = errors.UnknownNameError("fruit", "xyz", names, listed="the garden")
    assert str(error) == "'xyz' is not a fruit; all 4 stand in the garden"


def test_a_name_near_to_none_is_told_all_there_are() -> None:
    error = errors.UnknownNameError("fruit", "xyz", ["pear", "apple"])
    assert str(error) == "'xyz' is not a fruit; there are: pear, apple"


def test_an_unknown_name_with_a_newline_stays_on_one_line() -> None:
    assert "\n" not in str(errors.UnknownNameError("fruit", "a\nb", ["pear"]))


def test_a_missing_package_comes_with_its_pip_line() -> None:
    message = str(errors.MissingPackageError("photo.heic", "pillow-heif", "heic"))
    assert message.endswith("pip install 'impasto[heic]'")
    message = str(errors.MissingPackageError("the net", "tailor", "vgg", "--backbone slim"))
    assert message.endswith("pip install 'impasto[vgg]', or --backbone slim")


def test_a_non_finite_run_hands_over_its_last_good_picture() -> None:
    assert errors.NonFiniteError("the loss was nan", result="result").result == "result"
    assert errors.NonFiniteError("the loss was nan").result is None


def test_a_name_of_thousands_of_characters_is_shortened() -> None:
    message = str(errors.UnknownNameError("recipe", "x" * 5000, ["chapter"]))
    assert message == f"'{'x' * 80}…' is not a recipe; there are: chapter"


def test_where_there_is_no_name_at_all_it_is_told_so() -> None:
    message = str(errors.UnknownNameError("picture of the library", "x", []))
    assert message == "'x' is not a picture of the library; there is none"
