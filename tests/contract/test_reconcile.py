"""The ERP's own report settles what lost answers left: through the client, the simulated ERP and the file it exports."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import httpx2
import pytest

from onbam.claims.asks import Command, New
from onbam.claims.model import Act, Ref, State
from onbam.connectors.ecount.client import EcountClient
from onbam.connectors.ecount.export import ExportSlip, read_export
from onbam.connectors.ecount.shared import MemoryShelf
from onbam.effects.model import Effect
from onbam.effects.perform import Receipt
from onbam.effects.permit import Permit
from onbam.kernel.errors import OutcomeUnknown
from onbam.orders.model import order_ref
from onbam.orders.reconcile import MARGIN_MS, Verdict, owners_of
from onbam.orders.reconcile_run import WHO, Reconciler, Run
from onbam.orders.slip import as_bytes, payload_hash
from onbam_sims.ecount import EcountSimulator
from support.claiming import orders
from support.desk_world import Shop, shop_of
from support.erp_stand import DAY, FAST, FreeTurnstile, settings, slip

KIM = {"who": "person:kim", "reason": "month end"}


class Office:
    """A shop that enters its orders in a simulated ERP."""

    def __init__(self, shop: Shop, erp: EcountSimulator, client: EcountClient, folder: Path) -> None:
        self.shop, self.erp, self.client, self.folder = shop, erp, client, folder
        self.reconciler = Reconciler(shop.desk, shop.clock)

    def enter(self, ref: Ref, fault: str = "", day: date = DAY) -> None:
        """One order, whose call meets this fault."""
        what = slip(ref.key, day=day)
        claims, effects = self.shop.agent()
        held = self.shop.take(claims, ref)
        turn = self.client.turn()
        if fault:
            self.erp.set_fault(fault, count=1)

        def act(_: Permit) -> Receipt:
            answer = self.client.post(what, turn)
            return Receipt(answer.number or "trace:x")

        try:
            sent = effects.perform(
                held,
                Effect(ref.key, "ecount.purchase", payload_hash(as_bytes(what)), 25.0, evidence=as_bytes(what).decode()),
                act,
            )
        except OutcomeUnknown:
            return
        claims.finish(held, State.COMPLETED, receipt=sent.receipt)

    def export(self, kind: str = "xlsx", days: str = "from=20260101&to=20260131") -> Path:
        """What a person downloads."""
        file = self.folder / f"report.{kind.partition('?')[0]}"
        separator = "&" if "?" in kind else "?"
        file.write_bytes(httpx2.get(f"{self.erp.url}/slips/export.{kind}{separator}{days}").content)
        return file

    def later(self, seconds: float = MARGIN_MS / 1000 + 60) -> None:
        """Long enough for every call to have ended."""
        self.shop.clock.advance(seconds)

    def run(self, file: Path, **kwargs: bool) -> Run:
        """Reconcile with a file."""
        compared = self.reconciler.compare(read_export(file), **kwargs)
        return self.reconciler.run(compared, file.name, wait=self.shop.clock.wait, **KIM)

    def states(self) -> dict[str, State]:
        """How every order stands."""
        items = self.shop.store.get(self.refs)
        return {item.key: item.state for item in items if item}

    refs: list[Ref]


@pytest.fixture(params=["memory", "sqlite"])
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    """Five orders: two entered, two whose answers were lost after the save, one whose request was lost before it."""
    with shop_of(request.param, tmp_path) as shop:
        now = lambda: shop.clock.now().timestamp()  # noqa: E731 -- the ERP's clock is the shop's
        with EcountSimulator(seed=7, now=now, time_scale=FAST) as erp:
            client = EcountClient(settings(erp), shop.clock, MemoryShelf(), FreeTurnstile(shop.clock))
            made = Office(shop, erp, client, tmp_path)
            made.refs = orders(5)
            shop.store.add([New(ref) for ref in made.refs])
            for ref, fault in zip(made.refs, ("", "lost_reply", "lost_request", "http_500_after", ""), strict=True):
                made.enter(ref, fault)
            yield made
            client.close()


@pytest.mark.parametrize("kind", ["xlsx", "csv", "csv?encoding=cp949"])
def test_a_report_settles_what_lost_replies_left(office, kind):
    """What arrived is completed under its slip's number, what did not waits again; each order has one slip or none."""
    office.later()
    run = office.run(office.export(kind))
    states = list(office.states().values())
    assert states == [State.COMPLETED, State.COMPLETED, State.WAITING, State.COMPLETED, State.COMPLETED]
    numbers = {slip.lines[0].remarks.split()[0]: slip.number for slip in office.erp.slips}
    for ref, state in zip(office.refs, states, strict=True):
        assert office.shop.item(ref).receipt == (numbers[ref.key] if state is State.COMPLETED else "")
    assert (run.left, list(office.shop.notices.inbox())) == ([], [])
    line = office.shop.journal.about("report", f"report.{kind[:4].strip('?')}", 1)[0].line
    assert (line.who, line.why, line.data["there"], line.data["not_there"]) == ("person:kim", "month end", 2, 1)
    assert line.data["sha256"] == run.compared.export.sha256
    assert [one.verdict_by for one in office.shop.ledger.about(office.refs[2])] == [WHO]


