from __future__ import annotations

from pathlib import Path

from impasto.settings.model_files import split_model


def test_a_file_that_has_a_colon_of_its_own_has_no_rows(tmp_path: Path) -> None:
    file = tmp_path / "own.safetensors:blue"
    assert split_model(str(file)) == (tmp_path / "own.safetensors", ("blue",))
    file.touch()
    assert split_model(str(file)) == (file, ())


def test_a_row_too_long_to_be_a_file_s_name_is_a_row_all_the_same() -> None:
    row = "a" * 300
    assert split_model(f"own.safetensors:{row}") == (Path("own.safetensors"), (row,))
