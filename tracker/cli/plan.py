"""`tracker plan`: what a document holds, what importing it changes, how the plan stands, the plan as a file."""

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import click

from tracker.adapters.documents import read_plan
from tracker.adapters.documents.plan_csv import export_csv
from tracker.adapters.seeds import load_directory
from tracker.cli.context import demo_option, json_option, json_text, open_app, print_json, say
from tracker.cli.plan_status import annotated, status_json, status_lines
from tracker.domain.calendar_days import day_end, local_day
from tracker.domain.errors import NotFound, Refused
from tracker.domain.plan_document import PlanDocument, to_json
from tracker.domain.views import PlanHead
from tracker.store import imports as stored
from tracker.store import plans, units
from tracker.store.facts import CutOff
from tracker.usecases.import_results import ImportResult, described
from tracker.usecases.imports import import_plan
from tracker.web.runtime import runtime

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
plan_option = click.option(
    "--plan", "plan_id", type=int, metavar="ID", help="Kế hoạch nào; mặc định là kế hoạch đang chạy."
)
day_option = click.option(
    "--as-of", "as_of", type=click.DateTime(["%Y-%m-%d"]), help="Tính đến ngày; mặc định hôm nay."
)
KINDS = {"added": "thêm", "changed": "đổi", "dropped": "bỏ"}


@click.group()
def plan() -> None:
    """Kế hoạch: đọc, nhập, xem tình hình, xuất."""


@plan.command()
@click.argument("file", type=FILE)
@click.option("--sheet", help="Trang tính cần đọc.")
@click.option("--pages", help="Các trang cần đọc, ví dụ 12-16.")
@json_option
@demo_option
def read(file: Path, sheet: str | None, pages: str | None, as_json: bool, demo: bool) -> None:
    """Xem chương trình hiểu một văn bản thế nào; không cần cơ sở dữ liệu."""
    document = read_plan(_bytes(file), file.name, load_directory(), sheet=sheet, pages=pages)
    _tell_findings(document)
    if as_json:
        print_json(to_json(document))
        return
    click.echo(f"{document.title} ({document.school_year or 'không rõ năm học'})")
    for task in document.tasks:
        leads = "; ".join(party.name for party in task.leads)
        times = ", ".join(f"{each.start or '…'} – {each.due or '…'}" for each in task.milestones)
        click.echo(f"{task.number:>5}  {task.title}\n       {leads} | {times}")


@plan.command("import")
@click.argument("file", type=FILE)
@plan_option
@click.option("--monitor", "monitors", multiple=True, metavar="CODE", help="Đơn vị theo dõi, theo thứ tự xác nhận.")
@click.option("--dry-run", is_flag=True, help="Chỉ cho xem sẽ thay đổi gì.")
@click.option("--accept-defaults", is_flag=True, help="Nhận cách hiểu đã nêu cho mọi điểm còn hỏi.")
@json_option
@demo_option
def import_file(
    file: Path,
    plan_id: int | None,
    monitors: tuple[str, ...],
    dry_run: bool,
    accept_defaults: bool,
    as_json: bool,
    demo: bool,
) -> None:
    """Nhập một văn bản: tất cả hoặc không gì cả; nhập lần hai không thay đổi gì."""
    data = _bytes(file)
    with open_app(demo, may_freeze=dry_run):
        document = read_plan(data, file.name, units.directory())
        result = import_plan(
            document,
            now=runtime().clock.now(),
            zone=runtime().zone,
            plan_id=plan_id,
            monitors=monitors or None,
            dry_run=dry_run,
            accept_defaults=accept_defaults,
        )
        watched = result.plan_id is None or bool(_plan(result.plan_id).monitor_unit_ids)
    _tell_findings(document)
    _tell_result(result)
    if not watched:
        say("Kế hoạch chưa có đơn vị theo dõi để xác nhận. Hãy nhập lại văn bản này với --monitor MÃ-ĐƠN-VỊ.")
    if as_json:
        print_json(result.as_json())


