"""Settings of the journal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from onbam.kernel.settings import setting
from onbam.kernel.words import Text

LEAST_DAYS: Final = 93
"""What pages and reports look back on line by line: the desk a month, the report of last month two, the chart of days three."""


@dataclass(frozen=True, slots=True)
class JournalSettings:
    """How long it is kept line by line.

    By default longer than the evidence of a finished order (a year), and long enough to compare a month with the same one of
    last year.
    """

    keep_days: int = setting(
        400,
        Text(
            ko="기록(journal)을 한 줄씩 보관하는 날수. 그 뒤에는 날짜별 개수만 남습니다",
            en="For how many days the journal keeps every line; of older days it keeps the counts",
        ),
        ge=LEAST_DAYS,
        le=36_500,
    )
