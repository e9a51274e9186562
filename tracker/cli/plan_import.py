"""`tracker plan import`: a document in, as a plan or as an amendment of one; all of it or nothing."""

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from tracker.adapters.documents.safely import read_plan
from tracker.adapters.files import Upload, document_of
from tracker.cli.context import demo_option, json_option, open_app, print_json, say
from tracker.cli.plan_common import (
    DAY,
    FILE,
    chosen_plan,
    pages_option,
    plan_option,
    progress_bar,
    read_bytes,
    sheet_option,
    table_option,
    tell_findings,
)
from tracker.domain.amendments import AmendmentHead
from tracker.domain.calendar_days import local_day
from tracker.domain.differences import FIELD_NAMES
from tracker.domain.errors import Refused
from tracker.domain.plan_document import PlanDocument, to_json
from tracker.store import imports as stored
from tracker.store import units
from tracker.usecases import import_taken
from tracker.usecases.import_results import COLUMNS, FindingList, ImportResult
from tracker.usecases.import_taken import Applied
from tracker.usecases.import_wizard import import_document
from tracker.usecases.imports import UNANSWERED, Meant
from tracker.web.runtime import runtime

KINDS = {
    "added": "thêm",
    "changed": "đổi",
    "dropped": "bỏ",
    "restored": "đưa trở lại",
    "renumbered": "chỉ đổi số thứ tự",
}


@click.command("import")
@click.argument("file", type=FILE)
@plan_option
@sheet_option
@pages_option
@table_option
@click.option("--monitor", "monitors", multiple=True, metavar="CODE", help="Đơn vị theo dõi, theo thứ tự xác nhận.")
@click.option("--amendment", "number", metavar="SỐ", help="Tệp là bản điều chỉnh: số của quyết định.")
@click.option("--issued", "issued_on", type=DAY, help="Ngày ban hành của quyết định điều chỉnh.")
@click.option("--issuer", help="Cơ quan ban hành quyết định điều chỉnh.")
@click.option("--note", default="", help="Ghi chú của điều chỉnh.")
@click.option(
    "--same", multiple=True, metavar="MỚI=CŨ", help="Nhiệm vụ số MỚI trong tệp là số CŨ; MỚI= là nhiệm vụ mới."
)
@click.option(
    "--only-listed/--whole-plan",
    "only_listed",
    default=None,
    help="Văn bản chỉ ghi những nhiệm vụ thay đổi, hay là toàn bộ kế hoạch đã sửa; mặc định theo văn bản, và hỏi.",
)
@click.option("--skip", multiple=True, metavar="SỐ=LÝ-DO", help="Không nhập dòng số ấy của tệp, vì lý do đã ghi.")
@click.option(
    "--as-printed",
    is_flag=True,
    help="Lấy đúng như văn bản in: không nhận lại những ô, cột đã sửa ở lần nhập trước.",
)
@click.option("--new-plan", is_flag=True, help="Là kế hoạch mới, dù giống một kế hoạch cùng năm học.")
@click.option("--propose-units", is_flag=True, help="Lập luôn các đơn vị, nhóm mà văn bản nêu và danh mục chưa có.")
@click.option("--dry-run", is_flag=True, help="Chỉ cho xem sẽ thay đổi gì.")
@click.option("--accept-defaults", is_flag=True, help="Nhận cách hiểu đã nêu cho mọi điểm còn hỏi.")
@json_option
@demo_option
def import_file(
    file: Path,
    sheet: str | None,
    pages: str | None,
    table: int | None,
    same: tuple[str, ...],
    skip: tuple[str, ...],
    propose_units: bool,
    as_json: bool,
    demo: bool,
    **asked: Any,
) -> None:
    """Nhập một văn bản: tất cả hoặc không gì cả; nhập lần hai không thay đổi gì."""
    dry_run, accept_defaults, plan_id = asked["dry_run"], asked["accept_defaults"], asked["plan_id"]
    head = _head(asked["number"], asked["issued_on"], asked["issuer"], asked["note"])
    with open_app(demo, may_freeze=dry_run):
        upload = Upload(file.name, read_bytes(file))
        plan_id = chosen_plan(None).id if head and plan_id is None else plan_id
        ready = _document(upload, plan_id, sheet, pages, table, as_printed=asked["as_printed"])
        result = _carried_out(
            ready.document,
            upload,
            as_json,
            decided=ready.decided,
            propose_units=propose_units,
            now=runtime().clock.now(),
            zone=runtime().zone,
            plan_id=plan_id,
            monitors=asked["monitors"] or None,
            dry_run=dry_run,
            accept_defaults=accept_defaults,
            amendment=head,
            same=_same(same, ready.document, plan_id),
            meant=_meant(ready, skip, asked["only_listed"], asked["new_plan"]),
        )
        _tell(ready, result)
    if as_json:
        print_json(result.as_json())
    if dry_run and result.questions and not accept_defaults:
        raise Refused(UNANSWERED, list=FindingList(result.questions))


def _meant(ready: Applied, skip: tuple[str, ...], only_listed: bool | None, as_new: bool) -> Meant:
    skipped = {**ready.skipped, **_skipped(skip, ready.document)}
    listed = ready.only_listed if only_listed is None else only_listed
    return Meant(skipped, listed, as_new, corrected=[each for each in ready.corrected if each.at not in skipped])