@plan.command()
@plan_option
@day_option
@json_option
@demo_option
def status(plan_id: int | None, as_of: datetime | None, as_json: bool, demo: bool) -> None:
    """Các ô chính thức của kế hoạch và của từng đơn vị, tính đến một ngày."""
    with open_app(demo):
        found, cut_off = _plan(plan_id), _cut_off(as_of)
        if as_json:
            print_json(status_json(found, cut_off))
            return
        for line in status_lines(found, cut_off):
            click.echo(line)


@plan.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@plan_option
@day_option
@demo_option
def export(file: Path, plan_id: int | None, as_of: datetime | None, demo: bool) -> None:
    """Xuất kế hoạch ra .csv hoặc .json; có --as-of thì kèm tình hình tính đến ngày ấy."""
    kind = file.suffix.lower()
    if kind not in (".csv", ".json"):
        raise Refused(
            "Chưa xuất được tệp “%(name)s”: bản này xuất .csv và .json. Hãy đặt tên tệp kết thúc bằng một trong hai.",
            name=file.name,
        )
    with open_app(demo):
        found = _plan(plan_id)
        document = _stored_document(found)
        if as_of is not None:
            document = annotated(document, found, _cut_off(as_of))
        if kind == ".csv":
            file.write_bytes(export_csv(document))
        else:
            file.write_text(json_text(to_json(document)), encoding="utf-8")
    say(f"Đã xuất {len(document.tasks)} nhiệm vụ ra {file}.")


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as wrong:
        raise Refused("Không đọc được tệp %(name)s: %(reason)s.", name=str(file), reason=wrong.strerror) from None


def _plan(plan_id: int | None) -> PlanHead:
    found = plans.current() if plan_id is None else plans.head(plan_id)
    if found is None and plan_id is None:
        raise NotFound("Chưa có kế hoạch nào. Hãy nhập bằng: tracker plan import TỆP")
    if found is None:
        raise NotFound("Không có kế hoạch số %(id)s.", id=str(plan_id))
    return found


def _cut_off(as_of: datetime | None) -> CutOff:
    zone = runtime().zone
    day: date = as_of.date() if as_of else local_day(runtime().clock.now(), zone)
    return CutOff(day, day_end(day, zone), zone)


def _stored_document(found: PlanHead) -> PlanDocument:
    """The plan in force as a document: what holds now, without dropped tasks."""
    tasks = [each.content for each in stored.stored_tasks(found.id) if each.dropped_on is None]
    head = PlanDocument(found.title, found.school_year, tuple(tasks))
    return replace(head, number=found.number, issuer=found.issuer, issued_on=found.issued_on)


def _tell_findings(document: PlanDocument) -> None:
    words = {"error": "LỖI", "question": "Hỏi", "note": "Ghi chú"}
    for each in document.findings:
        say(f"{words[each.severity]}: {described(each)}")


def _tell_result(result: ImportResult) -> None:
    counts = result.counts
    for row in result.rows:
        if row.kind != "unchanged":
            fields = ", ".join(f"{change.field}: “{change.old}” → “{change.new}”" for change in row.changes)
            say(f"{KINDS[row.kind]} {row.shown.number}. {row.shown.title}{f' ({fields})' if fields else ''}")
    said = (
        f"thêm {counts['added']}, đổi {counts['changed']}, bỏ {counts['dropped']}, giữ nguyên {counts['unchanged']} "
        f"nhiệm vụ; {result.milestones} mốc, thêm {result.shares} phần việc"
    )
    if result.changes_nothing:
        say(f"Không có gì thay đổi: {said}.")
    elif result.dry_run:
        say(f"Xem trước, chưa ghi gì: {said}.")
    else:
        say(f"Đã nhập kế hoạch số {result.plan_id}: {said}.")
