"""What a job does, in a process of its own: an import as the owner, in the name of the steward who sent the files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from geo.processes.long_task import Tell
from geo.vocabulary import Locale
from seeds.loading.options import Options

LANGUAGES = (Locale.FR, Locale.EN)


def imported(
    url: str,
    holder: tuple[str, str],
    kind: str,
    paths: Sequence[Path],
    options: Options,
    folder: Path,
    import_id: str,
    tell: Tell,
) -> dict[str, Any]:
    """Import files, and write the report in each form and language into a folder.

    Parameters
    ----------
    url
        The owner's address.
    holder
        The steward as the audit log calls them, and their person, or an empty text.
    kind, paths, options
        As :func:`seeds.loading.importing.run` takes them.
    folder
        Where the reports come, as ``report.fr.csv``.
    import_id
        The id of the import, if it is loaded.
    tell
        Told how far it is, from 0 to 1.

    Returns
    -------
    dict
        ``report`` as data and ``import_id``; or why the database is ``busy``, in a sentence; or the ``problem`` for
        which nothing of a file can be loaded, with what was ``recognised`` of it where its columns do not suffice, or a
        person has to say what one of them holds.

    """
    from geo.errors import Unavailable  # noqa: PLC0415
    from seeds.loading import importing  # noqa: PLC0415  this process alone needs them
    from seeds.loading.kinds import LOADERS  # noqa: PLC0415
    from seeds.reports.formats import WRITERS  # noqa: PLC0415
    from seeds.troubles import Refused, said  # noqa: PLC0415

    def progress(step: str, done: int, total: int) -> None:  # noqa: ARG001  one bar for all steps
        tell(done / (total + 1), None, None)

    try:
        report = importing.run(url, LOADERS[kind], paths, options, progress, holder=holder, import_id=import_id)
    except Unavailable as error:
        return {"busy": str(error)}
    except Refused as error:
        sentences = {"what": error.trouble.what, "mend": error.trouble.mend}
        told = {
            name: {each.name: said(sentence, each, **error.values) for each in LANGUAGES}
            for name, sentence in sentences.items()
        }
        return {"problem": told, "recognised": error.recognised}
    for end, write in WRITERS.items():
        for locale in LANGUAGES:
            write(report, folder / f"report.{locale.name.lower()}{end}", locale)
    return {"report": report.as_data(), "import_id": report.import_id}


def loaded(url: str, import_id: str) -> bool:
    """Return whether an import was loaded of which nothing was heard; ``False`` where the database does not say."""
    from geo.errors import LakanaError  # noqa: PLC0415
    from seeds.loading import importing  # noqa: PLC0415  as above

    try:
        return importing.is_loaded(url, import_id)
    except LakanaError:
        return False
