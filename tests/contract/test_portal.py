"""The portal's contract, held by the fake and by the client on the simulator alike; and what only a wire can do to a client."""

from __future__ import annotations

import logging
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from onbam.connectors.portal import pages
from onbam.connectors.portal.client import PortalClient
from onbam.connectors.portal.contract import KINDS, Entry, Portal
from onbam.connectors.portal.fake import FakePortal
from onbam.connectors.portal.pages import Markup
from onbam.connectors.portal.reading import read
from onbam.connectors.portal.settings import PortalSettings
from onbam.kernel.clock import FakeClock, SystemClock
from onbam.kernel.errors import ContractBroken, CredentialsRejected, Misconfigured, Refused, Transient
from onbam.kernel.redact import Redactor
from onbam.kernel.settings import Secret
from onbam.orders.model import order_ref
from onbam_sims.portal import ENCODINGS, LAYOUTS, Order, Plan, PortalSimulator, document_page, encode
from onbam_sims.server import Response, Simulator
from support.hands import Hands
from support.waiting import until

DAY = date(2026, 1, 5)
PLAN = Plan(orders=60, days=3)


@dataclass
class World:
    """A portal to be read, and the truth behind it."""

    portal: Portal
    orders: Callable[[], list[Order]]
    cancel: Callable[[str], object]
    break_once: Callable[[], object]

    def of(self, kind: str, since: date = DAY - timedelta(days=9), until: date = DAY) -> dict[str, Order]:
        """What the ledger should list."""
        return {o.number: o for o in self.orders() if o.kind == kind and since <= o.date <= until}


def client_on(site: PortalSimulator, **changed) -> PortalClient:
    plain = PortalSettings(url=site.url, user=site.user, password=Secret(site.password), pace_s=0.0, timeout_s=20.0)
    return PortalClient(replace(plain, **changed), SystemClock())


@pytest.fixture(params=["fake", *(f"{layout} {encoding}" for layout in LAYOUTS for encoding in ENCODINGS)])
def world(request) -> Iterator[World]:
    if request.param == "fake":
        orders = PortalSimulator(seed=7, now=Hands(), plan=PLAN).orders
        fake = FakePortal(FakeClock())
        for order in orders:
            fake.put(Entry(order.number, order.kind, order.date), encode(document_page(order), "euc-kr").body)
        yield World(fake, lambda: orders, fake.cancel, lambda: fake.fail(Transient("down")))
        return
    layout, encoding = request.param.split()
    with PortalSimulator(seed=7, now=Hands(), plan=PLAN, layout=layout, encoding=encoding) as site:
        client = client_on(site)
        yield World(
            client,
            lambda: site.orders,
            lambda number: site.book.cancel(number, site.now()),
            lambda: site.set_fault("error_500", count=1, on="ledger"),
        )
        client.close()


# -- the contract -----------------------------------------------------------------------------------------------------------


def test_the_ledger_lists_every_order_once(world: World):
    """All pages, both kinds, each order with its number, kind and day."""
    for kind in KINDS:
        found = world.portal.ledger(kind, DAY - timedelta(days=9), DAY)
        wanted = world.of(kind)
        assert wanted
        assert {e.number: (e.kind, e.day) for e in found.entries} == {n: (kind, o.date) for n, o in wanted.items()}
        assert len(found.entries) == len(wanted)
        assert (found.unread, found.kind, found.until) == ((), kind, DAY)


def test_the_window_of_days_is_kept(world: World):
    """One day is one day."""
    day = DAY - timedelta(days=1)
    found = world.portal.ledger("임업", day, day)
    assert {e.number for e in found.entries} == set(world.of("임업", day, day))


def test_an_empty_window_is_an_empty_ledger(world: World):
    """No orders is an answer, not an error."""
    day = date(2025, 6, 1)
    assert world.portal.ledger("산업", day, day).entries == ()


