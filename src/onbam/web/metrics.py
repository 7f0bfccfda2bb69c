"""Figures for whoever measures: the form Prometheus reads.

For: `/metrics`.
Promises: names that stay; counts of orders by state, of machines by life, of notices by severity, what this process uses.
Refuses: names of orders, people or machines as labels.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

import psutil

from onbam import __version__

if TYPE_CHECKING:
    from onbam.web.house import House
    from onbam.web.live import Hub


def lines(house: House, hub: Hub) -> Iterator[str]:
    """All of them."""
    yield from _head("onbam_info", "gauge", "Which version this is.")
    yield f'onbam_info{{version="{__version__}"}} 1'
    yield from _head("onbam_orders", "gauge", "Orders by state; of the completed ones those of today.")
    for state, count in sorted(house.counts().states.items()):
        yield f'onbam_orders{{state="{state.value}"}} {count}'
    peers = house.peers()
    yield from _head("onbam_agents", "gauge", "Agents by how they are.")
    for life, count in sorted(Counter(peer.life.value for peer in peers).items()):
        yield f'onbam_agents{{life="{life}"}} {count}'
    yield from _head("onbam_notices", "gauge", "Open notices by severity.")
    for severity, count in sorted(Counter(n.severity.value for n in house.onbam.notices.inbox(limit=500)).items()):
        yield f'onbam_notices{{severity="{severity}"}} {count}'
    yield from _head("onbam_journal_position", "counter", "The newest line of the journal.")
    yield f"onbam_journal_position {house.onbam.journal.head()}"
    yield from _head("onbam_web_streams", "gauge", "Open live streams.")
    yield f"onbam_web_streams {hub.streams}"
    yield from _head("onbam_web_memory_bytes", "gauge", "Memory of the web process.")
    yield f"onbam_web_memory_bytes {psutil.Process().memory_info().rss}"


def _head(name: str, kind: str, text: str) -> Iterator[str]:
    yield f"# HELP {name} {text}"
    yield f"# TYPE {name} {kind}"
