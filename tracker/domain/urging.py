"""Urging by hand: which of the shares asked for are urged, who is told of each, and why others are left out."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tracker.domain.errors import Refused
from tracker.domain.outbox import BELL
from tracker.domain.people import Person, Role
from tracker.domain.reminder_facts import LEAD
from tracker.domain.reminder_people import Cast
from tracker.domain.share_people import NOBODY, Named
from tracker.domain.status import SOON_DAYS, Calendar
from tracker.domain.words import N_
from tracker.domain.work import State

MOST_TEXT, MOST_SHARES = 2_000, 300


class LeftOut(StrEnum):
    """Why a share that was asked for is not urged."""

    DONE = "done"
    REPORTED = "reported"
    ASKED_AWAY = "asked-away"
    NOT_APPLICABLE = "not-applicable"
    NOT_OWED = "not-owed"
    PLAN = "plan"


LEFT_OUT: dict[LeftOut, str] = {
    LeftOut.DONE: N_("đã xác nhận hoàn thành"),
    LeftOut.REPORTED: N_("đã báo hoàn thành, đang chờ xác nhận"),
    LeftOut.ASKED_AWAY: N_("đã đề nghị không áp dụng, đang chờ trả lời"),
    LeftOut.NOT_APPLICABLE: N_("không áp dụng"),
    LeftOut.NOT_OWED: N_("không còn là việc của đơn vị"),
    LeftOut.PLAN: N_("kế hoạch không trong thời gian thực hiện"),
}
_BY_STATE = {
    State.ACCEPTED: LeftOut.DONE,
    State.SUBMITTED: LeftOut.REPORTED,
    State.ASKED_AWAY: LeftOut.ASKED_AWAY,
    State.NOT_APPLICABLE: LeftOut.NOT_APPLICABLE,
}


class Part(StrEnum):
    """As what somebody is told of a share of their unit."""

    DOER = "doer"
    STAND_IN = "stand-in"
    HEAD = "head"
    COLLEAGUE = "colleague"
    FOR_ANOTHER = "for-another"


PARTS: dict[Part, str] = {
    Part.DOER: N_("được giao thực hiện"),
    Part.STAND_IN: N_("được giao làm thay"),
    Part.HEAD: N_("thủ trưởng"),
    Part.COLLEAGUE: N_("người của đơn vị"),
    Part.FOR_ANOTHER: N_("nhận thay người đang tạm dừng nhận thư"),
}


@dataclass(frozen=True, slots=True)
class AskedShare:
    """A share that somebody wants to urge, as it stands now; days are local, `due` with what was granted.

    `owed` tells that it is its unit's work today, `watched` that the unit of who asks watches its plan.
    """

    id: int
    milestone_id: int
    task_id: int
    number: str
    title: str
    ordinal: int
    several: bool
    part: str
    state: State
    due: date | None
    due_as_written: str
    unit_id: int
    unit_code: str
    unit_name: str
    plan_id: int
    plan_in_force: bool
    owed: bool
    watched: bool
    calendar: Calendar
    leads_as_written: str = ""

    @property
    def last_day(self) -> date | None:
        """The last day that still counts as in time."""
        return self.calendar.last_day(self.due) if self.due else None

    @property
    def left_out(self) -> LeftOut | None:
        """Why it is not urged; None where it is. What waits for the unit's own head has not been reported."""
        if not self.plan_in_force:
            return LeftOut.PLAN
        return _BY_STATE.get(self.state) or (None if self.owed else LeftOut.NOT_OWED)

    def days_late(self, today: date) -> int:
        """How many days it is late today; 0 while in time."""
        return max((today - self.last_day).days, 0) if self.last_day else 0

    def is_pressing(self, today: date) -> bool:
        """Whether it is led, still owed, and overdue or due within two weeks: what urging a whole unit is about."""
        near = self.due is not None and (self.due - today).days <= SOON_DAYS
        return near and self.part == LEAD and self.left_out is None


def pressing(found: Iterable[AskedShare], picked: Collection[int], today: date) -> list[AskedShare]:
    """Of a whole unit's work what is overdue or due soon, and in any case what was picked by its id."""
    return [share for share in found if share.id in picked or share.is_pressing(today)]


@dataclass(frozen=True, slots=True)
class Line:
    """A share as a message tells it; `times` counts this urging."""

    share: AskedShare
    times: int
    days_left: int | None
    days_late: int


def line_of(share: AskedShare, times: int, today: date) -> Line:
    """The line of a message of the day `today`."""
    left = (share.due - today).days if share.due else None
    return Line(share, times, left, share.days_late(today))


