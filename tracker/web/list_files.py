"""The lists of the pages as files for a spreadsheet, and the plan's annex for a word processor.

Each takes the filters, the order and the cut-off of its page's address, and gives what that page shows and no more.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from flask import Blueprint, request
from werkzeug.wrappers import Response

from tracker.adapters.documents.plan_docx import export_docx
from tracker.adapters.list_files import Cell
from tracker.domain.access import may_see_log, oversees
from tracker.domain.errors import NotFound
from tracker.domain.names import fold, search_key
from tracker.domain.searching import MOST_CHARACTERS, read_search
from tracker.domain.status import Status
from tracker.domain.summaries import Tally
from tracker.domain.views import MilestoneLine, PlanHead, WorkLine
from tracker.domain.words import N_
from tracker.store import searches, share_people, units
from tracker.store.facts import CutOff, partner_counts
from tracker.store.inserts import chunks
from tracker.store.matrix import MatrixRow
from tracker.store.matrix import rows as rows_of_matrix
from tracker.store.searches import Asking, LogFound, TaskFound, UnitFound
from tracker.store.standings import standing, work_of
from tracker.store.unit_cells import unit_cells
from tracker.store.work import LatestNote, latest_notes
from tracker.usecases.plan_files import annotated, document_of
from tracker.web import matrix, plan_lists, work
from tracker.web.asked import one_of
from tracker.web.cutoffs import cut_off, plan_of_page, plan_or_404
from tracker.web.plans import may_open_tasks
from tracker.web.runtime import gettext, person, runtime, today
from tracker.web.search import KIND_NAMES
from tracker.web.status_words import CELLS, status_words
from tracker.web.taking_away import DOCX, attached, dated, list_file, local, notes_of_day

pages = Blueprint("list_files", __name__)

Opens = Callable[[int], bool]
PARTS = {"lead": N_("Chủ trì"), "partner": N_("Phối hợp")}
DATES = (N_("Bắt đầu"), N_("Hạn gốc"), N_("Hạn"))
STANDS = (N_("Tình trạng"), N_("Tỷ lệ (%)"), N_("Ngày xong"), N_("Số ngày trễ"), N_("Cập nhật cuối"))
MILESTONES = (N_("Số TT"), N_("Nhóm"), N_("Nhiệm vụ"), N_("Chủ trì"), N_("Phối hợp: đã báo/tổng số"), *DATES, *STANDS)
SHARES = (N_("Số TT"), N_("Nhiệm vụ"), N_("Vai trò"), *DATES, *STANDS)
LATE = (N_("Vướng mắc, lý do trả lại"), N_("Nguyên nhân"))
MOST_FOUND, MOST_NOTED, MOST_CELLS = 5_000, 5_000, 100_000


@pages.get("/plans/<int:plan_id>.<any(csv, xlsx):form>")
def plan(plan_id: int, form: str) -> Response:
    """The plan's milestones as its page lists them."""
    found, issued = plan_or_404(plan_id), request.args.get("version") == "issued"
    cut, may_open = replace(cut_off(), issued=issued), may_open_tasks(plan_id)
    everyone = units.named(cut.as_of)
    lines = plan_lists.listed(found, cut, standing(found, cut), plan_lists.asked(everyone), everyone, may_open)
    rows = _milestones(lines, found, cut, may_open)
    return list_file(form, dated("ke-hoach"), found.title, MILESTONES, rows, notes_of_day())


@pages.get("/plans/<int:plan_id>.docx")
def annex(plan_id: int) -> Response:
    """The plan's annex in its own order and numbering, with how each task stood at the cut-off."""
    found, cut = plan_or_404(plan_id), cut_off()
    document = annotated(document_of(found, cut), found, cut, may_open_tasks(plan_id))
    return attached(Response(export_docx(document), content_type=DOCX), f"{dated('phu-luc')}.docx")


@pages.get("/overdue.<any(csv, xlsx):form>")
def late(form: str) -> Response:
    """What is overdue, or with `view` soon due soon, with what holds it up where the person asking may read it."""
    found, cut = _plan(), cut_off()
    stands, may_open = standing(found, cut), may_open_tasks(found.id)
    code, _name = plan_lists.unit_asked(stands, cut)
    soon = one_of("view", (plan_lists.SOON,))
    lines = (plan_lists.soon if soon else plan_lists.late)(stands, code, may_open)
    lines = plan_lists.late_in_order(lines, may_open)
    rows, notes = _late(lines, found, cut), notes_of_day(found.title)
    name, title = ("sap-den-han", N_("Sắp đến hạn")) if soon else ("qua-han", N_("Quá hạn"))
    return list_file(form, dated(name), gettext(title), (*MILESTONES, *LATE), rows, notes)


