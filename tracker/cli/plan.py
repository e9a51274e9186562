"""`tracker plan`: what a document holds, what importing it changes, how the plan stands, the plan as a file."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import click

from tracker.adapters.documents.plan_csv import export_csv
from tracker.adapters.documents.plan_docx import export_docx
from tracker.adapters.documents.plan_xlsx import export_xlsx
from tracker.adapters.documents.safely import read_plan
from tracker.cli.context import demo_option, json_option, json_text, open_app, print_json, say
from tracker.cli.plan_common import (
    FILE,
    chosen_plan,
    cut_off,
    day_option,
    pages_option,
    plan_option,
    progress_bar,
    read_bytes,
    sheet_option,
    table_option,
    tell_findings,
    version_option,
)
from tracker.cli.plan_import import import_file
from tracker.cli.plan_periods import check_period, close_period
from tracker.cli.plan_rollover import discard, rollover
from tracker.cli.plan_settings import settings
from tracker.cli.plan_status import status_json, status_lines
from tracker.domain.errors import Refused
from tracker.domain.import_decisions import Decisions
from tracker.domain.import_preview import unchecked, understood
from tracker.domain.plan_document import PlanDocument, to_json
from tracker.domain.units import Directory
from tracker.usecases.first_directory import first_directory
from tracker.usecases.plan_files import annotated, document_of

EXPORTS: dict[str, Callable[[PlanDocument], bytes]] = {
    ".xlsx": export_xlsx,
    ".docx": export_docx,
    ".csv": export_csv,
    ".json": lambda document: json_text(to_json(document)).encode(),
}


@click.group()
def plan() -> None:
    """Kế hoạch: đọc, nhập, xem tình hình, xuất."""


plan.add_command(import_file)
plan.add_command(rollover)
plan.add_command(discard)
plan.add_command(close_period)
plan.add_command(check_period)
plan.add_command(settings)


@plan.command()
@click.argument("file", type=FILE)
@sheet_option
@pages_option
@table_option
@json_option
@demo_option
def read(file: Path, sheet: str | None, pages: str | None, table: int | None, as_json: bool, demo: bool) -> None:
    """Xem chương trình hiểu một văn bản thế nào; không cần cơ sở dữ liệu."""
    data, which = read_bytes(file), table - 1 if table else None
    with progress_bar("Đọc văn bản") as progress:
        document = read_plan(data, file.name, Directory(), sheet=sheet, pages=pages, table=which, progress=progress)
    known = first_directory(document, Directory())
    if known.units:  # of the authority that the program's directory describes; another's units are others
        document = understood(unchecked(document, Directory()), known, Decisions())
    tell_findings(document)
    if as_json:
        print_json(to_json(document))
        return
    click.echo(f"{document.title} ({document.school_year or 'không rõ năm học'})")
    for task in document.tasks:
        leads = "; ".join(party.name for party in task.leads)
        times = ", ".join(f"{each.start or '…'} – {each.due or '…'}" for each in task.milestones)
        click.echo(f"{task.number:>5}  {task.title}\n       {leads} | {times}")


@plan.command()
@plan_option
@day_option
@version_option
@json_option
@demo_option
def status(plan_id: int | None, as_of: datetime | None, version: str, as_json: bool, demo: bool) -> None:
    """Các ô chính thức của kế hoạch và của từng đơn vị, tính đến một ngày."""
    with open_app(demo):
        cut = cut_off(as_of, version)
        found = chosen_plan(plan_id, cut.as_of)
        if as_json:
            print_json(status_json(found, cut))
            return
        for line in status_lines(found, cut):
            click.echo(line)


@plan.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@plan_option
@day_option
@version_option
@demo_option
def export(file: Path, plan_id: int | None, as_of: datetime | None, version: str, demo: bool) -> None:
    """Xuất kế hoạch ra .xlsx, .docx, .csv hoặc .json; có --as-of thì kèm tình hình tính đến ngày ấy."""
    written = EXPORTS.get(file.suffix.lower())
    if written is None:
        raise Refused(
            "Không xuất được tệp “%(name)s”: chương trình xuất %(kinds)s. Hãy đặt tên tệp kết thúc bằng một trong đó.",
            name=file.name,
            kinds=", ".join(EXPORTS),
        )
    with open_app(demo):
        cut = cut_off(as_of, version)
        found = chosen_plan(plan_id, cut.as_of)
        document = document_of(found, cut)
        if as_of is not None:
            document = annotated(document, found, cut)
        try:
            file.write_bytes(written(document))
        except OSError as wrong:
            raise Refused(
                "Không ghi được tệp “%(name)s” (%(reason)s). Hãy chọn thư mục khác.",
                name=str(file),
                reason=wrong.strerror or str(wrong),
            ) from None
    say(f"Đã xuất {len(document.tasks)} nhiệm vụ ra {file}.")
