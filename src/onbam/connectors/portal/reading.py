"""Bytes to text, whatever the bytes say of themselves.

For: every page of the portal, and documents saved to a file by a person.
Promises: UTF-8, EUC-KR as it is really used (CP949), a UTF-8 file whose old `meta` still says euc-kr, a browser's archive
(MHTML, quoted-printable): the same document reads the same in each; what was cut in the middle of a letter is still read.
Refuses: bytes that fit none of these (`ContractBroken`), rather than question marks in an order.
"""

from __future__ import annotations

import codecs
import email
import email.errors
import re
from dataclasses import dataclass
from email.message import Message
from typing import Final

from onbam.connectors.portal import words as say
from onbam.kernel.errors import ContractBroken

EVIDENCE_MAX: Final = 256 * 1024
"""How much of a page that is not understood is kept with the error."""
_ARCHIVE_HEAD: Final = re.compile(
    rb"\A(?:\xef\xbb\xbf)?\s*(?:[A-Za-z-]+:[^\n]*\n(?:[ \t][^\n]*\n)*){0,20}?MIME-Version:", re.IGNORECASE
)
_ARCHIVE_LOOK: Final = 8192
_BOMS: Final = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_HANGUL: Final = re.compile("[가-힣]")
_CUT: Final = ("incomplete multibyte sequence", "unexpected end of data")
_LONGEST_LETTER: Final = 4
"""No letter of the encodings we know takes more bytes."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The text of a page."""

    text: str
    encoding: str
    """utf-8, cp949 or utf-16."""
    archive: bool = False
    """Whether it came inside a browser's archive."""

    @property
    def whole(self) -> bool:
        """Whether the page came to its end."""
        return "</html" in (end := self.text[-4096:].lower()) or "</body" in end


def read(raw: bytes) -> Reading:
    """The text of these bytes."""
    if _ARCHIVE_HEAD.match(raw[:_ARCHIVE_LOOK]):
        inner = _inner_page(raw)
        if inner is None:
            raise ContractBroken(say.UNREADABLE, say.CHANGED_HINT, evidence=raw[:EVIDENCE_MAX])
        text, encoding = _decode(inner)
        return Reading(text, encoding, archive=True)
    return Reading(*_decode(raw))


def _decode(raw: bytes) -> tuple[str, str]:
    """What the bytes are is decided by the bytes: headers and metas lie."""
    for mark, codec in _BOMS:
        if raw.startswith(mark):
            text = _attempt(raw, codec)
            if text is not None:
                return text, codec.removesuffix("-sig")
    as_utf8 = _attempt(raw, "utf-8")
    if as_utf8 is not None and (as_utf8.isascii() or _HANGUL.search(as_utf8)):
        return as_utf8, "utf-8"
    as_cp949 = _attempt(raw, "cp949")
    if as_cp949 is not None and (as_utf8 is None or _HANGUL.search(as_cp949)):
        return as_cp949, "cp949"
    if as_utf8 is not None:
        return as_utf8, "utf-8"
    raise ContractBroken(say.UNREADABLE, say.CHANGED_HINT, evidence=raw[:EVIDENCE_MAX])


def _attempt(raw: bytes, codec: str) -> str | None:
    """The text, when every byte fits; a letter cut off at the very end is left out."""
    try:
        return raw.decode(codec)
    except UnicodeDecodeError as error:
        if len(raw) - error.start < _LONGEST_LETTER and error.reason in _CUT:
            return raw[: error.start].decode(codec)
        return None


def _inner_page(raw: bytes) -> bytes | None:
    """The page inside an archive: its first part that is HTML."""
    try:
        message = email.message_from_bytes(raw)
    except (email.errors.MessageError, ValueError, RecursionError):
        return None
    for part in message.walk():
        if part.get_content_type() == "text/html" and isinstance(part, Message):
            payload = part.get_payload(decode=True)
            return payload if isinstance(payload, bytes) else None
    return None