@pages.get("/my.<any(csv, xlsx):form>")
def mine(form: str) -> Response:
    """The work of the unit of the person asking, as their page lists it."""
    found, who, cut = _plan(), person(), cut_off()
    if who.unit_id is None:
        raise NotFound(N_("Tài khoản của bạn không thuộc đơn vị nào, nên không có phần việc riêng."))
    people = share_people.of_unit(found.id, who.unit_id, cut.until, cut.as_of)
    lines = work.chosen_work(work_of(found, who.unit_id, cut), who, people).lines
    rows, notes = _shares(lines, lambda _task_id: True), notes_of_day(found.title)
    return list_file(form, dated("viec-cua-don-vi"), who.unit_name or "", SHARES, rows, notes)


@pages.get("/units/<code>.<any(csv, xlsx):form>")
def unit(code: str, form: str) -> Response:
    """One unit's shares in the plan, as its page lists them."""
    found, cut = _plan(), cut_off()
    which = units.ref_by_code(code, cut.as_of)
    if which is None:
        raise NotFound(N_("Không có đơn vị này. Hãy mở lại từ trang Đơn vị."))
    may_open = may_open_tasks(found.id)
    rows = _shares(plan_lists.of_unit(work_of(found, which.id, cut), may_open), may_open)
    return list_file(
        form, dated(f"don-vi-{fold(which.code).replace(' ', '-')}"), which.name, SHARES, rows, notes_of_day(found.title)
    )


@pages.get("/units.<any(csv, xlsx):form>")
def every_unit(form: str) -> Response:
    """Every unit with work of the plan and its cells; of others' units the sums alone where one may not see more."""
    found = _plan()
    words = search_key(request.args.get("q", "")[:200]).split()
    rows = (
        (each.unit.name, *_counts(each.lead, each.unit.id), *_counts(each.partner, each.unit.id))
        for each in unit_cells(found, cut_off())
        if all(word in search_key(each.unit.name) for word in words)
    )
    cells = (gettext(N_("tất cả")), *(gettext(name) for name in CELLS.values()))
    headings = [gettext(N_("Đơn vị")), *(f"{gettext(part)}: {cell}" for part in PARTS.values() for cell in cells)]
    return list_file(form, dated("cac-don-vi"), gettext(N_("Đơn vị")), headings, rows, notes_of_day(found.title))


