"""The lunar New Year (Tết Nguyên đán) by Vietnam's calendar (UTC+7), and the days that everybody has off then."""

from datetime import date, timedelta

# The first day of the lunar year, as (month, day).
_FIRST_DAYS = {
    2019: (2, 5),
    2020: (1, 25),
    2021: (2, 12),
    2022: (2, 1),
    2023: (1, 22),
    2024: (2, 10),
    2025: (1, 29),
    2026: (2, 17),
    2027: (2, 6),
    2028: (1, 26),
    2029: (2, 13),
    2030: (2, 2),
    2031: (1, 23),
    2032: (2, 11),
    2033: (1, 31),
    2034: (2, 19),
    2035: (2, 8),
    2036: (1, 28),
}


def new_year(year: int) -> tuple[date, date] | None:
    """The eve and the fourth day of the lunar year that begins in `year`, None where the table does not know it.

    Five days are off by law (Bộ luật Lao động 2019, Điều 112); which ones is announced each year.
    """
    found = _FIRST_DAYS.get(year)
    if found is None:
        return None
    first = date(year, *found)
    return first - timedelta(days=1), first + timedelta(days=3)
