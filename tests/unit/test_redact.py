"""A planted secret never comes through the redactor, by whatever road it is sent."""

from __future__ import annotations

import base64
import html
import json
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onbam.kernel.errors import Refused
from onbam.kernel.redact import LONGEST_TEXT, MARK, Redactor
from onbam.kernel.settings import Secret
from onbam.kernel.words import Text, plain

CANARY = 'k!n "ary\\9f/ü 온밤+3='

SECRETS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="•"), min_size=6, max_size=60).filter(
    lambda s: len(s.strip()) >= 6
)
AROUND = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
ROADS = {
    "as it is": lambda s: s,
    "json": json.dumps,
    "json, letters kept": lambda s: json.dumps({"x": s}, ensure_ascii=False),
    "json in json": lambda s: json.dumps({"body": json.dumps({"x": s})}),
    "repr": repr,
    "repr of bytes": lambda s: repr(s.encode()),
    "percent": lambda s: quote(s, safe=""),
    "form": quote_plus,
    "html": html.escape,
    "hex": lambda s: s.encode().hex(),
}


@pytest.mark.parametrize("road", ROADS)
@given(secret=SECRETS, before=AROUND, after=AROUND)
def test_a_learned_secret_never_comes_through(road, secret, before, after):
    """Whatever stands around it and however it was escaped."""
    sent = ROADS[road](secret)
    shown = Redactor([secret]).text(f"{before}{sent}{after}")
    assert sent not in shown
    assert secret not in shown


@given(secret=st.binary(min_size=9, max_size=40), user=st.binary(max_size=9))
def test_base64_hides_nothing(secret, user):
    """Basic authentication puts a name before the password: each of the three alignments is known."""
    text = secret.hex()
    whole = base64.b64encode(user + b":" + text.encode()).decode()
    assert MARK in Redactor([text]).text(f"sent {whole} to the server")


LEAVES = st.just(CANARY) | st.integers() | st.none() | st.just(CANARY.encode())
NESTED = st.recursive(LEAVES, lambda x: st.lists(x, max_size=3) | st.dictionaries(st.sampled_from(["a", CANARY, "b"]), x))


@given(NESTED)
def test_nothing_nested_comes_through(thing):
    """Dicts, lists, keys and bytes, as deep as they go; the answer is always JSON."""
    shown = json.dumps(Redactor([CANARY]).value(thing), ensure_ascii=False)
    assert CANARY not in json.dumps(json.loads(shown), ensure_ascii=False)
    assert json.dumps(CANARY, ensure_ascii=False)[1:-1] not in shown


@given(text=AROUND, secret=SECRETS)
def test_redacting_twice_changes_nothing_more(text, secret):
    """What was cleaned once is clean."""
    redactor = Redactor([secret])
    once = redactor.text(f"{text} password={secret}; token='x y' {text}")
    assert redactor.text(once) == once


@pytest.mark.parametrize(
    "line",
    [
        "password=CANARY",
        "ECOUNT_PASSWORD=CANARY,with&odd;letters",
        'login failed {"password": "CANARY", "user": "kim"}',
        "login failed {'client_secret': 'CANARY'}",
        'body "{\\"api_key\\": \\"CANARY\\", \\"n\\": 1}"',
        "GET /x?access_token=CANARY&page=2",
        "GET /OAPI/V2/Sale?SESSION_ID=CANARY",
        "GET /cb?state=1&code=CANARY",
        "Authorization: Bearer CANARY",
        "authorization: Basic CANARY",
        "headers=[(b'authorization', b'Bearer CANARY')]",
        "headers={'Cookie': 'a=CANARY; b=CANARY'}",
        "Set-Cookie: next-auth.session-token=CANARY; Path=/; x=CANARY",
        "postgresql+psycopg://onbam:CANARY@db.shop/onbam",
        "postgresql://onbam:p@CANARY/x@db.shop/onbam",
        "https://CANARY@host/path",
        "비밀번호: CANARY",
        "ERP 인증키=CANARY",
        "<API_CERT_KEY>CANARY</API_CERT_KEY>",
        "onbam.exe --password CANARY --verbose",
        "-----BEGIN PRIVATE KEY-----\nCANARY\nCANARY\n-----END PRIVATE KEY-----",
        "-----BEGIN RSA PRIVATE KEY-----\\nCANARY",
        "jwt eyJhbGciOiJIUzI1NiJ9.eyJCANARYCANARY.CANARYsig",
        "refresh 1//0gCANARYCANARYCANARYCANARY",
        "secret GOCSPX-CANARY",
        "sign with $2a$10$CANARYabcdefghijklmnop",
        "post https://hooks.slack.example/services/T0/CANARY",
    ],
)
def test_a_telling_name_or_shape_is_enough(line):
    """Even a secret nobody registered does not come through."""
    shown = Redactor().text(line.replace("CANARY", "q7Zx81Kp"))
    assert "q7Zx81Kp" not in shown
    assert MARK in shown


@pytest.mark.parametrize(
    "line",
    [
        "lease taken token=41 by PC-A_192.168.1.100",
        '{"token": 41, "item": "order:2601050229"}',
        "order 2601050229 of 2026-01-05 uploaded, slip 20260105-12",
        "GET http://127.0.0.1:5080/board?page=2 200",
        "at 1800112233445 ms",
        "key_id 3f, secret_name ECOUNT_PASSWORD",
        "basic authentication failed",
    ],
)
def test_ordinary_lines_stay_readable(line):
    """Orders, fences, addresses and dates are what a log is for."""
    assert Redactor(["hunter2hunter2"]).text(line) == line


def test_resident_numbers_go():
    """A person's registration number is never kept."""
    assert "1234567" not in Redactor().text("주문자 900101-1234567 님")


