"""A page as PDF or PNG, made by a browser that is installed."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from geo.errors import Unavailable

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")
"""Programs that print a page without a window, the first that is installed."""
PRINTED_S = 60
PDF = ("--no-pdf-header-footer",)
PNG = ("--window-size=1440,960", "--hide-scrollbars", "--force-device-scale-factor=2", "--virtual-time-budget=10000")
FORMS = {".pdf": PDF, ".png": PNG}
"""What a browser is told to make of a page, by the ending of the file's name."""
WRITES = {PDF: "--print-to-pdf", PNG: "--screenshot"}


def installed() -> str:
    """Return the path of an installed browser that prints.

    Raises
    ------
    Unavailable
        Where there is none.

    """
    for each in BROWSERS:
        found = shutil.which(each)
        if found:
            return found
    raise Unavailable("A PDF needs a browser (chromium or chrome), and none is installed; write HTML and print it.")


def printed(page: str, ending: str) -> bytes:
    """Return a page that loads nothing from elsewhere as a file of one of :data:`FORMS`.

    Raises
    ------
    Unavailable
        Where no browser is installed, or it did not make the file within a minute.

    """
    program, form = installed(), FORMS[ending.lower()]
    with tempfile.TemporaryDirectory() as folder:
        source, printed = Path(folder, "page.html"), Path(folder, f"page{ending}")
        source.write_text(page, encoding="utf-8")
        options = ["--headless", "--disable-gpu", "--no-sandbox", f"--user-data-dir={folder}/own", *form]
        command = [program, *options, f"{WRITES[form]}={printed}", source.as_uri()]
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=PRINTED_S)
        except (subprocess.SubprocessError, OSError) as error:
            raise Unavailable("The browser did not print the page; write HTML and print it.") from error
        if not printed.is_file():
            raise Unavailable("The browser did not print the page; write HTML and print it.")
        return printed.read_bytes()
