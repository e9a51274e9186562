"""Long lists, a page at a time."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from flask import request

T = TypeVar("T")
PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """The `items` of page `number` (from 1) out of `total` in all, `size` to a page."""

    items: Sequence[T]
    number: int
    size: int
    total: int

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(-(-self.total // self.size), 1)

    @property
    def first(self) -> int:
        """Place of the first item shown, from 1; 0 where nothing is."""
        return (self.number - 1) * self.size + 1 if self.items else 0

    @property
    def last(self) -> int:
        """Place of the last item shown."""
        return (self.number - 1) * self.size + len(self.items)


def paged(everything: Sequence[T], size: int = PAGE_SIZE) -> Page[T]:
    """The part of a list that `?page=` asks for; a page that is none becomes the nearest one."""
    text = request.args.get("page", "1")
    wanted = int(text) if text.isdecimal() and len(text) < 10 else 1
    number = min(max(wanted, 1), max(-(-len(everything) // size), 1))
    return Page(everything[(number - 1) * size : number * size], number, size, len(everything))


def of_kind(everything: Sequence[T], kind_of: Callable[[T], str]) -> tuple[dict[str, int], str, Sequence[T]]:
    """How many there are of each kind, in the order in which they come; the kind that `?kind=` asks for; those of it.

    A kind that there is none of is no kind asked for.
    """
    counts: dict[str, int] = {}
    for each in everything:
        counts[kind_of(each)] = counts.get(kind_of(each), 0) + 1
    chosen = request.args.get("kind", "")
    if chosen not in counts:
        return counts, "", everything
    return counts, chosen, [each for each in everything if kind_of(each) == chosen]
