"""The desk as people meet it: what they paste into the search, what a tab is called, figures and sentences as they are said."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

import pytest

from onbam.claims.asks import Command, New
from onbam.claims.model import Act
from onbam.kernel.words import received
from onbam.notices.model import Cause, Severity
from onbam.orders.desk_rows import Counts
from onbam.orders.model import order_ref
from onbam.web.views.needs import SHOWN
from onbam.web.views.orders import meant
from onbam.web.views.sentence import Standing, sentence
from support.desk_door import Desk, desk
from support.stage import PASSWORD, Stage, pc, people, stage

HEADING = re.compile(r"<h1>([^<]*)")


@pytest.fixture
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A small shop of each test's own."""
    told = stage(tmp_path_factory.mktemp("plain"))
    people(told)
    yield told
    told.onbam.close()


@pytest.fixture
def door(shop: Stage) -> Iterator[Desk]:
    """Its desk."""
    with desk(shop) as opened:
        yield opened


@pytest.mark.parametrize(
    ("given", "text"),
    [
        (" 2601130249\t", "2601130249"),
        ("２６０１１３０２４９", "2601130249"),
        ("주문 2601130249", "2601130249"),
        ("주문번호: 2601130249", "2601130249"),
        ("Order 2601130249", "2601130249"),
        ("#2601130249", "2601130249"),
        ("26011\u200b30249\ufeff", "2601130249"),
        ("ＰＣ－Ｃ", "PC-C"),
        (unicodedata.normalize("NFD", "래미안 원펜타스"), "래미안 원펜타스"),
        ("（주）온밤", "（주）온밤"),
        ("주문", "주문"),
        ("503", "503"),
    ],
)
def test_what_is_pasted_is_read_as_it_is_meant(given: str, text: str) -> None:
    """Full width, invisible marks, Korean taken apart by a Mac, an order as a page names it; other words stay as they are."""
    assert meant(given) == text


def test_the_search_the_interface_and_an_act_on_many_read_a_text_alike(door: Desk, shop: Stage) -> None:
    """What the page finds is what its buttons act on."""
    order = shop.order()
    shop.found(order, shop.order())
    kim = door.as_("kim")
    wide = "".join(chr(ord(figure) - ord("0") + ord("０")) for figure in order.number)
    assert kim.get(f"/orders?q={wide}").count('<tr id="row-') == 1
    assert [one["order_id"] for one in kim.client.get(f"/api/orders?q={wide}").json()["orders"]] == [order.number]
    assert order.number in kim.get(f"/orders/bulk/hold?q={wide}", **{"hx-request": "true"})


def test_every_tab_can_be_told_from_the_others(door: Desk, shop: Stage) -> None:
    """The title of one order and of one PC begins with its name; the page without an answer has one too."""
    shop.join(pc("A", 1))
    order = shop.order()
    shop.found(order)
    kim = door.as_("kim")
    assert f"<title>{order.number} · 주문 · 온밤</title>" in kim.get(f"/orders/{order.number}")
    assert "<title>PC-A · PC들 · 온밤</title>" in kim.get("/machines/PC-A")
    assert "<title>온밤에 연결할 수 없습니다 · 온밤</title>" in kim.get("/offline")


def test_all_notices_are_counted_also_where_not_all_are_shown(door: Desk, shop: Stage) -> None:
    """A hundred stand on the page: how many there are, and that some are not shown, is said; one is said as one."""
    inbox, kim = shop.onbam.notices, door.as_("kim")
    for n in range(120):
        inbox.open(Cause(f"test:{n}", Severity.WARN, received("종이 없음", "no paper")(), received("넣으십시오", "add it")()))
        if n == 0:
            kim.client.cookies.set("onbam_lang", "en")
            page = kim.get("/notices")
            assert "<h1>1 notice</h1>" in page
            assert ">once<" in page
            kim.client.cookies.delete("onbam_lang")
    page = kim.get("/notices")
    assert "<h1>알림 120건</h1>" in page
    assert "100건을 보입니다" in page
    assert page.count('<li class="card') == 100


def test_where_more_wait_than_are_shown_the_way_to_all_of_them_is_shown(door: Desk, shop: Stage) -> None:
    """The oldest stand there as cards; where there are more, one press leads to all, where many can be acted on at once."""
    refs = [order_ref(f"26011302{n:02}") for n in range(SHOWN + 1)]
    shop.onbam.claims.add([New(ref) for ref in refs])
    shop.onbam.claims.override([Command(ref, Act.HOLD, "person:kim", "보류") for ref in refs])
    kim = door.as_("kim")
    page = kim.get("/needs-you")
    assert page.count('<li class="card need-') == SHOWN
    [way] = re.findall(r'<a href="(/orders[^"]*)">모두 보고', page)
    assert kim.get(way.replace("&amp;", "&")).count('<tr id="row-') > SHOWN


def test_nothing_in_hand_is_said_once(door: Desk) -> None:
    """An empty board has one sentence about that."""
    assert door.as_("kim").get("/board").count("지금 처리 중인 주문이 없습니다") == 1


