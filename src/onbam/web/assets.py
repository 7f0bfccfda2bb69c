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

from starlette.responses import Response

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
STYLE: Final = "onbam.css"
FIRST: Final = "first.js"
DESK: Final = "desk.js"
TOGETHER: Final = ("htmx.js", "hx-sse.js", "onbam.js")
"""Sent as one file, in this order: the first begins by a timer, and whatever came after that would find no stream opened."""
FOR_EVER: Final = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Asset:
    """One file as it is sent."""

    name: str
    path: str
    """Its address, hash included."""
    digest: str
    media: str
    body: bytes
    packed: bytes | None
    """Gzipped; none for pictures, which are packed already."""


class Assets:
    """All of them."""

    def __init__(self, folder: Path = FOLDER) -> None:
        files = {path.name: path for path in sorted(folder.rglob("*")) if path.suffix in MEDIA and path.is_file()}
        together = b"\n;\n".join(files.pop(name).read_bytes() for name in TOGETHER)
        made = [_made(DESK, together), *(_made(name, path.read_bytes()) for name, path in files.items())]
        self._by_name = {asset.name: asset for asset in made}
        self._by_path = {asset.path: asset for asset in self._by_name.values()}
        paths = "".join(asset.path for asset in self._by_name.values())
        self.version = hashlib.sha256(paths.encode()).hexdigest()[:HASH_LETTERS]
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


def sent(asset: Asset, accepted: str, keep: str) -> Response:
    """An answer with this file, packed where the browser takes that."""
    headers = {"cache-control": keep, "vary": "accept-encoding"}
    if asset.packed is not None and "gzip" in accepted:
        return Response(asset.packed, media_type=asset.media, headers={**headers, "content-encoding": "gzip"})
    return Response(asset.body, media_type=asset.media, headers=headers)


def _made(name: str, body: bytes) -> Asset:
    stem, dot, ending = name.rpartition(".")
    suffix = f"{dot}{ending}"
    digest = hashlib.sha256(body).hexdigest()[:HASH_LETTERS]
    packed = None if suffix == ".png" else gzip.compress(body, 9, mtime=0)
    return Asset(name, f"{BASE}{stem}.{digest}{suffix}", digest, MEDIA[suffix], body, packed)
