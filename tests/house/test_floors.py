"""The floors hold: nothing points up, and whoever tries is named with file and line."""

from __future__ import annotations

import configparser
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from support import rules, sources

LINTER = Path(sys.executable).with_name("lint-imports")

PLANTED = {
    # file: (line to add, what the linter must name, the contract it breaks)
    "onbam/kernel/ids.py": (
        "import onbam.schedules",
        "onbam.kernel.ids -> onbam.schedules",
        "Arrows point down, and every folder has a floor",
    ),
    "onbam/kernel/chance.py": (
        "import sqlalchemy",
        "onbam.kernel.chance -> sqlalchemy",
        "The kernel stands on the standard library alone",
    ),
    "onbam/guard/planted.py": (
        "import structlog",
        "onbam.guard.planted -> structlog",
        "The guard starts when the application cannot: kernel and psutil, nothing else",
    ),
    "onbam/orders/planted.py": (
        "from onbam import catalog",
        "onbam.orders.planted -> onbam.catalog",
        "Business rooms do not know each other; only catalog may use sellers",
    ),
    "onbam/sellers/planted.py": (
        "from onbam import catalog",
        "onbam.sellers.planted -> onbam.catalog",
        "Business rooms do not know each other; only catalog may use sellers",
    ),
    "onbam/connectors/naver/planted.py": (
        "from onbam.connectors import sheets",
        "onbam.connectors.naver.planted -> onbam.connectors.sheets",
        "No connector knows another",
    ),
    "onbam/effects/planted.py": (
        "def late():\n    from onbam.connectors import ecount\n    return ecount",
        "onbam.effects.planted -> onbam.connectors.ecount",
        "The effect ledger never calls the outside by itself; the journal and the schedules decide and do nothing",
    ),
    "onbam/datahub/model.py": (
        "import socket",
        "onbam.datahub.model -> socket",
        "A room's model is pure",
    ),
    "onbam/migrations/planted.py": (
        "import onbam.kernel.words",
        "onbam.migrations.planted -> onbam.kernel.words",
        "A migration depends on no code of today",
    ),
    "onbam_sims/planted.py": (
        "import onbam.kernel.words",
        "onbam_sims.planted -> onbam.kernel.words",
        "The simulators know nothing of the product",
    ),
    "onbam/dispatch/planted.py": (
        "import onbam_sims.server",
        "onbam.dispatch.planted -> onbam_sims.server",
        "Only the command line, the benchmarks and the simulated histories start simulators",
    ),
    "onbam/web/planted.py": (
        "from onbam import desktop",
        "onbam.web.planted -> onbam.desktop",
        "Arrows point down, and every folder has a floor",
    ),
    "onbam/attic/__init__.py": ("", "onbam.attic", "Arrows point down, and every folder has a floor"),
}
BUILT_OUTSIDE = {
    "onbam/catalog/planted.py": "from onbam.database.engine import open_database\n\ndatabase = open_database('sqlite://')\n",
    "onbam/sellers/planted_store.py": "import sqlalchemy as sa\n\nengine = sa.create_engine('sqlite://')\n",
}
BROAD = "def call(f):\n    try:\n        f()\n    except Exception:\n        return None\n"
CLOCK = "from __future__ import annotations\n\nimport time\n\nSTARTED = time.time()\n"


def lint(src: Path) -> tuple[int, str]:
    """One run of the linter over a source tree: its exit code and what it said."""
    environ = {**os.environ, "PYTHONPATH": str(src), "COLUMNS": "400", "NO_COLOR": "1"}
    command = [str(LINTER), "--no-logo", "--no-cache", "--config", str(sources.ROOT / ".importlinter")]
    done = subprocess.run(command, cwd=sources.ROOT, env=environ, capture_output=True, text=True, encoding="utf-8", check=False)
    return done.returncode, done.stdout + done.stderr


def sections(report: str) -> dict[str, str]:
    """What the linter says below the name of each broken contract."""
    lines = report.splitlines()
    starts = [n for n, line in enumerate(lines) if n + 1 < len(lines) and line and set(lines[n + 1]) == {"-"}]
    ends = [*starts[1:], len(lines)]
    return {lines[a].strip(): "\n".join(lines[a:b]) for a, b in zip(starts, ends, strict=True)}


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the source in which every rule is broken once."""
    src = tmp_path_factory.mktemp("planted") / "src"
    shutil.copytree(sources.SRC, src, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    for name, (line, _, _) in PLANTED.items():
        path = src / name
        path.parent.mkdir(parents=True, exist_ok=True)
        old = path.read_text("utf-8") if path.exists() else '"""Planted."""\n'
        path.write_text(f"{old}\n{line}\n", "utf-8")
    for name, text in BUILT_OUTSIDE.items():
        (src / name).write_text(text, "utf-8")
    (src / "onbam/schedules/planted.py").write_text(BROAD, "utf-8")
    (src / "onbam/schedules/planted_clock.py").write_text(CLOCK, "utf-8")
    return src


@pytest.fixture(scope="module")
def spoilt(planted: Path) -> list[sources.Source]:
    """That copy, read once."""
    return sources.python(planted)


@pytest.fixture(scope="module")
def report(planted: Path) -> dict[str, str]:
    """What the linter says of that copy."""
    code, said = lint(planted)
    assert code == 1, said
    return sections(said)


def test_no_arrow_points_up() -> None:
    """Every contract of the house is kept by the source as it is."""
    code, said = lint(sources.SRC)
    assert code == 0, said


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_violation_is_named(report: dict[str, str], name: str) -> None:
    """The linter names the planted import below the contract it breaks."""
    _, arrow, contract = PLANTED[name]
    assert arrow in report.get(contract, "this contract was not broken")


def test_a_client_built_outside_the_root_is_named(spoilt: list[sources.Source]) -> None:
    """Engines and databases opened in a room are found, wherever they stand."""
    found = rules.built_outside(spoilt)
    assert [line.split(":")[0] for line in found] == sorted(BUILT_OUTSIDE)


def test_a_planted_broad_except_is_named(spoilt: list[sources.Source]) -> None:
    """A fourth place that catches everything is found."""
    found = rules.broad_excepts(spoilt)
    assert found == ["onbam/schedules/planted.py:4 except Exception stands outside its three places"]


def test_a_clock_read_outside_the_kernel_is_named(planted: Path) -> None:
    """The linter refuses the wall clock in a room."""
    command = [str(LINTER.with_name("ruff")), "check", "--config", str(sources.ROOT / "ruff.toml"), "--no-cache"]
    path = planted / "onbam/schedules/planted_clock.py"
    done = subprocess.run([*command, str(path)], capture_output=True, text=True, check=False, cwd=planted.parent)
    assert "TID251" in done.stdout


def test_nothing_is_built_outside_the_root() -> None:
    """Clients, stores and engines are built in the composition root and nowhere else."""
    assert rules.built_outside(sources.product()) == []


def test_every_folder_is_named_in_the_contract_and_every_named_one_exists() -> None:
    """The list of floors is neither short of a folder nor longer than the house."""
    config = configparser.ConfigParser()
    config.read(sources.ROOT / ".importlinter", "utf-8")
    contract = config["importlinter:contract:floors"]
    floors = contract["layers"].replace("|", " ").replace(":", " ").replace("(", " ").replace(")", " ").split()
    ignored = contract["exhaustive_ignores"].split()
    package = sources.SRC / "onbam"
    folders = {p.parent.name for p in package.glob("*/__init__.py")}
    folders |= {p.stem for p in package.glob("*.py")} - {"__init__"}
    assert folders == {*floors, *ignored}
