"""The files a browser needs, with their content's hash in the name, packed once.

For: templates (`asset("onbam.css")`) and the route that serves them.
Promises: a changed file has another name, so a browser may keep each for ever; every file is held packed in memory (a few
hundred kilobytes), so that serving one touches no disk.
Refuses: a name that was not there at start.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent / "static"
MEDIA: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".webmanifest": "application/manifest+json",
}
HASH_LETTERS: Final = 10
BASE: Final = "/static/"


@dataclass(frozen=True, slots=True)
class Asset:
    """One file as it is sent."""

    name: str
    path: str
    """Its address, hash included."""
    media: str
    body: bytes
    packed: bytes | None
    """Gzipped; none for pictures, which are packed already."""


class Assets:
    """All of them."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._by_name = {asset.name: asset for asset in map(_read, sorted(folder.rglob("*"))) if asset is not None}
        self._by_path = {asset.path: asset for asset in self._by_name.values()}
        together = "".join(asset.path for asset in self._by_name.values())
        self.version = hashlib.sha256(together.encode()).hexdigest()[:HASH_LETTERS]
        """Of all of them: the service worker keeps one generation."""

    def path(self, name: str) -> str:
        """Where a file is served."""
        return self._by_name[name].path

    def named(self, name: str) -> Asset:
        """A file that is also served under its plain name."""
        return self._by_name[name]

    def at(self, path: str) -> Asset | None:
        """The file of an address."""
        return self._by_path.get(path)

    @property
    def everything(self) -> Mapping[str, Asset]:
        """By name."""
        return self._by_name


def _read(path: Path) -> Asset | None:
    media = MEDIA.get(path.suffix)
    if media is None or not path.is_file():
        return None
    body = path.read_bytes()
    digest = hashlib.sha256(body).hexdigest()[:HASH_LETTERS]
    packed = None if path.suffix == ".png" else gzip.compress(body, 9, mtime=0)
    return Asset(path.name, f"{BASE}{path.stem}.{digest}{path.suffix}", media, body, packed)
