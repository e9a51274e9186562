"""What a list of milestones or shares is narrowed to, and how it is sorted: read from an address, and back into one."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import TypeVar

from tracker.domain.names import search_key
from tracker.domain.searching import MOST_CHARACTERS, read_search
from tracker.domain.standing import FILTERS
from tracker.domain.views import MilestoneLine, WorkLine

SORTS = ("due", "late", "unit")
PARTS = ("partner", "any")
Line = TypeVar("Line", MilestoneLine, WorkLine)
_MONTH = re.compile(r"(?:19|20|21)[0-9]{2}-(?:0[1-9]|1[0-2])")
_MOST = 100


@dataclass(frozen=True, slots=True)
class ListFilter:
    """A choice of a list's lines; empty is "all", and for `sort` the list's own order.

    `status` is a name the list knows, `unit` a code, `level` a level of schools; both are of who leads, unless `part`
    says partner or any. `month` (YYYY-MM) is when a line is due, every word of `q` is in its number or title.
    """

    status: str = ""
    unit: str = ""
    part: str = ""
    level: str = ""
    month: str = ""
    q: str = ""
    sort: str = ""

    @classmethod
    def of(cls, texts: Mapping[str, str]) -> "ListFilter":
        """The filter of an address; a month or an order that is none is not asked for."""
        said = {name: texts.get(name, "").replace("\0", "").strip() for name in cls.__slots__}
        return cls(
            status=said["status"][:_MOST],
            unit=said["unit"][:_MOST],
            part=said["part"] if said["part"] in PARTS else "",
            level=said["level"][:_MOST],
            month=said["month"] if _MONTH.fullmatch(said["month"]) else "",
            q=said["q"][:MOST_CHARACTERS],
            sort=said["sort"] if said["sort"] in SORTS else "",
        )

    @property
    def asked(self) -> dict[str, str]:
        """What is asked for, as in an address."""
        return {name: text for name, text in asdict(self).items() if text}

    @property
    def narrows(self) -> bool:
        """Whether it leaves anything out."""
        return bool(self.asked.keys() - {"sort", "part"})

    def by_text(self, lines: Iterable[Line]) -> list[Line]:
        """The lines in whose number or title every word of `q` begins a word."""
        search = read_search(self.q)
        return [line for line in lines if search.finds(line.number, line.title)] if search else list(lines)

    def of_work(self, lines: Iterable[WorkLine]) -> list[WorkLine]:
        """What it leaves of a unit's own work, sorted by its dates; the unit and its part are not asked again."""
        found = [
            line
            for line in self.by_text(lines)
            if (self.status not in FILTERS or FILTERS[self.status](line.share.status))
            and self.month in ("", month_of(line.deadline.due))
        ]
        if self.sort == "due":
            return sorted(found, key=lambda line: line.deadline.due or date.max)
        return sorted(found, key=lambda line: -line.share.status.days_late) if self.sort == "late" else found


def led_by(lines: Iterable[MilestoneLine], codes: Collection[str]) -> set[int]:
    """The ids of the lines that one of the units leads."""
    return {line.id for line in lines if any(share.unit.code in codes for share in line.leads)}


def due_months(lines: Iterable[MilestoneLine | WorkLine]) -> list[str]:
    """The months in which something of the plan is due, the first first."""
    return sorted({month_of(line.planned.due) for line in lines if line.planned.due})


def month_of(day: date | None) -> str:
    """The month of a day as in an address; '' where there is no day."""
    return f"{day:%Y-%m}" if day else ""


def in_order(
    lines: Sequence[MilestoneLine], sort: str, dates_seen: Callable[[MilestoneLine], bool]
) -> list[MilestoneLine]:
    """The lines sorted: the nearest due first, the latest of all first, or by the name of the first that leads.

    Of lines whose dates one may not see, the plan's own date counts and no day late.
    """
    if sort == "due":
        return sorted(lines, key=lambda line: (line.deadline if dates_seen(line) else line.planned).due or date.max)
    if sort == "late":
        return sorted(lines, key=lambda line: -line.status.days_late if dates_seen(line) else 0)
    if sort == "unit":
        return sorted(lines, key=lambda line: search_key(line.leads[0].unit.name) if line.leads else "~")
    return list(lines)
