"""Small files are whole, private where they must be, and nothing that hangs holds us up."""

from __future__ import annotations

import errno
import os
import threading
from pathlib import Path

import pytest

from onbam.kernel.bounded import Asked, within
from onbam.kernel.files import (
    LEFTOVER_SUFFIX,
    acl_names_others,
    could_replace,
    open_to_others,
    replace_quickly,
    write_into,
    write_whole,
)


def test_an_interrupted_write_leaves_the_old_content(tmp_path, monkeypatch):
    """And no half file beside it."""
    path = tmp_path / "keys"
    write_whole(path, "old")
    monkeypatch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        write_whole(path, "new")
    assert path.read_text() == "old"
    assert not list(tmp_path.glob(f".*{LEFTOVER_SUFFIX}"))


@pytest.mark.parametrize(("number", "now"), [(errno.ENOSPC, "new"), (errno.EACCES, "older")])
def test_on_a_full_disk_a_beat_goes_into_the_room_it_had(tmp_path, monkeypatch, number, now):
    """A program whose beats nobody can read would be taken for hanging; any other trouble leaves the old content."""
    path = tmp_path / "agent.beat"
    replace_quickly(path, "older")

    def full(*_):
        raise OSError(number, "refused")

    monkeypatch.setattr(os, "open", full)
    if number == errno.ENOSPC:
        replace_quickly(path, "new")
        with pytest.raises(OSError, match="refused"):
            replace_quickly(tmp_path / "other.beat", "new")
    else:
        with pytest.raises(OSError, match="refused"):
            replace_quickly(path, "new")
    assert path.read_text() == now


@pytest.mark.parametrize("number", [0, errno.ENOSPC, errno.EROFS])
def test_whether_a_beat_could_be_written_is_told_by_trying(tmp_path, monkeypatch, number):
    """On a full disk one that was written before has its room, a first one has none; on a read-only one neither."""
    written, first = tmp_path / "agent.beat", tmp_path / "web.beat"
    replace_quickly(written, "older")

    def refused(*_):
        raise OSError(number, "refused")

    if number:
        monkeypatch.setattr(Path, "write_bytes", refused)
    assert could_replace(written) is (number in (0, errno.ENOSPC))
    assert could_replace(first) is (number == 0)
    assert could_replace(tmp_path / "gone" / "web.beat") is (number == 0)
    assert list(tmp_path.iterdir()) == [written]
    assert written.read_text() == "older"


def test_a_file_without_room_keeps_its_content(tmp_path):
    """What does not fit is not begun."""
    path = tmp_path / "small"
    path.write_text("old")
    assert not write_into(path, b"x" * (1 << 22))
    assert path.read_text() == "old"


@pytest.mark.skipif(os.name == "nt", reason="POSIX rights")
def test_a_private_file_is_private(tmp_path):
    """Whatever the umask says."""
    old = os.umask(0)
    try:
        write_whole(tmp_path / "secret", "x", private=True)
        write_whole(tmp_path / "open", "x")
    finally:
        os.umask(old)
    assert not open_to_others(tmp_path / "secret")
    assert open_to_others(tmp_path / "open")


def test_windows_rights_are_read():
    """A listing that names a group of everybody means that others may read."""
    shop = "C:\\onbam\\.env NT AUTHORITY\\SYSTEM:(F)\n              PC-A\\kim:(F)\n"
    assert not acl_names_others(shop)
    assert acl_names_others(shop + "              BUILTIN\\Users:(I)(RX)\n")


def test_what_hangs_is_left_behind():
    """The caller is back in time."""
    forever = threading.Event()
    with pytest.raises(TimeoutError):
        within(0.05, forever.wait)
    forever.set()


def test_an_answer_or_an_error_comes_through():
    """As if it had been called directly."""
    assert within(10, lambda: 42) == 42
    with pytest.raises(ZeroDivisionError):
        Asked(lambda: 1 // 0).answer(10)
