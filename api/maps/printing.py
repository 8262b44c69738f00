"""A page as PDF, printed by a browser that is installed."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from geo.errors import Unavailable

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")
"""Programs that print a page without a window, the first that is installed."""
PRINTED_S = 60


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


def pdf(page: str) -> bytes:
    """Print a page that loads nothing from elsewhere.

    Raises
    ------
    Unavailable
        Where no browser is installed, or it did not print within a minute.

    """
    program = installed()
    with tempfile.TemporaryDirectory() as folder:
        source, printed = Path(folder, "page.html"), Path(folder, "page.pdf")
        source.write_text(page, encoding="utf-8")
        options = ["--headless", "--disable-gpu", "--no-sandbox", "--no-pdf-header-footer"]
        options.append(f"--user-data-dir={folder}/own")
        command = [program, *options, f"--print-to-pdf={printed}", source.as_uri()]
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=PRINTED_S)
        except (subprocess.SubprocessError, OSError) as error:
            raise Unavailable("The browser did not print the page; write HTML and print it.") from error
        if not printed.is_file():
            raise Unavailable("The browser did not print the page; write HTML and print it.")
        return printed.read_bytes()
