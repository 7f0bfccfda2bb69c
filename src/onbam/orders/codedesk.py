"""What a person is asked about products, and the answers: from an order's lines into the code book, and the book itself.

For: the pages and the interface, beside `onbam orders codes`.
Promises: every line of an order without one code is asked about at once, with the three nearest codes; answers are taken over
together or not at all, and the journal has who, why and which; the book is read anew when its file changed, and not before.
Refuses: to choose a code by itself; an act without a reason.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
import threading
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from onbam.claims.model import Item, Ref, State
from onbam.journal.model import Line as Told
from onbam.journal.ports import Journal
from onbam.kernel.errors import Damaged, Refused
from onbam.orders import desk_words
from onbam.orders import evidence as keep
from onbam.orders import words as say
from onbam.orders.codefile import COLUMNS, CodeFile, csv_bytes, read_book, rule_of
from onbam.orders.codes import CodeBook, Near, Rule, cells_of, escaped, folded
from onbam.orders.evidence import Evidence, Piece
from onbam.orders.model import Line, Problem

KEPT_MAX: Final = 64
"""So many orders' questions are remembered."""
MARK_LENGTH: Final = 16
CODES_SHOWN: Final = 200
"""So many letters of codes stand in the journal."""
ANSWERED: Final = (State.COMPLETED, State.CANCELLED, State.UNCERTAIN)
"""Nothing is asked about these: they are over, or were sent, and then every code was known."""


