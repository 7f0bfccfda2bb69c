"""Holds a task's XML against the published schema, more strictly than Windows does.

For: `onbam install` before it registers a task, the tests.
Promises: element names, their order where the schema demands one, their count, their values, and that the actions' context
names a principal; each trouble names its element. An empty list means Windows has no formal reason to refuse.
Refuses: elements the schema knows and we never write (e-mail actions, event triggers): unknown here is a trouble.

Written from the documentation (MS-TSCH 2.5), because no package brings the schema and Wine's `schtasks` accepts anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from xml.etree import ElementTree as ET

from onbam.guard.boot.windows import NAMESPACE

_TAG: Final = f"{{{NAMESPACE}}}"
_BOOL: Final = r"true|false"
_DURATION: Final = r"P(?!$)(\d+Y)?(\d+M)?(\d+D)?(T(?!$)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?"
_MOMENT: Final = r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-]\d\d:\d\d)?"
_TEXT: Final = r"[^\x00-\x08\x0b\x0c\x0e-\x1f]+"
_REPEAT_MIN_S: Final = 60
_REPEAT_MAX_S: Final = 31 * 86400
VERSIONS: Final = frozenset({"1.1", "1.2", "1.3", "1.4"})


@dataclass(frozen=True, slots=True)
class Shape:
    """What may stand inside an element."""

    inside: tuple[str, ...] = ()
    """Names of the children; for a sequence in their order."""
    needs: tuple[str, ...] = ()
    ordered: bool = False
    many: bool = False
    """Whether a child may come more than once."""
    value: str = ""
    """A leaf: what its text must match."""
    attributes: tuple[str, ...] = ()


def _leaf(value: str) -> Shape:
    return Shape(value=value)


def _trigger(*own: str, needs: tuple[str, ...] = ()) -> Shape:
    """A sequence: what every trigger has, then its own."""
    base = ("Enabled", "StartBoundary", "EndBoundary", "Repetition", "ExecutionTimeLimit")
    return Shape((*base, *own), needs, ordered=True, attributes=("id",))


_SETTINGS: Final = """
    MultipleInstancesPolicy DisallowStartIfOnBatteries StopIfGoingOnBatteries AllowHardTerminate StartWhenAvailable
    RunOnlyIfNetworkAvailable IdleSettings AllowStartOnDemand Enabled Hidden RunOnlyIfIdle WakeToRun ExecutionTimeLimit
    Priority RestartOnFailure DeleteExpiredTaskAfter
"""
SHAPES: Final[dict[str, Shape]] = {
    "Task": Shape(
        ("RegistrationInfo", "Triggers", "Principals", "Settings", "Actions", "Data"), ("Actions",), attributes=("version",)
    ),
    "RegistrationInfo": Shape(("URI", "Author", "Version", "Description", "Date", "Source", "Documentation")),
    "Triggers": Shape(("CalendarTrigger", "BootTrigger", "LogonTrigger", "TimeTrigger"), many=True),
    "CalendarTrigger": _trigger("RandomDelay", "ScheduleByDay", needs=("StartBoundary", "ScheduleByDay")),
    "BootTrigger": _trigger("Delay"),
    "LogonTrigger": _trigger("UserId", "Delay"),
    "TimeTrigger": _trigger("RandomDelay", needs=("StartBoundary",)),
    "Repetition": Shape(("Interval", "Duration", "StopAtDurationEnd"), ("Interval",)),
    "ScheduleByDay": Shape(("DaysInterval",)),
    "Principals": Shape(("Principal",), ("Principal",)),
    "Principal": Shape(("UserId", "LogonType", "RunLevel", "DisplayName", "GroupId"), attributes=("id",)),
    "Settings": Shape(tuple(_SETTINGS.split())),
    "IdleSettings": Shape(("Duration", "WaitTimeout", "StopOnIdleEnd", "RestartOnIdle")),
    "RestartOnFailure": Shape(("Interval", "Count"), ("Interval", "Count"), ordered=True),
    "Actions": Shape(("Exec",), ("Exec",), many=True, attributes=("Context",)),
    "Exec": Shape(("Command", "Arguments", "WorkingDirectory"), ("Command",), attributes=("id",)),
    "MultipleInstancesPolicy": _leaf("Parallel|Queue|IgnoreNew|StopExisting"),
    "LogonType": _leaf("S4U|Password|InteractiveToken"),
    "RunLevel": _leaf("LeastPrivilege|HighestAvailable"),
    "Priority": _leaf(r"[0-9]|10"),
    "DaysInterval": _leaf(r"[1-9]\d{0,2}"),
    "Count": _leaf(r"[1-9]\d{0,2}"),
} | {
    name: _leaf(value)
    for value, names in {
        _BOOL: "DisallowStartIfOnBatteries StopIfGoingOnBatteries AllowHardTerminate StartWhenAvailable WakeToRun Enabled "
        "RunOnlyIfNetworkAvailable AllowStartOnDemand Hidden RunOnlyIfIdle StopOnIdleEnd RestartOnIdle StopAtDurationEnd",
        _DURATION: "Delay RandomDelay Interval Duration ExecutionTimeLimit WaitTimeout DeleteExpiredTaskAfter",
        _MOMENT: "StartBoundary EndBoundary Date",
        _TEXT: "URI Author Version Description Source Documentation UserId GroupId DisplayName "
        "Command Arguments WorkingDirectory",
    }.items()
    for name in names.split()
}


def troubles(content: str) -> list[str]:
    """What is wrong with a task's XML."""
    head = re.match(r'<\?xml version="1\.0" encoding="([^"]+)"\?>', content)
    if head is None or head[1] != "UTF-16":
        return ["the first line must name UTF-16, the encoding the file is written in"]
    try:
        root = ET.fromstring(content.partition("?>")[2])  # noqa: S314 -- our own text, or one Windows keeps for us
    except ET.ParseError as error:
        return [f"not XML: {error}"]
    if root.tag != f"{_TAG}Task":
        return [f"the root is {root.tag}, not Task in the Task Scheduler's namespace"]
    return [*_walk(root, "Task"), *_whole(root)]


