"""`onbam orders list|show|retry|hold|unhold|cancel`: the desk at a terminal.

For: people, and scripts.
Promises: the same answers and refusals as the pages; many orders at once only after their number was shown or given.
Refuses: to decide: the desk does.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from onbam.claims.model import Item, State
from onbam.cli import orders_desk_words as say
from onbam.cli.app import App
from onbam.cli.claims_words import STATE_NAMES
from onbam.cli.frame import command, json_option, option, pass_app, reason_option
from onbam.kernel.errors import EXIT_FAILED, EXIT_OK, Refused
from onbam.kernel.words import heard

if TYPE_CHECKING:
    from rich.console import Console

    from onbam.kernel.words import Said
    from onbam.orders.desk import Need
    from onbam.orders.desk_acts import DeskAct
    from onbam.orders.desk_rows import Counts, Found, Query
    from onbam.orders.evidence import Piece
    from onbam.orders.story import Story

STATES: Final = click.Choice([state.value for state in State])
COLORS: Final = {State.UNCERTAIN: "magenta", State.PARKED: "red", State.PROCESSING: "yellow", State.COMPLETED: "dim"}
"""Amber is at work, red needs you, a doubt has its own."""
_SPAN: Final = re.compile(r"(\d{1,4})([mhd])")
_UNITS: Final = {"m": "minutes", "h": "hours", "d": "days"}
_UNSAFE: Final = re.compile(r"[^\w.-]+")


# -- looking ----------------------------------------------------------------------------------------------------------------


@command(say.LIST, name="list")
@click.argument("words", nargs=-1)
@option("--state", "states", text=say.STATE_OPTION, multiple=True, type=STATES)
@option("--pc", "pc", text=say.PC_OPTION, default="", show_default=False)
@option("--since", "since", text=say.SINCE_OPTION, default="", show_default=False)
@option("--until", "until", text=say.UNTIL_OPTION, default="", show_default=False)
@option("--limit", "limit", text=say.LIMIT_OPTION, type=click.IntRange(1, 1000), default=50)
@option("--after", "after", text=say.AFTER_OPTION, default="", show_default=False)
@option("--needs-you", "needs", text=say.NEEDS_OPTION, is_flag=True)
@json_option
@pass_app
def list_(
    app: App,
    words: tuple[str, ...],
    states: tuple[str, ...],
    pc: str,
    since: str,
    until: str,
    limit: int,
    after: str,
    *,
    needs: bool,
) -> None:
    """Show a page of orders."""
    from onbam.orders import desk_json

    desk = app.onbam.desk
    if needs:
        _show_needs(app, desk.needs_you(limit))
        return
    query = query_of(app, " ".join(words), states, pc, since, until)
    found = desk.find(query, limit=limit, after=after)
    bare = query == query_of(app) and not after
    counts = desk.counts() if bare else None
    data = desk_json.found_json(found, desk.store.now_ms())
    if counts is not None:
        data["counts"] = desk_json.counts_json(counts)
    app.emit(data, lambda console: _draw_list(app, console, found, counts))


def query_of(app: App, text: str = "", states: Sequence[str] = (), pc: str = "", since: str = "", until: str = "") -> Query:
    """What was asked for."""
    from onbam.orders.desk_rows import Query

    return Query(text, tuple(State(s) for s in states), pc, moment_ms(app, since), moment_ms(app, until))


def moment_ms(app: App, text: str) -> int | None:
    """A moment somebody typed, in the shop's time."""
    if not text:
        return None
    zone, now = app.onbam.zone, app.onbam.clock.now()
    if text == "today":
        at = datetime.combine(now.astimezone(zone).date(), datetime.min.time(), zone)
    elif found := _SPAN.fullmatch(text):
        at = now - timedelta(**{_UNITS[found[2]]: int(found[1])})
    else:
        try:
            at = datetime.fromisoformat(text)
        except ValueError:
            raise Refused(say.BAD_TIME(text=text), say.BAD_TIME_HINT) from None
    return int((at if at.tzinfo else at.replace(tzinfo=zone)).timestamp() * 1000)


def _show_needs(app: App, needs: Sequence[Need]) -> None:
    """What needs a person, each with its sentence."""
    from onbam.orders.desk_json import needs_json

    now_ms = app.onbam.desk.store.now_ms()

    def draw(console: Console) -> None:
        app.say(say.NEEDS(count=len(needs)) if needs else say.NOTHING_NEEDS)
        for need in needs:
            console.print()
            console.print(_title(app, need.item), style=COLORS.get(need.item.state, ""), markup=False)
            console.print(f"  {app.words(need.why.text)}", markup=False)
            console.print(f"  {app.words(_acts(app, need.acts))}", markup=False, style="dim")
        if asking := sum(app.onbam.codedesk.asks(need.item) for need in needs):
            app.aside(say.ASK_FOR_CODES(count=asking))

    app.emit(needs_json(needs, now_ms), draw)


