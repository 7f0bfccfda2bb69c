"""`python -m onbam_sims.sheets`: the simulator started by hand.

For: the one who tries things, and for `onbam sim sheets`, which calls the same function.
Promises: what is printed is true while it runs, and nothing listens afterwards.
Refuses: to wait for a real Ctrl-C.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import requests

from onbam_sims.sheets.__main__ import main
from onbam_sims.sheets.simulator import DEFAULT_ACCOUNT, SheetsSimulator


def test_the_printed_addresses_work_until_ctrl_c(capsys: pytest.CaptureFixture[str]) -> None:
    """Address, spreadsheet, credential file and truth; then the port is closed."""
    seen: list[str] = []

    def person_at_the_keyboard() -> None:
        printed = capsys.readouterr().out
        (url,) = re.findall(r"^sheets +(\S+)$", printed, re.MULTILINE)
        file = requests.get(f"{url}/_sim/service-account.json", timeout=30).json()
        (shown,) = requests.get(f"{url}/_sim/state", timeout=30).json()["spreadsheets"]
        assert file["client_email"] == DEFAULT_ACCOUNT
        assert (shown["spreadsheetId"], shown["title"]) == ("my-sheet", "주문")
        assert shown["shared"][DEFAULT_ACCOUNT] == "writer"
        assert "my-sheet" in printed
        seen.append(url)
        raise KeyboardInterrupt

    assert main(["--title", "주문", "--spreadsheet-id", "my-sheet", "--seed", "4"], wait=person_at_the_keyboard) == 0
    with pytest.raises(requests.ConnectionError):
        requests.get(seen[0], timeout=5)


def test_every_fault_is_documented() -> None:
    """The page lists each switch by name, and no switch that does not exist."""
    page = (Path(__file__).parents[2] / "docs/reference/simulated-sheets.md").read_text(encoding="utf-8")
    table = page.partition("## Faults")[2].partition("## What is known")[0]
    assert set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)) == set(SheetsSimulator.FAULTS)
