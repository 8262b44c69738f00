"""The Content-Security-Policy of a page: only scripts and styles with a listed hash apply."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable


def source_hash(block: str) -> str:
    """Return the hash source (CSP level 3, §2.3.1) of the text between two tags.

    Examples
    --------
    >>> source_hash("")
    "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"

    """
    return "'sha256-" + base64.b64encode(hashlib.sha256(block.encode()).digest()).decode() + "'"


def policy(scripts: Iterable[str], styles: Iterable[str], *, served: bool = False) -> str:
    """Return the policy that allows exactly these inline blocks, and no request from the page.

    ``img-src data:`` allows the empty icon that keeps browsers from requesting ``/favicon.ico``, and ``blob:`` the
    pictures of a basemap that the reader brings, which the page's own script reads from their file. Leaflet positions
    its drawings through the CSSOM, to which a policy does not apply; style attributes in markup stay refused. It uses
    no directive that a ``<meta>`` would have to ignore, so the same text serves as a header. The form of a page
    that is ``served`` leads to its own server; a file has none.
    """
    script_src = " ".join(source_hash(block) for block in scripts) or "'none'"
    style_src = " ".join(source_hash(block) for block in styles)
    return (
        f"default-src 'none'; script-src {script_src}; style-src {style_src}; img-src data: blob:; "
        f"connect-src 'none'; base-uri 'none'; form-action '{'self' if served else 'none'}'"
    )
