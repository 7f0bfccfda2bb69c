"""The only place where clients, stores and engines are built.

For: the edges (command line, pages, window) and the processes: they ask one `Onbam` for what they need.
Promises: each part is built once, when first asked for, from the settings; closing gives everything back in reverse order.
Refuses: rules. What a part does is its room's business; here it only gets its neighbours.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self, TextIO, cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from onbam.care.settings import CareSettings
from onbam.catalog.settings import SchedulerSettings
from onbam.claims.model import Agent, Terms
from onbam.claims.ports import ClaimStore
from onbam.claims.settings import ClaimSettings
from onbam.connectors.ecount.settings import EcountSettings
from onbam.connectors.portal.settings import PortalSettings
from onbam.connectors.sheets.settings import SheetsSettings
from onbam.database.settings import DatabaseSettings
from onbam.guard.settings import GuardSettings, ProcessSettings
from onbam.kernel import home as homes
from onbam.kernel.app_settings import AppSettings
from onbam.kernel.chance import Chance
from onbam.kernel.clock import Clock, SystemClock
from onbam.kernel.errors import Misconfigured, OnbamError
from onbam.kernel.redact import Redactor
from onbam.kernel.settings import Loaded, Secret, load
from onbam.kernel.words import Lang, Said, Text, language
from onbam.logs.settings import LogSettings
from onbam.notices.settings import NoticeSettings
from onbam.orders.settings import OrderSettings
from onbam.people.settings import WebSettings
from onbam.schedules.settings import ScheduleSettings, schedule_of
from onbam.vault.settings import VaultSettings

if TYPE_CHECKING:  # what needs a driver or a client is imported when it is built: a command pays for what it uses
    from onbam.care.checks.lock import LockParts
    from onbam.care.daily import Day
    from onbam.care.report import Report
    from onbam.care.standard import Parts
    from onbam.care.update import Step, Update
    from onbam.claims.board import Board
    from onbam.claims.board_service import BoardService
    from onbam.claims.connection import Connection
    from onbam.claims.identity import Host
    from onbam.claims.lone import Fleet
    from onbam.claims.machines import Registry
    from onbam.connectors.ecount.client import EcountClient
    from onbam.connectors.ecount.contract import SessionShelf, Turnstile
    from onbam.connectors.portal.client import PortalClient
    from onbam.connectors.sheets.client import SheetsClient
    from onbam.connectors.sheets.credentials import Papers
    from onbam.database.embedded.server import EmbeddedPostgres
    from onbam.database.engine import Database
    from onbam.effects.ports import EffectLedger
    from onbam.effects.settle import Settler
    from onbam.guard.boot.model import Kind, Scope
    from onbam.guard.boot.systems import System
    from onbam.guard.calling import Caller
    from onbam.journal.ports import Journal
    from onbam.kernel.checks import Check
    from onbam.kernel.child import Child
    from onbam.kernel.service import Service
    from onbam.logs.setup import Logs
    from onbam.notices.outbox import Outbox
    from onbam.notices.ports import Notices
    from onbam.notices.postman import Route
    from onbam.notices.texts import Writer
    from onbam.orders.agent import OrderAgent
    from onbam.orders.codefile import CodeFile
    from onbam.orders.desk import Desk
    from onbam.orders.evidence import Evidence
    from onbam.orders.ledgers import Ledgers
    from onbam.orders.marks import Marks
    from onbam.orders.pauses import Pauses, Stops
    from onbam.orders.sheet_stop import SheetStop
    from onbam.people.people import People
    from onbam.schedules.model import Schedule
    from onbam.vault.shelf import Elsewhere, Vault

NO_ZONE: Final = Text(ko="{where}: '{name}'이라는 시간대는 없습니다.", en="{where}: there is no time zone '{name}'.")
NO_ZONE_HINT: Final = Text(ko='예: app.time_zone = "Asia/Seoul"', en='As in app.time_zone = "Asia/Seoul"')
NO_SHEET: Final = Text(ko="Google 시트가 정해지지 않았습니다.", en="No Google Sheet is set.")
NO_SHEET_HINT: Final = Text(
    ko="GOOGLE_SHEET_ID에 시트 주소의 /d/ 뒤에 있는 ID를 적으십시오. 시트 없이 쓰려면 CLAIM_STORE=auto로 두십시오.",
    en="Put the id that stands after /d/ in the sheet's address into GOOGLE_SHEET_ID; without a sheet, leave CLAIM_STORE=auto.",
)
BACKUPS: Final = "backups"
"""The folder of the data folder that holds copies of the database."""
BOARD_ROUNDS_KEPT: Final = 4
"""A PC that keeps the board and misses this many rounds loses it to another."""
IDLE_LOOKS: Final = 4
"""Of so many looks at the sheet an idle agent makes one: the rest of its share is for work."""
SCRIPT_SEAT: Final = "script"
"""Whose leases are an older script's."""
SHEET_VIEW_AGE_S: Final = 2.0
"""An agent may decide on a view of the sheet this old; a decision on an older one loses its race and is taken again."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting of the product: one field a room."""

    app: AppSettings = field(default_factory=AppSettings)
    care: CareSettings = field(default_factory=CareSettings)
    claims: ClaimSettings = field(default_factory=ClaimSettings)
    database: DatabaseSettings = field(default_factory=DatabaseSettings)
    ecount: EcountSettings = field(default_factory=EcountSettings)
    guard: GuardSettings = field(default_factory=GuardSettings)
    logs: LogSettings = field(default_factory=LogSettings)
    notices: NoticeSettings = field(default_factory=NoticeSettings)
    orders: OrderSettings = field(default_factory=OrderSettings)
    portal: PortalSettings = field(default_factory=PortalSettings)
    process: Mapping[str, ProcessSettings] = field(default_factory=dict)
    scheduler: SchedulerSettings = field(default_factory=SchedulerSettings)
    schedules: ScheduleSettings = field(default_factory=ScheduleSettings)
    sheets: SheetsSettings = field(default_factory=SheetsSettings)
    vault: VaultSettings = field(default_factory=VaultSettings)
    web: WebSettings = field(default_factory=WebSettings)


