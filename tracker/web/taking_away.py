"""A list of a page as a file: the answer that carries it, and what its head says."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from flask import stream_with_context
from werkzeug.wrappers import Response

from tracker.adapters.list_files import KINDS, MOST_ROWS, Cell, ListTable, bounded, csv_pieces, xlsx
from tracker.domain.words import N_
from tracker.web.runtime import as_of, gettext, runtime, today

FIRST_ALONE = N_("Chỉ xuất %(most)s dòng đầu; hãy lọc bớt để xuất phần còn lại.")
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def list_file(
    form: str,
    name: str,
    title: str,
    headings: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    notes: Sequence[str] = (),
    more: str = FIRST_ALONE,
) -> Response:
    """The list as a download in the form csv or xlsx; `name` is ASCII, `headings` are messages.

    So many rows at most; where there are more, the last line says so in the message `more`.
    """
    kept, cut = bounded(rows, MOST_ROWS)
    said = gettext(more, most=MOST_ROWS) if cut else ""
    table = ListTable(title, tuple(notes), tuple(map(gettext, headings)), kept, said)
    if form == "csv":
        return attached(Response(stream_with_context(csv_pieces(table)), content_type=KINDS["csv"]), f"{name}.csv")
    return attached(Response(xlsx(table), content_type=KINDS["xlsx"]), f"{name}.xlsx")


def attached(answer: Response, name: str) -> Response:
    """The answer as a download of that name."""
    answer.headers["Content-Disposition"] = f"attachment; filename={name}"
    return answer


def dated(name: str, day: date | None = None) -> str:
    """A file's name with the day it speaks for: qua-han-2024-12-16."""
    return f"{name}-{day or as_of():%Y-%m-%d}"


def notes_of_day(*said: str) -> list[str]:
    """What stands above a list that speaks for a cut-off, beside what else is said of it."""
    day = f"{as_of():%d/%m/%Y}"
    made = gettext(N_("Xuất ngày %(day)s"), day=f"{today():%d/%m/%Y}")
    return [*filter(None, said), f"{gettext(N_('Tính đến ngày'))} {day} · {made}"]


def local(moment: datetime | None) -> datetime | None:
    """A moment as people read it: local, without its zone."""
    return moment.astimezone(runtime().zone).replace(tzinfo=None) if moment else None
