"""No secret leaves the places it was put: not to a terminal, a script, a file, a log, a bundle or an error."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from onbam.care.checks.files import SECRET_FILES
from onbam.kernel.clock import SystemClock
from onbam.kernel.files import open_to_others
from onbam.kernel.settings import Secret
from onbam.vault.settings import VaultSettings
from onbam.vault.shelf import open_vault
from support.canaries import CORES, KINDS, NEVER_SHARED, Shop, dressed, shop, sniff, url
from support.cli_several import MARK
from support.nursery import Nursery
from support.waiting import DEADLINE_S, until

COMMANDS = (
    ("config", "show"),
    ("config", "show", "--json"),
    ("config", "list", "--json"),
    ("config", "path"),
    ("secret", "list", "--json"),
    ("doctor",),
    ("doctor", "--json"),
    ("support", "bundle", "--json"),
    ("init", "--yes", "--json"),
)


@dataclass(frozen=True)
class Said:
    """What one command line answered."""

    code: int
    out: str
    err: str


Runs = Callable[..., list[Said]]


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    """Where the command lines are obeyed."""
    with Nursery("support.cli_several") as opened:
        yield opened


@pytest.fixture
def run(nursery: Nursery, tmp_path_factory: pytest.TempPathFactory) -> Runs:
    """Command lines, as a person or a script gives them; nothing in what they say may be a canary."""
    folder, numbers = tmp_path_factory.mktemp("said"), itertools.count(1)

    def obeyed(made: Shop, *commands: Sequence[str], typed: str = "", lang: str = "ko") -> list[Said]:
        log = folder / f"{next(numbers)}.log"
        out, err = log.with_suffix(".out"), log.with_suffix(".err")
        told = {
            "environ": environment(made),
            "out": str(out),
            "err": str(err),
            "typed": typed,
            "lines": [["--home", str(made.home), "--lang", lang, *command] for command in commands],
        }
        child = nursery.child(log, json.dumps(told))
        until(lambda: child.poll() is not None, what=f"{commands} have ended", deadline_s=2 * DEADLINE_S)
        for said in (log, out, err):
            assert sniff(said.read_bytes()) == []
        assert child.poll() == 0, log.read_text("utf-8")
        said_out, said_err = (side.read_text("utf-8").split(MARK) for side in (out, err))
        answers = [Said(int(code), *texts) for code, *texts in zip(said_out[1::2], said_out[::2], said_err[::2], strict=False)]
        assert len(answers) == len(commands)
        return answers

    return obeyed


def environment(made: Shop) -> dict[str, str]:
    """The shop's environment and no other."""
    return {**{name: value for name, value in os.environ.items() if not name.startswith("ONBAM_")}, **made.environ}


def with_vault(run: Runs, made: Shop, kind: str) -> Shop:
    """The same with an encrypted file, made by the command line."""
    value = url("vault") if kind == "vault" else dressed("vault")
    (said,) = run(made, ("secret", "set", "database.url"), typed=f"{value}\n")
    assert said.code == 0, said.err
    return made


@pytest.fixture(params=KINDS)
def full(request: pytest.FixtureRequest, tmp_path: Path, run: Runs) -> Shop:
    """A home with canaries in every place; the database's password comes from another one each time."""
    return with_vault(run, shop(tmp_path / "새 가게", request.param), request.param)


def test_the_nose_works(tmp_path: Path) -> None:
    """It finds what is there, plain or disguised, or these tests would prove nothing."""
    import base64

    for place, core in CORES.items():
        for disguise in (core.encode(), base64.b64encode(b"ab:" + core.encode()), core.encode().hex().encode()):
            assert place in sniff(b"x " + disguise + b" y")[0]
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inside.txt", dressed("file"))
    assert "inside.txt" in sniff((tmp_path / "a.zip").read_bytes())[0]
    assert Shop(tmp_path).smells() != []


def test_no_command_shows_a_canary(full: Shop, run: Runs) -> None:
    """Every place, every reading command, both forms of the answer; and no file they write holds one."""
    for command, said in zip(COMMANDS, run(full, *COMMANDS), strict=True):
        if "--json" in command:
            json.loads(said.out)
    full.planted.add(full.home / ".env.bak")  # a copy of .env, beside it and as private
    assert not open_to_others(full.home / ".env.bak")
    assert full.smells() == []
    bundles = list(full.home.glob("onbam-support-*.zip"))
    assert len(bundles) == 1
    with zipfile.ZipFile(bundles[0]) as archive:
        names = {name.rpartition("/")[2] for name in archive.namelist()}
        assert "app_20260113.json" in names
        assert names & {*SECRET_FILES, *NEVER_SHARED} == set()
        doctor = json.loads(archive.read("doctor.json"))
        config = {row["name"]: row for row in json.loads(archive.read("config.json"))}
    assert {f["state"] for f in doctor["findings"] if f["name"] == "database"} == {"bad"}
    assert config["database.url"]["value"] == "•••"
    assert config["database.url"]["where"] != "default"


def test_changing_the_key_shows_no_canary(tmp_path: Path, run: Runs) -> None:
    """Nor does forgetting a secret. Texts lie locked in a database that does not answer, so the key itself stays."""
    made = with_vault(run, shop(tmp_path, "vault"), "vault")
    made.plant(".env", "ECOUNT_PASSWORD=x\nENCRYPTION_KEY=" + dressed("file") + " quite long\n")
    made.plant(".env.local", "ONBAM_VAULT_OLD_KEYS=" + dressed("dotenv") + "\n")
    commands = (("secret", "rotate"), ("config", "show"), ("secret", "list"), ("secret", "remove", "database.url"))
    assert [said.code for said in run(made, *commands)] == [1, 0, 0, 0]
    assert made.smells() == []


