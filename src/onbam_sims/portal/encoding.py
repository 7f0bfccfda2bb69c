"""How the portal's pages become bytes: the four ways seen in the wild.

For: every page of the simulated portal, and tests that want one document in all encodings.
Promises: what a browser would show is the same text in each of them.
Refuses: nothing; a sign the encoding lacks becomes a numeric character reference, as the old server does it.
"""

from __future__ import annotations

import quopri
import re
from dataclasses import dataclass
from typing import Final, Literal, get_args
from urllib.parse import parse_qs, urlsplit

Encoding = Literal["euc-kr", "utf-8", "utf-8-stale", "mhtml"]
ENCODINGS: Final[tuple[Encoding, ...]] = get_args(Encoding)
_META: Final = re.compile(r'<meta http-equiv="Content-Type"[^>]*>', re.IGNORECASE)
_BOUNDARY: Final = "----MultipartBoundary--q1W2e3R4t5Y6----"
HTML: Final = "text/html"


@dataclass(frozen=True, slots=True)
class Encoded:
    """Bytes and what the server says about them."""

    body: bytes
    content_type: str


def encode(html: str, encoding: Encoding, address: str = "http://door.example/oms/trans_doc.jsp") -> Encoded:
    """One page in one encoding.

    `euc-kr` is CP949 under the name EUC-KR, as such servers do it. `utf-8-stale` is a page saved from a browser: the bytes are
    UTF-8 again, the meta still says euc-kr, and no header corrects it. `mhtml` is the browser's own archive format.
    """
    if encoding == "euc-kr":
        return Encoded(_with_meta(html, "euc-kr").encode("cp949", "xmlcharrefreplace"), f"{HTML}; charset=EUC-KR")
    if encoding == "utf-8":
        return Encoded(_with_meta(html, "utf-8").encode(), f"{HTML}; charset=UTF-8")
    if encoding == "utf-8-stale":
        return Encoded(_with_meta(html, "euc-kr").encode(), HTML)
    return Encoded(_mhtml(_with_meta(html, "utf-8"), address), "multipart/related")


def _with_meta(html: str, charset: str) -> str:
    return _META.sub(f'<meta http-equiv="Content-Type" content="text/html; charset={charset}">', html, count=1)


def _mhtml(html: str, address: str) -> bytes:
    """The archive a browser saves: headers, one part, quoted-printable."""
    head = (
        "From: <Saved by Blink>\r\n"
        f"Snapshot-Content-Location: {address}\r\n"
        "Subject: =?utf-8?Q?=EA=B1=B0=EB=9E=98=EB=AA=85=EC=84=B8=EC=84=9C?=\r\n"
        "MIME-Version: 1.0\r\n"
        f'Content-Type: multipart/related;\r\n\ttype="text/html";\r\n\tboundary="{_BOUNDARY}"\r\n\r\n\r\n'
        f"--{_BOUNDARY}\r\n"
        "Content-Type: text/html\r\n"
        "Content-ID: <frame-1@mhtml.blink>\r\n"
        "Content-Transfer-Encoding: quoted-printable\r\n"
        f"Content-Location: {address}\r\n\r\n"
    )
    body = quopri.encodestring(html.encode()).replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    return head.encode() + body + f"\r\n--{_BOUNDARY}--\r\n".encode()


def read_pairs(raw: str) -> dict[str, str]:
    """A query or form body, in UTF-8 or in EUC-KR, whichever it is."""
    for codec in ("utf-8", "cp949"):
        try:
            pairs = parse_qs(raw, keep_blank_values=True, encoding=codec, errors="strict")
        except UnicodeDecodeError:
            continue
        return {name: values[0] for name, values in pairs.items()}
    return {}


def query_of(target: str) -> dict[str, str]:
    """The query of a request's address."""
    return read_pairs(urlsplit(target).query)
