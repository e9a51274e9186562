"""The requirements files name exact versions by hash, and no place that they come from."""

import re

import pytest

import dev

REQUIREMENT = re.compile(
    r"([A-Za-z0-9._-]+)(?:\[[a-z,]+\])?==[\w.!+]+(?: ; [^\\]+?)? \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)"
)
COMMENT = re.compile(r"^\s*#.*\n", re.MULTILINE)


def strangers(text: str) -> str:
    """What is left of a requirements file without comments and without `name==version ; marker` and its hashes."""
    return REQUIREMENT.sub("", COMMENT.sub("", text)).strip()


@pytest.mark.parametrize("name", [dev.RUN_SET, dev.DEV_SET])
def test_every_line_is_an_exact_version_with_hashes(name: str) -> None:
    text = (dev.ROOT / name).read_text(encoding="utf-8")
    assert strangers(text) == ""
    assert "://" not in text


@pytest.mark.parametrize(
    "line",
    [
        "--index-url https://packages.example.org/simple",
        "--find-links /srv/wheels",
        "flask @ file:///srv/wheels/flask.whl",
        "flask==3.1.3",
        "flask>=3.1 \\\n    --hash=sha256:" + "0" * 64,
        "./local",
    ],
)
def test_anything_else_would_be_noticed(line: str) -> None:
    text = (dev.ROOT / dev.RUN_SET).read_text(encoding="utf-8")
    assert strangers(line + "\n" + text) == line


def test_the_test_set_holds_the_runtime_set_version_by_version() -> None:
    runtime, whole = (set(REQUIREMENT.findall(COMMENT.sub("", (dev.ROOT / name).read_text(encoding="utf-8"))))
                      for name in (dev.RUN_SET, dev.DEV_SET))  # fmt: skip
    assert len(runtime) > 30
    assert runtime <= whole


@pytest.mark.parametrize("name", ["requirements.in", "requirements-dev.in"])
def test_every_wish_was_locked(name: str) -> None:
    wishes = re.findall(r"^[a-zA-Z][\w-]*", (dev.ROOT / name).read_text(encoding="utf-8"), re.MULTILINE)
    locked = {
        found[0] for found in REQUIREMENT.findall(COMMENT.sub("", (dev.ROOT / dev.DEV_SET).read_text(encoding="utf-8")))
    }
    assert {wish.lower() for wish in wishes} <= locked