def test_a_document_is_the_bytes_and_their_text(world: World):
    """The paper of each order reads the same in whatever encoding it came, with a fingerprint of the bytes."""
    for kind in KINDS:
        for entry in world.portal.ledger(kind, DAY, DAY).entries[:5]:
            paper = world.portal.document(entry)
            order = world.of(kind)[entry.number]
            assert (paper.number, paper.kind) == (entry.number, kind)
            assert order.site in paper.page.text
            assert order.lines[-1].name in paper.page.text
            assert len(paper.page.sha256) == 64
            assert read(paper.page.raw).text == paper.page.text


def test_a_document_that_does_not_exist_is_refused(world: World):
    """A number nobody ordered, and a number under the wrong kind."""
    with pytest.raises(Refused):
        world.portal.document(Entry("2601059999", "임업", DAY))
    order = next(iter(world.of("임업").values()))
    with pytest.raises(Refused):
        world.portal.document(Entry(order.number, "산업", DAY))


def test_a_cancelled_order_says_so(world: World):
    """The ledger keeps it, marked."""
    number = next(iter(world.of("임업")))
    world.cancel(number)
    found = world.portal.ledger("임업", DAY - timedelta(days=9), DAY)
    assert [e.number for e in found.entries if e.cancelled] == [number]


def test_trouble_passes(world: World):
    """A portal that is down is `Transient`, and the next call works."""
    world.break_once()
    with pytest.raises(Transient):
        world.portal.ledger("임업", DAY, DAY)
    assert world.portal.ledger("임업", DAY, DAY).entries


def test_a_check_is_quiet_when_all_is_well(world: World):
    """A person learns that the settings are right."""
    world.portal.check()


# -- the client -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def site() -> Iterator[PortalSimulator]:
    with PortalSimulator(seed=7, now=Hands(), plan=Plan(orders=30, days=2)) as site:
        yield site


@pytest.fixture
def client(site) -> Iterator[PortalClient]:
    client = client_on(site)
    yield client
    client.close()


def first(site: PortalSimulator) -> Entry:
    order = site.orders[0]
    return Entry(order.number, order.kind, order.date)


def test_the_number_opens_the_document_the_date_never_does(site, client):
    """In both layouts the key of an order is its ten digits, also when they are written with spaces."""
    site.set_fault("messy_numbers")
    for layout in LAYOUTS:
        site.layout = layout
        found = client.ledger("임업", DAY - timedelta(days=9), DAY)
        assert {e.number for e in found.entries} == {o.number for o in site.orders if o.kind == "임업"}


def test_links_are_followed_as_a_browser_does(site, client):
    """The link's address is kept with its own words in the page's encoding."""
    site.layout = "link"
    entry = client.ledger("산업", DAY - timedelta(days=9), DAY).entries[0]
    assert entry.address.startswith("/oms/trans_doc.jsp?")
    assert client.document(entry).number == entry.number


def test_a_site_that_ignores_the_days_is_narrowed_here(site, client):
    """What was not asked for is not answered."""
    site.set_fault("ignored_window")
    day = DAY - timedelta(days=1)
    found = client.ledger("임업", day, day)
    assert {e.number for e in found.entries} == {o.number for o in site.orders if o.kind == "임업" and o.date == day}


def test_rows_of_one_order_that_disagree_are_nobody_s_to_choose_from(site, client, monkeypatch):
    """One says that it was cancelled and one does not: neither is it entered on a guess nor cancelled without a word."""
    rows = (Entry("2601050001", "임업", DAY, cells={"상태": "출하"}), Entry("2601050002", "임업", DAY, cells={"상태": "출하"}))
    twice = (*rows, replace(rows[0], cancelled=True, cells={"상태": "취소"}))
    for listed in (twice, twice[::-1]):
        monkeypatch.setattr(pages, "listing", lambda *_, listed=listed: pages.Listing(listed, ()))
        found = client.ledger("임업", DAY, DAY)
        assert ([entry.number for entry in found.entries], len(found.unread)) == (["2601050002"], 1)


