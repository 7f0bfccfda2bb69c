# -*- coding: utf-8 -*-
"""Onbam's front door: one file that turns a fresh folder into a running program.

For: `python3 run.py` (what can I do), `python3 run.py demo`, `python3 run.py test [ring ...]`, `python3 run.py <any command>`;
on Windows `py run.py ...` or a double click on onbam.bat.
Promises: nothing but Python 3.11 is needed beforehand; everything lands in a private environment (`.venv` beside this file);
when that already fits, a start costs a few file look-ups more than calling the program directly, and no network.
Refuses: to touch the system's Python. What it does when the environment must be made: scripts/environment.py.

Written in the grammar of Python 2.7, so that an old Python can still read it as far as the sentence that asks for a newer one.
"""

import os
import sys

TYPE_CHECKING = False  # a type checker knows better; importing typing would cost every start its milliseconds
if TYPE_CHECKING:
    from typing import TextIO  # noqa: F401 -- named in comments

HOME = os.path.dirname(os.path.realpath(__file__))
LOWEST_PYTHON = (3, 11)
MISCONFIGURED = 78
USAGE = 2
DOWNLOADS = "https://www.python.org/downloads/"
STAMP = "onbam.stamp"
BUILDING = "onbam.building"

# What `test` needs beyond the core, and `browser` as soon as that ring has a test; what a word on the command line needs.
TESTING = ("dev", "postgres", "mysql")
EXTRAS = {"bench": ("bench",), "desktop": ("desktop",), "streamlit": ("streamlit",)}
# What a database address or a choice of store needs, found in the arguments, the environment, .env or onbam.toml.
HINTS = {"postgres": "postgres", "mysql": "mysql", "mariadb": "mysql", "redis": "redis"}
ADDRESSES = {
    scheme + sign: extra
    for scheme, extra in {
        "postgresql": "postgres",
        "postgres": "postgres",
        "mysql": "mysql",
        "mariadb": "mysql",
        "redis": "redis",
        "rediss": "redis",
    }.items()
    for sign in (":", "+")
}
EMBEDDED = "embedded"  # the whole address of a shop that wants Onbam to run its own PostgreSQL
URL_FILE = "ONBAM_DATABASE_URL_FILE"
NOT_EXTRAS = ("core", "uv")

WHAT_CAN_I_DO = """온밤 Onbam

  python3 run.py demo          가게 하나를 통째로 보여 줍니다
                               see a whole shop at work
  python3 run.py init          처음 설정을 묻고 .env 를 씁니다
                               answer a few questions, write .env
  python3 run.py doctor        이 PC 가 준비됐는지 봅니다
                               is this PC ready?
  python3 run.py config show   설정과 그 출처를 봅니다
                               every setting and where it came from
  python3 run.py --help        모든 명령 / every command
  python3 run.py test          모든 시험 / every test
      [unit contract simulation house integration process browser]
      [--strict] [-- pytest ...]
  python3 run.py --with NAME ...  추가 구성 요소를 함께 설치합니다
                               brings an extra along:
      {extras}

onbam … = python3 run.py …
Windows: python3 run.py = py run.py = onbam.bat
"""


def speak(channel, text):
    # type: (TextIO, str) -> None
    """Say it: an old or foreign console may not know Hangul, and a question mark is better than a traceback."""
    old = getattr(text, "decode", None)
    if old:  # Python 2 keeps text as bytes
        text = old("utf-8")
    encoding = getattr(channel, "encoding", None) or "ascii"
    channel.write(text.encode(encoding, "replace").decode(encoding))
    channel.flush()


def stop(korean, english, code):
    # type: (str, str, int) -> None
    """One sentence in each language, then the end."""
    speak(sys.stderr, korean + "\n" + english + "\n")
    sys.exit(code)


def check_python():
    # type: () -> None
    """Refuse a Python that cannot run Onbam, with the way to a better one."""
    if sys.version_info[:2] < LOWEST_PYTHON:
        here = "%d.%d" % sys.version_info[:2]
        stop(
            "온밤에는 Python 3.11 이상이 필요합니다 (지금은 " + here + "). " + DOWNLOADS + " 에서 설치한 뒤 다시 실행하십시오.",
            "Onbam needs Python 3.11 or newer (this is " + here + "). Install it from " + DOWNLOADS + " (Windows: "
            "winget install Python.Python.3.13; macOS: brew install python; Debian: apt install python3 python3-venv) "
            "and run this again with it.",
            MISCONFIGURED,
        )
    if sys.maxsize < 2**32:
        stop(
            "32비트 Python 입니다. " + DOWNLOADS + " 에서 64비트 Python 을 설치한 뒤 다시 실행하십시오.",
            "This is a 32-bit Python. Install a 64-bit one from " + DOWNLOADS + " and run this again.",
            MISCONFIGURED,
        )


def extras():
    # type: () -> list[str]
    """Every extra there is a lock for."""
    names = [name[:-4] for name in os.listdir(os.path.join(HOME, "locks")) if name.endswith(".txt")]
    return sorted(name for name in names if name not in NOT_EXTRAS)


def take_extras(arguments):
    # type: (list[str]) -> list[str]
    """`--with NAME`, as often as wanted, before the command: taken off the arguments."""
    chosen = []
    while arguments and arguments[0] == "--with":
        known = extras()
        if len(arguments) < 2 or arguments[1] not in known:
            names = ", ".join(known)
            stop(
                "--with 다음에는 추가 구성 요소의 이름이 옵니다: " + names,
                "--with is followed by the name of an extra: " + names,
                USAGE,
            )
        chosen.append(arguments[1])
        del arguments[:2]
    return chosen


