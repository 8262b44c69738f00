"""Files that arrive in a form (``multipart/form-data``), written to disk as they come."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from geo.errors import BadInput
from geo.texts import shown
from seeds.loading.declared import OPTIONS, Written

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

MOST_BYTES = 50_000_000
"""For all files of a form together."""
MOST_FILES, MOST_FIELDS, FIELD_BYTES = 10, 10, 50_000
BESIDE = frozenset(each.name for each in OPTIONS if each.written is Written.FILE)
"""The names of parts with a file that is not itself imported."""
NO_FORM = "send a form (multipart/form-data) with a `kind` and at least one `file`."


@dataclass
class Received:
    """A form: its fields by name, the paths of its files, and of those beside them by the names of their parts."""

    fields: dict[str, str] = field(default_factory=dict)
    files: list[Path] = field(default_factory=list)
    beside: dict[str, Path] = field(default_factory=dict)


class _Form:
    """Takes the parts of a form as the parser finds them."""

    def __init__(self, folder: Path) -> None:
        self.received = Received()
        self.is_whole = False
        self._folder = folder
        self._parts = 0
        self._bytes = 0
        self._header: list[bytearray] = [bytearray(), bytearray()]
        self._name = ""
        self._text: bytearray | None = None
        self._file: BinaryIO | None = None

    def callbacks(self) -> MultipartCallbacks:
        """Return what the parser calls."""
        return {
            "on_part_begin": self.on_part_begin,
            "on_header_field": self.on_header_field,
            "on_header_value": self.on_header_value,
            "on_header_end": self.on_header_end,
            "on_part_data": self.on_part_data,
            "on_part_end": self.on_part_end,
            "on_end": self.on_end,
        }

    def on_part_begin(self) -> None:
        self._name, self._text = "", None
        self._parts += 1
        if self._parts > MOST_FILES + MOST_FIELDS:  # whether they say what they are or not
            raise BadInput("", f"a form has at most {MOST_FILES} files and {MOST_FIELDS} fields.")

    def on_header_field(self, data: bytes, start: int, end: int) -> None:
        self._header[0] += data[start:end]

    def on_header_value(self, data: bytes, start: int, end: int) -> None:
        self._header[1] += data[start:end]

    def on_header_end(self) -> None:
        name, value = (bytes(each) for each in self._header)
        self._header = [bytearray(), bytearray()]
        if name.lower() != b"content-disposition":
            return
        _, options = parse_options_header(value)
        self._name = options.get(b"name", b"").decode("utf-8", "replace")
        given = options.get(b"filename")
        if given is None:
            if len(self.received.fields) >= MOST_FIELDS:
                raise BadInput("", f"a form has at most {MOST_FIELDS} fields.")
            self._text = bytearray()
            return
        number = len(self.received.files) + len(self.received.beside)
        if number >= MOST_FILES:
            raise BadInput("file", f"send at most {MOST_FILES} files at a time.")
        path = self._folder / str(number) / safe_name(given.decode("utf-8", "replace"))
        path.parent.mkdir(mode=0o700)
        if self._name not in BESIDE:
            self.received.files.append(path)
        elif self._name in self.received.beside:
            raise BadInput(self._name, "send one such file.")
        else:
            self.received.beside[self._name] = path
        self._file = path.open("xb")

    def on_part_data(self, data: bytes, start: int, end: int) -> None:
        if self._file is not None:
            self._bytes += end - start
            if self._bytes > MOST_BYTES:
                raise BadInput(
                    "file", f"the files are larger than {MOST_BYTES:,} bytes; send fewer, or save them as CSV."
                )
            self._file.write(data[start:end])
        elif self._text is not None:
            self._text += data[start:end]
            if len(self._text) > FIELD_BYTES:
                raise BadInput(self._name, f"a field has at most {FIELD_BYTES:,} bytes.")

    def on_part_end(self) -> None:
        if self._file is not None:
            self.close()
        elif self._text is not None:
            self.received.fields[self._name] = self._text.decode("utf-8", "replace")

    def on_end(self) -> None:
        self.is_whole = True

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None


async def received(content_type: str, chunks: AsyncIterator[bytes], folder: Path) -> Received:
    """Return a form whose files are written below a folder, as they come, in memory of a chunk.

    Parameters
    ----------
    content_type
        Of the request, which names the boundary of the parts.
    chunks
        The body.
    folder
        An empty folder; each file comes into one of its own, under its own name as far as that is safe.

    Raises
    ------
    BadInput
        If it is no form, or has more files, fields or bytes than may be.

    """
    media_type, options = parse_options_header(content_type)
    boundary = options.get(b"boundary")
    if media_type != b"multipart/form-data" or not boundary:
        raise BadInput("", NO_FORM)
    form = _Form(folder)
    try:
        parser = MultipartParser(boundary, form.callbacks())
        async for chunk in chunks:
            await asyncio.to_thread(parser.write, chunk)
    except FormParserError:
        raise BadInput("", NO_FORM) from None
    finally:
        form.close()
    if not form.is_whole:
        raise BadInput("", "the form is not whole; send it again.")
    return form.received


def safe_name(given: str) -> str:
    r"""Return the last part of a file's name, without what could lead elsewhere or hide.

    Examples
    --------
    >>> safe_name("C:\\Users\\awa\\3W décembre.xlsx"), safe_name("../../etc/passwd"), safe_name("..")
    ('3W décembre.xlsx', 'passwd', 'fichier')

    """
    last = re.split(r"[/\\]", given)[-1]
    return re.sub(r"[^\w .()-]", "_", shown(last)).strip(". ").encode()[-100:].decode(errors="ignore") or "fichier"
