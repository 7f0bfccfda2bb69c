"""`onbam orders resolve|reconcile|paste`: what a person knows of the ERP, and what a person enters there.

For: people at a terminal, and scripts.
Promises: nothing is settled as not there while it may still arrive: the command waits, and says so; a report is only looked at
with `--dry-run`; the exit code says whether something is left for a person.
Refuses: to decide: the desk does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from onbam.cli import orders_desk_words as say
from onbam.cli.app import App
from onbam.cli.frame import command, json_option, option, pass_app, reason_option
from onbam.cli.orders_desk import answer_acts, local, surely
from onbam.kernel.errors import EXIT_FAILED, EXIT_OK, Refused

if TYPE_CHECKING:
    from rich.console import Console

    from onbam.claims.model import Item
    from onbam.connectors.ecount.export import Export
    from onbam.kernel.words import Said
    from onbam.orders.paste import Pasted
    from onbam.orders.reconcile import Compared
    from onbam.orders.reconcile_run import Run

TICK_S = 1.0
FILE = click.Path(path_type=Path, dir_okay=False)


# -- one order --------------------------------------------------------------------------------------------------------------


@command(say.RESOLVE, name="resolve")
@click.argument("number")
@option("--there", "there", text=say.THERE_OPTION, default=None, metavar="NUMBER")
@option("--not-there", "not_there", text=say.NOT_THERE_OPTION, is_flag=True)
@option("--sure", "sure", text=say.SURE_OPTION, is_flag=True)
@option("--wait/--no-wait", "wait", text=say.WAIT_OPTION, default=True)
@reason_option
@json_option
@pass_app
def resolve(app: App, number: str, there: str | None, reason: str, *, not_there: bool, sure: bool, wait: bool) -> None:
    """Settle one order."""
    if (there is None) is not not_there:
        raise click.UsageError(app.words(say.ONE_OF_TWO))
    if there is None:
        done = _settled(app, number, reason, wait=wait)
    else:
        done = surely(app, partial(app.onbam.desk.there, number, there, who=app.onbam.person, reason=reason), sure=sure)
    answer_acts(app, [done], {})


def _settled(app: App, number: str, reason: str, *, wait: bool) -> Item:
    """Not there: at once when the call must be over, else after waiting for that."""
    from onbam.orders.desk_acts import NotYet

    desk, who = app.onbam.desk, app.onbam.person
    seen = desk.get(number).version
    try:
        return desk.not_there(number, who=who, reason=reason, version=seen)
    except NotYet as early:
        if not wait:
            raise
        waiting(app)(early.wait_s)
    return desk.not_there(number, who=who, reason=reason, version=seen)


def waiting(app: App) -> Callable[[float], None]:
    """Wait so long, visibly."""

    def wait(seconds: float) -> None:
        clock = app.onbam.clock
        until = clock.monotonic() + seconds
        with app.progress(say.WAITS, seconds) as tick:
            while (left := until - clock.monotonic()) > 0:
                clock.wait(min(TICK_S, left))
                tick(min(TICK_S, left))

    return wait


# -- a report ---------------------------------------------------------------------------------------------------------------


@command(say.RECONCILE, name="reconcile")
@click.argument("file", type=FILE)
@option("--dry-run", "dry", text=say.DRY_OPTION, is_flag=True)
@option("--unfiltered", "unfiltered", text=say.UNFILTERED_OPTION, is_flag=True)
@option("--wait/--no-wait", "wait", text=say.WAIT_OPTION, default=True)
@reason_option
@json_option
@pass_app
def reconcile(app: App, file: Path, reason: str, *, dry: bool, unfiltered: bool, wait: bool) -> int:
    """Settle what a report proves."""
    from onbam.connectors.ecount.export import read_export
    from onbam.orders import desk_words
    from onbam.orders.reconcile_run import Reconciler

    if not dry and not reason.strip():
        raise Refused(desk_words.REASON_NEEDED, desk_words.REASON_HINT)
    onbam = app.onbam
    reconciler = Reconciler(onbam.desk, onbam.clock)
    compared = reconciler.compare(read_export(file), unfiltered=unfiltered)
    run = None
    if not dry:
        run = reconciler.run(compared, file.name, who=onbam.person, reason=reason, wait=waiting(app) if wait else None)
    app.emit(_report_json(app, file, compared, run), lambda console: _draw_report(app, console, file, compared, run))
    return EXIT_FAILED if _left(compared, run) else EXIT_OK


def _left(compared: Compared, run: Run | None) -> bool:
    """Whether something is left for a person."""
    odd = (
        compared.duplicates,
        compared.missing,
        compared.unplaced,
        compared.foreign,
        compared.elsewhere,
        compared.cancelled,
        compared.differing,
    )
    return any(odd) or bool(run.left if run else compared.answers or compared.entered_by_hand)


def _draw_report(app: App, console: Console, file: Path, compared: Compared, run: Run | None) -> None:
    export = compared.export
    console.print(app.words(_heading(app, file, export)), style="bold", markup=False)
    lines = list(_lines(compared, run))
    if not compared.answers:
        app.say(say.NOTHING_TO_SETTLE)
    for key, said in lines:
        console.print(f"  {key}  {app.words(said)}", markup=False)
    if compared.strangers:
        console.print(f"  {app.words(say.STRANGERS(count=compared.strangers))}", style="dim", markup=False)
    if run is None:
        app.say(say.DRY)
    elif compared.answers or run.completed:
        app.say(say.SETTLED(settled=len(run.settled) + len(run.completed), left=len(run.left)))


def _heading(app: App, file: Path, export: Export) -> Said:
    printed = local(app, int(export.printed.timestamp() * 1000)) if export.printed else say.UNKNOWN_MOMENT()
    since, until = export.since or "?", export.until or "?"
    return say.REPORT(file=file.name, since=since, until=until, slips=len(export.slips), printed=printed)


def _lines(compared: Compared, run: Run | None) -> Iterator[tuple[str, Said]]:
    """Every order with something to say about, in words."""
    from onbam.orders.reconcile import Verdict

    left = {answer.item.key: answer for answer in (run.left if run else ())}
    for found in compared.answers:
        answer = left.get(found.item.key, found)
        if answer.verdict is Verdict.CANNOT_TELL:
            yield answer.item.key, say.CANNOT_TELL(why=answer.why or "?")
        else:
            there = answer.verdict is Verdict.THERE
            yield answer.item.key, say.IS_THERE(number=answer.number) if there else say.IS_NOT_THERE()
    for item in compared.entered_by_hand:
        yield item.key, say.HAND(number=compared.numbers[item.key])
    for odds, text in (
        (compared.duplicates, say.DUPLICATE),
        (compared.unknown, say.NOBODY_KNOWS),
        (compared.missing, say.MISSING),
        (compared.unplaced, say.UNPLACED),
        (compared.foreign, say.FOREIGN),
        (compared.elsewhere, say.ELSEWHERE),
        (compared.cancelled, say.CANCELLED_THERE),
        (compared.differing, say.DIFFERS),
    ):
        for odd in odds:
            yield odd.key, text(numbers=", ".join(odd.numbers), ours=odd.ours, theirs=odd.theirs)


def _report_json(app: App, file: Path, compared: Compared, run: Run | None) -> dict[str, Any]:
    export = compared.export
    left = {answer.item.key: answer for answer in (run.left if run else ())}
    answers = [left.get(answer.item.key, answer) for answer in compared.answers]
    odds = ("duplicates", "unknown", "missing", "unplaced", "foreign", "elsewhere", "cancelled", "differing")
    return {
        "file": file.name,
        "sha256": export.sha256,
        "since": str(export.since) if export.since else None,
        "until": str(export.until) if export.until else None,
        "printed": export.printed.isoformat() if export.printed else None,
        "slips": len(export.slips),
        "dry_run": run is None,
        "doubts": [
            {"order_id": a.item.key, "verdict": a.verdict.value, "number": a.number, "why": app.words(a.why) if a.why else ""}
            for a in answers
        ],
        "settled": [item.key for item in run.settled] if run else [],
        "entered_by_hand": [{"order_id": item.key, "number": compared.numbers[item.key]} for item in compared.entered_by_hand],
        **{
            name: [
                {"order_id": odd.key, "numbers": list(odd.numbers), "ours": odd.ours, "theirs": odd.theirs}
                for odd in getattr(compared, name)
            ]
            for name in odds
        },
        "without_number": compared.strangers,
    }


# -- by hand ----------------------------------------------------------------------------------------------------------------


@command(say.PASTE, name="paste")
@click.argument("number")
@option("--out", "out", text=say.OUT_OPTION, type=FILE, default=None)
@option("--document", "document", text=say.DOCUMENT_OPTION, type=FILE, default=None)
@option("--hold", "hold", text=say.HOLD_OPTION, is_flag=True)
@option("--again", "again", text=say.AGAIN_OPTION, is_flag=True)
@reason_option
@json_option
@pass_app
def paste(app: App, number: str, out: Path | None, document: Path | None, reason: str, *, hold: bool, again: bool) -> None:
    """Give a person what is to be pasted."""
    from onbam.cli.orders_documents import read_document
    from onbam.journal.model import Fact, Line
    from onbam.orders.paste import ROBOTS, pasted

    onbam, desk = app.onbam, app.onbam.desk
    raw = read_document(document) if document else None
    item = desk.get(number)
    if hold and item.state in ROBOTS:  # said again, as after a document was missing, it is parked already
        item = desk.hold(number, who=onbam.person, reason=reason, version=item.version)
        app.aside(say.PARKED_FIRST(key=item.key))
    made = pasted(item, onbam.evidence, onbam.codes.read(), onbam.settings.ecount, document=raw, again=again)
    for warning in made.warnings:
        app.aside(warning)
    facts: dict[str, Fact] = {"lines": len(made.slip.lines), "file": out.name if out else ""}
    desk.note(Line("order.pasted", item.kind, item.key, onbam.person, reason, facts))
    _give(app, made, out)


def _give(app: App, made: Pasted, out: Path | None) -> None:
    """To the file, the clipboard, or the screen; a script gets the text itself."""
    from onbam.cli.orders_clipboard import copied
    from onbam.kernel.files import write_whole
    from onbam.kernel.oserror import what_of

    lines, tool = len(made.slip.lines), ""
    if out is not None:
        try:
            write_whole(out, made.block.encode("utf-8-sig"))
        except OSError as error:
            raise Refused(say.CANNOT_SAVE(file=out, what=what_of(error))) from None
    elif not app.as_json:
        tool = copied(made.block, app.onbam.environ)

    def show(console: Console) -> None:
        if out is not None:
            app.say(say.WRITTEN(lines=lines, file=out))
        elif tool:
            app.say(say.COPIED(lines=lines, tool=tool))
        else:
            console.file.write(made.block.replace("\r\n", "\n"))
        app.aside(say.THEN(key=made.slip.key))

    warnings = [app.words(warning) for warning in made.warnings]
    app.emit({"order_id": made.slip.key, "lines": lines, "block": made.block, "warnings": warnings}, show)
