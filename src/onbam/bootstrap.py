"""The only place where clients, stores and engines are built.

For: the edges (command line, pages, window) and the processes: they ask one `Onbam` for what they need.
Promises: each part is built once, when first asked for, from the settings; closing gives everything back in reverse order.
Refuses: rules. What a part does is its room's business; here it only gets its neighbours.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Self

from onbam.catalog.settings import SchedulerSettings
from onbam.kernel import home as homes
from onbam.kernel.app_settings import AppSettings
from onbam.kernel.chance import Chance
from onbam.kernel.clock import Clock, SystemClock
from onbam.kernel.settings import Loaded, load
from onbam.kernel.words import Lang, language
from onbam.orders.settings import OrderSettings


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting of the product: one field a room."""

    app: AppSettings = field(default_factory=AppSettings)
    orders: OrderSettings = field(default_factory=OrderSettings)
    scheduler: SchedulerSettings = field(default_factory=SchedulerSettings)


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
    ) -> None:
        self.home = home
        self.environ = environ
        self.clock: Clock = clock or SystemClock()
        self.chance = chance or Chance()
        self._flags = dict(flags or {})
        self._closing = ExitStack()

    @cached_property
    def loaded(self) -> Loaded[Settings]:
        """The settings with where each came from."""
        return load(Settings, self.home, self.environ, self._flags)

    @property
    def settings(self) -> Settings:
        """The settings."""
        return self.loaded.tree

    @cached_property
    def lang(self) -> Lang:
        """The language people are spoken to in."""
        return language(self.settings.app.language, self.environ)

    @cached_property
    def data(self) -> Path:
        """The data folder, made when missing."""
        return homes.made(self.home / self.settings.app.data)

    def close(self) -> None:
        """Give everything back, last built first."""
        self._closing.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
