"""Homes full of planted secrets, and the nose that finds them again.

For: tests that show that no secret leaves the places it was put.
Promises: every place a shop keeps secrets in holds one of its own; the nose looks for each plain, in the letters of other
systems, base64, hex, percent and JSON escapes, and inside zip files.
Refuses: to use the product's own redactor: it is what is being tested.
"""

from __future__ import annotations

import base64
import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

CORES = {
    "dotenv": "Kz7QxDotenvWm3",
    "local": "Kz7QxLocalWm3",
    "toml": "Kz7QxTomlWm3",
    "file": "Kz7QxFileWm3",
    "vault": "Kz7QxVaultWm3",
    "environment": "Kz7QxEnvironmentWm3",
    "foreign": "Kz7QxForeignWm3",
    "google": "Kz7QxGoogleWm3",
    "ecount": "Kz7QxEcountWm3",
    "history": "Kz7QxHistoryWm3",
}
"""The unmistakable middle of each canary; what stands around it in a real password comes from `dressed`."""
NEVER_SHARED = {
    "google_oauth_credentials.json": json.dumps({"private_key": f"-----BEGIN PRIVATE KEY-----\n{CORES['google']}\n-----END"}),
    "google_token.pickle": CORES["google"],
    "ecount_session.json": json.dumps({"SESSION_ID": CORES["ecount"]}),
    "v10_history.json": json.dumps({"2601050229": CORES["history"]}),
}


def dressed(place: str) -> str:
    """A canary as a password looks, with letters that programs escape."""
    return f"$p!{CORES[place]}%'+한"


def url(place: str) -> str:
    """A database nobody answers at, with the canary as its password."""
    return f"postgresql://onbam:{quote(dressed(place), safe='')}@127.0.0.1:9/onbam"


@dataclass
class Shop:
    """A home with canaries."""

    home: Path
    environ: dict[str, str] = field(default_factory=dict)
    planted: set[Path] = field(default_factory=set)

    def plant(self, name: str, content: str) -> None:
        """A file that holds a secret on purpose."""
        path = self.home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, "utf-8")
        path.chmod(0o600)
        self.planted.add(path)

    def smells(self) -> list[str]:
        """Where a canary is found in a file that was not planted."""
        return [
            f"{path.relative_to(self.home)}: {found}"
            for path in sorted(self.home.rglob("*"))
            if path.is_file() and path not in self.planted
            for found in sniff(path.name.encode() + b"\n" + path.read_bytes())
        ]


def shop(home: Path, kind: str) -> Shop:
    """One of four shops: each gives its database's password in another place, and all hold canaries elsewhere too."""
    made = Shop(home)
    made.plant(".env", f"ECOUNT_PASSWORD={dressed('foreign')}\n{_env(kind)}")
    made.plant(".env.local", f"ONBAM_VAULT_OLD_KEYS={dressed('local')}\n")
    database = f'[database]\nurl = "{url("toml")}"\n' if kind == "toml" else ""
    made.plant("onbam.toml", f'{database}[env]\nforeign = ["ECOUNT_*"]\n[care]\ncheck_limit_s = 20\n')
    made.plant("keys/url.txt", f"{url('file')}\n")
    made.plant("keys/key.txt", f"{dressed('file')} and long enough\n")
    for name, content in NEVER_SHARED.items():
        made.plant(name, content)
    old = [f"old script said {dressed(place)}" for place in ("foreign", "environment", "local", kind)]
    old += [f"old script opened {url(place)} with session_id={CORES[place]}" for place in CORES]
    made.plant("logs/app_20260113.json", "\n".join(json.dumps({"event": line}) for line in old) + "\n")
    made.environ["ECOUNT_API_KEY"] = dressed("environment")
    if kind == "environment":
        made.environ["ONBAM_DATABASE_URL"] = url("environment")
    return made


def _env(kind: str) -> str:
    if kind == "file":
        return "ONBAM_DATABASE_URL_FILE=keys/url.txt\nENCRYPTION_KEY_FILE=keys/key.txt\n"
    database = f"ONBAM_DATABASE_URL={url('dotenv')}\n" if kind == "dotenv" else ""
    return f"ENCRYPTION_KEY={dressed('dotenv')}\n{database}"


KINDS = ("dotenv", "toml", "file", "environment", "vault")


def sniff(data: bytes) -> list[str]:
    """Which canaries are in these bytes, in whatever disguise."""
    found = [f"{place} ({how})" for place, core in CORES.items() for how, form in _forms(core).items() if form in data]
    if data[:4] == b"PK\x03\x04" or b"\nPK\x03\x04" in data[:300]:
        for name, inside in _members(data):
            found += [f"{name}: {deeper}" for deeper in sniff(inside)]
    return found


def _members(data: bytes) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(data[data.index(b"PK\x03\x04") :])) as archive:
        for name in archive.namelist():
            yield name, name.encode() + b"\n" + archive.read(name)


def _forms(core: str) -> Mapping[str, bytes]:
    raw = core.encode()
    out = {"plain": raw, "utf-16": core.encode("utf-16-le"), "hex": raw.hex().encode(), "reversed": raw[::-1]}
    for pad in range(3):
        body = base64.b64encode(b"\0" * pad + raw).rstrip(b"=")
        out[f"base64+{pad}"] = body[(0, 2, 3)[pad] : -1]
    return out
