"""Carries notices outside: plans letters, hands them to the channels, tries again, says when a channel fails.

For: one process of each PC (several do no harm).
Promises: a robot never waits for it; one channel that hangs holds up no other for longer than its limit; what failed is tried
again after a growing pause until it is given up; a failing channel is a notice itself, which goes through the others; many
letters at once go out as one.
Refuses: to raise because of a channel; to retry what the other side refused for good, or a password it rejected.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from onbam.kernel.bounded import within
from onbam.kernel.chance import Chance
from onbam.kernel.errors import Transient
from onbam.kernel.words import Said, heard, kept
from onbam.notices import words as say
from onbam.notices.channels.made import Receiver
from onbam.notices.channels.model import Channel, Message, Outcome
from onbam.notices.letters import CHANNEL_NOTICE, Letter, Listener, Manners, Sort, Stand, State, about, plan
from onbam.notices.model import Cause, Notice, Severity
from onbam.notices.outbox import ChannelState, Outbox
from onbam.notices.ports import Notices
from onbam.notices.texts import Writer

POLL_S: Final = 5.0
TAKE_MOST: Final = 500
FIRST_PAUSE_MS: Final = 60_000
LONGEST_PAUSE_MS: Final = 15 * 60_000
FAILING_AFTER: Final = 3
"""A channel that failed so often in a row is told of; one lost packet is nobody's business."""
SPARE_S: Final = 5.0
"""What a channel may take beyond its own limit before it is left behind."""
TIDY_S: Final = 24 * 3600.0
DAY_MS: Final = 24 * 3_600_000


@dataclass(frozen=True, slots=True)
class Route:
    """A receiver and the way to it."""

    receiver: Receiver
    channel: Channel


