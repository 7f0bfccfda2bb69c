"""Looks at the supplier's ledger, and makes known what is there.

For: the sweep service, `onbam sweep`.
Promises: what the ledger shows twice, or shows again, is one order; a cancelled order that is not yet entered is cancelled, one
that is entered is put in front of a person; so is one that says something else afterwards; rows nobody can read are told and
never guessed at.
Refuses: to work on an order: that is the flow's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from onbam.claims.asks import Command, New
from onbam.claims.model import Act, Agent, Item, Ref, State
from onbam.claims.ports import ClaimStore
from onbam.connectors.portal.contract import Ledger, Portal
from onbam.kernel.errors import ContractBroken, CredentialsRejected, Misconfigured, Refused, Transient
from onbam.kernel.words import Said, kept
from onbam.logs.voice import get_logger
from onbam.notices.model import KEY_MAX, LINK_MAX, Cause, Severity
from onbam.notices.ports import Notices
from onbam.orders import evidence as keep
from onbam.orders import flow_words as say
from onbam.orders.card import Card, card_of, taken_back
from onbam.orders.evidence import Evidence
from onbam.orders.flow import form_bytes
from onbam.orders.health import Health
from onbam.orders.model import Asked, order_ref
from onbam.orders.understanding import understand_bytes

BATCH: Final = 500
"""Orders a call to the store."""
LEDGER_WHO: Final = "system:ledger"
CANCELLED_LATE: Final = "cancelled-late:"
CHANGED_LATE: Final = "changed-late:"
TWO_OF_A_NUMBER: Final = "two-of-a-number:"
UNREAD: Final = "ledger-unread:"
CHANGED_PAGE: Final = "contract:portal:"
"""How the keys of the sweep's notices begin."""
SHOWN_MAX: Final = 5
KNOWN_MAX: Final = 20_000
log: Final = get_logger("sweep")


@dataclass(frozen=True, slots=True)
class Swept:
    """What one look found."""

    seen: int = 0
    new: int = 0
    cancelled: int = 0
    """Before they were entered."""
    for_person: int = 0
    """Cancelled or changed after they were entered."""
    unread: int = 0

    def plus(self, other: Swept) -> Swept:
        """Both together."""
        return Swept(
            self.seen + other.seen,
            self.new + other.new,
            self.cancelled + other.cancelled,
            self.for_person + other.for_person,
            self.unread + other.unread,
        )


