"""Whose work a task is: one share per unit and milestone, groups resolved to the units that belong to them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from tracker.domain.plan_document import Party, ReadTask

LONGEST_NAME, LONGEST_ROLE = 300, 200  # characters
LEAD, PARTNER, FORMER = "lead", "partner", "former"
Expand = Callable[[str], Sequence[str]]


@dataclass(frozen=True, slots=True)
class PlannedShare:
    """A unit's part (lead or partner) in every milestone of a task; `group_code` tells through which group."""

    unit_code: str
    part: str
    group_code: str | None = None


def planned_shares(leads: Iterable[Party], partners: Iterable[Party], expand: Expand) -> tuple[PlannedShare, ...]:
    """One share per unit that the two cells name, itself or through a group that `expand` resolves to unit codes.

    A unit in both cells gets the lead share alone; open parties and groups without members get none.
    """
    found: dict[str, PlannedShare] = {}
    for part, parties in ((LEAD, tuple(leads)), (PARTNER, tuple(partners))):
        for party in sorted(parties, key=lambda each: each.kind == "group"):
            for share in _of_party(party, part, expand):
                found.setdefault(share.unit_code, share)
    return tuple(found.values())


def _of_party(party: Party, part: str, expand: Expand) -> tuple[PlannedShare, ...]:
    if party.code is None or party.kind == "open":
        return ()
    if party.kind == "unit":
        return (PlannedShare(party.code, part),)
    return tuple(PlannedShare(code, part, party.code) for code in expand(party.code))


def only_known(task: ReadTask, known: Callable[[str], bool]) -> ReadTask:
    """`task` with every unit or group whose code is not `known` as an open party: kept as text, nobody is reminded.

    A name or a role too long to be one is cut; the party's text stays whole.
    """
    leads, partners = (tuple(_opened(each, known) for each in cell) for cell in (task.leads, task.partners))
    return task if (leads, partners) == (task.leads, task.partners) else replace(task, leads=leads, partners=partners)


def _opened(party: Party, known: Callable[[str], bool]) -> Party:
    if len(party.name) > LONGEST_NAME or len(party.role or "") > LONGEST_ROLE:
        party = replace(party, name=party.name[:LONGEST_NAME], role=(party.role or "")[:LONGEST_ROLE] or None)
    if party.kind == "open" or (party.code is not None and known(party.code)):
        return party
    return replace(party, kind="open", code=None)