class Onbam:
    """One process's Onbam."""

    def __init__(
        self,
        home: Path,
        environ: Mapping[str, str],
        flags: Mapping[str, str] | None = None,
        *,
        clock: Clock | None = None,
        chance: Chance | None = None,
        patience_s: float = 5.0,
    ) -> None:
        self.home = home
        self.environ = environ
        self.clock: Clock = clock or SystemClock()
        self.chance = chance or Chance()
        self._flags = dict(flags or {})
        self._patience_s = patience_s
        """How long to wait for a used-up quota: an agent goes on with something else, a person at a terminal waits."""
        self._closing = ExitStack()

    @cached_property
    def outside(self) -> Loaded[Settings]:
        """The settings without the vault's secrets: what is needed to open the vault, and to mend it."""
        return load(Settings, self.home, self.environ, self._flags)

    @cached_property
    def loaded(self) -> Loaded[Settings]:
        """The settings with where each came from; the vault is asked for the secrets that nothing else gave."""
        if not (self.home / self.outside.tree.vault.secrets_file).is_file():
            return self.outside
        return load(Settings, self.home, self.environ, self._flags, self.vault.shelf())

    @property
    def settings(self) -> Settings:
        """The settings."""
        return self.loaded.tree

    @cached_property
    def redactor(self) -> Redactor:
        """Knows every secret of the settings, and what looks like one around them; rooms teach it theirs."""
        from onbam.notices.channels.made import receivers, secrets_of

        redactor = Redactor()
        redactor.learn_around(self.home, self.environ)
        with suppress(OnbamError):  # unreadable settings are reported by whoever reads them; their report is redacted too
            redactor.learn_settings(self.settings)
            redactor.learn(*(part for one in receivers(self.settings.notices) for part in secrets_of(one)))
        return redactor

    @cached_property
    def vault(self) -> Vault:
        """Where secrets rest, and the cipher for other people's."""
        from onbam.vault.shelf import open_vault

        return open_vault(self.outside.tree.vault, self.home, self.clock)

    def locked_elsewhere(self) -> tuple[Elsewhere, ...]:
        """Every room that keeps encrypted texts of its own: a change of key goes through all of them."""
        from onbam.connectors.ecount.stores_sql import reencrypt

        rooms: list[Elsewhere] = [lambda cipher: reencrypt(self.database, cipher)]
        if self.sheet_decides:
            from onbam.orders.stores import erp_claims

            rooms.append(lambda cipher: erp_claims.reencrypt(self.claims, cast("erp_claims.Alone", self._own_claims), cipher))
        return tuple(rooms)

    def start_logs(self, console: TextIO | None = None, **always: object) -> Logs:
        """Begin this process's log; `always` stands on every line beside the machine: process, agent."""
        from onbam.logs.setup import start

        logs = start(
            self.settings.logs,
            self.home,
            clock=self.clock,
            zone=self.zone,
            redactor=self.redactor,
            lang=self.lang,
            always={"machine": self.host.name, **always},
            console=console,
        )
        self._closing.callback(logs.stop)
        return logs

    def child(self, name: str) -> Child:
        """This process's place under the guard (or by hand): its beats, and the wish to pause or end."""
        from onbam.kernel.beats import HEARTBEAT_NAME
        from onbam.kernel.child import child
        from onbam.logs.voice import get_logger

        heartbeat = self.home / HEARTBEAT_NAME if name == self.settings.guard.main else None
        warn = get_logger("beats").warning
        return child(self.environ, self.clock, name=name, data=self.data, warn=warn, heartbeat=heartbeat, zone=self.zone)

    @cached_property
    def lang(self) -> Lang:
        """The language people are spoken to in."""
        return language(self.settings.app.language, self.environ)

    @cached_property
    def data(self) -> Path:
        """The data folder, made when missing."""
        return homes.made(self.home / self.settings.app.data)

    @cached_property
    def zone(self) -> ZoneInfo:
        """The shop's time zone."""
        name = self.settings.app.time_zone
        try:
            return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError):
            where = self.loaded.origins["app.time_zone"].where
            raise Misconfigured(NO_ZONE(where=where, name=name), NO_ZONE_HINT) from None

    @cached_property
    def database(self) -> Database:
        """The open database, its schema brought up to date."""
        from onbam.database.migrate import upgrade

        database = self.database_at()
        self._closing.callback(database.close)
        upgrade(database, chance=self.chance)
        return database

    def database_at(self, url: str | None = None) -> Database:
        """A database as it is, ours or another one: whoever asks for it closes it. Our own server is started for it."""
        from onbam.database.address import address
        from onbam.database.engine import open_database

        chosen = self.settings.database
        if url is not None:
            chosen = replace(chosen, url=Secret(url))
        where = address(chosen, self.data, clock=self.clock, environ=self.environ)
        return open_database(where, clock=self.clock, settings=chosen)

    @property
    def embedded_server(self) -> EmbeddedPostgres | None:
        """Our own PostgreSQL, running or not; none when the shop chose another database. The guard looks after it."""
        from onbam.database.address import embedded

        return embedded(self.settings.database, self.data, clock=self.clock, environ=self.environ)

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
        )

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
            enabled=chosen.enabled,
            refusal=lambda: lone.refusal(chosen, fleet),
            unlocked_since_ms=since[1] if since else None,
            sheet_decides=self.sheet_decides,
            has_sheet=bool(self.settings.sheets.spreadsheet_id),
            connection=self.sheet_connection,
            others=Others(self.zone, chosen.timeout_s * 1000),
            machine=f"{self.host.name}_{self.host.ip} ({known})",
        )

    def sheet_connection(self) -> Connection:
        """One look at the shop's spreadsheet, whatever stands in the way."""
        from onbam.claims.connection import look
        from onbam.connectors.sheets.credentials import read_papers

        def papers() -> Papers:
            return read_papers(self.home / self.settings.sheets.credentials_file, self.home / self.settings.sheets.token_file)

        return look(papers, lambda: self.sheet, self.settings.claims.sheet_name, self.zone)

    @cached_property
    def sheet(self) -> SheetsClient:
        """The shop's spreadsheet."""
        from onbam.connectors.sheets.budget import Budget
        from onbam.connectors.sheets.client import SheetsClient
        from onbam.connectors.sheets.credentials import read_credentials
        from onbam.connectors.sheets.transport import HttpTransport

        chosen = self.settings.sheets
        if not chosen.spreadsheet_id:
            raise Misconfigured(NO_SHEET, NO_SHEET_HINT)
        credentials = read_credentials(self.home / chosen.credentials_file, self.home / chosen.token_file)
        transport = HttpTransport(credentials, api_url=chosen.api_url, drive_url=chosen.drive_url, timeout_s=chosen.timeout_s)
        self._closing.callback(transport.close)
        share = 1 / chosen.machines
        budget = Budget(self.clock, self.chance, reads=chosen.reads_per_minute * share, writes=chosen.writes_per_minute * share)
        return SheetsClient(transport, chosen.spreadsheet_id, self.clock, budget, patience_s=self._patience_s)

    @cached_property
    def terms(self) -> Terms:
        """The rules of a lease: short and renewed in a database, as long as the old timeout on a sheet."""
        chosen = self.settings.claims
        limit_ms = chosen.timeout_s * 1000
        lease_ms = limit_ms if self.sheet_decides else min(int(chosen.lease_s * 1000), limit_ms)
        return Terms(lease_ms=lease_ms, limit_ms=limit_ms, poison_after=chosen.poison_after)

    @property
    def sheet_decides(self) -> bool:
        """Whether the sheet is the PCs' common ground; with the lock off, this PC's database is all there is."""
        return self.settings.claims.store == "sheets" and self.settings.claims.enabled

    @cached_property
    def claims(self) -> ClaimStore:
        """Where it is decided who works on what; with respect for older programs where a sheet is set.

        With the lock off on a PC that is not the only one it can be looked at, and gives nothing out.
        """
        from onbam.claims import lone

        chosen = self.settings.claims
        store = self._own_claims
        why = lone.refusal(chosen, self.fleet)
        if why is not None:
            return lone.Shut(store, why)
        if chosen.store == "sheets" and not chosen.enabled:
            lone.begin(self.data, self.journal.head(), store.now_ms())
        elif self.sheet_decides and lone.begun(self.data) is not None:
            from onbam.claims.stores.sql import SqlStore

            lone.carry_over(self.data, SqlStore(self.database, self.terms), store)
        return self._beside_older(store)

    @cached_property
    def _own_claims(self) -> ClaimStore:
        """The store itself: also for what is not a lease."""
        return self.open_claims(self.terms)

    @property
    def fleet(self) -> Fleet:
        """Who else there is, as far as this PC can know."""
        from onbam.claims.lone import Fleet

        peers = () if self.registry is None or self.settings.claims.enabled else self.registry.peers()
        return Fleet(self.machine_id, self.host, self._machines, peers)

    @property
    def _machines(self) -> int:
        """PCs that share the sheet, by the settings."""
        return self.settings.sheets.machines if self.settings.sheets.spreadsheet_id else 1

    def _beside_older(self, store: ClaimStore) -> ClaimStore:
        """The store with respect for PCs that run an older program on the same sheet, where there may be such."""
        chosen = self.settings.claims
        if not self.settings.sheets.spreadsheet_id or chosen.older_pcs == "off" or not chosen.enabled:
            return store
        from onbam.claims.board_look import Look
        from onbam.claims.older import BesideOlder
        from onbam.orders.model import KIND

        timeout_ms, always = chosen.timeout_s * 1000, chosen.older_pcs == "on"

        def look() -> Look:
            title, where = chosen.sheet_name, (self.zone, self.clock)
            return Look(self.sheet, self._board(), title, *where, timeout_ms=timeout_ms, always=always)

        return BesideOlder(store, look, self.clock, KIND)

    def _board(self, *, ours: str = "") -> Board:
        """The sheet people look at."""
        from onbam.claims.board import KEEP_MS, Board
        from onbam.orders.model import KIND

        chosen = self.settings.claims
        return Board(
            self.sheet,
            chosen.sheet_name,
            KIND,
            self.zone,
            ours=ours,
            timeout_ms=chosen.timeout_s * 1000,
            keep_days=chosen.cleanup_days,
            keep_ms=max(KEEP_MS, int(BOARD_ROUNDS_KEPT * chosen.board_every_s * 1000)),
        )

    @cached_property
    def board_service(self) -> BoardService | None:
        """Keeps the visible sheet current, whichever store decides; none when the shop wants no board."""
        chosen = self.settings.claims
        if chosen.board == "off" or (chosen.board == "auto" and not self.settings.sheets.spreadsheet_id):
            return None
        from onbam.claims.board_service import BoardService

        return BoardService(
            lambda: self._board(ours=f"{self.machine_id}:{homes.own_pid()}"),
            self.claims,
            self.clock,
            self.chance,
            self.zone,
            every_s=chosen.board_every_s,
            spare=lambda: self.sheet.spare(),  # noqa: PLW0108 -- the sheet is opened when first asked for
            notices=self.notices,
        )

    def open_claims(self, terms: Terms) -> ClaimStore:
        """The claim store itself, under other terms: the self-test's way in."""
        if self.sheet_decides:
            from onbam.claims.stores.sheet.store import SheetStore

            return SheetStore(self.sheet, self.clock, self.chance, terms, view_age_s=SHEET_VIEW_AGE_S)
        from onbam.claims.stores.sql import SqlStore

        return SqlStore(self.database, terms)

    def open_script_claims(self) -> ClaimStore:
        """The claim store as an old script needs it, which renews nothing: a lease lasts as long as the old timeout."""
        from onbam.claims.lone import Shut

        if isinstance(self.claims, Shut):
            return self.claims
        return self._beside_older(self.open_claims(replace(self.terms, lease_ms=self.terms.limit_ms)))

    @cached_property
    def script_agent(self) -> Agent:
        """A script on this PC."""
        from onbam.claims.identity import agent_of

        return agent_of(self.machine_id, self.host, SCRIPT_SEAT, self.chance)

    @cached_property
    def journal(self) -> Journal:
        """The record of every change."""
        from onbam.journal.sql import SqlJournal

        journal = SqlJournal(self.database, self.clock)
        self._closing.callback(journal.close)
        return journal

    @cached_property
    def portal(self) -> PortalClient:
        """The supplier's site; `Misconfigured` names what is not set."""
        from onbam.connectors.portal.client import PortalClient

        client = PortalClient(self.settings.portal, self.clock)
        self._closing.callback(client.close)
        return client

    @cached_property
    def erp(self) -> EcountClient:
        """The company's books; `Misconfigured` names what is not set. Session and spacing are shared where the leases are."""
        from onbam.connectors.ecount.client import EcountClient
        from onbam.orders.lead import lead_s

        shelf, turnstile = self._shared_by_all_pcs()
        ahead_s = lead_s(self._own_claims.capabilities)
        client = EcountClient(self.settings.ecount, self.clock, shelf, turnstile, ahead_s=ahead_s)
        self._closing.callback(client.close)
        return client

    def _shared_by_all_pcs(self) -> tuple[SessionShelf, Turnstile]:
        """What the PCs of a company share about their ERP."""
        if self.sheet_decides:
            from onbam.orders.stores.erp_claims import Alone, ClaimShelf, ClaimTurnstile

            alone = cast("Alone", self._own_claims)
            grain_s = self._own_claims.capabilities.clock_grain_ms / 1000
            return ClaimShelf(alone, self.vault.own_cipher, self.clock), ClaimTurnstile(alone, grain_s)
        from onbam.connectors.ecount.stores_sql import SqlShelf, SqlTurnstile

        return SqlShelf(self.database, self.vault.own_cipher), SqlTurnstile(self.database)

    @cached_property
    def pauses(self) -> Pauses:
        """Stops: why nothing may be sent now."""
        from onbam.orders.stores.robot_sql import SqlPauses

        return SqlPauses(self.database)

    @cached_property
    def stops(self) -> Stops:
        """This PC's brakes: every place a stop may be set."""
        from onbam.orders.pauses import Stops

        return Stops(self.pauses, self.machine_id, self.home / self.settings.orders.pause_file)

    @cached_property
    def sheet_stop(self) -> SheetStop | None:
        """The cell of the shared sheet that stops every PC; none without a sheet."""
        if not self.settings.sheets.spreadsheet_id:
            return None
        from onbam.orders.sheet_stop import SheetStop

        return SheetStop(self.sheet)

    @cached_property
    def marks(self) -> Marks:
        """When the ledger was looked at last, and whether somebody wants it looked at now."""
        from onbam.orders.stores.robot_sql import SqlMarks

        return SqlMarks(self.database)

    @cached_property
    def ledgers(self) -> Ledgers:
        """The look at the supplier's ledger, by a person."""
        from onbam.orders import flow_words
        from onbam.orders.health import Health
        from onbam.orders.ledgers import Ledgers

        who, chosen = self.person, self.settings.portal
        health = Health("portal", flow_words.PORTAL, self.notices, self.clock, self.chance, who=who)
        return Ledgers(
            self.portal,
            self.claims,
            self.evidence,
            self.notices,
            health,
            kinds=chosen.kinds,
            window_days=chosen.window_days,
            clock=self.clock,
            zone=self.zone,
            who=who,
        )

    @property
    def _spacing_s(self) -> float:
        """How long one PC waits from one of its turns at the ERP to the next, when all of them are at work."""
        own, grain_s = self.settings.ecount, self._own_claims.capabilities.clock_grain_ms / 1000
        return (own.save_interval_s + own.slack_s + grain_s) * (self._machines if self.sheet_decides else 1)

    def order_agent(self, child: Child, logs: Logs) -> OrderAgent:
        """The agent of this process; `Misconfigured` names what it lacks."""
        from onbam import __version__
        from onbam.claims.identity import agent_of
        from onbam.orders.agent import SEAT, OrderAgent, Parts
        from onbam.orders.history_file import end_of

        chosen = self.settings
        in_sheet = self.sheet_decides
        board, stop = self.board_service, self.sheet_stop
        return OrderAgent(
            Parts(
                agent=agent_of(self.machine_id, self.host, SEAT, self.chance),
                version=__version__,
                pid=homes.own_pid(),
                home=self.home,
                settings=chosen.orders,
                portal=self.portal,  # these two first: they say what is not set
                erp=self.erp,
                store=self.claims,
                registry=self.registry,
                ledger=self.ledger,
                settler=self.settler,
                notices=self.notices,
                evidence=self.evidence,
                pauses=self.pauses,
                marks=self.marks,
                schedule=self.schedule,
                codes=self.codes.read,
                uploads=logs.uploads.open,
                beats=child.beats,
                clock=self.clock,
                chance=self.chance,
                zone=self.zone,
                lang=self.lang,
                kinds=chosen.portal.kinds,
                window_days=chosen.portal.window_days,
                head=(lambda: end_of(self.claims)) if in_sheet else self.journal.head,
                spacing_s=self._spacing_s,
                cleanup_days=chosen.claims.cleanup_days,
                locked=chosen.claims.enabled,
                drains=child.paused,
                services=[*(service for service in (board, stop) if service is not None), *self.watch_services()],
                stops=() if stop is None else (stop,),
                pace_s=IDLE_LOOKS * 60.0 * chosen.sheets.machines / chosen.sheets.reads_per_minute if in_sheet else 0.0,
            )
        )

    @cached_property
    def evidence(self) -> Evidence:
        """What the steps of an order leave behind."""
        from onbam.orders.stores.evidence_sql import SqlEvidence

        return SqlEvidence(self.database)

    @cached_property
    def notices(self) -> Notices:
        """The inbox."""
        from onbam.notices.stores.sql import SqlNotices

        return SqlNotices(self.database)

    @cached_property
    def outbox(self) -> Outbox:
        """Notices on their way outside."""
        from onbam.notices.stores.outbox import SqlOutbox

        return SqlOutbox(self.database)

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
        """What carries news: the guard's in, the inbox's out, other PCs' silence. One process of a PC runs them."""
        from onbam.care.daily import three_lines
        from onbam.care.guardnews import GuardNews
        from onbam.care.peerwatch import PeerWatch
        from onbam.kernel.child import RUN_FOLDER
        from onbam.notices.deadman import DeadMan, get
        from onbam.notices.manners import manners_of
        from onbam.notices.postman import Postman

        chosen, run = self.settings.notices, self.data / RUN_FOLDER
        out: list[Service] = [GuardNews(run, self.journal, self.notices, self.clock, self.host.name, self.redactor.text)]
        if self.registry is not None:
            out.append(PeerWatch(self.registry, self.notices, self.schedule, self.machine_id, self.outbox.now_ms))
        if self.notice_routes:
            out.append(
                Postman(
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
            )
        if chosen.deadman_url:
            out.append(DeadMan(chosen.deadman_url, chosen.deadman_minutes * 60, self._main_works, get))
        return out

    def _main_works(self) -> bool:
        """Whether the main program of this PC keeps its promises, as far as it says."""
        from onbam.kernel.beats import SUFFIX, read_beat
        from onbam.kernel.child import RUN_FOLDER

        beat = read_beat(self.data / RUN_FOLDER / f"{self.settings.guard.main}{SUFFIX}")
        now_s, limit_s = self.clock.monotonic(), self.settings.guard.timeout_s
        return beat is not None and all(now_s - lane.mono_s < max(limit_s, lane.promise_s) for lane in beat.lanes)

    @cached_property
    def ledger(self) -> EffectLedger:
        """What was sent, or may have been."""
        from onbam.effects.stores.sql import SqlLedger

        return SqlLedger(self.database)

    @cached_property
    def settler(self) -> Settler:
        """Goes through what is uncertain; a person's two buttons."""
        from onbam.effects.settle import Settler

        return Settler(self.claims, self.ledger, self.notices, self.clock)

    @cached_property
    def desk(self) -> Desk:
        """What people ask about orders and do to them."""
        from onbam.orders.desk import Desk
        from onbam.orders.desk_rows import PortRows
        from onbam.orders.desk_sql import SqlRows

        in_sheet = self.sheet_decides
        return Desk(
            self.claims,
            PortRows(self.claims) if in_sheet else SqlRows(self.database),
            self.ledger,
            self.settler,
            self.journal,
            self.notices,
            self.evidence,
            self.clock,
            self.zone,
            registry=self.registry,
            stop=self._stop_of_all,
        )

    def _stop_of_all(self) -> Said | None:
        """Why no PC at all works; a stop of one PC leaves the others."""
        from onbam.orders.pauses import ALL

        return next((pause.said() for pause in self.pauses.standing() if pause.scope == ALL), None)

    @cached_property
    def schedule(self) -> Schedule:
        """Business hours and beats."""
        return schedule_of(self.settings.schedules, self.zone)

    @cached_property
    def codes(self) -> CodeFile:
        """The shop's product codes."""
        from onbam.orders.codefile import CodeFile

        return CodeFile(self.home / self.settings.orders.codes_file, self.clock)

    @cached_property
    def host(self) -> Host:
        """What the operating system says of this PC."""
        from onbam.claims.identity import this_host

        own = this_host()
        name = self.outside.tree.app.machine_name  # known without the vault: a support bundle needs it too
        return replace(own, name=name) if name else own

    @cached_property
    def machine_id(self) -> str:
        """Which machine this is, whatever it is called today."""
        from onbam.claims.identity import machine_id

        return machine_id(self.data, self.host, self.chance)

    @cached_property
    def registry(self) -> Registry | None:
        """The list of agents; none where a sheet is all the PCs share."""
        if self.sheet_decides:
            return None
        from onbam.claims.stores.registry_sql import SqlRegistry

        return SqlRegistry(self.database)

    @cached_property
    def people(self) -> People:
        """Who may come in."""
        from onbam.people.people import People

        session_ms = int(self.settings.web.session_hours * 3_600_000)
        return People(self.database, self.clock, self.chance, session_ms=session_ms)

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
            GuardedRobots(caller, self.boot_system, run),
            self.clock,
            tell,
            lambda cause: self._apart(lambda fresh: fresh.notices.open(cause)),
            lambda key: self._apart(lambda fresh: fresh.notices.resolve(key, who="system:update", why="updated")),
        )

    def _apart(self, act: Callable[[Onbam], object]) -> None:
        """With connections of its own: an update may have replaced the database's file. Trouble is told elsewhere."""
        with suppress(OnbamError), Onbam(self.home, self.environ, self._flags, clock=self.clock, chance=self.chance) as fresh:
            if fresh.has_database():
                act(fresh)

    @property
    def incidents_folder(self) -> Path:
        """Where the guard keeps the evidence."""
        from onbam.guard.incidents import FOLDER

        return self.data / FOLDER

    def has_database(self) -> bool:
        """Whether there is one already: looking back makes none."""
        url = self.settings.database.url_in(self.data)
        return not url.startswith("sqlite") or Path(url.partition("///")[2].partition("?")[0]).exists()

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

    def boot_system(self, scope: Scope | None = None, kind: Kind | None = None) -> System:
        """The operating system, to be told to start this installation."""
        from onbam.guard.boot.here import boot_here, kind_here, system_here
        from onbam.guard.model import time_of

        chosen, at = kind or kind_here(), time_of(self.settings.guard.renew_at, "guard.renew_at")
        return system_here(boot_here(self.home, self.environ, scope, chosen, at), chosen, self.data, self.environ)

    def write_boot_guide(self, told: System, lang: Lang) -> Path:
        """The page for people beside what was registered."""
        from onbam.guard.boot.guide import write_guide
        from onbam.guard.boot.here import FOLDER

        return write_guide(told, self.data / FOLDER, lang)

    @property
    def person(self) -> str:
        """Who sits at this PC, for the journal."""
        return f"person:{self.environ.get('USERNAME') or self.environ.get('USER') or 'unknown'}"

    def close(self) -> None:
        """Give everything back, last built first."""
        self._closing.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
