"""How much of a file is read: what is larger is refused before it costs memory."""

from __future__ import annotations

MAX_COLUMNS = 1_000
MAX_LINE = 4_000_000
"""Characters of a line of text, or of a row that goes on over lines; a longer one is no table."""
MAX_CELLS = 4_000_000
"""Cells of a sheet, the empty ones between filled ones included: the program that reads workbooks holds them all, which
takes 32 bytes each. The 3W workbook of Mali has 960,000."""
MAX_EXPANDED = 600_000_000
"""Bytes of a zip archive, or of a workbook in one, once it is expanded."""
MAX_RATIO = 200
"""How many times larger an entry may become; sheets of XML become 10 to 30 times larger."""
MAX_MEMBERS = 1_000
"""Entries of a zip archive."""
MAX_OLD_WORKBOOK = 30_000_000
"""Bytes of an XLS file, whose sheets are not counted before it is opened."""
WORKER_MEMORY = 1_200_000_000
"""Bytes of address space, and seconds of processor time, of a process that opens a workbook, a layer or a raster."""
WORKER_S = 300
MAX_LAYER = 400_000_000
"""Bytes of a Shapefile with what belongs to it, or of a GeoPackage."""
MAX_RASTER = 2_000_000_000
MAX_RASTER_CELLS = 200_000
"""Inhabited cells of a raster that are read one by one; finer ones are added up to hexagons."""
MAX_PACKAGE = 64_000_000
"""Bytes of a package of HSDS, whose tables are joined in memory."""
MAX_FEATURE = 64_000_000
"""Bytes of one GeoJSON feature. The outline of a country at full resolution has 5 to 20 million."""
SAMPLE_ROWS = 200
"""Rows that format, header and separators are recognised by, or as many as have:"""
SAMPLE_CHARACTERS = 4_000_000
