"""What the commands about plans share: the file, the plan, the day, and which version of the plan is meant."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

import click

from tracker.adapters.documents.safely import Progress
from tracker.cli.context import say
from tracker.domain.calendar_days import day_end, local_day
from tracker.domain.errors import NotFound, Refused
from tracker.domain.plan_document import PlanDocument
from tracker.domain.views import PlanHead
from tracker.store import plans
from tracker.store.facts import CutOff
from tracker.usecases.import_results import told_once
from tracker.web.runtime import runtime

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
DAY = click.DateTime(["%Y-%m-%d"])
plan_option = click.option(
    "--plan", "plan_id", type=int, metavar="ID", help="Kế hoạch nào; mặc định là kế hoạch đang chạy."
)
day_option = click.option("--as-of", "as_of", type=DAY, help="Tính đến ngày; mặc định hôm nay.")
version_option = click.option(
    "--version",
    type=click.Choice(["current", "issued"]),
    default="current",
    help="current: như đang có hiệu lực vào ngày ấy; issued: như ban hành lần đầu.",
)
sheet_option = click.option("--sheet", help="Trang tính cần đọc.")
pages_option = click.option("--pages", help="Các trang cần đọc, ví dụ 12-16.")
table_option = click.option("--table", type=click.IntRange(1), help="Bảng thứ mấy, nếu tệp có nhiều bảng nhiệm vụ.")


def read_bytes(file: Path) -> bytes:
    """The file's bytes; Refused in words where they cannot be had."""
    try:
        return file.read_bytes()
    except OSError as wrong:
        raise Refused("Không đọc được tệp %(name)s: %(reason)s.", name=str(file), reason=wrong.strerror) from None


@contextmanager
def progress_bar(label: str) -> Iterator[Progress | None]:
    """A bar on stderr that grows by (done, of how many); None where nobody looks at a terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    with click.progressbar(length=1, label=label, file=sys.stderr) as bar:
        yield _growing(bar)


def _growing(bar: "click._termui_impl.ProgressBar[int]") -> Callable[[int, int], None]:
    def grow(done: int, of: int) -> None:
        bar.length = max(of, 1)
        bar.update(done - bar.pos)

    return grow


def tell_findings(document: PlanDocument) -> None:
    """Every finding on stderr, with its place; what is the same of several tasks in one line."""
    words = {"error": "LỖI", "question": "Hỏi", "note": "Ghi chú"}
    for each in told_once(document.findings):
        say(f"{words[each.finding.severity]}: {each.text()}")


def today() -> date:
    """The local day of the clock."""
    return local_day(runtime().clock.now(), runtime().zone)


def chosen_plan(plan_id: int | None, day: date | None = None) -> PlanHead:
    """The plan with that id, else the one that runs on `day`, by default today; NotFound where there is none."""
    found = plans.running(day or today()) if plan_id is None else plans.head(plan_id)
    if found is None and plan_id is None:
        raise NotFound("Chưa có kế hoạch nào. Hãy nhập bằng: tracker plan import TỆP")
    if found is None:
        raise NotFound("Không có kế hoạch số %(id)s.", id=str(plan_id))
    return found


def cut_off(as_of: datetime | None, version: str = "current") -> CutOff:
    """The day asked for, else today, and the version."""
    zone = runtime().zone
    day = as_of.date() if as_of else today()
    return CutOff(day, day_end(day, zone), zone, issued=version == "issued")
