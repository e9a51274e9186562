"""Which cases of a table run in the plain run, and which in the long run alone."""

from collections.abc import Iterable
from typing import Any

import pytest


def long(*values: object, id: str | None = None) -> Any:
    """A case of the long run alone."""
    return pytest.param(*values, marks=pytest.mark.long, id=id)


def first_plain(cases: Iterable[Any], plain: int = 1) -> list[Any]:
    """The first so many cases for every run, the rest, which are like them, for the long run alone.

    A case is a tuple of values, or the value itself where the test takes one.
    """
    listed = [case if isinstance(case, tuple) else (case,) for case in cases]
    return [pytest.param(*case) for case in listed[:plain]] + [long(*case) for case in listed[plain:]]
