"""The benchmark `parse`: documents a second from page to order form, and what stays behind in memory.

For: the promise that understanding a document costs a tenth of what it costs with the parser most people take.
Promises: the peers pick the same words out of the same pages, and the run ends with an error where their forms differ from
ours; what comes after the markup is the same code for all; memory is the growth of this process over many documents once it is
warm.
Refuses: to measure a peer that is not installed; it is left out.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

import psutil

from onbam.bench import words as say
from onbam.bench.model import Peer, Result, Subject
from onbam.bench.tools import Bench, Plan, Tools
from onbam.kernel.clock import Clock
from onbam.kernel.errors import Refused
from onbam.orders.paper import Paper, Row, clean, clean_lines, paper_of
from onbam.orders.understanding import form_of
from onbam_sims.portal import Plan as Orders
from onbam_sims.portal import PortalSimulator, document_page

DOCUMENTS: Final = 100
MEMORY_DOCUMENTS: Final = 10_000
MEMORY_TARGET_MB: Final = 2.0
RATIO_TARGET: Final = 10.0
REPEATS: Final = 9
_MIB: Final = 1024 * 1024
_UNREAD: Final = ("script", "style", "noscript", "template")

Parse = Callable[[str], Paper]


def pages() -> list[str]:
    """The pages of a busy day."""
    site = PortalSimulator(seed=7, plan=Orders(orders=DOCUMENTS, days=3))
    return [document_page(order) for order in site.book.at(float("inf"))]


# -- the same extraction with what people know ------------------------------------------------------------------------------


def soup_paper(features: str) -> Parse:
    """BeautifulSoup, as its documentation does it."""
    soup_of: Any = importlib.import_module("bs4").BeautifulSoup

    def parse(text: str) -> Paper:
        soup = soup_of(text, features)
        for node in soup(_UNREAD):
            node.decompose()
        tables = soup.select("table.table-item")
        rows = tuple(tuple(_soup_row(row) for row in table.find_all("tr")) for table in tables)
        for table in tables:
            table.decompose()
        return Paper(rows, clean_lines(soup.body.get_text("\n")))

    return parse


def _soup_row(row: Any) -> Row:
    out: list[str] = []
    for cell in row.find_all(["td", "th"], recursive=False):
        out += [clean(cell.get_text(" ")), *[""] * (int(cell.get("colspan", 1)) - 1)]
    return tuple(out)


def lxml_paper() -> Parse:
    """The HTML tree of lxml."""
    html: Any = importlib.import_module("lxml.html")

    def parse(text: str) -> Paper:
        root = html.document_fromstring(text)
        for node in root.xpath("//script|//style|//noscript|//template"):
            node.drop_tree()
        tables = root.xpath("//table[contains(concat(' ', normalize-space(@class), ' '), ' table-item ')]")
        rows = tuple(tuple(_lxml_row(row) for row in table.iter("tr")) for table in tables)
        for table in tables:
            table.drop_tree()
        return Paper(rows, clean_lines("\n".join(root.find("body").itertext())))

    return parse


def _lxml_row(row: Any) -> Row:
    out: list[str] = []
    for cell in row:
        if cell.tag in ("td", "th"):
            out += [clean(" ".join(cell.itertext())), *[""] * (int(cell.get("colspan", 1)) - 1)]
    return tuple(out)


def rivals() -> Iterator[tuple[str, Parse]]:
    """Whoever is installed."""
    if importlib.util.find_spec("bs4") is not None:
        yield "BeautifulSoup, html.parser", soup_paper("html.parser")
        if importlib.util.find_spec("lxml") is not None:
            yield "BeautifulSoup, lxml", soup_paper("lxml")
    if importlib.util.find_spec("lxml") is not None:
        yield "lxml.html", lxml_paper()


# -- measuring --------------------------------------------------------------------------------------------------------------


def per_second(clock: Clock, texts: Sequence[str], work: Callable[[str], object]) -> float:
    """Documents a second."""
    begun = clock.monotonic()
    for text in texts:
        work(text)
    return len(texts) / (clock.monotonic() - begun)


def agree(texts: Sequence[str], parse: Parse, name: str) -> None:
    """A peer that understands something else is no peer."""
    if any(form_of(parse(text)) != form_of(paper_of(text)) for text in texts):
        raise Refused(say.PARSE_DIFFERS(peer=name), say.PARSE_DIFFERS_HINT)


@contextmanager
def prepare(tools: Tools) -> Iterator[Plan]:
    """The pages, and whoever is to read them."""
    texts = pages()
    known = list(rivals())
    for name, parse in known:
        agree(texts, parse, name)
    markup: list[Peer] = []
    whole: list[Peer] = []
    ratios: dict[str, list[float]] = {}
    for name, parse in known:
        markup.append(Peer(name, lambda parse=parse: per_second(tools.clock, texts, parse)))  # type: ignore[misc]
        whole.append(Peer(name, lambda parse=parse: per_second(tools.clock, texts, lambda t: form_of(parse(t)))))  # type: ignore[misc]
    ours = _remembered(ratios, "ours", lambda: per_second(tools.clock, texts, paper_of))
    if markup:
        markup[0] = Peer(markup[0].name, _remembered(ratios, "soup", markup[0].sample))
    subjects = [
        Subject(say.PARSE_MARKUP(), "per second", ours, better="more", peers=tuple(markup), repeats=REPEATS),
        Subject(
            say.PARSE_WHOLE(),
            "per second",
            lambda: per_second(tools.clock, texts, lambda t: form_of(paper_of(t))),
            better="more",
            peers=tuple(whole),
            repeats=REPEATS,
        ),
    ]
    yield Plan(subjects, lambda: [*_ratio(ratios), _growth(texts)])


def _remembered(kept: dict[str, list[float]], name: str, sample: Callable[[], float]) -> Callable[[], float]:
    """A sample that is also kept for the ratio."""

    def take() -> float:
        value = sample()
        kept.setdefault(name, []).append(value)
        return value

    return take


def _ratio(kept: dict[str, list[float]]) -> Iterator[Result]:
    """How many times BeautifulSoup, turn by turn."""
    turns = sorted(a / b for a, b in zip(kept.get("ours", ())[1:], kept.get("soup", ())[1:], strict=False))
    if turns:
        middle = turns[len(turns) // 2]
        yield Result(say.PARSE_RATIO(), "count", middle, (turns[0], turns[-1]), RATIO_TARGET, "more")


def _growth(texts: Sequence[str]) -> Result:
    """What many documents leave behind."""
    me = psutil.Process()
    for text in texts:
        form_of(paper_of(text))
    before = me.memory_info().rss
    for n in range(MEMORY_DOCUMENTS):
        form_of(paper_of(texts[n % len(texts)]))
    grown = max(0.0, (me.memory_info().rss - before) / _MIB)
    return Result(say.PARSE_MEMORY(n=f"{MEMORY_DOCUMENTS:,}"), "MB", grown, (grown, grown), MEMORY_TARGET_MB)


BENCH: Final = Bench("parse", say.PARSE, prepare)
