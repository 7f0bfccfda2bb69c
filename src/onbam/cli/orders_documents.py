"""Documents and the code book: what we understand of a saved document, and which codes the shop's products have.

For: people who want to see what a saved document says, and who teach Onbam the shop's product codes.
Promises: reading enters nothing anywhere; a file that is no document is named and the others are still read; an import takes
over everything or nothing, and the journal says who did it and why.
Refuses: rules of its own; they are the order room's.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from onbam.cli import orders_words as say
from onbam.cli.app import App
from onbam.cli.frame import command, group, json_option, option, pass_app, reason_option
from onbam.kernel.errors import EXIT_FAILED, EXIT_OK, ContractBroken, Refused

if TYPE_CHECKING:
    from rich.console import Console

    from onbam.orders.codefile import CodeFile
    from onbam.orders.codes import CodeBook, Rule
    from onbam.orders.model import Line, OrderForm

FILE = click.Path(path_type=Path)
WIDTH_MAX = 10_000
"""Wider than any terminal: how wide a table would like to be."""


@group(say.CODES, name="codes")
def codes() -> None:
    """Hold the commands below."""


# -- documents --------------------------------------------------------------------------------------------------------------


@command(say.READ, name="read")
@click.argument("files", nargs=-1, required=True, type=FILE)
@json_option
@pass_app
def read(app: App, files: tuple[Path, ...]) -> int:
    """Show what is understood of each file."""
    forms = [(file, _understood(app, file)) for file in files]
    answers = [_form_json(form) for _, form in forms]

    def show(console: Console) -> None:
        for file, form in forms:
            if isinstance(form, _Unread):
                continue
            if len(files) > 1:
                console.print(_name(file), style="dim", markup=False)
            draw(app, form, console)

    app.emit(answers[0] if len(answers) == 1 else answers, show)
    return EXIT_FAILED if any(isinstance(form, _Unread) for _, form in forms) else EXIT_OK


def _form_json(form: OrderForm | _Unread) -> dict[str, Any]:
    """For scripts: what stands against entering it is a problem, also that the supplier took it back."""
    from onbam.kernel.words import plain
    from onbam.orders.model import Problem

    if isinstance(form, _Unread):
        return {**form.to_json(), "state": None}
    answer = form.to_json()
    if form.state == "cancelled":
        answer["problems"].append(Problem("cancelled", plain("-")(), say.CANCELLED()).to_json())
    return {**answer, "state": form.state}


def _name(file: Path) -> str:
    """A file as a person named it; `.` has no name of its own."""
    return file.name or str(file)


class _Unread:
    """A file that is no document: the same shape for scripts, with nothing in it."""

    def __init__(self, trouble: ContractBroken | Refused) -> None:
        self._trouble = trouble

    def to_json(self) -> dict[str, Any]:
        """Nothing was understood, and why."""
        from onbam.kernel.words import plain
        from onbam.orders.model import OrderForm, Problem

        problem = Problem("not-a-document", plain("-")(), self._trouble.message)
        return OrderForm("", None, "", (), None, problems=(problem,)).to_json()


def _understood(app: App, file: Path) -> OrderForm | _Unread:
    """The form of a file; what cannot be read is said at once, and the others go on."""
    from onbam.connectors.portal import words as portal
    from onbam.orders import words as room
    from onbam.orders.understanding import understand_bytes

    try:
        return understand_bytes(read_document(file))
    except (ContractBroken, Refused) as trouble:
        # A page that is fetched is kept; a file that is read by hand is not.
        hint = room.NOT_A_DOCUMENT_HINT() if trouble.hint.text is portal.CHANGED_HINT else trouble.hint
        named = trouble.message.text is room.FILE_MISSING
        app.aside(trouble.message if named else say.UNREADABLE(file=_name(file), what=trouble.message))
        app.aside(f"→ {hint.to(app.lang)}")
        return _Unread(trouble)


def read_document(file: Path) -> bytes:
    """A file's bytes, never more than a document may have."""
    from onbam.kernel.oserror import what_of
    from onbam.orders import words as room
    from onbam.orders.paper import BYTES_MAX

    try:
        with file.open("rb") as opened:
            size = os.fstat(opened.fileno()).st_size
            if size > BYTES_MAX:
                raise Refused(room.TOO_LARGE(size=size, limit=BYTES_MAX), room.LIMIT_HINT)
            return opened.read(BYTES_MAX + 1)
    except OSError as error:
        raise Refused(room.FILE_MISSING(file=_name(file), what=what_of(error)), room.FILE_MISSING_HINT) from None


