"""The storey that looks after the installation: check-up, news, the guard's evidence, start at boot, updates.

For: the commands and pages about health, and the one process of a PC that carries the news.
Promises: looking back makes nothing: neither a database nor a machine id.
Refuses: to know how an order is worked on.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Self

from onbam.bootstrap.foundation import BACKUPS
from onbam.bootstrap.leases import Leases
from onbam.bootstrap.settings import Settings
from onbam.kernel import home as homes
from onbam.kernel.errors import Misconfigured, OnbamError
from onbam.kernel.words import Lang, Said

if TYPE_CHECKING:  # what needs a driver or a client is imported when it is built: a command pays for what it uses
    from onbam.care.checks.lock import LockParts
    from onbam.care.daily import Day
    from onbam.care.drill import Outcome
    from onbam.care.drill_acts import Drills
    from onbam.care.editing import Editing
    from onbam.care.errands.carrier import Carrier
    from onbam.care.errands.seen import Windows
    from onbam.care.errands.store import Errands
    from onbam.care.report import Report
    from onbam.care.standard import Parts
    from onbam.care.update import Step, Update
    from onbam.database.embedded.server import EmbeddedPostgres
    from onbam.guard.boot.model import Kind, Scope
    from onbam.guard.boot.systems import System
    from onbam.guard.calling import Caller
    from onbam.journal.roller import Roller
    from onbam.kernel.checks import Check
    from onbam.kernel.service import Service
    from onbam.kernel.settings import Loaded
    from onbam.notices.model import Notice
    from onbam.notices.postman import Route
    from onbam.notices.texts import Writer
    from onbam.orders.marks import Marks


class Watch(Leases):
    """Health, news and the way back."""

    def checks(self) -> Mapping[str, Check]:
        """The check-up: every room's checks by name; with unreadable settings, what can be looked at without them."""
        from onbam.care.standard import standard, without_settings

        try:
            parts = self._parts()
        except OnbamError as error:
            return without_settings(error)
        return standard(parts)

    def _parts(self) -> Parts:
        """What the check-up looks at."""
        from onbam.care.checks.files import SECRET_FILES
        from onbam.care.standard import Parts
        from onbam.database import address
        from onbam.guard.boot.model import SCOPES
        from onbam.kernel.settings import known

        chosen = self.settings
        data = self.home / chosen.app.data  # not `self.data`: a check-up makes no folder
        google = (chosen.sheets.credentials_file, chosen.sheets.token_file)
        secret_files = (chosen.vault.secrets_file, chosen.vault.key_file, *google, *SECRET_FILES)
        return Parts(
            home=self.home,
            data=data,
            logs=self.home / chosen.logs.folder,
            settings=chosen.care,
            count=len(known(Settings)),
            zone=chosen.app.time_zone,
            clock=self.clock,
            vault=self.vault,
            secret_files=tuple(self.home / name for name in secret_files),
            port=chosen.web.port,
            has_server=address.file_of(chosen.database, data) is None,
            resting=lambda: address.resting(chosen.database, data, clock=self.clock, environ=self.environ),
            database=self.database_at,
            backups=data / BACKUPS,
            lock=lambda: self._lock_parts(data),
            robots=self._own_programs(),
            lacking=self._lacking,
            refused=lambda: self._refused(data),
            boot=[lambda scope=scope: self._boot(data, scope) for scope in SCOPES],  # type: ignore[misc]
        )

    def _own_programs(self) -> list[str]:
        """Onbam's programs that are set to run here."""
        from onbam.guard.plan import PROGRAMS, named

        chosen = self.settings
        off = {name for name, own in chosen.process.items() if not own.enabled or own.command}
        return [name for name in named(chosen.guard.run, PROGRAMS) if name in PROGRAMS and name not in off]

    def _lacking(self) -> OnbamError | None:
        """What the order robot cannot work without, where it runs."""
        from onbam.orders.agent import SEAT
        from onbam.orders.unset import check_set

        try:
            if SEAT in self._own_programs():
                check_set(self.settings.portal, self.settings.ecount)
        except Misconfigured as error:
            return error
        return None

    def _refused(self, data: Path) -> Sequence[Notice]:
        """Open notices of sites that refuse us; where there is no database to ask, its own check says so."""
        from onbam.database import address, revisions
        from onbam.notices.ports import LIST_MAX
        from onbam.notices.stores.sql import SqlNotices
        from onbam.orders.health import STOPPED

        if address.resting(self.settings.database, data, clock=self.clock, environ=self.environ) is not None:
            return ()
        try:
            with closing(self.database_at()) as database:
                with database.read() as connection:
                    if revisions.current(connection) != revisions.known()[-1]:
                        return ()
                return [one for one in SqlNotices(database).inbox(limit=LIST_MAX) if one.key.startswith(STOPPED)]
        except OnbamError:
            return ()

    def _lock_parts(self, data: Path) -> LockParts:
        """What the check-up looks at of the lock between PCs; it makes neither a database nor a machine id."""
        from onbam.care.checks.lock import LockParts
        from onbam.claims import identity, lone
        from onbam.claims.board_rows import Others
        from onbam.database import address

        chosen = self.settings.claims
        resting = address.resting(self.settings.database, data, clock=self.clock, environ=self.environ)
        known = self.machine_id if (data / identity.FILE).is_file() else "-"
        fleet = self.fleet if resting is None else lone.Fleet(known, self.host, self._machines)
        since = lone.begun(data)
        return LockParts(
            standing=self.lock_standing,
            refusal=lambda: lone.refusal(chosen, fleet),
            unlocked_since_ms=since[1] if since else None,
            store=lambda: self.lock_store_trouble(lambda: None if resting is not None else self.database_at().close()),
            connection=self.sheet_connection,
            others=Others(self.zone, chosen.timeout_s * 1000),
            machine=f"{self.host.name}_{self.host.ip} ({known})",
        )

    @cached_property
    def notice_routes(self) -> Sequence[Route]:
        """Who is told outside, and how."""
        from onbam.notices.routes import routes

        return routes(self.settings.notices, self.redactor.text)

    def notice_writer(self, lang: Lang) -> Writer:
        """How a message is written."""
        from onbam.notices.texts import Writer

        return Writer(lang, self.zone, self.redactor.text, self.settings.notices.link_base)

    def watch_services(self) -> list[Service]:
        """What carries news: the guard's in, the inbox's out, other PCs' silence; and what keeps our own server alive."""
        from onbam.care.peerwatch import PeerWatch
        from onbam.notices.deadman import DeadMan, get

        chosen = self.settings.notices
        out: list[Service] = [self._guard_news(), self.carrier, self._roller()]
        if (server := self.embedded_server) is not None:
            out.append(self._server_keeper(server))
        if self.registry is not None:
            out.append(PeerWatch(self.registry, self.notices, self.schedule, self.machine_id, self.outbox.now_ms))
        if self.notice_routes:
            out.append(self._postman())
        if chosen.deadman_url:
            out.append(DeadMan(chosen.deadman_url, chosen.deadman_minutes * 60, self._main_works, get))
        return out

    def _guard_news(self) -> Service:
        """What the guard told, into the journal and the inbox."""
        from onbam.care.guardnews import GuardNews
        from onbam.kernel.child import RUN_FOLDER

        run = self.data / RUN_FOLDER
        return GuardNews(run, self.journal, self.notices, self.clock, self.host.name, self.redactor.text)

    def _postman(self) -> Service:
        """What is in the inbox, to those outside."""
        from onbam.care.daily import three_lines
        from onbam.notices.manners import manners_of
        from onbam.notices.postman import Postman

        chosen = self.settings.notices
        return Postman(
            self.outbox,
            self.notices,
            self.notice_routes,
            manners_of(chosen, self.zone),
            self.notice_writer(self.lang),
            self.chance,
            digest_to=chosen.digest_to,
            bundle_over=chosen.bundle_over,
            timeout_s=chosen.timeout_s,
            day_lines=lambda: three_lines(self.day()),
        )

    def carry_news(self) -> int:
        """Once what the agent and the web do all the time: the guard's news in and out. How many letters still wait."""
        from onbam.guard.report import LEFT
        from onbam.kernel.child import RUN_FOLDER
        from onbam.notices.letters import State

        services = [self._guard_news(), *([self._postman()] if self.notice_routes else [])]
        for service in services:
            service.step(self.clock.now())
        wait = sum(1 for letter in self.outbox.stand().letters if letter.state is State.DUE) if self.notice_routes else 0
        left = homes.made(self.data / RUN_FOLDER) / LEFT
        if wait:
            left.touch()
        else:
            left.unlink(missing_ok=True)
        return wait

    def _roller(self) -> Roller:
        """Turns old lines of the journal into counts; what is to be told once the lock is back stays until then."""
        from onbam.claims import lone
        from onbam.journal.retention import Retention
        from onbam.journal.roller import Roller

        def needed_after() -> int | None:
            since = lone.begun(self.data)
            return None if since is None else since[0]

        return Roller(Retention(self.database, self.zone), self.marks, self.settings.journal.keep_days, needed_after)

    @cached_property
    def marks(self) -> Marks:
        """What was done last, and when, by whichever PC: the ledger looked at, evidence pruned, the journal rolled up."""
        from onbam.orders.stores.robot_sql import SqlMarks

        return SqlMarks(self.database)

    @staticmethod
    def _server_keeper(server: EmbeddedPostgres) -> Service:
        """Starts our own PostgreSQL again when it has died."""
        from onbam.database.embedded.server import Keeper
        from onbam.logs.voice import get_logger

        return Keeper(server, get_logger("database").warning)

    @cached_property
    def errands(self) -> Errands:
        """What PCs are asked to do from another one."""
        from onbam.care.errands.store import Errands
        from onbam.kernel.ids import new_id

        return Errands(self.database, lambda: new_id(self.clock, self.chance))

    @cached_property
    def carrier(self) -> Carrier:
        """Does what this PC was asked to do, through its guard."""
        from onbam.care.errands.carrier import Carrier
        from onbam.guard import door
        from onbam.kernel.child import RUN_FOLDER

        run = self.data / RUN_FOLDER
        return Carrier(self.errands, self.machine_id, lambda request: door.ask(run, request), self.windows.look)

    @cached_property
    def editing(self) -> Editing:
        """The settings of this PC that may be changed on a page."""
        from onbam.care.editing import Editing
        from onbam.guard.model import time_of
        from onbam.kernel.settings import load
        from onbam.notices.manners import manners_of
        from onbam.schedules.settings import schedule_of

        def check(tree: Settings) -> None:
            schedule_of(tree.schedules, self.zone)
            manners_of(tree.notices, self.zone)
            time_of(tree.guard.renew_at, "guard.renew_at")

        def again(more: Mapping[str, str]) -> Loaded[Settings]:
            return load(Settings, self.home, self.environ, {**self._flags, **more})

        return Editing(self.home, Settings, self.loaded, again, check, lambda: self.journal, self.clock)

    @cached_property
    def windows(self) -> Windows:
        """What this PC shows of itself."""
        from onbam.care.errands.seen import Windows

        logs = self.home / self.settings.logs.folder
        return Windows(logs, self.incidents_folder, lambda: self.clock.now().astimezone(self.zone), self.redactor.text)

    def _main_works(self) -> bool:
        """Whether the main program of this PC keeps its promises, as far as it says."""
        from onbam.kernel.beats import SUFFIX, read_beat
        from onbam.kernel.child import RUN_FOLDER

        beat = read_beat(self.data / RUN_FOLDER / f"{self.settings.guard.main}{SUFFIX}")
        now_s, limit_s = self.clock.monotonic(), self.settings.guard.timeout_s
        return beat is not None and all(now_s - lane.mono_s < max(limit_s, lane.promise_s) for lane in beat.lanes)

    @property
    def incidents_folder(self) -> Path:
        """Where the guard keeps the evidence."""
        from onbam.guard.incidents import FOLDER

        return self.data / FOLDER

    def day(self) -> Day:
        """This PC as the daily check sees it."""
        from onbam.care.daily_look import look
        from onbam.kernel.child import RUN_FOLDER

        chosen = self.settings
        extra = chosen.process.get(chosen.guard.main)
        command = extra.command if extra is not None and extra.command else None
        local = self.clock.now().astimezone(self.zone)
        words = shlex.split(command) if isinstance(command, str) else command
        run, logs = self.data / RUN_FOLDER, self.home / chosen.logs.folder
        return look(self.home, run, logs, chosen.guard.main, local, self.boot_system, own_command=words)

    def report(self, first: date, last: date) -> Report:
        """These days in figures."""
        from onbam.care.report_read import gathered
        from onbam.kernel.child import RUN_FOLDER

        entries = self.journal if self.has_database() else None
        return gathered(
            first,
            last,
            journal=entries,
            run=self.data / RUN_FOLDER,
            logs=self.home / self.settings.logs.folder,
            host=self.host.name,
            schedule=self.schedule,
            now=self.clock.now(),
        )

    def drills(self, caller: Caller, tell: Callable[[Said], None]) -> Drills:
        """Accidents on purpose, for this installation."""
        from onbam.care.drill_acts import Drills
        from onbam.care.drill_store import out_of_reach

        @contextmanager
        def store() -> Iterator[None]:
            with closing(self.database_at()) as database, out_of_reach(database):
                yield

        def is_open() -> bool:
            return self.schedule.is_open(self.clock.now())

        return Drills(caller, self.host.name, is_open=is_open, store=store, tell=tell)

    def keep_drill(self, outcome: Outcome, reason: str) -> None:
        """Write down what came out of a drill."""
        self.journal.append([outcome.to_line(self.person, reason)])

    def past_drills(self, days: int) -> list[Outcome]:
        """The drills of so many days, the newest first."""
        from onbam.care.report_read import drills, entries

        if not self.has_database():
            return []
        now = self.clock.now()
        return drills(entries(self.journal, now - timedelta(days=days), now + timedelta(days=1)))[::-1]

    def boot_system(self, scope: Scope | None = None, kind: Kind | None = None) -> System:
        """The operating system, to be told to start this installation."""
        return self._boot(self.data, scope, kind)

    def _boot(self, data: Path, scope: Scope | None, kind: Kind | None = None) -> System:
        from onbam.guard.boot.here import boot_here, kind_here, system_here
        from onbam.guard.model import time_of

        chosen, at = kind or kind_here(), time_of(self.settings.guard.renew_at, "guard.renew_at")
        return system_here(boot_here(self.home, self.environ, scope, chosen, at), chosen, data, self.environ)

    def write_boot_guide(self, told: System, lang: Lang) -> Path:
        """The page for people beside what was registered."""
        from onbam.guard.boot.guide import write_guide
        from onbam.guard.boot.here import FOLDER

        return write_guide(told, self.data / FOLDER, lang)

    def update(self, caller: Caller, wheel: Path | None, version: str, tell: Callable[[Step], None]) -> Update:
        """An update of this installation, ready to run."""
        from onbam.care.update import Update
        from onbam.care.update_program import InstalledProgram, run
        from onbam.care.update_robots import GuardedRobots, ShopData

        copies = self.data / BACKUPS
        database = self.database_at if self.has_database() else None
        return Update(
            InstalledProgram(copies, wheel=wheel, version=version),
            ShopData(self.home, copies, database, run),
            GuardedRobots(caller, self.boot_system, run, watch_s=self.settings.care.update_watch_s),
            self.clock,
            tell,
            lambda cause: self._apart(lambda fresh: fresh.notices.open(cause)),
            lambda key: self._apart(lambda fresh: fresh.notices.resolve(key, who="system:update", why="updated")),
        )

    def _apart(self, act: Callable[[Self], object]) -> None:
        """With connections of its own: an update may have replaced the database's file. Trouble is told elsewhere."""
        with (
            suppress(OnbamError),
            type(self)(self.home, self.environ, self._flags, clock=self.clock, chance=self.chance) as fresh,
        ):
            if fresh.has_database():
                act(fresh)
