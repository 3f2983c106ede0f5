from __future__ import annotations

from pathlib import Path

from impasto.settings.model_files import files_of_model, split_model


def test_a_file_that_has_a_colon_of_its_own_has_no_rows(tmp_path: Path) -> None:
    file = tmp_path / "own.safetensors:blue"
    assert split_model(str(file)) == (tmp_path / "own.safetensors", ("blue",))
    file.touch()
    assert split_model(str(file)) == (file, ())


def test_a_row_too_long_to_be_a_file_s_name_is_a_row_all_the_same() -> None:
    row = "a" * 300
    assert split_model(f"own.safetensors:{row}") == (Path("own.safetensors"), (row,))


def test_a_pair_is_two_files_under_whichever_name_it_goes(tmp_path: Path) -> None:
    painter, reader = tmp_path / "any-painter.onnx", tmp_path / "any-reader.onnx"
    assert files_of_model(str(tmp_path / "any.onnx")) == (tmp_path / "any.onnx",)
    painter.touch()
    assert files_of_model(str(tmp_path / "any.onnx")) == (painter,)
    reader.touch()
    assert files_of_model(str(tmp_path / "any.onnx")) == (painter, reader)
    assert files_of_model(str(painter)) == (painter, reader)