def draw(app: App, form: OrderForm, console: Console) -> None:
    """The form for people."""
    from rich.markup import escape
    from rich.table import Table

    nothing = app.words(say.NOTHING)
    title = say.TITLE(number=form.number or nothing, date=form.date or nothing, kind=form.kind or nothing)
    console.print(app.words(title), style="bold", markup=False)
    if form.state == "cancelled":
        console.print(app.words(say.CANCELLED), style="bold red", markup=False)
    elif form.state == "changed":
        console.print(app.words(say.CHANGED(revision=form.revision)), style="yellow", markup=False)
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold", show_footer=True)
    footers = {"name": app.words(say.LINES(count=len(form.lines))), "amount": _figure(form.total)}
    for name, head in say.HEADS.items():
        right, whole = name in ("no", "qty", "price", "amount"), name not in ("color", "name", "note")
        footer = footers.get(name, app.words(say.TOTAL) if name == "no" else "")
        table.add_column(app.words(head), footer, justify="right" if right else "left", no_wrap=whole, overflow="fold")
    for line in form.lines:
        texts = (line.color, line.name, line.spec)
        figures = map(_figure, (line.qty, line.price, line.amount))
        table.add_row("" if line.no is None else str(line.no), *map(escape, texts), *figures, escape(line.note))
    if fits(table, console):
        console.print(table)
    else:
        _draw_lines(app, form, console)
    if form.problems:
        console.print(app.words(say.PROBLEMS(count=len(form.problems))), style="yellow", markup=False)
        for problem in form.problems:
            console.print(f"  {app.words(problem.place)}: {app.words(problem.text)}", markup=False)
    elif form.state != "cancelled":
        console.print(app.words(say.READY), style="green", markup=False)
    console.print()


def fits(table: Any, console: Console) -> bool:
    """Whether every column of a table has room: one that has none would be left out without a word."""
    from rich.measure import Measurement

    return Measurement.get(console, console.options.update(max_width=WIDTH_MAX), table).minimum <= console.width


def _draw_lines(app: App, form: OrderForm, console: Console) -> None:
    """The lines one below the other, where the table does not fit."""
    for line in form.lines:
        parts = (line.name, line.color, line.spec, line.note)
        console.print(f"{'' if line.no is None else line.no}  {' · '.join(filter(None, parts))}", markup=False)
        console.print(f"    {_figure(line.qty)} x {_figure(line.price)} = {_figure(line.amount)}", markup=False)
    said = f"{app.words(say.TOTAL)}: {app.words(say.LINES(count=len(form.lines)))}, {_figure(form.total)}"
    console.print(said, style="bold", markup=False)


def _figure(value: Any) -> str:
    return "" if value is None else f"{value:,f}"


# -- the code book ----------------------------------------------------------------------------------------------------------


def _book(app: App) -> CodeFile:
    return app.onbam.codes


@command(say.IMPORT, name="import")
@click.argument("file", type=FILE)
@option("--replace", "replace", text=say.REPLACE_OPTION, is_flag=True)
@reason_option
@json_option
@pass_app
def import_(app: App, file: Path, replace: bool, reason: str) -> None:  # noqa: FBT001 -- a flag of click's
    """Take rules over."""
    from onbam.journal.model import Line as Told
    from onbam.orders.codefile import read_book

    new = read_book(file)
    store, journal = _book(app), app.onbam.journal  # a journal that cannot be opened stops this before anything changed
    facts = store.take_over(file.name, new, replace=replace)
    told = Told("codes.imported", "codes", store.path.name, app.onbam.person, reason, {**facts, "file": file.name})
    journal.append([told])
    app.emit({**facts, "file": str(store.path)}, lambda _: app.say(say.IMPORTED(**facts, file=store.path)))