def _draw_list(app: App, console: Console, found: Found, counts: Counts | None) -> None:
    from rich.markup import escape
    from rich.table import Table

    if counts is not None:
        app.say(say.SUMMARY(**{state.value: counts[state] for state in State}))
    if not found.items and not found.after:
        app.say(say.NO_ORDERS if counts is not None else say.NOTHING_FITS)
        return
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for head in (say.NUMBER, say.STATE, say.PC, say.CHANGED, say.NOTE):
        table.add_column(app.words(head), no_wrap=head is not say.NOTE, overflow="fold")
    for item in found.items:
        state = (
            f"[{COLORS[item.state]}]{app.words(STATE_NAMES[item.state])}[/]"
            if item.state in COLORS
            else app.words(STATE_NAMES[item.state])
        )
        slip = f"{app.words(say.SLIP)} {item.receipt}" if item.receipt and item.state is State.COMPLETED else ""
        note = slip or app.words(heard(item.note))
        table.add_row(escape(item.key), state, escape(item.holder), local(app, item.changed_at_ms), escape(note))
    if found.items:
        console.print(table)
    if found.looked_to_ms is not None:
        app.say(say.LOOKED_TO(at=local(app, found.looked_to_ms), after=found.after))
    elif found.after:
        app.say(say.MORE(after=found.after))


@command(say.SHOW, name="show")
@click.argument("number")
@option("--save", "folder", text=say.SAVE_OPTION, type=click.Path(path_type=Path, file_okay=False), default=None)
@json_option
@pass_app
def show(app: App, number: str, folder: Path | None) -> None:
    """Tell the story of one order."""
    from onbam.orders.desk_json import story_json

    desk = app.onbam.desk
    story = desk.story(number)
    acts = desk.acts(story.item)
    if folder is not None:
        pieces = [line.piece for line in story.lines if line.piece]
        for place, piece in enumerate(pieces, start=1):
            _save(app, folder / f"{place:02d}-{piece.step}-{_UNSAFE.sub('_', piece.name)[-80:]}", piece)
        app.aside(say.SAVED(count=len(pieces), folder=folder))
    data = story_json(story, [act.value for act in acts], desk.store.now_ms())
    app.emit(data, lambda console: _draw_story(app, console, story, acts))


def _save(app: App, file: Path, piece: Piece) -> None:
    from onbam.kernel.oserror import what_of

    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(app.onbam.evidence.read(piece))
    except OSError as error:
        raise Refused(say.CANNOT_SAVE(file=file, what=what_of(error))) from None


def _draw_story(app: App, console: Console, story: Story, acts: Sequence[DeskAct]) -> None:
    """Time in one margin, the PC in the other; a gap between attempts; what happens next stands at the end."""
    console.print(_title(app, story.item), style=f"bold {COLORS.get(story.item.state, '')}", markup=False)
    if story.cut:
        console.print(f"  {app.words(say.CUT)}", style="dim", markup=False)
    width = max((len(line.machine) for line in story.lines), default=0)
    attempt = 0
    for line in story.lines:
        if line.attempt and line.attempt != attempt:
            attempt = line.attempt
            console.print(f"  {app.words(say.ATTEMPT(number=attempt))}", style="dim", markup=False)
        evidence = f"  [{line.piece.name}, {line.piece.size:,} B]" if line.piece else ""
        text = f"  {local(app, line.at_ms)}  {line.machine:{width}}  {app.words(line.text)}{evidence}"
        console.print(text, markup=False, style="dim" if line.piece else "")
    console.print()
    console.print(app.words(story.why.text), markup=False)
    if acts:
        console.print(app.words(_acts(app, acts)), markup=False, style="dim")


def _title(app: App, item: Item) -> str:
    return app.words(say.TITLE(key=item.key, state=STATE_NAMES[item.state]))


def _acts(app: App, acts: Sequence[DeskAct]) -> Said:
    from onbam.kernel.words import plain
    from onbam.orders.desk_words import ACTS

    typed = [(app.words(ACTS[act.value]), app.words(say.TYPED.get(act.value, plain(act.value)))) for act in acts]
    return say.POSSIBLE(acts=", ".join(shown if shown == word else f"{shown} ({word})" for shown, word in typed))


def local(app: App, at_ms: int) -> str:
    """A time as the shop reads it."""
    return datetime.fromtimestamp(at_ms / 1000, app.onbam.zone).strftime("%m-%d %H:%M:%S")


# -- acting -----------------------------------------------------------------------------------------------------------------