def test_a_number_in_wide_digits_is_the_same_order():
    """Else it would be entered a second time under its other spelling."""
    head = "<tr><th>출하일자</th><th>출하번호</th><th>거래처</th><th>상태</th></tr>"
    wide = "<tr><td>２６-01-05</td><td>２６０１０５\u3000００２９</td><td>온밤</td><td>출하</td></tr>"
    found = pages.listing(Markup(f"<table class='table'>{head}{wide}</table>"), "임업")
    assert [(entry.number, entry.day) for entry in found.entries] == [("2601050029", DAY)]
    assert order_ref("２６０１０５００２９ ") == order_ref("2601050029")


def test_rows_listed_twice_are_one_order(site, client):
    """A ledger that repeats itself changes nothing."""
    site.set_fault("duplicate_rows")
    found = client.ledger("임업", DAY - timedelta(days=9), DAY)
    assert len(found.entries) == len({e.number for e in found.entries}) == sum(o.kind == "임업" for o in site.orders)


@pytest.mark.parametrize("style", ["page", "redirect", "script"])
def test_a_session_that_ended_is_renewed_once(site, client, style):
    """Whatever the site shows to strangers, the page is asked for again after one log-in."""
    client.check()
    site.logged_out_style = style
    site.expire_sessions()
    assert client.document(first(site))
    assert site.logins == 2


def test_a_session_that_ends_at_once_is_told(site, client):
    """Two log-ins with one name throw each other out: no endless loop."""
    site.set_fault("logged_out", on="document")
    with pytest.raises(Transient, match="right after"):
        client.document(first(site))
    assert site.logins == 2


def test_a_wrong_password_is_sent_once(site):
    """The site locks accounts, so nobody knocks a second time; a person's check may."""
    client = client_on(site, password=Secret("wrong"))
    for _ in range(5):
        with pytest.raises(CredentialsRejected) as caught:
            client.document(first(site))
        assert "일치하지 않습니다" in caught.value.to("ko")
        assert "wrong" not in str(caught.value.context) + caught.value.to("en")
    assert site.wrong_passwords == 1
    with pytest.raises(CredentialsRejected):
        client.check()
    assert site.wrong_passwords == 2
    client.close()


def test_without_an_account_nothing_is_started():
    """Missing settings are named before anything is called."""
    with pytest.raises(Misconfigured):
        PortalClient(PortalSettings(), FakeClock())


@pytest.mark.parametrize(
    ("fault", "values", "error"),
    [
        ("error_500", {}, Transient),
        ("reset", {}, Transient),
        ("cut", {}, Transient),
        ("truncated", {"share": 0.7}, Transient),
        ("broken_layout", {}, ContractBroken),
        ("garbled", {}, ContractBroken),
        ("other_document", {}, ContractBroken),
    ],
)
def test_a_broken_document_is_sorted_by_what_to_do_next(site, client, fault, values, error):
    """Later, or never again without a person; and the next time it works."""
    site.set_fault(fault, count=1, on="document", **values)
    with pytest.raises(error):
        client.document(first(site))
    assert client.document(first(site)).number == first(site).number


@pytest.mark.parametrize(
    ("fault", "error"),
    [("error_500", Transient), ("reset", Transient), ("truncated", Transient), ("broken_layout", ContractBroken)],
)
def test_a_broken_ledger_is_never_read_as_empty(site, client, fault, error):
    """Half a ledger is no ledger."""
    client.check()
    site.set_fault(fault, on="ledger")
    with pytest.raises(error):
        client.ledger("임업", DAY, DAY)


def test_a_page_of_another_shape_is_kept_as_evidence(site, client):
    """The person who is told gets to see what came."""
    site.set_fault("broken_layout", on="document")
    with pytest.raises(ContractBroken) as caught:
        client.document(first(site))
    assert caught.value.evidence is not None
    assert "새로워졌습니다" in caught.value.evidence.decode("cp949")


