from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from impasto.cli.app import app
from tools.blocks import code_blocks, prose_of

PAGE = Path(__file__).parents[2] / "docs" / "train.md"


@pytest.fixture(scope="module")
def program() -> Any:
    return get_command(app)


def test_every_command_of_the_page_is_one_that_can_be_typed(program: Any) -> None:
    blocks = "\n".join(block for _, block in code_blocks(PAGE, "sh"))
    phrases = re.findall(r"`impasto (train|resume|stylize)([^`]*)`", prose_of(PAGE))
    lines = [line for line in blocks.splitlines() if line]
    assert len(lines) >= 2
    assert phrases
    for line in lines:
        name, *words = shlex.split(line, comments=True)[1:]
        program.commands[name].make_context(name, words)


def test_every_option_of_the_page_is_one_of_train_or_stylize(program: Any) -> None:
    known = {
        name
        for command in ("train", "stylize")
        for parameter in program.commands[command].params
        for name in (*parameter.opts, *parameter.secondary_opts)
    }
    named = set(re.findall(r"`(--[a-z-]+)", prose_of(PAGE)))
    assert {"--photos", "--minutes", "--adversarial"} <= named <= known
