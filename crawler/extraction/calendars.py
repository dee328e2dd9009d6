"""Years and days of other calendars in Gregorian ones. Arithmetic only."""

from __future__ import annotations

from datetime import date, timedelta

_NOWRUZ_1400 = date(2021, 3, 21)


def from_solar_hijri(year: int, month: int, day: int) -> date | None:
    """The Gregorian day of a day in the calendar of Iran and Afghanistan (33-year cycle, true from 1250 to 1470).

    >>> from_solar_hijri(1403, 1, 26), from_solar_hijri(1399, 12, 30), from_solar_hijri(1403, 13, 1)
    (datetime.date(2024, 4, 14), datetime.date(2021, 3, 20), None)
    """
    if not (1250 <= year <= 1470 and 1 <= month <= 12 and 1 <= day <= 31):
        return None
    first = _NOWRUZ_1400
    for passed in range(1400, year):
        first += timedelta(days=366 if _is_leap(passed) else 365)
    for coming in range(year, 1400):
        first -= timedelta(days=366 if _is_leap(coming) else 365)
    months = 31 * (month - 1) if month <= 7 else 186 + 30 * (month - 7)
    return first + timedelta(days=months + day - 1)


def _is_leap(year: int) -> bool:
    return (year * 25 + 11) % 33 < 8


def gregorian_year(year: int, era: str = "") -> int:
    """The year by the Gregorian count: Buddhist years by their size, Japanese and Republican ones by the era's name.

    >>> gregorian_year(2567), gregorian_year(6, "令和"), gregorian_year(113, "民國"), gregorian_year(2024)
    (2024, 2024, 2024, 2024)
    """
    starts = {"令和": 2018, "平成": 1988, "昭和": 1925, "大正": 1911, "明治": 1867, "民國": 1911, "民国": 1911}
    if era in starts:
        return starts[era] + year
    return year - 543 if 2400 <= year <= 2700 else year
