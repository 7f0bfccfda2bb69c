"""A file that was emptied, and one that somebody makes this very moment."""

from __future__ import annotations

from pathlib import Path

import pytest

from onbam.database import installed
from onbam.kernel.errors import Damaged


def test_a_file_somebody_makes_while_we_look_is_not_taken_for_an_emptied_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process is faster: between our look at the file and at its mark both appear."""
    path = tmp_path / "onbam.db"
    was_there = installed.was_there

    def made_meanwhile(place: Path) -> bool:
        place.write_bytes(b"SQLite format 3")
        installed.remember(place, "shop")
        return was_there(place)

    monkeypatch.setattr(installed, "was_there", made_meanwhile)
    installed.check_content(path)


@pytest.mark.parametrize("left", ["", "-wal"])
def test_a_file_that_is_empty_where_a_database_was_is_a_loss(tmp_path: Path, left: str) -> None:
    """By the mark, and by a log that lies beside it."""
    path = tmp_path / "onbam.db"
    if left:
        path.with_name(path.name + left).write_bytes(b"pages")
    else:
        installed.remember(path, "shop")
    with pytest.raises(Damaged, match="empty or gone"):
        installed.check_content(path)


def test_a_file_whose_first_page_is_on_its_way_is_new(tmp_path: Path) -> None:
    """Another process makes it, or was killed while it did: SQLite's journal comes before the page."""
    path = tmp_path / "onbam.db"
    path.touch()
    path.with_name("onbam.db-journal").write_bytes(b"pages")
    installed.check_content(path)