@dataclass(frozen=True, slots=True)
class Question:
    """A line without one code."""

    place: int
    """In the order's form, from 0."""
    line: Line
    problem: Problem
    near: Sequence[Near]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person says a line is."""

    place: int
    code: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """Some rules of the book."""

    rules: Sequence[Rule]
    matching: int
    all: int


class CodeDesk:
    """One process's."""

    def __init__(self, file: CodeFile, evidence: Evidence, journal: Journal) -> None:
        self.file = file
        self._evidence = evidence
        self._journal = journal
        self._lock = threading.Lock()
        self._book: tuple[tuple[int, int], CodeBook] = ((-1, -1), CodeBook())
        self._asked: dict[tuple[str, tuple[int, int]], Sequence[Question]] = {}
        self._any: dict[tuple[str, tuple[int, int]], bool] = {}

    # -- the lines of an order ------------------------------------------------------------------------------------------

    def questions(self, item: Item) -> Sequence[Question]:
        """Every line that has no code, or several; none where the order is over, was sent, or was not read yet."""
        form, stamp = self._form(item), self._stamp()
        if form is None:
            return ()
        known = self._asked.get((form.sha256, stamp))
        if known is None:
            book = self.book()
            answers = [(place, line, book.find(line)) for place, line in enumerate(self._lines(form))]
            found = [(place, line, one) for place, line, one in answers if isinstance(one, Problem)]
            known = [Question(place, line, problem, book.nearest(line)) for place, line, problem in found]
            _remember(self._asked, (form.sha256, stamp), known)
        return known

    def asks(self, item: Item) -> bool:
        """Whether there is any: of many orders this is quicker."""
        form, stamp = self._form(item), self._stamp()
        if form is None:
            return False
        known = self._any.get((form.sha256, stamp))
        if known is None:
            book = self.book()
            known = any(isinstance(book.find(line), Problem) for line in self._lines(form))
            _remember(self._any, (form.sha256, stamp), known)
        return known

    def answer(self, item: Item, answers: Sequence[Answer], *, who: str, reason: str) -> int:
        """Into the book, all of them in one move; answers how many lines still have no code."""
        _check(reason)
        asked = {question.place: question.line for question in self.questions(item)}
        rules = []
        for one in answers:
            if one.place not in asked:
                raise Refused(say.NO_SUCH_LINE(no=one.place + 1), say.NO_SUCH_LINE_HINT)
            names = ("color", "name", "spec", "note")
            cells = dict(zip(names, map(escaped, cells_of(asked[one.place])), strict=True))
            rules.append(rule_of({**cells, "code": one.code.strip(), "unit": one.unit.strip(), "remark": item.key}))
        if not rules:
            raise Refused(say.NO_ANSWER, say.NO_ANSWER_HINT)
        self.file.merge(rules)
        codes = ", ".join(rule.code for rule in rules)[:CODES_SHOWN]
        self._tell("codes.answered", who, reason, {"count": len(rules), "codes": codes}, item.ref)
        return len(self.questions(item))

    # -- the book ---------------------------------------------------------------------------------------------------------

    def book(self) -> CodeBook:
        """As it stands in its file; `Refused` names what is wrong there."""
        stamp = self._stamp()
        with self._lock:
            if self._book[0] != stamp:
                self._book = (stamp, self.file.read())
            return self._book[1]

    def find(self, text: str, *, limit: int, after: int = 0) -> Page:
        """The rules in whose cells these words stand."""
        rules = self.book().rules
        words = [folded(word) for word in text.split()]
        fitting = [rule for rule in rules if all(any(word in folded(cell) for cell in texts_of(rule)) for word in words)]
        return Page(fitting[after : after + limit], len(fitting), len(rules))

    def marked(self, mark: str) -> Rule | None:
        """A rule by what names it in an address."""
        return next((rule for rule in self.book().rules if mark_of(rule) == mark), None)

    def add(self, cells: Mapping[str, str], *, who: str, reason: str) -> Rule:
        """One more; one for the same product is replaced."""
        _check(reason)
        rule = rule_of(cells)
        self.file.merge([rule])
        self._tell("codes.added", who, reason, {"code": rule.code, "name": rule.name[:CODES_SHOWN]})
        return rule

    def remove(self, marks: Collection[str], *, who: str, reason: str) -> int:
        """Out of the book; answers how many there were."""
        _check(reason)
        gone = [rule for rule in self.book().rules if mark_of(rule) in marks]
        if gone:
            self.file.drop([rule.key for rule in gone])
            codes = ", ".join(rule.code for rule in gone)[:CODES_SHOWN]
            self._tell("codes.removed", who, reason, {"count": len(gone), "codes": codes})
        return len(gone)

    def take_over(self, name: str, body: bytes, *, replace: bool, who: str, reason: str) -> Mapping[str, int]:
        """Rules from a CSV or Excel file, all or none."""
        _check(reason)
        with tempfile.TemporaryDirectory(prefix="onbam-codes-") as folder:
            path = Path(folder) / f"codes{Path(name).suffix.lower() or '.csv'}"
            path.write_bytes(body)
            new = read_book(path)
        facts = self.file.take_over(Path(name).name, new, replace=replace)
        self._tell("codes.imported", who, reason, {**facts, "file": Path(name).name[:CODES_SHOWN]})
        return facts

    def as_csv(self) -> bytes:
        """All of it, as Excel opens it."""
        return csv_bytes(self.book().rules)

    # -- inside -----------------------------------------------------------------------------------------------------------

    def _stamp(self) -> tuple[int, int]:
        """What tells two states of the file apart."""
        try:
            known = self.file.path.stat()
        except FileNotFoundError:
            return (0, 0)
        return (known.st_mtime_ns, known.st_size)

    def _form(self, item: Item) -> Piece | None:
        return None if item.state in ANSWERED else self._evidence.last(item.ref, keep.FORM)

    def _lines(self, piece: Piece) -> Sequence[Line]:
        try:
            rows = json.loads(self._evidence.read(piece)).get("lines", ())
            return [_line(row) for row in rows if isinstance(row, dict)]
        except (Damaged, ValueError, AttributeError):
            return ()

    def _tell(self, what: str, who: str, reason: str, facts: Mapping[str, Any], ref: Ref | None = None) -> None:
        kind, key = (ref.kind, ref.key) if ref else ("codes", self.file.path.name)
        self._journal.append([Told(what, kind, key, who, reason.strip(), dict(facts))])


def texts_of(rule: Rule) -> tuple[str, ...]:
    """Its cells as they are read, in the order of the file."""
    return tuple(getattr(rule, name) for name in COLUMNS)


def mark_of(rule: Rule) -> str:
    """What names a rule in an address."""
    return hashlib.sha256("\0".join(rule.key).encode()).hexdigest()[:MARK_LENGTH]


def _line(row: Mapping[str, Any]) -> Line:
    """The cells of a line that was kept; its figures are not looked at."""
    color, name, spec, note = (str(row.get(cell) or "") for cell in ("color", "name", "spec", "note"))
    no = row.get("no")
    return Line(no if isinstance(no, int) else None, color, name, spec, None, None, None, note)


def _check(reason: str) -> None:
    if not reason.strip():
        raise Refused(desk_words.REASON_NEEDED, desk_words.REASON_HINT)


def _remember(kept: dict[Any, Any], key: Any, value: Any) -> None:
    if len(kept) >= KEPT_MAX:
        kept.clear()
    kept[key] = value