def test_a_slow_portal_is_left_in_time(site):
    """No answer, and an answer that never ends, both end."""
    client = client_on(site, timeout_s=0.4)

    def logged_in():
        try:
            client.check()
        except Transient:
            return False  # a busy machine: even a good answer may take longer than that
        return True

    until(logged_in, what="the portal lets us in")
    for fault, values in (("slow", {"seconds": 30}), ("drip", {"seconds": 0.1})):
        site.set_fault(fault, on="document", **values)
        with pytest.raises(Transient, match="did not answer"):
            client.document(first(site))
        site.clear_faults()
    client.close()


def test_a_huge_page_is_not_read_to_its_end(site):
    """More than allowed is refused with a small piece kept."""
    client = client_on(site, max_megabytes=1.0)
    site.set_fault("huge", megabytes=3, on="document")
    with pytest.raises(ContractBroken, match="too large") as caught:
        client.document(first(site))
    assert len(caught.value.evidence or b"") <= 256 * 1024
    client.close()


@pytest.mark.parametrize("target", ["http://localhost.example/oms/main.jsp", "//other.example/x"])
def test_the_password_never_goes_to_another_host(target):
    """A site that sends us elsewhere is reported, not followed."""

    class Elsewhere(Simulator):
        """Sends everybody away."""

        def __init__(self) -> None:
            super().__init__()
            self.route("GET", r"/oms/.*", lambda _: Response.redirect(target))

    with Elsewhere() as away:
        client = PortalClient(PortalSettings(url=away.url, user="u", password=Secret("pw")), FakeClock())
        with pytest.raises(ContractBroken, match="another address"):
            client.check()
        client.close()


def test_a_form_that_points_elsewhere_is_not_sent():
    """Nor is a log-in form with a foreign address in it."""

    class Thief(Simulator):
        """Shows a form of somebody else's."""

        def __init__(self) -> None:
            super().__init__()
            form = (
                '<form method="post" action="http://other.example/take"><input name="a"><input type="password" name="b"></form>'
            )
            self.route("GET", r"/oms/main.jsp", lambda _: Response.of_text(f"<html>{form}</html>"))

    with Thief() as thief:
        client = PortalClient(PortalSettings(url=thief.url, user="u", password=Secret("pw")), FakeClock())
        with pytest.raises(ContractBroken, match="another address"):
            client.check()
        client.close()


def test_nobody_at_home(site):
    """A portal that does not listen is unreachable, in words."""
    client = client_on(site)
    site.stop()
    with pytest.raises(Transient) as caught:
        client.check()
    assert "연결" in caught.value.to("ko")
    client.close()


def test_a_certificate_that_is_not_valid_stops_for_a_person(tmp_path):
    """No page is asked for and no password sent: the connector stops, and no order is to blame."""
    listener = socket.create_server(("127.0.0.1", 0))
    secured = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    secured.load_cert_chain(_own_certificate(tmp_path))
    heard = []

    def answer() -> None:
        connection, _ = listener.accept()
        with connection, suppress(OSError), secured.wrap_socket(connection, server_side=True) as inside:
            heard.append(inside.recv(1000))

    server = threading.Thread(target=answer, daemon=True)
    server.start()
    plain = PortalSettings(url=f"https://127.0.0.1:{listener.getsockname()[1]}", user="u", password=Secret("night-desk"))
    client = PortalClient(replace(plain, pace_s=0.0, timeout_s=20.0), SystemClock())
    with pytest.raises(Misconfigured) as caught:
        client.check()
    server.join(20)
    client.close()
    listener.close()
    assert "인증서" in caught.value.to("ko")
    assert b"".join(heard) == b""


