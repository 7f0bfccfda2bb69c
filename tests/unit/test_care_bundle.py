"""The support bundle holds what helps and nothing that must not leave the PC."""

from __future__ import annotations

import json
import os
import zipfile
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from onbam.care import bundle as bundling
from onbam.care.bundle import bundle, bundle_name, versions
from onbam.care.checks.files import SECRET_FILES
from onbam.kernel.errors import Damaged, Refused
from onbam.kernel.redact import MARK, Redactor

CANARY = "canary-7fQ2-온밤"


@pytest.fixture
def shop(tmp_path):
    """A home with logs, and with everything that is never shared lying about."""
    logs = tmp_path / "logs"
    (logs / "uploader").mkdir(parents=True)
    for age, name in enumerate(
        ("app_20260113.json", "app_20260112.json", "critical_errors.json", "uploader/erp_upload_20260113_1_x.log")
    ):
        (logs / name).write_text(f'{{"event": "{name} {CANARY}"}}\nurl postgresql://u:pw123456@h/d\n', "utf-8")
        os.utime(logs / name, (1_768_000_000 - age,) * 2)
    for name in SECRET_FILES:
        for place in (tmp_path, logs):
            (place / name).write_text(CANARY, "utf-8")
    (logs / "notes.txt").write_text(CANARY, "utf-8")
    return tmp_path


def pack(shop, target="out.zip", limit=10**6, redactor=None, **facts):
    return bundle(shop / target, shop / "logs", facts, redactor=redactor or Redactor([CANARY]), limit_bytes=limit)


def contents(path):
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name).decode("utf-8") for name in archive.namelist()}


def test_the_three_kinds_of_logs_and_the_facts_are_in_it(shop):
    """And a page that says in both languages what this is."""
    made = pack(shop, config={"a": 1}, doctor={"state": "ok"})
    inside = contents(made.path)
    assert set(inside) == {
        "config.json",
        "doctor.json",
        "logs/app_20260113.json",
        "logs/app_20260112.json",
        "logs/critical_errors.json",
        "logs/uploader/erp_upload_20260113_1_x.log",
        "contents.json",
        "README.txt",
    }
    assert json.loads(inside["config.json"]) == {"a": 1}
    assert "지원 꾸러미" in inside["README.txt"]
    assert "support bundle" in inside["README.txt"]


def test_nothing_secret_leaves(shop):
    """Not in a log, not in a fact, not a file that is never shared."""
    made = pack(shop, config={"url": f"mysql://u:{CANARY}@h/d", "hidden": True})
    raw = made.path.read_bytes()
    assert b"7fQ2" not in raw
    for name, text in contents(made.path).items():
        assert "7fQ2" not in text
        assert "pw123456" not in text
        assert name.rpartition("/")[2] not in SECRET_FILES
    assert MARK in contents(made.path)["logs/app_20260113.json"]


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_a_link_named_like_a_log_is_not_followed(shop):
    """It could lead to the accounts."""
    (shop / "logs" / "app_20260111.json").symlink_to(shop / ".env")
    assert "logs/app_20260111.json" not in contents(pack(shop).path)


def test_the_newest_logs_come_first(shop):
    """What does not fit is named; a file that fits in part gives its end, in whole lines."""
    size = (shop / "logs" / "app_20260113.json").stat().st_size
    made = pack(shop, limit=size + 45)
    inside = contents(made.path)
    assert len(inside["logs/app_20260113.json"].splitlines()) == 2
    assert inside["logs/app_20260112.json"] == f"url postgresql://u:{MARK}@h/d\n"
    assert set(made.left_out) == {"logs/critical_errors.json", "logs/uploader/erp_upload_20260113_1_x.log"}
    assert json.loads(inside["contents.json"])["left_out"] == list(made.left_out)


def test_a_leak_is_found_after_writing_and_the_bundle_is_gone(shop, monkeypatch):
    """The finished file is judged, not the intention."""
    monkeypatch.setattr(bundling, "cleaned", lambda text, _: text.split("\n"))
    with pytest.raises(Damaged) as caught:
        pack(shop)
    assert "app_20260113.json" in caught.value.to("en")
    assert not [path for path in shop.iterdir() if "out.zip" in path.name]


def test_a_place_that_cannot_be_written_is_refused(shop):
    """With what to do; nothing is left behind."""
    (shop / "file").write_text("x")
    with pytest.raises(Refused):
        pack(shop, target="file/out.zip")


def test_a_home_without_logs_still_gives_a_bundle(tmp_path):
    """The first question of support is often about the first start."""
    assert set(contents(pack(tmp_path, versions=versions()).path)) == {"versions.json", "contents.json", "README.txt"}


@pytest.mark.skipif(os.name == "nt", reason="POSIX rights")
def test_the_bundle_is_the_owners_alone(shop):
    """Until its owner sends it."""
    assert pack(shop).path.stat().st_mode & 0o077 == 0


def test_its_name_says_whose_and_when():
    """In the shop's time, safe as a file name."""
    when = datetime(2026, 1, 13, 16, 5, tzinfo=UTC)
    assert bundle_name(when, ZoneInfo("Asia/Seoul"), "PC A/1") == "onbam-support-PC-A-1-20260114-0105.zip"


def test_versions_name_what_runs():
    """Ours and what it stands on."""
    found = versions()
    assert found["packages"]["click"]
    assert found["onbam"]


def test_what_programs_printed_and_what_the_guard_saved_are_in_it(shop, monkeypatch):
    """Redacted; of a flood only the end, so that the logs still find room; of the incidents the last ones."""
    monkeypatch.setattr(bundling, "PROCESS_BYTES", 200)
    output = shop / "logs" / "process" / "my-robot"
    output.mkdir(parents=True)
    (output / "my-robot_20260113.log").write_text(f"first\n{'x' * 300}\nlast {CANARY}\n", "utf-8")
    (output / "secrets.enc").write_text(CANARY, "utf-8")
    for number in range(bundling.INCIDENTS + 2):
        folder = shop / "data" / "incidents" / f"20260113-18{number:02d}00-agent"
        folder.mkdir(parents=True)
        (folder / "incident.json").write_text(json.dumps({"why": CANARY, "n": number}, indent=1), "utf-8")
    made = bundle(
        shop / "out.zip",
        shop / "logs",
        {},
        redactor=Redactor([CANARY]),
        limit_bytes=10**6,
        incidents=shop / "data" / "incidents",
    )
    inside = contents(made.path)
    assert inside["logs/process/my-robot/my-robot_20260113.log"] == f"last {MARK}\n"
    assert "logs/app_20260113.json" in inside
    kept = sorted(name for name in inside if name.startswith("incidents/"))
    assert len(kept) == bundling.INCIDENTS
    assert json.loads(inside[kept[-1]]) == {"why": MARK, "n": bundling.INCIDENTS + 1}
    assert "7fQ2" not in "".join(inside.values())
