"""Time as a school lives it: UTC in the database, Europe/Amsterdam on the screen, school days for promises."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def now() -> datetime:
    """This moment, aware, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """Today's date in the Netherlands."""
    return datetime.now(AMSTERDAM).date()


def local(moment: datetime) -> datetime:
    """The moment on a Dutch clock."""
    return moment.astimezone(AMSTERDAM)


def is_school_day(day: date) -> bool:
    """Monday to Friday. Holidays are the school's calendar's, which this does not know."""
    return day.weekday() < 5


def add_school_days(day: date, count: int) -> date:
    """The date that lies `count` school days after `day`."""
    while count > 0:
        day += timedelta(days=1)
        count -= is_school_day(day)
    return day