def _walk(node: ET.Element, path: str) -> Iterator[str]:
    """One element and those inside it."""
    name = node.tag.removeprefix(_TAG)
    shape = SHAPES.get(name)
    if shape is None or not node.tag.startswith(_TAG):
        yield f"{path}: unknown element"
        return
    yield from (f"{path}: unknown attribute {key}" for key in node.attrib if key not in shape.attributes)
    if shape.value:
        if len(node) or not re.fullmatch(shape.value, node.text or ""):
            yield f"{path}: {node.text!r} is not allowed"
        return
    if (node.text or "").strip() or any((child.tail or "").strip() for child in node):
        yield f"{path}: text between elements"
    names = [child.tag.removeprefix(_TAG) for child in node]
    yield from (f"{path}: {child} does not belong here" for child in names if child not in shape.inside)
    yield from (f"{path}: {need} is missing" for need in shape.needs if need not in names)
    if not shape.many:
        yield from (f"{path}: {child} comes twice" for child in sorted(set(names)) if names.count(child) > 1)
    places = [shape.inside.index(child) for child in names if child in shape.inside]
    if shape.ordered and places != sorted(places):
        yield f"{path}: the order must be {', '.join(shape.inside)}"
    for child in node:
        yield from _walk(child, f"{path}/{child.tag.removeprefix(_TAG)}")


def _whole(root: ET.Element) -> Iterator[str]:
    """What one element alone does not show."""
    if root.get("version") not in VERSIONS:
        yield f"Task: version {root.get('version')!r} is unknown"
    ids = {principal.get("id") for principal in root.iter(f"{_TAG}Principal")}
    for actions in root.iter(f"{_TAG}Actions"):
        if (context := actions.get("Context")) is not None and context not in ids:
            yield f"Actions: the context {context!r} names no principal"
    for repetition in root.iter(f"{_TAG}Repetition"):
        every = repetition.findtext(f"{_TAG}Interval") or ""
        if not _REPEAT_MIN_S <= seconds(every) <= _REPEAT_MAX_S:
            yield f"Repetition: {every!r} is not between one minute and 31 days"


def seconds(duration: str) -> float:
    """A duration of the schema; months and years are not used by us and count as nothing."""
    days = re.search(r"(\d+)D", duration)
    _, _, clock = duration.partition("T")
    parts = {unit: float(number) for number, unit in re.findall(r"(\d+(?:\.\d+)?)([HMS])", clock)}
    whole = (int(days[1]) if days else 0) * 86400
    return whole + parts.get("H", 0) * 3600 + parts.get("M", 0) * 60 + parts.get("S", 0)


def facts(content: str) -> dict[str, str]:
    """Every leaf and attribute by its path: what two texts of one task are compared by, whoever formatted them."""
    _, _, body = content.partition("?>")
    root = ET.fromstring(body if content.lstrip("\ufeff").startswith("<?xml") else content)  # noqa: S314 -- as above
    return dict(_facts(root, ""))


def _facts(node: ET.Element, above: str) -> Iterator[tuple[str, str]]:
    path = f"{above}/{node.tag.rpartition('}')[2]}"
    yield from ((f"{path}@{key}", value) for key, value in node.attrib.items())
    if not len(node):
        yield path, (node.text or "").strip()
    for child in node:
        yield from _facts(child, path)
