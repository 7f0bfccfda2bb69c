"""The five steps of an order: found in the ledger → claimed → document → order form and slip → receipt.

For: the agent's two strands: `prepare` fetches and understands while `enter` waits for the ERP's turn.
Promises: each step leaves its evidence before the next one depends on it; a later attempt first asks what the last one sent and
goes on from a document that is still valid; nothing is sent but through the effect ledger; an order is done only with the
ERP's receipt in hand.
Refuses: to decide how an attempt ends when something goes wrong (it raises, and `attempt.py` decides); an order the supplier
took back, a form with problems, a line without a code.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from typing import Final, TypeVar

from onbam.claims.claims import Claims
from onbam.claims.held import Held
from onbam.claims.model import Item, Ref
from onbam.connectors.ecount.contract import Erp, Slip, Turn
from onbam.connectors.ecount.contract import Receipt as Confirmed
from onbam.connectors.portal.contract import KINDS, Document, Entry, Portal
from onbam.effects.model import EVIDENCE_MAX, RECEIPT_MAX, Effect
from onbam.effects.perform import Effects, Receipt, Sent, Withheld
from onbam.effects.permit import Permit
from onbam.effects.ports import EffectLedger
from onbam.kernel.beats import Beats
from onbam.kernel.clock import Clock
from onbam.kernel.errors import CredentialsRejected, Damaged, Misconfigured, OutcomeUnknown, Refused, Transient
from onbam.kernel.words import kept
from onbam.logs.uploads import UploadLog
from onbam.orders import evidence as keep
from onbam.orders import flow_words as say
from onbam.orders.card import Card, card_of
from onbam.orders.codes import CodeBook
from onbam.orders.evidence import Evidence, Lot, Part, Piece
from onbam.orders.health import Health
from onbam.orders.model import LAYOUT, Asked, Line, OrderForm, Problem
from onbam.orders.slip import as_bytes, coded, payload_hash
from onbam.orders.understanding import understand_bytes

WHAT: Final = "ecount.purchase"
"""What the act is called in the effect ledger."""
FRESH_MS: Final = 30 * 60_000
"""A document older than one look at the ledger is fetched anew."""
UNTOUCHED: Final = 2
"""The version of an order that was found and taken, and of which nobody has said anything in between."""
DOCUMENT_PROMISE_S: Final = 120.0
RECEIPTS_AT_ONCE: Final = 10
"""So many of the ERP's answers wait at most for a quiet moment to be kept."""
RECEIPTS_MAX: Final = 100
"""So many copies wait for a full disk to have room again; then the oldest are given up."""
CONNECTOR: Final = "connector"
"""Under this an error's context says whose trouble it is."""


_encode: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
P = TypeVar("P")
S = TypeVar("S", Slip, None)


class Odd(Refused):
    """The document says something a person has to look at first."""

    def __init__(self, ref: Ref, problems: Sequence[Problem], lines: Sequence[Line] = ()) -> None:
        first = problems[0]
        super().__init__(
            say.ODD(item=ref.key, count=len(problems), place=first.place, first=first.text), say.ODD_HINT, item=ref.key
        )
        self.problems = tuple(problems)
        self.lines = tuple(lines)
        """What it is about, as far as it could be read."""
        self.layout = next((one.text for one in self.problems if one.code in LAYOUT), None)
        """What is wrong with the page rather than with the order."""


@dataclass(frozen=True, slots=True)
class Ready:
    """Understood and coded: it waits for the ERP's turn."""

    held: Held
    card: Card
    slip: Slip
    note: str
    """What is said of it while it waits."""


@dataclass(frozen=True, slots=True)
class Proven:
    """It is in the ERP already: an earlier attempt entered it."""

    receipt: str


@dataclass(frozen=True, slots=True)
class TakenBack:
    """The supplier cancelled it before anything was entered."""