class Postman:
    """One round after the other."""

    name = "postman"

    def __init__(
        self,
        outbox: Outbox,
        notices: Notices,
        routes: Sequence[Route],
        manners: Manners,
        writer: Writer,
        chance: Chance,
        *,
        digest_to: Sequence[str] = (),
        bundle_over: int = 5,
        timeout_s: float = 20.0,
        day_lines: Callable[[], Sequence[Said]] = tuple,
    ) -> None:
        """`day_lines`: what the house says of itself in the digest."""
        self._outbox = outbox
        self._notices = notices
        self._routes = routes
        self._manners = manners
        self._writer = writer
        self._chance = chance
        self._bundle_over = bundle_over
        self._timeout_s = timeout_s
        self._day_lines = day_lines
        self._tidied: datetime | None = None
        self._listeners = [
            Listener(route.receiver.name, route.receiver.floor, digest=route.receiver.group in digest_to) for route in routes
        ]

    def start(self) -> None:
        """Nothing to get ready."""

    def stop(self) -> None:
        """What was taken and not sent is free again by itself."""

    def step(self, now: datetime) -> float:
        """Plan, then one delivery a channel. Out of reach of the store it waits: the store is told of elsewhere."""
        try:
            stand = self._outbox.stand()
            new = plan(stand, self._listeners, self._manners)
            if new.write or new.drop or new.wait:
                self._outbox.carry_out(new)
                stand = self._outbox.stand()
            self._deliver(stand)
            if self._tidied is None or abs((now - self._tidied).total_seconds()) >= TIDY_S:
                self._outbox.tidy()
                self._tidied = now
        except Transient:
            return POLL_S
        return POLL_S

    def _deliver(self, stand: Stand) -> None:
        states = self._outbox.channels()
        waiting = {letter.channel for letter in stand.letters if letter.state is State.DUE and letter.due_at_ms <= stand.now_ms}
        for route in self._routes:
            state = _state(states, route.channel)
            if route.channel.name in waiting and not state.stopped and state.paused_until_ms <= stand.now_ms:
                self._through(route.channel, state, stand)

    def _through(self, channel: Channel, state: ChannelState, stand: Stand) -> None:
        """What is due for one receiver."""
        lease_ms = int((self._timeout_s + SPARE_S) * 1000) * (self._bundle_over + 1)
        taken = self._outbox.take(channel.name, TAKE_MOST, lease_ms)
        notices = {about(notice): notice for notice in stand.notices}
        digests = [letter for letter in taken if letter.sort is Sort.DIGEST]
        told = [(letter, notices[letter.about]) for letter in taken if letter.about in notices]
        lost = [letter for letter in taken if letter.sort is not Sort.DIGEST and letter.about not in notices]
        if lost:  # the notice is older than we look back
            self._outbox.done(lost, State.DROPPED)
        ready = [*self._digests(digests, stand), *self._letters(told)]
        for place, (letters, message) in enumerate(ready, start=1):
            outcome = self._hand_over(channel, message)
            state = self._noted(channel, state, letters, outcome)
            if outcome.kind in ("later", "stopped"):
                self._outbox.free([letter for others, _ in ready[place:] for letter in others])
                return

    def _digests(self, letters: Sequence[Letter], stand: Stand) -> list[tuple[list[Letter], Message]]:
        if not letters:
            return []
        lines = self._day_lines()
        since_ms = stand.now_ms - DAY_MS
        return [([one], self._writer.digest(one.about.partition(":")[2], stand.notices, since_ms, lines)) for one in letters]

    def _letters(self, told: Sequence[tuple[Letter, Notice]]) -> list[tuple[list[Letter], Message]]:
        if len(told) > self._bundle_over:
            return [([letter for letter, _ in told], self._writer.bundle(told))]
        return [([letter], self._writer.letter(letter, notice)) for letter, notice in told]

    def _hand_over(self, channel: Channel, message: Message) -> Outcome:
        """A channel that forgets its own limit is left behind."""
        try:
            return within(self._timeout_s + SPARE_S, lambda: channel.send(message), f"channel-{channel.name}")
        except TimeoutError:
            return Outcome("later", kept(say.NO_ANSWER(seconds=self._timeout_s + SPARE_S)))

    def _noted(self, channel: Channel, state: ChannelState, letters: Sequence[Letter], outcome: Outcome) -> ChannelState:
        """Write down what became of it."""
        now_ms = self._outbox.now_ms()
        key = f"{CHANNEL_NOTICE}{channel.name}"
        if outcome.kind == "sent":
            self._outbox.done(letters, State.SENT)
            well = ChannelState(channel.name, channel.fingerprint, ok_at_ms=now_ms, tried_at_ms=now_ms)
            self._outbox.note(well)
            if state.failures or state.ok_at_ms is None:  # the first one under new settings, too
                self._notices.resolve(key, who="system:postman", why="a message got through")
            return well
        failed = replace(state, failures=state.failures + 1, error=outcome.why, tried_at_ms=now_ms)
        if outcome.kind == "refused":
            self._outbox.done(letters, State.REFUSED, outcome.why)
        elif outcome.kind == "stopped":
            self._outbox.again(letters, outcome.why, 0)
            failed = replace(failed, stopped=True)
        else:
            pause = self._pause_ms(failed.failures)
            self._outbox.again(letters, outcome.why, pause)
            failed = replace(failed, paused_until_ms=now_ms + pause)
        self._outbox.note(failed)
        if outcome.kind != "later" or failed.failures >= FAILING_AFTER:
            self._notices.open(failing(failed))
        return failed

    def _pause_ms(self, failures: int) -> int:
        longest = min(FIRST_PAUSE_MS * 2 ** min(failures - 1, 10), LONGEST_PAUSE_MS)
        return int(self._chance.jitter(longest))


def _state(states: Mapping[str, ChannelState], channel: Channel) -> ChannelState:
    """What is known of a receiver; with new settings nothing is."""
    known = states.get(channel.name)
    return known if known is not None and known.fingerprint == channel.fingerprint else fresh(channel)


def fresh(channel: Channel) -> ChannelState:
    """A receiver nobody has tried yet."""
    return ChannelState(channel.name, channel.fingerprint)


def failing(state: ChannelState) -> Cause:
    """A channel that does not get through is something a person must know, through another one."""
    group = state.name.partition(":")[0]
    advice = say.CHANNEL_STOPPED_ADVICE if state.stopped else say.CHANNEL_FAILS_ADVICE
    quoted = heard(state.error)
    title = say.CHANNEL_FAILS(channel=state.name)
    return Cause(f"{CHANNEL_NOTICE}{state.name}"[:191], Severity.WARN, title, advice(why=quoted, group=group), "/notices")