def test_a_telling_key_hides_whatever_stands_below_it():
    """Values under such keys go whole, whether text, number, list or dict; a fence stays."""
    shown = Redactor().value(
        {"password": 12345, "secrets": {"a": "b1"}, "tokens": ["t1"], "token": 41, "ok": True, "비밀번호": "x"}
    )
    assert shown == {"password": MARK, "secrets": MARK, "tokens": MARK, "token": 41, "ok": True, "비밀번호": MARK}


def test_a_short_secret_goes_where_it_stands_alone():
    """A four-figure code would otherwise eat every date that contains it."""
    redactor = Redactor(["7319"])
    assert redactor.text("code 7319, order 2673190229") == f"code {MARK}, order 2673190229"
    assert redactor.value({"n": 7319}) == {"n": MARK}


def test_errors_come_without_locals_and_without_secrets():
    """The message, its context and the chain of causes."""

    def fails(local_secret: str) -> None:
        try:
            int(local_secret)
        except ValueError as error:
            text = Text(ko="거절 {x}", en="no {x}")(x=local_secret)
            raise Refused(text, plain(local_secret), url=f"https://u:{local_secret}@h") from error

    with pytest.raises(Refused) as caught:
        fails(CANARY)
    shown = json.dumps(Redactor([CANARY]).error(caught.value), ensure_ascii=False)
    assert json.dumps(CANARY, ensure_ascii=False)[1:-1] not in shown
    assert "ValueError" in shown
    assert "in fails" in shown


def test_a_thing_that_cannot_print_itself_is_survived():
    """The log never dies of what it is given."""

    class Broken(Exception):
        def __str__(self) -> str:
            raise RuntimeError(CANARY)

        __repr__ = __str__

    redactor = Redactor([CANARY])
    assert CANARY not in json.dumps([redactor.value(Broken()), redactor.value({"x": {Broken()}}), redactor.value(2**20_000)])


def test_known_kinds_read_well():
    """Texts, paths, records and secrets."""

    @dataclass
    class Record:
        name: str
        password: Secret

    shown = Redactor().value({"p": Path("a/b"), "t": Text(ko="예", en="yes"), "r": Record("n", Secret("s")), "e": Secret("")})
    assert shown == {"p": str(Path("a/b")), "t": "yes", "r": {"name": "n", "password": MARK}, "e": ""}


def test_a_cut_never_leaves_half_a_secret():
    """Long texts are cut after they were cleaned."""
    shown = Redactor([CANARY]).value("x" * (LONGEST_TEXT - 5) + CANARY + "y" * 100)
    assert CANARY[:5] not in shown
    assert len(shown) < LONGEST_TEXT + 20


def test_bytes_in_korean_windows_letters():
    """An answer in the old Korean code page is read before it is judged."""
    assert "온밤열쇠777".encode("cp949") not in Redactor(["온밤열쇠777"]).raw("값 온밤열쇠777 끝".encode("cp949"))


def test_a_key_on_several_lines_is_known_line_by_line():
    """As a traceback or a wrapped log prints it."""
    redactor = Redactor(["-----BEGIN X-----\nMIIabcdefgh1234\nMIIijklmnop5678\n-----END X-----"])
    assert "MIIijklmnop5678" not in redactor.text("  2 | MIIijklmnop5678")


def test_settings_teach_the_redactor():
    """Every secret of the tree, and passwords inside addresses that are plain settings."""

    @dataclass(frozen=True)
    class Room:
        key: Secret
        url: str = "mysql://u:sw0rd%40fish@h/d"

    @dataclass(frozen=True)
    class Tree:
        room: Room

    redactor = Redactor()
    redactor.learn_settings(Tree(Room(Secret("canary-one"))))
    assert redactor.text("canary-one sw0rd%40fish sw0rd@fish") == f"{MARK} {MARK} {MARK}"


def test_a_password_a_shop_gave_its_own_program_is_learned(tmp_path: Path) -> None:
    """By its name, however deep in onbam.toml; a file's name stays to be seen, and a broken file costs nothing."""
    toml = tmp_path / "onbam.toml"
    toml.write_text(
        '[portal]\npassword = "canary-portal"\n[process.robot]\nenv = {ROBOT_PASSWORD = "canary-robot", STEP = "ordinary"}\n'
        '[sheets]\ncredentials_file = "google_oauth_credentials.json"\n',
        "utf-8",
    )
    redactor = Redactor()
    redactor.learn_around(tmp_path, {})
    said = "canary-portal canary-robot ordinary google_oauth_credentials.json"
    assert redactor.text(said) == f"{MARK} {MARK} ordinary google_oauth_credentials.json"
    toml.write_text("[portal\n", "utf-8")
    Redactor().learn_around(tmp_path, {})


PIECES = (
    "://",
    "://a:",
    "password=",
    'password="',
    "--token ",
    "eyJ",
    "\\",
    "bearer ",
    "-----BEGIN PRIVATE KEY-----",
    "900101-",
)


@pytest.mark.parametrize("piece", PIECES)
@pytest.mark.timeout(30)
def test_no_text_makes_it_slow(piece):
    """Work in proportion to the text ends at once; work that grows with its square would not end in time."""
    Redactor(["abcdefgh"]).text(piece * (200_000 // len(piece)))


def test_a_link_that_lets_somebody_in_is_known_by_its_shape():
    """An older version's log may hold one; a bundle of it must not."""
    opens = "kq3_Zx-9" * 5
    assert Redactor().text(f"http://localhost:5080/enter/{opens} (30 min)") == f"http://localhost:5080/enter/{MARK} (30 min)"
