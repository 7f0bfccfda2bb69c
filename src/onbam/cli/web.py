"""`onbam web …`: the dashboard as a program, and who may come in.

For: people at a terminal, the guard (which runs `onbam web run`).
Promises: whoever can start Onbam on this PC can always come in, by a link that works once; every act by a person has a reason;
ends cleanly when asked, with or without a guard.
Refuses: passwords on a command line; a link that lets somebody in where others can read it: a log, a pipe.
"""

from __future__ import annotations

import sys
import threading
import webbrowser
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from onbam.cli import web_words as say
from onbam.cli.app import App
from onbam.cli.frame import command, group, json_option, option, pass_app, reason_option
from onbam.kernel.beats import STARTING
from onbam.kernel.errors import Refused
from onbam.kernel.service import Group, Runner
from onbam.kernel.words import plain
from onbam.logs.services import troubles
from onbam.people.model import Person, Role
from onbam.people.words import ROLES

if TYPE_CHECKING:
    from rich.console import Console

    from onbam.kernel.child import Child
    from onbam.web.serve import Listening

PROCESS = "web"
BEAT_S = 20.0
"""The server says so often that it is there; its requests are not its progress."""
ROLE_NAMES = [role.value for role in Role]


@group(say.WEB, name="web")
def web() -> None:
    """Hold the commands below."""


@command(say.RUN, name="run")
@option("--host", text=say.HOST_OPTION, default=None)
@option("--port", text=say.PORT_OPTION, type=click.IntRange(0, 65535), default=None)
@option("--open", "open_it", text=say.OPEN_OPTION, is_flag=True)
@pass_app
def run(app: App, host: str | None, port: int | None, *, open_it: bool) -> None:
    """Serve until asked to stop."""
    from onbam.web.collector import settle
    from onbam.web.serve import WebServer

    onbam = app.onbam
    onbam.start_logs(process=PROCESS)
    child = onbam.child(PROCESS)
    by_hand = not child.guarded and sys.stdout.isatty()  # what the guard's children say is kept in a log others can read
    server = WebServer(onbam, host=host, port=port, first_link=by_hand or open_it)
    open_now = threading.Event()

    def told(listening: Listening) -> None:
        settle()
        open_now.set()
        app.say(say.LISTENING(address=listening.address))
        if listening.first_link and by_hand:
            app.say(say.FIRST(address=f"{listening.address}/enter/{listening.first_link}"))
        elif not listening.first_link and onbam.people.nobody_yet():
            app.say(say.NOBODY_CAN_COME_IN)
        if not listening.here_only and not onbam.settings.web.public_url:
            app.aside(say.ON_THE_LAN)
        if open_it:
            first = f"/enter/{listening.first_link}" if listening.first_link else "/"
            webbrowser.open(f"{listening.address}{first}")

    with child.listening():
        beating = threading.Thread(target=_beat, args=(child, open_now), name="web-beat", daemon=True)
        beating.start()
        watching = Group([Runner(service, onbam.clock, troubles(PROCESS)) for service in onbam.watch_services()])
        watching.start()  # here as well as in the agent: what must be told is told also when that one cannot start
        try:
            server.run(told, child.stopping)
        finally:
            watching.stop()
    app.say(say.STOPPED)


def _beat(child: Child, open_now: threading.Event) -> None:
    """Here: on the way to an open door, then waiting for readers."""
    while not child.stopping.is_set() and not open_now.is_set():
        child.beats.step(STARTING, promise_s=BEAT_S)
        open_now.wait(BEAT_S / 2)
    while not child.stopping.is_set():
        child.beats.idle(BEAT_S)
        child.stopping.wait(BEAT_S / 2)
    child.beats.stopping()


@command(say.LINK, name="link")
@click.argument("name", required=False, default="")
@json_option
@pass_app
def link(app: App, name: str) -> None:
    """A way in, once."""
    people = app.onbam.people
    if not name and not people.nobody_yet():
        raise Refused(say.LINK_NOT_FIRST, say.LINK_NOT_FIRST_HINT)
    _show_link(app, people.link(name, who=app.onbam.person), {})


