"""How many of the units that owe a piece of work have reported it done, and which have not."""

from collections.abc import Iterable
from dataclasses import dataclass

from tracker.domain.views import ShareLine
from tracker.domain.work import REPORTED


@dataclass(frozen=True, slots=True)
class Reporting:
    """`reported` of `owed` shares were reported done; `missing` are the others, in the order given."""

    reported: int
    owed: int
    missing: tuple[ShareLine, ...]


def reporting(shares: Iterable[ShareLine]) -> Reporting:
    """Count shares by whether their units reported them done, accepted or not.

    What nobody owes any more (closed, cancelled, not applicable, its unit gone) is counted only where it was reported.
    """
    reported, missing = 0, []
    for share in shares:
        if share.facts.state in REPORTED:
            reported += 1
        elif share.status.ended is None:
            missing.append(share)
    return Reporting(reported, reported + len(missing), tuple(missing))
