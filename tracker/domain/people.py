"""People who sign in, and what they may be."""

from dataclasses import dataclass, replace
from enum import StrEnum


class Role(StrEnum):
    """What a person is in tracker; the person's unit says whose work it is."""

    ADMINISTRATOR = "administrator"
    MONITOR = "monitor"
    HEAD = "head"
    MEMBER = "member"
    LEADER = "leader"


ROLES_OF_UNITS = (Role.MONITOR, Role.HEAD, Role.MEMBER)


@dataclass(frozen=True, slots=True)
class Place:
    """A unit for which a person may ask."""

    unit_id: int
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Person:
    """A person as pages, rules and mails need to know them.

    The unit is the one for which they ask now. `places` are the units for which they may ask today where that is more
    than one, their own first. `phone` is as it was typed, empty where none is known.
    """

    id: int
    email: str
    name: str
    role: Role
    unit_id: int | None
    unit_code: str | None
    unit_name: str | None
    locale: str
    active: bool
    places: tuple[Place, ...] = ()
    phone: str = ""

    def asking_for(self, unit_id: int | None) -> "Person":
        """The person asking for that one of their places; themselves where it is none of them."""
        found = next((each for each in self.places if each.unit_id == unit_id), None)
        if found is None:
            return self
        return replace(self, unit_id=found.unit_id, unit_code=found.code, unit_name=found.name)

    def may_ask_for(self, unit_id: int) -> bool:
        """Whether that is the person's unit, or one for which they may act today, also while they do not."""
        return unit_id == self.unit_id or any(each.unit_id == unit_id for each in self.places)

    @property
    def acts(self) -> bool:
        """Whether the person asks now for a unit that is not their own."""
        return bool(self.places) and self.unit_id != self.places[0].unit_id
