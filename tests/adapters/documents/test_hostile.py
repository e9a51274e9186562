"""Whatever is uploaded: read, or refused with a sentence, within ten seconds and 500 MB, and nothing crashes."""

import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.domain.reading.samples import directory
from tests.support.annexes import page, printed, sheet_annex, word_annex
from tests.support.hostile import CSV, ROWS, damaged, large, small
from tracker.adapters.documents import safely
from tracker.domain.errors import UnreadableDocument

SECONDS = 10.0
FEW, MANY = 16, 5000


def sound(browser) -> dict[str, bytes]:
    files = {"ke-hoach.docx": word_annex(ROWS), "ke-hoach.xlsx": sheet_annex(ROWS), "ke-hoach.csv": CSV.encode()}
    return files | {"ke-hoach.pdf": printed(browser, page(ROWS, "Liberation Serif"))}


def outcome(name: str, data: bytes) -> tuple[str, str, float]:
    """How reading a file ends: its name, 'read' or the sentence of the refusal, and the seconds it took."""
    began = time.monotonic()
    try:
        plan = safely.read_plan(data, name, directory())
        said = "read" if plan.tasks and all(each.text() for each in plan.findings) else "nothing"
    except UnreadableDocument as refusal:
        said = str(refusal)
    return name, said, time.monotonic() - began


def outcomes(files: Iterable[tuple[str, bytes]]) -> list[tuple[str, str, float]]:
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(lambda file: outcome(*file), files))


def assert_harmless(found: list[tuple[str, str, float]]) -> None:
    assert [each for each in found if each[1] == "nothing" or "%(" in each[1].replace(each[0], "")] == []
    assert [each for each in found if each[1] != "read" and len(each[1].split()) < 6] == []
    assert [each for each in found if "làm hỏng bộ đọc" in each[1]] == []
    assert [each for each in found if each[2] > SECONDS] == []


def test_files_made_to_harm_are_read_or_refused():
    found = outcomes(small())

    assert len(found) > 40
    assert_harmless(found)


def test_damaged_files_are_read_or_refused(browser):
    assert_harmless(outcomes(damaged(sound(browser), FEW)))


@pytest.mark.long
def test_files_that_are_or_become_very_large_are_read_or_refused():
    assert_harmless(outcomes(large()))


@pytest.mark.long
def test_thousands_of_damaged_files_are_read_or_refused(browser):
    found = outcomes(damaged(sound(browser), MANY))

    assert len(found) == MANY
    assert_harmless(found)
