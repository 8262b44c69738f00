"""The descriptions of arguments that recur."""

from __future__ import annotations

LISTED_AREA = "The area; lists what is known to lie inside, and all that is around it counts all the same."
BOX = "Only what lies in this box."
NAME_OR_PLACE = (
    "A part of the name, or any spelling of the whole name of the locality where it stands (of its area, where no "
    "locality is told), 1 to 200 characters, case and accents ignored."
)
CATEGORY, KIND = "Only this category.", "Only this kind."
NEED = "What must be within reach."
WITHIN_REACH = "The category that should be within reach."
CHILD = "Where the child is. Never logged."
WITHIN = "What is within reach: a distance, or a time of travel."
ONE_TYPE = "One type; all types together where it is left out."
FIRST_ROWS = "Size of the page, 1 to 50."
AFTER = "The cursor after which the page begins."
KNOWN_ID = "An id that an earlier answer gave."
