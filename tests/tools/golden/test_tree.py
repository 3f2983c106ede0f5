from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tools.golden.tree import TaskError, Tree, check_out

ROOT = Path(__file__).parents[3]


def git(folder: Path, *words: str) -> str:
    who = {"GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@b.c"}
    who |= {"GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@b.c"}
    result = subprocess.run(
        ["git", *words],
        cwd=folder,
        env=os.environ | who,
        capture_output=True,
        text=True,
        check=True,
    )
    return result.stdout


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """One file, `old` in its first revision and `new` in the working tree."""
    folder = tmp_path / "repository"
    folder.mkdir()
    git(folder, "init", "--quiet")
    (folder / "file").write_text("old")
    git(folder, "add", "file")
    git(folder, "commit", "--quiet", "--no-verify", "-m", "old")
    (folder / "file").write_text("new")
    return folder


def test_a_revision_stands_beside_the_working_tree_and_is_gone_afterwards(
    repository: Path,
) -> None:
    with check_out("HEAD", repository) as place:
        assert (place / "file").read_text() == "old"
        assert (repository / "file").read_text() == "new"
    assert not place.exists()
    assert len(git(repository, "worktree", "list").splitlines()) == 1


def test_a_failure_inside_removes_the_worktree_too(repository: Path) -> None:
    def fail() -> None:
        with check_out("HEAD", repository):
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert len(git(repository, "worktree", "list").splitlines()) == 1


def test_an_unknown_revision_is_told(repository: Path) -> None:
    with pytest.raises(TaskError, match="nonsense"), check_out("nonsense", repository):
        pass


def test_commands_see_their_tree_and_nothing_of_the_persons_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IMPASTO_TOKEN", "secret")
    monkeypatch.setenv("HTTPS_PROXY", "http://example.org")
    environment = Tree(tmp_path, tmp_path / "home", tmp_path).environment
    assert environment["PYTHONPATH"] == str(tmp_path / "src")
    assert environment["OMP_NUM_THREADS"] == "1"
    assert "IMPASTO_TOKEN" not in environment
    assert "HTTPS_PROXY" not in environment


def test_the_code_of_another_tree_is_refused(tmp_path: Path) -> None:
    Tree(ROOT, tmp_path / "home", tmp_path).check()
    elsewhere = Tree(ROOT, tmp_path / "home", tmp_path)
    (tmp_path / "src").mkdir()
    object.__setattr__(elsewhere, "root", tmp_path)
    with pytest.raises(TaskError):
        elsewhere.check()


def test_a_command_that_fails_is_told_by_its_last_line(tmp_path: Path) -> None:
    tree = Tree(ROOT, tmp_path / "home", tmp_path)
    code = "import sys; print('first\\nlast', file=sys.stderr); sys.exit(3)"
    with pytest.raises(TaskError, match=r"^exit code 3: last$"):
        tree.run([sys.executable, "-c", code])
