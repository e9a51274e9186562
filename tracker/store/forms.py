"""What of a cut-off decides how a query is written: queries are made once for each form, and given the day itself."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from tracker.store.amendments import part_then
from tracker.store.given import AS_OF, UNTIL


@dataclass(frozen=True, slots=True)
class Form:
    """`issued` asks for the plan as first issued, `changed` tells that it held otherwise on the day shown than now.

    The properties are those of `CutOff`, as names under which a query is given its day and moment (`CutOff.given`).
    """

    issued: bool
    changed: bool

    @property
    def held_on(self) -> sa.BindParameter[Any] | None:
        """The day whose plan is shown; None for the plan as first issued."""
        return None if self.issued else AS_OF

    @property
    def granted_until(self) -> sa.BindParameter[Any] | None:
        """The moment before which an extension was granted to count; None for the plan as first issued."""
        return None if self.issued else UNTIL

    @property
    def part(self) -> sa.ColumnElement[str]:
        """The part that ShareRow had on the day shown."""
        return part_then(self.held_on, self.changed)