def is_embedded(text):
    # type: (str) -> bool
    """A value, or a line `name = value` of a settings file, that asks for our own PostgreSQL."""
    value = (text.partition("=")[2] or text).partition("#")[0]
    return value.strip(" \t\r\n\"'") == EMBEDDED


def needed(arguments, environ):
    # type: (list[str], dict[str, str]) -> list[str]
    """The locks this command needs, `core` first."""
    found = {"core"}
    if arguments[:1] == ["test"]:
        found.update(TESTING)
        folder = os.path.join(HOME, "tests", "browser")
        if os.path.isdir(folder) and any(name.startswith("test_") for name in os.listdir(folder)):
            found.add("browser")
    folder = environ["ONBAM_HOME"]
    for before, argument in zip([""] + arguments, arguments):
        found.update(EXTRAS.get(argument, ()))
        found.update(extra for word, extra in HINTS.items() if word in argument)
        if argument == EMBEDDED or argument.endswith("=" + EMBEDDED):
            found.add("postgres")
        if before == "--home":
            folder = argument
    texts = [value for name, value in environ.items() if name.startswith("ONBAM_")]
    for name in (".env", "onbam.toml", environ.get(URL_FILE, "")):
        try:
            with open(os.path.join(folder, name), encoding="utf-8", errors="replace") as file:
                texts += [line for line in file if not line.lstrip().startswith("#")]
        except OSError:
            continue  # the settings say what is wrong with it, in the program itself
    for text in texts:
        found.update(extra for start, extra in ADDRESSES.items() if start in text)
        if is_embedded(text):
            found.add("postgres")
    return ["core"] + sorted(found - {"core"})


def place(environ):
    # type: (dict[str, str]) -> str
    """Where the environment is: where the person said, else beside this file, else (a read-only folder) in their cache."""
    if environ.get("ONBAM_VENV"):
        return os.path.abspath(environ["ONBAM_VENV"])
    beside = os.path.join(HOME, ".venv")
    if os.access(HOME, os.W_OK) or os.path.isfile(os.path.join(beside, STAMP)):
        return beside
    return cache_place(environ)


def cache_place(environ):
    # type: (dict[str, str]) -> str
    """A folder of this person's own for the environment of this folder."""
    import hashlib

    if os.name == "nt":
        cache = environ.get("LOCALAPPDATA") or os.path.expanduser("~")
    elif sys.platform == "darwin":
        cache = os.path.expanduser("~/Library/Caches")
    else:
        cache = environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return os.path.join(cache, "onbam", "venv-" + hashlib.sha256(HOME.encode("utf-8", "surrogateescape")).hexdigest()[:12])


def python_of(venv):
    # type: (str) -> str
    """The environment's interpreter."""
    return os.path.join(venv, "Scripts", "python.exe") if os.name == "nt" else os.path.join(venv, "bin", "python")


def look(path):
    # type: (str) -> str
    """A file's size and time: enough to see that nobody touched it."""
    try:
        status = os.stat(path)
    except OSError:
        return "absent"
    return "%d.%d" % (status.st_size, status.st_mtime_ns)


def fits(venv, locks):
    # type: (str, list[str]) -> bool
    """The environment is finished, stands where it was made, with its Python, and holds these locks as they are now."""
    try:
        with open(os.path.join(venv, STAMP), encoding="utf-8", errors="surrogateescape") as file:
            lines = file.read().split("\n")
    except OSError:
        return False
    if os.path.exists(os.path.join(venv, BUILDING)) or not os.path.exists(python_of(venv)):
        return False
    have = dict(line.split(" ", 1) for line in lines if " " in line)
    if have.get("path") != venv or have.get("base", " ").split(" ", 1)[0] != look(have.get("base", " ").split(" ", 1)[-1]):
        return False
    return all(have.get("lock-" + name, "").split(" ")[0] == look(os.path.join(HOME, "locks", name + ".txt")) for name in locks)


def start(command, environ):
    # type: (list[str], dict[str, str]) -> None
    """Become the program; where a process cannot (Windows), run it and pass everything on."""
    if os.name != "nt":
        sys.stdout.flush()
        os.execve(command[0], command, environ)  # noqa: S606
    import signal
    import subprocess

    # Ctrl-C reaches both of us; the program decides what it means, and its answer is ours.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    code = subprocess.call(command, env=environ)
    sys.exit(code - 2**32 if code >= 2**31 else code)


def main():
    # type: () -> None
    """Choose, prepare if needed, start."""
    check_python()
    arguments = sys.argv[1:]
    chosen = take_extras(arguments)
    if not arguments and not chosen:
        speak(sys.stdout, WHAT_CAN_I_DO.replace("{extras}", " ".join(extras())))
        return
    environ = dict(os.environ)
    environ.setdefault("ONBAM_HOME", HOME)
    environ.setdefault("PYTHONUTF8", "1")
    locks = ["core"] + sorted(set(needed(arguments, environ) + chosen) - {"core"})
    venv = place(environ)
    if not fits(venv, locks):
        sys.path.insert(0, os.path.join(HOME, "scripts"))
        import environment

        venv = environment.prepare(venv, locks)
    if arguments[:1] == ["test"]:
        start([python_of(venv), os.path.join(HOME, "tests", "runner.py")] + arguments[1:], environ)
    start([python_of(venv), "-P", "-m", "onbam"] + arguments, environ)


if __name__ == "__main__":
    main()
