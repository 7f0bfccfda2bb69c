"""The settings that were good last, for the night somebody saves half a file.

For: the guard, which keeps them and starts from them; the commands, which have to find a running guard all the same.
Promises: with an `onbam.toml` that cannot be read, whoever asks is still led to the right folder, and the programs that ran run
again; the file is private to its owner, for a program's own variables stand in it.
Refuses: to go before settings that can be read; another room's settings.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from onbam.guard.settings import Share, read_share
from onbam.kernel import dotenv
from onbam.kernel.app_settings import AppSettings
from onbam.kernel.child import RUN_FOLDER
from onbam.kernel.errors import Misconfigured
from onbam.kernel.files import write_whole
from onbam.kernel.settings import ENV_NAMES, TOML_NAME

FOLDER: Final = "lastgood"
"""Below the run folder, as a home of its own: `onbam.toml` in it is what was good last."""
DATA: Final = "app.data"
DATA_VARIABLE: Final = "ONBAM_APP_DATA"
_SECTION: Final = re.compile(r"\s*\[\s*([\w.\-]+)\s*\]")
_DATA: Final = re.compile(r"""\s*(?:(app)\.)?data\s*=\s*(?:"([^"]+)"|'([^']+)')""")


@dataclass(frozen=True, slots=True)
class Read:
    """The guard's share of the settings, however it was come by."""

    share: Share
    wrong: Mapping[str, Misconfigured]
    """Sections of single programs that cannot be used."""
    trouble: Misconfigured | None = None
    """Why the files as they stand cannot be read; then this is what was good last."""
    known: bool = True
    """Whether the share says what should run; not where nothing can be read and nothing was kept."""

    def run_folder(self, home: Path) -> Path:
        """Where the guard keeps its state."""
        return home / self.share.app.data / RUN_FOLDER


def read(
    home: Path,
    environ: Mapping[str, str],
    flags: Mapping[str, str],
    prove: Callable[[Share, Mapping[str, Misconfigured]], object] = lambda _, __: None,
) -> Read:
    """The settings as they stand; where they cannot be read, or `prove` raises, what was good last."""
    try:
        loaded = read_share(home, environ, flags)
        prove(loaded.tree, loaded.wrong)
    except Misconfigured as error:
        data = find_data(home, environ, flags)
        share = kept(home / data / RUN_FOLDER)
        return Read(share or Share(app=AppSettings(data=data)), {}, error, share is not None)
    return Read(loaded.tree, loaded.wrong)


def keep(run: Path, share: Share) -> None:
    """Remember that these were good; raises `OSError`."""
    folder, text = run / FOLDER, "\n".join(_lines(share)) + "\n"
    with contextlib.suppress(OSError, ValueError):
        if (folder / TOML_NAME).read_text("utf-8") == text:
            return
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / TOML_NAME, text, private=True)


def keep_usable(run: Path, share: Share, wrong: Collection[str]) -> None:
    """The same, where programs are set up wrongly now: they stay as they were last. Raises `OSError`."""
    old = kept(run) if wrong else None
    mine = {name: one for name, one in share.process.items() if name not in wrong}
    theirs = {} if old is None else {name: one for name, one in old.process.items() if name in wrong}
    keep(run, dataclasses.replace(share, process={**mine, **theirs}))


def find_data(home: Path, environ: Mapping[str, str], flags: Mapping[str, str]) -> Path:
    """The data folder's name where the settings cannot be read, looked up leniently and in their own order."""
    given = [flags.get(DATA), environ.get(DATA_VARIABLE)]
    for name in reversed(ENV_NAMES):
        with contextlib.suppress(OSError, Misconfigured):
            line = dotenv.parse(dotenv.read_text(home / name), home / name).get(DATA_VARIABLE)
            given.append(line.value if line else None)
    with contextlib.suppress(OSError, Misconfigured):
        given.append(_in_toml(dotenv.read_text(home / TOML_NAME)))
    chosen = next((one for one in given if one), None)
    return Path(chosen).expanduser() if chosen else AppSettings().data


def _in_toml(text: str) -> str | None:
    """`data` of the section `app`, line by line: the rest of the file may be nonsense."""
    section = ""
    for line in text.splitlines():
        if header := _SECTION.match(line):
            section = header[1]
        elif (found := _DATA.match(line)) and section == ("" if found[1] else "app"):
            return found[2] or found[3]
    return None


def kept(run: Path) -> Share | None:
    """What was kept; nothing where that is nonsense too."""
    folder = run / FOLDER
    if not (folder / TOML_NAME).is_file():
        return None
    with contextlib.suppress(OSError, Misconfigured):
        return read_share(folder, {}, {}).tree
    return None


def _lines(share: Share) -> Iterator[str]:
    """As `onbam.toml` has it. A text of JSON is one of TOML too."""
    for section in dataclasses.fields(share):
        part = getattr(share, section.name)
        parts = (
            {f"{section.name}.{name}": one for name, one in part.items()} if isinstance(part, Mapping) else {section.name: part}
        )
        for name, one in parts.items():
            yield f"[{name}]"
            for field in dataclasses.fields(one):
                yield from _values(field.name, getattr(one, field.name))


def _values(name: str, value: Any) -> Iterator[str]:
    """One value, or the lines of a table; what is empty is left to its default."""
    if isinstance(value, Mapping):
        yield from (f"{name}.{_text(key)} = {_text(one)}" for key, one in value.items())
    elif isinstance(value, tuple):
        yield f"{name} = [{', '.join(_text(one) for one in value)}]"
    elif isinstance(value, bool | int | float):
        yield f"{name} = {json.dumps(value)}"
    elif value is not None:
        yield f"{name} = {_text(value)}"


def _text(value: object) -> str:
    return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")
