"""The lines that make cron or systemd crawl so often, as text. Pure."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from zlib import crc32

UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
POSSIBLE = ("5m", "10m", "15m", "20m", "30m", "1h", "2h", "3h", "4h", "6h", "8h", "12h", "1d")
MINUTE, HOUR, DAY = UNITS["m"], UNITS["h"], UNITS["d"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where and with what the crawl runs."""

    folder: str
    command: str
    """The backissue command, as a path."""
    environment: Mapping[str, str]
    user: str

    @property
    def offset(self) -> int:
        """Minutes past the hour at which this installation begins: not all archives of the world ask at once."""
        return crc32(f"{self.folder} {sorted(self.environment.items())}".encode()) % 60


def parse_interval(text: str) -> timedelta:
    """An interval that cron can keep: one that divides an hour or a day. Raises ValueError with those there are.

    >>> parse_interval("15m"), parse_interval("6h")
    (datetime.timedelta(seconds=900), datetime.timedelta(seconds=21600))
    """
    found = re.fullmatch(r"(\d{1,4})\s*([mhd])\w*", text.strip().lower())
    every = int(found[1]) * UNITS[found[2]] if found else timedelta()
    whole = HOUR if every < HOUR else DAY
    if not 5 * MINUTE <= every <= DAY or whole % every:
        raise ValueError(f"{text!r} does not divide an hour or a day evenly; choose of {', '.join(POSSIBLE)}")
    return every


def cron_times(every: timedelta, offset: int) -> str:
    """The first five fields of a crontab line.

    >>> cron_times(timedelta(minutes=15), 37), cron_times(timedelta(hours=6), 37), cron_times(timedelta(days=1), 37)
    ('7,22,37,52 * * * *', '37 1,7,13,19 * * *', '37 13 * * *')
    """
    if every < HOUR:
        step = every // MINUTE
        return f"{','.join(str(minute) for minute in range(offset % step, 60, step))} * * * *"
    step = every // HOUR
    hours = "*" if step == 1 else ",".join(str(hour) for hour in range(offset % step, 24, step))
    return f"{offset} {hours} * * *"


def cron_lines(place: Place, every: timedelta) -> str:
    """A crontab line that mails its one line of summary when something is worth a look, and is silent otherwise."""
    variables = "".join(f"{name}={shlex.quote(value)} " for name, value in sorted(place.environment.items()))
    # 75: the crawl before still runs. A percent sign is a line break to cron.
    run = f"{variables}{shlex.quote(place.command)} crawl"
    # A warning (a field that is gone after a redesign) is worth a mail though all went well.
    warned = 'case "$said" in *": warning: "*) echo "$said";; esac'
    line = f'cd {shlex.quote(place.folder)} && said=$({run} 2>&1) && {warned} || [ $? -eq 75 ] || echo "$said"'
    return f"{cron_times(every, place.offset)} {line.replace('%', chr(92) + '%')}\n"


def systemd_units(place: Place, every: timedelta) -> str:
    """A service and its timer, each under the name of its file."""
    variables = "".join(
        f'Environment="{name}={_escaped(value)}"\n' for name, value in sorted(place.environment.items())
    )
    minutes, hours, *_ = cron_times(every, place.offset).split()
    return f"""# /etc/systemd/system/backissue.service
[Unit]
Description=Backissue: crawl what is due
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
User={place.user}
WorkingDirectory={_escaped(place.folder)}
{variables}ExecStart="{_escaped(place.command)}" crawl
# 3: some pages failed; 75: the crawl before still runs; 143: stopped, everything recorded.
SuccessExitStatus=3 75 143
TimeoutStartSec=infinity
TimeoutStopSec=40
KillMode=mixed
Nice=5
NoNewPrivileges=true
PrivateTmp=true
ProtectSystem=full

# /etc/systemd/system/backissue.timer
[Unit]
Description=Backissue: crawl every {words(every)}

[Timer]
OnCalendar=*-*-* {hours}:{minutes}:00
Persistent=true

[Install]
WantedBy=timers.target
"""


def amount(time: timedelta) -> str:
    """How people say a span of time.

    >>> amount(timedelta(hours=1)), amount(timedelta(minutes=65))
    ('an hour', '65 minutes')
    """
    text = words(time) if not time % HOUR else f"{time // MINUTE} minutes"
    return {"hour": "an hour", "day": "a day"}.get(text, text)


def words(every: timedelta) -> str:
    """How people say it.

    >>> words(timedelta(minutes=15)), words(timedelta(hours=1)), words(timedelta(days=1))
    ('15 minutes', 'hour', 'day')
    """
    for unit, size in (("day", DAY), ("hour", HOUR), ("minute", MINUTE)):
        if every >= size:
            number = every // size
            return unit if number == 1 else f"{number} {unit}s"
    return str(every)


def _escaped(value: str) -> str:
    """As a unit file wants it: percent signs and quotation marks are its own."""
    return value.replace("\\", "\\\\").replace("%", "%%").replace('"', '\\"')
