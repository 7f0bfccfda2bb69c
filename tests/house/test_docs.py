"""The documentation is whole: links lead somewhere, every page can be found, nothing is undocumented."""

from __future__ import annotations

import itertools
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from support.sources import ROOT

DOCS = ROOT / "docs"
FRONT = ("README.md", "README.ko.md", "CONTRIBUTING.md", "CHANGELOG.md")
LINK = re.compile(r"!?\[[^\]]*\]\(\s*<?(?P<target>[^)\s>]+)>?[^)]*\)|<(?:img|source)[^>]*?(?:src|srcset)=\"(?P<image>[^\"]+)\"")
FENCE = re.compile(r"^(```|~~~).*?^\1", re.DOTALL | re.MULTILINE)
HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*#*$", re.MULTILINE)
INLINE_CODE = re.compile(r"`[^`\n]*`")


def links(page: Path) -> list[str]:
    """Every link of a page that leads to a file of ours."""
    text = INLINE_CODE.sub("", FENCE.sub("", page.read_text("utf-8")))
    found = [match["target"] or match["image"] for match in LINK.finditer(text)]
    return [target for target in found if not re.match(r"[a-z]+:", target)]


def anchors(page: Path) -> set[str]:
    """The places of a page a link may name, spelled the way code hosts spell them."""
    out: set[str] = set()
    for heading in HEADING.findall(FENCE.sub("", page.read_text("utf-8"))):
        bare = re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        count = sum(1 for known in out if known == bare or re.fullmatch(re.escape(bare) + r"-\d+", known))
        out.add(f"{bare}-{count}" if count else bare)
    return out


def pages() -> list[Path]:
    """Every page people read."""
    return [*sorted(DOCS.rglob("*.md")), *(ROOT / name for name in FRONT)]


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(page: Path) -> None:
    """Each link of the page names a file, and a heading in it, that exist."""
    broken = []
    for target in links(page):
        name, _, anchor = target.partition("#")
        file = (page.parent / name).resolve() if name else page
        if not file.exists() or (anchor and file.suffix == ".md" and anchor not in anchors(file)):
            broken.append(target)
    assert broken == []


def test_every_page_is_found_from_the_index() -> None:
    """Whoever starts at docs/index.md reaches every page."""
    seen: set[Path] = set()
    ahead = [DOCS / "index.md"]
    while ahead:
        page = ahead.pop()
        if page not in seen and page.suffix == ".md" and page.is_file():
            seen.add(page)
            ahead += [(page.parent / target.partition("#")[0]).resolve() for target in links(page)]
    assert [page.relative_to(ROOT).as_posix() for page in DOCS.rglob("*.md") if page not in seen] == []


def test_every_page_says_for_whom_it_is() -> None:
    """In its first paragraph, so that nobody reads on in vain; a decision begins with what was chosen."""
    silent = []
    for page in (path for path in DOCS.rglob("*.md") if path.parent.name != "decisions"):
        first = next(part for part in page.read_text("utf-8").split("\n\n")[1:] if not part.startswith("<!--"))
        if not re.search(r"\b[Ff]or (?:whoever|everybody|developers|scripts|shops)\b|\byou want\b", first):
            silent.append(page.name)
    assert silent == []


def test_every_table_is_whole() -> None:
    """Each row has as many cells as its head, and the head stands by itself: whatever has not is drawn torn."""
    torn = []
    for page in pages():
        width = 0
        lines = FENCE.sub("", page.read_text("utf-8")).splitlines()
        for before, line in itertools.pairwise(["", *lines]):
            if not line.startswith("|"):
                width = 0
                continue
            cells = line.count("|") - line.count(r"\|")  # a bar inside code divides, too
            if (width and cells != width) or (not width and before.strip()):
                torn.append(f"{page.name}: {line[:60]}")
            width = width or cells
    assert torn == []


def test_generated_pages_are_fresh() -> None:
    """Every setting, command and error stands in its reference page as it is in the code."""
    done = subprocess.run([sys.executable, "scripts/docs.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_dependency_has_its_reason() -> None:
    """The list of dependencies and the page that gives a reason for each name the same packages, in the same groups."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    declared = {("core", name) for name in names(project["project"]["dependencies"])}
    for extra, requirements in project["project"]["optional-dependencies"].items():
        declared |= {(extra, name) for name in names(requirements)}
    declared |= {("build", name) for name in names(project["build-system"]["requires"])}
    page = (DOCS / "decisions" / "dependencies.md").read_text("utf-8")
    explained: set[tuple[str, str]] = set()
    group = ""
    for line in page.splitlines():
        if line.startswith("## "):
            group = line[3:].strip().strip("`")
        elif (row := re.match(r"\| `([^`]+)` \| (.+) \|$", line)) and len(row[2].strip()) > 10:
            explained.add((group, row[1]))
    assert explained == declared


def names(requirements: list[str]) -> list[str]:
    """The packages of a list of requirements, without versions and extras."""
    return [re.split(r"[\[<>=!~; ]", requirement, maxsplit=1)[0].lower() for requirement in requirements]


def test_the_first_page_begins_with_the_two_commands() -> None:
    """Both READMEs show how to run and how to test before anything else is explained."""
    for name in ("README.md", "README.ko.md"):
        first = (ROOT / name).read_text("utf-8").split("\n## ")[0]
        assert "python3 run.py demo" in first, name
        assert "python3 run.py test" in first, name
