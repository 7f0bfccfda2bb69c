"""A test of one channel by a person.

For: `onbam notices test`, the button on the settings page.
Promises: the very channel the notices use; a success ends what an earlier failure had stopped, here and for every PC.
Refuses: to note a failure: the postman counts its own.
"""

from __future__ import annotations

from onbam.notices.channels.model import Channel, Message, Outcome
from onbam.notices.letters import CHANNEL_NOTICE
from onbam.notices.outbox import ChannelState, Outbox
from onbam.notices.ports import Notices


def trial(channel: Channel, message: Message, outbox: Outbox, notices: Notices) -> Outcome:
    """Send it now."""
    outcome = channel.send(message)
    if outcome.kind == "sent":
        now_ms = outbox.now_ms()
        outbox.note(ChannelState(channel.name, channel.fingerprint, ok_at_ms=now_ms, tried_at_ms=now_ms))
        notices.resolve(f"{CHANNEL_NOTICE}{channel.name}", who="system:postman", why="a test got through")
    return outcome
