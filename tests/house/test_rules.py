"""The house rules can fail: each is shown a small file that breaks it, and one that does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from house import test_docs, test_tidy
from support import rules, sources


def written(folder: Path, **files: str) -> list[sources.Source]:
    """Files as the rules read them; `__` in a name is a folder, `PLATE` its `__init__`."""
    for name, text in files.items():
        path = folder / (name.replace("__", "/").replace("PLATE", "__init__") + ".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return sources.python(folder)


@pytest.mark.parametrize(
    ("text", "trouble"),
    [
        ('Text(ko="주문 {key}", en="Order {key}")', None),
        ("Text(ko=\"버튼 '지금 동기화'를 누르십시오\", en=\"Press '지금 동기화'\")", None),
        ('Text("첫째", "first")', None),
        ('Text(ko="SQLite {version}.", en="SQLite {version}.")', None),
        ('Text(ko="주문", en="")', "a Text is empty in one language"),
        ('Text(ko="ERP", en="ERP")', "the Korean of 'ERP' has no Korean letter; a name or figure is written with plain()"),
        ('Text(ko="주문 {key}", en="Order {kee}")', "'Order {kee}': the two languages fill different places (['kee', 'key'])"),
        ('Text(ko="주문", en="주문")', "the English text '주문' holds Korean outside quotation marks"),
        ('Text(ko=KO, en="Order")', "a Text needs ko and en as literals, so that both can be read side by side"),
    ],
)
def test_a_text_that_is_not_whole_is_named(tmp_path: Path, text: str, trouble: str | None) -> None:
    """A text must be there in both languages, in their own letters, with the same places."""
    found = rules.incomplete_texts(written(tmp_path, room=f"from onbam.kernel.words import Text\n{text}\n"))
    assert found == ([f"room.py:2 {trouble}"] if trouble else [])


def test_another_text_is_not_ours(tmp_path: Path) -> None:
    """A column type of the same name is left alone."""
    assert rules.incomplete_texts(written(tmp_path, tables="from sqlalchemy import Text\nText(collation='C')\n")) == []


def test_an_error_swallowed_whole_is_named(tmp_path: Path) -> None:
    """A bare except must pass the error on; what is raised again or kept by name is allowed."""
    swallowed = "try:\n    f()\nexcept BaseException:\n    g()\n"
    raised = "try:\n    f()\nexcept BaseException:\n    g()\n    raise\n"
    kept = "try:\n    f()\nexcept BaseException as error:\n    box.append(error)\n"
    found = rules.broad_excepts(written(tmp_path, a=swallowed, b=raised, c=kept))
    assert found == ["a.py:3 a bare except that neither raises again nor hands the error on"]


def test_the_service_loop_may_catch_everything(tmp_path: Path) -> None:
    """The named places are exempt, and only they."""
    text = "try:\n    f()\nexcept Exception:\n    g()\n"
    found = rules.broad_excepts(written(tmp_path, onbam__kernel__service=text, onbam__kernel__clock=text))
    assert [line.split(":")[0] for line in found] == ["onbam/kernel/clock.py"]


@pytest.mark.parametrize("name", ["JobQueue", "MockClient", "AlertSender", "TaskWorker", "UserRepository"])
def test_a_class_named_with_a_replaced_word_is_named(tmp_path: Path, name: str) -> None:
    """Words the glossary replaced are found inside names, whatever their case."""
    assert len(rules.banned_names(written(tmp_path, room=f"class {name}: ..."))) == 1


@pytest.mark.parametrize("name", ["Robot", "Stubborn", "FakeClient", "run_step", "Workers_tale"])
def test_only_whole_words_count(tmp_path: Path, name: str) -> None:
    """A word that merely contains a replaced one is let through; its plural is not."""
    found = rules.banned_names(written(tmp_path, room=f"class {name}: ..."))
    assert bool(found) == (name == "Workers_tale")


def test_a_room_without_a_plate_is_named(tmp_path: Path) -> None:
    """A room must say For, Promises and Refuses; an empty one says what it is not yet."""
    whole = '"""A room.\n\nFor: x.\nPromises: y.\nRefuses: z.\n"""\n'
    files = written(
        tmp_path,
        onbam__bare__PLATE='"""A room."""\n',
        onbam__empty__PLATE=whole,
        onbam__full__PLATE=whole,
        onbam__full__model='"""Something."""\n',
    )
    assert rules.rooms_without_plate(files) == [
        "onbam/bare/__init__.py:1 the room's docstring does not say For: Promises: Refuses:",
        "onbam/bare/__init__.py:1 an empty room says what it will hold: `Not yet: …`",
        "onbam/empty/__init__.py:1 an empty room says what it will hold: `Not yet: …`",
    ]


def test_a_test_without_a_claim_or_with_a_sleep_is_named(tmp_path: Path) -> None:
    """Tests say what they claim in one line and wait for no time."""
    text = (
        '"""Tests."""\nimport time\n\n\ndef test_x():\n    time.sleep(1)\n    asyncio.sleep(0)\n\n\n'
        'def test_y():\n    """One.\n\n    Two.\n    """\n'
    )
    files = written(tmp_path, test_it=text)
    assert [line.split()[1] for line in rules.silent_tests(files)] == ["test_x", "test_y"]
    assert rules.sleeping_tests(files) == ["test_it.py:6 a test waits for a condition with a deadline, never for time"]


def test_a_client_built_in_a_room_is_named(tmp_path: Path) -> None:
    """A connector's client and a room's store are built in the composition root only; their own file may."""
    files = written(
        tmp_path,
        onbam__connectors__portal__client="class PortalClient: ...\n\n\ndef again():\n    return PortalClient()\n",
        onbam__claims__stores__sql="class SqlStore: ...\n",
        onbam__bootstrap__robot="portal = PortalClient()\nstore = SqlStore()\n",
        onbam__orders__flow="from onbam.claims.stores import sql\n\nstore = sql.SqlStore()\nportal = PortalClient()\n",
    )
    assert rules.built_outside(files) == [
        "onbam/orders/flow.py:3 SqlStore is built in bootstrap and nowhere else",
        "onbam/orders/flow.py:4 PortalClient is built in bootstrap and nowhere else",
    ]


@pytest.mark.parametrize(
    "line",
    [
        "see /wo" + "rk/main/x.py",
        "https://py" + "pi.org/simple",
        "registry.npm" + "js.org",
        r"C:\Users" + r"\Kim\onbam",
        "/ho" + "me/kim/onbam",
    ],
)
def test_a_machine_or_registry_is_named(line: str) -> None:
    """Folders of somebody's machine and hosts of registries are recognised."""
    assert test_tidy.NEUTRAL.search(line)


@pytest.mark.parametrize("line", ["the work/life balance", "homework/", "https://www.python.org", r"C:\Onbam", "/home/user/x"])
def test_ordinary_words_are_left_alone(line: str) -> None:
    """Words that merely look alike pass."""
    assert not test_tidy.NEUTRAL.search(line)


def test_links_and_anchors_are_read_as_a_code_host_reads_them(tmp_path: Path) -> None:
    """Links inside code are no links; headings become anchors, twice the same heading two of them."""
    page = tmp_path / "page.md"
    page.write_text(
        "# One & two\n## `[app]`\n## Same\n## Same\n[a](x.md#one) `[b](no.md)` ![c](p.svg)\n"
        '```\n[d](no.md)\n# no heading\n```\n<img src="q.svg">\n[e](https://example.org)\n',
        "utf-8",
    )
    assert test_docs.links(page) == ["x.md#one", "p.svg", "q.svg"]
    assert test_docs.anchors(page) == {"one--two", "app", "same", "same-1"}