class Ledgers:
    """The look itself."""

    def __init__(
        self,
        portal: Portal,
        store: ClaimStore,
        evidence: Evidence,
        notices: Notices,
        health: Health,
        *,
        kinds: Sequence[str],
        window_days: int,
        first_day: date | None = None,
        zone: ZoneInfo,
        who: str,
        agent: Agent | None = None,
    ) -> None:
        self._portal = portal
        self._store = store
        self._evidence = evidence
        self._notices = notices
        self._health = health
        self._kinds = tuple(kinds)
        self._window = timedelta(days=window_days)
        self._first_day = first_day or date.min
        self._zone = zone
        self._who = who
        self._agent_id = agent.agent_id if agent is not None else ""
        self._seen: dict[Ref, str] = {}
        """Rows of orders that are done and have not changed since: nothing has to be asked about them."""
        self._told: set[tuple[Ref, int]] = set()
        self._began_ms = 0

    def look(self) -> Swept:
        """All ledgers, once. Raises what the portal raises; what was found before that is known."""
        found = Swept()
        self._began_ms = self._store.now_ms()
        for kind in self._kinds:
            ledger = self._ledger(kind)
            found = found.plus(self._take_in(ledger))
        return found

    def _ledger(self, kind: str) -> Ledger:
        # By the store's clock: a PC with a wrong date would look at days without orders, and so for all the others.
        until = datetime.fromtimestamp(self._began_ms / 1000, UTC).astimezone(self._zone).date()
        try:
            since = min(max(until - self._window, self._first_day), until)
            ledger = self._portal.ledger(kind, since, until + timedelta(days=1))
        except Transient as error:
            self._health.troubled(error)
            raise
        except (CredentialsRejected, Misconfigured) as error:
            self._health.rejected(error.message, error.hint)
            raise
        except ContractBroken as error:
            self._page_changed(kind, error)
            raise
        self._health.well()
        self._notices.resolve(f"{CHANGED_PAGE}{kind}", who=self._who, why=kept(say.READ_AGAIN))
        return ledger

    def _page_changed(self, kind: str, error: ContractBroken) -> None:
        """The page is kept, and one notice says so."""
        if error.evidence:
            body = error.evidence[: keep.BODY_MAX]
            with suppress(Transient, Refused):
                self._evidence.keep(
                    Ref("ledger", kind),
                    token=0,
                    attempt=0,
                    step=keep.PAGE,
                    name="page.html",
                    media=keep.HTML,
                    body=body,
                    by=self._who,
                )
        title = say.LEDGER_CHANGED(kind=kind, why=error.message)
        self._notices.open(Cause(f"{CHANGED_PAGE}{kind}", Severity.URGENT, title, say.LEDGER_CHANGED_ADVICE()))

    # -- taking in ----------------------------------------------------------------------------------------------------------

    def _take_in(self, ledger: Ledger) -> Swept:
        wanted = [entry for entry in ledger.entries if entry.number.strip() and (entry.day or date.max) >= self._first_day]
        cards = {order_ref(entry.number): Card(entry) for entry in wanted}
        fresh = {ref: card for ref, card in cards.items() if self._seen.get(ref) != card.mark}
        found = Swept(seen=len(ledger.entries), unread=len(ledger.unread))
        for batch in _batches(list(fresh)):
            items = self._store.add([New(ref, data=fresh[ref].data) for ref in batch])
            found = found.plus(self._compare({ref: fresh[ref] for ref in batch}, items))
        self._say_unread(ledger)
        return found

    def _compare(self, cards: Mapping[Ref, Card], items: Sequence[Item]) -> Swept:
        """What the ledger says of orders, held against how they stand."""
        found = Swept()
        for (ref, card), item in zip(cards.items(), items, strict=True):
            self._note_holder(item)
            if item.added_at_ms >= self._began_ms and item.token == 0:
                found = found.plus(Swept(new=1))
            if _is_another(item, card):
                found = found.plus(self._two_of_a_number(ref, item, card))
                continue
            if card.entry.cancelled:
                found = found.plus(self._cancelled(ref, item, card))
            elif taken_back(item):
                self._restored(ref, item)
                continue
            elif item.state is State.COMPLETED and self._changed_since(ref, item, card):
                found = found.plus(Swept(for_person=1))
            if item.state in (State.COMPLETED, State.CANCELLED):
                self._remember(ref, card.mark)
        return found

    def _note_holder(self, item: Item) -> None:
        """Said once for each lease: another PC has this one."""
        other = item.state is State.PROCESSING and item.agent_id != self._agent_id
        if other and (item.ref, item.token) not in self._told:
            if len(self._told) >= KNOWN_MAX:
                self._told.clear()
            self._told.add((item.ref, item.token))
            log.info(say.LOG_SKIPPED(item=item.key, holder=item.holder))

    def _cancelled(self, ref: Ref, item: Item, card: Card) -> Swept:
        """The supplier took it back. The row is kept first: whoever lets the order be tried again makes the flow look anew."""
        if item.state is not State.COMPLETED:
            row = keep.Part(keep.LEDGER, keep.TAKEN_BACK, keep.JSON, card.row)
            self._evidence.keep_all(ref, [row], token=0, attempt=0, by=self._who)
        if item.state is State.CANCELLED:
            return Swept()
        if item.state not in (State.COMPLETED, State.UNCERTAIN):
            command = Command(ref, Act.CANCEL, LEDGER_WHO, kept(say.TAKEN_BACK), version=item.version)
            answer = self._store.override([command])[0]
            return Swept(cancelled=int(isinstance(answer, Item) and answer.state is State.CANCELLED))
        told = self._ask(CANCELLED_LATE, ref, say.CANCELLED_LATE(item=ref.key, receipt=item.receipt or "?"), b"cancelled")
        return Swept(for_person=int(told))

    def _two_of_a_number(self, ref: Ref, item: Item, card: Card) -> Swept:
        """The other business lists an order under a number that is taken: what it says is not said of ours."""
        ours, theirs = card_of(item).entry.kind, card.entry.kind
        title, advice = say.TWO_OF_A_NUMBER(item=ref.key, ours=ours, theirs=theirs), say.TWO_OF_A_NUMBER_ADVICE(theirs=theirs)
        return Swept(for_person=int(self._ask(TWO_OF_A_NUMBER, ref, title, card.row, advice)))

    def _restored(self, ref: Ref, item: Item) -> None:
        """The supplier had taken it back, and lists it again."""
        again = Command(ref, Act.RELEASE, LEDGER_WHO, kept(say.LISTED_AGAIN), version=item.version)
        self._store.override([again])

    def _changed_since(self, ref: Ref, item: Item, card: Card) -> bool:
        """Whether an entered order says something else now than when it was entered; told once."""
        if not item.data or card_of(item).mark == card.mark:
            return False
        entered = self._evidence.last(ref, keep.FORM)
        if entered is None:
            return False
        document = self._portal.document(card.entry)
        form = understand_bytes(document.page.raw, Asked(ref.key, card.entry.kind))
        if form_bytes(form) == self._evidence.read(entered):
            return False
        return self._ask(CHANGED_LATE, ref, say.CHANGED_LATE(item=ref.key, receipt=item.receipt or "?"), document.page.raw)

    def _ask(self, prefix: str, ref: Ref, title: Said, paper: bytes, advice: Said | None = None) -> bool:
        """Put it in front of a person, once; the evidence remembers that it was done."""
        name = f"{prefix.rstrip(':')}.html"
        kept = [piece for piece in self._evidence.of(ref) if piece.token == 0 and piece.name == name]
        if any(self._evidence.read(piece) == paper for piece in kept):
            return False
        link = f"/items/{ref.kind}/{ref.key}"[:LINK_MAX]
        self._notices.open(Cause(f"{prefix}{ref}"[:KEY_MAX], Severity.URGENT, title, advice or say.LATE_ADVICE(), link))
        self._evidence.keep(ref, token=0, attempt=0, step=keep.PAGE, name=name, media=keep.HTML, body=paper, by=self._who)
        return True

    def _remember(self, ref: Ref, mark: str) -> None:
        if len(self._seen) >= KNOWN_MAX:
            self._seen.clear()
        self._seen[ref] = mark

    def _say_unread(self, ledger: Ledger) -> None:
        """Rows that look like orders and could not be read: a person looks, and the notice closes when they are gone."""
        key = f"{UNREAD}{ledger.kind}"
        if not ledger.unread:
            self._notices.resolve(key, who=self._who, why=kept(say.ALL_READ))
            return
        shown = " / ".join(ledger.unread[:SHOWN_MAX])
        title = say.UNREAD(kind=ledger.kind, count=len(ledger.unread), rows=shown)
        self._notices.open(Cause(key, Severity.WARN, title, say.UNREAD_ADVICE()))


def _is_another(item: Item, card: Card) -> bool:
    """Whether the row is of an order of the other business, which happens to have the same number."""
    ours = card_of(item).entry.kind
    return ours != "" and card.entry.kind not in ("", ours)


def _batches(refs: Sequence[Ref]) -> Iterable[Sequence[Ref]]:
    return (refs[start : start + BATCH] for start in range(0, len(refs), BATCH))
