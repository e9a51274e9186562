"""The process that reads documents: its limits hold, it tells how far it is, and its answer is the whole answer."""

import json
import subprocess
import sys

import pytest

from dev import ROOT
from tests.support.annexes import sheet_annex, texts
from tests.support.runs import long
from tests.support.samples import ANNEX, DATA, by_hand, directory, read
from tracker.adapters.documents import find_tables, safely
from tracker.domain.errors import UnreadableDocument

LARGE_PLANS = (1500, long(10_000))
ROWS = texts(by_hand("hai-an-2024-2025.tasks.json"))

# A small process that asks for a reading, so that what its child used can be told from what it used itself.
MEASURED = """
import json, resource, sys, time
from pathlib import Path
from tracker.adapters.documents import safely
from tracker.adapters.seeds import load_directory
told, began = [], time.monotonic()
data = Path(sys.argv[1]).read_bytes()
plan = safely.read_plan(data, "to.xlsx", load_directory(), progress=lambda *at: told.append(at))
used = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
print(json.dumps([len(plan.tasks), told, time.monotonic() - began, used]))
"""


@pytest.mark.parametrize("name", [long(ANNEX), "hanoi-kh38-2026-annex-1.xlsx"])
def test_the_answer_is_what_reading_here_gives(name, monkeypatch):
    monkeypatch.setattr(safely, "SECONDS", 60.0)  # on a busy machine a reader may need more than it is given
    data = (DATA / name).read_bytes()

    assert safely.read_plan(data, name, directory()) == read(name)
    assert safely.find_tables(data, name, directory()) == find_tables(data, name, directory())


def test_a_refusal_comes_back_with_its_sentence_to_be_translated():
    with pytest.raises(UnreadableDocument) as refusal:
        safely.read_plan(b"PK\x03\x04" + bytes(50), "hỏng.docx", directory())
    assert str(refusal.value).startswith("Tệp “hỏng.docx” hỏng")

    with pytest.raises(UnreadableDocument) as refusal:
        safely.read_plan(sheet_annex(ROWS), "a.xlsx", directory(), sheet="Không có")
    assert refusal.value.params == {"sheet": "Không có", "sheets": "“Sheet”"}


@pytest.mark.parametrize("count", LARGE_PLANS)
def test_a_large_plan_is_read_in_time_and_memory_with_progress(count, tmp_path):
    file = tmp_path / "to.xlsx"
    cells = (ROWS[n % len(ROWS)] for n in range(count))
    file.write_bytes(sheet_annex([(str(n), f"{title} ({n})", *rest) for n, (_, title, *rest) in enumerate(cells, 1)]))
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, str(file)], cwd=ROOT, capture_output=True, text=True, check=True, timeout=120
    )
    rows, told, seconds, megabytes = json.loads(done.stdout)

    assert rows == count
    assert len(told) > 5
    assert told == sorted(told)
    assert told[-1] == [count, count]
    assert seconds < 20
    assert megabytes < 300


LIMITED = "from tracker.adapters.documents import child; child.limit(); "


@pytest.mark.parametrize(
    ("act", "wrong"),
    [
        ("bytearray(520 << 20)", "MemoryError"),
        ("import sys; from pathlib import Path; Path(sys.argv[1]).write_text('x')", "File too large"),
    ],
)
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limits; the wall clock holds there too")
def test_a_reader_has_no_more_memory_than_its_share_and_writes_no_file(act, wrong, tmp_path):
    command = [sys.executable, "-c", LIMITED + act, str(tmp_path / "x")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)

    assert done.returncode != 0
    assert wrong in done.stderr


def test_a_reader_that_falls_silent_is_stopped(monkeypatch):
    monkeypatch.setattr(safely, "SECONDS", 0.01)

    with pytest.raises(UnreadableDocument, match="quá lâu"):
        safely.read_plan(sheet_annex(ROWS), "a.xlsx", directory())


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("", "bộ nhớ"),
        ("print('chữ lạ')", "làm hỏng bộ đọc"),
        ("""print('["failed", "Traceback"]')""", "làm hỏng bộ đọc"),
        ("""print('["memory", "out of memory"]')""", "bộ nhớ"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "quá lâu"),
    ],
)
def test_a_reader_that_breaks_is_a_refusal(answer, words, monkeypatch):
    monkeypatch.setattr(safely, "_START", answer)

    with pytest.raises(UnreadableDocument, match=words):
        safely.read_plan(sheet_annex(ROWS), "a.xlsx", directory())
