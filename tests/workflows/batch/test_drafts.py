from __future__ import annotations

from pathlib import Path

from impasto.files import replacing
from impasto.workflows.batch.drafts import sweep


def left_behind(path: Path) -> Path:
    """The draft of a picture whose writer was killed."""
    with replacing(path) as draft:
        pass
    draft.touch()
    return draft


def test_drafts_of_these_pictures_go_and_all_else_stays(tmp_path: Path) -> None:
    ours, theirs = left_behind(tmp_path / "a.jpg"), left_behind(tmp_path / "b.jpg")
    (tmp_path / ".a.jpg.part").touch()
    sweep([tmp_path / "a.jpg", tmp_path / "no such folder" / "c.jpg"])
    assert not ours.exists()
    assert theirs.exists()
    assert (tmp_path / ".a.jpg.part").exists()
    assert (tmp_path / "a.jpg").exists()


def test_a_link_is_followed_to_where_its_draft_lies(tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    draft = left_behind(tmp_path / "far" / "a.jpg")
    (tmp_path / "link.jpg").symlink_to(tmp_path / "far" / "a.jpg")
    sweep([tmp_path / "link.jpg"])
    assert not draft.exists()
