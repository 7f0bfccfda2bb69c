"""The shop of the demo: simulators, homes, and the settings that make the ERP's ten seconds short.

For: `onbam demo`.
Promises: everything lies in one temporary folder; the agents run with the same settings a shop would write, but for the
addresses and the tempo; the desk looks through the same store as the PCs.
Refuses: to know what an accident is.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from onbam.bootstrap import Onbam
from onbam.cli.demo_dashboard import Dashboard
from onbam.cli.demo_fleet import Fleet, Pc, Simulator
from onbam.kernel.chance import secret_token
from onbam.kernel.clock import Clock
from onbam.orders.codefile import csv_bytes
from onbam.orders.codes import Rule
from onbam_sims.cable import Cable
from onbam_sims.ecount import Company

LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
SAVE_S: Final = 10.0
LOGIN_S: Final = 600.0
"""What the ERP asks for in real time."""
SCALE: Final = 40.0
LEASE_S: Final = 5.0
FIRST_SHARE: Final = 3
"""One order in so many is there before the first PC looks; the others come while it works."""
SKEWS: Final = (0.0, 95.0, -70.0)
"""How wrong the PCs' clocks are, one after the other."""
SHEETS_QUOTA: Final = 3000
"""The demo's minute has more seconds than Google's."""


@dataclass
class Shop:
    """Everything but the accidents."""

    folder: Path
    environ: Mapping[str, str]
    clock: Clock
    store: str
    machines: int
    orders: int
    seed: int
    skewed: bool
    cables: bool
    web: bool = True
    """Whether the dashboard is opened."""
    keep: bool = False
    """Whether the folder stays."""
    fleet: Fleet = field(init=False)
    portal: Simulator = field(init=False)
    erp: Simulator = field(init=False)
    sheets: Simulator | None = None
    desk: Onbam = field(init=False)
    dashboard: Dashboard | None = None
    placed: int = 0
    """How many orders the supplier has so far."""
    _cables: dict[str, list[Cable]] = field(default_factory=dict)
    _base: dict[str, str] = field(default_factory=dict)

    def open(self) -> None:
        """Start the outside, then look at it as a person would, then the PCs."""
        self.fleet = Fleet(self.folder, self.environ, self.clock)
        self.fleet.sweep_after(keep=self.keep)
        self.placed = max(1, self.orders // FIRST_SHARE)
        seeded = ("--port", "0", "--seed", str(self.seed))
        self.portal = self.fleet.simulator("portal", *seeded, "--orders", str(self.placed))
        self.erp = self.fleet.simulator("ecount", *seeded, "--time-scale", str(self.scale), "--catalogue-only")
        self._base = self._settings()
        if self.store == "sheets":
            self._base |= self._sheet()
        self._base["ONBAM_PORTAL_PASSWORD"] = "night-desk"  # noqa: S105 -- the simulator's
        desk = self._home("DESK")
        self.desk = Onbam(desk, {**self._base, **self._store_settings(first=True)})
        if self.store != "sheets":
            self._base["ONBAM_DATABASE_URL"] = self.desk.database.url
        for number in range(self.machines):
            name = f"PC-{LETTERS[number]}" if number < len(LETTERS) else f"PC-{number + 1}"
            skew_s = SKEWS[number % len(SKEWS)] if self.skewed else 0.0
            pc = Pc(name, self._home(name), {**self.environ, **self._base, **self._own(name)}, skew_s)
            self.fleet.pcs.append(pc)

    def open_dashboard(self) -> None:
        """Beside the PCs, in the desk's own home."""
        if self.web:
            self.dashboard = self.fleet.dashboard(self.desk.home, {**self.environ, **self._base})

    def place(self, kind: str) -> None:
        """One more order at the supplier's."""
        self.portal.post("/_sim/orders", {"action": "add", "kind": kind})
        self.placed += 1

    def cut(self, pc: Pc, *, off: bool) -> None:
        """Pull a PC's cables, or plug them in again."""
        for cable in self._cables.get(pc.name, ()):
            cable.pull() if off else cable.plug()

    def close(self) -> None:
        """End everything, whatever of it was begun."""
        try:
            if "fleet" in vars(self):
                self.fleet.close()
        finally:
            for cables in self._cables.values():
                for cable in cables:
                    cable.close()
            if "desk" in vars(self):
                server = self.desk.embedded_server if self.store == "postgres" else None
                self.desk.close()
                if server is not None:
                    server.stop()

    def clear(self) -> None:
        """The folder goes, unless somebody wants to look into it."""
        if not self.keep:
            shutil.rmtree(self.folder, ignore_errors=True)
        if "fleet" in vars(self):
            self.fleet.swept()

    @property
    def scale(self) -> float:
        """How much faster the ERP's windows run."""
        return SCALE

    @property
    def spacing_s(self) -> float:
        """The ERP's ten seconds, here."""
        return SAVE_S / self.scale

    # -- inside -------------------------------------------------------------------------------------------------------------

    def _settings(self) -> dict[str, str]:
        """What a shop would write into its settings, at the demo's tempo."""
        company = Company()
        return {
            "ONBAM_PORTAL_URL": self.portal.url,
            "ONBAM_PORTAL_USER": "onbam",
            "ONBAM_PORTAL_PACE_S": "0.02",
            "ONBAM_PORTAL_TIMEOUT_S": "3",
            "ONBAM_ECOUNT_HOST": f"{self.erp.url}/{{host}}",
            "ONBAM_ECOUNT_COMPANY": company.code,
            "ONBAM_ECOUNT_USER": company.user,
            "ONBAM_ECOUNT_API_KEY": company.real_key,
            "ONBAM_ECOUNT_CUSTOMER": "00001",
            "ONBAM_ECOUNT_WAREHOUSE": "100",
            "ONBAM_ECOUNT_TIMEOUT_S": "1.5",
            "ONBAM_ECOUNT_SAVE_INTERVAL_S": str(self.spacing_s),
            "ONBAM_ECOUNT_LOGIN_INTERVAL_S": str(LOGIN_S / self.scale),
            "ONBAM_ECOUNT_SLACK_S": "0.25",
            "ONBAM_CLAIMS_LEASE_S": str(LEASE_S),
            "ONBAM_CLAIMS_POISON_AFTER": "50",  # the demo's crashes are its own doing, and no order is to blame
            "ONBAM_ORDERS_LOOK_S": "0.3",
            "ONBAM_ORDERS_RETRY_S": "1",
            "ONBAM_ORDERS_TRIES": "20",
            "ONBAM_SCHEDULES_OPENS": "00:00",
            "ONBAM_SCHEDULES_CLOSES": "23:59",
            "ONBAM_SCHEDULES_WEEKDAYS": "mon,tue,wed,thu,fri,sat,sun",
            "ONBAM_SCHEDULES_HOLIDAYS": "false",
            "ONBAM_SCHEDULES_CYCLE_MINUTES": "0.02",
            "ENCRYPTION_KEY": secret_token(),
        }

    def _store_settings(self, *, first: bool = False) -> dict[str, str]:
        """Where it is decided who works on what; the desk opens it first."""
        if self.store == "postgres":
            return {"ONBAM_DATABASE_URL": "embedded"} if first else {}
        if self.store == "sqlite":
            return {"ONBAM_DATABASE_URL": f"sqlite:///{(self.folder / 'shop.db').as_posix()}"}
        return {}

    def _sheet(self) -> dict[str, str]:
        """A spreadsheet of the shop's own, and the way to it."""
        quota = str(SHEETS_QUOTA)
        named = ("--port", "0", "--seed", str(self.seed), "--spreadsheet-id", "onbam-demo", "--per-minute", quota)
        self.sheets = self.fleet.simulator("sheets", *named)
        account = self.folder / "service-account.json"
        account.write_text(json.dumps(self.sheets.get("/_sim/service-account.json")), encoding="utf-8")
        return {
            "CLAIM_STORE": "sheets",
            "GOOGLE_SHEET_ID": "onbam-demo",
            "ONBAM_SHEETS_CREDENTIALS_FILE": str(account),
            "ONBAM_SHEETS_API_URL": self.sheets.url,
            "ONBAM_SHEETS_DRIVE_URL": self.sheets.url,
            "ONBAM_SHEETS_MACHINES": str(self.machines + 2),  # the board in the terminal, and the desk
            "LOCK_TIMEOUT_SEC": "120",
            "ONBAM_SCHEDULES_CYCLE_MINUTES": "0.1",
            "ONBAM_CLAIMS_OLDER_PCS": "off",
            "ONBAM_SHEETS_READS_PER_MINUTE": quota,
            "ONBAM_SHEETS_WRITES_PER_MINUTE": quota,
        }

    def _home(self, name: str) -> Path:
        """A PC's own folder, with the shop's code book."""
        home = self.folder / name
        home.mkdir()
        products: list[dict[str, Any]] = self.portal.get("/_sim/catalogue")
        rules = (Rule(p["code"], p["color"], p["name"], p["spec"], "%", p["unit"]) for p in products)
        (home / "codes.csv").write_bytes(csv_bytes(rules))
        return home

    def _own(self, name: str) -> dict[str, str]:
        """What differs from PC to PC: its cables, if there are to be any."""
        if not self.cables:
            return {}
        portal, erp = Cable(self.portal.url), Cable(self.erp.url)
        self._cables[name] = [portal, erp]
        own = {"ONBAM_PORTAL_URL": portal.url, "ONBAM_ECOUNT_HOST": f"{erp.url}/{{host}}"}
        if self.sheets is not None:
            sheets = Cable(self.sheets.url)
            self._cables[name].append(sheets)
            own |= {"ONBAM_SHEETS_API_URL": sheets.url, "ONBAM_SHEETS_DRIVE_URL": sheets.url}
        return own