WRONG = {
    "a line that is none": (".env", f"ECOUNT PASSWORD {dressed('dotenv')}\n"),
    "a name nobody knows": (".env", f"ONBAM_DATABASE_URLL={url('dotenv')}\n"),
    "a secret where a number belongs": (".env", f"LOCK_TIMEOUT_SEC={url('dotenv')}\n"),
    "a secret where a choice belongs": (".env", f"CLAIM_STORE={url('dotenv')}\n"),
    "a secret where its file belongs": (".env", f"ENCRYPTION_KEY_FILE={dressed('dotenv')}\n"),
    "an address where its file belongs": (".env", f"ONBAM_DATABASE_URL_FILE={url('dotenv')}\n"),
    "one setting twice": (".env", f"ENCRYPTION_KEY={dressed('dotenv')}\nONBAM_VAULT_ENCRYPTION_KEY={dressed('dotenv')}\n"),
    "no address at all": (".env", f"ONBAM_DATABASE_URL={dressed('dotenv')}\n"),
    "a driver nobody has": (".env", f"ONBAM_DATABASE_URL={url('dotenv').replace('postgresql', 'oracle')}\n"),
    "a list in the toml": ("onbam.toml", f'[database]\nurl = ["{url("toml")}"]\n'),
    "an open quote in the toml": ("onbam.toml", f'[database]\nurl = "{url("toml")}\n'),
    "a section nobody knows": ("onbam.toml", f'[databse]\nurl = "{url("toml")}"\n'),
    "a key that is too short": (".env", "ENCRYPTION_KEY=Kz7QxDot\n"),
    "a key that is another": (".env", f"ENCRYPTION_KEY={dressed('dotenv')} another\n"),
}


@pytest.mark.parametrize("what", WRONG)
def test_no_error_shows_a_canary(tmp_path: Path, run: Runs, what: str) -> None:
    """A mistake in the settings is named with its place; what was typed there is not repeated when it may be a secret."""
    made = Shop(tmp_path)
    keyed = VaultSettings(encryption_key=Secret(dressed("vault")))
    open_vault(keyed, tmp_path, SystemClock()).set("ONBAM_DATABASE_URL", url("vault"))
    name, content = WRONG[what]
    made.plant(name, content)
    commands = (
        ("config", "show"),
        ("doctor", "--json"),
        ("secret", "set", "database.url"),
        ("support", "bundle"),
        ("claims", "list", "--json"),
    )
    said = run(made, *commands, typed=dressed("environment"), lang="en")
    assert "Kz7QxDot" not in "".join(one.out + one.err for one in said)
    assert said[-1].code in (1, 78)
    assert made.smells() == []


def test_a_secret_typed_into_the_command_line_is_not_repeated(tmp_path: Path, run: Runs) -> None:
    """It is in the shell's history by then; at least we do not spread it."""
    made = shop(tmp_path, "environment")
    run(
        made,
        ("--set", f"claims.timeout_s={url('toml')}", "config", "show"),
        ("init", "--yes", "--answer", f"database_url={url('toml')}"),
        ("secret", "set", url("toml")),
        ("config", "show", "--json", "database"),
    )
    assert made.smells() == []


LOGGING = """
import logging, sys, threading, warnings
from pathlib import Path
from onbam.bootstrap import Onbam
from onbam.kernel.home import environment
from onbam.logs import bind, get_logger
onbam = Onbam(Path(sys.argv[1]), environment())
logs = onbam.start_logs(sys.stderr, process="agent", machine="PC-A", agent="PC-A_10.0.0.1")
log = get_logger("orders")
url = onbam.settings.database.url.reveal()
key = onbam.settings.vault.encryption_key.reveal()
with bind(item=f"order:{key}"):
    log.info(f"signing in at {url}", headers={"authorization": key}, body=url.encode())
try:
    raise RuntimeError(f"refused {key}") from ValueError(url)
except RuntimeError:
    log.exception("sign-in failed", tried=[{key: url}])
logging.getLogger("library").error("sent %r", {"k": key})
warnings.warn(f"deprecated {key}")
with logs.uploads.open("order:1") as upload:
    upload.write(f"sent {key}", url=url)
thread = threading.Thread(target=lambda: (_ for _ in ()).throw(RuntimeError(key)))
thread.start()
thread.join()
secret_local = key
raise RuntimeError(f"nobody catches {url}")
"""


@pytest.mark.parametrize("kind", KINDS)
def test_no_log_shows_a_canary(tmp_path: Path, run: Runs, kind: str) -> None:
    """Not by a text, a value, an error, a library, a warning, a dying thread or a dying process."""
    made = with_vault(run, shop(tmp_path, kind), kind)
    command = [sys.executable, "-c", LOGGING, str(made.home)]
    done = subprocess.run(command, env=environment(made), capture_output=True, timeout=2 * DEADLINE_S, check=False)
    assert done.returncode == 1
    assert b"nobody catches" in done.stderr
    assert sniff(done.stdout + done.stderr) == []
    assert made.smells() == []
    critical = (made.home / "logs" / "critical_errors.json").read_text("utf-8").splitlines()
    assert [json.loads(line)["error"]["kind"] for line in critical] == ["RuntimeError", "RuntimeError"]
    assert len(list((made.home / "logs" / "uploader").glob("erp_upload_*.log"))) == 1
