"""What an operator acts on: what is wrong in one sentence each, and the figures of jobs, releases, clocks and disks."""

from __future__ import annotations

import datetime as dt
import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from pathlib import Path

from sqlalchemy import text

from geo.database.owner import owner_transaction, revision_trouble, sql_file
from geo.errors import Unavailable

LEAST_FREE_BYTES = 500_000_000
"""Below this there is trouble: an import or an upgrade of a country writes that much."""
CLOCK_S = 60.0
"""How far two clocks may be apart."""
BACKED_UP = "backed.up"
"""An empty file in the data folder, touched by each backup."""
AWAY = "the database does not answer"
ENDS_SOON = dt.timedelta(days=14)
"""How long before its end a certificate is told: two weeks are time to renew it by hand."""


class Part(Enum):
    """What a trouble is about."""

    DATABASE = "database"
    REVISION = "revision"
    CLOCK = "clock"
    DISK = "disk"
    CERTIFICATE = "certificate"


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong, in one sentence for the operator, which names no address, place or person."""

    part: Part
    sentence: str
    stops: bool = False
    """Whether the service cannot answer as it should until this is mended."""


@dataclass(frozen=True, slots=True)
class Health:
    """What was found at one look. Moments are in seconds since 1970; what is not known is ``None``."""

    troubles: tuple[Trouble, ...] = ()
    database_bytes: int | None = None
    jobs: Mapping[str, int] = field(default_factory=dict)
    """Siting jobs by status."""
    released_s: float | None = None
    """When counts were last released."""
    unreleased_quarters: int | None = None
    """Quarters that are over, have returns, and were never released."""
    certificate_ends_s: float | None = None
    backed_up_s: float | None = None
    """When the last backup was done."""
    disk_bytes: int | None = None
    disk_free_bytes: int | None = None
    """Of the file system of the data folder."""


def look(url: str, data_dir: Path, certificate: Path | None = None) -> Health:
    """Return what there is to act on now.

    Parameters
    ----------
    url
        The owner's address of the database.
    data_dir
        The data folder, whose file system is measured.
    certificate
        A file of PEM whose first certificate is read.

    """
    disk = shutil.disk_usage(next(each for each in (data_dir, *data_dir.absolute().parents) if each.exists()))
    backed_up = data_dir / BACKED_UP
    ends = None
    troubles = []
    if disk.free < LEAST_FREE_BYTES:
        told = f"The disk of the data folder is nearly full: {disk.free // 1_000_000} MB are left. Make room."
        troubles.append(Trouble(Part.DISK, told))
    if certificate is not None:
        ends, its_trouble = _certificate(certificate)
        troubles += its_trouble
    ends_s = None if ends is None else ends.timestamp()
    known = Health(
        certificate_ends_s=ends_s,
        backed_up_s=backed_up.stat().st_mtime if backed_up.exists() else None,
        disk_bytes=disk.total,
        disk_free_bytes=disk.free,
    )
    try:
        with owner_transaction(url) as connection:
            revision = revision_trouble(connection)
            if revision is not None:
                return replace(known, troubles=(*troubles, Trouble(Part.REVISION, revision.sentence, stops=True)))
            row = connection.execute(text(sql_file("database/health"))).one()
            ours_s = time.time()
    except Unavailable as error:
        return replace(known, troubles=(*troubles, Trouble(Part.DATABASE, _reason(error), stops=True)))
    troubles += _clock(ours_s, row.now_s, row.last_entry_s)
    return replace(
        known,
        troubles=tuple(troubles),
        database_bytes=row.database_bytes,
        jobs=row.jobs,
        released_s=row.released_s,
        unreleased_quarters=row.unreleased_quarters,
    )


def note_backup(data_dir: Path) -> None:
    """Note that a backup is done; :func:`look` tells when."""
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    (data_dir / BACKED_UP).touch(mode=0o600)


def _clock(ours_s: float, database_s: float, last_entry_s: float | None) -> list[Trouble]:
    """Return what is wrong with the clocks.

    Examples
    --------
    >>> _clock(1_000.0, 1_060.0, 1_060.0)
    []
    >>> [each.sentence[:60] for each in _clock(1_000.0, 1_061.0, None)]
    ['The clocks of this machine and of the database are 61 s apar']

    """
    if abs(ours_s - database_s) > CLOCK_S:
        apart = f"{abs(ours_s - database_s):.0f} s apart"
        told = f"The clocks of this machine and of the database are {apart}, so keys and sessions end at a wrong time."
        return [Trouble(Part.CLOCK, f"{told} Set both by NTP.")]
    if last_entry_s is not None and ours_s < last_entry_s - CLOCK_S:
        now, then = (f"{dt.datetime.fromtimestamp(each, dt.UTC):%Y-%m-%d %H:%M}" for each in (ours_s, last_entry_s))
        told = f"The clock says {now} UTC, before the last entry of the audit log ({then} UTC)"
        return [Trouble(Part.CLOCK, f"{told}: it is wrong now, or was then. Set it by NTP.")]
    return []


def _certificate(path: Path) -> tuple[dt.datetime | None, list[Trouble]]:
    from cryptography import x509  # noqa: PLC0415  slow to import

    try:
        ends = x509.load_pem_x509_certificates(path.read_bytes())[0].not_valid_after_utc
    except (OSError, ValueError):
        return None, [Trouble(Part.CERTIFICATE, "The certificate in LAKANA_CERTIFICATE cannot be read.")]
    left = ends - dt.datetime.now(dt.UTC)
    if left > ENDS_SOON:
        return ends, []
    told = f"The certificate {'is over since' if left < dt.timedelta(0) else 'ends on'} {ends:%Y-%m-%d}: renew it."
    return ends, [Trouble(Part.CERTIFICATE, told)]


def _reason(error: Unavailable) -> str:
    """Return why the database does not answer, without its address, which the driver's own words may hold."""
    if "certificate" in str(error):
        return "The certificate of the database is over, or of another name or authority: renew it."
    return AWAY