def _show_link(app: App, opens: str, more: dict[str, Any]) -> None:
    chosen = app.onbam.settings.web
    base = chosen.public_url.rstrip("/") or f"http://localhost:{chosen.port}"
    address = f"{base}/enter/{opens}"
    app.emit({**more, "link": address}, lambda _: app.say(say.LINK_IS(address=address)))


@group(say.USER, name="user")
def user() -> None:
    """Hold the commands below."""


@command(say.USER_ADD, name="add")
@click.argument("name")
@option("--role", text=say.ROLE_OPTION, type=click.Choice(ROLE_NAMES), default=Role.OPERATOR.value)
@option("--shown", text=say.SHOWN_OPTION, default="")
@reason_option
@json_option
@pass_app
def add(app: App, name: str, role: str, shown: str, reason: str) -> None:
    """Somebody new."""
    people = app.onbam.people
    person = people.add(name, Role(role), who=app.onbam.person, shown=shown, why=reason)
    if not app.as_json:
        app.say(say.ADDED(name=person.name, role=ROLES[person.role]))
    _show_link(app, people.link(person.name, who=app.onbam.person), as_data(person))


@command(say.USER_LIST, name="list")
@json_option
@pass_app
def list_(app: App) -> None:
    """Everybody."""
    everybody = app.onbam.people.everybody()

    def show(console: Console) -> None:
        from rich.table import Table

        if not everybody:
            app.say(say.NOBODY)
            return
        table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
        for heading in (say.NAME, say.SHOWN, say.ROLE, say.SEEN):
            table.add_column(app.words(heading), overflow="fold")
        for person in everybody:
            role = app.words(ROLES[person.role]) if person.disabled_at_ms is None else app.words(say.OUT)
            table.add_row(person.name, person.shown, role, _seen(app, person))
        console.print(table)

    app.emit([as_data(person) for person in everybody], show)


def _seen(app: App, person: Person) -> str:
    if person.seen_at_ms is None:
        return app.words(say.NEVER)
    return datetime.fromtimestamp(person.seen_at_ms / 1000, app.onbam.zone).strftime("%Y-%m-%d %H:%M")


@command(say.USER_ROLE, name="role")
@click.argument("name")
@click.argument("role", type=click.Choice(ROLE_NAMES))
@reason_option
@json_option
@pass_app
def role(app: App, name: str, role: str, reason: str) -> None:
    """Another role."""
    person = app.onbam.people.change(name, who=app.onbam.person, role=Role(role), why=reason)
    app.emit(as_data(person), lambda _: app.say(say.CHANGED(name=plain(person.name), role=ROLES[person.role])))


@command(say.USER_DISABLE, name="disable")
@click.argument("name")
@reason_option
@json_option
@pass_app
def disable(app: App, name: str, reason: str) -> None:
    """Out, at once."""
    person = app.onbam.people.change(name, who=app.onbam.person, disabled=True, why=reason)
    app.emit(as_data(person), lambda _: app.say(say.DISABLED(name=person.name)))


@command(say.USER_ENABLE, name="enable")
@click.argument("name")
@reason_option
@json_option
@pass_app
def enable(app: App, name: str, reason: str) -> None:
    """In again."""
    person = app.onbam.people.change(name, who=app.onbam.person, disabled=False, why=reason)
    app.emit(as_data(person), lambda _: app.say(say.ENABLED(name=person.name)))


for one in (add, list_, role, disable, enable):
    user.add_command(one)
web.add_command(run)
web.add_command(link)
web.add_command(user)


def as_data(person: Person) -> dict[str, Any]:
    """A person for scripts."""
    return {
        "name": person.name,
        "shown": person.shown,
        "role": person.role.value,
        "disabled": person.disabled_at_ms is not None,
        "seen_at_ms": person.seen_at_ms,
        "can_log_in": person.has_password,
    }
