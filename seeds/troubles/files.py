"""A file, or a table of it, that cannot be read or shows something odd."""

from __future__ import annotations

from seeds.troubles.trouble import Trouble, Weight


class FileTrouble(Trouble):
    """A file, or a table of it, that cannot be read or shows something odd."""

    UNKNOWN_FORMAT = (
        "This is no file that can be read here.",
        "Save it as CSV, XLSX, ODS or GeoJSON, or put CSV files in a zip archive.",
        Weight.FILE,
    )
    NO_FILE = ("This is a folder, a pipe or a device, and no file.", "Save what it gives in a file.", Weight.FILE)
    NO_DELIMITER = (
        "“{delimiter}” cannot stand between cells.",
        "Give one sign, such as a semicolon; leave it out to have it recognised.",
        Weight.FILE,
    )
    EMPTY_FILE = ("The file holds nothing.", "Choose another file.", Weight.FILE)
    WRONG_ENCODING = (
        "The file is not written in {encoding}: byte {byte} is not of it.",
        "Save it as UTF-8, or say which encoding it has.",
        Weight.FILE,
    )
    UNKNOWN_ENCODING = (
        "How the letters of the file are written cannot be recognised.",
        "Save it as UTF-8, or say which encoding it has.",
        Weight.FILE,
    )
    LINE_TOO_LONG = (
        "Line {line} has more than {most} characters.",
        "Look for a quotation mark that is never closed, or save the table anew.",
        Weight.FILE,
    )
    CELL_TOO_LONG = (
        "A cell near row {row} is too long, as where a quotation mark is never closed.",
        "Close or remove the quotation mark.",
        Weight.FILE,
    )
    TOO_MANY_COLUMNS = (
        "The table has more than {most} columns.",
        "Keep the columns that are needed.",
        Weight.FILE,
    )
    NO_HEADER = (
        "No row of column names was found among the first {rows} rows.",
        "Give the table a row of names, or say which row it is.",
        Weight.FILE,
    )
    NO_MEND = (
        "A mend does not say which rows it is for: {where}.",
        "Write a field and what the rows have in it: code=ML0401.",
        Weight.FILE,
    )
    MENDED = (
        "Cells of {many} rows were read as the table of mends says.",
        "Nothing to do.",
        Weight.NOTE,
    )
    MEND_UNUSED = (
        "No row has {where}, for which there is a mend.",
        "Take it out of the table of mends if the file no longer needs it.",
        Weight.NOTE,
    )
    NO_SHEET = (
        "There is no sheet {sheet}; there are {sheets}.",
        "Name one of them.",
        Weight.FILE,
    )
    NO_SUCH_ROW = ("The file has no row {row} with column names.", "Give the number of another row.", Weight.FILE)
    TOO_MANY_CELLS = (
        "The sheet {sheet} spans {cells} cells, more than {most}.",
        "Delete what stands far below or beside the table, or save the sheet as CSV, which has no limit.",
        Weight.FILE,
    )
    TOO_LARGE_EXPANDED = (
        "Once expanded the file would be larger than {most} bytes, or {ratio} times what it is.",
        "Save the sheet that is needed as CSV.",
        Weight.FILE,
    )
    TOO_LARGE = ("The file is larger than {most} bytes.", "Save it in a newer format, or as CSV.", Weight.FILE)
    ENTITIES = (
        "The workbook declares entities of XML, which no spreadsheet program does.",
        "Open it in a spreadsheet program and save it anew.",
        Weight.FILE,
    )
    BROKEN_WORKBOOK = (
        "The workbook cannot be opened: {reason}.",
        "Open it in a spreadsheet program and save it anew.",
        Weight.FILE,
    )
    LOCKED = ("The file is protected by a password.", "Save it without one.", Weight.FILE)
    BROKEN_ARCHIVE = ("The zip archive is damaged.", "Fetch or make it again.", Weight.FILE)
    TOO_MANY_MENDS = (
        "There are more than {most} mends.",
        "Correct the file itself, where so much of it is to be read otherwise.",
        Weight.FILE,
    )
    TOO_MANY_MEMBERS = ("The zip archive has more than {most} entries.", "Keep those that are needed.", Weight.FILE)
    BROKEN_JSON = (
        "The file is no GeoJSON: {reason}, near byte {byte}.",
        "Export the layer as a GeoJSON FeatureCollection.",
        Weight.FILE,
    )
    FEATURE_TOO_LARGE = (
        "A feature has more than {most} bytes.",
        "Simplify its outline.",
        Weight.FILE,
    )
    OTHER_COORDINATES = (
        "The file's places are in the coordinate system {system}.",
        "Export it in EPSG:4326, degrees with longitude first.",
        Weight.FILE,
    )
    BAD_TAG = (
        "The HXL tag is not written as tags are.",
        "Write it as #word+attribute; the column is recognised by its name meanwhile.",
        Weight.NOTE,
    )
    ROW_TOO_LONG = (
        "The row has more cells than the table has columns.",
        "Put texts that hold the separator in quotation marks.",
        Weight.ROW,
    )
    NESTED_TOO_DEEP = (
        "The outline says {said} and is nested as a {nested}.",
        "It was read as it is nested; nothing to do.",
        Weight.NOTE,
    )
    NO_GEOMETRY = ("The feature's geometry cannot be read: {reason}.", "Draw it anew.", Weight.ROW)
    MAPPING_TAKEN = (
        "The columns are those of the mapping {name}, which was taken.",
        "Nothing to do; --map column=field says otherwise.",
        Weight.NOTE,
    )
    SECRET_LEFT_OUT = (
        "The mapping {name} leaves out {columns}, which may say what is secret: rows are public whatever stands there.",
        "Make sure that no row of this list is secret; --map column=confidential or =public has each row asked.",
        Weight.NOTE,
    )
    SAID_SECRET = (
        "The name of the file or the sheet, or a title, says that it is to be kept secret. Nothing was read.",
        "Say which column tells the secret rows: --map column=confidential or =public. If none is, take the words out.",
        Weight.FILE,
    )
    TOO_FINE = (
        "The grid has {cells} cells with people, more than {most}.",
        "Add them up to larger cells, of 1 or 5 km.",
        Weight.FILE,
    )
    BROKEN_LAYER = (
        "The layer cannot be opened: {reason}.",
        "Export it anew, as GeoPackage or GeoJSON in EPSG:4326.",
        Weight.FILE,
    )
    BROKEN_RASTER = (
        "The raster cannot be opened: {reason}.",
        "Export it anew as GeoTIFF, with one band of people by cell.",
        Weight.FILE,
    )
    INCOMPLETE_SHAPEFILE = (
        "Of the Shapefile {missing} is missing.",
        "Put its .shp, .shx and .dbf files, and .prj where there is one, in one folder or zip archive.",
        Weight.FILE,
    )
    NEEDS_LIBRARIES = (
        "Libraries are not installed that read this file.",
        "Install the extra {extra} of this program.",
        Weight.FILE,
    )
