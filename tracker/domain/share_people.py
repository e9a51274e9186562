"""Who of a unit does a share: those its head names, somebody who stands in for them, or everybody of the unit."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from tracker.domain.access import DOERS
from tracker.domain.errors import Refused
from tracker.domain.people import Person, Role
from tracker.domain.words import N_

MOST_PEOPLE = 10
MOST_SHARES = 500


@dataclass(frozen=True, slots=True)
class Doer:
    """A person who does a share, or stands in for those who do; times in UTC, `until_at` empty while it lasts."""

    person_id: int
    name: str
    stand_in: bool
    given_at: datetime
    until_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Named:
    """The people named for a share now, by id."""

    doers: frozenset[int] = frozenset()
    stand_ins: frozenset[int] = frozenset()

    @property
    def everyone(self) -> frozenset[int]:
        """All of them, in whichever part."""
        return self.doers | self.stand_ins

    def given_to(self, doers: Collection[int], stand_ins: Collection[int] | None) -> "Named":
        """Who is named once these people do the share: with None, who stood in goes on, but for who does it now.

        Where nobody does it in particular, nobody stands in either.
        """
        kept = self.stand_ins - set(doers) if doers else ()
        return Named(frozenset(doers), frozenset(kept if stand_ins is None else stand_ins))


NOBODY = Named()


def given_fields(before: Named, after: Named) -> dict[str, tuple[list[int], list[int]]]:
    """What the history keeps of a share that was given to others: ids alone, which it shows by their present names."""
    return {
        "doers": (sorted(before.doers), sorted(after.doers)),
        "stand_ins": (sorted(before.stand_ins), sorted(after.stand_ins)),
    }


@dataclass(frozen=True, slots=True)
class Colleague:
    """A person of a unit as the one who gives work to people needs to know them."""

    id: int
    name: str
    role: Role

    @property
    def may_do(self) -> bool:
        """Whether the person does the unit's work."""
        return self.role in DOERS


def reached(named: Named, people_of_unit: Sequence[Person]) -> list[Person]:
    """Who of a unit's open accounts is told about a share: those who do it, else who stands in for them.

    The whole unit where nobody is named, or where none of the named can be reached: work does not fall silent.
    """
    doing = [person for person in people_of_unit if person.id in named.doers]
    standing_in = [person for person in people_of_unit if person.id in named.stand_ins]
    return doing or standing_in or list(people_of_unit)


def has_head(colleagues: Iterable[Colleague]) -> bool:
    """Whether a unit has a head, who alone then gives its shares to people."""
    return any(each.role is Role.HEAD for each in colleagues)


def check_named(doers: Collection[int], stand_ins: Collection[int], colleagues: Iterable[Colleague]) -> None:
    """Refuse people who are not of the unit or do not do its work, one in both parts, and too many."""
    able = {each.id for each in colleagues if each.may_do}
    if not able.issuperset({*doers, *stand_ins}):
        raise Refused(
            N_("Chỉ giao được cho người của đơn vị có tài khoản đang mở. Hãy tải lại trang rồi chọn trong danh sách.")
        )
    if set(doers) & set(stand_ins):
        raise Refused(N_("Một người không thể vừa thực hiện vừa làm thay; hãy chọn người làm thay khác."))
    if stand_ins and not doers:
        raise Refused(N_("Hãy chọn người thực hiện trước, rồi mới chọn người làm thay."))
    if len(doers) + len(stand_ins) > MOST_PEOPLE:
        raise Refused(N_("Mỗi phần việc giao cho nhiều nhất %(most)s người."), most=str(MOST_PEOPLE))
