"""Every setting of the product in one tree.

For: the composition root, `config show`, the generated reference.
Promises: one field a room, each room's own class; nothing here but the tree.
Refuses: defaults and limits: they stand in the rooms.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

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
from onbam.logs.settings import LogSettings
from onbam.notices.settings import NoticeSettings
from onbam.orders.settings import OrderSettings
from onbam.people.settings import WebSettings
from onbam.schedules.settings import ScheduleSettings
from onbam.vault.settings import VaultSettings


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
