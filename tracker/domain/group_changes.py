"""Units that joined or left a group after a plan took effect: what that would change, for a person to confirm.

Groups are resolved once, when the plan takes effect. What has changed since is listed, and nothing happens by itself.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tracker.domain.assignments import LEAD, PARTNER, planned_shares
from tracker.domain.plan_document import Party
from tracker.domain.units import Directory, Unit
from tracker.domain.work import SETTLED, State

MAX_REASON = 500


class Why(StrEnum):
    """What happened to the unit or to its group."""

    JOINED = "joined"
    FOUNDED = "founded"
    LEFT = "left"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class StandingShare:
    """A share of a milestone as it is now, or as it ended (`ended`).

    `by_event` tells that it came or went with an event of units, about which a person has decided already.
    """

    id: int
    unit_code: str
    part: str
    group_code: str | None
    state: State
    ended: bool = False
    by_event: bool = False


@dataclass(frozen=True, slots=True)
class GroupWork:
    """A milestone with who is on its task as the plan says, and the shares that it has and had."""

    milestone_id: int
    task_id: int
    number: str
    title: str
    ordinal: int
    due: date | None
    leads: tuple[Party, ...]
    partners: tuple[Party, ...]
    shares: tuple[StandingShare, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """A share to be added (`share_id` None) or to be ended; `advised` is what is meant by all of them.

    Left out of that is an addition that would be late at once or open what is done, and the share of a unit that is
    gone, which may still find an heir.
    """

    work: GroupWork
    unit: Unit
    part: str
    group_code: str
    why: Why
    share_id: int | None = None
    advised: bool = True

    @property
    def key(self) -> str:
        """What names it in forms and commands, and stays the same while it is pending."""
        return f"end-{self.share_id}" if self.share_id else f"add-{self.work.milestone_id}-{self.unit.code}"


def differences(works: Iterable[GroupWork], known: Directory, issued_on: date | None, today: date) -> list[Difference]:
    """What the groups of today would have the shares be otherwise, in the order of the works; added ones first.

    A share that came or went with an event of units stays as was decided then, and what is done stays.
    """
    members: dict[str, Sequence[str]] = {}

    def expand(code: str) -> Sequence[str]:
        return members.setdefault(code, known.expand(code, today))

    found: list[Difference] = []
    for work in works:
        wanted = {each.unit_code: each for each in planned_shares(work.leads, work.partners, expand)}
        present = {share.unit_code for share in work.shares if not share.ended or share.by_event}
        for code, planned in wanted.items():
            unit = known.get(code)
            if planned.group_code and code not in present and isinstance(unit, Unit):
                why = Why.FOUNDED if _began_after(unit, issued_on) else Why.JOINED
                advised = (work.due is None or work.due >= today) and not (planned.part == LEAD and _done(work))
                found.append(Difference(work, unit, planned.part, planned.group_code, why, advised=advised))
        found += _to_end(work, wanted, known, today)
    return found


def _to_end(work: GroupWork, wanted: Mapping[str, object], known: Directory, today: date) -> list[Difference]:
    found = []
    for share in work.shares:
        unit = known.get(share.unit_code)
        stays = share.unit_code in wanted or share.ended or share.by_event or share.state in SETTLED
        if share.group_code and not stays and isinstance(unit, Unit) and share.part in (LEAD, PARTNER):
            why = Why.LEFT if unit.lives_on(today) else Why.ENDED
            found.append(Difference(work, unit, share.part, share.group_code, why, share.id, why is Why.LEFT))
    return found


def _began_after(unit: Unit, day: date | None) -> bool:
    return unit.starts_on is not None and (day is None or unit.starts_on > day)


def _done(work: GroupWork) -> bool:
    """Whether every lead share is settled: another one would open the milestone again."""
    leads = [share for share in work.shares if share.part == LEAD and not share.ended]
    return bool(leads) and all(share.state in SETTLED for share in leads)
