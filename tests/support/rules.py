"""The rules of the house that no kept linter knows, each a function from files to findings.

For: the tidy test and the composition test, on the real source and on a copy with planted violations.
Promises: a finding is `file:line what`, so that an editor can jump there; an empty list means the rule holds.
Refuses: opinions. Only what is written down in CONTRIBUTING.md is looked for.
"""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterable, Iterator
from typing import Final

from support.sources import Source

BROAD_PLACES: Final = {
    "the service loop": "onbam/kernel/service.py",
    "the attempt boundary": "onbam/orders/attempt.py",
    "the web error page": "onbam/web/errors.py",
}
"""The three places where whatever went wrong may be caught."""
BANNED_IN_NAMES: Final = {
    "job": "item",
    "worker": "agent",
    "bot": "agent",
    "workflow": "attempt",
    "mock": "fake",
    "stub": "fake",
    "repository": "store",
    "dao": "store",
    "alert": "notice",
}
"""Words the glossary replaced; looked for in the names we choose ourselves (modules, classes, functions)."""
FACTORIES: Final = {"create_engine": "onbam/database/", "open_database": "onbam/database/"}
"""Functions that open a connection to our state, and the room they belong to."""
BUILDERS: Final = ("onbam/bootstrap/", "onbam/bench/", "onbam/simulate/")
"""The composition root; benchmarks and simulated histories build what they measure and judge."""
HANGUL: Final = re.compile("[가-힣ㄱ-ㆎ]")
NAME_WORDS: Final = 2
"""A name has at most this many words; more is a sentence, and a sentence is translated."""
_WORDS: Final = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])")


def broad_excepts(sources: Iterable[Source]) -> list[str]:
    """`except Exception` outside its three places; `except BaseException` that keeps the error to itself."""
    out = []
    for source in sources:
        for node in ast.walk(source.tree):
            if not isinstance(node, ast.ExceptHandler):
                continue
            names = _names(node.type)
            if "Exception" in names and source.shown not in BROAD_PLACES.values():
                out.append(source.at(node, "except Exception stands outside its three places"))
            if (node.type is None or "BaseException" in names) and not _passed_on(node):
                out.append(source.at(node, "a bare except that neither raises again nor hands the error on"))
    return out


def _passed_on(handler: ast.ExceptHandler) -> bool:
    """Whether the error leaves the handler: raised again, or kept under its name for somebody else to raise."""
    inside = [node for statement in handler.body for node in ast.walk(statement)]
    return any(isinstance(n, ast.Raise) or (isinstance(n, ast.Name) and n.id == handler.name) for n in inside)


def incomplete_texts(sources: Iterable[Source]) -> list[str]:
    """Texts that are not whole in both languages."""
    out = []
    for source in sources:
        ours = _imported(source.tree, "onbam.kernel.words", "Text")  # SQLAlchemy has a Text of its own
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ours:
                out += [source.at(node, trouble) for trouble in _text_troubles(node)]
    return out


def _imported(tree: ast.Module, module: str, name: str) -> set[str]:
    """What a file calls something it imports from a module."""
    return {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == module
        for alias in node.names
        if alias.name == name
    }


