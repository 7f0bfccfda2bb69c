"""The orders desk: everything a person can ask about orders and do to them, once, for command line, pages and interface alike.

For: `cli/orders.py`, the pages, the interface. They draw and obey; what is possible and what it means is decided here.
Promises: every act has a name and a reason and stands in the journal; what the state does not allow, or what changed since the
person looked, is refused in words that say how it stands; a doubt is settled through the effect ledger and in no other way.
Refuses: to change an order while it is being entered; acts on many that need a look at each.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from onbam.claims.asks import Command, NotAllowed, WhyNotAllowed
from onbam.claims.keeper import PARKED as PARKED_NOTICE
from onbam.claims.machines import Life, Registry
from onbam.claims.model import KEY_MAX, Act, Item, Ref, State
from onbam.claims.ports import ClaimStore
from onbam.effects import words as effect_words
from onbam.effects.model import Try
from onbam.effects.ports import EffectLedger
from onbam.effects.settle import Settler
from onbam.journal.model import Entry, Line
from onbam.journal.ports import Journal
from onbam.kernel.clock import Clock
from onbam.kernel.errors import Refused
from onbam.kernel.words import Said
from onbam.notices.ports import Notices
from onbam.orders import desk_words as say
from onbam.orders.desk_acts import IN_BULK, DeskAct, NoSuchOrder, NotNow, NotYet, Refusal, Stale, decided, is_stuck, possible
from onbam.orders.desk_checks import Checks, Question, check_words, in_bulk
from onbam.orders.desk_rows import LIMIT_MAX, Counts, Found, Query, Rows
from onbam.orders.evidence import Evidence
from onbam.orders.health import standing
from onbam.orders.model import order_ref
from onbam.orders.receipts import PortReceipts, Receipts
from onbam.orders.story import Story, lines_of
from onbam.orders.why import Around, Why, why
from onbam.orders.why_figures import span

BULK_MAX: Final = 500
"""So many orders one act on many may change."""
STORY_MAX: Final = 500
"""So many lines of the journal a story is told from."""
NEEDS_MAX: Final = 100
ROLE: Final = "agent"
"""The last part of the seat of whoever works on orders."""
_AGAIN: Final = 3
"""How often an act is decided anew when the order changes in between and the person had named no version."""
_GRACE_MS: Final = 60_000
"""A lease that ended longer ago is taken back before a person's word: nobody else was there to do it."""


class Sort(StrEnum):
    """Why an order needs a person, the most urgent first."""

    DOUBT = "doubt"
    STUCK = "stuck"
    PARKED = "parked"


@dataclass(frozen=True, slots=True)
class Need:
    """An order that needs a person."""

    sort: Sort
    item: Item
    why: Why
    acts: Sequence[DeskAct]


@dataclass(frozen=True, slots=True)
class Preview:
    """What an act on many would do."""

    act: DeskAct
    matching: int
    possible: Sequence[Item]
    refused: Mapping[str, Said] = field(default_factory=dict)
    """By number: why not."""


@dataclass(frozen=True, slots=True)
class Bulk:
    """What an act on many did."""

    done: Sequence[Item]
    refused: Mapping[str, Said]
    before: Sequence[Item] = ()
    """Those that were done, as they stood before."""


