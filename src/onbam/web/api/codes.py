"""The code book and the lines without a code, for programs.

For: whoever keeps the product codes elsewhere too.
Promises: what the pages do, with the same words.
Refuses: an act without a reason.
"""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response
from pydantic import Field

from onbam.orders.codedesk import Answer, mark_of, texts_of
from onbam.orders.codefile import COLUMNS
from onbam.orders.codes import CODE_MAX, Rule
from onbam.people.model import May
from onbam.web.api.acts import Acting, allowed
from onbam.web.api.shapes import Body, Number, ReasonBody
from onbam.web.entry import Ask, needs
from onbam.web.errors import API

router = APIRouter(prefix=API)
Looking = Annotated[Ask, Depends(needs(May.LOOK))]
Governing = Annotated[Ask, allowed(May.GOVERN)]
LIST_MAX: Final = 1000
CELL_MAX: Final = 200
ANSWERS_MAX: Final = 500
TEXT_MAX: Final = 1_000_000


class AnswerBody(Body):
    """What a line is."""

    line: int = Field(ge=0, le=10_000, description="As the question names it, from 0.")
    code: str = Field(min_length=1, max_length=CODE_MAX)
    unit: str = Field("", max_length=20)


class AnswersBody(ReasonBody):
    """What several lines are."""

    answers: list[AnswerBody] = Field(min_length=1, max_length=ANSWERS_MAX)


class RuleBody(ReasonBody):
    """A rule; `%` in a cell is any text."""

    code: str = Field(max_length=CODE_MAX)
    color: str = Field("", max_length=CELL_MAX)
    name: str = Field(max_length=CELL_MAX)
    spec: str = Field("", max_length=CELL_MAX)
    note: str = Field("", max_length=CELL_MAX)
    unit: str = Field("", max_length=20)
    brand: str = Field("", max_length=20)
    model: str = Field("", max_length=60)
    remark: str = Field("", max_length=CELL_MAX)


class RemoveBody(ReasonBody):
    """Which rules go."""

    ids: list[str] = Field(min_length=1, max_length=LIST_MAX)


class ImportBody(ReasonBody):
    """A whole file of rules."""

    csv: str = Field(max_length=TEXT_MAX, description="The text of a CSV file, with its header.")
    replace: bool = Field(False, description="Remove all present rules first.")


@router.get("/codes", tags=["codes"])
def codes(
    ask: Looking,
    q: Annotated[str, Query(max_length=120)] = "",
    limit: Annotated[int, Query(ge=1, le=LIST_MAX)] = 100,
    after: Annotated[int, Query(ge=0, le=10**6, description="So many are left out.")] = 0,
) -> dict[str, Any]:
    """The rules of the code book in which these words stand."""
    found = ask.house.onbam.codedesk.find(q, limit=limit, after=after)
    return {"rules": [rule_json(rule) for rule in found.rules], "matching": found.matching, "all": found.all}


@router.get("/codes/export", tags=["codes"], response_class=Response)
def export(ask: Looking) -> Response:
    """The whole code book as CSV."""
    return Response(ask.house.onbam.codedesk.as_csv(), media_type="text/csv; charset=utf-8")


@router.post("/codes", tags=["codes"])
def add(ask: Acting, body: RuleBody) -> dict[str, Any]:
    """One more rule; one for the same product is replaced."""
    cells = {name: getattr(body, name) for name in COLUMNS}
    return {"rule": rule_json(ask.house.onbam.codedesk.add(cells, who=ask.known.who, reason=body.reason))}


@router.post("/codes/remove", tags=["codes"])
def remove(ask: Acting, body: RemoveBody) -> dict[str, Any]:
    """Some rules go."""
    return {"removed": ask.house.onbam.codedesk.remove(body.ids, who=ask.known.who, reason=body.reason)}


@router.post("/codes/import", tags=["codes"])
def take_over(ask: Governing, body: ImportBody) -> dict[str, Any]:
    """The rules of a file, all or none."""
    raw = body.csv.encode("utf-8", "replace")
    told = ask.house.onbam.codedesk.take_over("codes.csv", raw, replace=body.replace, who=ask.known.who, reason=body.reason)
    return dict(told)


@router.get("/orders/{number}/codes", tags=["codes"])
def questions(ask: Looking, number: Number) -> dict[str, Any]:
    """The lines of an order without a code, each with the nearest ones."""
    onbam = ask.house.onbam
    found = onbam.codedesk.questions(onbam.desk.get(number))
    return {
        "questions": [
            {
                "line": one.place,
                **{k: v for k, v in one.line.to_json().items() if k in ("no", "color", "name", "spec", "note")},
                "problem": one.problem.to_json(),
                "nearest": [{"code": near.code, "likeness": round(near.likeness, 3)} for near in one.near],
            }
            for one in found
        ]
    }


@router.post("/orders/{number}/codes", tags=["codes"])
def teach(ask: Acting, number: Number, body: AnswersBody) -> dict[str, Any]:
    """What these lines are; from now on they are known. The order itself stays as it is."""
    onbam = ask.house.onbam
    answers = [Answer(one.line, one.code, one.unit) for one in body.answers]
    left = onbam.codedesk.answer(onbam.desk.get(number), answers, who=ask.known.who, reason=body.reason)
    return {"remembered": len(answers), "left": left}


def rule_json(rule: Rule) -> dict[str, Any]:
    """A rule, with what names it."""
    return {"id": mark_of(rule), **dict(zip(COLUMNS, texts_of(rule), strict=True))}
