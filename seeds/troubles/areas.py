"""Areas that rows name, editions of areas, and their outlines."""

from __future__ import annotations

from seeds.troubles.trouble import Trouble, Weight


class AreaTrouble(Trouble):
    """Areas that rows name, editions of areas, and their outlines."""

    NO_DIVISION = (
        "No areas are at hand of the division that is meant; there are {divisions}.",
        "Import its areas first, or name another by --scheme and --edition.",
        Weight.FILE,
    )
    SEVERAL_DIVISIONS = (
        "Several divisions may be meant: {divisions}.",
        "Name one by --edition SCHEME@EDITION.",
        Weight.FILE,
    )
    NO_SUCH_CODE = (
        "No area of level {level} in {division} has the code {code}.",
        "Correct it, name the edition that the codes are of, or let names count alone by --by-name.",
        Weight.ROW,
    )
    CODE_AND_NAME = (
        "In {division} the code {code} is that of {theirs}, and the row says {name}.",
        "Name the edition that the codes are of, or let names count alone by --by-name.",
        Weight.ROW,
    )
    AREAS_APART = (
        "In {division} {inner} does not lie in {outer}.",
        "Correct one of them, or name the edition that they are of.",
        Weight.ROW,
    )
    NO_SUCH_AREA = (
        "No area in {division} is called {name}, there where the row has it, and none is alike.",
        "Correct it, or say which is meant: --spelling NAME=CODE.",
        Weight.ROW,
    )
    AREA_ELSEWHERE = (
        "In {division} {name} is not there where the row has it, but elsewhere or of another level: {which}.",
        "Correct the area above; or, if it is what that became, say so: --spelling NAME=CODE.",
        Weight.ROW,
    )
    AREA_NOT_SURE = (
        "No area is called {name}, there where the row has it; likely are {likely}.",
        "Say which is meant: --spelling NAME=CODE.",
        Weight.ROW,
    )
    SEVERAL_AREAS = (
        "Several areas are called {name}: {which}.",
        "Give the code, or the area above.",
        Weight.ROW,
    )
    CODES_UNKNOWN = (
        "{many} of {all} codes without a name beside them are not in {division}, so the others may mean other areas.",
        "If they are of another edition, load its areas and name it: --edition SCHEME@EDITION.",
        Weight.NOTE,
    )
    CODES_OF_SEVERAL = (
        "{many} of {all} codes without a name beside them mean other areas in {other}; they were read in {division}.",
        "Name the edition that they are of: --edition SCHEME@EDITION.",
        Weight.NOTE,
    )
    NO_AREA_GIVEN = (
        "The row names no area.",
        "Fill in a code or a name.",
        Weight.ROW,
    )

    NO_AREA_OF_LEVEL = (
        "The row names an area of a level that the division does not have here.",
        "Load the areas of that level first, or name another edition by --edition.",
        Weight.ROW,
    )
    NO_AREA_OF_CODE = (
        "No area at hand has the code {code}.",
        "Write it as SCHEME@EDITION:CODE, or load its areas first.",
        Weight.ROW,
    )
    OF_ONE_DIVISION = (
        "{inner} and {outer} are of one division, in which every area names the one above.",
        "Leave the row out.",
        Weight.ROW,
    )
    IN_A_CIRCLE = (
        "{outer} lies whole in {inner} already, so that each would hold the other.",
        "Leave one of the two out.",
        Weight.ROW,
    )
    NEEDS_EDITION = (
        "Nothing tells of which list and edition these areas are.",
        "Say it by --scheme and --edition, such as COD-AB and 2018.",
        Weight.FILE,
    )
    NEEDS_NATION = (
        "Nothing tells which nation these areas are of.",
        "Say it by --nation CODE=NAME.",
        Weight.FILE,
    )
    EDITIONS_AT_ONCE = (
        "{edition} is in force at the same time and has the same codes.",
        "Say from when this edition is in force by --valid-from, or until when by --valid-to.",
        Weight.FILE,
    )
    NATION_FROM_CODES = (
        "No column tells the nation; by the codes of its areas it is {code}.",
        "Say it by --nation CODE=NAME if it is another, or to give its name.",
        Weight.NOTE,
    )
    NO_AREA_CODE = ("The row has no code of an area.", "Fill it in.", Weight.ROW)
    NO_AREA_NAME = ("The row has no name of its area.", "Fill it in.", Weight.ROW)
    NO_OUTLINE = ("The feature is a {kind} and no outline.", "Draw a polygon.", Weight.ROW)
    OUTLINE_CROSSED = (
        "The lines of the outline cross ({reason}), and mending them would change its area by {percent} %.",
        "Draw it anew.",
        Weight.ROW,
    )
    OUTLINE_MENDED = (
        "The lines of the outline crossed ({reason}).",
        "It was mended, and its area is the same to 1 %; nothing to do.",
        Weight.NOTE,
    )
    PARENT_BY_OUTLINE = (
        "The row names no area above; by its outline it lies in {parent} ({percent} %).",
        "Nothing to do if that is right.",
        Weight.NOTE,
    )
    PARENT_IS_NATION = (
        "The row names no area above, and no outline holds it; it hangs beneath the nation.",
        "Load the areas of the level above first, or give their codes.",
        Weight.NOTE,
    )
    NO_PARENT = (
        "The area above, {parent}, is neither in the file nor at hand.",
        "Load it first, or add its row.",
        Weight.ROW,
    )
    OVERLAP = (
        "{one} and {other} overlap by {km2} km², {percent} % of the smaller.",
        "Compare their outlines; both were kept.",
        Weight.NOTE,
    )
    OUTSIDE_PARENT = (
        "{percent} % of {area} lies outside of {parent}.",
        "Compare their outlines; both were kept.",
        Weight.NOTE,
    )
    GAP = (
        "{percent} % of {area} ({km2} km²) lies in none of its parts.",
        "Look for a part that is missing; what lies there belongs to {area} alone.",
        Weight.NOTE,
    )
    EDITION_CLOSED = (
        "{edition} was in force without an end; it ends now on {day}.",
        "Nothing to do if this edition replaces it.",
        Weight.NOTE,
    )
    DAYS_CHANGED = (
        "{many} areas that were at hand had no day or other days from when or until when they are in force.",
        "They have those of this import; nothing to do if they are right.",
        Weight.NOTE,
    )
    NAMES_DIFFER = (
        "The code {code} is called {name} here and {other} in another row.",
        "Give the area one name.",
        Weight.ROW,
    )
