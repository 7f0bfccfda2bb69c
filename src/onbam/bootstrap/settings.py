"""Every setting of the product in one tree.

For: the composition root, `config show`, the generated reference.
Promises: one field a room, each room's own class; nothing here but the tree, and what no room can know alone.
Refuses: defaults and limits: they stand in the rooms.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from onbam.care.settings import CareSettings
from onbam.catalog.settings import SchedulerSettings
from onbam.claims.settings import ClaimSettings
from onbam.connectors.ecount.settings import EcountSettings
from onbam.connectors.portal.settings import PortalSettings
from onbam.connectors.sheets.settings import SheetsSettings
from onbam.database.settings import DatabaseSettings
from onbam.guard.settings import GuardSettings, ProcessSettings
from onbam.journal.settings import JournalSettings
from onbam.kernel.app_settings import AppSettings
from onbam.kernel.settings import Trouble
from onbam.kernel.words import Text
from onbam.logs.settings import LogSettings
from onbam.notices.settings import NoticeSettings
from onbam.orders.settings import OrderSettings
from onbam.people.settings import WebSettings
from onbam.schedules.settings import ScheduleSettings
from onbam.vault.settings import VaultSettings

NO_PROGRAM: Final = Text(
    ko="guard.main = '{name}'(이)라는 프로그램은 없습니다.", en="guard.main = '{name}': there is no such program."
)
NO_PROGRAM_HINT: Final = Text(ko="{names} 중 하나를 쓰십시오.", en="Use one of {names}.")
DID_YOU_MEAN: Final = Text(
    ko="'{name}'을(를) 쓰려던 것입니까? {names} 중에 있습니다.", en="Did you mean '{name}'? There are {names}."
)


@dataclass(frozen=True, slots=True)
class NewsShare:
    """What carrying the guard's news needs: another room's wrong settings may be the very news."""

    app: AppSettings = field(default_factory=AppSettings)
    database: DatabaseSettings = field(default_factory=DatabaseSettings)
    guard: GuardSettings = field(default_factory=GuardSettings)
    journal: JournalSettings = field(default_factory=JournalSettings)
    logs: LogSettings = field(default_factory=LogSettings)
    notices: NoticeSettings = field(default_factory=NoticeSettings)
    process: Mapping[str, ProcessSettings] = field(default_factory=dict)
    vault: VaultSettings = field(default_factory=VaultSettings)


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting of the product: one field a room."""

    app: AppSettings = field(default_factory=AppSettings)
    care: CareSettings = field(default_factory=CareSettings)
    claims: ClaimSettings = field(default_factory=ClaimSettings)
    database: DatabaseSettings = field(default_factory=DatabaseSettings)
    ecount: EcountSettings = field(default_factory=EcountSettings)
    guard: GuardSettings = field(default_factory=GuardSettings)
    journal: JournalSettings = field(default_factory=JournalSettings)
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

    def troubles(self) -> Iterator[Trouble]:
        """The main program is one that there is."""
        from onbam.guard.plan import PROGRAMS  # here: most commands know nothing of the guard

        there, main = [*PROGRAMS, *self.process], self.guard.main
        if main not in there:
            names, near = ", ".join(there), difflib.get_close_matches(main, there, n=1)
            hint = DID_YOU_MEAN(name=near[0], names=names) if near else NO_PROGRAM_HINT(names=names)
            yield Trouble(("guard.main",), NO_PROGRAM(name=main), hint)