@pages.get("/plans/<int:plan_id>/matrix.<any(csv, xlsx):form>")
def matrix_file(plan_id: int, form: str) -> Response:
    """A row for each milestone, a column for each unit of the choice, in the cell how that unit's share stands."""
    found, cut = plan_or_404(plan_id), cut_off()
    _choices, _chosen, columns, tasks = matrix.asked(found, cut)
    may_open = may_open_tasks(found.id)
    kept = tasks[: MOST_CELLS // max(len(columns), 1)]
    cut_at = _of_all(len(kept), len(tasks))
    lines = rows_of_matrix(found, kept, [each.id for each in columns], cut) if kept else []

    def cell(line: MatrixRow, unit_id: int) -> str:
        share = line.shares.get(unit_id)
        if share is None:
            return ""
        part = gettext(PARTS[share.part])
        return f"{part}: {status_words(share.status)}" if may_open(line.task_id) else part

    rows = ((line.number, line.title, *(cell(line, each.id) for each in columns)) for line in lines)
    headings = [gettext(N_("Số TT")), gettext(N_("Nhiệm vụ")), *(each.name for each in columns)]
    return list_file(form, dated("nhiem-vu-theo-don-vi"), found.title, headings, rows, notes_of_day(cut_at))


@pages.get("/search.<any(csv, xlsx):form>")
def search(form: str) -> Response:
    """What a search finds, kind by kind, so many of each at most."""
    q = request.args.get("q", "").replace("\0", "").strip()[:MOST_CHARACTERS]
    wanted, kind = read_search(q), request.args.get("kind", "")
    asking = Asking(wanted, person(), today())
    kinds = [kind] if kind in searches.KINDS else searches.KINDS
    rows = (row for each in kinds for row in _found(each, asking)) if wanted else ()
    headings = (N_("Loại"), N_("Số"), N_("Nội dung"), N_("Đơn vị"), N_("Ngày"), N_("Địa chỉ"))
    there = searches.counts(asking) if wanted else dict.fromkeys(searches.KINDS, 0)
    notes = [_of_all(MOST_FOUND, there[each], gettext(KIND_NAMES[each])) for each in kinds]
    return list_file(form, dated("tim-kiem", today()), gettext(N_("Tìm: %(q)s"), q=q), headings, rows, notes)


def _of_all(most: int, there: int, name: str = "") -> str:
    """What to say of a list that holds the first of more; empty where it holds all."""
    if there <= most:
        return ""
    told = gettext(
        N_("Chỉ có %(most)s trong %(total)s dòng; hãy lọc bớt để xuất phần còn lại."), most=most, total=there
    )
    return f"{name}: {told}" if name else told


def _plan() -> PlanHead:
    plan = plan_of_page()
    if plan is None:
        raise NotFound(N_("Chưa có kế hoạch nào."))
    return plan


def _milestones(lines: Iterable[MilestoneLine], plan: PlanHead, cut: CutOff, may_open: Opens) -> Iterator[list[Cell]]:
    lines = list(lines)
    counts: dict[int, tuple[int, int]] = {}
    for ids in chunks([line.id for line in lines]):
        counts |= partner_counts(plan, ids, cut)
    for line in lines:
        seen = may_open(line.task_id)
        reported, owed = counts.get(line.id, (0, 0))
        partners = (f"{reported}/{owed}" if seen else str(owed)) if owed else ""
        leads = "; ".join(share.unit.name for share in line.leads) or line.leads_as_written
        yield [line.number, line.heading, line.title, leads, partners, *_stands(line, line.status, seen)]


def _shares(lines: Iterable[WorkLine], may_open: Opens) -> Iterator[list[Cell]]:
    for line in lines:
        seen = may_open(line.task_id)
        part = gettext(PARTS[line.share.part])
        yield [line.number, line.title, part, *_stands(line, line.share.status, seen)]


def _stands(line: MilestoneLine | WorkLine, status: Status, seen: bool) -> list[Cell]:
    """The cells of DATES and STANDS; of what one may not open the plan's own dates alone."""
    dates = line.deadline if seen else line.planned
    told: list[Cell] = [dates.start, dates.original_due, dates.due]
    if not seen:
        return told
    late_by = status.days_late or None
    return [*told, status_words(status), status.percent, status.done_on, late_by, status.last_entry_on]


def _late(lines: Sequence[MilestoneLine], plan: PlanHead, cut: CutOff) -> Iterator[list[Cell]]:
    readable = [line for line in lines if all(may_see_log(person(), share.unit.id) for share in line.leads)]
    notes: dict[int, LatestNote] = {}
    for some in (readable[at : at + MOST_NOTED] for at in range(0, len(readable), MOST_NOTED)):
        notes |= latest_notes(some, cut.until)
    for line, cells in zip(lines, _milestones(lines, plan, cut, lambda _task_id: True), strict=True):
        note = notes.get(line.id)
        yield [*cells, (note.reason or note.difficulty) if note else None, note.cause if note else None]


def _counts(tally: Tally, unit_id: int) -> list[Cell]:
    if oversees(person()) or unit_id == person().unit_id:
        return [tally.total, *tally.cells().values()]
    return [tally.total, *(None for _ in CELLS)]


def _found(kind: str, asking: Asking) -> Iterator[list[Cell]]:
    name, base = gettext(KIND_NAMES[kind]), runtime().base_url
    for each in searches.READERS[kind](asking, 0, MOST_FOUND):
        if isinstance(each, TaskFound):
            yield [
                name,
                each.number,
                each.title,
                each.leads,
                None,
                f"{base}/tasks/{each.task_id}" if each.opens else None,
            ]
        elif isinstance(each, UnitFound):
            yield [name, None, each.name, "; ".join(each.others), None, f"{base}/units/{each.code}"]
        elif isinstance(each, LogFound):
            said = " | ".join(each.texts)
            yield [name, each.number, said, each.unit, local(each.at), f"{base}/tasks/{each.task_id}"]
        else:
            yield [name, each.number, each.title, None, each.day, f"{base}/plans/{each.plan_id}"]