def _own_certificate(folder):
    """One that nobody has signed but itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = SystemClock().now()
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(7)
    made = made.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    path = folder / "own.pem"
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(made.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM) + secret)
    return path


@pytest.mark.parametrize(("burst", "free"), [(1, 2), (3, 4), (50, 5)])
def test_requests_keep_their_distance(site, burst, free):
    """The pace is waited on the clock that was passed in; after a rest some follow at once, on average none is too soon."""
    clock = FakeClock()
    settings = PortalSettings(url=site.url, user=site.user, password=Secret(site.password), pace_s=7.0, burst=burst)
    client = PortalClient(settings, clock)
    before = clock.monotonic()
    client.check()
    client.document(first(site))
    assert clock.monotonic() - before == pytest.approx(7.0 * (site.requests_served - free))
    clock.advance(7.0 * burst)
    before = clock.monotonic()
    for _ in range(burst + 2):
        client.document(first(site))
    assert clock.monotonic() - before == pytest.approx(7.0 * 2)
    client.close()


def test_the_password_and_the_session_are_in_no_log(site, client, caplog):
    """Not even with every logger talking: the library shows headers then, and the redactor knows cookies."""
    with caplog.at_level(logging.DEBUG):
        client.ledger("임업", DAY, DAY)
        client.document(first(site))
    [session] = site._sessions
    shown = Redactor().text(caplog.text)
    assert "trans_doc" in shown
    assert shown.count(site.password) == shown.count(session) == 0


# -- bytes ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_one_document_reads_the_same_in_every_encoding(encoding):
    """What differs is the bytes and what they claim."""
    html = document_page(PortalSimulator(seed=3, now=Hands()).orders[2])
    body = read(encode(html, "utf-8").body).text.partition("<title>")[2]
    found = read(encode(html, encoding).body)
    assert found.text.replace("\r\n", "\n").partition("<title>")[2].strip() == body.strip()
    assert (found.encoding, found.archive) == ("cp949" if encoding == "euc-kr" else "utf-8", encoding == "mhtml")
    assert found.whole


def test_pages_cut_in_the_middle_of_a_letter_are_read_and_known_as_cut():
    """Every prefix of a page is read, and none of them is taken for whole."""
    html = document_page(PortalSimulator(seed=3, now=Hands()).orders[2])
    for encoding in ("euc-kr", "utf-8"):
        body = encode(html, encoding).body
        for end in range(400, len(body) - 20, 7):
            assert not read(body[:end]).whole


def test_bytes_in_no_encoding_are_refused():
    """No question marks in an order."""
    for raw in (b"\xff" * 50 + b"abcdef", bytes(range(128, 256)) * 3):
        with pytest.raises(ContractBroken):
            read(raw)


def test_bytes_that_fit_both_encodings_are_read_as_korean():
    """Some pairs of old Korean letters happen to be valid UTF-8, of letters nobody here writes."""
    raw = b"<html>" + b"\xc4\xa3\xc5\xa5" + b"</html>"
    assert raw.decode("utf-8")
    assert read(raw).text == f"<html>{raw[6:10].decode('cp949')}</html>"


def test_marks_at_the_beginning_are_believed():
    """A byte order mark says what follows."""
    for codec in ("utf-8-sig", "utf-16"):
        assert read("<html>거래명세서</html>".encode(codec)).text == "<html>거래명세서</html>"


def test_an_archive_without_a_page_is_refused():
    """A saved mail is no document."""
    with pytest.raises(ContractBroken):
        read(b"MIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\nhello")


def test_every_fault_of_the_site_is_met_by_the_client():
    """What the simulator can do to us, some test here lets it do."""
    source = Path(__file__).read_text("utf-8")
    left = {"wrong_total", "missing_column", "empty_ledger"}  # the lines of a document are read in `orders`
    assert {name for name in set(PortalSimulator.FAULTS) - left if f'"{name}"' not in source} == set()


@pytest.mark.parametrize("url", ["foo", "", "door.yl.co.kr", "ftp://door.yl.co.kr", "http://", "http://door:port"])
def test_an_address_that_is_none_is_named_with_its_setting(url):
    """Before anything is asked: it is no trouble of the internet."""
    with pytest.raises(Misconfigured) as caught:
        PortalClient(PortalSettings(url=url, user="u", password=Secret("p")), SystemClock())
    assert "portal.url" in caught.value.to("en")
    assert "http://" in caught.value.hint.to("ko")
