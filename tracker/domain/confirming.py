"""Who answers what a unit reported or asked: one pure decision from the plan's monitors and the people they have."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Watcher:
    """A person who may answer for the units in `unit_ids` today: their own, and those for which they act."""

    person_id: int
    unit_ids: frozenset[int]


@dataclass(frozen=True, slots=True)
class Answerers:
    """Who may answer a share of `unit_id`.

    `goes_to` are the monitors that can, the one to which it goes first; where it is empty, the leader or an
    administrator answers. `writers` are the people who wrote on the share for its unit: they never answer it, whatever
    unit they ask for by now.
    """

    unit_id: int
    goes_to: tuple[int, ...]
    writers: frozenset[int] = frozenset()


def answerers(
    monitor_unit_ids: Sequence[int], watchers: Iterable[Watcher], unit_id: int, writers: frozenset[int] = frozenset()
) -> Answerers:
    """Who answers a share of `unit_id` on which `writers` wrote: the plan's monitors, in their order, that can.

    A monitor can that is not the owner and has a watcher who wrote nothing on the share and may not ask for its unit.
    """
    free = [each for each in watchers if unit_id not in each.unit_ids and each.person_id not in writers]
    manned = frozenset[int]().union(*(each.unit_ids for each in free))
    return Answerers(unit_id, tuple(each for each in monitor_unit_ids if each in manned), writers)
