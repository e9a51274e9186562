"""The directory that comes with the program, and the one installation it belongs to."""

from functools import cache

from tracker.adapters.seeds import load_directory, load_titles
from tracker.domain.import_decisions import Decisions, Learnt, NameDecision, brought, proposed
from tracker.domain.import_preview import understood
from tracker.domain.plan_document import PlanDocument
from tracker.domain.proposals import is_of, propose_directory
from tracker.domain.units import Directory, Unit

NOTHING = Directory()


def first_directory(document: PlanDocument, known: Directory) -> Directory:
    """The directory that comes with the program, where an office begins with a plan of the authority it describes.

    Empty for everybody else, whose wards and schools are others: their first plan proposes a directory of its own; and
    empty where `known`, what is stored, has groups already, which people have looked after since.
    """
    if known.groups or not is_of(document, _shipped(), _titles()):
        return NOTHING
    return _shipped()


def along(document: PlanDocument, known: Directory) -> Learnt:
    """What importing `document` adds to `known` of the directory that comes with the program."""
    return brought(first_directory(document, known), known)


def proposed_names(document: PlanDocument, known: Directory) -> tuple[NameDecision, ...]:
    """What to propose for the names in an unchecked `document` that neither `known` nor what comes along knows."""
    base = along(document, known).onto(known)
    return proposed(propose_directory(understood(document, base, Decisions())))


def shipped_unit(code: str, known: Directory) -> Unit | None:
    """A unit that comes with the program, for an account that is made before the first plan is there."""
    found = None if known.groups else _shipped().get(code)
    return found if isinstance(found, Unit) else None


@cache
def _shipped() -> Directory:
    return load_directory()


@cache
def _titles() -> frozenset[str]:
    return load_titles()
