"""Nothing is dropped: every cell and line of a table is in the plan, or named in a finding."""

import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.reading.grids import HEADING, source
from tests.support.samples import ANNEX, DATA, directory, read
from tracker.domain.errors import UnreadableDocument
from tracker.domain.plan_document import PlanDocument
from tracker.domain.reading.flat import read_flat
from tracker.domain.reading.plan import interpret

NUMBERS = ("", "1", "2", "2.1", "3", "I", "II", "A", "a)", "-", "Phần")
WORDS = ("Rà soát", "tập huấn", "Phòng Nội vụ", "Các trường học", "Tháng 7/2024", "Ghi chú", "- Việc", "Quý III/2024")


def told(document: PlanDocument) -> str:
    """Everything a plan and its findings say."""
    texts = [document.title]
    for task in document.tasks:
        texts += [task.number, task.group or "", task.title, task.leads_as_written, task.partners_as_written]
        texts += [task.product or "", *(text for _, text in task.extra)]
        texts += [text for each in task.milestones for text in (each.start_as_written, each.due_as_written)]
    texts += [text for each in document.findings for text in (*each.params.values(), each.text())]
    return " ".join(texts)


def words_of(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text.casefold()))


@st.composite
def tables(draw: st.DrawFn):
    """Any table under a known heading, each filled cell with a word of its own, cells merged at random."""
    lines, count = [f"{HEADING} | Ghi chú"], 0
    for at in range(draw(st.integers(1, 7))):
        cells = [draw(st.sampled_from(NUMBERS))]
        for _ in range(draw(st.integers(6, 7))):
            count += 1
            words = st.sampled_from(WORDS).map(lambda word, count=count: f"{word} dấu{count}")
            cells.append(draw(st.just("") | words | (st.just("^") if at else st.just("")) | st.just("<")))
        lines.append(" | ".join(cells))
    return "\n".join(lines)


@given(tables())
def test_every_cell_of_any_table_is_placed_or_named(drawing):
    try:
        found = told(interpret(source(drawing), directory()))
    except UnreadableDocument:
        return
    missing = set(re.findall(r"dấu\d+", drawing)) - set(re.findall(r"dấu\d+", found))
    assert not missing


@pytest.mark.parametrize("name", [ANNEX, "nq109-cp-2026-annex-3-first-8.txt", "hanoi-kh38-2026-annex-1.xlsx"])
def test_every_word_of_a_real_table_is_placed_or_named(name):
    document = read(name)
    kept = words_of(told(document))

    assert not words_in_table(name) - kept


def words_in_table(name: str) -> Counter[str]:
    """The words of a document's table below its heading, as often as they stand there."""
    if name.endswith(".xlsx"):
        text = (DATA / name.replace(".xlsx", ".txt")).read_text(encoding="utf-8").split("Ghi chú\n", 1)[1]
        return words_of(text.replace("⏎", " "))
    table = read_flat((DATA / name).read_text(encoding="utf-8"), directory())
    assert table
    return words_of(" ".join(cell.text for row in table.rows[1:] for cell in row) + " " + " ".join(table.after))
