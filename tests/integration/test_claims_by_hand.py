"""A person's word about orders at a terminal: each act has a reason, and the journal has both."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from onbam.bootstrap import Onbam
from onbam.claims import selftest
from onbam.claims.asks import New
from onbam.claims.model import TRIAL_KIND, Ref
from onbam.claims.tables import item_memory, items
from onbam.cli.main import run
from onbam.journal.model import Line
from onbam.kernel.errors import EXIT_FAILED, EXIT_MISCONFIGURED, EXIT_OK

WHY = "the sheet is too long"


class Shop:
    """A shop's folder and its command line."""

    def __init__(self, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.home = home
        self._capsys = capsys

    def asks(self, *words: str, fails: bool = False) -> Any:
        """What a command answers as JSON."""
        code = run(["--home", str(self.home), "--lang", "en", "claims", *words, "--json"])
        captured = self._capsys.readouterr()
        assert (code != EXIT_OK) is fails, captured
        return json.loads(captured.err if fails else captured.out)

    def told(self) -> list[Line]:
        """The journal."""
        with Onbam(self.home, {}) as onbam:
            return [entry.line for entry in onbam.journal.read(0, 5000).entries]


@pytest.fixture
def shop(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Shop:
    """A shop with two orders that wait."""
    with Onbam(tmp_path, {}) as onbam:
        onbam.claims.add([New(Ref("order", "1")), New(Ref("order", "2"))])
    return Shop(tmp_path, capsys)


@pytest.mark.parametrize("act", [("release", "1"), ("hold", "1"), ("cancel", "1"), ("cleanup",)])
def test_an_act_without_a_reason_is_refused_and_changes_nothing(shop: Shop, act: tuple[str, ...]) -> None:
    """It says which option is missing."""
    before = shop.told()
    assert "--reason" in shop.asks(*act, fails=True)["error"]["hint"]
    assert "--reason" in shop.asks(*act, "--reason", "  ", fails=True)["error"]["hint"]
    assert shop.told() == before


def test_a_clean_up_by_a_person_is_told_with_who_and_why(shop: Shop) -> None:
    """Beside the store's own line of what it removed; also when there was nothing to remove."""
    shop.asks("cancel", "1", "--reason", "entered by hand")
    assert shop.asks("cleanup", "--max-age-days", "0", "--reason", WHY)["removed"] == 1
    assert shop.asks("cleanup", "--reason", WHY)["removed"] == 0
    acts = [line for line in shop.told() if line.what == "claims.cleanup"]
    assert [(line.why, line.data["rows"], line.data["max_age_days"]) for line in acts] == [(WHY, 1, 0.0), (WHY, 0, 7.0)]
    assert all(line.who.startswith("person:") for line in acts)
    assert [line.data["rows"] for line in shop.told() if line.what == "item.cleaned"] == [1]


def test_the_story_of_an_order_is_whole_however_long_the_journal_is(shop: Shop) -> None:
    """What happened behind thousands of other lines is shown as well, in its order."""
    with Onbam(shop.home, {}) as onbam:
        onbam.journal.append([Line("item.added", "order", f"other-{n}", "system:test") for n in range(6000)])
    shop.asks("hold", "1", "--reason", "wait for a call")
    shop.asks("cancel", "1", "--reason", "they called")
    story = shop.asks("show", "1")["story"]
    assert [(line["what"], line["why"]) for line in story[-2:]] == [
        ("item.hold", "wait for a call"),
        ("item.cancel", "they called"),
    ]
    assert len(story) == 3


@pytest.mark.parametrize("act", ["release", "hold", "cancel", "show"])
def test_an_order_without_a_number_is_refused_in_words(shop: Shop, act: str) -> None:
    """Nobody's typing ends with a list of our lines."""
    reason = () if act == "show" else ("--reason", WHY)
    assert shop.asks(act, "", *reason, fails=True)["error"]["kind"] == "Refused"
    assert shop.asks(act, "9" * 500, *reason, fails=True)["error"]["kind"] == "Refused"


def test_an_import_names_what_it_passed_over(shop: Shop) -> None:
    """A16: in the reader's language, contradictions too; what an old file calls failed may still be worked on."""
    (shop.home / "v8.json").write_text('{"5": "completed", "6": false, "version": 10}')
    (shop.home / "v10.json").write_text('{"5": "failed"}')
    told = shop.asks("import-history", str(shop.home / "v8.json"), str(shop.home / "v10.json"))
    assert (told["new"], [one["entry"] for one in told["contradictions"]]) == (1, ["5"])
    assert [one["entry"] for one in told["skipped"]] == ["version: 10", "6", "5"]
    assert shop.asks("import-history", str(shop.home), fails=True)["error"]["kind"] == "Refused"


def test_the_self_test_leaves_nothing_in_the_shops_database(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """No rows, no memory, and the next clean-up has nothing to count; `sheets` is what the settings call a sheet."""
    monkeypatch.setattr(selftest, "SHORT_S", 1.0)
    monkeypatch.setattr(selftest, "SLACK_S", 0.1)  # for the clock of a sheet
    assert all(check["passed"] for check in shop.asks("selftest", "--store", "database"))
    with Onbam(shop.home, {}) as onbam, onbam.database.read() as connection:
        for table in (items, item_memory):
            assert connection.execute(sa.select(table.c.key).where(table.c.kind == TRIAL_KIND)).first() is None
    assert shop.asks("cleanup", "--max-age-days", "0", "--reason", WHY)["removed"] == 0
    code = run(["--home", str(shop.home), "claims", "selftest", "--store", "sheets", "--json"])
    assert code in (EXIT_FAILED, EXIT_MISCONFIGURED)
