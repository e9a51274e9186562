"""Rules of the sources that neither ruff nor mypy knows."""

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import pytest

from dev import ROOT

LONGEST_FILE, LONGEST_FUNCTION = 400, 40
FOLDERS = ("tracker", "tests", "templates")
SUFFIXES = (".py", ".html", ".txt", ".css", ".js")


@dataclass(frozen=True, slots=True)
class Ban:
    """Words that sources may not hold, but for the places named; `example` is one that must be found."""

    reason: str
    pattern: str
    example: str
    allowed: tuple[str, ...] = ()


BANS = (
    Ban("only the store commits", r"\bcommit\(", "db.session.commit()", ("tracker/store/",)),
    Ban(
        "the time is read at the edge alone",
        r"\bdatetime\.(now|today)\(|\bdate\.today\(|\butcnow\(|\btime\.time\(|\bfunc\.now\(|current_timestamp",
        "made_at = datetime.now(UTC)",
        ("tracker/clock.py", "tracker/app.py", "tracker/cli", "tracker/scheduler"),
    ),
    Ban(
        "the environment is read by the settings alone",
        r"\bos\.environ\b|\bgetenv\(",
        'os.environ["X"]',
        ("tracker/config.py",),
    ),
    Ban("nothing is left undone", r"\b(TODO|FIXME|XXX|HACK|NotImplementedError)\b", "# TODO: later"),
    Ban(
        "nothing is loaded from elsewhere",
        r"""(\bsrc=|<link\b[^>]*\bhref=|\burl\(|@import )["']?(https?:)?//""",
        '<script src="https://example.org/x.js">',
    ),
)


def files(*folders: str) -> Iterator[Path]:
    for folder in folders:
        found = (ROOT / folder).rglob("*")
        yield from (path for path in found if path.suffix in SUFFIXES and not {"__pycache__", "data"} & {*path.parts})


def offences(ban: Ban, name: str, text: str) -> list[str]:
    if name.startswith(ban.allowed):
        return []
    lines = text.splitlines()
    return [f"{name}:{n}: {line.strip()}" for n, line in enumerate(lines, 1) if re.search(ban.pattern, line, re.I)]


@pytest.mark.parametrize("ban", BANS, ids=lambda ban: ban.reason)
def test_a_ban_is_kept_and_would_be_noticed(ban: Ban) -> None:
    assert offences(ban, "tracker/web/example.py", f"\n{ban.example}\n") == [f"tracker/web/example.py:2: {ban.example}"]
    found = [
        offence
        for path in files("tracker", "templates")
        for offence in offences(ban, path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_no_file_is_longer_than_a_person_reads() -> None:
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in (*files(*FOLDERS), ROOT / "dev.py")}
    assert len(lengths) > 20
    assert [f"{path}: {length} lines" for path, length in lengths.items() if length > LONGEST_FILE] == []


def long_functions(name: str, text: str) -> list[str]:
    functions = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    return [
        f"{name}:{node.lineno}: {node.name} has {length} lines"
        for node in functions
        if (length := (node.end_lineno or node.lineno) - node.lineno + 1) > LONGEST_FUNCTION
    ]


def test_no_function_is_longer_than_a_screen() -> None:
    body = "    pass\n" * LONGEST_FUNCTION
    assert long_functions("x.py", f"def f():\n{body}") == ["x.py:1: f has 41 lines"]
    sources = [path for path in (*files("tracker", "tests"), ROOT / "dev.py") if path.suffix == ".py"]
    found = (long_functions(str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")) for path in sources)
    assert list(chain.from_iterable(found)) == []


def foreign_imports(text: str) -> set[str]:
    """The top names of what a module imports beyond the standard library and tracker.domain."""
    names = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "a relative import")
    return {
        name
        for name in names
        if name.split(".")[0] not in sys.stdlib_module_names and not name.startswith("tracker.domain")
    }


def test_the_domain_needs_the_standard_library_alone() -> None:
    assert foreign_imports(
        "import flask\nfrom tracker.store import x\nimport re\nfrom tracker.domain.units import Unit"
    ) == {
        "flask",
        "tracker.store",
    }
    modules = [path for path in files("tracker/domain") if path.suffix == ".py"]
    assert {str(path): found for path in modules if (found := foreign_imports(path.read_text(encoding="utf-8")))} == {}


def test_importing_the_package_loads_nothing() -> None:
    assert (ROOT / "tracker" / "__init__.py").read_text(encoding="utf-8") == ""
