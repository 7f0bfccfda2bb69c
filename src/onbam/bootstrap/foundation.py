"""The ground floor of the composition root: settings, secrets, logs, the database, the journal and the inbox.

For: the storeys above it in this package.
Promises: each part is built once, when first asked for, from the settings; closing gives everything back in reverse order.
Refuses: to know what is done with any of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack, suppress
from dataclasses import fields, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self, TextIO
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from onbam.bootstrap.settings import NewsShare, Settings
from onbam.kernel import home as homes
from onbam.kernel.chance import Chance
from onbam.kernel.child import PROCESS
from onbam.kernel.clock import Clock, SystemClock
from onbam.kernel.errors import Misconfigured, OnbamError
from onbam.kernel.redact import Redactor
from onbam.kernel.settings import Loaded, Secret, SecretShelf, load
from onbam.kernel.words import Lang, Text, language
from onbam.schedules.settings import schedule_of

if TYPE_CHECKING:  # what needs a driver or a client is imported when it is built: a command pays for what it uses
    from onbam.claims.identity import Host
    from onbam.database.embedded.server import EmbeddedPostgres
    from onbam.database.engine import Database
    from onbam.journal.ports import Journal
    from onbam.kernel.child import Child
    from onbam.logs.setup import Logs
    from onbam.notices.outbox import Outbox
    from onbam.notices.ports import Notices
    from onbam.schedules.model import Schedule
    from onbam.vault.shelf import Vault

NO_ZONE: Final = Text(ko="{where}: '{name}'(이)라는 시간대는 없습니다.", en="{where}: there is no time zone '{name}'.")
NO_ZONE_HINT: Final = Text(ko='예: app.time_zone = "Asia/Seoul"', en='As in app.time_zone = "Asia/Seoul"')
BACKUPS: Final = "backups"
"""The folder of the data folder that holds copies of the database."""


class Foundation:
    """What every process stands on."""

    def __init__(
        self,
        home: Path,
        environ: Mapping[str, str],
        flags: Mapping[str, str] | None = None,
        *,
        clock: Clock | None = None,
        chance: Chance | None = None,
        patience_s: float = 5.0,
        news_only: bool = False,
    ) -> None:
        """`news_only`: for whoever carries the guard's news and does nothing else; other rooms' settings stay unread."""
        self.home = home
        self.environ = environ
        self.clock: Clock = clock or SystemClock()
        self.chance = chance or Chance()
        self._flags = dict(flags or {})
        self._patience_s = patience_s
        """How long to wait for a used-up quota: an agent goes on with something else, a person at a terminal waits."""
        self._news_only = news_only
        self._closing = ExitStack()

    @cached_property
    def outside(self) -> Loaded[Settings]:
        """The settings without the vault's secrets: what is needed to open the vault, and to mend it."""
        return self._load()

    @cached_property
    def loaded(self) -> Loaded[Settings]:
        """The settings with where each came from; the vault is asked for the secrets that nothing else gave."""
        if not (self.home / self.outside.tree.vault.secrets_file).is_file():
            return self.outside
        return self._load(self.vault.shelf())

    def _load(self, shelf: SecretShelf | None = None) -> Loaded[Settings]:
        """Where the guard started us, another program's wrong section is the guard's to tell, and keeps us from nothing."""
        if self._news_only:
            share = load(NewsShare, self.home, self.environ, self._flags, shelf, partial=True, apart=True)
            read = {part.name: getattr(share.tree, part.name) for part in fields(NewsShare)}
            return Loaded(Settings(**read), share.origins, self.home, share.wrong)
        return load(Settings, self.home, self.environ, self._flags, shelf, apart=PROCESS in self.environ)

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

    def start_logs(self, console: TextIO | None = None, **always: object) -> Logs:
        """Begin this process's log; `always` stands on every line beside the machine: process."""
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

    @property
    def person(self) -> str:
        """Who sits at this PC, for the journal."""
        return f"person:{homes.user_name(self.environ)}"

    def has_database(self) -> bool:
        """Whether there is one already: looking back makes none."""
        from onbam.database.address import file_of
        from onbam.database.installed import was_there

        file = file_of(self.settings.database, self.data)
        return file is None or file.exists() or was_there(file)

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
        """Our own PostgreSQL, running or not; none when the shop chose another database. Whoever uses it keeps it."""
        from onbam.database.address import embedded

        return embedded(self.settings.database, self.data, clock=self.clock, environ=self.environ)

    @cached_property
    def schedule(self) -> Schedule:
        """Business hours and beats."""
        return schedule_of(self.settings.schedules, self.zone)

    @cached_property
    def journal(self) -> Journal:
        """The record of every change."""
        from onbam.journal.sql import SqlJournal

        journal = SqlJournal(self.database, self.clock)
        self._closing.callback(journal.close)
        return journal

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

    def close(self) -> None:
        """Give everything back, last built first."""
        self._closing.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
