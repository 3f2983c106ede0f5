from __future__ import annotations

import json
from pathlib import Path

import pytest

from impasto.errors import FetchError, MissingPackageError, WeightsError
from impasto.networks.clip.folder import MEAN, ClipFolder, found, is_hub_name, located_model
from tests.clips import changed_json


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """What is looked at before anything of it is loaded."""
    made = tmp_path / "clip"
    made.mkdir()
    (made / "config.json").write_text('{"model_type": "clip"}')
    (made / "tokenizer.json").write_text("{}")
    (made / "model.safetensors").write_bytes(b"weights")
    return made


def test_a_folder_has_config_words_and_weights(folder: Path) -> None:
    found_folder = found(str(folder))
    assert found_folder.config["model_type"] == "clip"
    assert [file.name for file in found_folder.weights] == ["model.safetensors"]
    assert [file.name for file in found_folder.tokenizer] == ["tokenizer.json"]
    assert found_folder.mean == MEAN


def test_its_own_means_are_taken(folder: Path) -> None:
    told = {"image_mean": [0.5, 0.5, 0.5], "image_std": [0.25, 0.5, 1]}
    (folder / "preprocessor_config.json").write_text(json.dumps(told))
    read = ClipFolder.read(folder)
    assert (read.mean, read.std) == ((0.5, 0.5, 0.5), (0.25, 0.5, 1.0))


def test_weights_may_be_several_files_of_the_folder(folder: Path) -> None:
    (folder / "model.safetensors").unlink()
    index = {"weight_map": {"a": "model-2.safetensors", "b": "model-1.safetensors"}}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index))
    names = [file.name for file in ClipFolder.read(folder).weights]
    assert names == ["model-1.safetensors", "model-2.safetensors"]


@pytest.mark.parametrize(
    ("file", "content", "message"),
    [
        ("config.json", None, r"config.json cannot be read \(no such file"),
        ("config.json", "nothing", "is not JSON"),
        ("config.json", "[" * 100_000, "is not JSON"),
        ("config.json", "[1]", "is no JSON object"),
        ("config.json", '{"model_type": "bert"}', "a model of the kind 'bert': give the folder of"),
        ("tokenizer.json", None, "has no table of words: put tokenizer.json"),
        ("model.safetensors", None, "has no model.safetensors, and weights of other kinds could"),
        ("preprocessor_config.json", '{"image_mean": 0.5}', "has 0.5 for image_mean"),
        ("preprocessor_config.json", '{"image_mean": [0, 0, 1e9]}', "for image_mean"),
        ("preprocessor_config.json", '{"image_std": [0, 1, 1]}', "has 0 in image_std"),
    ],
)
def test_what_is_missing_or_wrong_is_named(
    file: str, content: str | None, message: str, folder: Path
) -> None:
    if content is None:
        (folder / file).unlink()
    else:
        (folder / file).write_text(content)
    with pytest.raises(WeightsError, match=message):
        found(str(folder))


@pytest.mark.parametrize("names", [{"a": "../evil.safetensors"}, {"a": "/etc/passwd"}, {}, None])
def test_an_index_names_files_of_its_own_folder_alone(names: object, folder: Path) -> None:
    (folder / "model.safetensors").unlink()
    (folder / "model.safetensors.index.json").write_text(json.dumps({"weight_map": names}))
    with pytest.raises(WeightsError, match="names no files of its own folder"):
        ClipFolder.read(folder)


def test_a_table_without_end_is_not_read(folder: Path) -> None:
    with (folder / "config.json").open("r+b") as file:
        file.truncate(17_000_000)
    with pytest.raises(WeightsError, match="17,000,000 bytes, which no table"):
        ClipFolder.read(folder)


def test_the_hash_is_of_all_that_decides(folder: Path) -> None:
    before = ClipFolder.read(folder).sha256()
    (folder / "readme.md").write_text("of no weight")
    assert ClipFolder.read(folder).sha256() == before
    for file in ("tokenizer.json", "model.safetensors"):
        (folder / file).write_text("[]")
        after = ClipFolder.read(folder).sha256()
        assert after != before
        before = after
    changed_json(folder / "config.json", projection_dim=3)
    assert ClipFolder.read(folder).sha256() != before


@pytest.mark.parametrize(
    "name", ["nowhere", "../clip", "/no/folder/here", "a/b/c", "https://x/y", "", "x" * 5000, "\0"]
)
def test_what_is_no_folder_and_no_name_of_the_hub_is_refused(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert not is_hub_name(name)
    if name:  # else it is the working folder
        with pytest.raises(WeightsError, match="is no folder: give that of a CLIP model"):
            found(name)


def test_a_model_of_the_hub_is_fetched_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hub = pytest.importorskip("huggingface_hub")
    asked = []

    def download(name: str, *, allow_patterns: list[str], local_files_only: bool) -> str:
        asked.append((name, local_files_only))
        assert not any(pattern.endswith((".bin", ".py", "*")) for pattern in allow_patterns)
        if local_files_only and len(asked) == 1:
            raise OSError("nothing is cached")
        return str(folder)

    monkeypatch.setattr(hub, "snapshot_download", download)
    assert found("owner/model").path == found("owner/model").path == folder
    assert asked == [("owner/model", True), ("owner/model", False), ("owner/model", True)]


def test_a_model_that_cannot_be_fetched_is_told_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hub = pytest.importorskip("huggingface_hub")

    def download(*_: object, **__: object) -> str:
        raise ConnectionError("no way there\nand much more")

    monkeypatch.setattr(hub, "snapshot_download", download)
    with pytest.raises(FetchError, match=r"from the hub \(no way there\): check its name"):
        found("owner/model")


def test_without_the_extra_the_pip_line_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "huggingface_hub", None)
    with pytest.raises(MissingPackageError, match=r"pip install 'impasto\[clip\]'"):
        found("owner/model")


def test_a_folder_is_found_from_any_other(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder.parent)
    assert located_model("clip") == str(folder)