@command(say.EXPORT, name="export")
@click.argument("file", type=FILE)
@json_option
@pass_app
def export(app: App, file: Path) -> None:
    """Write the book to a file."""
    from onbam.orders.codefile import write_book

    rules = _book(app).read().rules
    write_book(file, rules)
    answer = {"count": len(rules), "file": str(file)}
    app.emit(answer, lambda _: app.say(say.EXPORTED(count=len(rules), file=file)))


@command(say.SUGGEST, name="suggest")
@click.argument("files", nargs=-1, type=FILE)
@option("--out", "out", text=say.OUT_OPTION, type=FILE, default=None)
@json_option
@pass_app
def suggest(app: App, files: tuple[Path, ...], out: Path | None) -> int:
    """Show what has no code, and the nearest ones."""
    from onbam.orders.codefile import write_book

    book = _book(app).read()
    forms = [_understood(app, file) for file in files]
    unknown = _unknown(book, [form for form in forms if not isinstance(form, _Unread)]) if files else _asked(app)
    if out is not None:
        write_book(out, [_question(line) for line, _ in unknown])

    def show(console: Console) -> None:
        if unknown:
            console.print(_suggestions(app, book, unknown))
        else:
            app.say(say.ALL_KNOWN if files else say.NOBODY_ASKS)
        if out is not None:
            app.say(say.WRITTEN(count=len(unknown), file=out))

    app.emit([_suggestion(book, line, code) for line, code in unknown], show)
    return EXIT_FAILED if any(isinstance(form, _Unread) for form in forms) else EXIT_OK


def _asked(app: App) -> list[tuple[Line, str]]:
    """The products that orders in front of a person wait for, each once, and why."""
    from onbam.orders.codes import cells_of

    found: dict[tuple[str, ...], tuple[Line, str]] = {}
    for need in app.onbam.desk.needs_you():
        for question in app.onbam.codedesk.questions(need.item):
            found.setdefault(cells_of(question.line), (question.line, question.problem.code))
    return list(found.values())


def _unknown(book: CodeBook, forms: Sequence[OrderForm]) -> list[tuple[Line, str]]:
    """The products without one code, each once, and why."""
    from onbam.orders.codes import cells_of
    from onbam.orders.model import Problem

    found: dict[tuple[str, ...], tuple[Line, str]] = {}
    for form in forms:
        for line in form.lines:
            answer = book.find(line)
            if isinstance(answer, Problem):
                found.setdefault(cells_of(line), (line, answer.code))
    return list(found.values())


def _suggestion(book: CodeBook, line: Line, code: str) -> dict[str, Any]:
    near = [{"code": n.code, "likeness": round(n.likeness, 3)} for n in book.nearest(line)]
    return {"color": line.color, "name": line.name, "spec": line.spec, "note": line.note, "why": code, "nearest": near}


def _question(line: Line) -> Rule:
    """A row whose code a person fills in."""
    from onbam.orders.codes import Rule, cells_of, escaped

    color, name, spec, note = map(escaped, cells_of(line))
    return Rule("", color, name, spec, note)


def _suggestions(app: App, book: CodeBook, unknown: Sequence[tuple[Line, str]]) -> Any:
    from rich.markup import escape
    from rich.table import Table

    from onbam.orders.codes import shown_line

    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for head in (say.PRODUCT, say.WHY, say.NEAR):
        table.add_column(app.words(head), overflow="fold")
    for line, code in unknown:
        why = app.words(say.SEVERAL if code == "ambiguous-product" else say.NOT_KNOWN)
        near = ", ".join(f"{n.code} ({n.likeness:.0%})" for n in book.nearest(line))
        table.add_row(escape(shown_line(line)), why, escape(near))
    return table


codes.add_command(import_)
codes.add_command(export)
codes.add_command(suggest)