def _tell(ready: Applied, result: ImportResult) -> None:
    tell_findings(ready.document)
    if ready.taken and ready.taken.told():
        day = local_day(ready.taken.kept_at, runtime().zone)
        say(f"Nhận lại các quyết định của lần nhập ngày {day:%d/%m/%Y} (“{ready.taken.name}”); bỏ bằng --as-printed.")
    for cell in result.corrected:
        where = f"{cell.number}. {cell.title}, {COLUMNS[cell.column]}"
        say(f"{where}: trong văn bản “{cell.written}”; sửa khi nhập “{cell.value}”")
    _tell_result(result, result.plan_id is None or bool(chosen_plan(result.plan_id).monitor_unit_ids))
    if not result.changes_nothing:
        for each in result.groups:
            say(f"Nhóm “{each.name}”: {each.units} đơn vị trong danh bạ.")


def _carried_out(document: PlanDocument, upload: Upload, as_json: bool, **asked: Any) -> ImportResult:
    """Import; what is refused is told on stdout as well where a program reads the answer."""
    try:
        return import_document(document, upload, files=runtime().files, **asked)
    except Refused as refusal:
        if as_json:
            print_json({"refused": refusal.text(), "findings": to_json(document)["findings"]})
        raise


def _document(
    upload: Upload, plan_id: int | None, sheet: str | None, pages: str | None, table: int | None, *, as_printed: bool
) -> Applied:
    """The document as it is read, under what was decided when it came in before."""
    before = None if as_printed else import_taken.of_document(document_of(upload).sha256, plan_id)
    how = import_taken.how_to_read(before) if before and not (sheet or pages or table) else {}
    how |= {"sheet": sheet, "pages": pages} | ({"table": table - 1} if table else {})
    with progress_bar("Đọc văn bản") as progress:
        read = read_plan(upload.data, upload.name, units.directory(), progress=progress, **how)
    return Applied(read) if as_printed else import_taken.applied(read, import_taken.onto_rows(read, before, plan_id))


def _head(number: str | None, issued_on: datetime | None, issuer: str | None, note: str) -> AmendmentHead | None:
    if number is None and issued_on is None:
        return None
    if number is None or issued_on is None:
        raise Refused("Một điều chỉnh cần cả số và ngày: --amendment SỐ --issued NĂM-THÁNG-NGÀY.")
    return AmendmentHead(number, issued_on.date(), issuer, note)


def _same(pairs: tuple[str, ...], document: PlanDocument, plan_id: int | None) -> dict[int, int | None]:
    """What a person decided about rows: place in the document to the id of the stored task, None for a new one."""
    if not pairs:
        return {}
    plan = chosen_plan(plan_id)
    living = [each for each in stored.stored_tasks(plan.id) if each.dropped_on is None]
    found: dict[int, int | None] = {}
    for pair in pairs:
        new, _, old = (part.strip() for part in pair.partition("="))
        rows = [at for at, task in enumerate(document.tasks) if task.number == new]
        tasks = [each.id for each in living if each.content.number == old] if old else [None]
        if len(rows) != 1 or len(tasks) != 1:
            raise Refused(
                "Không rõ “%(pair)s”: cần đúng một nhiệm vụ số %(new)s trong tệp và một số %(old)s trong kế hoạch.",
                pair=pair,
                new=new,
                old=old or "–",
            )
        found[rows[0]] = tasks[0]
    return found


def _skipped(pairs: tuple[str, ...], document: PlanDocument) -> dict[int, str]:
    """The rows that are left out, by their place in the document, with the reason."""
    found: dict[int, str] = {}
    for pair in pairs:
        number, _, reason = (part.strip() for part in pair.partition("="))
        rows = [at for at, task in enumerate(document.tasks) if task.number == number]
        if len(rows) != 1 or not reason:
            raise Refused(
                "Không rõ “%(pair)s”: cần số của đúng một nhiệm vụ trong tệp và lý do bỏ, ví dụ: --skip 7=trùng.",
                pair=pair,
            )
        found[rows[0]] = reason
    return found


def _tell_result(result: ImportResult, watched: bool) -> None:
    for each in result.skipped:
        say(f"không nhập {each.number}. {each.title} ({each.reason})")
    _tell_rows(result)
    if not watched:
        say("Kế hoạch chưa có đơn vị theo dõi để xác nhận. Hãy nhập lại văn bản này với --monitor MÃ-ĐƠN-VỊ.")


def _tell_rows(result: ImportResult) -> None:
    counts = result.counts
    for row in result.told_rows:
        changes = (each for each in row.changes if each.field != "dropped_on")
        told = ((FIELD_NAMES.get(change.field, change.field), change) for change in changes)
        fields = ", ".join(f"{name}: “{change.old}” → “{change.new}”" for name, change in told)
        say(f"{KINDS[row.told]} {row.shown.number}. {row.shown.title}{f' ({fields})' if fields else ''}")
    said = (
        f"thêm {counts['added']}, đổi {counts['changed']}, bỏ {counts['dropped']}, "
        + "".join(f"{KINDS[kind]} {counts[kind]}, " for kind in ("restored", "renumbered") if kind in counts)
        + f"giữ nguyên {counts['unchanged']} "
        f"nhiệm vụ; {result.milestones} mốc, thêm {result.shares} phần việc"
    )
    if result.earlier:
        which = f"sau điều chỉnh số {result.earlier.number}" if result.earlier.number else "ban hành lần đầu"
        say(
            f"Không ghi gì: văn bản này là bản {which} của kế hoạch số {result.plan_id}; kế hoạch đang có hiệu lực "
            f"khác bản ấy ở {result.earlier.differs} nhiệm vụ."
        )
    elif result.changes_nothing:
        say(f"Không có gì thay đổi: {said}.")
    elif result.dry_run:
        say(f"Xem trước, chưa ghi gì: {said}.")
    elif result.amendment:
        say(f"Đã ghi điều chỉnh số {result.amendment.number} của kế hoạch số {result.plan_id}: {said}.")
    else:
        say(f"Đã nhập kế hoạch số {result.plan_id}: {said}.")
