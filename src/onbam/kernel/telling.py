"""What gives a secret away: the name before it, its own shape, and the disguises it wears on its way through programs.

For: the redactor.
Promises: every pattern is linear in the text; a claim's `token`, which is a plain number, is not taken for a secret.
Refuses: to guess from how random a text looks: order numbers, fingerprints and ids look random too.
"""

from __future__ import annotations

import base64
import html
import json
import re
import unicodedata
from collections.abc import Callable, Iterator
from typing import Any, Final
from urllib.parse import quote, quote_plus, unquote

MARK: Final = "•••"
HEAD: Final = 6
"""Values at least this long are found anywhere; shorter ones only where they stand as a word of their own."""

# -- telling names ------------------------------------------------------------------------------------------------------

_TELLING: Final = (
    "password", "passwd", "passphrase", "passcode", "pwd", "secret", "token", "apikey", "api_key", "api-key", "api key",
    "cert_key", "certkey", "accesskey", "access_key", "access-key", "privatekey", "private_key", "private-key",
    "encryption_key", "encryptionkey", "authorization", "cookie", "session_id", "sessionid", "session-id", "credential",
    "signature", "비밀번호", "암호", "비밀키", "인증키", "토큰", "주민번호", "주민등록번호",
)  # fmt: skip
_TELLING_RE: Final = "|".join(re.escape(word) for word in sorted(_TELLING, key=len, reverse=True))
_NAMED: Final = re.compile(
    rf"(?P<name>(?P<word>{_TELLING_RE})[\w\-]{{0,40}})"
    r"(?P<gap>\\{0,3}[\"']?\s{0,4}(?:=>|[=:>]|(?<=[\"']),)\s{0,4})"
    r"(?P<value>\\{1,3}[\"'][^\"'\\]*\\{1,3}[\"']|b?\\{0,3}\"(?:[^\"\\]|\\.)*\"?|b?\\{0,3}'(?:[^'\\]|\\.)*'?"
    r"|(?:bearer|basic|digest)\s+[^\s,;\"']+|[^\s,;&<>\"'})\]]+)",
    re.IGNORECASE,
)
_ARGUMENT: Final = re.compile(
    rf"(?P<name>--[\w\-]{{0,40}}?(?:{_TELLING_RE})[\w\-]{{0,40}})(?P<gap>\s+)(?P<value>[^\s-]\S*)", re.IGNORECASE
)
_COOKIE: Final = re.compile(r"(?P<name>\b(?:set-)?cookie)(?P<gap>[\"']?\s*:\s*)(?P<value>[^\r\n]+)", re.IGNORECASE)
_LINE: Final = re.compile(  # NAME=value alone on a line, as in a settings file: the value ends where the line ends
    rf"^(?P<name>[\w.\-]{{0,60}}?(?:{_TELLING_RE})[\w\-]{{0,40}})(?P<gap>\s?=\s?)(?P<value>\S+)(?=\s*$)",
    re.IGNORECASE | re.MULTILINE,
)
_NOT_SECRET: Final = re.compile(r"(?:key|token|secret|password)s?[_\-](?:id|name|count|age|made_at|set_at)$", re.IGNORECASE)
_TELLING_KEY: Final = re.compile(_TELLING_RE, re.IGNORECASE)
_FENCE: Final = re.compile(r"\d{1,12}\Z")
"""A `token` that is a plain number is the claims' fence, not a secret."""

# -- telling shapes -----------------------------------------------------------------------------------------------------

_SHAPES: Final[tuple[tuple[str, re.Pattern[str], str], ...]] = (
    (
        "PRIVATE KEY",
        re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)", re.DOTALL),
        MARK,
    ),
    ("eyJ", re.compile(r"\beyJ[\w-]{6,}\.[\w-]{2,}(?:\.[\w-]*)*"), MARK),
    ("ya29.", re.compile(r"ya29\.[\w.-]+"), MARK),
    ("1//", re.compile(r"\b1//0?[\w-]{20,}"), MARK),
    ("GOCSPX-", re.compile(r"GOCSPX-[\w-]+"), MARK),
    ("AIza", re.compile(r"AIza[\w-]{30,}"), MARK),
    ("$2", re.compile(r"\$2[abxy]\$\d\d\$[./A-Za-z0-9]{8,}"), MARK),  # a Naver client secret is a bcrypt salt
    ("hooks.", re.compile(r"(https://hooks\.[\w.-]+/)\S+"), rf"\1{MARK}"),
    (":AA", re.compile(r"\b\d{6,12}:AA[\w-]{20,}"), MARK),  # a Telegram bot's token
    ("://", re.compile(r"(://)([^\s/@:\"'<>]{0,256}):[^\s\"'<>]{0,512}@"), rf"\1\2:{MARK}@"),
    ("://", re.compile(r"(://)[^\s/@:\"'<>]{1,512}@"), rf"\1{MARK}@"),
    ("/enter/", re.compile(r"(/enter/)[\w-]{16,}"), rf"\1{MARK}"),  # the dashboard's link that lets somebody in, once
    ("code=", re.compile(r"([?&]code=)[^&\s\"']+"), rf"\1{MARK}"),
    ("earer ", re.compile(r"\b(bearer)\s+(?=\S*[\d=+/])[\w\-.~+/=]{8,}", re.IGNORECASE), rf"\1 {MARK}"),
    ("asic ", re.compile(r"\b(basic)\s+(?=\S*[\d=+/])[\w\-.~+/=]{8,}", re.IGNORECASE), rf"\1 {MARK}"),
    ("-", re.compile(r"(?<!\d)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])-[0-9]\d{6}(?!\d)"), MARK),
)


