"""Figures that lead to lists: finds them on a page, follows each, and compares it with the length of its list."""

import random
import re
from html import unescape

from tests.support.worlds import Visitor

FIGURE = re.compile(r'<a\b(?=[^>]*\bdata-figure="(\d+)")[^>]*\bhref="([^"]+)"')


def figures(page: str) -> list[tuple[int, str]]:
    """Every figure of a page with the address of its list."""
    return [(int(number), unescape(address)) for number, address in FIGURE.findall(page)]


def list_length(page: str, place: str = "") -> int | None:
    """How long a page says its list is, or the list at `place` of it; None where it says nothing."""
    mark = rf'data-count="(\d+)" id="{re.escape(place)}"' if place else r'data-count="(\d+)"'
    found = re.search(mark, page)
    return int(found[1]) if found else None


def wrong_figures(client: Visitor, address: str, most: int | None = None) -> list[str]:
    """What is wrong with the figures of a page: each with the list that it leads to; AssertionError without any.

    With `most` at most so many are followed, drawn by chance, the same in every run.
    """
    page = client.get(address)
    assert page.status_code == 200, address
    found, lists = figures(page.text), {}
    assert found, f"{address} shows no figure"
    if most is not None:
        found = random.Random(address).sample(found, min(most, len(found)))
    for _number, target in found:
        path = target.partition("#")[0]
        if path not in lists:
            lists[path] = client.get(path).text
    lengths = [
        (number, target, list_length(lists[target.partition("#")[0]], target.partition("#")[2]))
        for number, target in found
    ]
    return [
        f"{address}: {number}, and {target} lists {length}" for number, target, length in lengths if number != length
    ]