class Desk:
    """One process's desk."""

    def __init__(
        self,
        store: ClaimStore,
        rows: Rows,
        ledger: EffectLedger,
        settler: Settler,
        journal: Journal,
        notices: Notices,
        evidence: Evidence,
        clock: Clock,
        zone: ZoneInfo,
        *,
        registry: Registry | None = None,
        stop: Callable[[], Said | None] = lambda: None,
        receipts: Receipts | None = None,
    ) -> None:
        self.store = store
        self.evidence = evidence
        self.clock = clock
        self._rows = rows
        self._ledger = ledger
        self._settler = settler
        self._journal = journal
        self._notices = notices
        self.zone = zone
        """The shop's."""
        self._registry = registry
        self._stop = stop
        self._checks = Checks(ledger, journal, evidence, receipts or PortReceipts(store))

    # ---- looking

    def find(self, query: Query, *, limit: int = 100, after: str = "") -> Found:
        """A page of orders. A whole number finds that order, also one that is only remembered."""
        text = "".join(letter for letter in query.text if letter.isprintable()).strip()
        named = self._named(text)
        if named is not None:
            return Found([named] if replace(query, text="").fits(named) else ())
        return self._rows.page(replace(query, text=text), max(1, min(limit, LIMIT_MAX)), after)

    def counts(self) -> Counts:
        """How many orders stand where; of the completed ones those since midnight."""
        midnight = datetime.combine(self.clock.now().astimezone(self.zone).date(), datetime.min.time(), self.zone)
        return self._rows.counts(int(midnight.timestamp() * 1000))

    def needing(self) -> int:
        """How many wait for a person."""
        return self._rows.needing()

    def stuck(self) -> int:
        """How many are in hand and were not heard of for long; as a rule one order is looked at to know that it is none."""
        now_ms = self.store.now_ms()
        for limit in (1, NEEDS_MAX):
            found = sum(is_stuck(item, now_ms) for item in self._rows.oldest(State.PROCESSING, limit))
            if found < limit:
                return found
        return NEEDS_MAX

    def get(self, number: str) -> Item:
        """One order as it stands now; `NoSuchOrder` when it is not known."""
        item = self.store.get([_ref(number)])[0]
        if item is None:
            raise NoSuchOrder(say.UNKNOWN(key=number.strip()), say.UNKNOWN_HINT)
        return item

    def why(self, item: Item) -> Why:
        """Why it stands so, and what happens next."""
        return why(item, self._around(item, self._outside()))

    def acts(self, item: Item) -> tuple[DeskAct, ...]:
        """What a person may do to it now."""
        return possible(item, self.store.now_ms())

    def story(self, number: str) -> Story:
        """Everything that happened to it, and what comes next."""
        item = self.get(number)
        entries = self._told(item.ref, STORY_MAX)
        lines = lines_of(entries, self._ledger.about(item.ref), self.evidence.of(item.ref))
        return Story(item, lines, self.why(item), cut=len(entries) >= STORY_MAX)

    def needs_you(self, limit: int = NEEDS_MAX) -> Sequence[Need]:
        """What waits for a person: doubts, what is stuck, what is parked; in each the oldest first."""
        now_ms = self.store.now_ms()
        found = [(Sort.DOUBT, item) for item in self._rows.oldest(State.UNCERTAIN, limit)]
        found += [(Sort.STUCK, i) for i in self._rows.oldest(State.PROCESSING, limit) if is_stuck(i, now_ms)]
        found += [(Sort.PARKED, item) for item in self._rows.oldest(State.PARKED, limit)]
        outside = self._outside()  # asked once for all of them
        return [Need(s, item, why(item, self._around(item, outside)), possible(item, now_ms)) for s, item in found[:limit]]

    # ---- acting

    def question(self, act: DeskAct, item: Item) -> Question | None:
        """What a person must say explicitly before this act (`sure`); none when nothing is asked."""
        return self._checks.question(act, item)

    def retry(self, number: str, *, who: str, reason: str, version: int | None = None, sure: bool = False) -> Item:
        """Work on it again now: it failed, is parked, was cancelled, or is stuck."""
        return self.act(DeskAct.RETRY, number, who=who, reason=reason, version=version, sure=sure)

    def hold(self, number: str, *, who: str, reason: str, version: int | None = None) -> Item:
        """Park it: nobody takes it until it is let go."""
        return self.act(DeskAct.HOLD, number, who=who, reason=reason, version=version)

    def unhold(self, number: str, *, who: str, reason: str, version: int | None = None) -> Item:
        """Let a parked one go on."""
        return self.act(DeskAct.UNHOLD, number, who=who, reason=reason, version=version)

    def cancel(self, number: str, *, who: str, reason: str, version: int | None = None) -> Item:
        """It is not to be entered."""
        return self.act(DeskAct.CANCEL, number, who=who, reason=reason, version=version)

    def there(
        self, number: str, receipt: str, *, who: str, reason: str, version: int | None = None, sure: bool = False
    ) -> Item:
        """It stands in the ERP: what was in doubt arrived, or a person entered it by hand."""
        return self.act(DeskAct.THERE, number, who=who, reason=reason, version=version, receipt=receipt, sure=sure)

    def not_there(self, number: str, *, who: str, reason: str, version: int | None = None) -> Item:
        """What was in doubt did not arrive: it is sent again. `NotYet` while it may still be under way."""
        return self.act(DeskAct.NOT_THERE, number, who=who, reason=reason, version=version)

    def act(
        self,
        act: DeskAct,
        number: str,
        *,
        who: str,
        reason: str,
        version: int | None = None,
        receipt: str = "",
        sure: bool = False,
    ) -> Item:
        """A person's act. `version` is of the order the person saw: if it changed since, nothing is done.

        `sure`: the person says what `question` asks.
        """
        ref, receipt = _ref(number), receipt.strip()
        check_words(act, reason, receipt)
        for _ in range(_AGAIN):
            item = self._fresh(ref)
            if version is not None and item.version != version:
                raise self._stale(item)
            word = decided(act, item, self.store.now_ms())
            if isinstance(word, Refusal):
                raise word.error()
            receipt = self._checks.passed(act, item, receipt, who=who, sure=sure)
            after = self._obeyed(word, item, who, reason, receipt)
            if after is not None:
                self._notices.resolve(f"{PARKED_NOTICE}{ref}", who=who, why=reason)
                return after
        raise Stale(say.BUSY(key=ref.key), say.BUSY_HINT)

    def preview(self, act: DeskAct, query: Query) -> Preview:
        """What an act on all of these would do; nothing is changed."""
        if act not in IN_BULK:
            raise Refused(say.NOT_IN_BULK(act=say.ACTS[act.value]))
        matching = self._all(query)
        now_ms = self.store.now_ms()
        answers = [(item, in_bulk(act, item, decided(act, item, now_ms))) for item in matching]
        refused = {item.key: answer.text for item, answer in answers if isinstance(answer, Refusal)}
        return Preview(act, len(matching), [i for i, answer in answers if isinstance(answer, Act)], refused)

    def bulk(self, act: DeskAct, query: Query, *, expected: int, who: str, reason: str) -> Bulk:
        """The act on all of these that allow it; nothing is done when they are not as many as the person was shown."""
        check_words(act, reason, "")
        shown = self.preview(act, query)
        if len(shown.possible) != expected:
            raise Stale(say.COUNT_CHANGED(expected=expected, found=len(shown.possible)), say.CHANGED_HINT)
        now_ms = self.store.now_ms()
        commands = []
        for item in shown.possible:
            word = decided(act, item, now_ms)
            assert isinstance(word, Act), "only what is possible was kept"
            commands.append(Command(item.ref, word, who, reason, version=item.version))
        answers = self.store.override(commands) if commands else ()
        done = [answer for answer in answers if isinstance(answer, Item)]
        before = [item for item, answer in zip(shown.possible, answers, strict=False) if isinstance(answer, Item)]
        refused = dict(shown.refused)
        for answer in answers:
            if isinstance(answer, NotAllowed):
                refused[answer.ref.key] = say.BUSY(key=answer.ref.key)
        facts = {"act": act.value, "done": len(done), "refused": len(refused)}
        self._journal.append([Line("orders.bulk", "orders", act.value, who, reason, facts)])
        return Bulk(done, refused, before)

    def see(self, item: Item) -> None:
        """Somebody looks at this doubt: from now on this desk measures until when its call may be under way."""
        self._settler.see(item)

    def tries(self, item: Item) -> Sequence[Try]:
        """Everything that was sent, or tried to, for an order."""
        return self._ledger.about(item.ref)

    def note(self, line: Line) -> None:
        """Something a person did at this desk, for the journal."""
        self._journal.append([line])

    # ---- inside

    def _named(self, text: str) -> Item | None:
        """The order that is called so."""
        bare = "".join(text.split())
        joined = bare.replace("-", "")
        for key in dict.fromkeys((bare, joined if joined.isdecimal() else bare)):
            if 0 < len(key) <= KEY_MAX and (item := self.store.get([_ref(key)])[0]) is not None:
                return item
        return None

    def _fresh(self, ref: Ref) -> Item:
        """As it stands now; a lease that ended long ago and that nobody took back is taken back first."""
        item = self.get(ref.key)
        if item.state is State.PROCESSING and (item.expires_at_ms or 0) + _GRACE_MS < self.store.now_ms():
            self.store.expire(grace_ms=_GRACE_MS)
            item = self.get(ref.key)
        return item

    def _obeyed(self, word: Act, item: Item, who: str, reason: str, receipt: str) -> Item | None:
        """Done; none when the order changed at this very moment."""
        if item.state is State.UNCERTAIN and word in (Act.THERE, Act.NOT_THERE):
            return self._settled(word, item, who, reason, receipt)
        answer = self.store.override([Command(item.ref, word, who, reason, receipt, item.version)])[0]
        if isinstance(answer, Item):
            return answer
        if answer.why is WhyNotAllowed.UNKNOWN_ITEM:
            raise NotNow(say.ONLY_REMEMBERED(key=item.key))
        return None

    def _settled(self, word: Act, item: Item, who: str, reason: str, receipt: str) -> Item:
        if word is Act.THERE:
            return self._settler.there(item.ref, receipt=receipt, who=who, why=reason)
        try:
            return self._settler.not_there(item.ref, who=who, why=reason, version=item.version)
        except Refused as refused:
            seconds = refused.hint.values.get("seconds")
            if refused.message.text is effect_words.ON_ITS_WAY and isinstance(seconds, int):
                wait = say.NOT_YET_HINT(left=span(seconds * 1000))
                raise NotYet(say.NOT_YET(key=item.key), wait, seconds) from None
            raise

    def _stale(self, item: Item) -> Stale:
        ago = span(self.store.now_ms() - item.changed_at_ms)
        return Stale(say.CHANGED(key=item.key, ago=ago, now=self.why(item).now), say.CHANGED_HINT)

    def _all(self, query: Query) -> Sequence[Item]:
        """All of them, or the refusal of a list that is too long."""
        items: list[Item] = []
        after = ""
        while len(items) <= BULK_MAX:
            page = self.find(query, limit=BULK_MAX + 1, after=after)
            items += page.items
            after = page.after
            if not after and len(items) <= BULK_MAX:
                return items
        raise Refused(say.TOO_MANY(limit=BULK_MAX), say.TOO_MANY_HINT)

    def _told(self, ref: Ref, limit: int) -> Sequence[Entry]:
        """What the journal has about it; where the claims keep a journal of their own, from there."""
        told = self._journal.about(ref.kind, ref.key, limit)
        if any(entry.line.what.startswith("item.") for entry in told):
            return told
        theirs = self.store.changes(0, limit=5000).entries
        return [*told, *(e for e in theirs if (e.line.kind, e.line.key) == (ref.kind, ref.key))]

    def _outside(self) -> Around:
        """What is the same for every order."""
        now_ms = self.store.now_ms()
        return Around(now_ms=now_ms, zone=self.zone, agents=self._agents(now_ms), stop=self._stop())

    def _around(self, item: Item, outside: Around) -> Around:
        """What is known besides the order."""
        told = [entry for entry in self._journal.about(item.kind, item.key, 20) if entry.line.what.startswith("item.")]
        settle_in_ms = 0
        if item.state is State.UNCERTAIN:
            self._settler.see(item)
            settle_in_ms = max(0, (item.sending_until_ms or 0) - outside.now_ms)
        last = max(told, key=lambda entry: entry.position, default=None)
        connector = standing(self._notices) if item.state in (State.WAITING, State.FAILED) else None
        return replace(outside, last=last, doubt=self._doubt(item), settle_in_ms=settle_in_ms, connector=connector)

    def _doubt(self, item: Item) -> Try | None:
        if item.state is not State.UNCERTAIN:
            return None
        return next((one for one in self._ledger.about(item.ref) if one.doubtful and one.token == item.token), None)

    def _agents(self, now_ms: int) -> int | None:
        """How many live; none where nobody keeps a list."""
        if self._registry is None:
            return None
        peers = self._registry.peers()
        return sum(p.life is Life.ALIVE and p.due_at_ms > now_ms and p.seat.endswith(f"/{ROLE}") for p in peers)


def _ref(number: str) -> Ref:
    """The order of a number somebody typed."""
    if number.isprintable():
        try:
            return order_ref(number)
        except AssertionError:
            pass
    raise Refused(say.BAD_NUMBER(text=number[:40]))