def by_name(text: str) -> str:
    """The text without the values that stand after a telling name."""
    low = text.lower()
    if not _tells(low):
        return text
    text = _COOKIE.sub(_only_name, text) if "cookie" in low else text
    text = _ARGUMENT.sub(_only_name, text) if "--" in text else text
    return _NAMED.sub(_only_name, _LINE.sub(_only_name, text))


def _tells(low: str) -> bool:
    for word in _TELLING:  # noqa: SIM110 -- a plain loop costs half, and this runs for every text of every line
        if word in low:
            return True
    return False


def by_shape(text: str) -> str:
    """The text without what is known by its own shape."""
    for hint, shape, mark in _SHAPES:
        if hint in text:
            text = shape.sub(mark, text)
    return text


def telling(key: str, thing: Any) -> bool:
    """Whether a value under this name is a secret by its name alone."""
    if isinstance(thing, bool) or thing is None or _TELLING_KEY.search(key) is None or _NOT_SECRET.search(key):
        return False
    return key.lower() != "token" or not _FENCE.match(str(thing))


def _only_name(match: re.Match[str]) -> str:
    """`name=value` with the value taken out; a claim's token, which is a number, stays."""
    value, kept = match["value"], f"{match['name']}{match['gap']}"
    if _NOT_SECRET.search(match["name"]) or _is_fence(match, value):
        return match[0]
    edge = re.match(r"b?(\\{0,3}[\"'])", value)
    if edge is None:
        return f"{kept}{MARK}"
    closed = value.endswith(edge[1]) and len(value) > len(edge[0])
    return f"{kept}{edge[0]}{MARK}{edge[1] if closed else ''}"


def _is_fence(match: re.Match[str], value: str) -> bool:
    before = match.string[: match.start()][-1:]
    alone = match["name"].lower() == "token" and not (before.isalnum() or before in ("_", "-"))
    return alone and _FENCE.match(value.strip("\\\"'")) is not None


# -- disguises ---


def in_address(text: str) -> list[str]:
    """The password inside an address, as typed and decoded."""
    found = re.match(r"[\w+.\-]+://[^\s/:@]*:([^\s]*)@", text)
    if not found:
        return []
    return [found[1], unquote(found[1])]


_ESCAPES: Final[tuple[Callable[[str], str], ...]] = (
    lambda v: json.dumps(v)[1:-1],
    lambda v: json.dumps(v, ensure_ascii=False)[1:-1],
    lambda v: json.dumps(json.dumps(v))[3:-3],
    lambda v: json.dumps(json.dumps(v, ensure_ascii=False), ensure_ascii=False)[3:-3],
    lambda v: repr(v)[1:-1],
    lambda v: repr(v.encode())[2:-1],
    lambda v: ascii(v)[1:-1],
    lambda v: quote(v, safe=""),
    quote,
    quote_plus,
    lambda v: re.sub(r"%[0-9A-F]{2}", lambda m: m[0].lower(), quote(v, safe="")),
    html.escape,
    lambda v: html.escape(v, quote=False),
    lambda v: v.encode().hex(),
    lambda v: v.encode().hex().upper(),
)


def forms(value: str) -> set[str]:
    """The shapes a value takes on its way through programs."""
    out: set[str] = set()
    for shape in {value, value.strip(), unicodedata.normalize("NFC", value), unicodedata.normalize("NFD", value)}:
        out.add(shape)
        out.update(escape(shape) for escape in _ESCAPES)
        out.update(_base64_forms(shape.encode("utf-8", "surrogatepass")))
        lines = [line.strip() for line in shape.splitlines()]
        if len(lines) > 1:  # a key on several lines is also printed line by line
            out.update(line for line in lines if len(line) >= 2 * HEAD and not line.startswith("-----"))
    return {form for form in out if form and MARK not in form}


def _base64_forms(data: bytes) -> Iterator[str]:
    """The value inside base64 at each of the three places it can begin, without the letters its neighbours decide."""
    for pad in range(3):
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            whole = encode(b"\0" * pad + data).decode()
            body = whole.rstrip("=")
            inner = body[(0, 2, 3)[pad] : len(body) - (1 if (pad + len(data)) % 3 else 0)]
            if len(inner) >= 2 * HEAD - 2:
                yield inner