def test_afterwards_everything_is_entered_exactly_once(office):
    """The order that waits again is sent again; a second report has nothing to settle and no duplicate."""
    office.later()
    office.run(office.export())
    office.enter(office.refs[2])
    office.later()
    run = office.run(office.export())
    assert set(office.states().values()) == {State.COMPLETED}
    assert len(office.erp.slips) == len(office.refs)
    assert (run.settled, run.compared.duplicates, run.compared.missing) == ([], [], [])


def test_a_report_made_too_early_settles_only_what_it_shows(office):
    """Made before the call must have ended: its silence proves nothing, and it says when to make it again."""
    office.shop.clock.advance(5)
    run = office.run(office.export())
    assert office.shop.item(office.refs[2]).state is State.UNCERTAIN
    assert [answer.item.key for answer in run.left] == [office.refs[2].key]
    assert "make it again after" in str(run.left[0].why)
    assert len(run.settled) == 2


@pytest.mark.parametrize(
    ("days", "words"),
    [("from=20260106&to=20260131", "covers 2026-01-06"), ("from=20251201&to=20260104", "covers 2025-12-01")],
)
def test_a_report_of_other_days_proves_nothing(office, days, words):
    """The slip carries the document's day, and the report is not about it."""
    office.later()
    run = office.run(office.export(days=days))
    assert len(run.left) == 3
    assert words in str(run.left[0].why)


def test_a_filtered_report_proves_nothing_by_silence(office):
    """Somebody searched for one slip before exporting: the completed ones it leaves out give it away."""
    office.later()
    only = f"from=20260101&to=20260131&q={office.refs[0].key}"
    run = office.run(office.export(days=only))
    assert [office.shop.item(ref).state for ref in office.refs[1:4]] == [State.UNCERTAIN] * 3
    assert "filtered" in str(run.left[0].why)


def test_a_report_without_any_slip_of_ours_needs_a_persons_word(tmp_path):
    """An empty report may be a filtered one; who made it can vouch for it."""
    with shop_of("memory", tmp_path) as shop, EcountSimulator(now=lambda: shop.clock.now().timestamp(), time_scale=FAST) as erp:
        client = EcountClient(settings(erp), shop.clock, MemoryShelf(), FreeTurnstile(shop.clock))
        office = Office(shop, erp, client, tmp_path)
        office.refs = orders(1)
        office.enter(office.refs[0], "lost_request")
        office.later()
        file = office.export()
        assert office.run(file).left
        assert shop.item(office.refs[0]).state is State.UNCERTAIN
        office.run(file, unfiltered=True)
        assert shop.item(office.refs[0]).state is State.WAITING
        client.close()


def by_hand(office: Office, key: str, amount: str = "2000", day: str = "20260105") -> str:
    """A person enters a slip in the ERP; answers its number."""
    row = {
        "IO_DATE": day,
        "CUST": "00001",
        "PROD_CD": "Y1",
        "QTY": "2",
        "PRICE": "1000",
        "SUPPLY_AMT": amount,
        "VAT_AMT": "200",
    }
    return office.erp.book.save([{**row, "REMARKS": key}], day, office.erp.now(), by="person").number


def test_what_does_not_fit_is_listed(office):
    """Two slips of one order, slips nobody knows, other purchases, a cancelled order that is there all the same."""
    again, unknown, _ = by_hand(office, office.refs[0].key), by_hand(office, "2601059999"), by_hand(office, "월말 정산")
    cancelled = order_ref("2601050300")
    office.shop.store.add([New(cancelled)])
    office.shop.desk.cancel(cancelled.key, **KIM)
    by_hand(office, cancelled.key)
    office.later()
    compared = office.reconciler.compare(read_export(office.export()))
    assert [odd.key for odd in compared.duplicates] == [office.refs[0].key]
    assert compared.duplicates[0].numbers[1] == again
    assert [(odd.key, odd.numbers) for odd in compared.unknown] == [("2601059999", (unknown,))]
    assert [odd.key for odd in compared.cancelled] == [cancelled.key]
    assert compared.strangers == 1


def test_an_order_entered_by_hand_is_not_entered_again(office):
    """A person typed it in while it was parked; the report shows it, and the robot learns its number."""
    ref = order_ref("2601050301")
    office.shop.store.add([New(ref)])
    number = by_hand(office, ref.key)
    office.later()
    office.run(office.export())
    assert (office.shop.item(ref).state, office.shop.item(ref).receipt) == (State.COMPLETED, number)


def test_another_amount_under_our_number_is_said(office):
    """It is there, so it is never sent again; that it is not what was sent is for a person."""
    by_hand(office, office.refs[2].key, amount="777")
    office.later()
    run = office.run(office.export())
    assert office.shop.item(office.refs[2]).state is State.COMPLETED
    assert [(odd.key, odd.theirs) for odd in run.compared.differing] == [(office.refs[2].key, "777")]