def acting(name: str) -> Callable[..., int]:
    """The function of one act: on numbers, or on all that fit."""

    def act(
        app: App,
        numbers: tuple[str, ...],
        states: tuple[str, ...],
        text: str,
        pc: str,
        yes: int | None,
        reason: str,
        *,
        sure: bool = False,
    ) -> int:
        from onbam.orders.desk_acts import DeskAct

        chosen = DeskAct(name)
        by_filter = bool(states or text or pc)
        if by_filter == bool(numbers):
            raise click.UsageError(app.words(say.NOT_BOTH if numbers else say.NUMBERS_OR_FILTER))
        return (
            _on_many(app, chosen, query_of(app, text, states, pc), yes, reason)
            if by_filter
            else _on_each(app, chosen, numbers, reason, sure=sure)
        )

    return act


def surely(app: App, act: Callable[..., Item], *, sure: bool) -> Item:
    """An act; what is hardly ever meant is asked about at a terminal, and refused where there is nobody to ask."""
    from onbam.orders.desk_checks import Unsure

    try:
        return act(sure=sure)
    except Unsure as question:
        if app.as_json or not sys.stdin.isatty():
            raise
        app.aside(question.message)
        if not click.confirm(app.words(say.ASK_SURE(sure=question.sure)), default=False, err=True):
            raise Refused(say.NOTHING_DONE) from None
    return act(sure=True)


def _on_each(app: App, act: DeskAct, numbers: tuple[str, ...], reason: str, *, sure: bool) -> int:
    """One after the other; a refusal is said and the others are done."""
    desk = app.onbam.desk
    done: list[Item] = []
    refused: list[tuple[str, Refused]] = []
    for number in numbers:
        try:
            done.append(surely(app, partial(desk.act, act, number, who=app.onbam.person, reason=reason), sure=sure))
        except Refused as error:
            if len(numbers) == 1:
                raise
            refused.append((number, error))
    answer_acts(app, done, {number: error.message for number, error in refused})
    return EXIT_FAILED if refused else EXIT_OK


def _on_many(app: App, act: DeskAct, query: Query, yes: int | None, reason: str) -> int:
    """How many, then a yes, then the act; a count that changed meanwhile stops it."""
    from onbam.orders.desk_words import ACTS

    desk = app.onbam.desk
    shown = desk.preview(act, query)
    count = len(shown.possible)
    app.aside(say.WOULD(act=ACTS[act.value], count=count, refused=len(shown.refused)))
    if yes is None:
        if not count or app.as_json or not sys.stdin.isatty():
            raise Refused(say.NOTHING_DONE, say.NOT_ASKED(count=count) if count else "")
        if not click.confirm(app.words(say.ASK(count=count)), default=False, err=True):
            app.aside(say.NOTHING_DONE)
            return EXIT_FAILED
    result = desk.bulk(act, query, expected=count if yes is None else yes, who=app.onbam.person, reason=reason)
    answer_acts(app, result.done, result.refused)
    return EXIT_OK


def answer_acts(app: App, done: Sequence[Item], refused: Any) -> None:
    """What was done, and what was not."""
    from onbam.orders.desk_json import item_json

    now_ms = app.onbam.desk.store.now_ms()

    def draw(console: Console) -> None:
        if len(done) == 1:
            app.say(say.DONE(key=done[0].key, state=STATE_NAMES[done[0].state]))
        elif done:
            app.say(say.DONE_MANY(count=len(done)))
        if refused:
            app.say(say.REFUSED_MANY(count=len(refused)))
            for why in refused.values():
                console.print(f"  {app.words(why)}", markup=False)

    orders = [item_json(item, now_ms) for item in done]
    app.emit({"done": orders, "refused": {key: app.words(why) for key, why in refused.items()}}, draw)


def _command(name: str, text: Any) -> Any:
    """One act as a command."""
    made = pass_app(acting(name))
    made = json_option(made)
    made = reason_option(made)
    if name == "retry":
        made = option("--sure", "sure", text=say.SURE_OPTION, is_flag=True)(made)
    made = option("--yes", "yes", text=say.YES_OPTION, type=click.IntRange(0), default=None)(made)
    made = option("--pc", "pc", text=say.PC_OPTION, default="", show_default=False)(made)
    made = option("--text", "text", text=say.TEXT_OPTION, default="", show_default=False)(made)
    made = option("--state", "states", text=say.STATE_OPTION, multiple=True, type=STATES)(made)
    made = click.argument("numbers", nargs=-1)(made)
    return command(text, name=name)(made)


retry: Final = _command("retry", say.RETRY)
hold: Final = _command("hold", say.HOLD)
unhold: Final = _command("unhold", say.UNHOLD)
cancel: Final = _command("cancel", say.CANCEL)