def _text_troubles(call: ast.Call) -> Iterator[str]:
    """What is wrong with one `Text(ko=…, en=…)`."""
    given = dict(zip(("ko", "en"), call.args, strict=False)) | {k.arg: k.value for k in call.keywords if k.arg}
    values = {
        lang: node.value for lang, node in given.items() if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    if set(values) != {"ko", "en"}:
        yield "a Text needs ko and en as literals, so that both can be read side by side"
        return
    ko, en = values["ko"], values["en"]
    if not ko.strip() or not en.strip():
        yield "a Text is empty in one language"
    elif not HANGUL.search(ko) and not _name_with_figure(ko, en):
        yield f"the Korean of {en!r} has no Korean letter; a name or figure is written with plain()"
    elif HANGUL.search(en) and not HANGUL.search("".join(_quoted(en))):
        yield f"the English text {en!r} holds Korean outside quotation marks"
    if _places(ko) != _places(en):
        yield f"{en!r}: the two languages fill different places ({sorted(_places(ko) ^ _places(en))})"


def _name_with_figure(ko: str, en: str) -> bool:
    """The same in both languages, a name and the places of its figures: `SQLite {version}.`"""
    return ko == en and bool(_places(ko)) and len(re.findall(r"[A-Za-z]+", re.sub(r"{[^}]*}", "", ko))) <= NAME_WORDS


def _quoted(text: str) -> list[str]:
    """Words a text quotes: a Korean label may be named in an English sentence."""
    return re.findall(r"[‘'\"“(]([^’'\"”)]+)[’'\"”)]", text)


def _places(text: str) -> set[str]:
    """The named places of a text."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def banned_names(sources: Iterable[Source]) -> list[str]:
    """Names we chose that use a word the glossary replaced."""
    out = []
    for source in sources:
        named: list[tuple[ast.AST, str]] = [
            (source.tree, source.path.stem if source.path.stem != "__init__" else source.path.parent.name)
        ]
        named += [
            (node, node.name)
            for node in ast.walk(source.tree)
            if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        ]
        for node, name in named:
            for word in _WORDS.findall(name):
                better = BANNED_IN_NAMES.get(word.lower().removesuffix("s"))
                if better:
                    out.append(source.at(node, f"{name}: the word is {better!r} (docs/glossary.md)"))
    return out


def rooms_without_plate(sources: Iterable[Source]) -> list[str]:
    """Rooms and connectors whose docstring does not say For, Promises, Refuses; empty ones that do not say `Not yet`."""
    everything = list(sources)
    out = []
    for source in everything:
        parts = source.shown.split("/")
        room = parts[0] == "onbam" and parts[-1] == "__init__.py" and (len(parts) == 3 or parts[1:2] == ["connectors"])
        if not room or parts[1] == "migrations":
            continue
        missing = [word for word in ("For:", "Promises:", "Refuses:") if word not in source.docstring]
        if missing:
            out.append(source.at(source.tree, f"the room's docstring does not say {' '.join(missing)}"))
        folder = source.shown.removesuffix("__init__.py")
        empty = {source.shown, f"{folder}settings.py", f"{folder}words.py"}
        filled = any(s.shown.startswith(folder) and s.shown not in empty for s in everything)
        if not filled and "Not yet" not in source.docstring:
            out.append(source.at(source.tree, "an empty room says what it will hold: `Not yet: …`"))
    return out


def silent_tests(sources: Iterable[Source]) -> list[str]:
    """Test functions without their one-line claim."""
    out = []
    for source in sources:
        if not source.docstring:
            out.append(source.at(source.tree, "a module without a docstring"))
        if not source.path.name.startswith("test_"):
            continue
        for node in ast.walk(source.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
                claim = ast.get_docstring(node) or ""
                if len(claim.splitlines()) != 1:
                    out.append(source.at(node, f"{node.name} needs a docstring of one line: its claim about the world"))
    return out


def sleeping_tests(sources: Iterable[Source]) -> list[str]:
    """Tests that wait for time instead of a condition. `asyncio.sleep(0)` waits for none: it lets others go first."""
    return [
        source.at(node, "a test waits for a condition with a deadline, never for time")
        for source in sources
        if source.path.name.startswith("test_")
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call) and _called(node) in {"sleep", "time.sleep", "asyncio.sleep"}
        if ast.unparse(node) != "asyncio.sleep(0)"
    ]


def built_outside(sources: Iterable[Source]) -> list[str]:
    """Clients, stores and engines built anywhere but in the composition root."""
    everything = list(sources)
    made = dict(_clients_and_stores(everything))
    out = []
    for source in everything:
        if not source.shown.startswith("onbam/") or source.shown.startswith(BUILDERS):
            continue
        for node in ast.walk(source.tree):
            if not isinstance(node, ast.Call):
                continue
            name = _called(node).rpartition(".")[2]
            home = FACTORIES.get(name)
            if home is not None and not source.shown.startswith(home):
                out.append(source.at(node, f"{name}() is called in bootstrap and nowhere else"))
            if name in made and made[name] != source.shown:
                out.append(source.at(node, f"{name} is built in bootstrap and nowhere else"))
    return out


def _clients_and_stores(sources: Iterable[Source]) -> Iterator[tuple[str, str]]:
    """Classes that hold a connection: those of a connector's `client.py` and of a room's `stores/`."""
    for source in sources:
        parts = source.shown.split("/")
        if parts[0] == "onbam" and (parts[-1] == "client.py" or "stores" in parts):
            for node in source.tree.body:
                if isinstance(node, ast.ClassDef) and node.name.endswith(("Client", "Store", "Stores", "Connector")):
                    yield node.name, source.shown


def _called(call: ast.Call) -> str:
    """The dotted name a call is written with; it begins with a dot where something else than a name is asked for it.

    `ast.unparse` would say the same a hundred times more slowly.
    """
    parts: list[str] = []
    node = call.func
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not parts and not isinstance(node, ast.Name):
        return ""
    return ".".join([node.id if isinstance(node, ast.Name) else "", *reversed(parts)])


def _names(node: ast.expr | None) -> set[str]:
    """The names in an except clause."""
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name)} if node is not None else set()
