"""People who sign in, and what they may be."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a person is in tracker; the person's unit says whose work it is."""

    ADMINISTRATOR = "administrator"
    MONITOR = "monitor"
    HEAD = "head"
    MEMBER = "member"
    LEADER = "leader"


@dataclass(frozen=True, slots=True)
class Person:
    """A person as pages, rules and mails need to know them."""

    id: int
    email: str
    name: str
    role: Role
    unit_id: int | None
    unit_code: str | None
    unit_name: str | None
    locale: str
    active: bool