def test_a_deleted_slip_is_missed(office):
    """Completed here, deleted there: listed, and from then on the report's silence proves nothing."""
    first = office.shop.item(office.refs[0])
    office.erp.book.delete(first.receipt)
    office.later()
    run = office.run(office.export())
    assert [(odd.key, odd.ours) for odd in run.compared.missing] == [(first.key, first.receipt)]
    assert [answer.verdict for answer in run.left] == [Verdict.CANNOT_TELL]


def test_a_report_without_the_column_of_our_key_proves_nothing_and_misses_nothing(office):
    """The slips are there by their numbers: nobody is sent to look for them, and silence about a doubt stays silence."""
    office.later()
    file = office.export("csv")
    text = file.read_text("utf-8-sig")
    for ref in office.refs:
        text = text.replace(ref.key, "")
    file.write_text(text, "utf-8-sig")
    run = office.run(file)
    assert run.compared.missing == []
    assert {answer.verdict for answer in run.left} == {Verdict.CANNOT_TELL}
    assert len(run.left) == 3


def test_a_completed_order_whose_receipt_names_no_slip_is_listed(office):
    """Somebody wrote down what is no number: the report cannot show it, so it is said and not passed over."""
    ref, old = order_ref("2601050302"), order_ref("2512050302")
    office.shop.store.add([New(ref), New(old)])
    for one in (ref, old):
        command = Command(one, Act.COMPLETE, "person:kim", "by hand", receipt="abc")
        office.shop.store.override([command])
    office.later()
    compared = office.reconciler.compare(read_export(office.export()))
    assert [(odd.key, odd.ours) for odd in compared.unplaced] == [(ref.key, "abc")]  # the other is not of its days


def test_an_order_completed_under_another_order_s_slip_is_listed(office):
    """The slip says whose it is; how long ago the mistake was made does not matter."""
    first, ref = office.shop.item(office.refs[0]), order_ref("2601050303")
    office.shop.store.add([New(ref)])
    office.shop.store.override([Command(ref, Act.COMPLETE, "person:kim", "by hand", receipt=first.receipt)])
    compared = office.reconciler.compare(read_export(office.export()))
    assert [(odd.key, odd.numbers, odd.ours) for odd in compared.foreign] == [(ref.key, (first.key,), first.receipt)]
    assert compared.missing == []


def test_a_note_that_names_another_order_proves_nothing_about_it(office):
    """The supplier's note of one order names two others: neither is taken for entered, and neither is sent again."""
    doubt, waiting = office.refs[2], order_ref("2601050304")
    office.shop.store.add([New(waiting)])
    office.later()
    file = office.export("csv")
    first = office.shop.item(office.refs[0]).key
    text = file.read_text("utf-8-sig").replace(first, f"{first} {doubt.key} {waiting.key} 추가분")
    file.write_text(text, "utf-8-sig")
    run = office.run(file)
    [left] = run.left
    assert left.item.key == doubt.key
    assert "names it in a note" in str(left.why)
    assert (run.completed, run.compared.duplicates, run.compared.foreign) == ([], [], [])
    assert office.shop.item(waiting).state is State.WAITING


@pytest.mark.parametrize(
    ("texts", "owners"),
    [
        (("2601050229",), {"2601050229"}),
        (("2601050229 2601050105 추가분",), {"2601050229"}),
        (("2601050229, 2601050105",), {"2601050229", "2601050105"}),
        (("2601050229/2601050105 합침",), {"2601050229", "2601050105"}),
        (("2601050229", "2601050105 추가분"), {"2601050229"}),
        (("2601050229", "2601050105"), {"2601050229", "2601050105"}),
        (("주문 2601050229",), set()),
        (("26010502291",), set()),
    ],
)
def test_whose_a_slip_is(texts, owners):
    """A number that stands alone or in a list is an owner's; behind one it is a note's."""
    assert owners_of(ExportSlip("20260105-1", DAY, texts=set(texts))) == owners


def test_looking_changes_nothing(office):
    """A dry run."""
    office.later()
    before = office.states()
    head = office.shop.journal.head()
    compared = office.reconciler.compare(read_export(office.export()))
    assert [answer.verdict for answer in sorted(compared.answers, key=lambda a: a.item.key)] == [
        Verdict.THERE,
        Verdict.NOT_THERE,
        Verdict.THERE,
    ]
    assert (office.states(), office.shop.journal.head()) == (before, head)


def test_a_slip_of_a_day_that_is_not_known_is_left_to_a_person(office):
    """Nothing tells which day the report would have to cover."""
    ref = orders(6)[-1]
    office.shop.doubt(ref)
    office.later()
    run = office.run(office.export())
    assert [answer.item.key for answer in run.left] == [ref.key]
    assert "day" in str(run.left[0].why)


def test_a_call_is_waited_for_by_a_steady_clock(office):
    """The report is late enough, but this desk has only just seen the doubt: it waits, once, and not for each."""
    office.later()
    waits: list[float] = []
    file = office.export()
    compared = office.reconciler.compare(read_export(file))
    run = office.reconciler.run(compared, file.name, wait=lambda s: waits.append(s) or office.shop.clock.advance(s), **KIM)
    assert (len(waits), run.left) == (1, [])
    assert 0 < waits[0] < 120
