"""The tutorial keeps its word: every command of it is run as it stands there, and says what it says there."""

from __future__ import annotations

import json
import os
import re
import shlex
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from support.nursery import Nursery
from support.sources import ROOT
from support.waiting import until

PAGE = ROOT / "docs" / "tutorial" / "your-first-order.md"
STANDS_FOR = re.compile(r"`onbam` below stands for `python3 \S+/run\.py(?P<words>[^`]*)`")
BLOCK = re.compile(r"^```(?P<kind>sh terminal|sh|ini \.env)\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE)
PORTS = ("5090", "5091")
LIMIT_S = 120.0
pytestmark = [pytest.mark.timeout(300), pytest.mark.skipif(not hasattr(os, "fork"), reason="forks its processes")]


@dataclass(frozen=True)
class Step:
    """One command and what it is said to answer."""

    command: str
    answer: Sequence[str]


@dataclass
class Reader:
    """Somebody who does what the page says, in a folder of their own."""

    folder: Path
    erp: str
    environ: dict[str, str]
    nursery: Nursery
    always: Sequence[str]
    typed: int = 0

    def onbam(self, *words: str) -> str:
        """Type it; its whole answer."""
        self.typed += 1
        log = self.folder.parent / f"{self.typed}.log"
        told = {"folder": str(self.folder), "environ": self.environ, "words": [*self.always, *words]}
        child = self.nursery.child(log, json.dumps(told))
        until(lambda: child.poll() is not None, what=f"{words} has ended", deadline_s=LIMIT_S)
        assert child.poll() == 0, f"{words}: {log.read_text('utf-8')}"
        return log.read_text("utf-8")

    def do(self, step: Step) -> None:
        """One command of the page; what it answers stands there, in this order."""
        words = [self._meant(word) for word in shlex.split(step.command)]
        told = self._curl(words[1:]) if words[0] == "curl" else self.onbam(*words[1:])
        at = 0
        flat = " ".join(told.split())
        for line in step.answer:
            found = flat.find(line, at)
            assert found >= 0, f"'{step.command}' does not say '{line}' there, but: {told}"
            at = found + len(line)

    def _meant(self, word: str) -> str:
        """What a reader puts in place of a word in capitals."""
        if word == "NUMBER":
            return self._number()
        if word == "SLIP":
            with urllib.request.urlopen(f"{self.erp}/_sim/slips") as answer:
                number = self._number()
                return next(str(slip["number"]) for slip in json.load(answer) if slip["key"] == number)
        return word

    def _number(self) -> str:
        """The order in question, else any."""
        for more in (("--state", "uncertain"), ()):
            orders: list[dict[str, Any]] = json.loads(self.onbam("orders", "list", *more, "--json"))["orders"]
            if orders:
                return str(orders[0]["order_id"])
        raise AssertionError("there are no orders")

    def _curl(self, words: list[str]) -> str:
        """`curl [-d DATA] [-o FILE] URL`, on systems that have none as well."""
        given = dict(zip(words[:-1:2], words[1:-1:2], strict=True))
        data = given.get("-d")
        with urllib.request.urlopen(words[-1], None if data is None else data.encode()) as answer:
            body: bytes = answer.read()
        if "-o" in given:
            (self.folder / given["-o"]).write_bytes(body)
        return body.decode("utf-8", "replace")


def steps(text: str) -> Iterator[Step]:
    """The commands of a block, each with what follows it."""
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, *answer = part.splitlines()
        yield Step(command, [line for line in answer if line and line != "…"])


@contextmanager
def terminal(command: str, environ: dict[str, str]) -> Iterator[None]:
    """A simulator in a terminal of its own, from its first line to Ctrl-C."""
    words = shlex.split(command)
    process = subprocess.Popen(
        [sys.executable, "-m", "onbam", *words[1:]],
        env=environ,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        stdin=subprocess.DEVNULL,
    )
    try:
        assert process.stdout is not None
        assert "http://127.0.0.1:" in process.stdout.readline()
        yield
    finally:
        process.terminate()
        until(lambda: process.poll() is not None, what="the simulator has ended")
        assert process.stdout is not None
        process.stdout.close()


def free_ports() -> list[str]:
    """As many as the page names."""
    with ExitStack() as held:
        sockets = [held.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in PORTS]
        return [str(one.getsockname()[1]) for one in sockets]


def test_a_reader_who_types_every_command_reads_every_answer(tmp_path: Path) -> None:
    """From an empty folder to five orders that stand in the ERP once each, without a word the page does not have."""
    text, ports = PAGE.read_text("utf-8"), free_ports()
    for known, free in zip(PORTS, ports, strict=True):
        text = text.replace(known, free)
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("ONBAM_", "LANG", "LC_"))}
    environ = {
        **clean,
        "PYTHONPATH": os.pathsep.join(sys.path),
        "PYTHONUTF8": "1",
        "PYTHONUNBUFFERED": "1",
        "HOME": str(tmp_path),
        "COLUMNS": "100",
        "ONBAM_HOME": str(tmp_path / "program"),  # as run.py says it: the folder it lies in
    }
    folder = tmp_path / "shop"
    folder.mkdir()
    stands_for = STANDS_FOR.search(text)
    assert stands_for is not None, "the page says what `onbam` stands for"
    ran = 0
    with ExitStack() as open_ones:
        nursery = open_ones.enter_context(Nursery("support.cli_life"))
        reader = Reader(folder, f"http://127.0.0.1:{ports[1]}", environ, nursery, stands_for["words"].split())
        for block in BLOCK.finditer(text):
            if block["kind"] == "sh terminal":
                open_ones.enter_context(terminal(block["text"], environ))
            elif block["kind"] == "ini .env":
                with (folder / ".env").open("a", encoding="utf-8") as file:
                    file.write(block["text"])
            else:
                for step in steps(block["text"]):
                    reader.do(step)
                    ran += 1
        with urllib.request.urlopen(f"{reader.erp}/_sim/slips") as answer:
            keys = [slip["key"] for slip in json.load(answer)]
    assert ran > 20
    assert len(keys) == len(set(keys)) == 5
