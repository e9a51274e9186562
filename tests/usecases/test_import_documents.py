"""The document that a command imports is kept with the plan, as the wizard keeps its own."""

import hashlib
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from flask import Flask

from tests.support.samples import read
from tests.support.worlds import ANNEX, NOW
from tracker.adapters.files import FileStore, Upload
from tracker.domain.amendments import AmendmentHead
from tracker.domain.errors import Refused
from tracker.domain.plan_document import PlanDocument
from tracker.store import amendments, documents, plans
from tracker.store.documents import KeptDocument
from tracker.usecases.import_results import ImportResult
from tracker.usecases.import_wizard import import_document

THE_PLAN = read(ANNEX.name)
FILE = Upload("Kế hoạch.txt", ANNEX.read_bytes())
DIGEST = hashlib.sha256(FILE.data).hexdigest()
HEAD = AmendmentHead("123/QĐ-UBND", date(2024, 10, 15))


def renamed(title: str) -> PlanDocument:
    first, *others = THE_PLAN.tasks
    return replace(THE_PLAN, tasks=(replace(first, title=title), *others))


def brought(document: PlanDocument, files: FileStore, upload: Upload = FILE, **options: Any) -> ImportResult:
    return import_document(document, upload, files=files, **({"now": NOW, "accept_defaults": True} | options))


def kept(plan_id: int = 1) -> list[KeptDocument]:
    return documents.of_plan(plan_id)


def bytes_in(files: FileStore) -> list[str]:
    return [path.name for path in files.folder.rglob("*") if path.is_file()]


def test_a_new_plan_and_its_document_are_written_together(inside: Flask, files: FileStore) -> None:
    plan_id = brought(replace(THE_PLAN, title="Kế hoạch khác"), files).plan_id
    assert plan_id
    (found,) = kept(plan_id)
    assert (found.name, found.sha256, found.person_name, found.kept_at) == (FILE.name, DIGEST, None, NOW)
    assert files.path(DIGEST).read_bytes() == FILE.data


def test_a_document_that_changes_nothing_is_not_kept(inside: Flask, files: FileStore) -> None:
    assert brought(THE_PLAN, files).changes_nothing
    assert (kept(), bytes_in(files)) == ([], [])


def test_a_dry_run_keeps_nothing(inside: Flask, files: FileStore) -> None:
    for document in (renamed("Khác"), replace(THE_PLAN, title="Kế hoạch khác")):
        assert not brought(document, files, dry_run=True, propose_units=True).changes_nothing
    assert (kept(), bytes_in(files), len(plans.heads())) == ([], [], 1)


@pytest.mark.parametrize(
    ("options", "upload"),
    [
        ({"accept_defaults": False}, FILE),
        ({"amendment": replace(HEAD, issued_on=date(2030, 1, 1)), "plan_id": 1}, FILE),
        ({}, Upload("trong.txt", b"")),
    ],
)
def test_what_is_refused_is_not_kept(inside: Flask, files: FileStore, options: dict[str, Any], upload: Upload) -> None:
    with pytest.raises(Refused):
        brought(replace(THE_PLAN, tasks=THE_PLAN.tasks[:-1]), files, upload, **options)
    assert (kept(), bytes_in(files)) == ([], [])


def test_the_same_document_twice_is_kept_once(inside: Flask, files: FileStore) -> None:
    for title in ("Một", "Hai"):
        assert not brought(renamed(title), files).changes_nothing
    other = Upload("Bản khác.txt", b"x")
    brought(renamed("Ba"), files, other)
    assert [each.name for each in kept()] == [other.name, FILE.name]


def test_an_amendment_leads_to_its_document_though_the_plan_had_it_before(inside: Flask, files: FileStore) -> None:
    brought(renamed("Một"), files)
    (first,) = kept()
    brought(renamed("Hai"), files, plan_id=1, amendment=HEAD)
    assert kept() == [first]
    assert [each.head.document_id for each in amendments.of_plan(1)] == [first.id]
    again = brought(renamed("Hai"), files, Upload("Bản khác.txt", b"x"), plan_id=1, amendment=HEAD)
    assert (again.changes_nothing, kept()) == (True, [first])
