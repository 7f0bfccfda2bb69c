"""What a document says around its lines: whose it is, of which day and business, whether it was corrected or taken back.

For: `understanding`.
Promises: a labelled word wins over a bare one; two different answers are a problem, not a choice; the day it was printed and
the day it is wished for are not its date; a sentence about cancelling in general cancels nothing.
Refuses: today, and every other answer that does not stand on the paper.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from onbam.kernel.words import Said, Text
from onbam.orders import words as say
from onbam.orders.model import KINDS, Asked, Problem, State

_GAP: Final = r"[\s:：.]{0,8}"
_NUMBER: Final = re.compile(rf"(?:출하|주문|발주|전표)\s?번호{_GAP}(\d[\d \-]{{8,18}}\d)", re.ASCII)
_BARE_NUMBER: Final = re.compile(r"(?<![\d-])(\d\d)(\d\d)(\d\d)\d{4}(?![\d-])", re.ASCII)
_DAY: Final = r"((?:20)?\d\d) ?[-./년] ?(\d{1,2}) ?[-./월] ?(\d{1,2})(?!\d)"
_DATES: Final = tuple(
    re.compile(rf"{label}{_GAP}{_DAY}", re.ASCII)
    for label in (
        r"출하\s?(?:일자|일|날짜)",
        r"(?:거래|발행|작성)\s?(?:일자|일|날짜)",
        r"(?:발주|주문)\s?(?:일자|일|날짜)",
        r"(?<![가-힣])(?:일\s?자|날\s?짜)",
    )
)
"""The names of a document's date, the surest first."""
_BARE_DATE: Final = re.compile(rf"(?<!\d)(?=20){_DAY}", re.ASCII)
_OTHER_DAY: Final = re.compile(r"(?:출력|인쇄|납기|희망|납품|마감|입금)\S{0,4}[\s:：]*\Z")
"""What stands in front of a date that is not the document's."""
_KIND: Final = re.compile(rf"구분{_GAP}({'|'.join(KINDS)})")
_COMPANY: Final = re.compile(rf"영림\s?({'|'.join(KINDS)})")
_CANCELLED: Final = re.compile(
    r"취소된\s?(?:주문|전표|거래|출하)(?:입니다|임)?\s*[.!]?$|(?:주문|출하|거래|전표)[이가은는]?\s?취소\s?(?:되었|됐|처리되었|처리됨)"
    rf"|(?:^|\n)(?:진행)?상태{_GAP}(?:주문|출하)?취소(?:됨)?\s*$|거래명세서\s?[(\[]\s?취소\s?[)\]]",
    re.MULTILINE,
)
_MAYBE_CANCELLED: Final = re.compile(r"^\W*(?:주문|출하|거래|전표|발주)?\s?취소\W*$", re.MULTILINE)
_REVISED: Final = re.compile(r"거래명세서\s?[(\[]\s?(?:정정|수정|변경)\s?(?:(\d{1,3})\s?차)?")


@dataclass(slots=True)
class Head:
    """What was found."""

    number: str = ""
    date: date | None = None
    kind: str = ""
    state: State = "issued"
    revision: int = 0
    problems: list[Problem] = field(default_factory=list)

    def note(self, code: str, text: Said | Text) -> None:
        """Something a person has to look at."""
        self.problems.append(Problem(code, say.IN_HEAD(), text if isinstance(text, Said) else text()))


def head_of(loose: str, asked: Asked) -> Head:
    """Read what stands around the lines."""
    head = Head()
    _find_number(head, loose, asked.number)
    _find_date(head, loose)
    _find_kind(head, loose, asked.kind)
    _find_state(head, loose)
    return head


def _find_number(head: Head, loose: str, asked: str) -> None:
    spread = (re.sub(r"[ \-]", "", text) for text in _NUMBER.findall(loose))
    found = sorted({number for number in spread if len(number) == 10})
    bare = sorted({m[0] for m in _BARE_NUMBER.finditer(loose) if _day(m[1], m[2], m[3])}) if not found else []
    if asked and asked in bare:
        bare = [asked]  # other figures of ten digits are telephone numbers
    found = found or bare
    if len(found) > 1:
        head.note("many-numbers", say.MANY_NUMBERS(numbers=", ".join(found[:5])))
    elif not found and not asked:
        head.note("no-number", say.NO_NUMBER)
    elif found and asked and found[0] != asked:
        head.note("other-order", say.OTHER_ORDER(asked=asked, found=found[0]))
    head.number = found[0] if len(found) == 1 else asked


def _find_date(head: Head, loose: str) -> None:
    for pattern in _DATES:
        if labelled := [match.groups() for match in pattern.finditer(loose)]:
            return _choose_date(head, labelled)
    bare = [m.groups() for m in _BARE_DATE.finditer(loose) if not _OTHER_DAY.search(loose[max(0, m.start() - 24) : m.start()])]
    return _choose_date(head, bare)


def _choose_date(head: Head, written: list[tuple[str, ...]]) -> None:
    """The one day all of them name."""
    days = sorted({day for year, month, of_month in written if (day := _day(year, month, of_month))})
    if len(days) == 1:
        head.date = days[0]
    elif days:
        head.note("many-dates", say.MANY_DATES(dates=", ".join(day.isoformat() for day in days[:5])))
    elif written:
        head.note("bad-date", say.BAD_DATE(text="-".join(written[0])))
    else:
        head.note("no-date", say.NO_DATE)


def _day(year: str, month: str, of_month: str) -> date | None:
    try:
        return date(int(year) if len(year) == 4 else 2000 + int(year), int(month), int(of_month))
    except ValueError:
        return None


def _find_kind(head: Head, loose: str, asked: str) -> None:
    found = set(_KIND.findall(loose)) or set(_COMPANY.findall(loose))
    if len(found) > 1:
        head.note("many-kinds", say.MANY_KINDS)
    elif not found and not asked:
        head.note("no-kind", say.NO_KIND)
    elif found and asked and asked not in found:
        head.note("other-kind", say.OTHER_KIND(asked=asked, found=min(found)))
    head.kind = min(found) if len(found) == 1 else asked


def _find_state(head: Head, loose: str) -> None:
    if revised := _REVISED.search(loose):
        head.state, head.revision = "changed", int(revised[1] or 1)
    if _CANCELLED.search(loose):
        head.state = "cancelled"
    elif maybe := _MAYBE_CANCELLED.search(loose):
        head.note("maybe-cancelled", say.MAYBE_CANCELLED(text=maybe[0].strip()))
