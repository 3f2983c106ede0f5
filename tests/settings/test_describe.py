from __future__ import annotations

import subprocess
import sys

import pytest

from impasto.settings import StyleSettings, describe, described


def test_every_setting_is_described_once_in_the_order_of_the_model() -> None:
    assert [setting.name for setting in describe()] == list(StyleSettings.model_fields)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("upscale", "switch"),
        ("color", "choice"),
        ("style_loss", "choice"),
        ("bits", "choice"),
        ("steps", "whole"),
        ("threads", "whole"),
        ("strength", "number"),
        ("style_layers", "layers"),
        ("shape", "shape"),
        ("style_blend", "numbers"),
        ("device", "text"),
    ],
)
def test_each_kind_of_value_is_told_apart(name: str, kind: str) -> None:
    assert described(name).kind == kind


def test_a_setting_knows_whose_it_is() -> None:
    scopes = {setting.name: setting.scope for setting in describe()}
    assert {name for name, scope in scopes.items() if scope == "machine"} == {
        *("device", "precision", "threads", "deterministic", "channels_last", "compile", "force"),
        *("tile", "scratch", "clip"),
    }
    assert [name for name, scope in scopes.items() if scope == "server"] == ["max_megapixels"]


def test_another_machine_paints_the_same_picture_but_for_its_precision_and_clip() -> None:
    still = {setting.name for setting in describe() if not setting.shapes_picture}
    machine = {setting.name for setting in describe() if setting.scope == "machine"}
    assert still == (machine - {"precision", "clip"}) | {"max_megapixels", "embed_recipe"}


def test_files_are_known_as_such() -> None:
    files = [setting.name for setting in describe() if setting.file]
    assert files == ["model", "init", "weights_file"]


def test_bounds_and_what_nothing_means_are_told() -> None:
    assert described("noise").bounds == {"ge": 0, "le": 1}
    assert described("lr").bounds == {"gt": 0, "le": 1000}
    assert (described("shape").optional, described("shape").unset) == (True, "from --size")
    assert (described("steps").optional, described("steps").unset) == (False, None)


def test_settings_need_no_torch() -> None:
    code = """
import sys
class Without:
    def find_spec(self, name, path=None, target=None):
        if name.partition('.')[0] in ('torch', 'PIL', 'numpy', 'safetensors'):
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Without())
from impasto.settings import StyleSettings, describe, from_stored, to_stored, load_settings
from impasto.task import StyleTask
describe()
assert from_stored(to_stored(load_settings({'recipe': 'gatys'}))) == StyleSettings(recipe='gatys')
from impasto.cli import main
assert main(['stylize', '--help']) == 0
"""
    process = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert process.returncode == 0, process.stderr.decode()