@dataclass(slots=True)
class Trail:
    """What the steps of this attempt have left so far; kept in one commit."""

    held: Held
    who: str
    parts: list[Part] = field(default_factory=list)
    lines: Sequence[Line] = ()
    """What the document is about."""

    def leave(self, step: str, name: str, media: str, body: bytes) -> None:
        """One more."""
        self.parts.append(Part(step, name, media, body))

    def keep(self, evidence: Evidence) -> None:
        """Write it down; what is written is not written again."""
        if self.parts:
            item = self.held.item
            evidence.keep_all(item.ref, self.parts, token=item.token, attempt=item.attempt, by=self.who)
            self.parts.clear()


@dataclass(frozen=True, slots=True)
class Means:
    """What the flow works with."""

    claims: Claims
    effects: Effects
    tries: EffectLedger
    evidence: Evidence
    portal: Portal
    erp: Erp
    portal_health: Health
    erp_health: Health
    codes: Callable[[], CodeBook]
    clock: Clock
    beats: Beats
    start_s: float
    """So long after asking for the permission to send the first byte leaves, or not at all."""


class Flow:
    """The steps, on one agent."""

    def __init__(self, means: Means) -> None:
        self._m = means
        self._receipts: list[Lot] = []
        """Answers of the ERP that are not kept yet: when several come at once they are kept together."""

    # -- the first strand: until it is understood -------------------------------------------------------------------------

    def prepare(self, held: Held) -> Ready | Proven | TakenBack:
        """What did the last attempt send? Then the document, what it says, and the slip it becomes."""
        proven = self._sent_before(held)
        if proven is not None:
            return proven
        pieces = self._m.evidence.of(held.ref) if _known_before(held.item) else ()
        doubted = keep.ever_taken_back(pieces)
        card = self._looked_up(held) if doubted else card_of(held.item)
        trail = Trail(held, self._m.claims.agent.who)
        trail.leave(keep.LEDGER, "ledger.json", keep.JSON, card.row)
        try:
            slip = TakenBack() if card.entry.cancelled else self._slip(held, card, trail, () if doubted else pieces)
        finally:
            trail.keep(self._m.evidence)
        if isinstance(slip, TakenBack):
            return slip
        total = sum(line.supply for line in slip.lines)
        return Ready(held, card.carrying(trail.lines), slip, kept(say.UNDERSTOOD(lines=len(slip.lines), total=f"{total:,f}")))

    def _sent_before(self, held: Held) -> Proven | None:
        """What an earlier attempt sent. The first one of an order has nothing to ask about."""
        if held.item.attempt <= 1:
            return None
        self._m.beats.step("reconcile", held.ref.key)
        for one in self._m.tries.about(held.ref):
            if one.done and one.last:
                return Proven(one.receipt)
        if self._m.erp.describe().can_prove:
            proof = self._m.erp.prove(held.ref.key)
            if proof.answer == "there" and proof.numbers:
                return Proven(proof.numbers[0])
        return None

    def _looked_up(self, held: Held) -> Card:
        """The ledger's row as it is now, of an order the supplier took back at some time: somebody let it go on since.

        Whoever did that may not know what the ledger says; only the ledger makes a taken back order one that is entered. An
        order it no longer lists is still taken back.
        """
        held.check()
        card = card_of(held.item)
        day = card.entry.day or self._m.clock.now().date()
        self._m.beats.step(keep.LEDGER, held.ref.key, promise_s=DOCUMENT_PROMISE_S)
        for kind in (card.entry.kind,) if card.entry.kind else KINDS:
            ledger = self._of_portal(partial(self._m.portal.ledger, kind, day, day + timedelta(days=1)))
            for entry in ledger.entries:
                if entry.number == held.ref.key:
                    return replace(card, entry=entry)
        return replace(card, entry=replace(card.entry, cancelled=True))

    def _slip(self, held: Held, card: Card, trail: Trail, pieces: Sequence[Piece]) -> Slip | TakenBack:
        """The slip; from a document that is still valid where there is one, unless it leaves a question."""
        kept = self._kept_document(held, card, pieces)
        if kept is not None:
            form = self._form(held, card, kept)
            answer = coded(form, self._m.codes()) if form.state != "cancelled" else ()
            if isinstance(answer, Slip):
                return self._left(trail, form, answer)
        raw = self._document(held, card, trail)
        form = self._form(held, card, raw)
        if form.state == "cancelled":
            self._left(trail, form, None)
            return TakenBack()
        answer = coded(form, self._m.codes())
        if isinstance(answer, Slip):
            return self._left(trail, form, answer)
        self._left(trail, form, None)
        raise Odd(held.ref, answer, form.lines)

    def _left(self, trail: Trail, form: OrderForm, slip: S) -> S:
        """The evidence of what was understood."""
        trail.lines = form.lines
        trail.leave(keep.FORM, "form.json", keep.JSON, form_bytes(form))
        if slip is not None:
            trail.leave(keep.SLIP, "slip.json", keep.JSON, as_bytes(slip))
            trail.leave(keep.INTENT, "intent.json", keep.JSON, self._m.erp.draft(slip))
        return slip

    # -- the document -----------------------------------------------------------------------------------------------------

    def _kept_document(self, held: Held, card: Card, pieces: Sequence[Piece]) -> bytes | None:
        """An earlier attempt's document: fetched a moment ago, while the ledger said of the order what it says now."""
        if held.item.attempt <= 1:
            return None
        paper = next((one for one in reversed(pieces) if one.step == keep.DOCUMENT), None)
        if paper is None or self._m.claims.store.now_ms() - paper.at_ms > FRESH_MS:
            return None
        rows = [one.sha256 for one in pieces if one.step == keep.LEDGER and one.token == paper.token]
        if rows != [card.mark]:
            return None
        try:
            return self._m.evidence.read(paper)
        except Damaged:  # it is fetched anew; that it is damaged shows where it is looked at
            return None

    def _document(self, held: Held, card: Card, trail: Trail) -> bytes:
        """The paper, from the supplier."""
        held.check()
        self._m.beats.step(keep.DOCUMENT, held.ref.key, promise_s=DOCUMENT_PROMISE_S)
        document = self._fetched(card)
        trail.leave(keep.DOCUMENT, f"{held.ref.key}.html", keep.HTML, document.page.raw)
        return document.page.raw

    def _fetched(self, card: Card) -> Document:
        """An order that came in without a ledger's row may be of either business."""
        entry = card.entry
        kinds = (entry.kind,) if entry.kind else KINDS
        for kind in kinds[:-1]:
            try:
                return self._asked(replace(entry, kind=kind))
            except Refused:
                continue
        return self._asked(replace(entry, kind=kinds[-1]))

    def _asked(self, entry: Entry) -> Document:
        return self._of_portal(partial(self._m.portal.document, entry))

    def _of_portal(self, ask: Callable[[], P]) -> P:
        """What the portal says, or its trouble in its own name."""
        health = self._m.portal_health
        try:
            answer = ask()
        except Transient as error:
            error.context[CONNECTOR] = health.name
            health.troubled(error)
            raise
        except (CredentialsRejected, Misconfigured) as error:
            error.context[CONNECTOR] = health.name
            health.rejected(error.message, error.hint)
            raise
        health.well()
        return answer

    def _form(self, held: Held, card: Card, raw: bytes) -> OrderForm:
        """What it says, held against what was asked for."""
        self._m.beats.step(keep.FORM, held.ref.key)
        return understand_bytes(raw, Asked(held.ref.key, card.entry.kind))

    # -- the second strand: into the ERP ------------------------------------------------------------------------------------

    def turn(self) -> Turn:
        """The ERP's next free moment, booked for us. Raises what the ERP raises, and then nothing is booked."""
        health = self._m.erp_health
        try:
            return self._m.erp.turn()
        except Transient as error:
            error.context[CONNECTOR] = health.name
            health.troubled(error)
            raise
        except (CredentialsRejected, Misconfigured) as error:
            error.context[CONNECTOR] = health.name
            health.rejected(error.message, error.hint)
            raise

    def enter(self, ready: Ready, turn: Turn, upload: UploadLog) -> Sent | Withheld:
        """Enter it in its turn, once, and keep the proof."""
        m, held, slip = self._m, ready.held, ready.slip
        confirmed: list[Confirmed] = []

        def act(permit: Permit) -> Receipt:
            m.clock.wait(turn.wait_s(m.clock.monotonic()))
            permit.check()
            upload.write(say.UPLOAD_SENDS, lines=len(slip.lines), attempt=held.item.attempt, effect_try=permit.number)
            answer = self._posted(slip, turn)
            # From here on nothing may go wrong any more: whatever is raised now would tell a lie about what was sent.
            confirmed.append(answer)
            return Receipt(receipt_of(answer), answer.trace)

        limit_s, body = m.erp.hard_timeout_s, as_bytes(slip)
        shown = body.decode()[:EVIDENCE_MAX]
        effect = Effect(slip.key, WHAT, payload_hash(body), limit_s, evidence=shown, start_s=m.start_s)
        m.beats.step(keep.INTENT, held.ref.key, promise_s=limit_s + DOCUMENT_PROMISE_S)
        sent = m.effects.perform(held, effect, act, note=self._entered, data=ready.card.data)
        for answer in confirmed:
            m.erp_health.well()
            upload.write(say.UPLOAD_CONFIRMED, number=answer.number, trace=answer.trace)
            self._receipt(held, answer)
        return sent

    def _entered(self, receipt: Receipt) -> str:
        """What is said of an order that is done."""
        return kept(say.ENTERED(receipt=receipt.number))

    def _posted(self, slip: Slip, turn: Turn) -> Confirmed:
        health = self._m.erp_health
        try:
            return self._m.erp.post(slip, turn)
        except OutcomeUnknown as error:
            health.costly(say.ERP_MUTE(why=error.message), say.ERP_MUTE_ADVICE())
            raise
        except Transient as error:
            error.context[CONNECTOR] = health.name
            if error.retry_after_s != 0.0:  # a missed turn and an ended session are no trouble: it is booked again
                health.troubled(error)
            raise
        except (CredentialsRejected, Misconfigured) as error:
            error.context[CONNECTOR] = health.name
            health.rejected(error.message, error.hint)
            raise

    # -- while nothing presses ----------------------------------------------------------------------------------------------

    def waits(self, ready: Ready) -> None:
        """It waits for its turn: its holder says so, for whoever looks at the board."""
        self._m.claims.step(ready.held, step=keep.SLIP, note=ready.note)

    def keep_receipts(self) -> None:
        """The ERP's answers as they came. The ledger has their numbers: a full disk delays the copies and not the proof."""
        lots = self._receipts[:]
        if not lots:
            return
        try:
            self._m.evidence.keep_lots(lots)
        except Transient as error:
            self._m.beats.error(str(error))
            lots = lots[: max(0, len(lots) - RECEIPTS_MAX)]
        del self._receipts[: len(lots)]

    def _receipt(self, held: Held, confirmed: Confirmed) -> None:
        part = Part(keep.RECEIPT, "receipt.json", keep.JSON, confirmed.raw)
        self._receipts.append(Lot(held.ref, [part], held.item.token, held.item.attempt, self._m.claims.agent.who))
        if len(self._receipts) % RECEIPTS_AT_ONCE == 0:
            self.keep_receipts()


def _known_before(item: Item) -> bool:
    """Whether an attempt, or a person, came before this attempt. A fresh order, which most are, is asked nothing about."""
    return item.attempt > 1 or item.version > UNTOUCHED


def form_bytes(form: OrderForm) -> bytes:
    """A form as evidence: the same form, the same bytes."""
    return _encode(form.to_json()).encode()


def receipt_of(confirmed: Confirmed) -> str:
    """The proof as the item carries it: the slip's number, or where the ERP told none, its own id of the call."""
    return (confirmed.number or f"trace:{confirmed.trace or '-'}")[:RECEIPT_MAX]
