"""Places and people of rows, and rows that repeat others."""

from __future__ import annotations

from seeds.troubles.trouble import Trouble, Weight


class RowTrouble(Trouble):
    """Places and people of rows, and rows that repeat others."""

    NEEDS_YEAR = (
        "Nothing tells of which year these people are.",
        "Add a column year, or say it by --as-of.",
        Weight.FILE,
    )
    NEEDS_CHILDREN = (
        "Nothing tells how many of these people are children under 18.",
        "Add a column under_18, or say how many of 100 are by --children-of-100.",
        Weight.FILE,
    )
    MORE_CHILDREN = ("There are more children than people.", "Compare the two numbers.", Weight.ROW)
    CHILDREN_FROM_BANDS = (
        "Children under 18 are those of the age groups up to 14 and three fifths of those of 15 to 19.",
        "Add a column under_18 if their number is known.",
        Weight.NOTE,
    )
    CHILDREN_BY_SHARE = (
        "Children under 18 were taken as {share} of 100 people, as was said.",
        "Add a column under_18 if their number is known.",
        Weight.NOTE,
    )
    SUMMED = (
        "{many} areas got the sums of their parts, which all have a number.",
        "Load their own numbers if they are known.",
        Weight.NOTE,
    )
    NO_COORDINATES = ("The row has no place.", "Fill in latitude and longitude.", Weight.ROW)
    AT_ZERO = ("The place is 0, 0, in the sea.", "Fill in latitude and longitude.", Weight.ROW)
    NOT_ON_EARTH = (
        "The place is none on earth.",
        "Write the latitude from -90 to 90 and the longitude from -180 to 180; they may be exchanged.",
        Weight.ROW,
    )
    OUTSIDE = (
        "The place lies outside of the country.",
        "Correct it, or leave the row out.",
        Weight.ROW,
    )
    EXCHANGED = (
        "The place lies outside of the country; with latitude and longitude exchanged it lies in {area}.",
        "Exchange them.",
        Weight.ROW,
    )
    WITHOUT_SIGN = (
        "The place lies outside of the country; with the other sign of its {which} it lies in {area}.",
        "Write the sign.",
        Weight.ROW,
    )
    NEAR_BORDER = (
        "The place lies {km} km outside of every outline, as simplified outlines let places lie.",
        "It was taken as a place of the country; nothing to do if it is one.",
        Weight.NOTE,
    )
    ELSEWHERE = (
        "The place lies in {area}, {km} km from {stated}, which the row names.",
        "Compare the place with the name; the row's area was kept.",
        Weight.NOTE,
    )
    ON_A_GRID = (
        "The place has one decimal or none: it was rounded, and may be 6 km away or more.",
        "Take the place from a more exact source.",
        Weight.NOTE,
    )
    SAID_TWICE = (
        "Row {other} has the same code and says something else.",
        "Keep one of them.",
        Weight.ROW,
    )
    SAID_AGAIN = (
        "It says what row {other} says.",
        "It was taken once; nothing to do.",
        Weight.NOTE,
    )
    NEEDS_SCHEME = (
        "Nothing tells whose codes these are.",
        "Say it by --scheme, as a short name for the list that they come from.",
        Weight.FILE,
    )
    PEOPLE_IN_PART = (
        "{rows} rows give a number of people without the children under 18 or without the year; it was left out.",
        "To keep it, add columns under_18 and population_year, or say --children-of-100 and --as-of.",
        Weight.NOTE,
    )
    # Organisations.
    SPELT_OTHERWISE = (
        "{name} is also written {others}.",
        "They were taken for one organisation, under the spelling that most rows have.",
        Weight.NOTE,
    )
    SEVERAL_ACRONYMS = (
        "{name} has the acronyms {others}.",
        "The first was taken, which most rows have; compare.",
        Weight.NOTE,
    )
    ACRONYM_SHARED = (
        "{acronym} is the acronym of {others}.",
        "If they are one organisation, give it one name; they were kept apart.",
        Weight.NOTE,
    )
    SEVERAL_KINDS = (
        "{name} is of several kinds: {others}.",
        "The first was taken, which most rows have; compare.",
        Weight.NOTE,
    )
    ORGANIZATIONS_ADDED = (
        "{many} organisations were added that were not known yet.",
        "Nothing to do if they are not known under other names.",
        Weight.NOTE,
    )
    LEVEL_ABSENT = (
        "{rows} rows name smaller areas than {division} has here.",
        "They were taken at the smallest area that is known; load the smaller areas first to keep them.",
        Weight.NOTE,
    )
    ENDS_BEFORE = ("It ends before it begins.", "Compare the two dates.", Weight.ROW)
    # Services.
    NO_CATEGORY = (
        "Nothing tells what this service does.",
        "Fill in its category, or map a column to it: --map column=category.",
        Weight.ROW,
    )
    SHELTER = (
        "It is a shelter, or a place that its row calls confidential; shelters are a kind of their own.",
        "Load it by lakana import shelters, or record it by createShelter; these have all the rules.",
        Weight.ROW,
    )
    MAY_BE_PRIVATE = (
        "Column {column} does not say clearly what the place is or that it is public; so it counts as confidential.",
        "Write yes or no, or a category that is known here; if it is about something else: --map column=field or =-.",
        Weight.ROW,
    )
    NUMBER_NOT_PUBLIC = (
        "It holds a telephone number that may not stand in the directory.",
        "Give another, or leave the number out.",
        Weight.ROW,
    )
    GONE_SINCE = (
        "It was loaded before, and has been retired or is public no more. A list does not bring it back.",
        "Leave the row out; if it is to be listed again, record it by createService.",
        Weight.ROW,
    )
    CHANGED_SINCE = (
        "Somebody has changed it since it was loaded; it stays as it is.",
        "Change it by updateService if the row knows better.",
        Weight.NOTE,
    )
    ALREADY_THERE = (
        "A service of this name and category is there already, less than 100 m away.",
        "Leave the row out, or give it a name that tells them apart.",
        Weight.ROW,
    )
    TOO_MANY_AT_ONCE = (
        "{rows} rows are to be entered one by one, while others who write wait; at most {most} are entered at a time.",
        "Divide the file; what is known already is not counted.",
        Weight.FILE,
    )
    # Shelters.
    NO_OPERATOR = (
        "Nobody is known who runs this shelter, or several are called so.",
        "Give the name of an actor of the directory; one that the directory does not list is named by its id.",
        Weight.ROW,
    )
    NEEDS_CODE = (
        "The shelter is or may be confidential, and has no code by which it would be known again.",
        "Give each such row a code of its list that tells nothing of the place.",
        Weight.ROW,
    )
    SAID_BOTH_WAYS = (
        "Rows of this shelter differ in whether it is confidential; none of them was loaded.",
        "Keep the one that is right.",
        Weight.ROW,
    )
    PUBLIC_HERE = (
        "The shelter is public here, and its row does not say that it may be. A list does not hide it.",
        "If it is confidential, hide it at once by updateShelter; else write no under confidential.",
        Weight.ROW,
    )
    SHELTER_RULE = (
        "The rules of a shelter refuse what is under {field}; since it may be confidential, no more is told.",
        "Compare the row with the rules of createShelter. Which row it is, is told once the others are loaded.",
        Weight.ROW,
    )
    OPEN_SHELTER_RULE = (
        "The rules of a shelter refuse {field}: {reason}.",
        "Correct it.",
        Weight.ROW,
    )
    TAKEN_FOR_CONFIDENTIAL = (
        "{many} rows do not say whether the shelter is confidential; they are taken as confidential.",
        "If a place may be told, write no under confidential.",
        Weight.NOTE,
    )
    NEEDS_ZONES = (
        "There are no zones by which confidential shelters are shown.",
        "Make them first: lakana zones make.",
        Weight.FILE,
    )
    # Where people live.
    DEMAND_MADE = (
        "Demand points: {localities} localities, {cells} cells of a grid, {hexagons} hexagons with {people} people.",
        "Load localities with their people, or a grid, to know better where they live.",
        Weight.NOTE,
    )
    CELL_OUTSIDE = ("The cell lies in no nation that is loaded.", "It was left out; nothing to do.", Weight.NOTE)
    # Guidance, pathways and trainings.
    NOTE_IN_ONE_LANGUAGE = (
        "{rows} notes stand in one language alone and were left out.",
        "Give each note in French and in English.",
        Weight.NOTE,
    )
    NO_STAGE = (
        "A service of this category has no stage, and so no place in a pathway.",
        "Choose another category.",
        Weight.ROW,
    )
    NEEDS_REVIEW = (
        "Nothing tells when these steps were last compared with their texts.",
        "Add a column reviewed_on, or say it by --as-of.",
        Weight.FILE,
    )
    NEEDS_NATION = (
        "Nothing tells whose law this is: no country is loaded, or several.",
        "Load the areas of the country first, or name it, as in --nation NER.",
        Weight.FILE,
    )
    NO_SUCH_TEXT = ("No text of guidance has the key {key}.", "Load it first: lakana import guidance.", Weight.ROW)
    TOO_MANY_STEPS = ("The stage has more than 20 steps.", "Put some together.", Weight.ROW)
    NO_SUCH_BODY = (
        "Nobody in the directory is called {name}, or several are.",
        "Correct the name, or give the id of the body, which it has once it is recorded.",
        Weight.ROW,
    )
    TRAINING_RULE = ("The rules of a training refuse {field}: {reason}.", "Change it in the row.", Weight.ROW)
