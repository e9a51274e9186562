"""Whatever is uploaded: read, or refused with a sentence, within ten seconds and 500 MB, and nothing crashes."""

from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context

import pytest

from tests.support.annexes import page, printed, sheet_annex, word_annex
from tests.support.hostile import CSV, ROWS, damaged, large, reading, small
from tracker.adapters.documents import child, safely

SECONDS = 10.0
FEW, MANY, PER_PROCESS = 8, 5000, 200


def sound(browser) -> dict[str, bytes]:
    files = {"ke-hoach.docx": word_annex(ROWS), "ke-hoach.xlsx": sheet_annex(ROWS), "ke-hoach.csv": CSV.encode()}
    return files | {"ke-hoach.pdf": printed(browser, page(ROWS, "Liberation Serif"))}


def outcomes(files: Iterable[tuple[str, bytes]]) -> list[tuple[str, str, float]]:
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(lambda file: reading(*file, safely.read_plan), files))


def assert_harmless(found: list[tuple[str, str, float]]) -> None:
    assert [each for each in found if each[1] == "nothing" or "%(" in each[1].replace(each[0], "")] == []
    assert [each for each in found if each[1] != "read" and len(each[1].split()) < 6] == []
    assert [each for each in found if "làm hỏng bộ đọc" in each[1]] == []
    assert [each for each in found if each[2] > SECONDS] == []


def together(files: Iterable[tuple[str, bytes]], processes: int = 1) -> list[tuple[str, str, float]]:
    """As `outcomes`, in processes limited like a reader that each read many: one that breaks breaks the test."""
    with ProcessPoolExecutor(processes, get_context("spawn"), child.limit, max_tasks_per_child=PER_PROCESS) as workers:
        return list(workers.map(reading, *zip(*files, strict=True), chunksize=20))


def test_files_made_to_harm_are_read_or_refused():
    found = together(small())

    assert len(found) > 40
    assert_harmless(found)


@pytest.mark.long
def test_files_made_to_harm_are_read_or_refused_each_by_a_reader_of_its_own():
    assert_harmless(outcomes(small()))


def test_damaged_files_are_read_or_refused(browser):
    assert_harmless(outcomes(damaged(sound(browser), FEW)))


@pytest.mark.long
def test_files_that_are_or_become_very_large_are_read_or_refused():
    assert_harmless(outcomes(large()))


@pytest.mark.long
def test_thousands_of_damaged_files_are_read_or_refused(browser):
    """A file that takes long where many are read together is read again as the program reads it."""
    found = together(damaged(sound(browser), MANY), processes=2)

    assert len(found) == MANY
    assert_harmless([each for each in found if each[2] < safely.SECONDS])
    slow = {each[0] for each in found if each[2] >= safely.SECONDS}
    assert_harmless(outcomes(file for file in damaged(sound(browser), MANY) if file[0] in slow))
