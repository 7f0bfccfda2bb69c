"""The storey of the order robot: the supplier, the ERP, the agent, and the desk people ask.

For: the agent process, and every command and page about orders.
Promises: what the PCs of a company share about their ERP rests where the leases rest.
Refuses: rules. What a part does is its room's business; here it only gets its neighbours.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from functools import cached_property
from typing import TYPE_CHECKING, Final, cast

from onbam.bootstrap.watch import Watch
from onbam.kernel import home as homes
from onbam.kernel.child import RUN_FOLDER
from onbam.kernel.forms import day_of
from onbam.kernel.words import Said, kept

if TYPE_CHECKING:  # what needs a driver or a client is imported when it is built: a command pays for what it uses
    from onbam.connectors.ecount.client import EcountClient
    from onbam.connectors.ecount.contract import SessionShelf, Turnstile
    from onbam.connectors.portal.client import PortalClient
    from onbam.database.engine import Database
    from onbam.kernel.child import Child
    from onbam.logs.setup import Logs
    from onbam.notices.model import Notice
    from onbam.orders.agent import OrderAgent
    from onbam.orders.codedesk import CodeDesk
    from onbam.orders.codefile import CodeFile
    from onbam.orders.desk import Desk
    from onbam.orders.evidence import Evidence
    from onbam.orders.ledgers import Ledgers
    from onbam.orders.pauses import Pause, Pauses, Stops
    from onbam.orders.sheet_stop import SheetStop
    from onbam.orders.went_back import WentBack
    from onbam.people.people import People
    from onbam.vault.shelf import Elsewhere

IDLE_LOOKS: Final = 4
"""Of so many looks at the sheet an idle agent makes one: the rest of its share is for work."""


class Robot(Watch):
    """The order robot and its desk."""

    def locked_elsewhere(self) -> tuple[Elsewhere, ...]:
        """Every room that keeps encrypted texts of its own: a change of key goes through all of them."""
        from onbam.connectors.ecount.stores_sql import reencrypt

        rooms: list[Elsewhere] = [lambda cipher: reencrypt(self.database, cipher)]
        if self.sheet_decides:
            from onbam.orders.stores import erp_claims

            rooms.append(lambda cipher: erp_claims.reencrypt(self.claims, cast("erp_claims.Alone", self._own_claims), cipher))
        return tuple(rooms)

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
        return self.pauses_in(self.database)

    def pauses_in(self, database: Database) -> Pauses:
        """The same of a database nobody uses yet."""
        from onbam.orders.stores.robot_sql import SqlPauses

        return SqlPauses(database)

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

        return SheetStop(self.sheet, self.notices, who="sheet:onbam_stop")

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
            first_day=day_of(chosen.first_day),
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
        from onbam.orders.in_work import InWork
        from onbam.orders.unset import check_set

        chosen = self.settings
        check_set(chosen.portal, chosen.ecount)
        self._change_over()
        in_sheet = self.sheet_decides
        board, stop = self.board_service, self.sheet_stop
        return OrderAgent(
            Parts(
                agent=agent_of(self.machine_id, self.host, SEAT, self.chance),
                version=__version__,
                pid=homes.own_pid(),
                home=self.home,
                settings=chosen.orders,
                portal=self.portal,
                erp=self.erp,
                store=self.claims,
                registry=self.registry,
                ledger=self.ledger,
                joint=self.joint,
                went_back=self.went_back,
                settler=self.settler,
                notices=self.notices,
                evidence=self.evidence,
                pauses=self.pauses,
                marks=self.marks,
                schedule=self.schedule,
                codes=self.codes.read,
                uploads=logs.uploads.open,
                cycle=logs.cycle,
                beats=child.beats,
                clock=self.clock,
                chance=self.chance,
                zone=self.zone,
                kinds=chosen.portal.kinds,
                window_days=chosen.portal.window_days,
                first_day=day_of(chosen.portal.first_day),
                head=(lambda: end_of(self.claims)) if in_sheet else self.journal.head,
                spacing_s=self._spacing_s,
                cleanup_days=chosen.claims.cleanup_days,
                locked=chosen.claims.enabled,
                drains=child.paused,
                in_work=InWork(self.data / RUN_FOLDER / f"{SEAT}.orders"),
                services=[*(service for service in (board, stop) if service is not None), *self.watch_services()],
                stops=() if stop is None else (stop,),
                pace_s=IDLE_LOOKS * 60.0 * chosen.sheets.machines / chosen.sheets.reads_per_minute if in_sheet else 0.0,
            )
        )

    def _change_over(self) -> None:
        """When another place decides than before, it learns what this PC knows; with the lock off nothing changes hands."""
        from onbam.orders import went_back_words
        from onbam.orders.change_over import DATABASE, FILE, change_over
        from onbam.orders.history_file import completed_in

        chosen = self.settings
        if not chosen.claims.enabled:
            return
        decides = f"sheet:{chosen.sheets.spreadsheet_id}" if self.sheet_decides else DATABASE
        history, why = self.home / chosen.orders.history_file, kept(went_back_words.CHANGED_OVER)
        change_over(self.data / FILE, decides, self.claims, self.ledger, lambda: completed_in(history), why)

    @cached_property
    def went_back(self) -> WentBack:
        """Notices that what decides went back to an earlier moment."""
        from onbam.orders.history_file import completed_in
        from onbam.orders.went_back import FILE, StoreLines, WentBack, file_of_sheet

        history, in_sheet = self.home / self.settings.orders.history_file, self.sheet_decides
        return WentBack(
            self.data / (file_of_sheet(self.settings.sheets.spreadsheet_id) if in_sheet else FILE),
            StoreLines(self.claims) if in_sheet else self.journal,
            self.claims,
            self.pauses,
            self.notices,
            lambda: completed_in(history),
            zone=self.zone,
            sheet_of=self.machine_id if in_sheet else "",
        )

    @cached_property
    def evidence(self) -> Evidence:
        """What the steps of an order leave behind."""
        from onbam.orders.stores.evidence_sql import SqlEvidence

        return SqlEvidence(self.database)

    @cached_property
    def desk(self) -> Desk:
        """What people ask about orders and do to them."""
        from onbam.orders.desk import Desk
        from onbam.orders.desk_rows import PortRows
        from onbam.orders.desk_sql import SqlRows
        from onbam.orders.receipts import PortReceipts
        from onbam.orders.receipts_sql import SqlReceipts

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
            stop=self.standstill,
            receipts=PortReceipts(self.claims) if in_sheet else SqlReceipts(self.database),
        )

    def standstill(self) -> Said | None:
        """Why no PC at all works; a stop of one PC leaves the others."""
        from onbam.orders.pauses import standstill

        peers = self.registry.peers() if self.registry is not None else ()
        return standstill(self.pauses.standing(), peers, self.machine_id, self.stops.by_file())

    def stop_file(self) -> Said | None:
        """What the file that stops this PC says; asked without a database."""
        from onbam.orders.pauses import stop_by_file

        return stop_by_file(self.home / self.settings.orders.pause_file)

    def in_passing(self) -> tuple[Sequence[Pause], Sequence[Notice]]:
        """The stops of this PC and of all, and the inbox, as far as they can be read without making or starting anything."""
        from onbam.claims import identity
        from onbam.database import address, revisions
        from onbam.notices.ports import LIST_MAX
        from onbam.notices.stores.sql import SqlNotices
        from onbam.orders.pauses import holding
        from onbam.orders.stores.robot_sql import SqlPauses

        data = self.home / self.settings.app.data
        if address.resting(self.settings.database, data, clock=self.clock, environ=self.environ) is not None:
            return (), ()
        machine_id = self.machine_id if (data / identity.FILE).is_file() else ""
        with closing(self.database_at()) as database:
            with database.read() as connection:
                if revisions.current(connection) != revisions.known()[-1]:
                    return (), ()
            return holding(SqlPauses(database).standing(), machine_id), SqlNotices(database).inbox(limit=LIST_MAX)

    @cached_property
    def codes(self) -> CodeFile:
        """The shop's product codes."""
        from onbam.orders.codefile import CodeFile

        return CodeFile(self.home / self.settings.orders.codes_file, self.clock)

    @cached_property
    def codedesk(self) -> CodeDesk:
        """What people are asked about products, and their answers."""
        from onbam.orders.codedesk import CodeDesk

        return CodeDesk(self.codes, self.evidence, self.journal)

    @cached_property
    def people(self) -> People:
        """Who may come in."""
        from onbam.people.people import People

        session_ms = int(self.settings.web.session_hours * 3_600_000)
        return People(self.database, self.clock, self.chance, session_ms=session_ms)