def test_a_sentence_and_a_button_begin_with_a_capital_letter(door: Desk, shop: Stage) -> None:
    """In English: the answer of Today, also where it is about one order, and what stands on the buttons."""
    order = shop.order()
    shop.found(order)
    shop.doubt(pc("A", 1), order)
    kim = door.as_("kim")
    kim.client.cookies.set("onbam_lang", "en")
    page = kim.get("/")
    heading = HEADING.search(page)
    assert heading is not None
    assert heading[1].startswith(f"Order {order.number}")
    assert "It is there</button>" in page


def test_whoever_listens_knows_which_order_and_which_state(door: Desk, shop: Stage) -> None:
    """A button read alone names its order; the board says in words what place and sign show."""
    a, doubt, held, done = pc("A", 1), *(shop.order() for _ in range(3))
    shop.join(a, due_s=3600)
    shop.found(doubt, held, done)
    shop.doubt(a, doubt)
    shop.entered(a, done)
    shop.taken(a, held)
    kim = door.as_("kim")
    assert f'aria-label="ERP에 있음 {doubt.number}"' in kim.get("/needs-you")
    board = kim.get("/board")
    lane, _, ended = board.partition('<ol class="done-list">')
    assert re.search(rf'{held.number}</a> <span class="visually-hidden">해석<', lane)
    assert re.search(rf'<span class="visually-hidden">[^<]*{done.number}[^<]*마쳤습니다', ended)
    assert re.search(r'aria-valuetext="\d\d:\d\d"', board)
    assert 'aria-label="막기 lee"' in kim.get("/people")


def test_a_form_sent_after_the_session_ended_leads_back_to_its_page(door: Desk) -> None:
    """Not to the first page: whoever comes in again stands where they were."""
    kim = door.as_("kim")
    kim.client.cookies.clear()
    answer = kim.client.post(
        "/people",
        data={"name": "hong", "role": "viewer", "shown": "", "form_token": "old"},
        headers={"referer": "http://localhost/people"},
    )
    assert answer.headers["location"] == "/login?next=/people"
    back = kim.client.post("/login", data={"name": "kim", "password": PASSWORD, "next": "/people"})
    assert back.headers["location"] == "/people"


def test_a_card_has_one_first_button(door: Desk, shop: Stage) -> None:
    """Where a product code is asked for, that is what to do first."""
    from onbam.claims.model import State

    order = shop.order()
    shop.found(order)
    shop.ended(shop.taken(pc("A", 1), order), State.PARKED, note="codes")
    card = door.as_("kim").get("/needs-you").partition(f'id="need-{order.number}"')[2].partition("</li>")[0]
    assert card.count(" first") == 1


def test_thousands_are_told_with_their_separator() -> None:
    """In the one sentence too, in both languages."""
    night = Standing((), Counts(), (), 0, 1234, None, locked=True, at_night=True)
    told = sentence(night).more
    assert told is not None
    assert (told.to("ko"), told.to("en")) == (
        "지난밤 1,234건, 확인할 일 없음.",
        "1,234 orders last night, nothing needs you.",
    )


def test_what_is_asked_of_many_reads_well_of_one_too(door: Desk, shop: Stage) -> None:
    """The question begins with a capital letter and says nothing like '1 orders'."""
    order = shop.order()
    shop.found(order)
    lee = door.as_("lee")
    lee.client.cookies.set("onbam_lang", "en")
    assert "Park? Orders: 1<" in lee.get(f"/orders/bulk/hold?q={order.number}", **{"hx-request": "true"})


def test_a_stop_of_all_is_said_wherever_pcs_are_said_to_work(door: Desk, shop: Stage) -> None:
    """The PCs' page does not count who is at work above the stop, and the board says it too; a past moment does not."""
    shop.join(pc("A", 1), pc("B", 1), due_s=3600)
    kim = door.as_("kim")
    assert "PC 2대 가운데 2대가 일합니다" in kim.get("/machines")
    assert kim.act("/machines/do/pause/all", reason="재고 조사")[0] == 204
    assert "<h1>모두 멈춰 두었습니다</h1>" in kim.get("/machines")
    then = int(shop.onbam.clock.now().timestamp() * 1000) - 60_000
    assert "재고 조사" in kim.get("/board")
    assert "재고 조사" in kim.get("/board?as=table")
    assert "재고 조사" not in kim.get(f"/board?at={then}").partition("board-done")[0]


def test_every_setting_that_can_be_changed_asks_in_plain_figures(door: Desk) -> None:
    """Its question opens, its limits are written out, and the cursor stands in the first field to fill."""
    kim = door.as_("kim")
    names = re.findall('hx-get="/settings/change/([^"]+)"', kim.get("/settings"))
    assert len(names) > 20
    for name in names:
        question = kim.get(f"/settings/change/{name}", **{"hx-request": "true"})
        assert not re.search(r"\de\+\d", question), name
        assert re.search('name="value"[^>]* autofocus', question), name
        assert question.count(" autofocus") == 1, name