@dataclass(frozen=True, slots=True)
class Told:
    """A person who is told, over which channels, of which shares (by id) as what; `refused` flags their address."""

    person: Person
    channels: tuple[str, ...]
    shares: Mapping[int, Part]
    refused: bool = False


@dataclass(frozen=True, slots=True)
class Prepared:
    """Who would be told of what: `left_out` needs no urging, and of `unreached` there is nobody to tell."""

    told: tuple[Told, ...]
    urged: tuple[AskedShare, ...]
    left_out: tuple[AskedShare, ...]
    unreached: tuple[AskedShare, ...]

    def of_unit(self, unit_id: int) -> list[tuple[Told, list[Part]]]:
        """Who is told of a unit's shares, and as what."""
        ids = {share.id for share in self.urged if share.unit_id == unit_id}
        found = ((each, [part for part in Part if part in _parts(each, ids)]) for each in self.told)
        return [(each, parts) for each, parts in found if parts]

    @property
    def messages(self) -> int:
        """How many messages that makes."""
        return sum(len(each.channels) for each in self.told)


def _parts(told: Told, share_ids: Collection[int]) -> set[Part]:
    return {part for share_id, part in told.shares.items() if share_id in share_ids}


def prepare(
    asked: Iterable[AskedShare],
    named: Mapping[int, Named],
    cast: Cast,
    refused: Collection[int],
    sender_id: int | None = None,
) -> Prepared:
    """Who is told of the shares asked for: those who do each, and the heads of its unit, never who urges.

    Whoever is away is told through who stands in for them. Channels are those that each person chose, and the bell
    besides where a mail server refused their address (`refused`, by the person's id).
    """
    told: dict[int, dict[int, Part]] = {}
    urged: list[AskedShare] = []
    left_out: list[AskedShare] = []
    unreached: list[AskedShare] = []
    for share in asked:
        if share.left_out:
            left_out.append(share)
            continue
        found = _reached(share, named.get(share.id, NOBODY), cast, sender_id)
        (urged if found else unreached).append(share)
        for person_id, part in found.items():
            told.setdefault(person_id, {})[share.id] = part
    people = [_told(cast, person_id, shares, person_id in refused) for person_id, shares in told.items()]
    return Prepared(tuple(people), tuple(urged), tuple(left_out), tuple(unreached))


def _reached(share: AskedShare, named: Named, cast: Cast, sender_id: int | None) -> dict[int, Part]:
    """The readers of a share, and as what each is told of it."""
    found: dict[int, Part] = {}
    for owner in cast.urged(share.unit_id, named, sender_id):
        reader = cast.recipient(owner)
        if reader.id != sender_id:
            part = _part(owner, named) if reader.id == owner.id else Part.FOR_ANOTHER
            found.setdefault(reader.id, part)
    return found


def _part(person: Person, named: Named) -> Part:
    if person.id in named.doers:
        return Part.DOER
    if person.id in named.stand_ins:
        return Part.STAND_IN
    return Part.HEAD if person.role is Role.HEAD else Part.COLLEAGUE


def _told(cast: Cast, person_id: int, shares: Mapping[int, Part], refused: bool) -> Told:
    chosen = cast.preference(person_id).channels | ({BELL} if refused else set())
    return Told(cast.by_id[person_id], tuple(sorted(chosen)), shares, refused)


NOTHING_PICKED = N_("Chưa chọn phần việc nào để đôn đốc. Hãy đánh dấu ít nhất một việc.")


def check_urging(shares: int, text: str) -> None:
    """Refuse an urging of nothing, of too much at once, or with too long a text."""
    if not shares:
        raise Refused(NOTHING_PICKED)
    if shares > MOST_SHARES:
        raise Refused(N_("Mỗi lần đôn đốc nhiều nhất %(most)s phần việc; hãy chọn ít hơn."), most=str(MOST_SHARES))
    if len(text) > MOST_TEXT:
        raise Refused(
            N_("Lời đôn đốc dài %(length)s ký tự, nhiều nhất là %(most)s. Hãy rút gọn rồi gửi lại."),
            length=str(len(text)),
            most=str(MOST_TEXT),
        )


@dataclass(frozen=True, slots=True)
class Counted:
    """How often something was urged by hand, and on how many days it was reminded of by itself, until a moment."""

    urged: int = 0
    urged_on: date | None = None
    reminded: int = 0
    reminded_on: date | None = None


NEVER = Counted()
