"""An update: every step can fail, and each failure leads back to what was."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from onbam.care.update import NOTICE_KEY, Done, Step, Update
from onbam.kernel.clock import FakeClock
from onbam.kernel.errors import Damaged, Refused
from onbam.notices.model import Cause


@dataclass
class House:
    """Program, data and robots in one, with a list of what was done to them and what is to fail."""

    version_now: str = "1.0.0"
    version_next: str = "1.1.0"
    runs: bool = True
    schema: str = "1"
    server: bool = False
    fails: set[str] = field(default_factory=set)
    did: list[str] = field(default_factory=list)
    notices: list[Cause] = field(default_factory=list)
    resolved: list[str] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    on: Callable[[str], None] = lambda _: None

    def _do(self, what: str) -> None:
        self.did.append(what)
        self.on(what)
        if what in self.fails:
            raise Refused(f"{what} does not work")

    # program

    def version(self) -> str:
        """What is installed."""
        return self.version_now

    def wanted(self) -> str:
        """What is to come."""
        self._do("look")
        return self.version_next

    def remember(self) -> Path:
        """A copy."""
        self._do("remember")
        return Path("copy-1.0.0")

    def install(self) -> None:
        """The new one, or half of it."""
        self.version_now = "half" if "install" in self.fails else self.version_next
        self._do("install")

    # data

    def backup(self) -> Path | None:
        """A copy."""
        self._do("backup")
        return Path("backup.db")

    def migrate(self) -> str:
        """The new schema."""
        before, self.schema = self.schema, "2"
        self._do("migrate")
        return f"{before} → 2"

    def put_back(self, copy: Path) -> None:
        """Both ports have one of this name: the copy tells which."""
        if copy.name == "backup.db":
            if self.server:
                raise Refused("a server's schema is not taken back")
            self._do("data-back")
            self.schema = "1"
        else:
            self._do("program-back")
            self.version_now = "1.0.0"

    # robots

    def working(self) -> bool:
        """Whether a guard runs."""
        return self.runs

    def drain(self) -> None:
        """Stop."""
        self._do("drain")
        self.runs = False

    def start(self) -> None:
        """Start with what is installed."""
        if self.version_now == self.version_next:
            self._do("start")
        self.runs = True

    def well(self) -> None:
        """Look for a while."""
        self._do("health")

    def update(self) -> Update:
        """One run."""
        tell, notice, resolved = self.steps.append, self.notices.append, self.resolved.append
        return Update(self, self, self, FakeClock(), tell, notice, resolved)


def test_c42_an_update_drains_backs_up_installs_migrates_starts_and_looks() -> None:
    """In this order, each step told with its time; the notice of an earlier failure is closed."""
    house = House()
    done = house.update().run()
    assert done == Done("1.0.0", "1.1.0", tuple(house.steps), Path("backup.db"))
    assert [step.name for step in house.steps] == ["look", "drain", "backup", "install", "migrate", "start", "health"]
    assert house.did == ["look", "drain", "backup", "remember", "install", "migrate", "start", "health"]
    assert (house.runs, house.notices, house.resolved) == (True, [], [NOTICE_KEY])


@pytest.mark.parametrize("step", ["backup", "install", "migrate", "start", "health"])
def test_c42_whatever_fails_the_earlier_version_runs_again(step: str) -> None:
    """The old program, the old schema, the robots at work, one notice, and the reason."""
    house = House(fails={step})
    with pytest.raises(Refused, match=f"{step} does not work"):
        house.update().run()
    assert (house.version_now, house.schema, house.runs) == ("1.0.0", "1", True)
    assert [cause.key for cause in house.notices] == [NOTICE_KEY]
    assert house.steps[-1].name == "back"
    assert house.steps[-2].trouble is not None


def test_robots_that_do_not_stop_end_the_update_before_anything_changed() -> None:
    """Nothing was installed; they go on."""
    house = House(fails={"drain"})
    with pytest.raises(Refused, match=r"went back to 1\.0\.0"):
        house.update().run()
    assert [what for what in house.did if what != "look"] == ["drain"]
    assert (house.version_now, house.runs) == ("1.0.0", True)


def test_when_even_the_way_back_fails_a_person_is_told_where_the_copies_lie() -> None:
    """`Damaged`, with both reasons, the copy of the program and the backup."""
    house = House(fails={"health", "program-back"})
    with pytest.raises(Damaged, match="health does not work / program-back does not work") as caught:
        house.update().run()
    assert "copy-1.0.0" in caught.value.hint.to("ko")
    assert "backup.db" in caught.value.hint.to("en")
    assert house.notices[0].severity.value == "urgent"


def test_a_servers_schema_is_not_taken_back_by_itself() -> None:
    """After it changed, the way back is a person's; the program is left as it is, for the old one would refuse that schema."""
    house = House(fails={"health"}, server=True)
    with pytest.raises(Damaged, match="a server's schema"):
        house.update().run()
    assert house.version_now == "1.1.0"


def test_what_did_not_run_is_not_started() -> None:
    """An update on a PC where nothing works leaves it so, and looks at nothing that does not run."""
    house = House(runs=False)
    house.update().run()
    assert house.did == ["look", "backup", "remember", "install", "migrate"]
    assert not house.runs


def test_the_same_version_is_left_alone_and_an_older_one_refused() -> None:
    """Nothing is stopped for either."""
    same = House(version_next="1.0.0")
    assert same.update().run().after == "1.0.0"
    assert same.did == ["look"]
    for older in ("0.9.9", "1.0"):
        house = House(version_next=older)
        with pytest.raises(Refused, match="older"):
            house.update().run()
        assert house.did == ["look"]
    assert House(version_now="1.9.0", version_next="1.10.0rc1").update().run().after == "1.10.0rc1"


@pytest.mark.parametrize("kind", [KeyError, KeyboardInterrupt])
def test_a_bug_or_ctrl_c_pretends_nothing_and_leaves_nothing_stopped(kind: type[BaseException]) -> None:
    """It ends as it is; what worked before works again."""

    def bug(what: str) -> None:
        if what == "migrate":
            raise kind("x")

    house = House(on=bug)
    with pytest.raises(kind):
        house.update().run()
    assert (house.notices, house.runs) == ([], True)
