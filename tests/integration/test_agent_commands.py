"""`onbam agent|sweep|pause|resume`: what a person starts and stops at a terminal, in a folder with a real database."""

from __future__ import annotations

from pathlib import Path

import pytest

from onbam.cli.main import run
from onbam.kernel.errors import EXIT_MISCONFIGURED


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A shop's folder, English."""
    monkeypatch.setenv("ONBAM_HOME", str(tmp_path))
    monkeypatch.setenv("ONBAM_LANG", "en")
    monkeypatch.setenv("USER", "kim")
    monkeypatch.setenv("USERNAME", "kim")
    return tmp_path


# -- starting ---------------------------------------------------------------------------------------------------------------


def test_everything_an_agent_lacks_is_named_before_it_begins(home: Path, capsys) -> None:
    """Of the supplier's site and of the ERP in one go, the codes of customer and warehouse too, and where each goes."""
    (home / "onbam.toml").write_text('[portal]\nuser = "dealer"\n[ecount]\ncompany = "900001"\n', "utf-8")
    assert run(["agent", "run", "--once"]) == EXIT_MISCONFIGURED
    said = capsys.readouterr().err
    missing = ("portal.password", "ecount.user", "ecount.api_key", "ecount.customer", "ecount.warehouse")
    assert all(name in said for name in missing)
    assert "portal.user" not in said
    assert "onbam secret set portal.password" in said
    assert "is at work" not in said


@pytest.mark.parametrize("missing", ["customer", "warehouse"])
def test_a_code_without_which_no_slip_can_be_written_is_missed_at_the_start(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys, missing: str
) -> None:
    """And not at each order, which would be parked one after the other."""
    given = {"PORTAL_USER": "u", "PORTAL_PASSWORD": "p", "ECOUNT_COMPANY": "900001", "ECOUNT_USER": "O", "ECOUNT_API_KEY": "k"}
    for name, value in {**given, "ECOUNT_CUSTOMER": "00001", "ECOUNT_WAREHOUSE": "100"}.items():
        monkeypatch.setenv(f"ONBAM_{name}", value)
    monkeypatch.delenv(f"ONBAM_ECOUNT_{missing.upper()}")
    assert run(["agent", "run", "--once"]) == EXIT_MISCONFIGURED
    assert f"ecount.{missing}." in capsys.readouterr().err
