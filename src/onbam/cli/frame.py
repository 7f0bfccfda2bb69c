"""Click's commands, taught two languages and late imports.

For: every command module (`@command(TEXT)`, `@option("--x", text=TEXT)`), and `main` for the table of groups.
Promises: help is written in the language of the moment; a group in the table is imported only when it is called.
Refuses: help texts in one language.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeVar, cast

import click

from onbam.cli import words as say
from onbam.cli.app import App
from onbam.kernel.words import Lang, Text

F = TypeVar("F", bound=Callable[..., Any])

pass_app = click.make_pass_decorator(App)
HELP_WIDTH = 110
COMPLETE_VARIABLE = "_ONBAM_COMPLETE"


def lang_of(ctx: click.Context) -> Lang:
    """The language of this call."""
    app = ctx.find_object(App)
    return app.lang if app is not None else "en"


class Formatter(click.HelpFormatter):
    """Headings in the reader's language."""

    lang: Lang = "en"

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """The first line."""
        super().write_usage(prog, args, prefix or f"{say.USAGE.to(self.lang)}: ")

    def write_heading(self, heading: str) -> None:
        """A heading click knows, in our words."""
        known = say.HEADINGS.get(heading)
        super().write_heading(known.to(self.lang) if known else heading)


class Context(click.Context):
    """A context whose formatter knows the language."""

    def make_formatter(self) -> click.HelpFormatter:
        """A formatter for this call."""
        formatter = Formatter(width=self.terminal_width, max_width=HELP_WIDTH)
        formatter.lang = lang_of(self)
        return formatter


class _TwoLanguages(click.Command):
    """What commands and groups share: a text instead of a help string."""

    context_class = Context
    text: Text

    def get_short_help_str(self, limit: int = 45) -> str:  # noqa: ARG002 -- a first line is short by our own rule
        """The text's first line."""
        ctx = click.get_current_context(silent=True)
        return self.text.to(lang_of(ctx) if ctx else "en").splitlines()[0]

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The text, in the language of this call."""
        self.help = self.text.to(lang_of(ctx))
        super().format_help_text(ctx, formatter)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """`--help`, in the language of this call."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = say.HELP_OPTION.to(lang_of(ctx))
        return option


class Command(_TwoLanguages):
    """A command."""

    def __init__(self, *args: Any, text: Text, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.text = text


class Entry(NamedTuple):
    """One line of a lazy group's table."""

    module: str
    attribute: str
    text: Text


class Group(_TwoLanguages, click.Group):
    """A group; its table names commands that are imported when called."""

    command_class = Command

    def __init__(self, *args: Any, text: Text, table: Mapping[str, Entry] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.text = text
        self.table = dict(table or {})

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The table's names in their order, then the group's own."""
        return [*self.table, *(name for name in super().list_commands(ctx) if name not in self.table)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """A command, imported when it stands in the table."""
        entry = self.table.get(cmd_name)
        if entry is None:
            return super().get_command(ctx, cmd_name)
        return cast("click.Command", getattr(importlib.import_module(entry.module), entry.attribute))

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, without importing those in the table."""
        lang = lang_of(ctx)
        rows: list[tuple[str, str]] = []
        for name in self.list_commands(ctx):
            entry = self.table.get(name)
            if entry is not None:
                rows.append((name, entry.text.to(lang).splitlines()[0]))
            elif (found := super().get_command(ctx, name)) is not None and not found.hidden:
                rows.append((name, found.get_short_help_str()))
        if rows:
            with formatter.section("Commands"):
                formatter.write_dl(rows)


class Option(click.Option):
    """An option with a text."""

    def __init__(self, *args: Any, text: Text, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.text = text

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Its line in the help."""
        self.help = self.text.to(lang_of(ctx))
        return super().get_help_record(ctx)


def command(text: Text, name: str | None = None, **kwargs: Any) -> Callable[[Callable[..., Any]], Command]:
    """Make a command of a function."""
    return cast("Callable[[Callable[..., Any]], Command]", click.command(name, cls=Command, text=text, **kwargs))


def group(text: Text, name: str | None = None) -> Callable[[Callable[..., Any]], Group]:
    """Make a group of a function; the group's own commands are added with `@thegroup.command(TEXT)` of this module's kind."""
    return cast("Callable[[Callable[..., Any]], Group]", click.group(name, cls=Group, text=text))


def option(*names: str, text: Text, **kwargs: Any) -> Callable[[F], F]:
    """An option."""
    return click.option(*names, cls=Option, text=text, **kwargs)


def json_option(function: F) -> F:
    """`--json`: the same answer for a script."""

    def remember(ctx: click.Context, _: click.Parameter, value: bool) -> None:  # noqa: FBT001 -- click's signature
        if value:
            ctx.ensure_object(App).as_json = True

    return option("--json", text=say.JSON_OPTION, is_flag=True, expose_value=False, callback=remember)(function)


def reason_option(function: F) -> F:
    """`--reason`: why a person does this; it goes into the journal."""
    return option("--reason", text=say.REASON_OPTION, default="", show_default=False)(function)
