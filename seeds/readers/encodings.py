"""How the letters of a text file are written."""

from __future__ import annotations

import codecs
from collections.abc import Callable
from typing import BinaryIO

from charset_normalizer import from_bytes

from seeds.troubles import FileTrouble, Refused

Opened = Callable[[], BinaryIO]
"""Opens the bytes of a file at their beginning, as often as it is called."""

CHUNK = 1 << 20
SAMPLE = 200_000
"""Bytes around letters beyond ASCII that an encoding is recognised by."""
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
LIKELY = ["cp1252", "cp1250", "cp1251", "cp1256", "cp437", "cp850", "mac_roman"]
"""What spreadsheet programs write where it is not UTF-8. Of those that fit alike the first is taken."""
_NOT_OF_FILES = frozenset({"undefined", "punycode", "idna", "unicode-escape", "raw-unicode-escape"})
"""Of Python's encodings those that write names of hosts and its own source."""
_CONFUSED_WITH_CP1252 = frozenset({"cp1254", "cp1257", "latin_1", "iso8859_15", "cp1250", "cp1252", "hp_roman8"})


def recognised(opened: Opened) -> str:
    """Return the encoding of a file: by its byte-order mark, as UTF-8 if all of it is, else by its commonest letters.

    Raises
    ------
    Refused
        If it holds bytes that no known encoding has there.

    """
    with opened() as file:
        head = file.read(4096)
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding
    if sideways := _without_mark(head):
        return sideways
    sample = _beyond_ascii(opened)
    if sample is None:
        return "utf-8"
    found = from_bytes(sample, cp_isolation=LIKELY).best()
    if found is None:
        raise Refused(FileTrouble.UNKNOWN_ENCODING)
    # Western Europe's encodings differ in few letters; where cp1252 reads it, a spreadsheet program wrote cp1252.
    if found.encoding in _CONFUSED_WITH_CP1252 and _reads(sample, "cp1252"):
        return "cp1252"
    return found.encoding


def check(opened: Opened, encoding: str) -> None:
    """Refuse a file that is not all of an encoding.

    Raises
    ------
    Refused
        Names the first byte, counted from 0, that is not.

    """
    decoder = _decoder(encoding)
    with opened() as file:
        at = 0
        while True:
            chunk = file.read(CHUNK)
            held = len(decoder.getstate()[0])  # of a letter that the chunk before began
            try:
                decoder.decode(chunk, final=not chunk)
            except UnicodeError as error:
                begins = error.start - held if isinstance(error, UnicodeDecodeError) else 0
                raise Refused(FileTrouble.WRONG_ENCODING, encoding=encoding, byte=max(at + begins, 0)) from None
            if not chunk:
                return
            at += len(chunk)


def _decoder(encoding: str) -> codecs.IncrementalDecoder:
    try:
        is_known = codecs.lookup(encoding).name not in _NOT_OF_FILES
        "".encode(encoding)  # a LookupError also for what makes no letters of bytes, such as zlib
    except (LookupError, ValueError):
        is_known = False
    if not is_known:
        raise Refused(FileTrouble.UNKNOWN_ENCODING)
    return codecs.getincrementaldecoder(encoding)()


def _without_mark(head: bytes) -> str | None:
    """Return UTF-16 without a byte-order mark, which every second byte of Latin letters tells."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    pairs = max(len(head) // 2, 1)
    if odd > pairs / 2 > 4 * even:
        return "utf-16-le"
    return "utf-16-be" if even > pairs / 2 > 4 * odd else None


def _beyond_ascii(opened: Opened) -> bytes | None:
    """Return lines with letters beyond ASCII; ``None`` where the whole file is UTF-8."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with opened() as file:
        while chunk := file.read(CHUNK):
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError:
                break
        else:
            return None if _ends_whole(decoder) else b""
    lines: list[bytes] = []
    size = 0
    with opened() as file:
        while size < SAMPLE and (line := file.readline(CHUNK)):
            if not line.isascii():
                lines.append(line)
                size += len(line)
    return b"".join(lines)


def _ends_whole(decoder: codecs.IncrementalDecoder) -> bool:
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _reads(sample: bytes, encoding: str) -> bool:
    try:
        sample.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
