"""`onbam machines`: which PC this is, and which agents there are.

For: people who wonder who holds an order, and whether the other PCs live.
Promises: this PC's own id and name are always shown; agents as the shared database knows them.
Refuses: to guess about PCs that share a sheet only: a sheet keeps no list of agents.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from onbam.cli import machines_words as say
from onbam.cli import words
from onbam.cli.app import App
from onbam.cli.frame import command, json_option, pass_app
from onbam.kernel.words import heard

if TYPE_CHECKING:
    from rich.console import Console

    from onbam.bootstrap import Onbam
    from onbam.claims.machines import Peer
    from onbam.orders.pauses import Pause
    from onbam.orders.why import Why


def _whys(onbam: Onbam, peers: Sequence[Peer], pauses: Sequence[Pause], now_ms: int) -> Sequence[tuple[str, Why]]:
    """How each agent is, and why: from the function the pages ask too."""
    from onbam.claims.model import State
    from onbam.claims.ports import PAGE_MAX, Filter
    from onbam.orders.why_pc import pause_of, state_of, why_pc

    if not peers:
        return ()
    store = onbam.claims
    held = Counter(item.agent_id for item in store.find(Filter(states=(State.PROCESSING,)), limit=PAGE_MAX).items)
    by_file = onbam.stops.by_file()

    def why(peer: Peer) -> tuple[str, Why]:
        many = held[peer.agent_id]
        state, pause = state_of(peer, now_ms, busy=many > 0), pause_of(peer.machine_id, pauses)
        times = {"beat_at_ms": peer.beat_at_ms, "due_at_ms": peer.due_at_ms, "now_ms": now_ms}
        here = by_file if peer.machine_id == onbam.machine_id else None
        return state, why_pc(state, held=many, zone=onbam.zone, pause=pause, by_file=here, **times)

    return [why(peer) for peer in peers]


@command(words.MACHINES, name="machines")
@json_option
@pass_app
def machines(app: App) -> None:
    """This PC, what is stopped, then the agents."""
    from onbam.orders.desk_json import why_json
    from onbam.orders.pauses import ALL
    from onbam.orders.why_pc import AT_WORK

    onbam = app.onbam
    host, own = onbam.host, onbam.machine_id
    peers = onbam.registry.peers() if onbam.registry is not None else None
    pauses = onbam.pauses.standing()
    now_ms = onbam.claims.now_ms() if peers else 0
    whys = _whys(onbam, peers or (), pauses, now_ms)
    agents = [
        {
            "machine_id": peer.machine_id,
            "locked_by": peer.holder,
            "agent_id": peer.agent_id,
            "life": peer.life.value,
            "doing": peer.doing,
            "version": peer.version,
            "beat_at_ms": peer.beat_at_ms,
            "due_at_ms": peer.due_at_ms,
            "beats": peer.beats(now_ms).to_json(),
            "why": why_json(why),
        }
        for peer, (_, why) in zip(peers or (), whys, strict=True)
    ]
    by_file = onbam.stops.by_file()
    stopped = [{"scope": one.scope, "who": one.who, "why": str(heard(one.why)), "at_ms": one.at_ms} for one in pauses]

    def show(console: Console) -> None:
        app.say(say.THIS_PC(name=host.name, ip=host.ip, machine=own))
        for pause in pauses:
            name = next((peer.name for peer in peers or () if peer.machine_id == pause.scope), pause.scope)
            app.say(pause.said() if pause.scope in (ALL, own) else say.PAUSED(name=name, what=pause.said()))
        if by_file is not None:
            app.say(by_file)
        if peers is None:
            app.say(say.SHEET_ONLY)
        elif not peers:
            app.say(say.NOBODY)
        else:
            from rich.table import Table

            table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
            for heading in (say.HOLDER, say.LIFE, say.DOING, say.BEAT):
                table.add_column(app.words(heading), overflow="fold")
            for peer in peers:
                at = datetime.fromtimestamp(peer.beat_at_ms / 1000, onbam.zone).strftime("%m-%d %H:%M:%S")
                table.add_row(peer.holder, app.words(say.LIVES[peer.life]), peer.doing, at)
            console.print(table)
            for peer, (state, why) in zip(peers, whys, strict=True):
                if state not in AT_WORK:
                    app.say(say.WHY(name=peer.name, now=why.now, next=why.next))

    data = {"machine_id": own, "locked_by": f"{host.name}_{host.ip}", "agents": agents, "pauses": stopped}
    app.emit({**data, "stopped_here": by_file.both() if by_file is not None else None}, show)
