"""The storey of leases and effects: who works on what, and what was sent.

For: the storeys above it in this package.
Promises: one store decides, a sheet or a database, by the settings; older programs on the same sheet are respected.
Refuses: to know what an order is beyond its kind.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Final

from onbam.bootstrap.foundation import Foundation
from onbam.claims.model import Agent, Terms
from onbam.claims.ports import ClaimStore
from onbam.kernel import home as homes
from onbam.kernel.errors import Misconfigured, OnbamError
from onbam.kernel.words import Text

if TYPE_CHECKING:  # what needs a driver or a client is imported when it is built: a command pays for what it uses
    from onbam.claims.board import Board
    from onbam.claims.board_service import BoardService
    from onbam.claims.connection import Connection, Standing
    from onbam.claims.lone import Fleet
    from onbam.claims.machines import Registry
    from onbam.connectors.sheets.client import SheetsClient
    from onbam.connectors.sheets.credentials import Papers
    from onbam.effects.ports import EffectLedger, Joint
    from onbam.effects.settle import Settler

NO_SHEET: Final = Text(ko="Google 시트가 정해지지 않았습니다.", en="No Google Sheet is set.")
NO_SHEET_HINT: Final = Text(
    ko="GOOGLE_SHEET_ID에 시트 주소의 /d/ 뒤에 있는 ID를 적으십시오. 시트 없이 쓰려면 CLAIM_STORE=auto로 두십시오.",
    en="Put the id that stands after /d/ in the sheet's address into GOOGLE_SHEET_ID; without a sheet, leave CLAIM_STORE=auto.",
)
BOARD_ROUNDS_KEPT: Final = 4
"""A PC that keeps the board and misses this many rounds loses it to another."""
SCRIPT_SEAT: Final = "script"
"""Whose leases are an older script's."""
SHEET_VIEW_AGE_S: Final = 2.0
"""An agent may decide on a view of the sheet this old; a decision on an older one loses its race and is taken again."""


class Leases(Foundation):
    """Leases, machines, effects."""

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

    def sheet_connection(self) -> Connection:
        """One look at the shop's spreadsheet, whatever stands in the way."""
        from onbam.claims.connection import look
        from onbam.connectors.sheets.credentials import read_papers

        def papers() -> Papers:
            return read_papers(self.home / self.settings.sheets.credentials_file, self.home / self.settings.sheets.token_file)

        return look(papers, lambda: self.sheet, self.settings.claims.sheet_name, self.zone)

    @property
    def lock_standing(self) -> Standing:
        """How the shop has set the lock up."""
        from onbam.claims.connection import Standing

        chosen = self.settings.claims
        has_sheet = bool(self.settings.sheets.spreadsheet_id)
        return Standing(chosen.enabled, self.sheet_decides, has_sheet, has_sheet and chosen.older_pcs != "off")

    def lock_store_trouble(self, ask: Callable[[], object]) -> OnbamError | None:
        """Why what decides does not answer: a sheet that is not named, a database that cannot be asked."""
        if self.sheet_decides:
            return None if self.settings.sheets.spreadsheet_id else Misconfigured(NO_SHEET, NO_SHEET_HINT)
        try:
            ask()
        except OnbamError as error:
            return error
        return None

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

    def open_claims(self, terms: Terms, which: str = "") -> ClaimStore:
        """The claim store itself, under other terms: the self-test's way in; `which`: `database` or `sheet`."""
        if which == "sheet" or (not which and self.sheet_decides):
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
    def registry(self) -> Registry | None:
        """The list of agents; none where a sheet is all the PCs share."""
        if self.sheet_decides:
            return None
        from onbam.claims.stores.registry_sql import SqlRegistry

        return SqlRegistry(self.database)

    @cached_property
    def ledger(self) -> EffectLedger:
        """What was sent, or may have been."""
        from onbam.effects.stores.sql import SqlLedger

        return SqlLedger(self.database)

    @cached_property
    def joint(self) -> Joint | None:
        """Leases and ledger together; none where the leases lie in a sheet."""
        if self.sheet_decides:
            return None
        from onbam.claims.stores.sql import SqlStore
        from onbam.effects.stores.joint import JointBook
        from onbam.effects.stores.sql import SqlLedger

        return JointBook(SqlStore(self.database, self.terms), SqlLedger(self.database))

    @cached_property
    def settler(self) -> Settler:
        """Goes through what is uncertain; a person's two buttons."""
        from onbam.effects.settle import Settler

        return Settler(self.claims, self.ledger, self.notices, self.clock)
