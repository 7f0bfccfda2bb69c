"""The code book: which of the shop's product codes a line means.

For: the flow, which may send only what has a code; the pages and commands where a person answers.
Promises: pure and deterministic; a rule fits when every cell does, letter for letter up to space and case, `%` being any text;
the rule with the most plain cells wins, and two that are equally plain with different codes are a problem; an unknown line
names the three nearest codes.
Refuses: to guess: nearest codes are shown to a person and never used.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from operator import attrgetter
from typing import Final, NamedTuple

from onbam.kernel.words import Said, plain
from onbam.orders import words as say
from onbam.orders.model import Line, Problem

ANY: Final = "%"
"""Any text, also none."""
CODE_MAX: Final = 20
"""The ERP's limit."""
NEAREST: Final = 3
BRANDS: Final = ("영림", "우딘", "예림")
_MODEL: Final = re.compile(r"\b(?:YAT|YAL|YFL|YS|YA|EZ|LS|YM|YV|SW|TD|SL)-?\d[0-9A-Z]*\b")
_WEIGHTS: Final = (0.2, 0.4, 0.3, 0.1)
"""What colour, name, spec and note count in likeness."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the book."""

    code: str
    color: str
    name: str
    spec: str
    note: str = ""
    unit: str = ""
    brand: str = ""
    """Narrows a rule: the brand its colour must name. Empty: does not matter."""
    model: str = ""
    """Narrows a rule: the model its name must show."""
    remark: str = ""
    """The shop's own words; not looked at."""
    row: int = field(default=0, compare=False)
    """Where it stands in the file."""

    @property
    def cells(self) -> tuple[str, str, str, str]:
        """What is held against a line."""
        return (self.color, self.name, self.spec, self.note)

    @property
    def key(self) -> tuple[str, ...]:
        """What makes it this rule."""
        return (*map(folded, self.cells), self.brand, self.model)

    @property
    def exact(self) -> bool:
        """Whether it fits one line only."""
        return not any(ANY in cell for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Near:
    """A rule that looks like a line."""

    code: str
    likeness: float
    rule: Rule


class _Pattern(NamedTuple):
    """A rule that fits more than one line."""

    place: int
    """In the book."""
    rule: Rule
    cells: tuple[list[str], ...]
    """The pieces of each cell."""

    @property
    def plain(self) -> list[tuple[int, str]]:
        """Its cells that stand for themselves: which one, and what it says."""
        return [(at, pieces[0]) for at, pieces in enumerate(self.cells) if len(pieces) == 1]


_ANYWHERE: Final = (-1, "")


@dataclass(frozen=True)
class CodeBook:
    """All rules of a shop."""

    rules: tuple[Rule, ...] = ()

    # -- asking ---------------------------------------------------------------------------------------------------------

    def find(self, line: Line) -> Rule | Problem:
        """The rule for a line, or what a person is asked."""
        cells = tuple(folded(cell) for cell in cells_of(line))
        fitting = [self._exact[cells]] if cells in self._exact else self._by_pattern(line, cells)
        if not fitting:
            return self._unknown(line)
        plainest = max(_plainness(rule) for rule in fitting)
        best = [rule for rule in fitting if _plainness(rule) == plainest]
        if len({(rule.code, rule.unit) for rule in best}) == 1:
            return best[0]
        shown = sorted(f"{rule.code} ({rule.row})" if rule.row else rule.code for rule in best)
        return Problem("ambiguous-product", _place(line), say.AMBIGUOUS(line=shown_line(line), rules=", ".join(shown)))

    def nearest(self, line: Line, count: int = NEAREST) -> tuple[Near, ...]:
        """The codes of the rules that look most like the line, the likest first."""
        grams = tuple(_grams(cell) for cell in cells_of(line))
        best: dict[str, Near] = {}
        for rule, of_rule in self._grams:
            likeness = sum(w * _likeness(a, b) for w, a, b in zip(_WEIGHTS, grams, of_rule, strict=True))
            known = best.get(rule.code)
            if known is None or likeness > known.likeness:
                best[rule.code] = Near(rule.code, likeness, rule)
        return tuple(sorted(best.values(), key=lambda near: (-near.likeness, near.code))[:count])

    def check(self, lines: Iterable[Line]) -> tuple[tuple[Rule, ...], tuple[Problem, ...]]:
        """A rule for each line, and the problems of those that have none."""
        answers = [self.find(line) for line in lines]
        return tuple(a for a in answers if isinstance(a, Rule)), tuple(a for a in answers if isinstance(a, Problem))

    # -- learning -------------------------------------------------------------------------------------------------------

    def merged(self, new: Iterable[Rule]) -> CodeBook:
        """With these rules added; a rule for the same product is replaced where it stood."""
        rules = {rule.key: rule for rule in self.rules}
        rules.update((rule.key, rule) for rule in new)
        return CodeBook(tuple(rules.values()))

    def answered(self, line: Line, code: str, unit: str = "", remark: str = "") -> CodeBook:
        """With a person's answer for exactly this line."""
        color, name, spec, note = (escaped(cell) for cell in cells_of(line))
        return self.merged([Rule(code, color, name, spec, note, unit, remark=remark)])

    # -- inside ---------------------------------------------------------------------------------------------------------

    @cached_property
    def _exact(self) -> Mapping[tuple[str, ...], Rule]:
        """The rules for one line only, by that line."""
        return {rule.key[:4]: rule for rule in self.rules if rule.exact and not rule.brand and not rule.model}

    @cached_property
    def _patterns(self) -> Mapping[tuple[int, str], Sequence[_Pattern]]:
        """The other rules, ready to be held against a line: each under its rarest plain cell, so that a line meets few of them.

        Those without a plain cell stand under `_ANYWHERE`.
        """
        others = (rule for rule in self.rules if not rule.exact or rule.brand or rule.model)
        ready = [_Pattern(place, rule, tuple(map(_pieces, rule.cells))) for place, rule in enumerate(others)]
        often = Counter(key for pattern in ready for key in pattern.plain)
        found: dict[tuple[int, str], list[_Pattern]] = {}
        for pattern in ready:
            found.setdefault(min(pattern.plain, key=lambda key: often[key], default=_ANYWHERE), []).append(pattern)
        return found

    @cached_property
    def _grams(self) -> tuple[tuple[Rule, tuple[frozenset[str], ...]], ...]:
        return tuple((rule, tuple(map(_grams, rule.cells))) for rule in self.rules)

    def _by_pattern(self, line: Line, cells: tuple[str, ...]) -> list[Rule]:
        brand, models = brand_of(line), models_of(line)
        near = [pattern for key in (_ANYWHERE, *enumerate(cells)) for pattern in self._patterns.get(key, ())]
        fitting = [
            pattern
            for pattern in near
            if pattern.rule.brand in ("", brand)
            and (not pattern.rule.model or pattern.rule.model in models)
            and all(_fits(pieces, cell) for pieces, cell in zip(pattern.cells, cells, strict=True))
        ]
        return [pattern.rule for pattern in sorted(fitting, key=attrgetter("place"))]

    def _unknown(self, line: Line) -> Problem:
        near = self.nearest(line)
        if not near:
            return Problem("unknown-product", _place(line), say.UNKNOWN_PRODUCT_EMPTY(line=shown_line(line)))
        codes = ", ".join(one.code for one in near)
        return Problem("unknown-product", _place(line), say.UNKNOWN_PRODUCT(line=shown_line(line), near=codes))


def cells_of(line: Line) -> tuple[str, str, str, str]:
    """What a rule is held against."""
    return (line.color, line.name, line.spec, line.note)


def shown_line(line: Line) -> str:
    """A line in one sentence."""
    return " · ".join(cell for cell in cells_of(line) if cell)


def brand_of(line: Line) -> str:
    """The brand a line names; none when it names none, and none is assumed."""
    named = [brand for brand in BRANDS if brand in line.color or brand in line.name]
    return named[0] if len(named) == 1 else ""


def models_of(line: Line) -> frozenset[str]:
    """The models a line's name shows: `YS-101`, `YAT-05B`."""
    return frozenset(_MODEL.findall(line.name.upper()))


def folded(text: str) -> str:
    """A cell without what people write one way or the other: width, case, spaces."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def escaped(text: str) -> str:
    """A text that stands for itself; `%%` is a percent sign."""
    return text.replace(ANY, ANY * 2)


def _pieces(cell: str) -> list[str]:
    """What must stand in a cell, in this order; between two pieces stands any text."""
    return [piece.replace("\0", ANY) for piece in folded(cell).replace(ANY * 2, "\0").split(ANY)]


def _fits(pieces: list[str], cell: str) -> bool:
    """Whether a cell has the pieces. By hand: the time of a regular expression could explode with a rule of many `%`."""
    if len(pieces) == 1:
        return cell == pieces[0]
    first, *middle, last = pieces
    if not cell.startswith(first):
        return False
    at = len(first)
    for piece in middle:
        found = cell.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    return len(cell) - len(last) >= at and cell.endswith(last)


def _plainness(rule: Rule) -> tuple[int, int]:
    """How little a rule leaves open: plain cells first, then narrowing words."""
    return sum(ANY not in cell.replace(ANY * 2, "") for cell in rule.cells), bool(rule.brand) + bool(rule.model)


def _grams(text: str) -> frozenset[str]:
    """The pairs of letters of a text: what two texts share of them tells how alike they are, in any order."""
    bare = folded(text).replace(ANY, "")
    return frozenset(a + b for a, b in zip(f"^{bare}", f"{bare}$", strict=True)) if bare else frozenset()


def _likeness(a: frozenset[str], b: frozenset[str]) -> float:
    """From 0 to 1; two empty cells are alike."""
    return 2 * len(a & b) / (len(a) + len(b)) if a or b else 1.0


def _place(line: Line) -> Said:
    return say.OF_LINE(no=line.no) if line.no is not None else plain("-")()


def numbered(rules: Iterable[Rule], first: int = 2) -> tuple[Rule, ...]:
    """The rules with the rows they stand in."""
    return tuple(replace(rule, row=row) for row, rule in enumerate(rules, start=first))
